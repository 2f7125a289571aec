"""The documented facts of a history, one by one: what can be held against the model, and what each is to it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from sim.scenario.nouns.history import Arrival, FactKind, HistoryEntry, Recordable, RecordedDate
from sim.scenario.nouns.scenario import Scenario
from sim.words.language import Phrase, phrase

Dates = tuple[dt.date, dt.date]
"""First and last day that something can have been."""
Ends = tuple[dt.date | None, dt.date | None]
"""The same, where one of them may not be known."""

VOTE = "requested to authorised"
ARRIVAL = "authorised to arrived"
DELAYS = (VOTE, ARRIVAL, "requested to arrived")
"""The delays of which there are enough on record to make a reference of."""
TELLING: tuple[Recordable, ...] = ("units", "arrived", "returned")
"""What an entry may say of the loan itself."""
KINDS: tuple[FactKind, ...] = ("independent", "input", "fitted")
QUANTITIES = {
    VOTE: Phrase("requested to authorised"),
    ARRIVAL: Phrase("authorised to arrived"),
    "requested to arrived": Phrase("requested to arrived"),
    "arrived to returned": Phrase("arrived to returned"),
    "authorised to returned": Phrase("authorised to returned"),
    "requested to returned": Phrase("requested to returned"),
    "arrival": Phrase("arrival"),
    "return": Phrase("return"),
    "authority": Phrase("authority"),
    "units": Phrase("units"),
    "loan": Phrase("loan"),
}
"""What is recorded, as it is told; but for arrivals of so many units."""


class Case(NamedTuple):
    """The decision that a fact is about: whoever lent, facts of one decision are one case."""

    lender: str
    borrower: str
    decided: Dates | None
    """Day of the vote, or of the request where no vote is known; None where neither is."""

    def same(self, other: Case) -> bool:
        """Whether both are of one decision, as far as their dates tell."""
        if self.borrower != other.borrower:
            return False
        if self.decided is None or other.decided is None:
            return self.lender == other.lender
        return self.decided[0] <= other.decided[1] and other.decided[0] <= self.decided[1]


@dataclass(frozen=True)
class Fact:
    """One documented fact: a delay, a stay, a size, or that nothing came."""

    entries: tuple[str, ...]
    """Entries of the history that it is of: several where one vote carried several loans."""
    case: Case
    resource: str
    contributor: str | None
    quantity: str
    word: Recordable
    """The word of the entry that it hangs on."""
    unit: str
    """days, units, date (days from the period's start), or chance (1 where the loan was made, 0 where nothing came)."""
    span: tuple[str, ...]
    """For days, what they are counted from and to; for a date, what happens on it."""
    recorded: tuple[float, float]
    """Least and most that it can have been; without end where it is only known from one side."""
    kind: FactKind
    """As the history says, or as it turned out (`disguise`)."""
    dates: Ends | None = None
    """First and last day that it can have ended on; shown beside it."""
    came: int | None = None
    """Units that must have arrived by then; None: the first ones."""

    @property
    def name(self) -> str:
        """The entry's name, and how many more the same vote carried."""
        more = len(self.entries) - 1
        return self.entries[0] + (f" and {more} more of the same vote" if more else "")

    @property
    def called(self) -> str:
        """As `name`, in the language spoken."""
        more = len(self.entries) - 1
        return phrase("{name} and {n} more of the same vote", name=self.entries[0], n=more) if more else self.name

    @property
    def told(self) -> str:
        """What was recorded, in the language spoken."""
        if self.came is None:
            return QUANTITIES[self.quantity]()
        if self.unit != "days":
            return phrase("arrival of {n}", n=self.came)
        if self.span[0] == "requested":
            return phrase("requested to {n} arrived", n=self.came)
        return phrase("authorised to {n} arrived", n=self.came)

    def same(self, other: Fact) -> bool:
        """Whether both, from two scenarios, are one fact of the record."""
        if self.quantity != other.quantity or not self.case.same(other.case):
            return False
        if self.quantity == VOTE:
            return True
        return (self.case.lender, self.resource, self.came) == (other.case.lender, other.resource, other.came)


def facts_of(scenario: Scenario) -> list[Fact]:
    """Every fact of the scenario's history, in its order; a vote that carried several loans once."""
    found: list[Fact] = []
    votes: dict[object, int] = {}
    for name, entry in scenario.history.items():
        for fact in _of_entry(scenario, name, entry):
            vote = (entry.to, entry.requested, entry.authorised) if fact.quantity == VOTE else (name, fact.quantity)
            if vote in votes:
                before = found[votes[vote]]
                kind = max(before.kind, fact.kind, key=KINDS.index)
                found[votes[vote]] = replace(before, entries=(*before.entries, name), kind=kind)
            else:
                votes[vote] = len(found)
                found.append(fact)
    return found


def case_of(entry: HistoryEntry) -> Case:
    """The decision that an entry is of."""
    decided = entry.authorised or entry.requested
    return Case(entry.from_, entry.to, None if decided is None else dates(decided))


def dates(recorded: RecordedDate) -> Dates:
    """First and last day of a recorded date."""
    return recorded if isinstance(recorded, tuple) else (recorded, recorded)


def _of_entry(scenario: Scenario, name: str, entry: HistoryEntry) -> Iterator[Fact]:
    def fact(quantity: str, word: Recordable, unit: str, recorded: tuple[float, float]) -> Fact:
        kind, case = entry.kind_of(word), case_of(entry)
        return Fact((name,), case, entry.resource, entry.contributor, quantity, word, unit, (), recorded, kind)

    def until(word: Recordable, ends: Ends, *, start: str | None, quantity: str | None = None) -> Fact:
        """The days from `start`, or the date where that is not known."""
        begin = _start(entry, start)
        if start is None or begin is None:
            days = (_day(scenario, ends[0], -math.inf), _day(scenario, ends[1], math.inf))
            return replace(fact(quantity or _DATED[word], word, "date", days), span=(word,), dates=ends)
        low = -math.inf if ends[0] is None else max(0.0, float((ends[0] - begin[1]).days))
        high = math.inf if ends[1] is None else float((ends[1] - begin[0]).days)
        said = fact(quantity or f"{start} to {word}", word, "days", (low, max(low, high)))
        return replace(said, span=(start, word), dates=ends)

    since = next((word for word in ("authorised", "requested") if getattr(entry, word) is not None), None)
    if entry.requested is not None and entry.authorised is not None:
        yield until("authorised", dates(entry.authorised), start="requested")
    of_nothing = not (entry.requested and entry.authorised) and not any(map(entry.says, TELLING))
    if entry.never or of_nothing:
        yield fact("arrival" if entry.never else "loan", "arrived", "chance", (float(not entry.never),) * 2)
    elif entry.arrivals:
        yield from _arrivals(entry.arrivals, since, until)
    elif entry.not_before is not None:
        yield until("arrived", (entry.not_before, None), start=since)
    elif entry.arrived is not None:
        yield until("arrived", dates(entry.arrived), start=since)  # type: ignore[arg-type]  # no list: see above
    if entry.units is not None and not entry.never:
        yield fact("units", "units", "units", (float(entry.units),) * 2)
    if entry.returned is not None:
        yield until("returned", dates(entry.returned), start=since if entry.arrived is None else "arrived")


_DATED = {"arrived": "arrival", "returned": "return", "authorised": "authority", "units": "units"}


class UntilFact(Protocol):
    """Makes the fact that something happened between two days, counted from `start` where that is known."""

    def __call__(self, word: Recordable, ends: Ends, *, start: str | None, quantity: str | None = None) -> Fact:
        """The fact."""


def _arrivals(arrivals: tuple[Arrival, ...], since: str | None, until: UntilFact) -> Iterator[Fact]:
    """The first of several arrivals, and when so many units had come."""
    came = 0
    for place, arrival in enumerate(arrivals):
        came += arrival.units
        quantity = None if place == 0 else f"{since} to {came} arrived" if since else f"arrival of {came}"
        said = until("arrived", dates(arrival.on), start=since, quantity=quantity)
        yield said if place == 0 else replace(said, came=came)


def _start(entry: HistoryEntry, word: str | None) -> Dates | None:
    """First and last day that the days of a fact are counted from."""
    if word == "arrived" and entry.arrivals:
        return dates(entry.arrivals[0].on)
    recorded = None if word is None else getattr(entry, word)
    return None if recorded is None else dates(recorded)


def _day(scenario: Scenario, date: dt.date | None, otherwise: float) -> float:
    return otherwise if date is None else scenario.day(date)
