"""SimPy's clock, with happenings at a given instant and in a given order within it."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import Any

from simpy import Environment, Event

ENDS, CHANGES, ONSETS, DESK, AFTER = 1, 2, 3, 4, 5
"""Order within one instant: ends and returns, changes of missions, onsets, then the desk looks, then what follows from
what it could not do. (SimPy's own stop comes before all of them.)"""


class Happening(Event):
    """Something that happens to `subject` at a known instant: one callback, and no more than SimPy needs.

    Not made by Event's constructor: a happening is triggered from the start, like SimPy's own Timeout, but at an
    absolute time, so that two things due at one instant meet exactly, without rounding.
    """

    _ok = True
    _value = None

    callbacks: list[Any]
    subject: Any


_new = object.__new__


class Clock(Environment):
    """Days from the period's start."""

    def at(self, day: float, order: int, act: Callable[[Happening], None], subject: Any = None) -> None:
        """Let `act` happen on `day`, in `order` among what happens at the same instant."""
        happening = _new(Happening)
        happening.callbacks = [act]
        happening.subject = subject
        heappush(self._queue, (day, order, next(self._eid), happening))  # type: ignore[misc]  # ours are Events too
