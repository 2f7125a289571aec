"""The clock of a replication: SimPy's environment, in whole milliseconds, with a fixed order within each instant."""

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

Life = Generator[int, None, None]
"""What happens to something, told in order: it gives each instant that it waits for, and goes on then."""


class Clock(Environment):
    """SimPy's environment, on which things may also be planned for a given instant and in a given order within it.

    Instants are whole milliseconds: two things that are due at one instant meet, however their times were composed.
    The clock keeps what is due by its instant and its order, behind SimPy's public `schedule`, `peek` and `step`:
    SimPy's events, processes and `run` work on it as on any environment.
    """

    now: int = 0
    """Milliseconds from the period's start."""

    def __init__(self) -> None:
        super().__init__()
        self._due: list[tuple[int, int, int, Callable[[Any], object], Any]] = []
        """A heap of (instant, order, number, act, subject)."""
        self.planned = 0
        """How many things have been planned so far: what is planned first happens first, where all else is equal."""

    def at(self, instant: int, order: int, act: Callable[[Any], object], subject: Any = None) -> None:
        """Let `act(subject)` happen at an instant, in `order` among what happens then."""
        self.planned += 1
        heappush(self._due, (instant, order, self.planned, act, subject))

    def follow(self, life: Life) -> None:
        """Live a life until it waits for an instant, and then, among the ends and returns, live on.

        It is what SimPy calls a process, but it begins at once, within this act: the desk must see in its next round
        what has become of what it asked for in this one.
        """
        instant = next(life, None)
        if instant is not None:
            self.at(instant, ENDS, self.follow, life)

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: SimTime = 0) -> None:
        """Plan an event of SimPy's own, after a delay."""
        self.at(self.now + int(delay), priority, _trigger, event)

    def peek(self) -> float:
        """The instant at which something is due next; infinity where nothing is."""
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
