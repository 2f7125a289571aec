"""Time is exact: what is due at one instant meets, however its time was composed, and a date is the date."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import tell
from sim.measures.catalogue import CAUSE_COLUMNS, INDEX
from sim.scenario.nouns.milliseconds import DAY, in_days, milliseconds
from tests.worlds import measured, told, world

ROAD = """
        resources: {company: {travel: [{by: air, speed_kmh: 100}], cost: {per_km: 1000}}}
        missions: {North: {holds: {company: 0}}, South: {holds: {company: 2}}}
"""


def test_days_in_tenths_do_not_add_up_but_their_milliseconds_do() -> None:
    assert 4 + 1.1 + 1.3 + 0.6 != 7.0
    assert milliseconds(4) + milliseconds(1.1) + milliseconds(1.3) + milliseconds(0.6) == 7 * DAY


@given(st.integers(0, 36_500 * DAY))
def test_a_day_that_is_told_is_the_millisecond_that_it_was(instant: int) -> None:
    assert milliseconds(in_days(instant)) == instant


@pytest.mark.parametrize("phases", [(1.1, 1.3, 0.6), (1.25, 1.25, 0.5), (0.7, 0.1, 2.2), (0.3, 0.3, 2.4)])
def test_a_crisis_that_ends_where_the_next_begins_keeps_its_unit(phases: tuple[float, ...]) -> None:
    parts = ", ".join(
        f"{{name: p{number}, lasts_days: {days}, needs: {{company: 1}}}}" for number, days in enumerate(phases)
    )
    story = told(
        f"""{ROAD}
        routes: [{{between: [North, South], km: 1200}}]
        agreements: {{pact: {{between: [North, South], gates: {{council: {{days: 1}}}}}}}}
        crises:
          first: {{mission: North, on: day 4, phases: [{parts}]}}
          second: {{mission: North, on: day 7, lasts_days: 10, needs: {{company: 1}}}}
        """
    )
    assert [crisis.end_day for crisis in story.log.crises] == [7, 17]
    assert len(story.loans) == 1  # the unit that is there serves the second crisis too
    assert measured(story, "unmet_unit_days") == 1.5  # one day at the gate, half a day in the air


@pytest.mark.parametrize(("council", "host", "prepare"), [(1.1, 1.3, 0.6), (1.25, 1.25, 0.5), (0.1, 0.2, 2.7)])
def test_a_unit_that_comes_as_the_days_of_shortfall_are_over_is_in_time(
    council: float, host: float, prepare: float
) -> None:
    gates = f"{{council: {{days: {council}}}, host: {{days: {host}}}}}"
    story = told(
        f"""
        resources: {{company: {{prepare_days: {prepare}, travel: [{{by: air, speed_kmh: 100}}]}}}}
        missions: {{North: {{holds: {{company: 0}}}}, South: {{holds: {{company: 2}}}}}}
        agreements: {{pact: {{between: [North, South], order: in turn, gates: {gates}}}}}
        crises:
          raid:
            mission: North
            on: day 0
            lasts_days: 20
            needs: {{company: 1}}
            escalates: {{if_short_days: 3, extends_days: 30}}
        """
    )
    (raid,) = story.log.crises
    assert [lot.arrived_day for lot in story.loans] == [3]
    assert (raid.escalated_day, raid.end_day) == (None, 20)


@pytest.mark.parametrize(("km", "stops"), [(600.6, 5), (600.5, 5), (600.7, 6), (100.1, 0), (300.3, 2)])
def test_a_way_of_whole_legs_needs_no_stop_more(km: float, stops: int) -> None:
    story = told(
        f"""
        resources:
          company: {{travel: [{{by: air, speed_kmh: 100, hours_per_day: 10, range_km: 100.1, stop_hours: 5}}]}}
        missions: {{North: {{holds: {{company: 0}}}}, South: {{holds: {{company: 2}}}}}}
        routes: [{{between: [North, South], km: {km}}}]
        crises: {{raid: {{mission: North, on: day 4, lasts_days: 20, needs: {{company: 1}}}}}}
        """
    )
    exact = (Fraction(str(km)) / 100 + stops * 5) / 10
    assert measured(story, "unmet_unit_days") == in_days(round(exact * DAY))
    if km == 600.6:
        assert measured(story, "unmet_unit_days") == 3.1006


def test_causes_add_up_to_the_unmet_need_to_the_last_bit() -> None:
    gates = "{council: {days: 0.1}, contributor: {days: 0.7}, host: {days: 1.3}}"
    story = told(
        f"""{ROAD}
        routes: [{{between: [North, South], km: 1234.5}}]
        agreements: {{pact: {{between: any, order: in turn, gates: {gates}}}}}
        crises: {{raid: {{mission: North, on: day 3, lasts_days: 9.9, needs: {{company: 3}}}}}}
        """
    )
    parts = [story.table[0, INDEX[column]] for column in CAUSE_COLUMNS]
    assert sum(round(part * DAY) for part in parts) == round(measured(story, "unmet_unit_days") * DAY)
    assert all(part * DAY == pytest.approx(round(part * DAY), abs=1e-3) for part in parts)


# -- dates -----------------------------------------------------------------------------------------------------------


def test_a_date_lasts_until_its_last_millisecond() -> None:
    scenario = world(ROAD, days=31)
    for number in range(31):
        date = dt.date(2012, 1, 1) + dt.timedelta(days=number)
        assert scenario.date(in_days(number * DAY)) == date
        assert scenario.date(in_days((number + 1) * DAY - 1)) == date


def test_a_day_that_was_added_up_has_the_date_that_it_means() -> None:
    day = 4 + 1.1 + 1.3 + 0.6
    assert day < 7
    assert world(ROAD, days=31).date(day) == dt.date(2012, 1, 8)


def test_the_period_ends_at_the_end_of_its_last_day() -> None:
    scenario = world(ROAD, days=31)
    assert scenario.date(scenario.days) == dt.date(2012, 1, 31)
    assert scenario.date(scenario.days + 1) == dt.date(2012, 2, 2)


def test_the_story_tells_the_date_on_which_it_happened() -> None:
    # Released at the end of the third phase: day 7, which in tenths of a day added up would still be 7 January.
    story = told(
        f"""{ROAD}
        crises:
          raid:
            mission: North
            on: day 4
            phases: [{{lasts_days: 1.1, needs: {{company: 1}}}}, {{lasts_days: 1.3, needs: {{company: 1}}}},
                     {{lasts_days: 0.6, needs: {{company: 1}}}}]
        """
    )
    assert [lot.ended_day for lot in story.loans] == [7]
    assert any(line.startswith("8 Jan 2012: ") for line in story.lines())
    assert not any(line.startswith("7 Jan 2012: ") and "ends" in line for line in story.lines())
    assert tell(story.scenario, "it", 0).lines() == story.lines()
