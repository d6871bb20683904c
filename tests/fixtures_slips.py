"""A deposit slip that nobody has taught the portal: much print, an amount and a number by hand."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.training.datasets import Digits
from ml.training.fields.digits import DIGIT_HEIGHT, Writers
from ml.training.fields.pen import MARGIN, Pen

PER_MM = 8
SIZE_MM = (180, 120)
AMOUNT_MM, ACCOUNT_MM = (70.0, 44.0, 160.0, 60.0), (70.0, 70.0, 160.0, 86.0)
"""Left, top, right, bottom of the two boxes on the sheet."""

_NOBODY = Digits(np.empty((0, 28, 28), np.float32), np.empty(0, np.int64))


def _print(sheet: NDArray[np.uint8], words: str, x: float, y: float, tall: float) -> None:
    place, scale = (round(x * PER_MM), round(y * PER_MM)), tall * PER_MM / 22
    cv2.putText(sheet, words, place, cv2.FONT_HERSHEY_SIMPLEX, scale, 40, 2, cv2.LINE_AA)


def _blank() -> NDArray[np.uint8]:
    sheet = np.full((SIZE_MM[1] * PER_MM, SIZE_MM[0] * PER_MM), 244, np.uint8)
    cv2.circle(sheet, (24 * PER_MM, 18 * PER_MM), 9 * PER_MM, 60, 3, cv2.LINE_AA)
    cv2.line(sheet, (16 * PER_MM, 24 * PER_MM), (32 * PER_MM, 12 * PER_MM), 60, 3, cv2.LINE_AA)
    _print(sheet, "Northern Savings Bank", 40, 16, 6)
    _print(sheet, "Deposit slip, branch copy", 40, 26, 4)
    _print(sheet, "Amount paid in", 14, 54, 4)
    _print(sheet, "Account number", 14, 80, 4)
    _print(sheet, "Please write one digit beside the other and stay within the boxes.", 14, 100, 3)
    _print(sheet, "Mill Lane, opposite the market", 14, 108, 3)
    for box in (AMOUNT_MM, ACCOUNT_MM):
        left, top, right, bottom = (round(side * PER_MM) for side in box)
        cv2.rectangle(sheet, (left, top), (right, bottom), 70, 2)
    return sheet


def _write(sheet: NDArray[np.uint8], text: str, box: tuple[float, ...], rng: np.random.Generator) -> None:
    pen = Pen.random(len(text), Writers(_NOBODY), rng)
    pen.drawn, pen.slope, pen.slant, pen.turn, pen.gap, pen.comma = 1.0, 0.0, 0.1, 0.0, 0.12, 0.25
    for sign in text:
        if sign.isdigit():
            pen.write(sign, rng)
        else:
            pen.mark(sign, rng)
    share = 7 * PER_MM / DIGIT_HEIGHT
    ink = pen.ink[:, MARGIN // 2 : int(pen.at) + MARGIN].astype(np.float32) / 255
    small = cv2.resize(ink, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    left, foot = round((box[0] + 6) * PER_MM), round((box[3] - 4) * PER_MM + (ink.shape[0] - pen.base) * share)
    area = sheet[foot - small.shape[0] : foot, left : left + small.shape[1]]
    np.minimum(area, (244 - 200 * small[:, : area.shape[1]]).astype(np.uint8), out=area)


@pytest.fixture(scope="session")
def slip() -> Callable[..., NDArray[np.uint8]]:
    """`slip("1250.75", "40961")`: a slip filled in, uint8, height × width, grey; `degrees` and `margin` as scanned."""

    def fill_in(
        amount: str = "", account: str = "", seed: int = 5, degrees: float = 0.0, margin: int = 0
    ) -> NDArray[np.uint8]:
        sheet, rng = _blank(), np.random.default_rng(seed)
        if amount:
            _write(sheet, amount, AMOUNT_MM, rng)
            _write(sheet, account, ACCOUNT_MM, rng)
        padded = cv2.copyMakeBorder(sheet, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=250)
        height, width = padded.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        return cv2.warpAffine(padded, turn, (width, height), borderValue=250).astype(np.uint8)

    return fill_in
