"""What lines are composed of: fonts of handwriting, typefaces and digits, known ones and such as are kept unseen."""

from __future__ import annotations

from pathlib import Path

from ml.training.datasets import data_folder, load_mnist, mnist_folder, split
from ml.training.fields.digits import Writers
from ml.training.synthesis.typefaces import typefaces
from ml.training.words.fonts import hand_fonts, split_families, typed_fonts
from ml.training.words.lines import Sources

_EVERY = 5
"""One of so many families of fonts, and of typefaces, is kept unseen."""

_FACES, _SEED = 60, 1
"""Typefaces to print with, of those that the machine has."""


def known_and_unseen(fonts: Path) -> tuple[Sources, Sources]:
    """What to train and calibrate with, and what to measure with: other families, typefaces and digits.

    Raises:
        FileNotFoundError: The folder holds no font of handwriting.
    """
    digits, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    known, unseen = split_families(hand_fonts(fonts), _EVERY)
    faces = [face for at, face in enumerate(typefaces()) if at % _EVERY]
    other_faces = typefaces()[::_EVERY]
    return (
        Sources(known, typed_fonts(faces, _FACES, _SEED), Writers(digits)),
        Sources(unseen, typed_fonts(other_faces, _FACES, _SEED), Writers(held_out)),
    )
