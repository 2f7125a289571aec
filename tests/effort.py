"""How much work something is: calls, counted. A machine that is slow, or busy with something else, counts the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class Calls:
    """How many functions were called, Python's own and those written in C."""

    def __init__(self) -> None:
        self.count = 0

    def note(self, _frame: FrameType, event: str, _argument: Any) -> None:
        """What `sys.setprofile` calls."""
        if event in {"call", "c_call"}:
            self.count += 1


@contextmanager
def counted() -> Iterator[Calls]:
    """Count the calls made inside, whether or not it ends in an error."""
    calls, before = Calls(), sys.getprofile()
    sys.setprofile(calls.note)
    try:
        yield calls
    finally:
        sys.setprofile(before)
