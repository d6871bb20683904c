"""Warm start: a shipped network's file in, its weights in the layers of a new network that learns on out."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from tensorflow.lite.tools import flatbuffer_utils

Weights = NDArray[np.float32]


def load_shipped_weights(model: keras.Model, file: Path, lines: NDArray[np.float32]) -> None:
    """Give a new network of strings or fields the weights of a shipped one of the same kind.

    A shipped convolution contains the batch normalisation behind it. The new network has this normalisation as a layer
    of its own again. It begins as one that changes nothing on the given lines, and learning may then move it.

    Args:
        model: From `ml.training.runs.networks.strings_network`; changed in place.
        file: A network in LiteRT's format.
        lines: float32, batch × 32 × width × 1: some hundred of those that the network will learn from.

    Raises:
        ValueError: The file's layers have other shapes than the network's.
    """
    stored = _convolutions(file)
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    if [kernel.shape for kernel, _ in stored] != [tuple(layer.kernel.shape) for layer in convolutions]:
        raise ValueError(f"{file.name} is not a network of this shape.")
    normalisations = iter([layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)])
    for layer, (kernel, bias) in zip(convolutions, stored, strict=True):
        if layer.use_bias:
            layer.set_weights([kernel, bias])
            continue
        layer.set_weights([kernel])
        output = keras.Model(model.inputs, layer.output).predict(lines, verbose=0).astype(np.float32)
        mean, variance = output.mean(axis=(0, 1, 2)), output.var(axis=(0, 1, 2))
        normalisation = next(normalisations)
        gain = np.sqrt(variance + normalisation.epsilon)
        normalisation.set_weights([gain, bias + mean, mean, variance])


def _convolutions(file: Path) -> list[tuple[Weights, Weights]]:
    """Kernel, height × width × in × out, and bias of each convolution, in order."""
    network = flatbuffer_utils.read_model(str(file))
    graph = network.subgraphs[0]
    codes = [max(code.builtinCode, code.deprecatedBuiltinCode) for code in network.operatorCodes]
    conv = 3  # CONV_2D in LiteRT's schema

    def weights(index: int) -> Weights:
        tensor = graph.tensors[index]
        raw = bytes(network.buffers[tensor.buffer].data)
        scale = tensor.quantization.scale if tensor.quantization is not None else None
        if scale is None or len(scale) == 0:
            return np.frombuffer(raw, np.float32).reshape(tensor.shape)
        stored = np.frombuffer(raw, np.int8).reshape(tensor.shape).astype(np.float32)
        return stored * np.asarray(scale, np.float32).reshape(-1, *[1] * (stored.ndim - 1))

    operators = [operator for operator in graph.operators if codes[operator.opcodeIndex] == conv]
    pairs = [(weights(operator.inputs[1]), weights(operator.inputs[2])) for operator in operators]
    return [(np.ascontiguousarray(kernel.transpose(1, 2, 3, 0)), bias) for kernel, bias in pairs]
