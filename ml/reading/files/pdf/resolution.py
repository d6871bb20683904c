"""At which resolution pages of a PDF are drawn, and how many pixels they have then."""

from __future__ import annotations

import math

from ml.reading.files.constants import PDF
from ml.reading.files.headers import BadHeader

_POINTS_AN_INCH = 72
"""The unit in which a PDF gives its pages' sides is a point."""


def dpi_of(
    width_points: float,
    height_points: float,
    most_pixels: int,
    *,
    least_dpi: float = 0.0,
    wanted_dpi: float = PDF.rendering_dpi,
) -> float:
    """Dots an inch at which a page is drawn: those that are wanted, or fewer, so that it has at most `most_pixels`.

    Args:
        width_points: Width of the page in points.
        height_points: Height of the page in points.
        most_pixels: Most pixels of the drawn page.
        least_dpi: Dots an inch below which a page is not drawn, even if it then has more pixels.
        wanted_dpi: Dots an inch at which it is drawn if it can be.
    """
    square_inches = width_points * height_points / _POINTS_AN_INCH**2
    if not (math.isfinite(square_inches) and square_inches > 0):
        return PDF.rendering_dpi
    fitting = math.sqrt(most_pixels * PDF.share_of_limit / square_inches)
    dpi = min(wanted_dpi, max(least_dpi, fitting))
    # The sides are rounded up, which counts where one of them is hardly a pixel.
    while dpi > least_dpi and math.prod(_sides(width_points, height_points, dpi)) > most_pixels:
        dpi = max(least_dpi, dpi * PDF.coarser)
    return dpi


def dpi_with(pictured: float | None, width_points: float, height_points: float, most_pixels: int) -> float:
    """Dots an inch at which a page is drawn, given those of the pictures that it consists of.

    Pictures are drawn dot by dot, or at half their resolution if that fits in `most_pixels`, or as finely as fits. A
    page without pictures is drawn at `PDF.rendering_dpi`; one of a few points more finely, so that it can be read.

    Args:
        pictured: Dots an inch of the pictures; None where other things than pictures stand on the page.
        width_points: Width of the page in points.
        height_points: Height of the page in points.
        most_pixels: Most pixels of the drawn page.
    """
    if pictured is None:
        longer = max(width_points, height_points)
        pictured = PDF.least_side * _POINTS_AN_INCH / longer if longer > 0 else 0.0
    wanted = max(float(PDF.rendering_dpi), pictured)
    fitting = dpi_of(width_points, height_points, most_pixels, wanted_dpi=wanted)
    return wanted / 2 if fitting < wanted and max(PDF.rendering_dpi, wanted / 2) <= fitting else fitting


def size_in_pixels(width_points: float, height_points: float, most_pixels: int) -> tuple[int, int]:
    """Width and height of a page in pixels, rounded up, if it is drawn at `PDF.rendering_dpi` or, to fit, coarser.

    Raises:
        BadHeader: The page has no size.
    """
    if not (math.isfinite(width_points) and math.isfinite(height_points)):
        raise BadHeader("a page without a size")
    dpi = dpi_of(width_points, height_points, most_pixels, least_dpi=PDF.least_dpi)
    return _sides(width_points, height_points, dpi)


def _sides(width_points: float, height_points: float, dpi: float) -> tuple[int, int]:
    return math.ceil(width_points * dpi / _POINTS_AN_INCH), math.ceil(height_points * dpi / _POINTS_AN_INCH)
