"""The networks: ours, and the two of the student report that ours is measured against.

All take float32, batch × 28 × 28 × 1, paper 0.0 and ink 1.0.
"""

from __future__ import annotations

import keras
from keras import layers

from ml.reading.elements import GLYPH_SIDE, NO_DIGIT

CLASSES = NO_DIGIT + 1
"""Ten digits, and "no digit"."""


def digits_network() -> keras.Model:
    """Our network: five convolutions and two dense layers, 401,000 weights.

    Unpadded convolutions before the first two poolings: a digit leaves four pixels of paper around it, and the smaller
    maps train a third faster on a processor than padded ones.

    Returns:
        Model with a float32 softmax, batch × 11: 0 to 9, then "no digit".
    """
    entry = keras.Input((GLYPH_SIDE, GLYPH_SIDE, 1), name="glyphs")
    x = _convolution(entry, 24)  # 26 × 26
    x = _convolution(x, 32)  # 24 × 24
    x = layers.MaxPooling2D()(x)  # 12 × 12
    x = _convolution(x, 64)  # 10 × 10
    x = _convolution(x, 64)  # 8 × 8
    x = layers.Dropout(0.1)(layers.MaxPooling2D()(x))  # 4 × 4
    x = _convolution(x, 128, padding="same")  # 4 × 4
    x = layers.Dropout(0.3)(layers.Flatten()(x))  # 2048
    x = layers.Dense(128, use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Dropout(0.3)(x)
    # In float32 even under mixed precision: probabilities near one must not be rounded.
    return keras.Model(entry, layers.Dense(CLASSES, activation="softmax", dtype="float32")(x), name="digits")


def _convolution(x: keras.KerasTensor, filters: int, padding: str = "valid") -> keras.KerasTensor:
    x = layers.Conv2D(filters, 3, padding=padding, use_bias=False)(x)  # the normalisation brings its own bias
    return layers.ReLU()(layers.BatchNormalization()(x))


def report_network(*filters: int) -> keras.Model:
    """A network of the student report: 3 × 3 convolutions with ReLU, then one dense layer; Adam.

    Args:
        filters: Filters of each convolution: 64, 32 for the report's first network, 64, 32, 16 for its second.

    Returns:
        Compiled model with a float32 softmax, batch × 10.
    """
    name = "-".join(f"conv{count}" for count in filters) + "-flatten-dense"
    stack: list[keras.Layer] = [keras.Input((GLYPH_SIDE, GLYPH_SIDE, 1))]
    stack += [layers.Conv2D(count, 3, activation="relu") for count in filters]
    stack += [layers.Flatten(), layers.Dense(10, activation="softmax", dtype="float32")]
    model = keras.Sequential(stack, name=name)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
