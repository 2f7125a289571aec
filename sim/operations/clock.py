"""SimPy's clock, with happenings at a given instant and in a given order within it."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import Any

from simpy import Environment

ENDS, CHANGES, ONSETS, DESK, AFTER = 1, 2, 3, 4, 5
"""Order within one instant: ends and returns, changes of missions, onsets, then the desk looks, then what follows from
what it could not do. (SimPy's own stop comes before all of them.)"""


class Happening:
    """Something that happens to `subject` at a known instant: of SimPy's Event only what SimPy's loop asks for.

    It is triggered from the start, like SimPy's own Timeout, but at an absolute time, so that two things due at one
    instant meet exactly, without rounding.
    """

    __slots__ = ("act", "callbacks", "subject")

    _ok = True

    callbacks: Any
    act: Callable[[Any], object]
    subject: Any


def _happen(happening: Happening) -> None:
    happening.act(happening.subject)


_new = object.__new__  # no constructor: a replication makes more happenings than anything else
_callbacks = (_happen,)


class Clock(Environment):
    """Days from the period's start."""

    __slots__ = ("_now",)

    def at(self, day: float, order: int, act: Callable[[Any], object], subject: Any = None) -> None:
        """Let `act(subject)` happen on `day`, in `order` among what happens at the same instant."""
        happening = _new(Happening)
        happening.callbacks = _callbacks
        happening.act = act
        happening.subject = subject
        heappush(self._queue, (day, order, next(self._eid), happening))  # type: ignore[misc]  # as good as Events


Clock.now = Clock._now  # type: ignore[assignment,misc,method-assign]  # the slot itself: SimPy's property is a call
