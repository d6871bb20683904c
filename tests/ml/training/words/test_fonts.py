"""Fonts of handwriting: which are taken, which are held out, and what is said where there are none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ml.training.words.fonts import HandFont, fonts_folder, hand_fonts, split_families

pytestmark = pytest.mark.training


def package(folder: Path, name: str, typeface: Path, licence: str) -> None:
    """A package as npm unpacks it. (The typeface is no WOFF, but the reader of fonts looks inside.)"""
    place = folder / "node_modules" / "@fontsource" / name
    (place / "files").mkdir(parents=True)
    shutil.copy(typeface, place / "files" / f"{name}-latin-400-normal.woff")
    (place / "package.json").write_text(json.dumps({"version": "5.0.1", "license": licence}))


def test_free_fonts_are_taken_with_their_version_and_licence(tmp_path: Path, typeface: Path) -> None:
    package(tmp_path, "some-hand", typeface, "OFL-1.1")
    package(tmp_path, "another-hand", typeface, "Apache-2.0")
    package(tmp_path, "sold-hand", typeface, "SEE LICENSE IN LICENSE.md")
    package(tmp_path, "rock-salt", typeface, "OFL-1.1")  # its small letters are capitals
    found = hand_fonts(tmp_path)
    assert [font.package for font in found] == ["another-hand", "some-hand"]
    assert [(font.version, font.licence) for font in found] == [("5.0.1", "Apache-2.0"), ("5.0.1", "OFL-1.1")]


def test_a_font_is_measured(typeface: Path) -> None:
    font = HandFont.of(typeface)
    assert 0.4 < font.x_height < 0.7
    assert 0.05 < font.pen < 0.4
    box = font.at(40).getbbox("x")
    assert 36 <= box[3] - box[1] <= 44


def test_without_fonts_the_error_says_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COUNTERSIGN_FONTS", raising=False)
    with pytest.raises(FileNotFoundError, match=r"COUNTERSIGN_FONTS is not set.*docs/decisions/0019"):
        fonts_folder()
    with pytest.raises(FileNotFoundError, match="is no folder"):
        fonts_folder(tmp_path / "missing")
    with pytest.raises(FileNotFoundError, match="holds no font"):
        hand_fonts(tmp_path)


def test_whole_families_are_held_out(typeface: Path) -> None:
    names = ["caveat", "caveat-brush", "delius", "nanum-brush", "nanum-pen", "vibur"]
    fonts = [HandFont.of(typeface, package=name) for name in names]
    shown, held_out = split_families(fonts, every=3)
    assert [font.package for font in held_out] == ["nanum-brush", "nanum-pen"]
    assert len(shown) + len(held_out) == len(fonts)
