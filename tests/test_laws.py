"""Laws that hold in every scenario, at every instant, whatever the policy.

Scenarios are drawn by Hypothesis (`any_scenario`); always the same ones, unless LAWS says how many new ones to try:
`LAWS=2000 pytest tests/test_laws.py`.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from sim import tell
from sim.agreements.journeys import Journey
from sim.chance.repairs import Turn
from sim.chance.trace import trace_of
from sim.measures.catalogue import CAUSE_COLUMNS, INDEX
from sim.operations.loans import Loans
from sim.operations.log import LoanRecord, PartRecord
from sim.operations.replication import simulate
from sim.operations.stocks import Cell
from sim.operations.theatre import Link, Theatre
from sim.questions.story.story import Story
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.milliseconds import in_days
from tests.any_scenario import pools, scenarios

TRIES = int(os.environ.get("LAWS", "0"))
law = settings(
    max_examples=TRIES or 25,
    derandomize=not TRIES,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
LIFE = ("requested", "ready", "departed", "landed", "arrived", "ended", "left", "home", "recovered")
Step = tuple[float, float, int]
"""From a day until another, so many units."""


def story_of(scenario: LoadedScenario) -> Story:
    """A replication, checked after every instant: units are conserved, causes add up, no level has gone stale."""
    return tell(scenario, "it", 0, check=True)


def until(day: float | None) -> float:
    return float("inf") if day is None else day


def heights(steps: Iterable[Step]) -> Iterator[tuple[float, float, int]]:
    """(from, to, units) between any two days on which the sum of the steps changes."""
    steps = [step for step in steps if step[0] < step[1] and step[2]]
    moments = sorted({day for start, end, _ in steps for day in (start, end)})
    for start, end in pairwise(moments):
        yield start, end, sum(units for first, last, units in steps if first <= start and end <= last)


def link_of(theatre: Theatre, lot: LoanRecord) -> Link:
    for link in theatre.links[theatre.cell(lot.borrower, lot.resource)]:
        contingent = theatre.contingents[link.contingent]
        if (contingent.mission, contingent.contributor) == (lot.lender, lot.contributor):
            return link
    raise AssertionError(f"{lot.lender} may not lend to {lot.borrower}")


def turns_of(story: Story) -> dict[int, list[Turn]]:
    """By contingent, when its units fall unfit and are fit again."""
    trace = trace_of(story.scenario, story.scenario.experiment.seed, story.replication)
    turns = story.theatre.turns(trace.seed, trace.block)
    return {number: drawn[trace.index_in_block] for number, drawn in turns.items()}


def unfit_of(story: Story, number: int, turns: list[Turn], day: float) -> dict[int, int]:
    """Units of a contingent in repair on a day, by cell: those at home first, then those longest on loan."""
    one = story.theatre.contingents[number]
    out = [lot for lot in story.loans if (lot.lender, lot.resource) == (one.mission, one.resource)]
    out = [lot for lot in out if lot.contributor == one.contributor]
    out = [lot for lot in out if until(lot.departed_day) <= day < until(lot.recovered_day)]
    unfit = sum(-1 if turn.fit else 1 for turn in turns if in_days(turn.instant) <= day)
    there = {one.cell: min(unfit, one.opening - sum(lot.units for lot in out))}
    unfit -= there[one.cell]
    for lot in sorted(out, key=lambda lot: (until(lot.departed_day), lot.loan)):
        cell = story.theatre.cell(lot.borrower, lot.resource)
        if until(lot.arrived_day) <= day < until(lot.left_day):
            there[cell] = there.get(cell, 0) + min(unfit, lot.units)
        unfit -= min(unfit, lot.units)
    return there


# -- the order of things ---------------------------------------------------------------------------------------------


@law
@given(scenarios())
def test_the_clock_never_goes_back(scenario: LoadedScenario) -> None:
    story = story_of(scenario)
    days = [level.day for level in story.levels]
    assert days == sorted(days) and all(0 <= day < scenario.days for day in days)
    for crisis in story.crises:
        assert 0 <= crisis.known_day <= crisis.onset_day < scenario.days
        begun = [day for _, day, _ in crisis.phases]
        assert begun == sorted(begun)
        assert bool(begun) == crisis.happened
        assert begun == [] or (crisis.onset_day == begun[0] and begun[-1] <= until(crisis.end_day))
    assert [lot.loan for lot in story.loans] == sorted(lot.loan for lot in story.loans)


@law
@given(scenarios())
def test_a_lot_lives_in_order(scenario: LoadedScenario) -> None:
    for lot in story_of(scenario).loans:
        life = {word: getattr(lot, f"{word}_day") for word in LIFE}
        if lot.departed_day is None:  # it can only be prepared, or end
            assert all(life[word] is None for word in LIFE[2:] if word != "ended")
        elif lot.ended_day is None:
            assert lot.why_ended is None and lot.left_day is None
        passed = [day for day in life.values() if day is not None]
        assert passed == sorted(passed) and all(0 <= day < scenario.days for day in passed)
        kept = [word for word in LIFE[1:] if word != "ended" or lot.departed_day is not None]
        happened = [life[word] is not None for word in kept]
        assert happened == sorted(happened, reverse=True), "something happened though what comes before it did not"
        assert (lot.why_ended is None) == (lot.ended_day is None) and lot.units > 0
        assert (lot.why_ended == "refused") == (lot.refused_by is not None)


def theatre_way(story: Story, part: PartRecord) -> Journey:
    way = story.theatre.journey(part.lender, part.borrower, part.resource)
    assert way is not None and way.equipment is not None
    return way.equipment if part.part == "equipment" else way


@law
@given(scenarios())
def test_a_lot_is_there_when_people_and_equipment_are_and_gone_when_one_of_them_is(scenario: LoadedScenario) -> None:
    story = story_of(scenario)
    apart = [lot for lot in story.loans if scenario.resources[lot.resource].equipment and lot.departed_day is not None]
    assert sorted((lot.loan, lot.load, lot.units) for lot in apart for _ in range(2)) == sorted(
        (part.loan, part.load, part.units) for part in story.log.parts
    )
    for lot in apart:
        parts = [part for part in story.log.parts if (part.loan, part.load) == (lot.loan, lot.load)]
        assert {part.part for part in parts} == {"people", "equipment"}
        assert lot.departed_day == min(until(part.departed_day) for part in parts)
        assert until(lot.landed_day) == max(until(part.landed_day) for part in parts)
        assert until(lot.home_day) in {until(part.home_day) for part in parts}
    for part in story.log.parts:
        life = (part.ready_day, part.departed_day, part.landed_day, part.home_day)
        passed = [day for day in life if day is not None]
        assert passed == sorted(passed) and (part.lift or part.ready_day == part.departed_day)
        way = theatre_way(story, part)
        assert (part.by, part.lift) == (way.by, way.lift)


# -- paper -----------------------------------------------------------------------------------------------------------


@law
@given(scenarios())
def test_nothing_departs_before_its_gates_and_what_was_refused_never_does(scenario: LoadedScenario) -> None:
    story = story_of(scenario)
    for lot in story.loans:
        terms = link_of(story.theatre, lot).terms
        cleared = {"council": lot.council_day, "contributor": lot.contributor_day, "host": lot.host_day}
        assert {gate for gate, day in cleared.items() if day is not None} <= {step.gate for step in terms.gates}
        begins = lot.requested_day
        for step in terms.gates if lot.departed_day is not None else ():
            day = cleared[step.gate]
            assert day is not None and day <= until(lot.ready_day) <= until(lot.departed_day)
            assert day >= begins
            begins = day if terms.in_turn else begins
            assert not step.standing or day == (begins if terms.in_turn else lot.requested_day)


@law
@given(scenarios())
def test_the_log_says_by_what_way_a_lot_went_and_through_which_gates(scenario: LoadedScenario) -> None:
    story = story_of(scenario)
    for lot in story.loans:
        link = link_of(story.theatre, lot)
        lift = link.journey.lifts[0] if link.journey.lifts else None
        assert (lot.km, lot.hours, lot.lift) == (link.journey.km, link.journey.hours, lift)
        order = [step.gate for step in link.terms.gates]
        assert lot.gates == ", ".join(order)
        passages = lot.passages()
        assert [each.gate for each in passages] == order[: len(passages)]
        opens = lot.requested_day
        for gate, opened, cleared in passages:
            assert opened == opens, "a gate opens on the request, or in its turn when the one before it has cleared"
            assert cleared == getattr(lot, f"{gate}_day")
            assert cleared is None or cleared >= opened
            if link.terms.in_turn:
                opens = until(cleared)
        if not link.terms.in_turn or lot.departed_day is not None:
            assert len(passages) == len(order)


@law
@given(scenarios())
def test_windows_are_respected(scenario: LoadedScenario) -> None:
    story = story_of(scenario)
    for lot in story.loans:
        terms = link_of(story.theatre, lot).terms
        if lot.window_day is None or lot.first_window_day is None:
            assert terms.window_days is None or lot.departed_day is None
            continue
        opened = lot.requested_day if lot.council_day is None else lot.council_day
        assert opened <= lot.first_window_day <= lot.window_day
        assert lot.departed_day is None or lot.departed_day <= lot.window_day
        if lot.arrived_day is not None and lot.window_day < scenario.days:
            # Gone by its end; but what is then on the road turns round where it arrives, and a lift may be late.
            assert until(lot.ended_day) <= max(lot.window_day, lot.arrived_day)
            assert lot.lift or until(lot.left_day) <= max(lot.window_day, lot.arrived_day)
        if lot.departed_day is None and lot.window_day < scenario.days:
            assert until(lot.ended_day) <= lot.window_day


@law
@given(scenarios())
def test_ceilings_are_respected(scenario: LoadedScenario) -> None:
    story = story_of(scenario)
    under: dict[tuple[str, str], list[Step]] = defaultdict(list)
    most = {}
    for lot in story.loans:
        terms = link_of(story.theatre, lot).terms
        if terms.at_most is not None and terms.agreement is not None:
            out = lot.ended_day if lot.departed_day is None else lot.left_day
            under[terms.agreement, lot.resource].append((lot.requested_day, until(out), lot.units))
            most[terms.agreement, lot.resource] = terms.at_most
    for key, steps in under.items():
        assert all(units <= most[key] for _, _, units in heights(steps))


@law
@given(scenarios())
def test_a_refusal_stands(scenario: LoadedScenario) -> None:
    story = story_of(scenario)
    stands = story.theatre.policy.ask_again_days
    for lot in story.loans:
        for later in story.loans:
            same = (lot.lender, lot.contributor, lot.borrower, lot.resource)
            if lot.refused_by and same == (later.lender, later.contributor, later.borrower, later.resource):
                between = until(lot.ended_day) < later.requested_day < until(lot.ended_day) + stands
                assert not between or needs_nobody_meanwhile(story, lot, later)


def needs_nobody_meanwhile(story: Story, lot: LoanRecord, later: LoanRecord) -> bool:
    """Whether between two requests its own units were all that the borrower needed: then the need is another.

    Levels tell neither what is sought for prevention nor what is not sought any more since it was given up.
    """
    if any(lot.resource in crisis.given_up for crisis in story.crises if crisis.mission == lot.borrower):
        return True
    cell = story.theatre.cell(lot.borrower, lot.resource)
    levels = [level for level in story.levels if level.cell == cell and level.day < later.requested_day]
    ends = [*(level.day for level in levels), later.requested_day][1:]
    return not levels or any(
        level.requirement <= level.present - level.borrowed
        for level, end in zip(levels, ends, strict=True)
        if end > until(lot.ended_day)
    )


# -- units -----------------------------------------------------------------------------------------------------------


@law
@given(scenarios())
def test_lenders_offer_no_more_than_they_may(scenario: LoadedScenario) -> None:
    """Own units at home and not promised; present − promised − requirement with foresight − kept + may go short."""
    theatre, asked = Theatre.of(scenario, "it"), {}
    trace, policy = trace_of(scenario, 1, 0), theatre.policy

    def watched(self: Loans, cell: Cell, link: Link, units: int) -> None:
        holding, day = self.stocks.holdings[link.contingent], in_days(self.clock.now)
        lender, contingent = holding.cell, holding.contingent
        known = (each for each in trace.occurrences if each.mission == contingent.mission)
        ahead = sum(
            dict(each.phases[0].needs).get(contingent.resource, 0)
            for each in known
            if max(each.known_day, each.onset_day - policy.foresee_days) <= day < each.onset_day
        )
        held = holding.held - holding.withdrawn
        spare = lender.present - lender.promised - lender.required - ahead
        free = holding.home - holding.promised
        if self.episodes.severity(cell) > self.episodes.severity(lender):
            spare += policy.may_go_short.get(contingent.resource, 0)
        assert 0 < units <= min(free, spare - policy.kept_of(contingent.resource, held))
        asked[self.count] = units
        request(self, cell, link, units)

    request = Loans.request
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Loans, "request", watched)
        log = simulate(theatre, trace, check=True)
    lots: dict[int, int] = defaultdict(int)
    for lot in log.loans:
        lots[lot.loan] += lot.units
    assert lots == asked, "units of a loan were lost or made"


@law
@given(scenarios(always=True))
def test_where_units_are_follows_from_the_loans(scenario: LoadedScenario) -> None:
    """Presence, units borrowed and away, rebuilt from the loans and the repairs alone; and never more out than held."""
    story = story_of(scenario)
    turns = turns_of(story)
    found: dict[int, list[tuple[float, int, int, int]]] = defaultdict(list)
    for level in story.levels:
        found[level.cell].append((level.day, level.present, level.borrowed, level.away))
    for cell in range(len(story.theatre.routine)):
        mission, resource = story.theatre.place(cell)
        held = sum(scenario.missions[mission].holdings(resource).values())
        ours = [lot for lot in story.loans if (lot.lender, lot.resource) == (mission, resource)]
        theirs = [lot for lot in story.loans if (lot.borrower, lot.resource) == (mission, resource)]
        away = [(until(lot.departed_day), until(lot.recovered_day), lot.units) for lot in ours]
        here = [(until(lot.arrived_day), until(lot.left_day), lot.units) for lot in theirs]
        turned = {in_days(turn.instant) for mine in turns.values() for turn in mine}
        days = sorted({day for start, end, _ in (*away, *here) for day in (start, end)} | {0.0} | turned)
        for day in (day for day in days if day < scenario.days):
            gone = sum(units for start, end, units in away if start <= day < end)
            come = sum(units for start, end, units in here if start <= day < end)
            states = [state[1:] for state in found[cell] if state[0] <= day] or [(0, 0, 0)]
            unfit = sum(unfit_of(story, number, mine, day).get(cell, 0) for number, mine in turns.items())
            assert states[-1] == (held - gone + come - unfit, come, gone)
        for contributor, units in scenario.missions[mission].holdings(resource).items():
            whose = [lot for lot in ours if lot.contributor == contributor]
            over = [lot.ended_day if lot.departed_day is None else lot.recovered_day for lot in whose]
            out = [(lot.requested_day, until(end), lot.units) for lot, end in zip(whose, over, strict=True)]
            assert all(gone <= units for _, _, gone in heights(out))


@law
@given(scenarios(always=True))
def test_requirements_follow_from_the_crises(scenario: LoadedScenario) -> None:
    story = story_of(scenario)
    for cell in range(len(story.theatre.routine)):
        mission, resource = story.theatre.place(cell)
        steps: list[Step] = []
        for crisis in story.crises:
            if crisis.mission == mission and crisis.happened:
                ends = [day for _, day, _ in crisis.phases[1:]] + [until(crisis.end_day)]
                steps += [
                    (day, end, needs.get(resource, 0)) for (_, day, needs), end in zip(crisis.phases, ends, strict=True)
                ]
        for day in {day for start, end, _ in steps for day in (start, end) if day < scenario.days}:
            needed = sum(units for start, end, units in steps if start <= day < end)
            states = [level for level in story.levels if level.cell == cell and level.day <= day]
            assert states or not needed
            if states:
                assert states[-1].crisis_requirement == needed
                assert states[-1].requirement == needed + scenario.missions[mission].routine.get(resource, 0)


@law
@given(pools())
def test_without_delays_a_pool_is_a_function_of_what_is_needed_now(scenario: LoadedScenario) -> None:
    """All that is missing anywhere, less what others have beyond their own need and what they keep; at any time."""
    story = story_of(scenario)
    theatre, width = story.theatre, len(scenario.missions)
    last = [(0, 0)] * len(theatre.routine)
    levels = iter(story.levels)
    level = next(levels, None)
    while level is not None:
        day = level.day
        while level is not None and level.day == day:
            last[level.cell] = (level.requirement, level.shortfall)
            level = next(levels, None)
        for resource in range(len(theatre.resources)):
            needs = offers = missing = 0
            for cell in range(resource * width, (resource + 1) * width):
                mission, name = theatre.place(cell)
                held, (required, short) = sum(scenario.missions[mission].holdings(name).values()), last[cell]
                needs += max(0, required - held)
                offers += max(0, held - required - theatre.policy.kept_of(name, held))
                missing += short
            assert missing == max(0, needs - offers), f"day {day}"


# -- transport -------------------------------------------------------------------------------------------------------


@law
@given(scenarios())
def test_lifts_and_receptions_take_no_more_than_they_can(scenario: LoadedScenario) -> None:
    story = story_of(scenario)
    slots: dict[str, list[Step]] = defaultdict(list)
    loads: dict[tuple[int, int], int] = defaultdict(int)
    taken: dict[tuple[str, str], list[tuple[float, int]]] = defaultdict(list)
    for part in story.log.parts:
        most = theatre_way(story, part).units_per_load
        if part.lift and (most is None or most >= part.units):  # in one load, of which the log tells all
            turnaround = scenario.lifts[part.lift].turnaround_days
            turned = until(part.landed_day) + (turnaround if isinstance(turnaround, (int, float)) else 0)
            slots[part.lift].append((until(part.departed_day), turned, 1))
    for lot in story.loans:
        if lot.departed_day is None:
            continue
        if lot.lift and not scenario.resources[lot.resource].equipment:
            if not loads[lot.loan, lot.load]:
                turnaround = scenario.lifts[lot.lift].turnaround_days
                turned = until(lot.landed_day) + (turnaround if isinstance(turnaround, (int, float)) else 0)
                slots[lot.lift].append((lot.departed_day, turned, 1))
            most = link_of(story.theatre, lot).journey.units_per_load
            loads[lot.loan, lot.load] += lot.units
            assert most is None or loads[lot.loan, lot.load] <= most
        if lot.arrived_day is not None:
            taken[lot.borrower, lot.resource].append((lot.arrived_day, lot.units))
    for lift, steps in slots.items():
        assert all(loads_under_way <= scenario.lifts[lift].slots for _, _, loads_under_way in heights(steps))
    for (mission, resource), arrivals in taken.items():
        changes = sorted(scenario.missions[mission].changes, key=lambda each: each.on)
        for day, _ in arrivals:
            said = [each.reception_per_day for each in changes if scenario.day(each.on) <= day]
            rates = [
                each[resource] for each in (scenario.missions[mission].reception_per_day, *said) if resource in each
            ]
            come = sum(units for other, units in arrivals if day - 1 + 1e-9 < other <= day)
            assert not rates or come <= rates[-1]


# -- why units are missing -------------------------------------------------------------------------------------------


@law
@given(scenarios())
def test_causes_add_up_to_the_unmet_need_without_remainder(scenario: LoadedScenario) -> None:
    story = story_of(scenario)
    given_up = {(each.mission, name) for each in story.crises for name in each.given_up}
    for level in story.levels:
        assert level.shortfall == sum(level.causes or ())
        assert (level.causes is None) == (level.shortfall == 0) and min(level.causes or (0,)) >= 0
        missing = max(0, level.requirement - level.present)
        if story.theatre.place(level.cell) in given_up:
            assert level.shortfall >= missing
        else:
            assert level.shortfall == missing
    columns = [INDEX[column] for column in CAUSE_COLUMNS]  # each is rounded to a billionth of a unit-day
    for row in story.table:
        assert row[columns].sum() == pytest.approx(row[INDEX["unmet_unit_days"]], abs=2e-8)
    last = 1 + len(story.theatre.cells_in_use)  # what is told of teams is in no sum
    assert story.table[1:last, columns].sum(axis=0) == pytest.approx(story.table[0, columns], abs=2e-8)


# -- chance ----------------------------------------------------------------------------------------------------------


@law
@given(scenarios())
def test_the_same_seed_gives_the_same_log(scenario: LoadedScenario) -> None:
    def run(**how: Any) -> tuple[Any, ...]:
        log = simulate(Theatre.of(scenario, "it"), trace_of(scenario, 7, 3), **how)
        return log.loans, log.levels, [[getattr(each, word) for word in each.__slots__] for each in log.crises]

    assert run() == run() == run(check=True)


@law
@given(scenarios())
def test_a_replication_does_not_depend_on_which_ran_before_it(scenario: LoadedScenario) -> None:
    theatre = Theatre.of(scenario, "it")
    for replication in (5, 2):
        simulate(theatre, trace_of(scenario, 7, replication))
    again, alone = (simulate(each, trace_of(scenario, 7, 3)) for each in (theatre, Theatre.of(scenario, "it")))
    assert (again.loans, again.levels) == (alone.loans, alone.levels)
