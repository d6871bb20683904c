"""A queue of files in which a worker sees a message whole or not at all.

Kombu opens a message's file under its final name and writes into it afterwards. A worker that looks in between reads an
empty message; that ends the worker and loses the message.
"""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Kombu's channel of files, which writes a message under another name and renames the finished file."""

    # Kombu's channel of files and its base class name these parameters differently.
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        """Add a message.

        Raises:
            ChannelError: The folder cannot be written to.
        """
        # Kombu finds a message by this name: its time, then its queue.
        whole = Path(self.data_folder_out) / f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        unfinished = whole.with_name(f"{whole.name}.unfinished")
        try:
            unfinished.write_text(dumps(payload), "utf-8")
            unfinished.rename(whole)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise ChannelError(f"Cannot add {whole.name} to the queue") from error

    def get_table(self, exchange: str) -> list[Any]:
        """Each exchange leads to the queue of its own name. Kombu reads that from a file.

        A process that is killed while it writes that file would leave it empty, and so would a full disk. Then nobody
        could send.
        """
        return [(exchange, "", exchange)]

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str) -> None:
        """Nothing has to be written down."""


class Transport(filesystem.Transport):
    """Kombu's transport over files, with the channel above."""

    Channel = Channel


TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
