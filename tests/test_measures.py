"""The ledger: every measure, computed again from the log's three tables in the plainest way, over any scenario.

Time is cut at every day on which anything happens; between two such days nothing changes, so sums are exact.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from sim import tell
from sim.agreements.terms import terms_for
from sim.measures.catalogue import COLUMNS, INDEX, MEASURES, OVERALL
from sim.measures.figures import chance_in_figures, difference_in_figures, figure, in_figures, in_millions
from sim.measures.measures import measure, rows_of
from sim.operations.log import CAUSES, LoanRecord
from sim.questions.story.story import Story
from sim.scenario.loaded import LoadedScenario
from sim.statistics.by_sets import Inference, Sets
from sim.statistics.estimates import Estimate
from tests.any_scenario import scenarios
from tests.worlds import measured, told

NAN = math.nan


def ledger(test: Any) -> Any:
    """Over 50 scenarios; every measure of a run is made in any other test, so nothing is lost by not tracing."""
    tried = settings(
        max_examples=50,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    return pytest.mark.no_cover(tried(test))


def pieces(story: Story) -> Iterator[tuple[float, float]]:
    """(from, to) of every stretch of time in which no level changes."""
    days = sorted({0.0, story.log.days} | {level.day for level in story.levels})
    yield from ((start, end) for start, end in pairwise(days) if end <= story.log.days)


def states(story: Story, cell: int) -> list[tuple[float, float, Any]]:
    """(from, to, level) for every piece of time from the first level on: what was last written holds."""
    levels = [level for level in story.levels if level.cell == cell]
    found = []
    for start, end in pieces(story):
        holding = [level for level in levels if level.day <= start]
        if holding:
            found.append((start, end, holding[-1]))
    return found


def cells(story: Story) -> Iterator[tuple[str, str, int]]:
    """Of resources; those of teams stand beside them (tests/test_teams.py)."""
    for mission, resource in rows_of(story.theatre)[1:]:
        if resource not in story.theatre.scenario.teams:
            yield mission, resource, story.theatre.cell(mission, resource)


def end_of(story: Story, day: float | None) -> float:
    return story.log.days if day is None else day


# -- integrals over levels -------------------------------------------------------------------------------------------


@ledger
@given(scenarios())
def test_integrals_of_shortfall_exposure_and_idleness(scenario: LoadedScenario) -> None:
    story = tell(scenario, "it", 0)
    short_anywhere: set[tuple[float, float]] = set()
    for mission, resource, cell in cells(story):
        found = states(story, cell)
        expected = {
            "unmet_unit_days": sum(each.shortfall * (end - start) for start, end, each in found),
            "requirement_unit_days": sum(each.crisis_requirement * (end - start) for start, end, each in found),
            "exposure_unit_days": sum(min(each.shortfall, each.away) * (end - start) for start, end, each in found),
            "idle_unit_days": sum(
                max(0, min(each.borrowed, each.present - each.requirement)) * (end - start)
                for start, end, each in found
            ),
            "days_short": sum(end - start for start, end, each in found if each.shortfall),
            "worst_shortfall": max((each.shortfall for _, _, each in found), default=0),
        }
        for number, cause in enumerate(CAUSES):
            days = (each.causes[number] * (end - start) for start, end, each in found if each.causes)
            expected[f"cause:{cause}"] = sum(days)
        short_anywhere |= {(start, end) for start, end, each in found if each.shortfall}
        for column, value in expected.items():
            assert measured(story, column, mission, resource) == pytest.approx(value, abs=1e-7), column
    assert measured(story, "days_short") == pytest.approx(sum(end - start for start, end in short_anywhere), abs=1e-7)


@ledger
@given(scenarios())
def test_the_longest_time_short(scenario: LoadedScenario) -> None:
    story = tell(scenario, "it", 0)
    longest = []
    for mission, resource, cell in cells(story):
        best = run = 0.0
        for start, end, each in states(story, cell):
            run = run + end - start if each.shortfall else 0.0
            best = max(best, run)
        assert measured(story, "longest_short_days", mission, resource) == pytest.approx(best, abs=1e-7)
        longest.append(best)
    assert measured(story, "longest_short_days") == pytest.approx(max(longest, default=0), abs=1e-7)


@ledger
@given(scenarios())
def test_the_whole_is_the_sum_of_its_cells(scenario: LoadedScenario) -> None:
    story = tell(scenario, "it", 0)
    assert rows_of(story.theatre)[0] == OVERALL
    for column in set(COLUMNS) - {"worst_shortfall", "longest_short_days", "days_short"}:
        rows = story.table[: 1 + len(list(cells(story))), INDEX[column]]
        assert rows[0] == pytest.approx(rows[1:].sum(), abs=1e-7), column
    worst = (measured(story, "worst_shortfall", mission, resource) for mission, resource, _ in cells(story))
    assert measured(story, "worst_shortfall") == max(worst, default=0)
    row = story.as_json()["measures"]
    unmet, required = measured(story, "unmet_unit_days"), measured(story, "requirement_unit_days")
    assert row["coverage"] == (pytest.approx(1 - unmet / required) if required else None)


# -- responses -------------------------------------------------------------------------------------------------------


@ledger
@given(scenarios())
def test_response_times(scenario: LoadedScenario) -> None:
    """From the first day on which the resource is needed until enough is present; censored at the crisis's end."""
    story = tell(scenario, "it", 0)
    expected: dict[tuple[str, str], list[float]] = {}
    for crisis in story.crises:
        wanted = {name for _, _, needs in crisis.phases for name, units in needs.items() if units}
        for name in wanted if crisis.happened else ():
            end = end_of(story, crisis.end_day)
            onset = min(day for day, needs in ((day, needs) for _, day, needs in crisis.phases) if needs.get(name))
            if end <= onset:
                continue
            lasting = [each for each in states(story, story.theatre.cell(crisis.mission, name)) if each[1] > onset]
            met = [start for start, _, each in lasting if not each.shortfall]
            before = not lasting or lasting[0][0] > onset  # nothing was ever there, nor needed for any time
            met_day = onset if before else max(onset, min(met, default=story.log.days))
            found = expected.setdefault((crisis.mission, name), [0, 0, 0])
            found[0] += 1
            found[1] += min(met_day, end) - onset
            found[2] += met_day >= end
    for mission, resource, _ in cells(story):
        columns = ("responses", "response_days", "censored")
        row = [measured(story, column, mission, resource) for column in columns]
        assert row == pytest.approx(expected.get((mission, resource), [0, 0, 0]), abs=1e-7)


# -- loans -----------------------------------------------------------------------------------------------------------


def departed(story: Story, mission: str, resource: str) -> list[LoanRecord]:
    lots = [lot for lot in story.loans if (lot.borrower, lot.resource) == (mission, resource)]
    return [lot for lot in lots if lot.departed_day is not None]


def in_turn(story: Story, lot: LoanRecord) -> tuple[str, ...]:
    """The gates of a lot in their order, where the law has them opened one after another."""
    terms = terms_for(story.scenario, lot.lender, lot.borrower, lot.resource, lot.contributor)
    return tuple(step.gate for step in terms.gates) if terms and terms.in_turn else ()


@ledger
@given(scenarios())
def test_loans_days_lent_and_late_loans(scenario: LoadedScenario) -> None:
    story = tell(scenario, "it", 0)
    for mission, resource, _ in cells(story):
        lots = departed(story, mission, resource)
        away = sum(lot.units * (end_of(story, lot.home_day) - (lot.departed_day or 0)) for lot in lots)
        assert measured(story, "lent_unit_days", mission, resource) == pytest.approx(away, abs=1e-7)
        # Units that departed together count as one, though they may arrive or go home apart.
        assert measured(story, "loans", mission, resource) == len({(lot.loan, lot.load) for lot in lots})
        late = {(lot.loan, lot.load) for lot in lots if lot.late}
        assert measured(story, "late_loans", mission, resource) == len(late)


@ledger
@given(scenarios())
def test_days_in_gates_and_windows_gone(scenario: LoadedScenario) -> None:
    story = tell(scenario, "it", 0)
    for mission, resource, _ in cells(story):
        expected = dict.fromkeys(("council_gate_days", "contributor_gate_days", "host_gate_days"), 0.0)
        expected |= {"gone_share": 0.0, "windowed_loans": 0}
        first: dict[tuple[int, int], LoanRecord] = {}
        for lot in departed(story, mission, resource):
            key = (lot.loan, lot.load)
            if key not in first or end_of(story, lot.arrived_day) < end_of(story, first[key].arrived_day):
                first[key] = lot
        for lot in first.values():
            cleared = {"council": lot.council_day, "contributor": lot.contributor_day, "host": lot.host_day}
            begins, turns = lot.requested_day, in_turn(story, lot)
            for gate in turns or cleared:
                day = cleared[gate]
                if day is not None:
                    expected[f"{gate}_gate_days"] += day - begins
                    begins = day if turns else begins
            if lot.first_window_day is not None and lot.arrived_day is not None:
                opened = lot.requested_day if lot.council_day is None else lot.council_day
                expected["windowed_loans"] += 1
                gone, window = lot.arrived_day - opened, lot.first_window_day - opened
                expected["gone_share"] += min(1, gone / window) if window else 1
        for column, value in expected.items():
            assert measured(story, column, mission, resource) == pytest.approx(value, abs=1e-7), column


@ledger
@given(scenarios())
def test_costs(scenario: LoadedScenario) -> None:
    """Two dollars a unit-day away, half a dollar a km, three an hour under way, a hundred a sortie."""
    story = tell(scenario, "it", 0)
    for mission, resource, _ in cells(story):
        cost = 0.0
        for lot in departed(story, mission, resource):
            road = story.theatre.journey(lot.lender, lot.borrower, lot.resource)
            assert road is not None
            legs = 2 if lot.left_day is not None else 1
            cost += lot.units * 2 * (end_of(story, lot.home_day) - (lot.departed_day or 0))
            cost += lot.units * legs * (0.5 * road.km + 3 * road.hours) + 100 * lot.sorties
        assert measured(story, "cost_usd", mission, resource) == pytest.approx(cost, rel=1e-9, abs=1e-6)


@ledger
@given(scenarios())
def test_a_load_of_a_lift_is_charged_once_each_way(scenario: LoadedScenario) -> None:
    story = tell(scenario, "it", 0)
    flights: dict[tuple[int, int], tuple[list[float | None], list[float | None]]] = {}
    for lot in story.loans:
        out, home = flights.setdefault((lot.loan, lot.load), ([], []))
        out.append(lot.departed_day)
        home.append(lot.left_day)
        if lot.lift is None or lot.departed_day is None:
            assert lot.sorties == 0
    for (loan, load), (out, home) in flights.items():
        lots = [lot for lot in story.loans if (lot.loan, lot.load) == (loan, load)]
        if lots[0].lift is None or out[0] is None:
            continue
        charged = sum(lot.sorties for lot in lots)
        left = [day for day in home if day is not None]
        assert len(set(out)) == 1
        assert 1 + len(set(left)) <= charged <= 1 + len(left)


@ledger
@given(scenarios())
def test_units_given_up(scenario: LoadedScenario) -> None:
    story = tell(scenario, "it", 0)
    for mission, resource, _ in cells(story):
        lost = sum(crisis.given_up.get(resource, 0) for crisis in story.crises if crisis.mission == mission)
        assert measured(story, "given_up_units", mission, resource) == lost


# -- by hand ---------------------------------------------------------------------------------------------------------


def test_a_ledger_by_hand() -> None:
    # Three of five companies go from South to North, 1000 km in 2.5 days, for a raid from day 10 to 20, while South
    # needs four from day 15 to 25.
    story = told("""
        missions: {North: {}, South: {holds: {company: 5}}}
        routes: [{between: [North, South], km: 1000}]
        resources: {company: {recover_days: 1, cost: {per_unit_day_away: 10, per_km: 0.1, per_flight_hour: 2}}}
        crises:
          raid: {mission: North, on: day 10, lasts_days: 10, needs: {company: 3}}
          riot: {mission: South, on: day 15, lasts_days: 10, needs: {company: 4}}
    """)
    # In North three were missing for 2.5 days, of thirty unit-days; the response took 2.5 days.
    assert measured(story, "unmet_unit_days", "North") == 7.5
    assert measured(story, "requirement_unit_days", "North") == 30
    assert measured(story, "response_days", "North") == 2.5
    # In South two were missing from day 15 until the three were fit again: 20 + 2.5 + 1.
    assert measured(story, "unmet_unit_days", "South") == measured(story, "exposure_unit_days", "South") == 2 * 8.5
    assert (measured(story, "days_short", "South"), measured(story, "worst_shortfall", "South")) == (8.5, 2)
    assert (measured(story, "response_days", "South"), measured(story, "censored", "South")) == (8.5, 0)
    # Away from day 10 to day 22.5: 37.5 unit-days. Twice 1000 km, and twice 25 hours at 40 km/h.
    assert measured(story, "lent_unit_days", "North") == 37.5
    assert measured(story, "cost_usd", "North") == pytest.approx(37.5 * 10 + 3 * 2 * (1000 * 0.1 + 25 * 2))
    assert story.as_json()["measures"]["coverage"] == 1 - (7.5 + 17) / (30 + 40)
    # Short from 10 to 12.5 here, from 15 to 23.5 there: together eleven days.
    assert measured(story, "days_short") == 11
    assert measured(story, "longest_short_days") == 8.5


def test_a_ledger_of_gates_and_windows_by_hand() -> None:
    # Both loans wait 12 days for the contributor, the longest of three gates; the Council's 30 days run from day 15, so
    # that 9 and 13 of them are gone when the units come.
    story = told("""
        missions: {North: {}, East: {holds: {company: 2}}, South: {holds: {company: 3}}}
        routes: [{between: [North, East], days: {company: 2}}, {between: [North, South], days: {company: 6}}]
        agreements:
          any: {between: any, gates: {council: {days: 5}, contributor: {days: 12}, host: {days: 1}}, window_days: 30}
        crises: {raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 5}}}
    """)
    gates = [measured(story, f"{gate}_gate_days", "North") for gate in ("council", "contributor", "host")]
    assert gates == [2 * 5, 2 * 12, 2 * 1]
    assert (measured(story, "windowed_loans", "North"), measured(story, "gone_share", "North")) == (
        2,
        pytest.approx((9 + 13) / 30),
    )
    # Away from day 22 until the raid's end on day 40 and home again.
    assert (measured(story, "loans", "North"), measured(story, "lent_unit_days", "North")) == (2, 2 * 20 + 3 * 24)


def test_a_ledger_of_several_responses_by_hand() -> None:
    # The unit is two days on its way: it meets the first raid, and comes too late for those of one day.
    story = told("""
        missions: {North: {}, South: {holds: {company: 1}}, West: {holds: {company: 1}}}
        routes: [{between: [North, South], days: {company: 2}}, {between: [North, West], days: {company: 99}}]
        crises:
          first: {mission: North, on: day 10, lasts_days: 5, needs: {company: 1}}
          second: {mission: North, on: day 40, lasts_days: 1, needs: {company: 1}}
          third: {mission: North, on: day 60, lasts_days: 1, needs: {company: 1}}
          met: {mission: West, on: day 20, lasts_days: 5, needs: {company: 1}}
    """)
    columns = ("responses", "response_days", "censored", "late_loans", "loans", "lent_unit_days")
    assert [measured(story, column, "North") for column in columns] == [3, 2 + 1 + 1, 2, 2, 3, 7 + 2 * 4]
    assert [measured(story, column, "West") for column in columns] == [1, 0, 0, 0, 0, 0]


def test_what_is_short_when_the_period_ends_is_short_until_then() -> None:
    phases = "[{lasts_days: 5, needs: {company: 3}}, {lasts_days: 50, needs: {company: 2}}]"
    story = told(f"""
        missions: {{North: {{}}, West: {{}}}}
        crises:
          first: {{mission: North, on: day 10, lasts_days: 5, needs: {{company: 1}}}}
          raid: {{mission: North, on: day 90, phases: {phases}}}
          riot: {{mission: West, on: day 92, lasts_days: 50, needs: {{company: 1}}}}
    """)
    columns = ("days_short", "longest_short_days", "unmet_unit_days", "cause:nobody had any")
    assert [measured(story, column, "North") for column in columns] == [5 + 10, 10, 5 + 3 * 5 + 2 * 5, 30]
    assert [measured(story, column, "West") for column in columns] == [8, 8, 8, 8]


def test_of_a_greater_shortfall_what_is_lent_is_exposed_and_what_waits_is_not_idle() -> None:
    # South lends three of five, and lacks seven of nine for ten days; for the second raid it has five of six.
    story = told("""
        missions: {North: {}, South: {holds: {company: 5}}}
        resources: {company: {cost: {per_unit_day_away: 2}}}
        crises:
          raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 3}}
          riot: {mission: South, on: day 15, lasts_days: 10, needs: {company: 9}}
          more: {mission: North, on: day 60, lasts_days: 10, needs: {company: 6}}
    """)
    assert (measured(story, "exposure_unit_days", "South"), measured(story, "unmet_unit_days", "South")) == (30, 70)
    assert (measured(story, "idle_unit_days", "North"), measured(story, "unmet_unit_days", "North")) == (0, 10)
    lent = 3 * 30 + 5 * 10
    assert (measured(story, "lent_unit_days", "North"), measured(story, "cost_usd", "North")) == (lent, 2 * lent)


def test_what_two_crises_give_up_is_added_up() -> None:
    raid = "mission: North, lasts_days: 5, patience_days: 0, needs"
    story = told(f"""
        missions: {{North: {{}}, South: {{}}}}
        crises: {{first: {{on: day 10, {raid}: {{company: 2}}}}, second: {{on: day 40, {raid}: {{company: 3}}}}}}
    """)
    assert (measured(story, "given_up_units", "North"), measured(story, "given_up_units")) == (5, 5)


def test_units_that_left_together_are_one_loan_though_they_go_home_apart() -> None:
    story = told("""
        missions: {North: {}, South: {holds: {company: 3}}}
        crises:
          raid:
            mission: North
            on: day 10
            phases: [{lasts_days: 10, needs: {company: 3}}, {lasts_days: 10, needs: {company: 1}}]
    """)
    assert [(each.units, each.left_day) for each in story.loans] == [(2, 20), (1, 30)]
    assert (measured(story, "loans", "North"), measured(story, "lent_unit_days", "North")) == (1, 2 * 10 + 20)


def test_people_and_equipment_are_charged_by_the_lifts_they_went_by() -> None:
    # A plane carries one company's people, a ship two companies' equipment: six flights and four voyages.
    story = told("""
        missions: {North: {}, South: {holds: {company: 5}}}
        routes: [{between: [North, South], km: 1200}]
        lifts: {plane: {slots: 1, cost_per_sortie: 10}, ship: {slots: 1, cost_per_sortie: 1000}}
        resources:
          company:
            travel: [{by: plane, speed_kmh: 100, hours_per_day: 10, units_per_load: 1}]
            equipment: {travel: [{by: ship, speed_kmh: 50, units_per_load: 2}]}
        crises: {raid: {mission: North, on: day 10, lasts_days: 50, needs: {company: 3}}}
    """)
    assert measured(story, "cost_usd", "North") == 6 * 10 + 4 * 1000


def test_days_short_in_two_places_at_once_are_counted_once() -> None:
    story = told("""
        missions: {North: {}, South: {}}
        crises:
          raid: {mission: North, on: day 10, lasts_days: 10, needs: {company: 3}}
          riot: {mission: South, on: day 15, lasts_days: 10, needs: {company: 1}}
    """)
    assert (measured(story, "days_short"), measured(story, "unmet_unit_days")) == (15, 40)
    assert (measured(story, "worst_shortfall"), measured(story, "longest_short_days")) == (3, 10)


def test_relief_that_lasts_no_time_is_none() -> None:
    # The unit is a day on its way, but its authority lasts half a day: it must turn round as it comes, on day 11; and
    # so again on days 14 and 17, when it is fit again.
    story = told("""
        missions: {North: {}, South: {holds: {company: 1}}}
        routes: [{between: [North, South], days: {company: 1}}]
        resources: {company: {recover_days: 1}}
        agreements: {any: {between: any, window_days: 0.5}}
        crises: {raid: {mission: North, on: day 10, lasts_days: 9, needs: {company: 1}}}
    """)
    assert [lot.arrived_day for lot in story.loans] == [lot.left_day for lot in story.loans] == [11, 14, 17]
    assert (measured(story, "censored"), measured(story, "response_days")) == (1, 9)
    assert measured(story, "longest_short_days") == 9
    # Each time the whole authority is gone when it arrives, and no more of it than the whole.
    assert (measured(story, "windowed_loans"), measured(story, "gone_share")) == (3, 3)


def test_a_shortfall_that_lasts_no_time_is_none() -> None:
    story = told("""
        missions: {North: {}}
        crises: {raid: {mission: North, on: day 10, lasts_days: 9, needs: {company: 3}}}
    """)
    levels = story.log.levels
    levels[:] = [levels[0]._replace(shortfall=9), *levels, levels[-1]._replace(shortfall=9), levels[-1]]
    assert (measure(story.log, story.theatre) == story.table).all()


def test_idle_are_borrowed_units_beyond_the_requirement() -> None:
    # Two come on day 12 for a need of two that falls to one on day 14; the other waits for nothing and leaves at once.
    story = told("""
        missions: {North: {holds: {company: 1}, routine: {company: 1}}, South: {holds: {company: 5}}}
        routes: [{between: [North, South], days: {company: 2}}]
        crises: {raid: {mission: North, on: day 10, lasts_days: 20, warning_days: 9, needs: {company: 2}}}
    """, policy="{share: all, prevent_days: 9}")  # fmt: skip
    # Asked for on day 1, there on day 3, needed from day 10 on: two idle for seven days.
    assert measured(story, "idle_unit_days", "North") == 14


def test_the_whole_is_that_of_resources_without_their_teams_and_may_be_nothing() -> None:
    story = told("""
        teams: {patrol: {observer: 1, vehicle: 1}}
        missions: {North: {}}
        crises: {raid: {mission: North, on: day 10, lasts_days: 10, needs: {patrol: 3}}}
    """)
    assert [measured(story, "unmet_unit_days", "North", each) for each in ("observer", "vehicle", "patrol")] == [30] * 3
    assert (measured(story, "unmet_unit_days"), measured(story, "worst_shortfall")) == (60, 3)
    assert not told("missions: {North: {}}").table.any(), "nobody needs anything"


def test_a_loan_that_is_not_home_yet_has_cost_one_way() -> None:
    # Two units, 1200 km, in a load each, and not on their way home when the period ends.
    story = told("""
        missions: {North: {}, South: {holds: {company: 2}}}
        routes: [{between: [North, South], km: 1200}]
        lifts: {plane: {slots: 1, cost_per_sortie: 10}}
        resources:
          company: {cost: {per_km: 0.5}, travel: [{by: plane, speed_kmh: 100, hours_per_day: 10, units_per_load: 1}]}
        crises: {raid: {mission: North, on: day 80, lasts_days: 50, needs: {company: 2}}}
    """)
    assert measured(story, "cost_usd", "North") == 2 * 1200 * 0.5 + 2 * 10


def test_costs_are_not_rounded_to_dollars() -> None:
    story = told("""
        missions: {North: {}, South: {holds: {company: 1}}}
        resources: {company: {cost: {per_unit_day_away: 0.123}}}
        crises: {raid: {mission: North, on: day 10, lasts_days: 10, needs: {company: 1}}}
    """)
    assert measured(story, "cost_usd") == 1.23


def test_idle_is_no_more_than_what_is_beyond_the_requirement() -> None:
    # North needs one for its tasks and, from day 10 on, another: both are borrowed, and there from day 3 on.
    story = told("""
        missions: {North: {routine: {company: 1}}, South: {holds: {company: 5}}}
        routes: [{between: [North, South], days: {company: 2}}]
        crises: {raid: {mission: North, on: day 10, lasts_days: 20, warning_days: 9, needs: {company: 1}}}
    """, policy="{share: all, prevent_days: 9}")  # fmt: skip
    assert measured(story, "idle_unit_days", "North") == 7


@pytest.mark.parametrize(("lasts", "late"), [(1, [True, True, True]), (3.5, [False, False, True])])
def test_a_load_of_which_any_unit_is_too_late_is_one_late_loan(lasts: float, late: list[bool]) -> None:
    # Three land together on day 12, and one a day is taken in.
    story = told(f"""
        missions: {{North: {{reception_per_day: {{company: 1}}}}, South: {{holds: {{company: 3}}}}}}
        routes: [{{between: [North, South], days: {{company: 2}}}}]
        crises: {{raid: {{mission: North, on: day 10, lasts_days: {lasts}, needs: {{company: 3}}}}}}
    """)
    assert [each.late for each in story.loans] == late
    assert (measured(story, "late_loans", "North"), measured(story, "loans", "North")) == (1, 1)


def test_a_refusal_is_no_loan_and_hides_none_that_is() -> None:
    story = told("""
        missions: {North: {}, Near: {holds: {company: 1}}, Far: {holds: {company: 1}}}
        routes: [{between: [North, Near], km: 100}, {between: [North, Far], km: 900}]
        agreements: {any: {between: any}, near: {between: [North, Near], gates: {host: {refuses: 1}}}}
        crises: {raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 2}}}
    """)
    assert next(each.why_ended for each in story.loans if each.lender == "Near") == "refused"
    assert measured(story, "loans", "North") == 1


def test_an_authority_of_a_day_may_be_gone_in_part() -> None:
    story = told("""
        missions: {North: {}, South: {holds: {company: 1}}}
        routes: [{between: [North, South], days: {company: 0.25}}]
        agreements: {any: {between: any, window_days: 1}}
        crises: {raid: {mission: North, on: day 10, lasts_days: 1, needs: {company: 1}}}
    """)
    assert (measured(story, "windowed_loans"), measured(story, "gone_share")) == (1, 0.25)


def test_units_too_late_are_counted_by_lot() -> None:
    story = told("""
        missions: {North: {}, South: {holds: {company: 5}}}
        routes: [{between: [North, South], days: {company: 2}}]
        crises: {raid: {mission: North, on: day 10, lasts_days: 1, needs: {company: 3}}}
    """)
    assert (measured(story, "late_loans", "North"), measured(story, "loans", "North")) == (1, 1)
    assert measured(story, "lent_unit_days", "North") == 3 * 4


@pytest.mark.parametrize(
    ("measure", "value", "how", "said"),
    [
        ("coverage", 0.4567, {}, "45.7 %"),
        ("coverage", 0.4567, {"sign": True}, "+45.7 pts"),
        ("cost_usd", 1_234_567, {}, "1.23 M"),
        ("cost_usd", 1_234_567, {"millions": False}, "1,234,567"),
        ("cost_usd", 12_345, {"millions": True}, "0.012 M"),
        ("cost_usd", 12_345, {"sign": True}, "+12,345"),
        ("cost_usd", 1_234_567, {"sign": True}, "+1.23 M"),
        ("cost_usd", 2e12, {}, "2,000,000.00 M"),
        ("cost_usd", 100_000, {"millions": True}, "0.10 M"),
        ("cost_usd", 0, {"millions": True}, "0"),
        ("unmet_unit_days", 99.94, {}, "99.9"),
        ("unmet_unit_days", 100, {}, "100"),
        ("unmet_unit_days", -3.21, {"sign": True}, "−3.2"),
        ("unmet_unit_days", float("nan"), {}, "–"),
    ],
)
def test_a_measure_in_figures(measure: str, value: float, how: dict[str, bool], said: str) -> None:
    assert figure(measure, value, **how) == said


def test_estimates_in_figures() -> None:
    share = Estimate(0.5, 0.1, 0.4, 0.6, 40)
    assert in_figures("coverage", share) == ("50.0 %", "40.0 to 60.0")
    assert in_figures("coverage", replace(share, low=0.5, high=0.5)) == ("50.0 %", "")
    assert in_figures("coverage", replace(share, low=NAN, high=NAN)) == ("50.0 %", "–")
    assert in_figures("coverage", replace(share, low=NAN)) == ("50.0 %", "– to 60.0 %")
    assert in_figures("cost_usd", replace(share, mean=NAN)) == ("not counted", "")
    assert in_figures("cost_usd", Estimate(2e6, 1e5, 1.9e6, 2.1e6, 40)) == ("2.00 M", "1.90 to 2.10")
    assert in_figures("cost_usd", Estimate(1e6, 1e5, 9e5, 1.1e6, 40)) == ("1.00 M", "900,000 to 1.10 M")
    assert difference_in_figures("unmet_unit_days", Estimate(-5, 1, -7, -3, 40)) == ("−5.0", "−7.0 to −3.0")
    assert difference_in_figures("unmet_unit_days", Estimate(-5, 9, -12, 2, 40)) == ("−5.0 n.s.", "−12.0 to +2.0")
    assert difference_in_figures("unmet_unit_days", Estimate(0, 0, 0, 0, 40)) == ("the same", "")
    assert difference_in_figures("coverage", Estimate(0.05, 1, 0.03, 0.07, 40)) == ("+5.0 pts", "+3.0 to +7.0")
    cost = Estimate(12_345, 1, 11_111, 13_333, 40)
    assert in_figures("cost_usd", cost, millions=True) == ("0.012 M", "0.011 to 0.013")
    assert difference_in_figures("cost_usd", cost, millions=True) == ("+0.012 M", "+0.011 to +0.013")
    costs = [{"cost_usd": Estimate(9e5, 1e5, 8e5, 9.9e5, 40)}, {"cost_usd": Estimate(9e5, 1e5, 8e5, 1e6, 40)}]
    assert (in_millions(costs[:1]), in_millions(costs)) == (False, True)


@pytest.mark.parametrize(
    ("measure", "value", "amount", "plain"),
    [
        ("coverage", 0.4567, "45.7 %", "45.7 %"),
        ("cost_usd", 1_234_567, "$1.23 million", "$1.23 million"),
        ("unmet_unit_days", 1234.5, "1,234 unit-days", "1,234"),
        ("loans", 12.34, "12.3 loans", "12.3"),
    ],
)
def test_a_measure_in_a_sentence(measure: str, value: float, amount: str, plain: str) -> None:
    assert (MEASURES[measure].amount(value), MEASURES[measure].plain(value)) == (amount, plain)


def test_the_value_of_a_measure_in_one_replication() -> None:
    row = np.zeros(len(COLUMNS))
    assert [MEASURES[name].value(row) for name in ("loans", "coverage", "response_days")] == [0, None, None]
    for column, value in {
        "loans": 3,
        "unmet_unit_days": 30,
        "requirement_unit_days": 120,
        "response_days": 14,
        "responses": 4,
    }.items():
        row[INDEX[column]] = value
    found = {name: MEASURES[name].value(row) for name in ("loans", "unmet_unit_days", "coverage", "response_days")}
    assert found == {"loans": 3, "unmet_unit_days": 30, "coverage": 0.75, "response_days": 3.5}


def test_chances_in_figures() -> None:
    assert chance_in_figures(Estimate(0.12, 0.3, 0.08, 0.17, 200)) == ("12 %", "8 % to 17 %")
    assert chance_in_figures(Estimate(0, 0, 0, 0.0149, 200)) == ("at most 1.5 %", "")
    assert chance_in_figures(Estimate(1, 0, 0.9851, 1, 200)) == ("at least 98.5 %", "")
    assert chance_in_figures(Estimate(NAN, NAN, NAN, NAN, 0)) == ("–", "")


def test_only_of_unmet_need_may_more_come_than_any_set_has_met() -> None:
    sample = np.random.default_rng(1).exponential(10, 800)
    by = Inference(Sets.in_order(800, 20), unseen=5.0)
    unmet, loans = (MEASURES[name].estimate(lambda _: sample, by) for name in ("unmet_unit_days", "loans"))
    assert unmet.mean == loans.mean and unmet.high == pytest.approx(loans.high + 5, abs=0.5)
    unmet, loans = (
        MEASURES[name].difference(lambda _: sample, lambda _: sample[::-1], by) for name in ("unmet_unit_days", "loans")
    )
    assert (unmet.low, unmet.high) == pytest.approx((loans.low - 5, loans.high + 5))


@pytest.mark.parametrize(
    ("name", "above", "below"),
    [
        ("loans", "loans", None),
        ("coverage", "unmet_unit_days", "requirement_unit_days"),
        ("response_days", "response_days", "responses"),
    ],
)
def test_a_measure_and_its_difference_may_vary_unless_it_is_said_that_they_cannot(
    name: str, above: str, below: str | None
) -> None:
    luck, by = np.random.default_rng(2), Inference(Sets.in_order(200, 20))
    one, other = ({each: luck.exponential(9, 200) for each in COLUMNS} for _ in range(2))

    def value(columns: dict[str, Any]) -> float:
        ratio = columns[above].sum() / (columns[below].sum() if below else 200)
        return float(1 - ratio if name == "coverage" else ratio)

    of_one, of_other = one.__getitem__, other.__getitem__
    for how in ({}, {"fixed": True}):
        mean, apart = MEASURES[name].estimate(of_one, by, **how), MEASURES[name].difference(of_one, of_other, by, **how)
        assert (mean.mean, apart.mean) == pytest.approx((value(one), value(one) - value(other)))
        for found in (mean, apart):
            assert found.low == found.mean == found.high if how else found.low < found.mean < found.high
