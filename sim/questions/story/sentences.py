"""One replication, whole, and its sentences: crises, papers, moves and shortfalls, each with its day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agreements.journeys import opens
from sim.agreements.terms import Law
from sim.operations.log import CAUSES, CrisisRecord, Level, LoanRecord, Log
from sim.operations.theatre import Theatre
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.milliseconds import in_days, milliseconds
from sim.scenario.nouns.scenario import UNNAMED
from sim.words.dates import date_in_words
from sim.words.language import Phrase
from sim.words.names import listed
from sim.words.numbers import count_in_words

AUTHORITY = {"council": "the Security Council", "contributor": "the contributor", "host": "the host government"}
AT_ONCE = {
    "council": (
        Phrase("the Security Council's vote of {date} covers both requests for {crisis}."),
        Phrase("the Security Council's vote of {date} covers all {count} requests for {crisis}."),
    ),
    "contributor": (
        Phrase("{who} decides on both requests for {crisis} at once."),
        Phrase("{who} decides on all {count} requests for {crisis} at once."),
    ),
    "host": (
        Phrase("the host government decides on both requests for {crisis} at once."),
        Phrase("the host government decides on all {count} requests for {crisis} at once."),
    ),
}
"""What a gate says that decides once for a crisis: on two requests, and on more."""
GOES_SHORT = Phrase("{lender} goes short of {units} for {crisis} in {borrower}, which is graver than its own need.")
WHY = {
    "refused": "a refusal stands",
    "kept": "the others keep back what they have",
    "ceiling": "the agreement allows no more",
    "not permitted": "those who have some may not lend",
    "no way there": "no way of travelling covers the distance to those who have some",
    "given up": "it is not sought any more",
    "nobody had any": "nobody has any to spare",
}
"""Why units are missing that no promise covers, in words; the others are on their way."""


class Event(NamedTuple):
    """One dated sentence."""

    day: float
    sentence: str


@dataclass(frozen=True)
class Replication:
    """What happened, and its measures."""

    scenario: LoadedScenario
    """With the option's change applied."""
    option: str
    replication: int
    seed: int
    theatre: Theatre
    log: Log
    table: NDArray[np.float64]
    """The measures; see `measures.measure`."""

    def date(self, day: float) -> str:
        """A day of the period as people write it."""
        return date_in_words(self.scenario.date(day))

    def units(self, count: int, resource: str) -> str:
        """ "3 attack helicopters": a count of units as people say it."""
        return f"{count:,} {self.called(resource, count)}"

    def called(self, resource: str, count: int = 2) -> str:
        """The resource's name for so many units."""
        return self.scenario.units_name(resource, count)

    def crisis(self, name: str, onset: float | None = None) -> str:
        """A crisis as people call it, numbered where it occurs more than once."""
        parent, _, mission = name.partition(" → ")
        noun = self.scenario.crises.get(parent)
        label = (noun.label if noun and noun.label else parent) or parent
        title = f"the spill-over of {label}" if mission else label
        onsets = [each.onset_day for each in self.log.crises if each.name == name]
        return title if onset is None or len(onsets) < 2 else f"{title} (no. {onsets.index(onset) + 1})"

    def contributor(self, name: str) -> str:
        """ " (Ukraine)", or nothing where the contributor is not named."""
        return "" if name == UNNAMED else f" ({self.scenario.label(name)})"


def sentences(story: Replication) -> Iterator[Event]:
    """Everything that happened in a replication, not yet in order."""
    yield from _changes(story)
    yield from _crises(story)
    yield from _decided_at_once(story)
    yield from _loans(story)
    yield from _going_short(story)
    yield from _shortfalls(story)


def _needs(story: Replication, needs: dict[str, int]) -> str:
    return listed([story.units(count, resource) for resource, count in needs.items()] or ["nothing more"])


def _changes(story: Replication) -> Iterator[Event]:
    """Drawdowns, build-ups and withdrawals, with their reasons."""
    for name, mission in story.scenario.missions.items():
        for change in mission.changes:
            day = story.scenario.day(change.on)
            if not 0 <= day < story.log.days:
                continue
            why = f" ({change.why})" if change.why else ""
            for resource in change.holds:
                for contributor, units in change.by_contributor(mission, resource).items():
                    what = story.units(abs(units), resource) + story.contributor(contributor)
                    yield Event(day, f"{name} {'gains' if units > 0 else 'loses'} {what}{why}.")
            for resource, units in change.routine.items():
                more = "more" if units > 0 else "fewer"
                what = story.called(resource, abs(units))
                yield Event(day, f"{name}'s daily tasks need {abs(units):,} {more} {what}{why}.")
            for resource, units in change.reception_per_day.items():
                what = story.units(units, resource) if units else f"no {story.called(resource)}"
                yield Event(day, f"{name} can now take in {what}{' a day' if units else ''}{why}.")


def _crises(story: Replication) -> Iterator[Event]:
    for crisis in story.log.crises:
        name, mission = story.crisis(crisis.name, crisis.onset_day), crisis.mission
        if crisis.known_day < crisis.onset_day:
            expected = f"expected on {story.date(crisis.onset_day)}"
            yield Event(crisis.known_day, f"{mission} learns of a coming crisis: {name}, {expected}.")
        if not crisis.happened:
            if crisis.onset_day < story.log.days:
                yield Event(crisis.onset_day, f"{mission}: {name} stays calm; nothing is needed for it.")
            continue
        opens, closes = story.theatre.spans[story.theatre.mission_number[mission]]
        for number, (phase, day, needs) in enumerate(crisis.phases):
            called = f"{name}, {phase}," if phase else name
            if not opens <= day < closes:
                how = (
                    f"{'goes on' if number and not phase else 'begins'}, but {mission} is not there: nothing is needed"
                )
                yield Event(day, f"{mission}: {called} {how}.")
                continue
            if day == crisis.escalated_day and number:
                yield Event(day, f"{mission}: {name} escalates and now needs {_needs(story, needs)}.")
                continue
            verb = "goes on" if number and not phase else "begins"
            yield Event(day, f"{mission}: {called} {verb} and needs {_needs(story, needs)}.")
        met = [needs for _, day, needs in crisis.phases if day < opens]
        if met and opens < (story.log.days if crisis.end_day is None else crisis.end_day):
            yield Event(opens, f"{mission} opens while {name} goes on, and needs {_needs(story, met[-1])}.")
        if crisis.end_day is not None:
            yield Event(crisis.end_day, f"{mission}: {name} is over.")
        for resource, lost in crisis.given_up.items():
            yield Event(_given_up_day(story, crisis), f"{mission} gives up {story.units(lost, resource)} for {name}.")


def _given_up_day(story: Replication, crisis: CrisisRecord) -> float:
    noun = story.scenario.crises.get(crisis.name)
    return crisis.onset_day + (noun.patience_days or 0.0 if noun else 0.0)


def _loans(story: Replication) -> Iterator[Event]:
    for _, same in groupby(story.log.loans, key=lambda lot: lot.loan):
        lots = list(same)
        yield from _paper(story, lots)
        first = lots[0]
        waiting = [lot for lot in lots if _waits(story, lot)]
        wait = f"are ready in {first.lender} to leave for {first.borrower}, once there is a lift"
        yield from _moves(story, waiting, "ready_day", wait)
        yield from _moves(story, lots, "departed_day", f"leave {first.lender} for {first.borrower}")
        yield from _waits_for_the_route(story, lots, "departed_day")
        held_up = [lot for lot in lots if lot.landed_day is not None and lot.landed_day != lot.arrived_day]
        yield from _moves(story, held_up, "landed_day", f"wait at {first.borrower} to be taken in")
        arrive = f"arrive in {first.borrower} from {first.lender}"
        yield from _moves(story, lots, "arrived_day", arrive, lambda lot: ", too late to be needed" if lot.late else "")
        yield from _endings(story, lots)
        yield from _waits_for_the_route(story, lots, "left_day")
        yield from _moves(story, lots, "home_day", f"are home in {first.lender} from {first.borrower}")


def _decided_at_once(story: Replication) -> Iterator[Event]:
    """What a gate that is `per: crisis` decides on several requests together."""
    law = Law(story.scenario)
    together: dict[tuple[float, str, str, str], set[int]] = {}
    for lot in story.log.loans:
        terms = law.terms(lot.lender, lot.borrower, lot.resource, lot.contributor) if lot.crisis else None
        joint = {step.gate for step in terms.gates if step.joint and not step.standing} if terms else set()
        for gate, opened, cleared in lot.passages():
            day = lot.ended_day if lot.refused_by == gate else cleared
            if gate in joint and day is not None and opened < day < story.log.days:
                whose = lot.contributor if gate == "contributor" else ""
                together.setdefault((day, gate, whose, str(lot.crisis)), set()).add(lot.loan)
    for (day, gate, whose, crisis), loans in together.items():
        if len(loans) > 1:
            both, more = AT_ONCE[gate]
            who = AUTHORITY[gate] if whose in ("", UNNAMED) else story.scenario.label(whose)
            slots = {"who": who, "date": story.date(day), "crisis": story.crisis(crisis)}
            yield Event(day, both(**slots) if len(loans) == 2 else more(count=count_in_words(len(loans)), **slots))


def _going_short(story: Replication) -> Iterator[Event]:
    """Where a lender lets units go that it needs itself, as the policy allows."""
    allowed, before = story.theatre.policy.may_go_short, dict[int, Level]()
    left = {(lot.departed_day, lot.lender, lot.resource): lot for lot in story.log.loans if allowed.get(lot.resource)}
    for level in story.log.levels if left else ():
        mission, resource = story.theatre.place(level.cell)
        last, lot = before.get(level.cell), left.get((level.day, mission, resource))
        before[level.cell] = level
        more = level.shortfall - (last.shortfall if last else 0)
        if lot is not None and lot.crisis and last and more > 0 and level.requirement == last.requirement:
            crisis, units = story.crisis(lot.crisis), story.units(more, resource)
            slots = {"lender": mission, "borrower": lot.borrower, "crisis": crisis, "units": units}
            yield Event(level.day, GOES_SHORT(**slots))


def _waits(story: Replication, lot: LoanRecord) -> bool:
    """Whether a lot that was ready had to wait for a lift."""
    if lot.lift is None or lot.ready_day is None:
        return False
    until = lot.ended_day if lot.departed_day is None else lot.departed_day
    return (story.log.days if until is None else until) > lot.ready_day


def _waits_for_the_route(story: Replication, lots: list[LoanRecord], field: str) -> Iterator[Event]:
    """Who has set out, on a day that `field` names, while the route was closed."""
    first = lots[0]
    way = story.theatre.journey(first.lender, first.borrower, first.resource)
    if way is None or not way.closed:
        return
    for day in sorted({getattr(lot, field) for lot in lots} - {None}):
        until = in_days(opens(way.closed, milliseconds(day)))
        if until > day:
            ends = f"for the route between {first.lender} and {first.borrower} to open"
            wait = f"wait until {story.date(min(until, story.log.days))} {ends}"
            yield from _moves(story, [lot for lot in lots if getattr(lot, field) == day], field, wait)


def _paper(story: Replication, lots: list[LoanRecord]) -> Iterator[Event]:
    """The request, and what each authority says to it."""
    lot = lots[0]
    units = story.units(sum(each.units for each in lots), lot.resource)
    of = f"the loan of {units} from {lot.lender} to {lot.borrower}"
    cause = f" for {story.crisis(lot.crisis)}" if lot.crisis else " for its daily tasks"
    asked = f"{lot.borrower} asks {lot.lender} for {units}{story.contributor(lot.contributor)}{cause}."
    yield Event(lot.requested_day, asked)
    for gate in ("council", "contributor", "host"):
        day = getattr(lot, f"{gate}_day")
        named = gate == "contributor" and lot.contributor != UNNAMED
        who = AUTHORITY[gate] + (f", {story.scenario.label(lot.contributor)}," if named else "")
        if day is not None and day < story.log.days:
            until = ""
            if gate == "council" and lot.first_window_day is not None:
                until = f"; the authority runs to {story.date(lot.first_window_day)}"
            how = "has agreed beforehand" if day == lot.requested_day else "agrees"
            yield Event(day, f"{who} {how} to {of}{until}.")
        if lot.refused_by == gate and lot.ended_day is not None:
            yield Event(lot.ended_day, f"{who} refuses {of}.")
    for renewal in story.log.renewals:
        if renewal.loan == lot.loan and renewal.until is not None:
            yield Event(renewal.day, f"the authority for {of} is renewed to {story.date(renewal.until)}.")
        elif renewal.loan == lot.loan:
            yield Event(renewal.day, f"the authority for {of} is not renewed: that is refused.")


def _moves(
    story: Replication, lots: list[LoanRecord], field: str, what: str, more: Callable[[LoanRecord], str] = lambda _: ""
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
    "released": "no longer needed, {units} {leave} {borrower} for {lender}.",
    "lapsed": "the authority ends: {units} {leave} {borrower} for {lender}.",
    "recalled": "{lender} calls back {units} from {borrower}.",
    "withdrawn": "{contributor} withdraws {units} from {lender}; on loan to {borrower}, they go home first.",
    "closed": "the mission closes: {units} {leave} {borrower} for {lender}.",
    "cancelled": "{borrower} no longer needs {units} promised by {lender}: they stay at home.",
}
LATER = {
    "released": "no longer needed in {borrower}, {units} {are} released to {lender}{until}.",
    "lapsed": "the authority ends: {units} {are} to leave {borrower} for {lender}{until}.",
    "recalled": "{lender} calls back {units} from {borrower}{until}.",
    "withdrawn": "{contributor} withdraws {units} from {lender}; on loan to {borrower}, they go home first{until}.",
    "closed": "the mission closes: {units} {are} to leave {borrower} for {lender}{until}.",
}
"""Of units that do not leave at once."""
BEFORE_DEPARTURE = {
    "withdrawn request": "{borrower} no longer needs {units} asked of {lender}: the request is withdrawn.",
    "recalled": "{lender} takes back its promise of {units} to {borrower}.",
    "lapsed": "the authority ends before {units} left {lender} for {borrower}.",
    "closed": "the mission closes: {units} promised by {lender} to {borrower} stay at home.",
    "withdrawn": "{contributor} withdraws {units} that {lender} had promised to {borrower}.",
}


def _endings(story: Replication, lots: list[LoanRecord]) -> Iterator[Event]:
    """Why lots end; where they wait for a lift or a notice runs, also when they leave."""
    ended: dict[tuple[float, str, bool, str | None], list[LoanRecord]] = {}
    for lot in lots:
        if lot.ended_day is not None and lot.why_ended != "refused":
            key = (lot.ended_day, _why(lot), lot.departed_day is None, _until(story, lot))
            ended.setdefault(key, []).append(lot)
    for (day, why, before, until), alike in sorted(ended.items(), key=lambda each: (*each[0][:2], each[0][3] or "")):
        count, lot = sum(each.units for each in alike), alike[0]
        sentence = (BEFORE_DEPARTURE if before else ENDINGS if until is None else LATER).get(why) or ENDINGS[why]
        told = sentence.format(
            units=story.units(count, lot.resource),
            leave="leave" if count > 1 else "leaves",
            are="are" if count > 1 else "is",
            until=(until or "").format(wait="they wait" if count > 1 else "it waits"),
            borrower=lot.borrower,
            lender=lot.lender,
            contributor="the contributor" if lot.contributor == UNNAMED else story.scenario.label(lot.contributor),
        )
        yield Event(day, told)
    later = [lot for lot in lots if lot.left_day != lot.ended_day]
    yield from _moves(story, later, "left_day", f"leave {lots[0].borrower} for {lots[0].lender}")


def _until(story: Replication, lot: LoanRecord) -> str | None:
    """What lets units that are to go home stay for a while; None where they leave at once."""
    if lot.ended_day is None or lot.departed_day is None or lot.left_day == lot.ended_day:
        return None
    recall = story.theatre.policy.recall
    notice = recall.notice_days if recall and lot.why_ended == "recalled" else 0.0
    at = f" at {notice:g} {'days’' if notice != 1 else 'day’s'} notice" if notice else ""
    leaves = story.log.days if lot.left_day is None else lot.left_day
    waits = lot.lift is not None and leaves > lot.ended_day + notice
    return at + (f"; {'then ' if at else ''}{{wait}} for a lift" if waits else "")


def _why(lot: LoanRecord) -> str:
    """Why a lot ended; a promise that was still waiting for paper is no more than a request."""
    asking = lot.why_ended == "cancelled" and lot.ready_day is None and lot.departed_day is None
    cleared = [lot.council_day, lot.contributor_day, lot.host_day]
    return "withdrawn request" if asking and None in cleared else str(lot.why_ended)


def _shortfalls(story: Replication) -> Iterator[Event]:
    """When a mission becomes short of something, and when it no longer is; nothing for what lasts no time."""
    before: dict[int, Level] = {}
    levels = [level for level in story.log.levels if level.day < story.log.days]
    settled = {(level.day, level.cell): level for level in levels}.values()
    for level in sorted(settled, key=lambda each: each.day):
        mission, resource = story.theatre.place(level.cell)
        last = before.get(level.cell)
        was = last.shortfall if last else 0
        if level.shortfall > 0 and level.shortfall != was:
            still = "now " if was else ""
            yield Event(
                level.day, f"{mission} is {still}short of {story.units(level.shortfall, resource)}{_reason(level)}."
            )
        elif last and was and not level.shortfall:
            lacked = level.requirement < last.requirement
            how = f"no longer needs the {story.units(was, resource)} that it lacked" if lacked else ""
            yield Event(level.day, f"{mission} {how or f'has all the {story.called(resource)} that it needs'}.")
        before[level.cell] = level


def _reason(level: Level) -> str:
    """Why most of the units that no promise covers are missing; how many were asked for already."""
    uncovered = {cause: units for cause, units in zip(CAUSES, level.causes or (), strict=False) if cause in WHY}
    asked = level.shortfall - sum(uncovered.values())
    if asked == level.shortfall:
        return ", already asked for"
    why = WHY[max(uncovered, key=lambda cause: uncovered[cause])]
    return f", {asked} of them already asked for; as to the rest, {why}" if asked else f": {why}"
