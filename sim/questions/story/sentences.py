"""One replication, whole, and its sentences: crises, papers, moves and shortfalls, each with its day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agreements.journeys import opens
from sim.agreements.terms import Law
from sim.measures.causes import CAUSES_SAID
from sim.operations.log import CAUSES, CrisisRecord, Level, LoanRecord, Log, PartRecord
from sim.operations.theatre import Theatre
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.milliseconds import in_days, milliseconds
from sim.scenario.nouns.scenario import UNNAMED
from sim.words.dates import date_in_words
from sim.words.language import Phrase, PhraseN, phrase, phrase_n
from sim.words.names import listed
from sim.words.numbers import count_in_words

AUTHORITY = {
    "council": Phrase("the Security Council"),
    "contributor": Phrase("the contributor"),
    "host": Phrase("the host government"),
}
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
WHY = {cause: words.why for cause, words in CAUSES_SAID.items() if words.why}
"""Why units are missing that no promise covers; the others were asked for."""


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
        return phrase("{count:,} {units}", count=count, units=self.called(resource, count))

    def called(self, resource: str, count: int = 2) -> str:
        """The resource's name for so many units."""
        return self.scenario.units_name(resource, count)

    def crisis(self, name: str, onset: float | None = None) -> str:
        """A crisis as people call it, numbered where it occurs more than once."""
        parent, _, mission = name.partition(" → ")
        noun = self.scenario.crises.get(parent)
        label = (noun.label if noun and noun.label else parent) or parent
        title = phrase("the spill-over of {crisis}", crisis=label) if mission else label
        onsets = [each.onset_day for each in self.log.crises if each.name == name]
        if onset is None or len(onsets) < 2:
            return title
        return phrase("{crisis} (no. {number})", crisis=title, number=onsets.index(onset) + 1)

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


def _needs(story: Replication, needs: dict[str, int], teams: dict[str, int]) -> str:
    """What a crisis needs: teams with what they are made of, and units beside them."""
    told, beside = [], dict(needs)
    for team, count in teams.items():
        parts = {resource: each * count for resource, each in story.scenario.teams[team].items()}
        units = listed([story.units(each, resource) for resource, each in parts.items()])
        told.append(phrase("{teams} ({units})", teams=story.units(count, team), units=units))
        beside |= {resource: beside[resource] - each for resource, each in parts.items()}
    told += [story.units(count, resource) for resource, count in beside.items() if count]
    return listed(told or [phrase("nothing more")])


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
                    yield Event(day, (GAINS if units > 0 else LOSES)(mission=name, units=what, why=why))
            for resource, units in change.routine.items():
                said = NEEDS_MORE if units > 0 else NEEDS_FEWER
                what = story.called(resource, abs(units))
                yield Event(day, said(mission=name, count=abs(units), units=what, why=why))
            for resource, units in change.reception_per_day.items():
                if units:
                    told = TAKES_IN(mission=name, units=story.units(units, resource), why=why)
                else:
                    told = TAKES_IN_NO(mission=name, units=story.called(resource), why=why)
                yield Event(day, told)


GAINS = Phrase("{mission} gains {units}{why}.")
LOSES = Phrase("{mission} loses {units}{why}.")
NEEDS_MORE = Phrase("{mission}'s daily tasks need {count:,} more {units}{why}.")
NEEDS_FEWER = Phrase("{mission}'s daily tasks need {count:,} fewer {units}{why}.")
TAKES_IN = Phrase("{mission} can now take in {units} a day{why}.")
TAKES_IN_NO = Phrase("{mission} can now take in no {units}{why}.")


def _crises(story: Replication) -> Iterator[Event]:
    for crisis in story.log.crises:
        told = {"mission": crisis.mission, "crisis": story.crisis(crisis.name, crisis.onset_day)}
        if crisis.known_day < crisis.onset_day:
            date = story.date(crisis.onset_day)
            sentence = phrase("{mission} learns of a coming crisis: {crisis}, expected on {date}.", **told, date=date)
            yield Event(crisis.known_day, sentence)
        if not crisis.happened:
            if crisis.onset_day < story.log.days:
                sentence = phrase("{mission}: {crisis} stays calm; nothing is needed for it.", **told)
                yield Event(crisis.onset_day, sentence)
            continue
        yield from _phases(story, crisis, told)
        if crisis.end_day is not None:
            yield Event(crisis.end_day, phrase("{mission}: {crisis} is over.", **told))
        for resource, lost in crisis.given_up.items():
            sentence = phrase("{mission} gives up {units} for {crisis}.", **told, units=story.units(lost, resource))
            yield Event(_given_up_day(story, crisis), sentence)


def _phases(story: Replication, crisis: CrisisRecord, told: dict[str, str]) -> Iterator[Event]:
    """What a crisis needs from when on, as far as its mission is there."""
    first, last = story.theatre.spans[story.theatre.mission_number[crisis.mission]]
    asked = [_needs(story, needs, teams) for (*_, needs), teams in zip(crisis.phases, crisis.teams, strict=True)]
    for number, (phase, day, _) in enumerate(crisis.phases):
        there = first <= day < last
        if there and day == crisis.escalated_day and number:
            said = ESCALATES
        elif phase:
            said = PHASE_BEGINS if there else PHASE_BEGINS_ELSEWHERE
        elif number:
            said = GOES_ON if there else GOES_ON_ELSEWHERE
        else:
            said = BEGINS if there else BEGINS_ELSEWHERE
        yield Event(day, said(**told, phase=phase, needs=asked[number]))
    met = [needs for needs, (_, day, _) in zip(asked, crisis.phases, strict=True) if day < first]
    if met and first < (story.log.days if crisis.end_day is None else crisis.end_day):
        yield Event(first, MISSION_OPENS(**told, needs=met[-1]))


ESCALATES = Phrase("{mission}: {crisis} escalates and now needs {needs}.")
PHASE_BEGINS = Phrase("{mission}: {crisis}, {phase}, begins and needs {needs}.")
GOES_ON = Phrase("{mission}: {crisis} goes on and needs {needs}.")
BEGINS = Phrase("{mission}: {crisis} begins and needs {needs}.")
PHASE_BEGINS_ELSEWHERE = Phrase("{mission}: {crisis}, {phase}, begins, but {mission} is not there: nothing is needed.")
GOES_ON_ELSEWHERE = Phrase("{mission}: {crisis} goes on, but {mission} is not there: nothing is needed.")
BEGINS_ELSEWHERE = Phrase("{mission}: {crisis} begins, but {mission} is not there: nothing is needed.")
MISSION_OPENS = Phrase("{mission} opens while {crisis} goes on, and needs {needs}.")


def _given_up_day(story: Replication, crisis: CrisisRecord) -> float:
    noun = story.scenario.crises.get(crisis.name)
    return crisis.onset_day + (noun.patience_days or 0.0 if noun else 0.0)


def _loans(story: Replication) -> Iterator[Event]:
    for _, same in groupby(story.log.loans, key=lambda lot: lot.loan):
        lots = list(same)
        parts = [part for part in story.log.parts if part.loan == lots[0].loan]
        yield from _paper(story, lots)
        if parts:
            yield from _parts(story, parts)
        else:
            yield from _moves(story, [lot for lot in lots if _waits(story, lot)], "ready_day", READY)
            yield from _moves(story, lots, "departed_day", LEAVE)
        began = {lot.departed_day for lot in lots}
        apart = [part for part in parts if part.departed_day not in began]
        yield from _waits_for_the_route(story, [*lots, *apart], "departed_day")
        held_up = [lot for lot in lots if lot.landed_day is not None and lot.landed_day != lot.arrived_day]
        yield from _moves(story, held_up, "landed_day", HELD_UP)
        yield from _moves(story, [lot for lot in lots if not lot.late], "arrived_day", ARRIVE)
        yield from _moves(story, [lot for lot in lots if lot.late], "arrived_day", ARRIVE_LATE)
        yield from _endings(story, lots)
        yield from _waits_for_the_route(story, lots, "left_day")
        yield from _moves(story, lots, "home_day", HOME)


READY = PhraseN(
    "{units} is ready in {lender} to leave for {borrower}, once there is a lift.",
    "{units} are ready in {lender} to leave for {borrower}, once there is a lift.",
)
LEAVE = PhraseN("{units} leaves {lender} for {borrower}.", "{units} leave {lender} for {borrower}.")
HELD_UP = PhraseN("{units} waits at {borrower} to be taken in.", "{units} wait at {borrower} to be taken in.")
ROUTE_CLOSED = PhraseN(
    "{units} waits until {date} for the route between {lender} and {borrower} to open.",
    "{units} wait until {date} for the route between {lender} and {borrower} to open.",
)
ARRIVE = PhraseN("{units} arrives in {borrower} from {lender}.", "{units} arrive in {borrower} from {lender}.")
ARRIVE_LATE = PhraseN(
    "{units} arrives in {borrower} from {lender}, too late to be needed.",
    "{units} arrive in {borrower} from {lender}, too late to be needed.",
)
RETURN = PhraseN("{units} leaves {borrower} for {lender}.", "{units} leave {borrower} for {lender}.")
HOME = PhraseN("{units} is home in {lender} from {borrower}.", "{units} are home in {lender} from {borrower}.")


def _parts(story: Replication, parts: list[PartRecord]) -> Iterator[Event]:
    """How people and equipment go, each by its own way, and that what is there first is not the whole unit yet."""
    for name, said in PARTS.items():
        ours = [part for part in parts if part.part == name]
        yield from _moves(story, [part for part in ours if _waits(story, part)], "ready_day", said.waits)
        yield from _moves(story, ours, "departed_day", said.leaves, by=ours[0].by)
    for field, there in (("landed_day", 0), ("home_day", 1)):
        alike: dict[tuple[float, str, float | None], list[PartRecord]] = {}
        for first, second in zip(parts[::2], parts[1::2], strict=True):
            days = [(story.log.days if day is None else day) for day in (getattr(first, field), getattr(second, field))]
            sooner, later = (first, second) if days[0] <= days[1] else (second, first)
            day = getattr(sooner, field)
            if day is not None and days[0] != days[1]:
                alike.setdefault((day, sooner.part, getattr(later, field)), []).append(sooner)
        for (_, name, until), firsts in alike.items():
            if until is None:
                yield from _moves(story, firsts, field, PARTS[name].still_missing[there])
            else:
                by = next(part.by for part in parts if part.part != name)
                yield from _moves(story, firsts, field, PARTS[name].follows[there], by=by, date=story.date(until))


class PartPhrases(NamedTuple):
    """What is said of people, or of equipment. Each pair: at the borrower's door, and at home."""

    waits: PhraseN
    leaves: PhraseN
    follows: tuple[PhraseN, PhraseN]
    still_missing: tuple[PhraseN, PhraseN]


PARTS = {
    "people": PartPhrases(
        waits=PhraseN(
            "the people of {units} are ready in {lender} to leave for {borrower}, once there is a lift.",
            "the people of {units} are ready in {lender} to leave for {borrower}, once there is a lift.",
        ),
        leaves=PhraseN(
            "the people of {units} leave {lender} for {borrower} by {by}.",
            "the people of {units} leave {lender} for {borrower} by {by}.",
        ),
        follows=(
            PhraseN(
                "the people of {units} arrive in {borrower}; its equipment follows by {by} on {date}.",
                "the people of {units} arrive in {borrower}; their equipment follows by {by} on {date}.",
            ),
            PhraseN(
                "the people of {units} are home in {lender}; its equipment follows by {by} on {date}.",
                "the people of {units} are home in {lender}; their equipment follows by {by} on {date}.",
            ),
        ),
        still_missing=(
            PhraseN(
                "the people of {units} arrive in {borrower}; its equipment is not there when the period ends.",
                "the people of {units} arrive in {borrower}; their equipment is not there when the period ends.",
            ),
            PhraseN(
                "the people of {units} are home in {lender}; its equipment is not home when the period ends.",
                "the people of {units} are home in {lender}; their equipment is not home when the period ends.",
            ),
        ),
    ),
    "equipment": PartPhrases(
        waits=PhraseN(
            "the equipment of {units} is ready in {lender} to leave for {borrower}, once there is a lift.",
            "the equipment of {units} is ready in {lender} to leave for {borrower}, once there is a lift.",
        ),
        leaves=PhraseN(
            "the equipment of {units} leaves {lender} for {borrower} by {by}.",
            "the equipment of {units} leaves {lender} for {borrower} by {by}.",
        ),
        follows=(
            PhraseN(
                "the equipment of {units} arrives in {borrower}; its people follow by {by} on {date}.",
                "the equipment of {units} arrives in {borrower}; their people follow by {by} on {date}.",
            ),
            PhraseN(
                "the equipment of {units} is home in {lender}; its people follow by {by} on {date}.",
                "the equipment of {units} is home in {lender}; their people follow by {by} on {date}.",
            ),
        ),
        still_missing=(
            PhraseN(
                "the equipment of {units} arrives in {borrower}; its people are not there when the period ends.",
                "the equipment of {units} arrives in {borrower}; their people are not there when the period ends.",
            ),
            PhraseN(
                "the equipment of {units} is home in {lender}; its people are not home when the period ends.",
                "the equipment of {units} is home in {lender}; their people are not home when the period ends.",
            ),
        ),
    ),
}


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
            who = AUTHORITY[gate]() if whose in ("", UNNAMED) else story.scenario.label(whose)
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


def _waits(story: Replication, lot: LoanRecord | PartRecord) -> bool:
    """Whether a lot, or a part of one, that was ready had to wait for a lift."""
    if lot.lift is None or lot.ready_day is None:
        return False
    until = lot.ended_day if isinstance(lot, LoanRecord) and lot.departed_day is None else lot.departed_day
    return (story.log.days if until is None else until) > lot.ready_day


def _waits_for_the_route(story: Replication, lots: Sequence[LoanRecord | PartRecord], field: str) -> Iterator[Event]:
    """Who has set out, on a day that `field` names, while the route was closed."""
    first = lots[0]
    way = story.theatre.journey(first.lender, first.borrower, first.resource)
    if way is None or not way.closed:
        return
    for day in sorted({getattr(lot, field) for lot in lots} - {None}):
        until = in_days(opens(way.closed, milliseconds(day)))
        if until > day:
            date = story.date(min(until, story.log.days))
            yield from _moves(
                story, [lot for lot in lots if getattr(lot, field) == day], field, ROUTE_CLOSED, date=date
            )


def _paper(story: Replication, lots: list[LoanRecord]) -> Iterator[Event]:
    """The request, and what each authority says to it."""
    lot = lots[0]
    units = story.units(sum(each.units for each in lots), lot.resource)
    sides = {"lender": lot.lender, "borrower": lot.borrower}
    loan = phrase("the loan of {units} from {lender} to {borrower}", units=units, **sides)
    what = units + story.contributor(lot.contributor)
    yield Event(
        lot.requested_day,
        phrase(
            "{borrower} asks {lender} for {units} for {crisis}.", units=what, crisis=story.crisis(lot.crisis), **sides
        )
        if lot.crisis
        else phrase("{borrower} asks {lender} for {units} for its daily tasks.", units=what, **sides),
    )
    for gate in ("council", "contributor", "host"):
        day, who = getattr(lot, f"{gate}_day"), _authority(story, gate, lot)
        if day is not None and day < story.log.days:
            yield Event(day, _agreed(story, lot, gate, who=who, loan=loan))
        if lot.refused_by == gate and lot.ended_day is not None:
            yield Event(lot.ended_day, phrase("{who} refuses {loan}.", who=who, loan=loan))
    for renewal in story.log.renewals:
        if renewal.loan == lot.loan and renewal.until is not None:
            date = story.date(renewal.until)
            yield Event(renewal.day, phrase("the authority for {loan} is renewed to {date}.", loan=loan, date=date))
        elif renewal.loan == lot.loan:
            sentence = phrase("the authority for {loan} is not renewed: that is refused.", loan=loan)
            yield Event(renewal.day, sentence)


def _authority(story: Replication, gate: str, lot: LoanRecord) -> str:
    if gate == "contributor" and lot.contributor != UNNAMED:
        return phrase("the contributor, {name},", name=story.scenario.label(lot.contributor))
    return AUTHORITY[gate]()


def _agreed(story: Replication, lot: LoanRecord, gate: str, **slots: str) -> str:
    """What an authority that agrees says, and until when."""
    beforehand = getattr(lot, f"{gate}_day") == lot.requested_day
    if gate != "council" or lot.first_window_day is None:
        if beforehand:
            return phrase("{who} has agreed beforehand to {loan}.", **slots)
        return phrase("{who} agrees to {loan}.", **slots)
    date = story.date(lot.first_window_day)
    if beforehand:
        return phrase("{who} has agreed beforehand to {loan}; the authority runs to {date}.", **slots, date=date)
    return phrase("{who} agrees to {loan}; the authority runs to {date}.", **slots, date=date)


def _moves(
    story: Replication, lots: Sequence[LoanRecord | PartRecord], field: str, sentence: PhraseN, **more: str
) -> Iterator[Event]:
    for day in sorted({getattr(lot, field) for lot in lots if getattr(lot, field) is not None}):
        count = sum(lot.units for lot in lots if getattr(lot, field) == day)
        units = story.units(count, lots[0].resource)
        yield Event(day, sentence(count, units=units, lender=lots[0].lender, borrower=lots[0].borrower, **more))


ENDINGS = {
    "released": PhraseN(
        "no longer needed, {units} leaves {borrower} for {lender}.",
        "no longer needed, {units} leave {borrower} for {lender}.",
    ),
    "lapsed": PhraseN(
        "the authority ends: {units} leaves {borrower} for {lender}.",
        "the authority ends: {units} leave {borrower} for {lender}.",
    ),
    "recalled": PhraseN(
        "{lender} calls back {units} from {borrower}.",
        "{lender} calls back {units} from {borrower}.",
    ),
    "withdrawn": PhraseN(
        "{contributor} withdraws {units} from {lender}; on loan to {borrower}, it goes home first.",
        "{contributor} withdraws {units} from {lender}; on loan to {borrower}, they go home first.",
    ),
    "closed": PhraseN(
        "the mission closes: {units} leaves {borrower} for {lender}.",
        "the mission closes: {units} leave {borrower} for {lender}.",
    ),
    "cancelled": PhraseN(
        "{borrower} no longer needs {units} promised by {lender}: it stays at home.",
        "{borrower} no longer needs {units} promised by {lender}: they stay at home.",
    ),
}
LATER = {
    "released": PhraseN(
        "no longer needed in {borrower}, {units} is released to {lender}{until}.",
        "no longer needed in {borrower}, {units} are released to {lender}{until}.",
    ),
    "lapsed": PhraseN(
        "the authority ends: {units} is to leave {borrower} for {lender}{until}.",
        "the authority ends: {units} are to leave {borrower} for {lender}{until}.",
    ),
    "recalled": PhraseN(
        "{lender} calls back {units} from {borrower}{until}.",
        "{lender} calls back {units} from {borrower}{until}.",
    ),
    "withdrawn": PhraseN(
        "{contributor} withdraws {units} from {lender}; on loan to {borrower}, it goes home first{until}.",
        "{contributor} withdraws {units} from {lender}; on loan to {borrower}, they go home first{until}.",
    ),
    "closed": PhraseN(
        "the mission closes: {units} is to leave {borrower} for {lender}{until}.",
        "the mission closes: {units} are to leave {borrower} for {lender}{until}.",
    ),
}
"""Of units that do not leave at once."""
BEFORE_DEPARTURE = {
    "withdrawn request": PhraseN(
        "{borrower} no longer needs {units} asked of {lender}: the request is withdrawn.",
        "{borrower} no longer needs {units} asked of {lender}: the request is withdrawn.",
    ),
    "recalled": PhraseN(
        "{lender} takes back its promise of {units} to {borrower}.",
        "{lender} takes back its promise of {units} to {borrower}.",
    ),
    "lapsed": PhraseN(
        "the authority ends before {units} left {lender} for {borrower}.",
        "the authority ends before {units} left {lender} for {borrower}.",
    ),
    "closed": PhraseN(
        "the mission closes: {units} promised by {lender} to {borrower} stays at home.",
        "the mission closes: {units} promised by {lender} to {borrower} stay at home.",
    ),
    "withdrawn": PhraseN(
        "{contributor} withdraws {units} that {lender} had promised to {borrower}.",
        "{contributor} withdraws {units} that {lender} had promised to {borrower}.",
    ),
}


class Until(NamedTuple):
    """What keeps units that are to go home where they are."""

    notice_days: float
    waits_for_a_lift: bool


def _endings(story: Replication, lots: list[LoanRecord]) -> Iterator[Event]:
    """Why lots end; where they wait for a lift or a notice runs, also when they leave."""
    ended: dict[tuple[float, str, bool, Until | None], list[LoanRecord]] = {}
    for lot in lots:
        if lot.ended_day is not None and lot.why_ended != "refused":
            key = (lot.ended_day, _why(lot), lot.departed_day is None, _until(story, lot))
            ended.setdefault(key, []).append(lot)
    for (day, why, before, until), alike in sorted(ended.items(), key=lambda each: (*each[0][:2], each[0][3] or ())):
        count, lot = sum(each.units for each in alike), alike[0]
        sentence = (BEFORE_DEPARTURE if before else ENDINGS if until is None else LATER).get(why) or ENDINGS[why]
        contributor = (
            AUTHORITY["contributor"]() if lot.contributor == UNNAMED else story.scenario.label(lot.contributor)
        )
        told = sentence(
            count,
            units=story.units(count, lot.resource),
            until=_until_in_words(until, count),
            borrower=lot.borrower,
            lender=lot.lender,
            contributor=contributor,
        )
        yield Event(day, told)
    yield from _moves(story, [lot for lot in lots if lot.left_day != lot.ended_day], "left_day", RETURN)


def _until(story: Replication, lot: LoanRecord) -> Until | None:
    """What lets units that are to go home stay for a while; None where they leave at once."""
    if lot.ended_day is None or lot.departed_day is None or lot.left_day == lot.ended_day:
        return None
    recall = story.theatre.policy.recall
    notice = recall.notice_days if recall and lot.why_ended == "recalled" else 0.0
    leaves = story.log.days if lot.left_day is None else lot.left_day
    return Until(notice, lot.lift is not None and leaves > lot.ended_day + notice)


def _until_in_words(until: Until | None, count: int) -> str:
    """At how many days' notice units are called back, and that they wait for a lift."""
    if until is None or until == (0, False):
        return ""
    wait = phrase_n("; it waits for a lift", "; they wait for a lift", count)
    if not until.notice_days:
        return wait
    days = until.notice_days
    notice = phrase_n(" at {days:g} day’s notice", " at {days:g} days’ notice", days, days=days)
    if not until.waits_for_a_lift:
        return notice
    return notice + phrase_n("; then it waits for a lift", "; then they wait for a lift", count)


def _why(lot: LoanRecord) -> str:
    """Why a lot ended; a promise that was still waiting for paper is no more than a request."""
    asking = lot.why_ended == "cancelled" and lot.ready_day is None and lot.departed_day is None
    cleared = [lot.council_day, lot.contributor_day, lot.host_day]
    return "withdrawn request" if asking and None in cleared else str(lot.why_ended)


def _shortfalls(story: Replication) -> Iterator[Event]:
    """When a mission becomes short of something, and when it no longer is; nothing for what lasts no time."""
    before: dict[int, Level] = {}
    levels = [level for level in (*story.log.levels, *story.log.teams) if level.day < story.log.days]
    settled = {(level.day, level.cell): level for level in levels}.values()
    for level in sorted(settled, key=lambda each: each.day):
        mission, resource = story.theatre.place(level.cell)
        last = before.get(level.cell)
        was = last.shortfall if last else 0
        if level.shortfall > 0 and level.shortfall != was:
            units = story.units(level.shortfall, resource)
            yield Event(level.day, _short(level, still=bool(was), mission=mission, units=units))
        elif last and was and not level.shortfall:
            if level.requirement < last.requirement:
                units = story.units(was, resource)
                told = phrase("{mission} no longer needs the {units} that it lacked.", mission=mission, units=units)
            else:
                units = story.called(resource)
                told = phrase("{mission} has all the {units} that it needs.", mission=mission, units=units)
            yield Event(level.day, told)
        before[level.cell] = level


SHORT = {
    "asked": Phrase("{mission} is short of {units}, already asked for."),
    "partly": Phrase("{mission} is short of {units}, {asked:,} of them already asked for; as to the rest, {why}."),
    "not asked": Phrase("{mission} is short of {units}: {why}."),
}
STILL_SHORT = {
    "asked": Phrase("{mission} is now short of {units}, already asked for."),
    "partly": Phrase("{mission} is now short of {units}, {asked:,} of them already asked for; as to the rest, {why}."),
    "not asked": Phrase("{mission} is now short of {units}: {why}."),
}


def _short(level: Level, *, still: bool, mission: str, units: str) -> str:
    """A shortfall, why most of the units that no promise covers are missing, how many were asked for already."""
    sentences = STILL_SHORT if still else SHORT
    uncovered = {cause: units for cause, units in zip(CAUSES, level.causes or (), strict=False) if cause in WHY}
    asked = level.shortfall - sum(uncovered.values())
    if asked == level.shortfall:
        return sentences["asked"](mission=mission, units=units)
    why = WHY[max(uncovered, key=lambda cause: uncovered[cause])]()
    return sentences["partly" if asked else "not asked"](mission=mission, units=units, asked=asked, why=why)
