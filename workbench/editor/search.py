"""Finding layers by what people call them."""

from __future__ import annotations

from nncore.layers import Layer

_FAMILY_WORDS = {
    "convolution": "conv cnn filter kernel image",
    "pooling": "pool downsample subsample",
    "recurrent": "rnn sequence time series memory text",
    "regularisation": "regularization overfitting",
    "normalisation": "normalization norm bn scale",
    "shape": "dimension size resize",
    "augmentation": "random image picture overfitting regularisation regularization",
    "text": "words tokens nlp",
}
_LAYER_WORDS = {
    "Dense": "fully connected fc linear mlp neurons perceptron",
    "Activation": "relu sigmoid tanh softmax nonlinearity function",
    "LeakyReLU": "leaky relu activation",
    "ELU": "activation exponential relu",
    "PReLU": "activation parametric relu",
    "Softmax": "activation probabilities classes",
    "Embedding": "words tokens text vector vocabulary word2vec",
    "Conv1D": "sequence signal time",
    "Conv2D": "picture convolution",
    "DepthwiseConv2D": "separable mobilenet",
    "Conv2DTranspose": "deconvolution deconv upsampling decoder",
    "MaxPooling1D": "max pool",
    "MaxPooling2D": "max pool image",
    "AveragePooling1D": "avg mean pool",
    "AveragePooling2D": "avg mean pool image",
    "GlobalMaxPooling1D": "gmp",
    "GlobalMaxPooling2D": "gmp image",
    "GlobalAveragePooling1D": "avg mean gap",
    "GlobalAveragePooling2D": "avg mean gap image",
    "SimpleRNN": "elman vanilla recurrent",
    "LSTM": "long short-term memory gates",
    "GRU": "gated recurrent unit gates",
    "Bidirectional": "bilstm birnn wrapper both directions backwards",
    "TimeDistributed": "wrapper each step",
    "Dropout": "drop",
    "GaussianNoise": "random jitter",
    "RandomFlip": "mirror augmentation",
    "RandomTranslation": "shift move augmentation",
    "RandomRotation": "turn augmentation",
    "RandomZoom": "scale augmentation",
    "BatchNormalization": "batchnorm bn",
    "LayerNormalization": "layernorm ln",
    "Flatten": "vector unroll",
    "Reshape": "view",
    "RepeatVector": "copy decoder",
    "UpSampling2D": "upsample enlarge resize decoder image",
    "ZeroPadding2D": "pad border margin image",
}


def matches(layer: type[Layer], text: str) -> int:
    """Return how well a layer answers a search; 0 when it does not.

    4 if its name begins with it, 3 if the name holds it, 2 by its family or another name, 1 by its help.
    """
    wanted = text.lower().replace("-", " ").split()
    name = layer.type_name.lower()
    if all(word in name for word in wanted):
        return 4 if name.startswith(tuple(wanted[:1])) else 3
    known = f"{name} {layer.family} {_FAMILY_WORDS.get(layer.family, '')} {_LAYER_WORDS.get(layer.type_name, '')}"
    if all(_begins(word, known) or word in name for word in wanted):
        return 2
    explained = f"{known} {layer.help().lower()}"
    return 1 if all(_begins(word, explained) or word in name for word in wanted) else 0


def found(layers: list[type[Layer]], text: str) -> dict[str, int]:
    """Return how well each layer that answers a search does; the help counts only where no name does."""
    answers = {layer.type_name: matches(layer, text) for layer in layers}
    least = 2 if any(score > 1 for score in answers.values()) else 1
    return {name: score for name, score in answers.items() if score >= least}


def _begins(wanted: str, text: str) -> bool:
    """Whether a word of the text begins as wanted."""
    return any(word.startswith(wanted) for word in text.replace("-", " ").split())
