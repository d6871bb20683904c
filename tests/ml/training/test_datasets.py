import gzip
import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ml.training import datasets
from ml.training.datasets import (
    Digits,
    WrongChecksum,
    concatenate,
    load_courtesy_amounts,
    load_femnist,
    load_letters,
    load_mnist,
    load_scripts,
    split,
)

IMAGES, LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"


@pytest.fixture
def mnist_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Three digits in MNIST's format; their checksums stand in for the real ones, which three digits cannot have."""
    folder = tmp_path / "published"
    folder.mkdir()
    images = np.full((3, 28, 28), 255, np.uint8)
    contents = {IMAGES: b"\0" * 16 + images.tobytes(), LABELS: b"\0" * 8 + bytes([3, 1, 4])}
    for name, content in contents.items():
        (folder / name).write_bytes(gzip.compress(content))
        monkeypatch.setitem(datasets.CHECKSUMS, name, hashlib.sha256(content).hexdigest())
    return folder


@pytest.fixture
def mirror(mnist_files: Path) -> Iterator[tuple[str, list[str]]]:
    """A real HTTP server with those files: its address, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(mnist_files))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_digits_are_read_from_a_folder(mnist_files: Path) -> None:
    found = load_mnist("train", mnist_files)
    assert found.pixels.shape == (3, 28, 28)
    assert found.pixels.dtype == np.float32
    assert found.pixels.max() == 1.0
    assert found.labels.tolist() == [3, 1, 4]


def test_digits_are_downloaded_once_and_then_kept(mirror: tuple[str, list[str]], tmp_path: Path) -> None:
    url, asked = mirror
    cache = tmp_path / "cache"
    for _ in range(2):
        assert load_mnist("train", None, url, cache).labels.tolist() == [3, 1, 4]
    assert sorted(asked) == [f"/{IMAGES}", f"/{LABELS}"]
    assert sorted(file.name for file in cache.iterdir()) == [IMAGES, LABELS]


def test_download_address_can_come_from_the_environment(
    mirror: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_MNIST_URL", mirror[0] + "/")
    assert len(load_mnist("train", None, cache=tmp_path / "cache").labels) == 3


@pytest.mark.parametrize("wrong", [gzip.compress(b"other digits"), b"<html>not found</html>", b""])
def test_wrong_download_is_refused_and_not_kept(
    mirror: tuple[str, list[str]], mnist_files: Path, tmp_path: Path, wrong: bytes
) -> None:
    (mnist_files / IMAGES).write_bytes(wrong)
    cache = tmp_path / "cache"
    with pytest.raises(WrongChecksum, match=IMAGES):
        load_mnist("train", None, mirror[0], cache)
    assert not cache.exists()


def test_damaged_file_in_a_folder_is_refused(mnist_files: Path) -> None:
    whole = (mnist_files / IMAGES).read_bytes()
    (mnist_files / IMAGES).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WrongChecksum):
        load_mnist("train", mnist_files)


def test_held_out_digits_are_never_trained_on() -> None:
    numbered = Digits(np.arange(60_000, dtype=np.float32).reshape(-1, 1, 1), np.zeros(60_000, np.int64))
    train, held_out = split(numbered)
    assert (len(train.labels), len(held_out.labels)) == (55_000, 5_000)
    assert not set(train.pixels.ravel()) & set(held_out.pixels.ravel())


def test_split_is_the_same_every_time() -> None:
    numbered = Digits(np.arange(100, dtype=np.float32).reshape(-1, 1, 1), np.zeros(100, np.int64))
    first, second = split(numbered, 10)[1], split(numbered, 10)[1]
    assert first.pixels.ravel().tolist() == second.pixels.ravel().tolist()


def test_no_letters_without_a_folder(tmp_path: Path) -> None:
    assert load_letters(None).pixels.shape == load_letters(tmp_path).pixels.shape == (0, 28, 28)


def test_a_data_folder_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COUNTERSIGN_DATA", str(tmp_path / "mistyped"))
    with pytest.raises(FileNotFoundError, match="mistyped"):
        datasets.data_folder()


@pytest.mark.data
def test_each_drawing_of_a_letter_stands_once() -> None:
    folder = datasets.data_folder()
    if folder is None or not (folder / "not-digits").is_dir():
        pytest.skip("COUNTERSIGN_DATA holds no not-digits/ folder")
    letters = load_letters(folder)
    assert len({picture.tobytes() for picture in letters.pixels}) == len(letters.pixels) > 8_000
    assert set(datasets.MEASURE_ONLY) < set(letters.alphabets)


def test_courtesy_amounts_leave_out_what_nobody_can_read_and_keep_equal_numbers_in_one_half(tmp_path: Path) -> None:
    images = tmp_path / "courtesy-amounts" / "images"
    images.mkdir(parents=True)
    rows = [{"file": f"{number}.jpg", "text": "351" if number < 8 else "60", "boxes": None} for number in range(12)]
    rows[0]["doubtful"] = "1 or 7"
    del rows[-1]["boxes"]  # as in the set to report on
    (images.parent / "labels.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    for row in rows:
        (images / str(row["file"])).write_bytes(str(row["file"]).encode())
    amounts = load_courtesy_amounts(tmp_path)
    assert [amount.name for amount in amounts] == [row["file"] for row in rows[1:]]
    assert all(amount.data == amount.name.encode() for amount in amounts)
    assert len({amount.first_half for amount in amounts if amount.digits == "351"}) == 1
    assert load_courtesy_amounts(tmp_path / "elsewhere") == load_courtesy_amounts(None) == []


def test_more_digits_are_ink_on_paper_and_none_where_there_are_none(tmp_path: Path) -> None:
    folder = tmp_path / "more-digits"
    folder.mkdir()
    white = np.full((3, 28, 28), 255, np.uint8)
    white[:, 10, 10] = 0
    np.savez(folder / "femnist-digits.npz", X=white, y=np.array([3, 5, 9]))
    digits = load_femnist(tmp_path)
    assert digits.pixels.dtype == np.float32
    assert digits.pixels[:, 10, 10].tolist() == [1.0] * 3
    assert digits.pixels.sum() == 3
    assert digits.labels.tolist() == [3, 5, 9]
    assert len(load_femnist(None).labels) == 0


def test_sets_of_digits_become_one(digits: Digits) -> None:
    both = concatenate(digits, digits)
    assert len(both.labels) == 2 * len(digits.labels) == len(both.pixels)


def test_other_scripts_are_ink_on_paper_and_none_where_there_are_none(tmp_path: Path) -> None:
    assert load_scripts(None, "train") == load_scripts(tmp_path, "train") == {}
    (tmp_path / "scripts").mkdir()
    page = np.full((2, 32, 32), 255, np.uint8)
    page[:, 10:20, 10:20] = 0
    arrays = {
        f"{script}_{name}_{part}": page if name == "X" else np.array([3, 8], np.uint8)
        for script in ("bangla", "devanagari", "telugu")
        for name in "Xy"
        for part in ("train", "test")
    }
    np.savez(tmp_path / "scripts" / "indic-cmaterdb.npz", **arrays)
    scripts = load_scripts(tmp_path, "test")
    assert set(scripts) == {"Bangla", "Devanagari"}
    assert scripts["Bangla"].labels.tolist() == [3, 8]
    assert scripts["Bangla"].pixels[0, 15, 15] == 1.0
    assert scripts["Bangla"].pixels[0, 0, 0] == 0.0
