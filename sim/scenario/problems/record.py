"""What is wrong, or odd, in the loans that a scenario says really happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import accumulate

from sim.scenario.nouns.history import HistoryEntry
from sim.scenario.nouns.scenario import Mission, Scenario
from sim.scenario.positions import Finding, Path, Positions

Days = tuple[dt.date, dt.date]
"""First and last day that something can have been."""
STEPS = ("requested", "authorised", "arrived", "returned")
"""What is dated, in the order in which it happens."""
_MAY_PRECEDE = {("requested", "authorised"), ("authorised", "arrived")}
"""A council may have agreed before anybody asked, and units may have come before it did: odd, and not impossible."""


def impossible(scenario: Scenario) -> Iterator[Finding]:
    """Entries of a loan to oneself, or of what ended before it began. One that says no more than who lent whom what
    tells that the loan was made."""
    for name, entry in scenario.history.items():
        at: Path = ("history", name)
        if entry.to == entry.from_:
            yield Finding((*at, "to"), f"{entry.to} is the lender itself")
        for earlier, later, what in _backwards(entry):
            if (earlier, later) not in _MAY_PRECEDE:
                yield Finding((*at, later), what)


def odd(scenario: Scenario, written: Positions) -> Iterator[Finding]:
    """What may be true of the record, but not of this scenario: other days, more units than the lender has."""
    first, last = scenario.period.from_, scenario.period.to
    for name, entry in scenario.history.items():
        at: Path = ("history", name)
        if not written.in_hand(at):
            continue
        for earlier, later, what in _backwards(entry):
            if (earlier, later) in _MAY_PRECEDE:
                yield Finding((*at, later), what)
        for word, days in _dated(entry).items():
            if days[1] < first or days[0] > last:
                told = f"{days[0]}" if days[0] == days[1] else f"{days[0]} to {days[1]}"
                yield Finding((*at, word), f"{told} is outside the period: no replication can have it")
        most = _most_held(scenario.missions[entry.from_], entry.resource)
        if entry.units is not None and entry.units > most:
            yield Finding((*at, "units"), f"{entry.units} are more than {entry.from_} ever holds: {most}")


def _dated(entry: HistoryEntry) -> dict[str, Days]:
    """The days between which each step of a loan can have been, of the first arrival where there are several."""
    found: dict[str, Days] = {}
    for word in STEPS:
        said = entry.arrivals[0].on if word == "arrived" and entry.arrivals else getattr(entry, word)
        if said is not None:
            found[word] = (said, said) if isinstance(said, dt.date) else said
    return found


def _backwards(entry: HistoryEntry) -> Iterator[tuple[str, str, str]]:
    """(one step, a later one, what is wrong) where the later one is sure to have been first."""
    dated = [(word, days) for word, days in _dated(entry).items()]
    for place, (later, days) in enumerate(dated):
        for earlier, before in dated[:place]:
            if days[1] < before[0]:
                yield earlier, later, f"{days[1]} is before {earlier}, {before[0]}"
                break


def _most_held(mission: Mission, resource: str) -> int:
    """Units of a resource that a mission has at most at any time."""
    changes = sorted(mission.changes, key=lambda each: each.on)
    return max(accumulate((change.units(resource) for change in changes), initial=mission.units(resource)))
