"""The embedded queue: a message that is being written is not seen."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from django.conf import settings
from kombu import Connection
from kombu.exceptions import ChannelError

from tests.fixtures_servers import small_disk
from worker.app import app


def channel_in(folder: str) -> Any:
    """The embedded queue's, in a folder of its own."""
    folders = dict.fromkeys(("data_folder_in", "data_folder_out", "control_folder"), folder)
    return Connection("filesystem://localhost", transport_options=folders).channel()


class Looking:
    """A part of a message; while it is written, somebody looks for messages."""

    def __init__(self, channel: Any) -> None:
        self.channel, self.looked = channel, False

    def __json__(self) -> str:
        with pytest.raises(Empty):
            self.channel._get("documents")
        self.looked = True
        return "whole"


def test_who_looks_while_a_message_is_written_finds_it_later_and_whole(tmp_path: Path) -> None:
    writer, reader = (channel_in(str(tmp_path)) for _ in range(2))
    body = Looking(reader)
    writer._put("documents", {"body": body})
    assert body.looked
    assert reader._size("documents") == 1
    assert reader._get("documents") == {"body": "whole"}
    assert reader._size("documents") == 0


def test_what_a_writer_that_died_left_behind_is_no_message(tmp_path: Path) -> None:
    (tmp_path / "1_2.documents.msg.unfinished").write_text("{")
    channel = channel_in(str(tmp_path))
    with pytest.raises(Empty):
        channel._get("documents")
    assert channel._size("documents") == 0


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    channel = channel_in(str(tmp_path / "gone"))
    with pytest.raises(ChannelError, match="Cannot add"):
        channel._put("documents", {})


def test_what_a_process_that_died_left_half_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "documents.exchange").write_text("")
    folders = dict.fromkeys(("data_folder_in", "data_folder_out", "control_folder"), str(tmp_path))
    with Connection("filesystem://localhost", transport_options=folders) as connection:
        queue = connection.SimpleQueue("documents")
        queue.put({"a": "message"})
        assert queue.get(timeout=5).payload == {"a": "message"}


def test_a_message_that_finds_no_room_leaves_nothing_behind(tmp_path: Path) -> None:
    channel = channel_in(str(tmp_path))
    with small_disk(tmp_path, "64k"):
        with (tmp_path / "filler").open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        with pytest.raises(ChannelError, match="Cannot add"):
            channel._put("documents", {"body": "x" * 10_000})
        assert [path.name for path in tmp_path.iterdir()] == ["filler"]


@pytest.mark.skipif(not settings.EMBEDDED, reason="on Redis there are no files")
def test_the_embedded_site_sends_through_it() -> None:
    with app.connection_for_write() as connection:
        assert type(connection.transport).__module__ == "worker.whole_files"
