"""Drawn sheets, laid on tables through known homographies, and photographed."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.sheets.sheet import Sheet

Picture = NDArray[np.float32]
TABLES = {"dark": (45, 42, 40), "wood": (150, 105, 65), "blue": (60, 80, 130), "lid": (10, 10, 10)}
PAPERS = {"white": (240, 240, 236), "cream": (238, 228, 196), "green": (205, 226, 208)}


def page_of(picture: NDArray[np.generic]) -> Page:
    return Page(np.ascontiguousarray(np.clip(picture, 0, 255).astype(np.uint8)), 1, 200.0, "")


def drawn_sheet(
    width: int = 800, height: int = 360, paper: str = "white", frame: bool = True, seed: int = 0
) -> Picture:
    """A cheque: marks in rows, a rule, and a dark frame printed a little inside its rim."""
    rng = np.random.default_rng(seed)
    sheet = np.full((height, width, 3), PAPERS[paper], np.float32)
    if frame:
        cv2.rectangle(sheet, (16, 14), (width - 17, height - 15), (60, 60, 60), 6)
    for row in range(60, height - 50, 50):
        for left in range(60, width - 120, 26):
            if rng.random() < 0.6:
                start = left, row + int(rng.integers(0, 8))
                cv2.line(sheet, start, (left + int(rng.integers(4, 16)), row + 24), (40, 40, 70), 3, cv2.LINE_AA)
    cv2.line(sheet, (60, height - 100), (width - 80, height - 100), (90, 90, 90), 2)
    return sheet


def table(width: int, height: int, kind: str, seed: int = 0) -> Picture:
    rng = np.random.default_rng(seed)
    top = np.ones((height, width, 3), np.float32) * np.array(TABLES[kind], np.float32)
    if kind == "lid":
        return top
    along, across = (40.0, 1.0) if kind == "wood" else (1.5, 1.5)
    grain = cv2.GaussianBlur(
        rng.normal(0, 1, (height // 2, width // 2)).astype(np.float32), (0, 0), along, sigmaY=across
    )
    texture: Picture = top * (1 + 0.08 * cv2.resize(grain / grain.std(), (width, height)))[:, :, None]
    return texture


def seen_from(width: int, height: int, picture: tuple[int, int], turn: float, tilt: float, fill: float) -> Picture:
    """Where a sheet's corners are in a picture of width × height: turned, then tilted away, in degrees."""
    lean, spin = np.radians(tilt), np.radians(turn)
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64) - (width / 2, height / 2)
    turned = flat @ np.array([[np.cos(spin), np.sin(spin)], [-np.sin(spin), np.cos(spin)]])
    depth = 2.2 * max(width, height) + turned[:, 1] * np.sin(lean)
    points = np.stack([turned[:, 0], turned[:, 1] * np.cos(lean)], axis=1) / depth[:, None]
    points -= (points.min(axis=0) + points.max(axis=0)) / 2
    points *= fill * (np.array(picture) / np.ptp(points, axis=0)).min()
    return (points + np.array(picture) / 2).astype(np.float32)


def laid(picture: Picture, sheet: Picture, corners: Picture) -> None:
    """Put a sheet on a picture, its pixels spread over the four corners (which are pixels' rims, not centres)."""
    height, width = sheet.shape[:2]
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - np.float32(0.5)
    scale = np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1.0]])
    matrix = scale @ cv2.getPerspectiveTransform(source, corners)
    size = picture.shape[1] * 2, picture.shape[0] * 2
    covers = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, size, flags=cv2.INTER_NEAREST)
    seen = cv2.warpPerspective(sheet, matrix, size, borderMode=cv2.BORDER_REPLICATE) * covers[:, :, None]
    half = picture.shape[1::-1]
    covered = cv2.resize(covers, half, interpolation=cv2.INTER_AREA)[:, :, None]
    picture[:] = picture * (1 - covered) + cv2.resize(seen, half, interpolation=cv2.INTER_AREA)


def shot(picture: Picture, light: float = 0.0, blur: float = 0.8, noise: float = 2.0, seed: int = 0) -> Page:
    """Light that falls off to the right by a share, a lens, a sensor."""
    falling = 1 - light * np.linspace(0, 1, picture.shape[1], dtype=np.float32)[None, :, None]
    soft = cv2.GaussianBlur(picture * falling, (0, 0), blur)
    return page_of(soft + np.random.default_rng(seed).normal(0, noise, soft.shape))


def stray(sheet: Sheet, corners: Picture) -> float:
    """How far the worst corner is off, as a share of the diagonal; whichever comes first."""
    diagonal = np.linalg.norm(corners[2] - corners[0])
    offs = [np.linalg.norm(np.roll(sheet.corners, turn, axis=0) - corners, axis=1).max() for turn in range(4)]
    return float(min(offs) / diagonal)


def photo(kind: str = "wood", turn: float = 0.0, tilt: float = 0.0, fill: float = 0.8) -> tuple[Picture, Picture]:
    """A table with a cheque on it, and the cheque's corners."""
    picture, corners = table(1200, 900, kind), seen_from(800, 360, (1200, 900), turn, tilt, fill)
    laid(picture, drawn_sheet(), corners)
    return picture, corners


def column(ground: Picture, count: int = 3, paper: str = "white") -> list[Picture]:
    """Cheques below one another on a picture; their corners."""
    height, width = ground.shape[:2]
    tall = height / count
    places = []
    for number in range(count):
        corners = seen_from(800, 360, (round(0.9 * width), round(tall * 0.9)), 1.5 * number - 2, 0, 0.95)
        corners += np.array((0.05 * width, number * tall + 0.05 * tall), np.float32)
        laid(ground, drawn_sheet(paper=paper, seed=number), corners)
        places.append(corners)
    return places
