"""Receptions: a mission takes in so many units of a resource in any 24 hours; what waits is still in transit."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from sim.scenario.nouns.milliseconds import DAY


class Reception:
    """What one cell takes in, first come first served: as many as it can a day, and as many more 24 hours later."""

    def __init__(self, rates: Sequence[tuple[int, int | None]], end: int) -> None:
        self.rates = rates
        """(instant, units a day from then on), by instant, the first at 0; None is no limit."""
        self.end = end
        """The period's end: whatever would be taken in after it is taken in last, all at once."""
        self.taken: deque[tuple[int, int]] = deque()
        """(instant, units) of what was taken in within the last 24 hours, or is to be."""
        self.count = 0
        """Units in `taken`."""

    def receive(self, units: int, now: int) -> list[tuple[int, int]]:
        """(instant, units) in which so many units that land now are taken in, in their order."""
        received: list[tuple[int, int]] = []
        while units:
            instant, most = self._next(now)
            part = units if instant >= self.end or most is None else min(units, most)
            units -= part
            _enter(received, instant, part)
            _enter(self.taken, instant, part)
            self.count += part
        return received

    def _next(self, now: int) -> tuple[int, int | None]:
        """When the next units are taken in, and how many at most."""
        instant = max(now, self.taken[-1][0]) if self.taken else now
        while instant < self.end:
            while self.taken and self.taken[0][0] + DAY <= instant:
                self.count -= self.taken.popleft()[1]
            rate = next(units for since, units in reversed(self.rates) if since <= instant)
            if rate is None:
                return instant, None
            if self.count < rate:
                return instant, rate - self.count
            changes = [since for since, _ in self.rates if since > instant]
            passed = [self.taken[0][0] + DAY] if self.taken else []
            instant = min([*changes, *passed], default=self.end)
        return instant, None


def _enter(entries: list[tuple[int, int]] | deque[tuple[int, int]], instant: int, units: int) -> None:
    """Enter units under an instant, with those that have it already."""
    if entries and entries[-1][0] == instant:
        units += entries.pop()[1]
    entries.append((instant, units))
