"""Networks that do not fit, as a learner may build them, with what must be said and offered about each."""

from __future__ import annotations

from dataclasses import dataclass

from nncore.datasets import TrainingData, load_training_data
from nncore.layers import (
    GRU,
    LSTM,
    BatchNormalization,
    Bidirectional,
    Conv1D,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    Layer,
    LayerNormalization,
    MaxPooling1D,
    MaxPooling2D,
    RandomFlip,
    RepeatVector,
    Reshape,
    SimpleRNN,
    Softmax,
    SpatialDropout2D,
    TimeDistributed,
    UpSampling2D,
)
from nncore.losses import Loss
from nncore.metrics import default_metric
from nncore.network import Network
from nncore.project import DataSettings, Project, TrainingSettings

SPARSE, BINARY, MSE = "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error"


@dataclass(frozen=True)
class Mistake:
    """One network for one data set.

    Attributes:
        name: what is wrong.
        source, task: the data; ``shape`` is that of the samples unless the network wants an axis more.
        row: the row that must have the problem; -1 for the loss.
        sentence, remedy: what must be said.
        mends: the labels that must be offered, all of them and in this order.
        script: the sentence for arrays in a script, where it must be another; None where arrays cannot be wrong so.
    """

    name: str
    source: str
    layers: tuple[Layer, ...]
    row: int
    sentence: str
    remedy: str
    mends: tuple[str, ...] = ()
    loss: str = SPARSE
    task: str = "auto"
    shape: tuple[int, ...] = ()
    script: str | None = ""

    def data(self) -> TrainingData:
        return load_training_data(self.source, validation_split=0.2, task=self.task)

    def network(self) -> Network:
        return Network(self.shape or self.data().data.input_shape, self.layers)

    def project(self) -> Project:
        loss = Loss.registry.get(self.loss)()
        training = TrainingSettings(
            loss=loss, metric=default_metric(loss, self.data().target), epochs=1, validation_split=0.2
        )
        return Project("mistake", self.network(), DataSettings(source=self.source, task=self.task), training)


def classes(count: int, activation: str = "softmax") -> Dense:
    return Dense(count, activation)


PICTURE = (8, 8, 1)
PICTURES = "height × width × channels"
STEPS = "sequences of shape time × features"
ON_LSTM = "Switch return_sequences on in layer 1 (LSTM)."


def needs_sequence(layer: Layer) -> Mistake:
    name = layer.type_name
    return Mistake(
        f"{name} on rows of a table",
        "iris",
        (layer, classes(3)),
        0,
        f"{name} reads {STEPS}, but gets 4.",
        "Insert Reshape to 4 × 1 above it; token numbers need Embedding as the first layer.",
        ("Insert Embedding above", "Insert Reshape to 4 × 1 above"),
    )


def needs_steps_of_pictures(layer: Layer) -> Mistake:
    return Mistake(
        f"{layer.type_name} on pictures",
        "digits",
        (layer, classes(10)),
        0,
        f"{layer.type_name} reads {STEPS}, but gets 8 × 8 × 1.",
        "Reshape the pictures to 8 × 8 above it: each row is a step.",
        ("Insert Reshape to 8 × 8 above",),
        shape=PICTURE,
    )


MISTAKES = [
    Mistake(
        "a kernel larger than its input",
        "digits",
        (Conv2D(4, 9), Flatten(), classes(10)),
        0,
        "Conv2D: a kernel of 9 × 9 does not fit into an input of 8 × 8.",
        'Choose a smaller kernel, or the padding "same".',
        ("Use padding same", "Use kernel size 3"),
        shape=PICTURE,
    ),
    Mistake(
        "a kernel that is too large after pooling",
        "digits",
        (Conv2D(4, 3), MaxPooling2D(4), Conv2D(4, (2, 1)), Flatten(), classes(10)),
        2,
        "Conv2D: a kernel of 2 × 1 does not fit into an input of 1 × 1.",
        'Choose a smaller kernel, or the padding "same".',
        ("Use padding same", "Use kernel size 1"),
        shape=PICTURE,
    ),
    Mistake(
        "a kernel that its dilation makes too large",
        "digits",
        (Conv2D(4, 5, dilation_rate=2), Flatten(), classes(10)),
        0,
        "Conv2D: a kernel of 5 × 5, which spreads over 9 × 9 with its dilation, does not fit into an input of 8 × 8.",
        'Choose a smaller kernel, or the padding "same".',
        ("Use padding same", "Use dilation rate 1", "Use kernel size 3"),
        shape=PICTURE,
    ),
    Mistake(
        "a kernel longer than its sequence",
        "airline-passengers",
        (Conv1D(4, 30), Flatten(), Dense(1)),
        0,
        "Conv1D: a kernel of 30 does not fit into an input of 12.",
        'Choose a smaller kernel, or the padding "same".',
        ("Use padding same", "Use kernel size 3"),
        MSE,
    ),
    Mistake(
        "a pool larger than its input",
        "digits",
        (MaxPooling2D(9), Flatten(), classes(10)),
        0,
        "MaxPooling2D: a pool of 9 × 9 does not fit into an input of 8 × 8.",
        'Choose a smaller pool, or the padding "same".',
        ("Use padding same", "Use pool size 2"),
        shape=PICTURE,
    ),
    Mistake(
        "a pool longer than its sequence",
        "airline-passengers",
        (MaxPooling1D(13), Flatten(), Dense(1)),
        0,
        "MaxPooling1D: a pool of 13 does not fit into an input of 12.",
        'Choose a smaller pool, or the padding "same".',
        ("Use padding same", "Use pool size 2"),
        MSE,
    ),
    Mistake(
        "Conv2D on pictures without an axis for channels",
        "digits",
        (Conv2D(4, 3), Flatten(), classes(10)),
        0,
        f"Conv2D needs pictures: {PICTURES}, but gets 8 × 8.",
        "Insert Reshape to 8 × 8 × 1 above it; for sequences, use Conv1D.",
        ("Insert Reshape to 8 × 8 × 1 above",),
    ),
    Mistake(
        "Conv2D behind Flatten",
        "digits",
        (Flatten(), Conv2D(4, 3), Flatten(), classes(10)),
        1,
        f"Conv2D needs pictures: {PICTURES}, but gets 64.",
        "Remove it, put it above a Flatten, or insert Reshape to 8 × 8 × 1 above it.",
        ("Remove Flatten above", "Insert Reshape to 8 × 8 × 1 above"),
        shape=PICTURE,
    ),
    Mistake(
        "UpSampling2D on rows of a table",
        "iris",
        (UpSampling2D(2), Flatten(), classes(3)),
        0,
        f"UpSampling2D needs pictures: {PICTURES}, but gets 4.",
        "Remove it, put it above a Flatten, or insert Reshape to 2 × 2 × 1 above it.",
        ("Remove UpSampling2D", "Insert Reshape to 2 × 2 × 1 above"),
    ),
    Mistake(
        "Conv1D on pictures",
        "digits",
        (Conv1D(4, 3), Flatten(), classes(10)),
        0,
        "Conv1D needs sequences: time steps × features, but gets 8 × 8 × 1.",
        "Use Conv2D for pictures, or insert Reshape to 8 × 8 above it.",
        ("Insert Reshape to 8 × 8 above",),
        shape=PICTURE,
    ),
    Mistake(
        "GlobalAveragePooling1D on pictures",
        "digits",
        (GlobalAveragePooling1D(), classes(10)),
        0,
        "GlobalAveragePooling1D needs sequences: time steps × features, but gets 8 × 8 × 1.",
        "Use GlobalAveragePooling2D for pictures, or insert Reshape to 8 × 8 above it.",
        ("Insert Reshape to 8 × 8 above",),
        shape=PICTURE,
    ),
    Mistake(
        "GlobalAveragePooling2D on a text",
        "reviews",
        (Embedding(500, 4), GlobalAveragePooling2D(), classes(2)),
        1,
        f"GlobalAveragePooling2D needs pictures: {PICTURES}, but gets 16 × 4.",
        "Insert Reshape to 16 × 4 × 1 above it; for sequences, use GlobalAveragePooling1D.",
        ("Insert Reshape to 16 × 4 × 1 above",),
    ),
    Mistake(
        "augmentation of a table",
        "iris",
        (RandomFlip(), classes(3)),
        0,
        "RandomFlip needs pictures: height × width, perhaps × channels, but gets 4.",
        "Put it in front of the layer that changes the shape, such as Flatten.",
        ("Remove RandomFlip", "Insert Reshape to 2 × 2 × 1 above"),
    ),
    Mistake(
        "SpatialDropout2D without channels",
        "digits",
        (SpatialDropout2D(0.2), Flatten(), classes(10)),
        0,
        "SpatialDropout2D needs feature maps (height, width, channels), but gets 8 × 8.",
        "Use Dropout here, or put this layer behind a Conv2D.",
        ("Insert Reshape to 8 × 8 × 1 above",),
    ),
    *map(needs_steps_of_pictures, (LSTM(4), GRU(4), SimpleRNN(4), Bidirectional(LSTM(4)))),
    *map(needs_sequence, (LSTM(4), GRU(4), SimpleRNN(4), Bidirectional(GRU(4)))),
    Mistake(
        "two recurrent layers with one vector between them",
        "airline-passengers",
        (LSTM(4), LSTM(3), Dense(1)),
        1,
        f"LSTM reads {STEPS}, but gets 4.",
        ON_LSTM,
        ("Switch return sequences on in layer 1 (LSTM)", "Insert Reshape to 4 × 1 above"),
        MSE,
    ),
    Mistake(
        "the same with Dropout between them, in both directions",
        "airline-passengers",
        (Bidirectional(GRU(4)), Dropout(0.1), LSTM(3), Dense(1)),
        2,
        f"LSTM reads {STEPS}, but gets 8.",
        "Switch return_sequences on in layer 1 (Bidirectional).",
        ("Switch return sequences on in layer 1 (Bidirectional)", "Insert Reshape to 8 × 1 above"),
        MSE,
    ),
    Mistake(
        "TimeDistributed on one row of numbers",
        "airline-passengers",
        (LSTM(4), TimeDistributed(Dense(2)), Flatten(), Dense(1)),
        1,
        "TimeDistributed reads sequences of shape time × ..., but gets 4.",
        ON_LSTM,
        ("Switch return sequences on in layer 1 (LSTM)", "Insert Reshape to 4 × 1 above"),
        MSE,
    ),
    Mistake(
        "RepeatVector on a sequence",
        "airline-passengers",
        (LSTM(4, return_sequences=True), RepeatVector(3), LSTM(3), Dense(1)),
        1,
        "RepeatVector repeats one row of numbers, but gets 12 × 4.",
        "Switch return_sequences off in layer 1 (LSTM).",
        ("Switch return sequences off in layer 1 (LSTM)", "Insert Flatten above"),
        MSE,
    ),
    Mistake(
        "Embedding behind a layer that computes",
        "reviews",
        (Dense(16), Embedding(500, 4), LSTM(3), classes(2)),
        1,
        "Embedding reads the token numbers of the samples, but layer 1 (Dense) stands above it and changes them.",
        "Move it to the top of the network, or take it out.",
        ("Move Embedding to the top",),
    ),
    Mistake(
        "Embedding behind Dropout",
        "reviews",
        (Dropout(0.2), Embedding(500, 4), GlobalAveragePooling1D(), classes(2)),
        1,
        "Embedding reads the token numbers of the samples, but layer 1 (Dropout) stands above it and changes them.",
        "Move it to the top of the network, or take it out.",
        ("Move Embedding to the top",),
    ),
    Mistake(
        "two embeddings",
        "reviews",
        (Embedding(500, 4), Embedding(500, 4), Flatten(), classes(2)),
        1,
        "Embedding reads the token numbers of the samples, but layer 1 (Embedding) stands above it and changes them.",
        "Move it to the top of the network, or take it out.",
        ("Remove Embedding",),
    ),
    Mistake(
        "a shape that the numbers do not fill",
        "digits",
        (Reshape((8, 7)), Flatten(), classes(10)),
        0,
        "Reshape cannot put the 64 numbers of a sample into the shape (8, 7), which has room for 56.",
        "Set target_shape to (8, 8), for example.",
        ("Set target shape to 8 × 8",),
    ),
    Mistake(
        "a bias that cannot be orthogonal",
        "iris",
        (Dense(4, bias_initializer="orthogonal"), classes(3)),
        0,
        "The bias of Dense cannot start like this: orthogonal needs a weight array with at least two axes, but this "
        "one has 1.",
        "Choose another initializer, such as zeros.",
        ("Use zeros as bias initializer",),
    ),
    Mistake(
        "a scale that cannot be a matrix",
        "iris",
        (BatchNormalization(gamma_initializer="identity"), classes(3)),
        0,
        "The gamma of BatchNormalization cannot start like this: identity needs a matrix, but this weight array has 1 "
        "axes.",
        "Choose another initializer, such as glorot_uniform.",
        ("Use ones as gamma initializer",),
    ),
    Mistake(
        "an axis that is not the last one",
        "digits",
        (LayerNormalization(axis=1), Flatten(), classes(10)),
        0,
        "LayerNormalization works along the last axis only, but its axis is 1.",
        "Set axis to -1.",
        ("Insert Flatten above",),
    ),
    Mistake(
        "no Flatten before Dense",
        "digits",
        (Dense(16, "relu"), classes(10)),
        0,
        "Dense would work on each of the 8 places separately, and 10 classes need one row of numbers per sample.",
        "Insert Flatten above it.",
        ("Insert Flatten above",),
        script="needs one class number at each of 8 steps of a sample, but the targets have the shape",
    ),
    Mistake(
        "an answer at each step where one is asked for",
        "airline-passengers",
        (LSTM(4, return_sequences=True), Dense(1)),
        1,
        "Dense would work on each of the 12 places separately, and the targets need one row of numbers per sample.",
        "Switch return_sequences off in layer 1 (LSTM), or insert Flatten above it.",
        ("Switch return sequences off in layer 1 (LSTM)", "Insert Flatten above"),
        MSE,
    ),
    Mistake(
        "one answer where one at each step is asked for",
        "echo",
        (SimpleRNN(4), Dense(1, "sigmoid")),
        -1,
        "The output has 1 number, but 2 classes at each of 20 places need 20 × 2.",
        "Switch return_sequences on in layer 1 (SimpleRNN).",
        ("Switch return sequences on in layer 1 (SimpleRNN)",),
        BINARY,
        script="The output has 1 number, but each target has 20 numbers.",
    ),
    Mistake(
        "a text generator that puts out one character",
        "stories",
        (Embedding(200, 4), GRU(4), classes(200)),
        -1,
        "The output has 200 numbers, but ",
        "Switch return_sequences on in layer 2 (GRU).",
        ("Switch return sequences on and set units to 53",),
        script="needs one class number for each sample, but the targets have the shape",
    ),
    Mistake(
        "too many units",
        "iris",
        (Dense(8, "relu"), classes(7)),
        -1,
        "The output has 7 numbers, but 3 classes need 3 numbers.",
        "Let the network end in a Dense with 3 units.",
        ("Set units to 3",),
        script=None,
    ),
    Mistake(
        "too few units and another activation",
        "iris",
        (Dense(8, "relu"), Dense(1)),
        -1,
        "The output has 1 number, but 3 classes need 3 numbers.",
        "Let the network end in a Dense with 3 units.",
        ("Set units to 3 with softmax",),
        script=None,
    ),
    Mistake(
        "no layer at the end that makes the answers",
        "echo",
        (GRU(4, return_sequences=True),),
        -1,
        "The output has 20 × 4, but 2 classes at each of 20 places need 20 × 2.",
        "Give the last layer 2 instead of 4 units or filters.",
        ("Append Dense with 2 units",),
        script=None,
    ),
    Mistake(
        "softmax of a single number",
        "xor",
        (Dense(4, "tanh"), Dense(1), Softmax()),
        -1,
        "The output is a single number, and softmax of a single number is always 1.",
        "Use sigmoid in the last layer.",
        ("Set units to 2",),
        BINARY,
    ),
    Mistake(
        "softmax of a single unit",
        "xor",
        (Dense(4, "tanh"), Dense(1, "softmax")),
        -1,
        "The output is a single number, and softmax of a single number is always 1.",
        "Use sigmoid in the last layer.",
        ("Use sigmoid", "Set units to 2"),
        BINARY,
    ),
    Mistake(
        "relu where probabilities are needed",
        "iris",
        (Dense(3, "relu"),),
        -1,
        "The loss needs probabilities between 0 and 1, but the last activation is relu.",
        "Use softmax in the last layer.",
        ("Use softmax",),
    ),
    Mistake(
        "a divergence of numbers that are no shares",
        "iris",
        (Dense(3), Dropout(0.1)),
        -1,
        "The loss needs probabilities between 0 and 1, but the last activation is linear.",
        "Use softmax in the last layer.",
        ("Use softmax",),
        "kl_divergence",
        script="The output has 3 numbers, but each target has 1 number.",
    ),
    Mistake(
        "hinge for three classes",
        "iris",
        (Dense(3),),
        -1,
        "The loss hinge needs two classes and one output, but there are 3 classes and 3 outputs.",
        "Use another loss.",
        (),
        "hinge",
        script="The output has 3 numbers, but each target has 1 number.",
    ),
    Mistake(
        "hinge behind a sigmoid",
        "xor",
        (Dense(4, "tanh"), Dense(1, "sigmoid")),
        -1,
        "The loss hinge needs outputs on both sides of 0, but the last activation is sigmoid.",
        "Use linear in the last layer, or tanh.",
        ("Use linear", "Use binary crossentropy"),
        "hinge",
    ),
    Mistake(
        "a forecast with a loss for classes",
        "airline-passengers",
        (LSTM(4), Dense(1)),
        -1,
        "The loss sparse_categorical_crossentropy needs classes, but the targets of these data are numbers.",
        "Use mean_squared_error; or, if they are classes, save them as words or whole numbers.",
        ("Use mean squared error",),
        script="Classes are whole numbers, but sample 1 has the class ",
    ),
    Mistake(
        "a forecast with a loss for two classes",
        "airline-passengers",
        (LSTM(4), Dense(1, "sigmoid")),
        -1,
        "The loss binary_crossentropy needs two classes, or numbers from 0 to 1, but the targets are other numbers.",
        "Use mean_squared_error, or other targets.",
        ("Use mean squared error",),
        BINARY,
    ),
    Mistake(
        "a reconstruction in one row",
        "digits",
        (Flatten(), Dense(8, "relu"), Dense(64, "sigmoid")),
        -1,
        "The output has 64 numbers, but each target has 8 × 8.",
        "Append Reshape to 8 × 8.",
        ("Append Reshape to 8 × 8",),
        BINARY,
        "reconstruction",
    ),
    Mistake(
        "a reconstruction of another size",
        "digits",
        (Flatten(), Dense(8, "relu"), Dense(60, "sigmoid"), Reshape((6, 10))),
        -1,
        "The output has 6 × 10, but each target has 8 × 8.",
        "Let the network end in a layer that puts out 8 × 8.",
        (),
        BINARY,
        "reconstruction",
    ),
    Mistake(
        "a reconstruction that is not from 0 to 1",
        "digits",
        (Flatten(), Dense(8, "relu"), Dense(64), Reshape((8, 8))),
        -1,
        "The loss needs probabilities between 0 and 1, but the last activation is linear.",
        "Use sigmoid in the last layer.",
        ("Use sigmoid", "Use mean squared error"),
        BINARY,
        "reconstruction",
    ),
]
BY_NAME: dict[str, Mistake] = {mistake.name: mistake for mistake in MISTAKES}
