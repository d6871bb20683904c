"""The shipped reader, and what it makes of a picture."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.forms.layouts import ANY_NUMBER, Layout
from ml.reading.read import read_scan
from ml.reading.reader import Reader

Pixels = NDArray[np.uint8]
Draw = Callable[..., Pixels]
Encode = Callable[..., bytes]
Read = Callable[..., list[str]]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.shipped()


@pytest.fixture(scope="module")
def texts(reader: Reader, as_file: Encode) -> Read:
    """The numbers on a picture, as written."""

    def read(pixels: Pixels, layout: Layout = ANY_NUMBER) -> list[str]:
        (page,) = read_scan(as_file(pixels), layout, reader)
        return [reading.text for reading in page.readings]

    return read
