"""How much work something is: calls, counted. A machine that is slow, or busy with something else, counts the same."""

from __future__ import annotations

import cProfile
from collections.abc import Iterator
from contextlib import contextmanager


class Calls:
    """How many functions were called, Python's own and those written in C; known once the counting is over."""

    count = 0


@contextmanager
def counted() -> Iterator[Calls]:
    """Count the calls made inside, whether or not it ends in an error."""
    calls, profile = Calls(), cProfile.Profile()
    profile.enable()
    try:
        yield calls
    finally:
        profile.disable()
        calls.count = sum(entry.callcount for entry in profile.getstats())
