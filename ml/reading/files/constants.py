"""Constants of the files room: how much of a file is looked at, and at which resolution pages of a PDF are drawn.

How large a file, a page and a document may be is an operator's setting: see `ml.reading.elements.Limits`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye, standard


@dataclass(frozen=True, slots=True)
class KindConstants(Constants):
    """How far into a file its kind is looked for."""

    pdf_header_within: int = standard(
        1024,
        "bytes",
        (512, 4096),
        "A PDF's header may stand behind other bytes, but no later: PDF Reference 1.7, appendix H, note 13.",
    )
    brands_within: int = by_eye(
        256, "bytes", (64, 4096), "The brands of an ISO media file are looked for no farther into its first box."
    )
    name_within: int = by_eye(
        4096, "bytes", (1024, 65536), "A file of no readable kind is named in the refusal by these first bytes."
    )


@dataclass(frozen=True, slots=True)
class HeaderConstants(Constants):
    """Limits on what a header may claim."""

    most_scans: int = by_eye(
        100,
        "scans",
        (20, 1000),
        "Progressive JPEGs have about ten scans; thousands of them make a small file take hours to decode.",
    )


@dataclass(frozen=True, slots=True)
class TiffConstants(Constants):
    """Limits on a TIFF's directories."""

    most_tags: int = by_eye(
        4096, "tags", (256, 65536), "A directory with more tags comes from no honest writer, and takes long to walk."
    )


@dataclass(frozen=True, slots=True)
class PdfConstants(Constants):
    """The resolution at which pages of a PDF are drawn."""

    rendering_dpi: int = by_eye(
        200,
        "dots an inch",
        (150, 400),
        "Pages are drawn at this resolution, at which a pen's strokes and the MICR line stay legible.",
    )
    least_dpi: int = by_eye(
        72, "dots an inch", (36, 150), "A page larger than the limit is drawn more coarsely, down to this resolution."
    )
    share_of_limit: float = by_eye(
        0.99,
        "share",
        (0.7, 1.0),
        "A page drawn more coarsely fills this share of the limit, because its sides are rounded up.",
    )


@dataclass(frozen=True, slots=True)
class LoadConstants(Constants):
    """Which resolutions of a file are believed."""

    least_dpi: int = by_eye(
        30, "dots an inch", (10, 72), "A file that claims a lower resolution has it from no scanner."
    )
    most_dpi: int = by_eye(
        10_000, "dots an inch", (2400, 100_000), "A file that claims a higher resolution has it from no scanner."
    )


KINDS = KindConstants()
HEADERS = HeaderConstants()
TIFF = TiffConstants()
PDF = PdfConstants()
LOAD = LoadConstants()
