"""The story of one replication: what happened, day by day, in sentences that a person can read aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.operations.log import CAUSES, CrisisRecord, Level, LoanRecord, Log
from sim.operations.replication import simulate
from sim.operations.theatre import Theatre
from sim.policies import Offers
from sim.scenario.nouns import Scenario
from sim.study.measures import CAUSE_COLUMNS, COLUMNS, OVERALL, PLACE, measure, rows_of
from sim.trace import trace_of

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AUTHORITY = {"council": "the Security Council", "contributor": "the contributor", "host": "the host"}


class Event(NamedTuple):
    """One dated sentence."""

    day: float
    sentence: str


@dataclass(frozen=True)
class Story:
    """One replication of one option, whole."""

    scenario: Scenario
    """With the option's change applied."""
    option: str
    replication: int
    seed: int
    theatre: Theatre
    log: Log
    table: NDArray[np.float64]
    """The measures; see `measures.measure`."""

    @property
    def crises(self) -> list[CrisisRecord]:
        """The occurrences, by onset."""
        return self.log.crises

    @property
    def loans(self) -> list[LoanRecord]:
        """The lots, by request."""
        return self.log.loans

    @property
    def levels(self) -> list[Level]:
        """Each cell's state, whenever it changed."""
        return self.log.levels

    @cached_property
    def events(self) -> list[Event]:
        """Every dated sentence, in order."""
        told = [*_crises(self), *_loans(self), *_shortfalls(self)]
        capital = (Event(day, sentence[0].upper() + sentence[1:]) for day, sentence in told)
        return sorted(capital, key=lambda event: event.day)

    def lines(self) -> list[str]:
        """The story, one line per event: "7 Jan 2011: UNOCI asks UNMIL for 3 attack helicopters …"."""
        return [f"{self.date(event.day)}: {event.sentence}" for event in self.events]

    def date(self, day: float) -> str:
        """A day of the period as people write it."""
        date = self.scenario.date(day)
        return f"{date.day} {MONTHS[date.month - 1]} {date.year}"

    def units(self, count: int, resource: str) -> str:
        """ "3 attack helicopters": a count of units as people say it."""
        return f"{count} {counted(count, resource)}"

    def as_json(self) -> dict[str, Any]:
        """The replication in the words of `tell --json`; days from the period's start, None for what did not happen."""
        return {
            "scenario": self.scenario.name,
            "option": self.option,
            "replication": self.replication,
            "seed": self.seed,
            "crises": [
                {
                    "name": crisis.name,
                    "mission": crisis.mission,
                    "onset_day": crisis.onset_day,
                    "end_day": crisis.end_day,
                    "needs": crisis.needs(),
                    "happened": crisis.happened,
                    "known_day": crisis.known_day,
                    "escalated_day": crisis.escalated_day,
                    "given_up": crisis.given_up,
                }
                for crisis in self.log.crises
            ],
            "loans": [lot.as_json() for lot in self.log.loans],
            "measures": _measures(self.table[0]),
            "by_mission_and_resource": [
                {"mission": mission, "resource": resource, **_measures(row)}
                for (mission, resource), row in zip(rows_of(self.theatre), self.table, strict=True)
                if (mission, resource) != OVERALL
            ],
        }


def tell(  # noqa: PLR0913  # one replication has this many coordinates
    scenario: Scenario,
    option: str,
    replication: int = 0,
    *,
    seed: int | None = None,
    rules: dict[str, Offers] | None = None,
    check: bool = False,
) -> Story:
    """Run one replication (from 0) of one option and keep all that happened; `seed` defaults to the experiment's.

    UsageError for an option that the scenario does not have or a negative replication.
    """
    if option not in scenario.options:
        raise UsageError(f"no option {option!r}; the scenario has {', '.join(map(repr, scenario.options))}")
    if replication < 0:
        raise UsageError(f"replication must be 0 or more, not {replication}")
    seed = scenario.experiment.seed if seed is None else seed
    theatre = Theatre.of(scenario, option, rules)
    log = simulate(theatre, trace_of(theatre.scenario, seed, replication), check=check)
    return Story(theatre.scenario, option, replication, seed, theatre, log, measure(log, theatre))


def counted(count: int, resource: str) -> str:
    """A resource's name for so many units: "attack helicopter", "infantry companies", "civilian staff"."""
    name = resource.replace("_", " ")
    if count == 1 or name.endswith(("staff", "personnel", "s")):
        return name
    return name[:-1] + "ies" if name.endswith("y") and name[-2:-1] not in "aeiou" else name + "s"


def listed(parts: list[str]) -> str:
    """ "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _measures(row: NDArray[np.float64]) -> dict[str, Any]:
    """One row of the table as plain numbers, ratios included."""
    found: dict[str, Any] = {name: float(row[PLACE[name]]) for name in COLUMNS if name not in CAUSE_COLUMNS}
    found["coverage"] = _ratio(row, "unmet_unit_days", "requirement_unit_days", complement=True)
    found["response_days"] = _ratio(row, "response_days", "responses")
    found["gone_share"] = _ratio(row, "gone_share", "windowed_loans")
    found["unmet_by_cause"] = {
        cause: float(row[PLACE[column]]) for cause, column in zip(CAUSES, CAUSE_COLUMNS, strict=True)
    }
    return found


def _ratio(row: NDArray[np.float64], above: str, below: str, complement: bool = False) -> float | None:
    if not row[PLACE[below]]:
        return None
    ratio = float(row[PLACE[above]] / row[PLACE[below]])
    return 1 - ratio if complement else ratio


def _needs(story: Story, needs: dict[str, int]) -> str:
    return listed([story.units(count, resource) for resource, count in needs.items()] or ["nothing more"])


def _crises(story: Story) -> Iterator[Event]:
    for crisis in story.log.crises:
        name, mission = crisis.name, crisis.mission
        if crisis.known_day < crisis.onset_day:
            expected = f"expected on {story.date(crisis.onset_day)}"
            yield Event(crisis.known_day, f"{mission} learns of a coming crisis: {name}, {expected}.")
        if not crisis.happened:
            if crisis.onset_day < story.log.days:
                yield Event(crisis.onset_day, f"{name} stays calm in {mission}: nothing is needed for it.")
            continue
        for number, (phase, day, needs) in enumerate(crisis.phases):
            called = f" ({phase})" if phase else ""
            if day == crisis.escalated_day and number:
                yield Event(day, f"{name} escalates in {mission}: it now needs {_needs(story, needs)}.")
                continue
            verb = "goes on" if number else "begins"
            yield Event(day, f"{name}{called} {verb} in {mission}: it needs {_needs(story, needs)}.")
        if crisis.end_day is not None:
            yield Event(crisis.end_day, f"{name} ends in {mission}.")
        for resource, lost in crisis.given_up.items():
            yield Event(_given_up_day(story, crisis), f"{mission} gives up {story.units(lost, resource)} for {name}.")


def _given_up_day(story: Story, crisis: CrisisRecord) -> float:
    noun = story.scenario.crises.get(crisis.name)
    return crisis.onset_day + (noun.patience_days or 0.0 if noun else 0.0)


def _loans(story: Story) -> Iterator[Event]:
    for _, same in groupby(story.log.loans, key=lambda lot: lot.loan):
        lots = list(same)
        yield from _paper(story, lots)
        first = lots[0]
        yield from _moves(story, lots, "departed_day", f"leave {first.lender} for {first.borrower}")
        arrive = f"arrive in {first.borrower} from {first.lender}"
        yield from _moves(story, lots, "arrived_day", arrive, lambda lot: ", too late to be needed" if lot.late else "")
        yield from _endings(story, lots)
        yield from _moves(story, lots, "home_day", f"are home in {first.lender} from {first.borrower}")


def _paper(story: Story, lots: list[LoanRecord]) -> Iterator[Event]:
    """The request, and what each authority says to it."""
    lot = lots[0]
    units = story.units(sum(each.units for each in lots), lot.resource)
    cause = f" for {lot.crisis}" if lot.crisis else " for its routine tasks"
    yield Event(lot.requested_day, f"{lot.borrower} asks {lot.lender} for {units} ({lot.contributor}){cause}.")
    for gate in ("council", "contributor", "host"):
        day = getattr(lot, f"{gate}_day")
        who = AUTHORITY[gate] + (f", {lot.contributor}," if gate == "contributor" else "")
        of = f"the loan of {units} from {lot.lender} to {lot.borrower}"
        if day is not None and day < story.log.days:
            until = ""
            if gate == "council" and lot.first_window_day is not None:
                until = f"; the authority runs to {story.date(lot.first_window_day)}"
            how = "has agreed beforehand" if day == lot.requested_day else "agrees"
            yield Event(day, f"{who} {how} to {of}{until}.")
        if lot.refused_by == gate and lot.ended_day is not None:
            yield Event(lot.ended_day, f"{who} refuses {of}.")


def _moves(
    story: Story, lots: list[LoanRecord], field: str, what: str, more: Callable[[LoanRecord], str] = lambda _: ""
) -> Iterator[Event]:
    days = sorted({(getattr(lot, field), more(lot)) for lot in lots if getattr(lot, field) is not None})
    for day, note in days:
        count = sum(lot.units for lot in lots if getattr(lot, field) == day and more(lot) == note)
        verb = what if count > 1 else _singular(what)
        yield Event(day, f"{story.units(count, lots[0].resource)} {verb}{note}.")


def _singular(what: str) -> str:
    verb, rest = what.split(" ", 1)
    return f"{'is' if verb == 'are' else verb + 's'} {rest}"


ENDINGS = {
    "released": "no longer needed, {units} {verb} {borrower} for {lender}.",
    "lapsed": "the authority ends: {units} {verb} {borrower} for {lender}.",
    "recalled": "{lender} calls back {units} from {borrower}.",
    "withdrawn": "{contributor} withdraws {units} from {lender}; on loan to {borrower}, they go home first.",
    "closed": "the mission closes: {units} {verb} {borrower} for {lender}.",
    "cancelled": "{borrower} no longer needs {units} asked of {lender}: the promise is cancelled.",
}
BEFORE_DEPARTURE = {
    "recalled": "{lender} takes back its promise of {units} to {borrower}.",
    "lapsed": "the authority ends before {units} left {lender} for {borrower}.",
    "closed": "the mission closes: {units} promised by {lender} to {borrower} stay at home.",
    "withdrawn": "{contributor} withdraws {units} that {lender} had promised to {borrower}.",
}


def _endings(story: Story, lots: list[LoanRecord]) -> Iterator[Event]:
    ended = [lot for lot in lots if lot.ended_day is not None and lot.why_ended != "refused"]
    keys = {(lot.ended_day, str(lot.why_ended), lot.departed_day is None) for lot in ended}
    for day, why, before in sorted(keys, key=lambda key: (key[0] or 0.0, key[1])):
        alike = [lot for lot in ended if (lot.ended_day, lot.why_ended, lot.departed_day is None) == (day, why, before)]
        count, lot = sum(each.units for each in alike), alike[0]
        sentence = (BEFORE_DEPARTURE if before else ENDINGS).get(why) or ENDINGS[why]
        told = sentence.format(
            units=story.units(count, lot.resource),
            verb="leave" if count > 1 else "leaves",
            borrower=lot.borrower,
            lender=lot.lender,
            contributor=lot.contributor,
        )
        assert day is not None
        yield Event(day, told)


def _shortfalls(story: Story) -> Iterator[Event]:
    """When a mission becomes short of something, and when it no longer is; nothing for what lasts no time."""
    before: dict[int, int] = {}
    levels = [level for level in story.log.levels if level.day < story.log.days]
    settled = {(level.day, level.cell): level for level in levels}.values()
    for level in sorted(settled, key=lambda each: each.day):
        mission, resource = story.theatre.place(level.cell)
        was = before.get(level.cell, 0)
        if level.shortfall > 0 and level.shortfall != was:
            still = "now " if was else ""
            yield Event(level.day, f"{mission} is {still}short of {story.units(level.shortfall, resource)}.")
        elif was and not level.shortfall:
            yield Event(level.day, f"{mission} has all the {counted(2, resource)} that it needs.")
        before[level.cell] = level.shortfall
