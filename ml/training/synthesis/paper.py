"""Cheque paper and its scan: grey pictures of what is printed behind an amount, and the damage that a scanner does.

Greys are 0 (black) to 255 (white). A length called `line` is the height of a written digit on this paper, in pixels:
print is as fine or as coarse as it is beside real writing.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.synthesis.hands import Hand

Grey = NDArray[np.float32]


def random_paper(height: int, width: int, line: float, rng: Generator) -> Grey:
    """Paper with its print.

    Args:
        height: Of the paper, in pixels.
        width: Of the paper, in pixels.
        line: Height of a written digit, in pixels.
        rng: Decides everything.

    Returns:
        float32, height × width, grey 0 to 255, before the scanner's noise.
    """
    paper = np.full((height, width), rng.uniform(130, 245), np.float32)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    if rng.random() < 0.3:
        paper += (across / width - 0.5) * rng.uniform(-40, 40) + (down / height - 0.5) * rng.uniform(-25, 25)
    for _ in range(rng.choice(4, p=(0.15, 0.4, 0.3, 0.15))):
        paper -= _background_pattern(down, across, line, rng)
    if rng.random() < 0.15:
        edge = rng.uniform(0.1, 0.9) * height
        paper[(down + across * rng.normal(0, 0.02) < edge)] += rng.uniform(-50, 50)
    if rng.random() < 0.08:
        _bleed_through(paper, line, rng)
    _print_form(paper, line, rng)
    if rng.random() < 0.06:
        _stamp(paper, line, rng)
    return paper


def security_print(height: int, width: int, line: float, rng: Generator) -> Grey:
    """One layer of a cheque's ground: guilloche, hatching, rings or dots.

    Args:
        height: Of the paper, in pixels.
        width: Of the paper, in pixels.
        line: Height of a written digit, in pixels.
        rng: Decides everything.

    Returns:
        float32, height × width: how much darker it makes the paper, in steps of grey.
    """
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    return _background_pattern(down, across, line, rng)


def _bleed_through(paper: Grey, line: float, rng: Generator) -> None:
    """Let writing on the other side shimmer through: mirrored, soft and pale."""
    hand = Hand.random(rng, pen=rng.uniform(0.06, 0.15))
    height, width = paper.shape
    tall = int(min(line * rng.uniform(0.7, 1.1), height))
    behind = np.zeros_like(paper)
    top, left = int(rng.uniform(0, max(1, height - tall))), int(rng.uniform(-0.5, 0.5) * width)
    while left < width:
        body = hand.write(int(rng.integers(10)), max(8, tall), rng)[:, ::-1]
        room = behind[top : top + body.shape[0], max(0, left) : left + body.shape[1]]
        if left >= 0 and room.size:
            np.maximum(room, body[: room.shape[0], : room.shape[1]], out=room)
        left += int(body.shape[1] + rng.uniform(0.05, 0.5) * line)
    paper -= rng.uniform(6, 28) * cv2.GaussianBlur(behind, (0, 0), rng.uniform(1.2, 3.0))


def _stamp(paper: Grey, line: float, rng: Generator) -> None:
    """Put a rubber stamp on the paper: a ring or frame with letters, aslant, its ink uneven and paler than a pen's."""
    side = int(line * rng.uniform(1.5, 4))
    stamp = np.zeros((2 * side, 2 * side), np.uint8)
    thick, middle = max(1, round(line * rng.uniform(0.03, 0.08))), (side, side)
    if rng.random() < 0.5:
        axes = (int(0.9 * side), int(side * rng.uniform(0.4, 0.9)))
        cv2.ellipse(stamp, middle, axes, 0, 0, 360, 255, thick, cv2.LINE_AA)
    else:
        low = int(side * rng.uniform(0.25, 0.7))
        cv2.rectangle(stamp, (int(0.1 * side), side - low), (int(1.9 * side), side + low), 255, thick, cv2.LINE_AA)
    word = "".join(rng.choice(list("ABCDEFKLMNPRSTUVXYZ"), size=int(rng.integers(3, 8))))
    foot, font = (int(0.35 * side), int(side * rng.uniform(0.95, 1.2))), cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(stamp, word, foot, font, side / 100, 255, thick, cv2.LINE_AA)
    turned = cv2.getRotationMatrix2D(middle, float(rng.uniform(-40, 40)), 1)
    # The stamp's middle is anywhere on the paper, or a little beside it.
    turned[:, 2] += rng.uniform(-0.1, 1.1, 2) * np.array(paper.shape[::-1]) - side
    cover = cv2.warpAffine(stamp, turned, paper.shape[::-1]).astype(np.float32) / np.float32(255)
    cover *= cv2.resize(rng.uniform(0.4, 1, (8, 24)).astype(np.float32), paper.shape[::-1])
    paper -= np.minimum(rng.uniform(20, 90), 0.7 * paper) * cover


def _background_pattern(down: Grey, across: Grey, line: float, rng: Generator) -> Grey:
    """Guilloche, hatching, rings or dither: lines too fine to be a digit.

    Returns:
        float32, height × width: how much darker the pattern makes the paper, in steps of grey.
    """
    depth = rng.uniform(4, 38)
    turn = rng.choice((0.0, 0.5 * np.pi, rng.uniform(0, np.pi)), p=(0.4, 0.1, 0.5))
    along = across * np.cos(turn) + down * np.sin(turn)
    beside = down * np.cos(turn) - across * np.sin(turn)
    pitch = line * rng.uniform(0.07, 0.4)
    kind = rng.integers(4)
    if kind == 0:
        wave = line * rng.uniform(0, 0.5) * np.sin(along / (line * rng.uniform(0.25, 1.5)) + rng.uniform(0, 6))
        phase = (beside + wave) / pitch
    elif kind == 1:
        middle = rng.uniform(-2, 3, 2) * (down.shape[0], across.shape[1])
        phase = np.hypot(down - middle[0], across - middle[1]) / pitch
    elif kind == 2:
        phase = (beside + 0.15 * along * np.sin(along / (line * rng.uniform(2, 6)))) / pitch
    else:
        dots = np.sin(along * np.pi / pitch) * np.sin(beside * np.pi / pitch)
        dither: Grey = depth * np.clip(dots * rng.uniform(1, 4), 0, 1)
        return dither
    # From soft waves to thin sharp lines.
    thin = rng.uniform(-0.2, 0.85)
    lines: Grey = depth * np.clip((np.sin(2 * np.pi * phase) - thin) * rng.uniform(1, 4), 0, 1)
    return lines


def _print_form(paper: Grey, line: float, rng: Generator) -> None:
    """Print what a form has around an amount: rules, the edges of a box, a piece of the row above or below."""
    height, width = paper.shape
    dark, thick = float(rng.uniform(20, 140)), int(rng.integers(1, 3))
    for row in (rng.uniform(0.78, 1.0), rng.uniform(0.0, 0.14)):
        if rng.random() < 0.25:
            start, end = (int(height * row + rng.normal(0, 0.02) * height) for _ in range(2))
            cv2.line(paper, (0, start), (width, end), dark, thick, cv2.LINE_AA)
    for column in (rng.uniform(0, 0.04), rng.uniform(0.96, 1)):
        if rng.random() < 0.06:
            cv2.line(paper, (int(width * column), 0), (int(width * column), height), dark, thick)
    if rng.random() < 0.1:
        base = int(rng.choice((rng.uniform(0, 0.08), rng.uniform(0.98, 1.1))) * height)
        word = "".join(rng.choice(list("ABCDELMNORSTabcdelnorst"), size=int(rng.integers(3, 12))))
        letters: NDArray[np.uint8] = np.zeros((height, width), np.uint8)
        foot = (int(rng.uniform(0, 0.6) * width), base)
        cv2.putText(letters, word, foot, cv2.FONT_HERSHEY_SIMPLEX, line / 60, 255, 1, cv2.LINE_AA)
        paper -= np.maximum(paper - dark, 0) * (letters / np.float32(255))


def scan_page(page: Grey, rng: Generator) -> NDArray[np.uint8]:
    """Scan or photograph a page: soft, grainy, uneven, packed as JPEG, now and then in black and white.

    Args:
        page: float32, height × width, grey 0 to 255.
        rng: Decides everything.

    Returns:
        uint8, height × width.
    """
    if rng.random() < 0.5:
        page = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.4, 1.3)).astype(np.float32)
    page = page + rng.normal(0, rng.uniform(0.5, 9), page.shape).astype(np.float32)
    if rng.random() < 0.2:
        shade = cv2.resize(rng.uniform(0.7, 1.1, (2, 3)).astype(np.float32), page.shape[::-1])
        page = page * shade
    grey = np.clip(page, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        packed = cv2.imencode(".jpg", grey, (cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 95))))[1]
        grey = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    if rng.random() < 0.06:
        grey = np.asarray(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1], np.uint8)
    return grey
