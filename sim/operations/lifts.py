"""Lifts: loads wait for a free slot, first come first served; who needs two lifts at once goes when both are free."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from sim.operations.clock import ENDS, Clock
from sim.scenario.nouns.distributions import Days
from sim.scenario.nouns.scenario import Scenario


class Boarding(NamedTuple):
    """Somebody who waits."""

    who: Any
    """A lot; `Any`, since mypyc looks in vain for an `object` of a NamedTuple."""
    lifts: tuple[str, ...]
    """Takes a slot of each, all at once."""
    go: Callable[[], None]


class Lifts:
    """The slots of every lift, and who waits for them."""

    def __init__(self, scenario: Scenario, clock: Clock) -> None:
        self.clock = clock
        self.turnaround_days: dict[str, Days] = {name: lift.turnaround_days for name, lift in scenario.lifts.items()}
        self.free = {name: lift.slots for name, lift in scenario.lifts.items()}
        self.waiting: dict[str, deque[Boarding]] = {name: deque() for name in scenario.lifts}

    def board(self, who: object, lifts: tuple[str, ...], go: Callable[[], None], *, first: bool = False) -> None:
        """Let `go` happen as soon as each of the lifts has a free slot, which it takes; `first`: before all others."""
        if self.free[lifts[0]] and not self.waiting[lifts[0]] and not lifts[1:]:
            self.free[lifts[0]] -= 1
            go()
            return
        boarding = Boarding(who, lifts, go)
        for lift in lifts:
            queue = self.waiting[lift]
            if first:
                queue.appendleft(boarding)
            else:
                queue.append(boarding)
        self._call(lifts[0])

    def free_at(self, instant: int, lift: str) -> None:
        """A slot that was taken is free again at an instant."""
        self.clock.at(instant, ENDS, self._free, lift)

    def forget(self, who: object) -> None:
        """It waits for nothing any more."""
        for lift, queue in self.waiting.items():
            if any(each.who is who for each in queue):
                self.waiting[lift] = deque(each for each in queue if each.who is not who)

    def _free(self, lift: str) -> None:
        self.free[lift] += 1
        self._call(lift)

    def _call(self, lift: str) -> None:
        """Whoever is first in the queues of all its lifts goes, as long as they have slots."""
        while self.free[lift] and self.waiting[lift]:
            first = self.waiting[lift][0]
            if first.lifts[1:] and not self._may_go(first):
                return
            for each in first.lifts:
                self.free[each] -= 1
                self.waiting[each].popleft()
            first.go()
            for other in first.lifts:
                if other != lift:
                    self._call(other)

    def _may_go(self, boarding: Boarding) -> bool:
        return all(self.free[each] and self.waiting[each][0] is boarding for each in boarding.lifts)
