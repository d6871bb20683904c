"""The networks' layers: ours for single digits, for whole strings and for fields, and the two of the student report.

All take float32, paper 0.0 and ink 1.0: single digits as batch × 28 × 28 × 1, lines as batch × 32 × width × 1.
"""

from __future__ import annotations

import keras
from keras import layers

from ml.reading.elements import GLYPH_SIDE, NO_DIGIT
from ml.reading.ink.lines import LINE_HEIGHT

CLASSES = NO_DIGIT + 1
"""Ten digits, and "no digit"."""


def digits_network() -> keras.Model:
    """Our network: six convolutions and two dense layers, 549,000 weights.

    The convolutions before the first two poolings are unpadded: a digit leaves four pixels of paper around it, and the
    smaller maps train a third faster on a processor than padded ones.

    Returns:
        Model with a float32 softmax, batch × 11: 0 to 9, then "no digit".
    """
    entry = keras.Input((GLYPH_SIDE, GLYPH_SIDE, 1), name="glyphs")
    x = _convolution(entry, 24)  # 26 × 26
    x = _convolution(x, 32)  # 24 × 24
    x = layers.MaxPooling2D()(x)  # 12 × 12
    x = _convolution(x, 64)  # 10 × 10
    x = _convolution(x, 64)  # 8 × 8
    x = layers.Dropout(0.15)(layers.MaxPooling2D()(x))  # 4 × 4
    x = _convolution(x, 128, padding="same")  # 4 × 4
    x = layers.Add()([x, _convolution(x, 128, padding="same")])
    x = layers.Dropout(0.4)(layers.Flatten()(x))  # 2048
    x = layers.Dense(128, use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Dropout(0.4)(x)
    # Float32 even under mixed precision: probabilities near one must not be rounded.
    return keras.Model(entry, layers.Dense(CLASSES, activation="softmax", dtype="float32")(x), name="digits")


def _convolution(
    x: keras.KerasTensor, filters: int, padding: str = "valid", size: int | tuple[int, int] = 3, strides: int = 1
) -> keras.KerasTensor:
    # No bias: the normalisation brings its own.
    x = layers.Conv2D(filters, size, strides=strides, padding=padding, use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def strings_network(classes: int = CLASSES) -> keras.Model:
    """Our network for whole strings: nine convolutions, 640,000 weights, no segmentation.

    It takes lines of any width: float32, batch × 32 × width × 1, as `ml.reading.ink.lines` makes them. Four pixels of
    width make a frame.

    Args:
        classes: The digits or `ml.reading.forms.signs`, and the blank.

    Returns:
        Model with float32 scores, batch × 1 × width / 4 × classes: for each frame 0 to 9 and further signs, then the
        blank. No softmax: the loss and the reader take the logarithm of the softmax.

    Source: B. Shi, X. Bai, C. Yao, "An end-to-end trainable neural network for image-based sequence recognition", 2017
        (its convolutions, without the recurrent layers: a number has no grammar to remember).
    """
    entry = keras.Input((LINE_HEIGHT, None, 1), name="lines")
    x = _convolution(entry, 32, "same", size=5, strides=2)  # 16 × width / 2
    x = _convolution(_convolution(x, 48, "same"), 64, "same")
    x = layers.MaxPooling2D(2)(x)  # 8 × width / 4
    x = _convolution(_convolution(x, 96, "same"), 96, "same")
    x = layers.MaxPooling2D((2, 1))(x)  # 4
    x = _convolution(_convolution(x, 128, "same"), 128, "same")
    x = layers.AveragePooling2D((2, 1))(x)  # 2
    x = _convolution(layers.ZeroPadding2D(((0, 0), (1, 1)))(x), 160, size=(2, 3))  # 1
    x = layers.Dropout(0.2)(x)
    x = _convolution(layers.ZeroPadding2D(((0, 0), (1, 1)))(x), 128, size=(1, 3))
    x = layers.Dropout(0.2)(x)
    return keras.Model(entry, layers.Conv2D(classes, 1, dtype="float32")(x), name="strings")


def print_network() -> keras.Model:
    """Our network that tells print from handwriting: five convolutions, 40,000 weights.

    It takes lines of any width: float32, batch × 32 × width × 1, as `ml.reading.ink.lines` makes them.

    Returns:
        Model with float32 scores, batch × 1 × width / 4 × 1: for each frame the log-odds that it was printed.
    """
    entry = keras.Input((LINE_HEIGHT, None, 1), name="lines")
    x = _convolution(entry, 16, "same", size=5, strides=2)  # 16 × width / 2
    x = _convolution(x, 32, "same")
    x = layers.MaxPooling2D(2)(x)  # 8 × width / 4
    x = _convolution(x, 48, "same")
    x = layers.MaxPooling2D((2, 1))(x)  # 4
    x = _convolution(x, 48, "same")
    x = layers.AveragePooling2D((4, 1))(x)  # 1
    x = layers.Dropout(0.2)(x)
    return keras.Model(entry, layers.Conv2D(1, (1, 3), padding="same", dtype="float32")(x), name="print")


def words_network(classes: int) -> keras.Model:
    """Our network for amounts in words: ten convolutions, 870,000 weights, no segmentation.

    It takes lines of any width: float32, batch × 48 × width × 1, as `ml.training.words.lines` makes them. Four pixels
    of width make a frame, which sees about three letters on either side of it: the last convolutions reach far.

    Args:
        classes: the signs of `ml.reading.words.alphabet`, and the blank.

    Returns:
        Model with float32 scores, batch × 1 × width / 4 × classes: for each frame the signs, then the blank; no
        softmax.
    """
    entry = keras.Input((48, None, 1), name="lines")
    x = _convolution(entry, 24, "same", size=5, strides=2)  # 24 × width / 2
    x = _convolution(x, 48, "same", strides=2)  # 12 × width / 4
    x = layers.MaxPooling2D((2, 1))(_convolution(x, 64, "same"))  # 6
    x = _convolution(x, 96, "same")
    x = layers.Add()([x, _convolution(x, 96, "same")])
    x = layers.MaxPooling2D((2, 1))(x)  # 3
    x = _convolution(x, 128, "same")
    x = _convolution(layers.ZeroPadding2D(((0, 0), (1, 1)))(x), 160)  # 1
    for _ in range(3):
        x = layers.Add()([x, _convolution(x, 160, "same", size=(1, 5))])
    x = layers.Dropout(0.2)(x)
    return keras.Model(entry, layers.Conv2D(classes, 1, dtype="float32")(x), name="words")


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
