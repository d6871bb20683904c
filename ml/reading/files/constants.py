"""Constants of the files room: how much of a file is looked at, and at which resolution pages of a PDF are drawn.

How large a file, a page and a document may be is an operator's setting: see `ml.reading.elements.Limits`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye, measured, standard


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
    most_segments: int = by_eye(
        10_000,
        "segments",
        (1000, 100_000),
        "A JPEG's profiles and comments stand in segments of up to 64 kB. Millions of empty ones take seconds to walk.",
    )
    most_blocks: int = by_eye(
        100_000,
        "blocks",
        (10_000, 1_000_000),
        "A GIF's comments stand in blocks of up to 255 bytes. Millions of empty ones take seconds to walk.",
    )


@dataclass(frozen=True, slots=True)
class MemoryConstants(Constants):
    """What a decoder needs that holds several copies of a picture. Others manage with `BOX.bytes_a_pixel`."""

    webp: float = measured(
        16.0,
        "bytes a pixel",
        (8, 32),
        "libwebp's decoder of animations holds two canvases: 620 MB for a picture of 40 million pixels.",
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
    least_side: int = by_eye(
        600,
        "pixels",
        (300, 2000),
        "The longer side of a page of a few points is drawn so large, or its digits are lost.",
    )
    least_pictured: float = by_eye(
        0.5,
        "share",
        (0.3, 0.9),
        "Pictures that cover so much of what stands on a page decide at which resolution it is drawn. A logo does not.",
    )
    ground: float = by_eye(
        0.9,
        "share",
        (0.5, 1.0),
        "A drawn area that covers so much of a page is its ground, and nothing that stands on it.",
    )
    most_objects: int = by_eye(
        5000,
        "objects",
        (500, 50_000),
        "A page is looked at so far for pictures and typed words: each object takes some millionths of a second.",
    )
    most_depth: int = by_eye(8, "forms", (3, 15), "Forms within forms are looked into so deep.")
    dot_by_dot: float = by_eye(
        0.9999,
        "share",
        (0.999, 1.0),
        "So little coarser a page's sides are not rounded up to a dot more than its scan has.",
    )
    most_unit_bytes: int = by_eye(
        262_144, "bytes", (65_536, 8_388_608), "So much of a compressed stream is looked at for a page's unit."
    )
    most_unit_streams: int = by_eye(
        256, "streams", (16, 4096), "So many compressed streams are looked at for a page's unit."
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
    coarser: float = by_eye(
        0.9, "share", (0.5, 0.99), "A page that is hardly a pixel high is drawn more coarsely in such steps."
    )


@dataclass(frozen=True, slots=True)
class TypedConstants(Constants):
    """How much typed text of a page is handed on, and when it is seen."""

    most_words: int = by_eye(4000, "words", (500, 20_000), "A page of small print has a thousand words.")
    most_letters: int = by_eye(
        32, "letters", (16, 100), "A longer word is no number. It is left out: a part of it would be another number."
    )
    most_signs: int = by_eye(100_000, "letters", (10_000, 1_000_000), "A page's text is looked at so far.")
    most_fields: int = by_eye(500, "fields", (50, 5000), "A form's page has so many fields at most.")
    mark_letters: int = by_eye(16, "letters", (4, 64), "So much of a mark's name is looked at. A layer's is \"OC\".")
    least_contrast: int = by_eye(
        48, "steps of grey", (16, 128), "A word that stands out less from what is around it is not meant to be seen."
    )


@dataclass(frozen=True, slots=True)
class BoxConstants(Constants):
    """What a file's child process may take. How many pixels and seconds is an operator's setting."""

    answer_bytes: int = by_eye(
        2_097_152, "bytes", (65_536, 16_777_216), "The longest answer of a child: a page full of typed words."
    )
    own_bytes: int = by_eye(
        268_435_456,
        "bytes",
        (67_108_864, 1_073_741_824),
        "The decoders' tables, and the fonts, streams and masks of an honest PDF, need no more beside the pixels.",
    )
    bytes_a_pixel: int = by_eye(
        8,
        "bytes a pixel",
        (4, 32),
        "A decoded pixel takes 4 bytes. A progressive JPEG's coefficients, or a copy for an alpha channel, 4 more.",
    )
    wall_share: float = by_eye(
        1.4,
        "share",
        (1.0, 3.0),
        "On a busy machine a child waits for a processor, so it is given more time by the clock.",
    )
    header_seconds: int = by_eye(
        5, "seconds", (1, 30), "Sizes stand in the header, and whoever uploads a file waits for them."
    )
    late_seconds: float = by_eye(
        15.0, "seconds", (1.0, 60.0), "So much after its time a child ends itself, should nobody be left to kill it."
    )


@dataclass(frozen=True, slots=True)
class PictureConstants(Constants):
    """What a picture's file says beside its pixels: their shape, their depth, and where it is clear."""

    least_stretch: float = by_eye(
        1.5,
        "times",
        (1.2, 1.9),
        "Faxes have 204 × 98 or 200 × 100 dots an inch. Less unequal ones (204 × 196) are read as they are.",
    )
    most_stretch: float = by_eye(
        2.5, "times", (2.1, 4.0), "Resolutions that are more unequal were stored by mistake: the pixels are square."
    )
    visible_from: int = by_eye(
        64, "steps of opacity", (16, 192), "What is clearer than this is the ground, and its colour means nothing."
    )
    light_from: int = by_eye(
        192, "grey", (150, 240), "Ink that is nowhere darker than this cannot be seen on white paper."
    )
    dark_ground: int = by_eye(
        96, "grey", (64, 128), "On it light ink stands out. A darker ground would be taken for a badly lit paper."
    )
    least_depth_used: float = by_eye(
        0.75,
        "share",
        (0.5, 0.95),
        "Paper fills so much of the 10 or 12 bits that a scanner has. Of a dark scan of 16 bits nothing lies there.",
    )


@dataclass(frozen=True, slots=True)
class LoadConstants(Constants):
    """At which size pages are read, and which resolutions of a file are believed."""

    most_pixels: int = by_eye(
        25_000_000,
        "pixels",
        (8_000_000, 80_000_000),
        "A larger page is reduced by a whole factor. A4 at 400 dots an inch has 15 million pixels, and at 600 dots, "
        "35 million, it is read at 300.",
    )

    least_dpi: int = by_eye(
        30, "dots an inch", (10, 72), "A file that claims a lower resolution has it from no scanner."
    )
    most_dpi: int = by_eye(
        10_000, "dots an inch", (2400, 100_000), "A file that claims a higher resolution has it from no scanner."
    )


KINDS = KindConstants()
HEADERS = HeaderConstants()
MEMORY = MemoryConstants()
TIFF = TiffConstants()
PDF = PdfConstants()
TYPED = TypedConstants()
BOX = BoxConstants()
PICTURE = PictureConstants()
LOAD = LoadConstants()
