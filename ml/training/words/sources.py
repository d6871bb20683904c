"""What lines are composed of: fonts of handwriting, typefaces and digits, known ones and such as are kept unseen."""

from __future__ import annotations

from pathlib import Path

from ml.training.datasets import data_folder, load_mnist, mnist_folder, split
from ml.training.fields.digits import Writers
from ml.training.synthesis.typefaces import typefaces
from ml.training.words.fonts import hand_fonts, split_families, typed_fonts
from ml.training.words.lines import Sources

_EVERY = 5
"""One of so many families of fonts is kept unseen."""

_FACES, _FACES_SEED, _OTHER_FACES_SEED = 60, 1, 91
"""Typefaces to print with."""


def known_and_unseen(fonts: Path) -> tuple[Sources, Sources]:
    """What to train and calibrate with, and what to measure with: other families, typefaces and digits.

    Raises:
        FileNotFoundError: The folder holds no font of handwriting.
    """
    digits, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    known, unseen = split_families(hand_fonts(fonts), _EVERY)
    faces = typed_fonts(typefaces(), _FACES, _FACES_SEED)
    other_faces = [face for face in typed_fonts(typefaces(), _FACES, _OTHER_FACES_SEED) if face not in faces]
    return Sources(known, faces, Writers(digits)), Sources(unseen, other_faces, Writers(held_out))
