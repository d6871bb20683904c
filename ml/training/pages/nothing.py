"""Pages and patches without any writing: shaded paper, creases, folds, cloth, wood, rules, grids, security print.

Whatever passes on them is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.fields.digits import Writers
from ml.training.pages.grounds import cloth, pattern, wood
from ml.training.pages.page import DrawnPage, Picture
from ml.training.pages.scan import Scan, scanned
from ml.training.pages.sheet import Colours, Sheet, cloud, plain_paper, print_colour, ruled
from ml.training.synthesis.paper import security_print


def nothing_there(writers: Writers, rng: Generator) -> DrawnPage:
    """A page without any writing; no digit of `writers` is used."""
    return _scanned(int(rng.integers(200, 560)), int(rng.integers(200, 560)), rng)


def empty_patch(rng: Generator) -> NDArray[np.uint8]:
    """A cut-out without writing, the size of a cell or a field: uint8, height × width × 3, RGB."""
    return _scanned(int(rng.integers(28, 140)), int(rng.integers(40, 320)), rng).pixels


def _scanned(height: int, width: int, rng: Generator) -> DrawnPage:
    draw = EMPTY[str(rng.choice(list(EMPTY)))]
    pixels = draw(height, width, rng).astype(np.float32)
    return scanned("nothing there", Picture(pixels, ()), Scan.random(rng), rng)


def _shading(height: int, width: int, rng: Generator) -> Colours:
    """Paper whose shade changes as under a hand or beside a lamp, with darker blotches."""
    paper = plain_paper(height, width, rng)
    for fineness in (120, 40, 14):
        paper += cloud(height, width, float(rng.uniform(0, 9)), rng, fineness)[:, :, None]
    return paper


def _creases(height: int, width: int, rng: Generator) -> Colours:
    """Crumpled paper: many short edges, light on one side and dark on the other."""
    paper, relief = plain_paper(height, width, rng), np.zeros((height, width), np.float32)
    for _ in range(int(rng.integers(3, 26))):
        start = rng.uniform(0, 1, 2) * (width, height)
        way = rng.normal(0, 0.35, 2) * max(height, width)
        bend = start + way / 2 + rng.normal(0, 0.06, 2) * max(height, width)
        line = np.array([start, bend, start + way]).round().astype(np.int32)
        cv2.polylines(relief, [line], False, float(rng.uniform(0.3, 1)), int(rng.integers(1, 4)), cv2.LINE_AA)
    soft = cv2.GaussianBlur(relief, (0, 0), rng.uniform(0.6, 2.5))
    shift = np.roll(soft, (int(rng.integers(1, 4)), int(rng.integers(1, 4))), (0, 1))
    change = rng.uniform(10, 45) * (soft - shift) - rng.uniform(0, 25) * soft
    crumpled: Colours = (paper + change[:, :, None]).astype(np.float32)
    return crumpled


def _folds(height: int, width: int, rng: Generator) -> Colours:
    """Paper folded once or more: its parts have different shades, and each fold is a line."""
    paper = plain_paper(height, width, rng)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    for _ in range(int(rng.integers(1, 4))):
        turn = rng.choice((0, np.pi / 2)) + rng.normal(0, 0.06)
        along = across * np.cos(turn) + down * np.sin(turn)
        beyond = along - rng.uniform(0.15, 0.85) * (width * abs(np.cos(turn)) + height * abs(np.sin(turn)))
        paper[beyond > 0] += rng.uniform(-22, 22)
        paper -= (rng.uniform(10, 70) * np.exp(-((beyond / rng.uniform(0.7, 2.5)) ** 2)))[:, :, None]
    return paper


def _with_print(draw: Callable[[Sheet, Generator], None], height: int, width: int, rng: Generator) -> Colours:
    """Plain paper with print on it."""
    sheet = Sheet(height, width)
    draw(sheet, rng)
    pale = print_colour(rng)
    return sheet.on_paper(plain_paper(height, width, rng), pale, pale, rng).pixels


def _rules(sheet: Sheet, rng: Generator) -> None:
    ruled(sheet, rng.uniform(12, 70), rng.uniform(2, 30), rng)


def _cells(sheet: Sheet, rng: Generator) -> None:
    """An empty grid, thin and grey or thick and dark; a small patch is one cell with its walls, or a corner."""
    pitch = rng.uniform(18, 90), rng.uniform(14, 60)
    thick, dark = int(rng.integers(1, 4)), rng.uniform(0.3, 1)
    for column in np.arange(rng.uniform(-10, 20), sheet.width, pitch[0]):
        sheet.rule((column, 0), (column, sheet.height), thick=thick, dark=dark)
    for row in np.arange(rng.uniform(-10, 20), sheet.height, pitch[1]):
        sheet.rule((0, row), (sheet.width, row), thick=thick, dark=dark)


def _boxes(sheet: Sheet, rng: Generator) -> None:
    """A row of empty boxes or of a comb's teeth."""
    wide, high = rng.uniform(14, 40), rng.uniform(16, 50)
    apart = float(rng.choice((0.0, rng.uniform(2, 10))))
    thick, dark = int(rng.integers(1, 3)), rng.uniform(0.4, 1)
    top, open_above = rng.uniform(2, 40), rng.random() < 0.3
    for left in np.arange(rng.uniform(2, 20), sheet.width - wide, wide + apart):
        corners = [(left, top), (left, top + high), (left + wide, top + high), (left + wide, top)]
        sheet.rule(*corners, *([] if open_above else corners[:1]), thick=thick, dark=dark)


def _security(height: int, width: int, rng: Generator) -> Colours:
    """Guilloche, hatching, rings or dots of a cheque's or a certificate's ground."""
    paper = plain_paper(height, width, rng)
    for _ in range(int(rng.integers(1, 4))):
        depth = security_print(height, width, float(rng.uniform(16, 60)), rng)
        paper -= depth[:, :, None] * rng.uniform(0.3, 1.2, 3).astype(np.float32)
    return paper


def _screen(height: int, width: int, rng: Generator) -> Colours:
    """A screen, photographed: its grid of lights beats with the camera's, in slow waves of colour."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    page = np.full((height, width, 3), rng.uniform(120, 245), np.float32)
    for colour in range(3):
        turn, pitch = rng.uniform(0, np.pi), rng.uniform(6, 45)
        wave = np.sin(2 * np.pi * (across * np.cos(turn) + down * np.sin(turn)) / pitch + rng.uniform(0, 6))
        page[:, :, colour] += rng.uniform(2, 14) * wave
    pitch = rng.uniform(2, 4)
    lights = np.sin(2 * np.pi * down / pitch) * np.sin(2 * np.pi * across / pitch)
    screen: Colours = (page + rng.uniform(1, 10) * lights[:, :, None]).astype(np.float32)
    return screen


EMPTY: Mapping[str, Callable[[int, int, Generator], Colours]] = {
    "shaded paper": _shading,
    "creases": _creases,
    "folds": _folds,
    "cloth": cloth,
    "wood": wood,
    "pattern": pattern,
    "security print": _security,
    "screen": _screen,
    "rules": lambda height, width, rng: _with_print(_rules, height, width, rng),
    "cells": lambda height, width, rng: _with_print(_cells, height, width, rng),
    "boxes": lambda height, width, rng: _with_print(_boxes, height, width, rng),
}
"""What has no writing on it, by name: height and width in pixels in, a picture in colour out."""
