"""Rebuilds the network of a model package in Keras: the same layers and weights, channels last."""

import numpy as np
import onnx
import tensorflow as tf
from onnx import numpy_helper


def load(path):
    """The Keras model of an ONNX file that `vitrine train-image` wrote: photos [n, h, w, 3] to logits."""
    graph = onnx.load(path).graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    dims = [dim.dim_value for dim in graph.input[0].type.tensor_type.shape.dim]
    photo = tf.keras.Input((dims[2], dims[3], 3))
    values = {graph.input[0].name: photo}
    for node in graph.node:
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        inputs = [values[name] for name in node.input if name in values]
        weights = [constants[name] for name in node.input if name in constants]
        if node.op_type not in LAYERS:
            continue  # shapes, which Keras knows by itself
        size = constants.get(f"{node.name}/size")
        values[node.output[0]] = LAYERS[node.op_type](inputs, weights, attributes, size)
    return tf.keras.Model(photo, values[graph.output[0].name])


def convolution(inputs, weights, attributes, _size):
    kernel, bias = weights
    padding = "same" if attributes["auto_pad"] == b"SAME_UPPER" else "valid"
    shared = dict(strides=attributes["strides"], padding=padding)
    if attributes["group"] == 1:
        layer = tf.keras.layers.Conv2D(kernel.shape[0], kernel.shape[2:], **shared)
        kernel = kernel.transpose(2, 3, 1, 0)
    else:
        layer = tf.keras.layers.DepthwiseConv2D(kernel.shape[2:], **shared)
        kernel = kernel.transpose(2, 3, 0, 1)
    output = layer(inputs[0])
    layer.set_weights([kernel, bias])
    return output


def dense(inputs, weights, _attributes, _size):
    layer = tf.keras.layers.Dense(len(weights[1]))
    output = layer(inputs[0])
    layer.set_weights(weights)
    return output


def pooling(kind):
    return lambda inputs, _w, attributes, _size: kind(
        pool_size=attributes["kernel_shape"],
        strides=attributes["strides"],
        padding="same" if attributes["auto_pad"] == b"SAME_UPPER" else "valid",
    )(inputs[0])


class Enlarged(tf.keras.layers.Layer):
    """Bilinear, corners on corners."""

    def __init__(self, size):
        super().__init__()
        self.size = [int(side) for side in size]

    def call(self, photos):
        return tf.compat.v1.image.resize_bilinear(photos, self.size, align_corners=True)


LAYERS = {
    "Resize": lambda inputs, _w, _a, size: Enlarged(size)(inputs[0]),
    "Conv": convolution,
    "Clip": lambda inputs, _w, _a, _s: tf.keras.layers.ReLU(max_value=6.0)(inputs[0]),
    "Relu": lambda inputs, _w, _a, _s: tf.keras.layers.ReLU()(inputs[0]),
    "MaxPool": pooling(tf.keras.layers.MaxPooling2D),
    "AveragePool": pooling(tf.keras.layers.AveragePooling2D),
    "GlobalAveragePool": lambda inputs, _w, _a, _s: tf.keras.layers.GlobalAveragePooling2D()(inputs[0]),
    "GlobalMaxPool": lambda inputs, _w, _a, _s: tf.keras.layers.GlobalMaxPooling2D()(inputs[0]),
    "Flatten": lambda inputs, _w, _a, _s: tf.keras.layers.Flatten()(inputs[0]),
    "Concat": lambda inputs, _w, _a, _s: tf.keras.layers.Concatenate()(inputs) if len(inputs) > 1 else inputs,
    "Mul": lambda inputs, weights, _a, _s: inputs[0] * weights[0],
    "Add": lambda inputs, weights, _a, _s: inputs[0] + weights[0],
    "Sum": lambda inputs, _w, _a, _s: tf.keras.layers.Add()(inputs),
    "LpNormalization": lambda inputs, _w, _a, _s: tf.keras.layers.UnitNormalization()(inputs[0]),
    "Gemm": dense,
    "Identity": lambda inputs, _w, _a, _s: inputs[0],
}
