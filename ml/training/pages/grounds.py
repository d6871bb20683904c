"""What lies under and around a sheet: cloth, wood, patterned covers; and sheets photographed on them.

A ground is a picture in colour: float32, height × width × 3, 0 to 255.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.random import Generator

from ml.training.fields.digits import Writers
from ml.training.pages.numbers import any_digits, digit_height, page_size, scatter
from ml.training.pages.page import DrawnPage, Outline, Picture
from ml.training.pages.scan import Scan, scanned
from ml.training.pages.scribe import Scribe
from ml.training.pages.sheet import Colours, Sheet, cloud, pen_colour, plain_paper, print_colour


def cloth(height: int, width: int, rng: Generator) -> Colours:
    """Dark cloth: its weave, its hanging folds, a light that falls off."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    pitch, turn = rng.uniform(2.2, 7), rng.uniform(-0.5, 0.5)
    along, beside = across * np.cos(turn) + down * np.sin(turn), down * np.cos(turn) - across * np.sin(turn)
    weave = np.sin(2 * np.pi * along / pitch) * np.sin(2 * np.pi * beside / (pitch * rng.uniform(0.8, 1.3)))
    hang = np.sin(along / rng.uniform(25, 90) + rng.uniform(0, 6)) * rng.uniform(0, 12)
    shade = rng.uniform(14, 75) + rng.uniform(1, 9) * weave + hang + cloud(height, width, 5, rng)
    return _tinted(shade, rng)


def wood(height: int, width: int, rng: Generator) -> Colours:
    """A table or a wall of wood: long grain, knots' rings, joints between the boards."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    streaks = cv2.resize(
        rng.normal(0, 1, (max(2, height // 2), max(2, width // 90))).astype(np.float32),
        (width, height),
        interpolation=cv2.INTER_CUBIC,
    )
    centre = rng.uniform(0, 1, 2) * (height, width)
    rings = np.sin(np.hypot((down - centre[0]) * 1.0, (across - centre[1]) / 7) / rng.uniform(2, 6))
    shade = rng.uniform(60, 165) + rng.uniform(3, 14) * streaks + rng.uniform(0, 12) * rings
    if rng.random() < 0.6:
        board = rng.uniform(60, 200)
        shade[(down + rng.uniform(0, board)) % board < rng.uniform(1, 3)] -= rng.uniform(20, 60)
    if rng.random() < 0.5:
        shade = cv2.resize(np.rot90(shade).copy(), (width, height))
    warm = np.array((1.12, 0.95, 0.72)) if rng.random() < 0.8 else np.ones(3)
    wooden: Colours = np.clip(shade[:, :, None] * warm, 0, 255).astype(np.float32)
    return wooden


def pattern(height: int, width: int, rng: Generator) -> Colours:
    """A patterned cover: checks, tiles, stripes or dots in two colours."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    pitch = rng.uniform(14, 60)
    kind = rng.integers(4)
    if kind == 0:
        second = ((down // pitch) + (across // pitch)) % 2 == 0
    elif kind == 1:
        second = (down % pitch < 2) | (across % pitch < 2)
    elif kind == 2:
        second = (across + down * rng.uniform(-1, 1)) % pitch < pitch / 2
    else:
        second = np.hypot(down % pitch - pitch / 2, across % pitch - pitch / 2) < pitch * rng.uniform(0.15, 0.4)
    first_colour, second_colour = rng.uniform(20, 190, 3), rng.uniform(20, 190, 3)
    page = np.where(second[:, :, None], second_colour, first_colour)
    return np.clip(page + cloud(height, width, 4, rng)[:, :, None], 0, 255).astype(np.float32)


def _tinted(shade: Colours, rng: Generator) -> Colours:
    tint = 1 + rng.normal(0, 0.12, 3)
    return np.clip(shade[:, :, None] * tint, 0, 255).astype(np.float32)


GROUNDS: tuple[Callable[[int, int, Generator], Colours], ...] = (cloth, wood, pattern)


def sheet_on_ground(writers: Writers, rng: Generator) -> DrawnPage:
    """A light sheet with numbers on dark cloth, wood or a pattern, with a margin of it in view all around."""
    height = float(np.clip(digit_height(rng), 18, 60))
    sheet = Sheet(*page_size(height, rng))
    scatter(sheet, Scribe.random(writers, height, rng), any_digits, rng)
    paper = plain_paper(sheet.height, sheet.width, rng)
    picture = sheet.on_paper(paper, pen_colour(rng), print_colour(rng), rng)
    laid = _laid(picture, GROUNDS[rng.choice(3, p=(0.45, 0.35, 0.2))], rng)
    return scanned("sheet on a ground", laid, replace(Scan.random(rng), turn=0.0), rng)


def _laid(picture: Picture, ground: Callable[[int, int, Generator], Colours], rng: Generator) -> Picture:
    """Lay a sheet on a ground, a little turned, with a margin of 4 to 20 % on each side and its shadow."""
    height, width = picture.pixels.shape[:2]
    margins = rng.uniform(0.05, 0.2, 4) * max(height, width) + 4
    size = (int(width + margins[0] + margins[1]), int(height + margins[2] + margins[3]))
    turn = float(np.clip(rng.normal(0, 1.2), -3, 3))
    matrix = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1.0), np.float64)
    matrix[:, 2] += (margins[0], margins[2])
    cover = cv2.warpAffine(np.ones((height, width), np.float32), matrix, size)[:, :, None]
    shadow = cv2.GaussianBlur(cover, (0, 0), rng.uniform(2, 8))[:, :, None]
    under = ground(size[1], size[0], rng) * (1 - rng.uniform(0.1, 0.5) * shadow)
    above = cv2.warpAffine(picture.pixels, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    pixels = (under * (1 - cover) + above * cover).astype(np.float32)
    placed = [
        Outline(one.value, (one.points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)) for one in picture.outlines
    ]
    return Picture(pixels, tuple(placed))
