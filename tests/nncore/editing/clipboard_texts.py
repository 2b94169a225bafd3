"""What ``model.to_json()`` of Keras 3.15 and, as ``_2``, of Keras 2.12 returned; only the line breaks were added."""

from __future__ import annotations

KERAS_3 = """
{"module": "keras", "class_name": "Sequential", "config": {"name": "sequential", "trainable": true, "dtype":
{"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "layers":
[{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 28, 28, 1], "dtype":
"float32", "sparse": false, "ragged": false, "name": "input_layer", "optional": false}, "registered_name": null},
{"module": "keras.layers", "class_name": "Conv2D", "config": {"name": "conv2d", "trainable": true, "dtype": {"module":
"keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "filters": 4,
"kernel_size": [3, 3], "strides": [1, 1], "padding": "valid", "data_format": "channels_last", "dilation_rate": [1, 1],
"groups": 1, "activation": "relu", "use_bias": true, "kernel_initializer": {"module": "keras.initializers",
"class_name": "HeNormal", "config": {"seed": null, "input_axes": null, "output_axes": null}, "registered_name": null},
"bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": null},
"kernel_regularizer": {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.5}, "registered_name":
null}, "bias_regularizer": null, "activity_regularizer": null, "kernel_constraint": null, "bias_constraint": null},
"registered_name": null, "build_config": {"input_shape": [null, 28, 28, 1]}}, {"module": "keras.layers", "class_name":
"MaxPooling2D", "config": {"name": "max_pooling2d", "trainable": true, "dtype": {"module": "keras", "class_name":
"DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "pool_size": [2, 2], "padding": "valid",
"strides": [2, 2], "data_format": "channels_last"}, "registered_name": null}, {"module": "keras.layers", "class_name":
"Flatten", "config": {"name": "flat", "trainable": true, "dtype": {"module": "keras", "class_name": "DTypePolicy",
"config": {"name": "float32"}, "registered_name": null}, "data_format": "channels_last"}, "registered_name": null,
"build_config": {"input_shape": [null, 13, 13, 4]}}, {"module": "keras.layers", "class_name": "ReLU", "config":
{"name": "re_lu", "trainable": true, "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name":
"float32"}, "registered_name": null}, "max_value": 6, "negative_slope": 0.0, "threshold": 0.0}, "registered_name":
null}, {"module": "keras.layers", "class_name": "Dense", "config": {"name": "dense", "trainable": true, "dtype":
{"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "units": 10,
"activation": "softmax", "use_bias": true, "kernel_initializer": {"module": "keras.initializers", "class_name":
"GlorotUniform", "config": {"seed": null, "input_axes": null, "output_axes": null}, "registered_name": null},
"bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": null},
"kernel_regularizer": null, "bias_regularizer": null, "kernel_constraint": null, "bias_constraint": null,
"quantization_config": null}, "registered_name": null, "build_config": {"input_shape": [null, 676]}}],
"build_input_shape": [null, 28, 28, 1]}, "registered_name": null, "build_config": {"input_shape": [null, 28, 28, 1]},
"compile_config": {"optimizer": {"module": "keras.src.backend.torch.optimizers.torch_adam", "class_name": "Adam",
"config": {"name": "adam", "learning_rate": 0.0010000000474974513, "weight_decay": null, "clipnorm": null,
"global_clipnorm": null, "clipvalue": null, "use_ema": false, "ema_momentum": 0.99, "ema_overwrite_frequency": null,
"loss_scale_factor": null, "gradient_accumulation_steps": null, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07,
"amsgrad": false}, "registered_name": "Adam"}, "loss": "mse", "loss_weights": null, "metrics": null,
"weighted_metrics": null, "run_eagerly": false, "steps_per_execution": 1, "jit_compile": false}}
"""

CHAIN = """
{"module": "keras.src.models.functional", "class_name": "Functional", "config": {"name": "functional", "trainable":
true, "layers": [{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 7], "dtype":
"float32", "sparse": false, "ragged": false, "name": "input_layer", "optional": false}, "registered_name": null,
"name": "input_layer", "inbound_nodes": []}, {"module": "keras.layers", "class_name": "Embedding", "config": {"name":
"embedding", "trainable": true, "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name":
"float32"}, "registered_name": null}, "input_dim": 9, "output_dim": 4, "embeddings_initializer": {"module":
"keras.initializers", "class_name": "RandomUniform", "config": {"seed": null, "minval": -0.05, "maxval": 0.05},
"registered_name": null}, "embeddings_regularizer": null, "activity_regularizer": null, "embeddings_constraint": null,
"mask_zero": true, "quantization_config": null}, "registered_name": null, "build_config": {"input_shape": [null, 7]},
"name": "embedding", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 7],
"dtype": "float32", "keras_history": ["input_layer", 0, 0]}}], "kwargs": {}}]}, {"module": "keras.src.ops.numpy",
"class_name": "NotEqual", "config": {"name": "not_equal"}, "registered_name": "NotEqual", "name": "not_equal",
"inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 7], "dtype": "float32",
"keras_history": ["input_layer", 0, 0]}}, 0], "kwargs": {}}]}, {"module": "keras.layers", "class_name":
"Bidirectional", "config": {"name": "bidirectional", "trainable": true, "dtype": {"module": "keras", "class_name":
"DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "merge_mode": "concat", "layer": {"module":
"keras.layers", "class_name": "LSTM", "config": {"name": "forward_lstm", "trainable": true, "dtype": {"module":
"keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "return_sequences":
true, "return_state": false, "go_backwards": false, "stateful": false, "unroll": false, "zero_output_for_mask": true,
"units": 3, "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": true, "kernel_initializer":
{"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null, "input_axes": null,
"output_axes": null}, "registered_name": null}, "recurrent_initializer": {"module": "keras.initializers",
"class_name": "Orthogonal", "config": {"seed": null, "gain": 1.0}, "registered_name": null}, "bias_initializer":
{"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": null}, "unit_forget_bias":
true, "kernel_regularizer": null, "recurrent_regularizer": null, "bias_regularizer": null, "activity_regularizer":
null, "kernel_constraint": null, "recurrent_constraint": null, "bias_constraint": null, "dropout": 0.0,
"recurrent_dropout": 0.0, "seed": null}, "registered_name": null, "build_config": {"input_shape": [null, 7, 4]}},
"backward_layer": {"module": "keras.layers", "class_name": "LSTM", "config": {"name": "backward_lstm", "trainable":
true, "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name":
null}, "return_sequences": true, "return_state": false, "go_backwards": true, "stateful": false, "unroll": false,
"zero_output_for_mask": true, "units": 3, "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": true,
"kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null,
"input_axes": null, "output_axes": null}, "registered_name": null}, "recurrent_initializer": {"module":
"keras.initializers", "class_name": "Orthogonal", "config": {"seed": null, "gain": 1.0}, "registered_name": null},
"bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": null},
"unit_forget_bias": true, "kernel_regularizer": null, "recurrent_regularizer": null, "bias_regularizer": null,
"activity_regularizer": null, "kernel_constraint": null, "recurrent_constraint": null, "bias_constraint": null,
"dropout": 0.0, "recurrent_dropout": 0.0, "seed": null}, "registered_name": null, "build_config": {"input_shape":
[null, 7, 4]}}}, "registered_name": null, "build_config": {"input_shape": [null, 7, 4]}, "name": "bidirectional",
"inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 7, 4], "dtype": "float32",
"keras_history": ["embedding", 0, 0]}}], "kwargs": {"mask": {"class_name": "__keras_tensor__", "config": {"shape":
[null, 7], "dtype": "bool", "keras_history": ["not_equal", 0, 0]}}}}]}, {"module": "keras.layers", "class_name":
"TimeDistributed", "config": {"name": "time_distributed", "trainable": true, "dtype": {"module": "keras",
"class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "layer": {"module":
"keras.layers", "class_name": "Dense", "config": {"name": "dense", "trainable": true, "dtype": {"module": "keras",
"class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "units": 4, "activation":
"tanh", "use_bias": true, "kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform",
"config": {"seed": null, "input_axes": null, "output_axes": null}, "registered_name": null}, "bias_initializer":
{"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": null}, "kernel_regularizer":
null, "bias_regularizer": null, "kernel_constraint": null, "bias_constraint": null, "quantization_config": null},
"registered_name": null, "build_config": {"input_shape": [null, 6]}}}, "registered_name": null, "build_config":
{"input_shape": [null, 7, 6]}, "name": "time_distributed", "inbound_nodes": [{"args": [{"class_name":
"__keras_tensor__", "config": {"shape": [null, 7, 6], "dtype": "float32", "keras_history": ["bidirectional", 0, 0]}}],
"kwargs": {"mask": {"class_name": "__keras_tensor__", "config": {"shape": [null, 7], "dtype": "bool", "keras_history":
["not_equal", 0, 0]}}}}]}, {"module": "keras.layers", "class_name": "GRU", "config": {"name": "gru", "trainable":
true, "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name":
null}, "return_sequences": false, "return_state": false, "go_backwards": false, "stateful": false, "unroll": false,
"zero_output_for_mask": false, "units": 3, "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": true,
"kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null,
"input_axes": null, "output_axes": null}, "registered_name": null}, "recurrent_initializer": {"module":
"keras.initializers", "class_name": "Orthogonal", "config": {"seed": null, "gain": 1.0}, "registered_name": null},
"bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": null},
"kernel_regularizer": null, "recurrent_regularizer": null, "bias_regularizer": null, "activity_regularizer": null,
"kernel_constraint": null, "recurrent_constraint": null, "bias_constraint": null, "dropout": 0.0, "recurrent_dropout":
0.0, "reset_after": true, "seed": null}, "registered_name": null, "build_config": {"input_shape": [null, 7, 4]},
"name": "gru", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 7, 4],
"dtype": "float32", "keras_history": ["time_distributed", 0, 0]}}], "kwargs": {"training": false, "mask":
{"class_name": "__keras_tensor__", "config": {"shape": [null, 7], "dtype": "bool", "keras_history": ["not_equal", 0,
0]}}}}]}], "input_layers": ["input_layer", 0, 0], "output_layers": ["gru", 0, 0]}, "registered_name": "Functional",
"build_config": {"input_shape": null}, "compile_config": {}}
"""

BRANCH = """
{"module": "keras.src.models.functional", "class_name": "Functional", "config": {"name": "functional", "trainable":
true, "layers": [{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 4], "dtype":
"float32", "sparse": false, "ragged": false, "name": "input_layer", "optional": false}, "registered_name": null,
"name": "input_layer", "inbound_nodes": []}, {"module": "keras.layers", "class_name": "Dense", "config": {"name":
"dense", "trainable": true, "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"},
"registered_name": null}, "units": 4, "activation": "linear", "use_bias": true, "kernel_initializer": {"module":
"keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null, "input_axes": null, "output_axes":
null}, "registered_name": null}, "bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config":
{}, "registered_name": null}, "kernel_regularizer": null, "bias_regularizer": null, "kernel_constraint": null,
"bias_constraint": null, "quantization_config": null}, "registered_name": null, "build_config": {"input_shape": [null,
4]}, "name": "dense", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 4],
"dtype": "float32", "keras_history": ["input_layer", 0, 0]}}], "kwargs": {}}]}, {"module": "keras.layers",
"class_name": "Add", "config": {"name": "add", "trainable": true, "dtype": {"module": "keras", "class_name":
"DTypePolicy", "config": {"name": "float32"}, "registered_name": null}}, "registered_name": null, "build_config":
{"input_shape": [[null, 4], [null, 4]]}, "name": "add", "inbound_nodes": [{"args": [[{"class_name":
"__keras_tensor__", "config": {"shape": [null, 4], "dtype": "float32", "keras_history": ["dense", 0, 0]}},
{"class_name": "__keras_tensor__", "config": {"shape": [null, 4], "dtype": "float32", "keras_history": ["input_layer",
0, 0]}}]], "kwargs": {}}]}], "input_layers": ["input_layer", 0, 0], "output_layers": ["add", 0, 0]},
"registered_name": "Functional", "build_config": {"input_shape": null}, "compile_config": {}}
"""

NESTED = """
{"module": "keras", "class_name": "Sequential", "config": {"name": "sequential_1", "trainable": true, "dtype":
{"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "layers":
[{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 8, 8, 1], "dtype": "float32",
"sparse": false, "ragged": false, "name": "input_layer", "optional": false}, "registered_name": null}, {"module":
"keras", "class_name": "Sequential", "config": {"name": "sequential", "trainable": true, "dtype": {"module": "keras",
"class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "layers": [{"module":
"keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 8, 8, 1], "dtype": "float32", "sparse":
false, "ragged": false, "name": "input_layer_1", "optional": false}, "registered_name": null}, {"module":
"keras.layers", "class_name": "RandomFlip", "config": {"name": "random_flip", "trainable": true, "dtype": {"module":
"keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "data_format":
"channels_last", "seed": null, "mode": "horizontal"}, "registered_name": null, "build_config": {"input_shape": [null,
8, 8, 1]}}], "build_input_shape": [null, 8, 8, 1]}, "registered_name": null, "build_config": {"input_shape": [null, 8,
8, 1]}, "compile_config": {}}, {"module": "keras.layers", "class_name": "Flatten", "config": {"name": "flatten",
"trainable": true, "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"},
"registered_name": null}, "data_format": "channels_last"}, "registered_name": null, "build_config": {"input_shape":
[null, 8, 8, 1]}}], "build_input_shape": [null, 8, 8, 1]}, "registered_name": null, "build_config": {"input_shape":
[null, 8, 8, 1]}, "compile_config": {}}
"""

KERAS_2 = """
{"class_name": "Sequential", "config": {"name": "sequential", "layers": [{"class_name": "InputLayer", "config":
{"batch_input_shape": [null, 28, 28], "dtype": "float32", "sparse": false, "ragged": false, "name": "flatten_input"}},
{"class_name": "Flatten", "config": {"name": "flatten", "trainable": true, "dtype": "float32", "batch_input_shape":
[null, 28, 28], "data_format": "channels_last"}}, {"class_name": "Dense", "config": {"name": "dense", "trainable":
true, "dtype": "float32", "units": 128, "activation": "relu", "use_bias": true, "kernel_initializer": {"class_name":
"GlorotUniform", "config": {"seed": null}}, "bias_initializer": {"class_name": "Zeros", "config": {}},
"kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.009999999776482582}}, "bias_regularizer": null,
"activity_regularizer": null, "kernel_constraint": null, "bias_constraint": null}}, {"class_name": "LeakyReLU",
"config": {"name": "leaky_re_lu", "trainable": true, "dtype": "float32", "alpha": 0.30000001192092896}},
{"class_name": "ReLU", "config": {"name": "re_lu", "trainable": true, "dtype": "float32", "max_value": null,
"negative_slope": 0.0, "threshold": 0.0}}, {"class_name": "Dropout", "config": {"name": "dropout", "trainable": true,
"dtype": "float32", "rate": 0.2, "noise_shape": null, "seed": null}}, {"class_name": "Dense", "config": {"name":
"dense_1", "trainable": true, "dtype": "float32", "units": 10, "activation": "softmax", "use_bias": true,
"kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}}, "bias_initializer": {"class_name":
"Zeros", "config": {}}, "kernel_regularizer": null, "bias_regularizer": null, "activity_regularizer": null,
"kernel_constraint": null, "bias_constraint": null}}]}, "keras_version": "2.12.0", "backend": "tensorflow"}
"""

CHAIN_2 = """
{"class_name": "Functional", "config": {"name": "model", "trainable": true, "layers": [{"class_name": "InputLayer",
"config": {"batch_input_shape": [null, 4], "dtype": "float32", "sparse": false, "ragged": false, "name": "things"},
"name": "things", "inbound_nodes": []}, {"class_name": "Dense", "config": {"name": "mine", "trainable": true, "dtype":
"float32", "units": 3, "activation": "linear", "use_bias": true, "kernel_initializer": {"class_name": "GlorotUniform",
"config": {"seed": null}}, "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": null,
"bias_regularizer": null, "activity_regularizer": null, "kernel_constraint": null, "bias_constraint": null}, "name":
"mine", "inbound_nodes": [[["things", 0, 0, {}]]]}, {"class_name": "Dense", "config": {"name": "dense_3", "trainable":
true, "dtype": "float32", "units": 2, "activation": "relu", "use_bias": true, "kernel_initializer": {"class_name":
"GlorotUniform", "config": {"seed": null}}, "bias_initializer": {"class_name": "Zeros", "config": {}},
"kernel_regularizer": null, "bias_regularizer": null, "activity_regularizer": null, "kernel_constraint": null,
"bias_constraint": null}, "name": "dense_3", "inbound_nodes": [[["mine", 0, 0, {}]]]}], "input_layers": [["things", 0,
0]], "output_layers": [["dense_3", 0, 0]]}, "keras_version": "2.12.0", "backend": "tensorflow"}
"""
