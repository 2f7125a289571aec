"""Receptions: a mission takes in so many units of a resource in any 24 hours; what waits is still in transit."""

from __future__ import annotations

from collections import deque

from sim.scenario.nouns.milliseconds import DAY


class Reception:
    """What one cell takes in, first come first served: as many as it can a day, and as many more 24 hours later."""

    def __init__(self, per_day: int, end: int) -> None:
        self.per_day = per_day
        self.end = end
        """The period's end: whatever would be taken in after it is taken in last, all at once."""
        self.taken: deque[tuple[int, int]] = deque()
        """(instant, units) of the last `per_day` units that were taken in."""
        self.count = 0
        """Units in `taken`."""

    def receive(self, units: int, now: int) -> list[tuple[int, int]]:
        """(instant, units) in which so many units that land now are taken in, in their order."""
        received: list[tuple[int, int]] = []
        while units:
            instant, most = self._next(now)
            part = units if instant >= self.end else min(units, most)
            units -= part
            _enter(received, instant, part)
            _enter(self.taken, instant, min(part, most))
            self.count += min(part, most)
        return received

    def _next(self, now: int) -> tuple[int, int]:
        """When the next units are taken in, and how many at most."""
        instant = max(now, self.taken[-1][0]) if self.taken else now
        if self.count < self.per_day:
            return instant, self.per_day - self.count
        first, units = self.taken.popleft()  # 24 hours after they came, as many more can come
        self.count -= units
        return max(instant, first + DAY), units


def _enter(entries: list[tuple[int, int]] | deque[tuple[int, int]], instant: int, units: int) -> None:
    """Enter units under an instant, with those that have it already."""
    if entries and entries[-1][0] == instant:
        units += entries.pop()[1]
    entries.append((instant, units))
