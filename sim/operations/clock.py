"""The clock of a replication: SimPy's environment, in days, with a fixed order within each instant."""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from math import inf
from typing import Any

from simpy import Environment, Event
from simpy.core import EmptySchedule, SimTime
from simpy.events import NORMAL, EventPriority

URGENT, ENDS, CHANGES, ONSETS, DESK, AFTER = range(6)
"""Order within one instant: the period's end (and what SimPy itself calls urgent), ends and returns, changes of
missions, onsets, then the desk looks, then what follows from what it could not do."""

Life = Generator[float, None, None]
"""What happens to something, told in order: it gives each day that it waits for, and goes on then."""


class Clock(Environment):
    """SimPy's environment, on which things may also be planned for a given day and in a given order within it.

    Two things that are due on one day must meet exactly, but SimPy plans by delay, and in floating point
    `now + (day − now)` is not always `day`. So the clock keeps what is due by its absolute day, behind SimPy's public
    `schedule`, `peek` and `step`: SimPy's events, processes and `run` work on it as on any environment.
    """

    now: float = 0
    """Days from the period's start."""

    def __init__(self) -> None:
        super().__init__()
        self._due: list[tuple[float, int, int, Callable[[Any], object], Any]] = []
        """A heap of (day, order, number, act, subject)."""
        self.planned = 0
        """How many things have been planned so far: what is planned first happens first, where all else is equal."""

    def at(self, day: float, order: int, act: Callable[[Any], object], subject: Any = None) -> None:
        """Let `act(subject)` happen on `day`, in `order` among what happens at the same instant."""
        self.planned += 1
        heappush(self._due, (day, order, self.planned, act, subject))

    def follow(self, life: Life) -> None:
        """Live a life until it waits for a day, and on that day, among the ends and returns, live on.

        It is what SimPy calls a process, but it begins at once, within this act: the desk must see in its next round
        what has become of what it asked for in this one.
        """
        day = next(life, None)
        if day is not None:
            self.at(day, ENDS, self.follow, life)

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: SimTime = 0) -> None:
        """Plan an event of SimPy's own, after a delay."""
        self.at(self.now + delay, priority, _trigger, event)

    def peek(self) -> float:
        """The day on which something is due next; infinity where nothing is."""
        return self._due[0][0] if self._due else inf

    def due_before(self, order: int) -> bool:
        """Whether something of this very instant that comes before `order` is still to happen."""
        return bool(self._due) and self._due[0][0] <= self.now and self._due[0][1] < order

    def step(self) -> None:
        """Let happen what is due next."""
        if not self._due:
            raise EmptySchedule
        self.now, _, _, act, subject = heappop(self._due)
        act(subject)

    def stop(self) -> None:
        """Drop what is still due: it lies after the end."""
        self._due.clear()


def _trigger(event: Event) -> None:
    """Call back all who wait for an event of SimPy's; one that failed, and that nobody expected to, stops the run."""
    callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]  # SimPy's sign that it is processed
    for callback in callbacks:
        callback(event)
    if not event.ok and not event.defused and isinstance(event.value, BaseException):
        raise event.value
