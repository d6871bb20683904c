"""Pages of numbers alone: scattered on paper, small ones, those at the edge, and those whose strokes are broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from ml.training.fields.digits import Writers
from ml.training.pages.page import DrawnPage
from ml.training.pages.scan import Scan, scanned
from ml.training.pages.scribe import Scribe, value_of
from ml.training.pages.sheet import Ink, Sheet, pen_colour, plain_paper, print_colour, ruled
from ml.training.synthesis.signs import print_word
from ml.training.synthesis.typefaces import printed, split_faces, typefaces

Text = Callable[[Generator], str]
"""Chooses the next number's text."""


def plain_numbers(writers: Writers, rng: Generator) -> DrawnPage:
    """Numbers of one to seven digits on plain or ruled paper, in three to seven rows."""
    return page_of("plain numbers", any_digits, writers, rng)


def page_of(kind: str, text: Text, writers: Writers, rng: Generator) -> DrawnPage:
    """A page of scattered numbers.

    Args:
        kind: The page's kind.
        text: Chooses each number.
        writers: The real digits.
        rng: Decides everything.
    """
    height = digit_height(rng)
    sheet = Sheet(*page_size(height, rng))
    scatter(sheet, Scribe.random(writers, height, rng), text, rng)
    return finished(kind, sheet, Scan.random(rng), rng)


def finished(kind: str, sheet: Sheet, scan: Scan, rng: Generator) -> DrawnPage:
    """Lay a sheet on plain paper and scan it."""
    paper = plain_paper(sheet.height, sheet.width, rng)
    return scanned(kind, sheet.on_paper(paper, pen_colour(rng), print_colour(rng), rng), scan, rng)


def any_digits(rng: Generator) -> str:
    """One to seven digits; noughts may lead."""
    return digits(int(rng.choice(np.arange(1, 8), p=(0.08, 0.17, 0.2, 0.2, 0.15, 0.12, 0.08))), rng)


def digits(count: int, rng: Generator) -> str:
    """So many digits at random."""
    return "".join(map(str, rng.integers(0, 10, count)))


def digit_height(rng: Generator) -> float:
    """The height of a page's digits, 16 to 90 pixels, most of them as on a scan at 150 to 300 dpi."""
    return float(np.exp(rng.uniform(np.log(16), np.log(90))))


def page_size(digit: float, rng: Generator) -> tuple[int, int]:
    """Height and width of a page in pixels, with room for a long number of digits `digit` pixels high."""
    return max(int(rng.integers(320, 620)), round(6 * digit)), max(int(rng.integers(420, 760)), round(13 * digit))


def scatter(sheet: Sheet, scribe: Scribe, text: Text, rng: Generator) -> None:
    """Write numbers in rows, some rows on rules, each number well apart from the next."""
    pitch = scribe.height * rng.uniform(2.1, 3.2)
    top = scribe.height * rng.uniform(0.8, 1.4)
    if rng.random() < 0.3:
        ruled(sheet, pitch, top + 1.3 * scribe.height, rng)
    rows = 0
    while top + 1.8 * scribe.height < sheet.height and rows < 8:
        foot = _write_row(sheet, scribe, text, top, rng)
        top, rows = max(top + pitch, foot + 0.5 * scribe.height), rows + 1


def _write_row(sheet: Sheet, scribe: Scribe, text: Text, top: float, rng: Generator) -> float:
    """Write up to three numbers in a row, their feet about on one line; returns the row below the lowest one's ink."""
    foot = top
    at = scribe.height * rng.uniform(0.8, 2.5)
    for _ in range(int(rng.integers(1, 4))):
        written = text(rng)
        body = scribe.write(written, rng)
        if at + body.shape[1] + 0.6 * scribe.height > sheet.width:
            break
        own_top = top + max(0.0, 1.15 * scribe.height - body.shape[0])
        sheet.write(body, at, own_top, value_of(written))
        foot = max(foot, own_top + body.shape[0])
        at += body.shape[1] + scribe.height * rng.uniform(2, 4)
    return foot


def small_digits(writers: Writers, rng: Generator) -> DrawnPage:
    """Digits of 8 to 14 pixels: of a page that was reduced, half of them blurred by JPEG besides."""
    large = rng.uniform(32, 44)
    sheet = Sheet(int(rng.integers(700, 1000)), int(rng.integers(800, 1200)))
    scatter(sheet, Scribe.random(writers, large, rng), any_digits, rng)
    quality = int(rng.choice((100, int(rng.integers(20, 60)))))
    scan = replace(Scan.random(rng), scale=rng.uniform(8, 14) / large, quality=quality, blur=rng.uniform(0.3, 0.6))
    return finished("small digits", sheet, scan, rng)


def at_the_edge(writers: Writers, rng: Generator) -> DrawnPage:
    """Numbers close to the page's edges, and numbers that an edge cuts through: nothing may pass of those."""
    height = rng.uniform(18, 60)
    scribe = Scribe.random(writers, height, rng)
    sheet = Sheet(round(height * rng.uniform(7, 10)), round(height * rng.uniform(10, 16)))
    for side in ("left", "right", "top", "bottom"):
        text = digits(int(rng.integers(2, 6)), rng)
        body = scribe.write(text, rng)
        sheet.write(body, *_beside(side, sheet, body, height, rng), text)
    return finished("at the edge", sheet, replace(Scan.random(rng), turn=0.0), rng)


def _beside(side: str, sheet: Sheet, body: Ink, digit: float, rng: Generator) -> tuple[float, float]:
    """Left and top of a number at an edge: half of them are cut, through the ink of a digit."""
    tall, wide = body.shape
    across, down = (sheet.width - wide) * rng.uniform(0.4, 0.6), (sheet.height - tall) * rng.uniform(0.45, 0.55)
    beyond = _cut(side, body, digit, rng) if rng.random() < 0.5 else -rng.uniform(3, 10)
    places = {
        "left": (-beyond, down),
        "right": (sheet.width - wide + beyond, down),
        "top": (across, -beyond),
        "bottom": (across, sheet.height - tall + beyond),
    }
    return places[side]


def _cut(side: str, body: Ink, digit: float, rng: Generator) -> float:
    """How much of a number lies beyond an edge, in pixels: a third of a digit to a whole one.

    The edge goes through ink. Between two digits it would leave a number that nobody could know to be cut.
    """
    seen_from = {"left": body.max(axis=0), "right": body.max(axis=0)[::-1]}
    across = seen_from.get(side, np.ones(body.shape[0], np.float32))
    inked = np.flatnonzero(across > 0.6)
    within = inked[(inked >= 0.3 * digit) & (inked <= (1.0 if side in seen_from else 0.7) * digit)]
    return float(rng.choice(within if len(within) else inked[len(inked) // 2 :]))


def broken_strokes(writers: Writers, rng: Generator) -> DrawnPage:
    """Numbers with a digit whose stroke is interrupted, as a dry pen or a coarse scanner leaves it."""
    scribe = Scribe.random(writers, digit_height(rng), rng)
    sheet = Sheet(*page_size(scribe.height, rng))
    scatter(sheet, scribe, any_digits, rng)
    for _ in range(int(sheet.width * sheet.height / (9 * scribe.height**2))):
        interrupt(sheet, scribe.height, rng)
    return finished("broken strokes", sheet, Scan.random(rng), rng)


def interrupt(sheet: Sheet, digit: float, rng: Generator) -> None:
    """Take a narrow slanting piece out of whatever is written at a place."""
    rows, columns = np.nonzero(sheet.ink > 0.5)
    at = rng.integers(len(rows))
    gap = max(2, round(digit * rng.uniform(0.05, 0.12)))
    reach = round(digit * rng.uniform(0.12, 0.2))
    down, across = np.ogrid[: sheet.height, : sheet.width]
    turn = rng.uniform(0, np.pi)
    along = (across - columns[at]) * np.cos(turn) + (down - rows[at]) * np.sin(turn)
    beside = (down - rows[at]) * np.cos(turn) - (across - columns[at]) * np.sin(turn)
    sheet.ink[(np.abs(along) < reach) & (np.abs(beside) < gap / 2)] = 0


def printed_beside_written(writers: Writers, rng: Generator) -> DrawnPage:
    """A form's rows: a printed number or word on the left, and on most rows a handwritten number well apart from it.

    The form's own numbers are no answers, so they must not pass.
    """
    height = float(np.clip(digit_height(rng), 16, 60))
    scribe, sheet = Scribe.random(writers, height, rng), Sheet(*page_size(height, rng))
    size, column = max(10, round(height * rng.uniform(0.45, 0.9))), sheet.width * rng.uniform(0.45, 0.6)
    _, faces = split_faces(typefaces())
    face = faces[int(rng.integers(len(faces)))]
    top = height * rng.uniform(0.8, 1.4)
    while top + 1.8 * height < sheet.height:
        _print_label(sheet, size, top + height - size, column - 1.5 * height, face, rng)
        if rng.random() < 0.85:
            text = digits(int(rng.integers(1, 6)), rng)
            body = scribe.write(text, rng)
            if column + body.shape[1] < sheet.width - 2:
                sheet.write(body, column, top + max(0.0, 1.1 * height - body.shape[0]), text)
        top += height * rng.uniform(1.9, 2.4)
    return finished("printed beside written", sheet, Scan.random(rng), rng)


def _print_label(sheet: Sheet, size: int, top: float, room: float, face: str, rng: Generator) -> None:
    """Print a number, or a word, `size` pixels high, where it fits into `room` pixels."""
    if rng.random() < 0.7:
        body = printed(digits(int(rng.integers(1, 7)), rng), size, face, rng)
    else:
        body = print_word(str(rng.choice(("Total", "Name", "Class", "Date", "Hours"))), size, rng)
    if size + body.shape[1] < room:
        sheet.print_on(body, size, top)
