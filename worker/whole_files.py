"""The queue of files, in which a message is seen whole or not at all.

Kombu opens a message's file under its name and writes into it then: a worker that looks in between reads an empty
message, which ends the worker and loses the message.
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
    """Kombu's, which writes elsewhere and moves what is whole."""

    # In kombu the channel of files and its base class name these differently.
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        """Add a message.

        Raises:
            ChannelError: The folder cannot be written to.
        """
        # Named as kombu does: its age, then the queue, by which others find it.
        whole = Path(self.data_folder_out) / f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        unfinished = whole.with_name(f"{whole.name}.unfinished")
        try:
            unfinished.write_text(dumps(payload), "utf-8")
            unfinished.rename(whole)
        except OSError as error:
            raise ChannelError(f"Cannot add {whole.name} to the queue") from error


class Transport(filesystem.Transport):
    """Kombu's, with that channel."""

    Channel = Channel


TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
