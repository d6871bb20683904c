"""The server of boxes: it forks a child for each file, and the child decodes that file alone (see `box.py`).

    python -m ml.reading.files.boxed FD

FD is a socket on which requests for children come. Each has three open files: the line to whoever asks, the bytes of
its file, and the memory for pixels. The server kills a child whose line is closed, and tells how a child ended that did
not end by itself. It ends when its socket is closed.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.reading.errors import RefusedFile
from ml.reading.files import decode
from ml.reading.files.box import REQUEST_BYTES
from ml.reading.files.line import Line
from ml.reading.files.pdf import pages

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
"""Source: unshare(2), <linux/sched.h>."""

_QUESTION_BYTES = 4096
"""The longest question about a file."""


@dataclass(frozen=True, slots=True)
class Child:
    """A child at work, and the server's end of the line to whoever asked for it."""

    pid: int
    line: Line


def serve(control: socket.socket) -> None:
    """Fork children until `control` is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it
    _leave_network()
    Image.init()  # children find every plugin loaded
    children: dict[int, Child] = {}
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(woken, select.POLLIN)
    while True:
        for fd, _event in poll.poll():
            if fd == woken:
                os.read(woken, 4096)
            elif fd != control.fileno():  # whoever asked has hung up
                _kill(children[fd])
                poll.unregister(fd)
            elif not _begin(control, children, poll):
                for child in children.values():
                    _kill(child)
                return
        for fd in list(_reaped(children)):
            with contextlib.suppress(KeyError):
                poll.unregister(fd)
            children.pop(fd).line.close()


def _leave_network() -> None:
    """Enter a namespace without any network, where the system lets an ordinary process do so."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _begin(control: socket.socket, children: dict[int, Child], poll: select.poll) -> bool:
    """Fork the child that is asked for; False where the socket was closed instead."""
    message, files, _flags, _address = socket.recv_fds(control, REQUEST_BYTES, 3)
    if len(message) < REQUEST_BYTES or len(files) != 3:
        return False
    line, data, pixels = files
    pid = os.fork()
    if not pid:
        for child in children.values():
            child.line.close()
        control.close()
        _work(Line(socket.socket(fileno=line)), data, pixels, json.loads(message))
    os.close(data)
    os.close(pixels)
    children[line] = Child(pid, Line(socket.socket(fileno=line)))
    poll.register(line, 0)  # hanging up is always told
    return True


def _kill(child: Child) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)


def _reaped(children: dict[int, Child]) -> Iterator[int]:
    """The lines of the children that have ended. Whoever asked learns which signal ended one."""
    for fd, child in children.items():
        pid, status = os.waitpid(child.pid, os.WNOHANG)
        if not pid:
            continue
        # A decoder that ends the process by itself has broken like one that crashes.
        killed_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else signal.SIGABRT
        with contextlib.suppress(OSError):  # as a rule nobody asks any more
            child.line.send(json.dumps({"killed_by": killed_by}).encode(), seconds=0)
        yield fd


def _work(line: Line, data: int, pixels: int, limits: dict[str, Any]) -> NoReturn:
    """Answer requests about one file until the line is closed. This is the child; it never returns."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with open(data, "rb") as file:  # it has no path
        file.seek(0)
        whole = file.read()
    # Decoders complain about each broken byte of a hostile file.
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 2)
    _limit(limits)
    while True:
        try:
            request, arguments = json.loads(line.receive(_QUESTION_BYTES))
            signal.alarm(int(limits["alarm_seconds"]))
            answer = json.dumps(_answer(request, arguments, whole, pixels))
            signal.alarm(0)
            line.send(answer.encode())
        except (EOFError, OSError):
            os._exit(0)


def _limit(limits: dict[str, Any]) -> None:
    """Bound this process's memory, processor seconds and files."""
    # Where memory runs out all the same, the system ends this process before any other.
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:  # noqa: PTH123
        score.write("1000")
    for what, most in (
        (resource.RLIMIT_AS, _address_space() + int(limits["memory_bytes"])),
        (resource.RLIMIT_FSIZE, int(limits["file_bytes"])),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    # At the first of these limits the signal tells why; at the second it would look like any kill.
    resource.setrlimit(resource.RLIMIT_CPU, (int(limits["seconds"]), int(limits["seconds"]) + 1))


def _answer(request: str, arguments: dict[str, Any], data: bytes, pixels: int) -> dict[str, Any]:
    try:
        match request:
            case "pdf_page_sizes":
                return {"sizes": pages.page_sizes(data, **arguments)}
            case "heic_size":
                return {"size": decode.heic_size(data)}
            case "pdf_page":
                drawn = pages.drawn(data, **arguments)
                return _written(drawn.pixels, pixels) | {"dpi": drawn.dpi, "typed": drawn.words}
            case "picture":
                page, dpi = decode.picture(data, **arguments)
                return _written(page, pixels) | {"dpi": dpi, "typed": []}
    except RefusedFile as refusal:
        return {"refused": [refusal.code, str(refusal)]}
    except MemoryError:
        return {"killed_by": signal.SIGSEGV}
    # A hostile file makes decoders raise anything. To its owner all of it means the same.
    except Exception as error:  # noqa: BLE001
        return {"error": repr(error)[:200]}
    return {"error": f"no request is called {request}"}


def _written(page: NDArray[np.uint8], pixels: int) -> dict[str, Any]:
    """Write a page into the shared memory; its height and width."""
    os.ftruncate(pixels, 0)
    left = np.ascontiguousarray(page).data.cast("B")
    while left:
        left = left[os.pwrite(pixels, left, page.size - len(left)) :]
    return {"height": page.shape[0], "width": page.shape[1]}


def _address_space() -> int:
    """Bytes of address space that this process has already; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as counts:  # noqa: PTH123
            return int(counts.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
