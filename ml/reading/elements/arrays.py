"""Arrays that nobody can change any more."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, which this view of it cannot change."""
    view = array.view()
    view.flags.writeable = False
    return view
