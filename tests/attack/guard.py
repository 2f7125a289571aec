"""A guard against what never ends: seconds of computing, however busy the machine is."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SECONDS = 60.0
"""Many times what the slowest needs."""


@contextmanager
def little_time(seconds: float = SECONDS) -> Iterator[None]:
    """TimeoutError where the body computes for longer; nothing is guarded where there are no such timers."""
    if not hasattr(signal, "setitimer"):  # Windows
        yield
        return

    def late(*_: Any) -> None:
        raise TimeoutError(f"computes for more than {seconds:g} s")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
