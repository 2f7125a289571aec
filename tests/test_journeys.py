"""Distances, modes, lifts and receptions: whole loans, worked out by hand from the model's sentences."""

from __future__ import annotations

from typing import Any

import pytest

from sim import from_mapping
from sim.agreements.journeys import closures
from sim.scenario.nouns.milliseconds import DAY
from tests.worlds import causes, lot, measured, states, told

RAID = "crises: {raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: NEED}}}\n"


def days_under_way(travel: str, routes: str = "", places: str = "[0, 0] [0, 9]") -> float | None:
    """Days from departure to arrival of one company; None where none can go."""
    north, south = places.replace("] [", "]|[").split("|")
    story = told(f"""
        missions: {{North: {{at: {north}}}, South: {{at: {south}, holds: {{company: 1}}}}}}
        resources: {{company: {{travel: {travel}}}}}
        {routes and f"routes: [{{between: [South, North], {routes}}}]"}
        {RAID.replace("NEED", "1")}
    """)
    if not story.loans:
        assert causes(story) == {"no way there": 20}
        return None
    (found,) = story.loans
    assert found.home_day is not None and found.left_day is not None
    assert found.arrived_day is not None and found.departed_day is not None
    assert found.home_day - found.left_day == pytest.approx(found.arrived_day - found.departed_day)
    return found.arrived_day - found.departed_day


def test_missions_at_one_place_are_no_days_apart() -> None:
    assert days_under_way("[{by: road, speed_kmh: 40, hours_per_day: 10}]", places="[5, 5] [5, 5]") == 0


def test_distance_is_the_great_circle() -> None:
    # Nine degrees of the equator: 6371.0088 km · π / 20 = 1000.76 km. A quarter of a meridian: ten times as much.
    mode = "[{by: air, speed_kmh: 100, hours_per_day: 10}]"
    assert days_under_way(mode) == pytest.approx(1.0007557, abs=1e-6)
    assert days_under_way(mode, places="[0, 33] [90, 0]") == pytest.approx(10.007557, abs=1e-6)
    # Over the date line it is as short as elsewhere.
    assert days_under_way(mode, places="[0, 176] [0, -175]") == pytest.approx(1.0007557, abs=1e-6)


@pytest.mark.parametrize(
    ("mode", "km", "days"),
    [
        ("{by: road, speed_kmh: 40, hours_per_day: 10}", 800, 2),
        ("{by: road, speed_kmh: 40}", 960, 1),  # all day long
        ("{by: air, speed_kmh: 200, hours_per_day: 6, range_km: 450, stop_hours: 2}", 1000, (5 + 2 * 2) / 6),
        ("{by: air, speed_kmh: 200, hours_per_day: 6, range_km: 450, stop_hours: 2}", 900, (4.5 + 2) / 6),
        ("{by: air, speed_kmh: 200, hours_per_day: 6, range_km: 450, stop_hours: 2}", 450, 2.25 / 6),
        ("{by: air, speed_kmh: 200, hours_per_day: 6, range_km: 450, stop_hours: 2}", 0, 0),
        ("{by: sea, speed_kmh: 20, handling_days: 6}", 480, 1 + 6),
    ],
)
def test_a_journey_takes_movement_stops_and_handling(mode: str, km: float, days: float) -> None:
    assert days_under_way(f"[{mode}]", f"km: {km}") == pytest.approx(days)


@pytest.mark.parametrize(("km", "days"), [(100, 1), (101, 2.02), (300, 6), (301, 0.301), (1001, None)])
def test_the_first_mode_that_covers_the_distance_is_used(km: float, days: float | None) -> None:
    modes = "{by: foot, up_to_km: 100, speed_kmh: 10, hours_per_day: 10}, "
    modes += "{by: road, up_to_km: 300, speed_kmh: 10, hours_per_day: 5}, "
    modes += "{by: air, up_to_km: 1000, speed_kmh: 100, hours_per_day: 10}"
    found = days_under_way(f"[{modes}]", f"km: {km}")
    assert found == (None if days is None else pytest.approx(days))


def test_a_routes_days_replace_what_travel_would_take() -> None:
    mode = "[{by: road, speed_kmh: 40, hours_per_day: 10, handling_days: 3}]"
    assert days_under_way(mode, "days: {company: 4}") == 4
    assert days_under_way(mode, "km: 800, days: {helicopter: 1}, days: {company: 4}") == 4


def test_a_route_with_days_leads_further_than_any_mode() -> None:
    modes = "[{by: foot, up_to_km: 10, speed_kmh: 4}, {by: road, up_to_km: 300, speed_kmh: 40}]"
    assert days_under_way(modes, "km: 500") is None
    assert days_under_way(modes, "km: 500, days: {company: 4}") == 4


def test_without_travel_a_road_column_goes_four_hundred_km_a_day() -> None:
    text = "missions: {North: {}, South: {holds: {company: 1}}}\nroutes: [{between: [North, South], km: 1000}]\n"
    (found,) = told(text + RAID.replace("NEED", "1")).loans
    assert found.arrived_day == 12.5


# -- lifts -----------------------------------------------------------------------------------------------------------

AIRLIFT = """
missions: {North: {}, East: {}, South: {holds: {company: 9}}}
resources: {company: {travel: [{by: airlift, speed_kmh: 100, hours_per_day: 10, units_per_load: 2}]}}
routes: [{between: [North, South], km: 1000}, {between: [East, South], km: 1000}]
lifts: {airlift: {slots: SLOTS, turnaround_days: 3, cost_per_sortie: 7}}
"""


AIRLIFTED: dict[str, Any] = {"lift": "airlift", "km": 1000, "hours": 10}


def flown(units: int, load: int, out: float, home: float, **said: Any) -> Any:
    """A load that left South on day `out` and North on day `home`; the raid is from day 10 to day 30."""
    life: dict[str, Any] = {"requested": 10, "ready": 10, "departed": out, "landed": out + 1, "arrived": out + 1}
    life |= {"ended": 30, "why": "released", "left": home, "home": home + 1, "recovered": home + 1}
    return lot("South", "North", units, **(life | {"load": load, "sorties": 2} | AIRLIFTED | said))


def test_loads_wait_for_a_slot_out_and_home() -> None:
    # A load holds the slot for its day and three of turnaround. Home in the same way: the first comes first.
    story = told(AIRLIFT.replace("SLOTS", "1") + RAID.replace("NEED", "5"))
    assert story.loans == [flown(2, 1, 10, 30), flown(2, 2, 14, 34), flown(1, 3, 18, 38)]
    # What waits for the lift home is still there, and idle; then it is idle no more.
    assert states(story, "North")[-3:] == [(30, 0, 3, 0), (34, 0, 1, 0), (38, 0, 0, 0)]
    assert measured(story, "idle_unit_days", "North") == 3 * 4 + 1 * 4
    # In flight 5 unit-days; two loads waited, 4 and 8 days.
    assert causes(story) == {"in transit": 5, "lift": 2 * 4 + 1 * 8}
    assert measured(story, "cost_usd", "North") == 6 * 7


def test_each_load_has_a_turnaround_of_its_own() -> None:
    text = AIRLIFT.replace("SLOTS", "1").replace("turnaround_days: 3", "turnaround_days: {discrete: {1: 1, 5: 1}}")
    text += RAID.replace("NEED", "5")
    turned = []
    for replication in range(20):
        first, second, third = [each.departed_day for each in told(text, replication=replication).loans]
        assert first is not None and second is not None and third is not None
        turned.append((second - first - 1, third - second - 1))  # a day of journey, then the turnaround
    assert set(turned) == {(1, 1), (1, 5), (5, 1), (5, 5)}


def test_two_slots_carry_two_loads_at_a_time() -> None:
    story = told(AIRLIFT.replace("SLOTS", "2") + RAID.replace("NEED", "5"))
    assert story.loans == [flown(2, 1, 10, 30), flown(2, 2, 10, 30), flown(1, 3, 14, 34)]


def test_who_is_ready_first_flies_first_whatever_the_severity() -> None:
    flood = "  flood: {mission: East, on: day 11, severity: 5, lasts_days: 30, needs: {company: 1}}\n"
    text = AIRLIFT.replace("SLOTS", "1") + RAID.replace("{raid", "\n  raid").replace("}}}", "}}").replace("NEED", "3")
    story = told(text + flood)
    # North's two loads on days 10 and 14, East's on day 18. On day 30 North's three go home, the slot long free.
    assert [(each.borrower, each.units, each.departed_day, each.left_day) for each in story.loans] == [
        ("North", 2, 10, 30),
        ("North", 1, 14, 34),
        ("East", 1, 18, 41),
    ]
    assert causes(story, "East") == {"lift": 7, "in transit": 1}


def test_a_load_that_is_cancelled_leaves_its_place_to_the_next() -> None:
    text = (
        AIRLIFT.replace("SLOTS", "1")
        + """
crises:
  raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 2}}
  flood: {mission: East, on: day 11, lasts_days: 2, needs: {company: 2}}
  storm: {mission: East, on: day 14, lasts_days: 10, needs: {company: 1}}
"""
    )
    story = told(text)
    first, cancelled, storm = story.loans
    assert first == flown(2, 1, 10, 30)
    assert cancelled == lot(
        "South", "East", 2, "flood", loan=1, requested=11, ready=11, ended=13, why="cancelled", **AIRLIFTED
    )
    assert (storm.departed_day, storm.arrived_day) == (14, 15)


def test_of_one_promise_the_load_that_would_fly_last_is_cancelled_first() -> None:
    # Five in loads of two. On day 12 the raid needs three fewer: the last load, and one of those that wait before it.
    text = (
        AIRLIFT.replace("SLOTS", "1")
        + """
crises:
  raid:
    mission: North
    on: day 10
    phases: [{lasts_days: 2, needs: {company: 5}}, {lasts_days: 18, needs: {company: 3}}]
"""
    )
    story = told(text)
    waiting: dict[str, Any] = {"requested": 10, "ready": 10, "ended": 12, "why": "cancelled"} | AIRLIFTED
    assert story.loans == [
        lot("South", "North", 1, **waiting),
        lot("South", "North", 1, **waiting),
        flown(2, 1, 10, 30),
        flown(1, 2, 14, 34),
    ]


def test_the_latest_promise_is_cancelled_before_waiting_loads_of_an_earlier_one() -> None:
    # The raid's second and third loads wait since day 10, the other's unit has been asked for since day 11.
    text = (
        AIRLIFT.replace("SLOTS", "1")
        + """
crises:
  raid:
    mission: North
    on: day 10
    phases: [{lasts_days: 2, needs: {company: 5}}, {lasts_days: 18, needs: {company: 4}}]
  other: {mission: North, on: day 11, lasts_days: 19, needs: {company: 1}}
"""
    )
    story = told(text)
    waiting: dict[str, Any] = {"requested": 11, "ready": 11, "ended": 12, "why": "cancelled"} | AIRLIFTED
    assert story.loans == [
        flown(2, 1, 10, 30),
        flown(2, 2, 14, 34),
        flown(1, 3, 18, 38),
        lot("South", "North", 1, "other", loan=1, **waiting),
    ]


@pytest.mark.parametrize(
    ("lift_for", "by"),
    [
        ("[North]", "airlift"),
        ("[South]", "airlift"),
        ("[West]", "airlift"),
        ("[East]", None),
        ("[East, West]", "airlift"),
    ],
)
def test_a_lift_serves_those_it_is_for(lift_for: str, by: str | None) -> None:
    story = told(f"""
        missions: {{North: {{region: West}}, East: {{}}, South: {{holds: {{company: 1}}}}}}
        resources: {{company: {{travel: [{{by: airlift, speed_kmh: 100}}, {{by: road, speed_kmh: 5}}]}}}}
        routes: [{{between: [North, South], km: 200}}]
        lifts: {{airlift: {{for: {lift_for}}}}}
        {RAID.replace("NEED", "1")}
    """)
    (found,) = story.loans
    assert (found.lift, found.arrived_day) == (by, 10 + (2 / 24 if by else 40 / 24))


def test_the_road_home_may_end_after_the_window_where_the_lift_is_late() -> None:
    # Left to the lift on day 30 at the latest; the second load must wait for it until day 34.
    story = told(
        AIRLIFT.replace("SLOTS", "1")
        + RAID.replace("NEED", "3").replace("20", "40")
        + "agreements: {any: {between: any, window_days: 20}}"
    )
    window = {"first_window": 30, "window": 30, "why": "lapsed"}
    assert story.loans[:2] == [flown(2, 1, 10, 30, **window), flown(1, 2, 14, 34, **window)]


# -- reception -------------------------------------------------------------------------------------------------------

CAMP = """
missions: {North: {reception_per_day: {company: 2}}, South: {holds: {company: 9}}}
routes: [{between: [North, South], days: {company: 2}}]
"""


def taken_in(units: int, day: float, **said: Any) -> Any:
    life: dict[str, Any] = {"requested": 10, "ready": 10, "departed": 10, "landed": 12, "arrived": day}
    return lot("South", "North", units, **(life | {"ended": 30, "why": "released"} | {"left": 30, "home": 32} | said))


def test_reception_takes_in_so_many_in_any_day() -> None:
    story = told(CAMP + RAID.replace("NEED", "5"))
    # Two on arrival, two more 24 hours later, and the last after another day; all go home at once.
    assert story.loans == [taken_in(units, day, recovered=32) for units, day in ((2, 12), (2, 13), (1, 14))]
    assert causes(story) == {"in transit": 5 * 2 + 3 * 1 + 1 * 1}
    assert measured(story, "loans", "North") == 1  # one lot departed


def test_reception_goes_on_counting_over_loans() -> None:
    # Three land on day 12: two are taken in, one waits until day 13. Three more land on day 13.5. One has come within
    # the 24 hours before: one may come in at once, one on day 14 and the last on day 14.5.
    story = told("""
        missions: {North: {reception_per_day: {company: 2}}, East: {holds: {company: 9}}, South: {holds: {company: 3}}}
        routes: [{between: [North, South], days: {company: 2}}, {between: [North, East], km: 1000}]
        crises:
          raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 3}}
          flood: {mission: North, on: day 11, lasts_days: 19, needs: {company: 3}}
    """)
    arrivals = [(each.lender, each.units, each.landed_day, each.arrived_day) for each in story.loans]
    assert arrivals == [
        ("South", 2, 12, 12),
        ("South", 1, 12, 13),
        ("East", 1, 13.5, 13.5),
        ("East", 1, 13.5, 14),
        ("East", 1, 13.5, 14.5),
    ]


def test_who_waits_at_the_gate_as_the_need_ends_goes_home_from_there() -> None:
    story = told(CAMP + RAID.replace("NEED", "5").replace("20", "3.5"))
    assert story.loans == [
        taken_in(2, 12, ended=13.5, left=13.5, home=15.5, recovered=15.5),
        taken_in(2, 13, ended=13.5, left=13.5, home=15.5, recovered=15.5),
        taken_in(1, 14, ended=14, left=14, home=16, recovered=16, late=True),
    ]


def test_units_that_return_home_are_not_held_up() -> None:
    text = CAMP.replace("South: {", "South: {reception_per_day: {company: 1}, ")
    assert all(each.recovered_day == 32 for each in told(text + RAID.replace("NEED", "5")).loans)


NO_CAMP = """
missions:
  North: {reception_per_day: {company: 0}, changes: [{on: day 20, reception_per_day: {company: 3}, why: camp ready}]}
  South: {holds: {company: 9}}
routes: [{between: [North, South], days: {company: 2}}]
"""


def test_who_has_no_camp_waits_for_the_day_on_which_it_is_ready() -> None:
    story = told(NO_CAMP + RAID.replace("NEED", "5"))
    # Nobody comes in before day 20: then three, and the other two 24 hours later.
    assert story.loans == [taken_in(units, day, recovered=32) for units, day in ((3, 20), (2, 21))]
    assert causes(story) == {"in transit": 5 * 10 + 2 * 1}
    assert states(story, "North") == [(10, 5, 0, 5), (20, 5, 3, 2), (21, 5, 5, 0), (30, 0, 0, 0)]
    sentences = [each.sentence for each in story.events]
    assert "5 companies wait at North to be taken in." in sentences
    assert "North can now take in 3 companies a day (camp ready)." in sentences


def test_where_no_camp_is_ever_ready_they_wait_to_the_end() -> None:
    never = NO_CAMP.replace(", changes: [{on: day 20, reception_per_day: {company: 3}, why: camp ready}]", "")
    story = told(never + RAID.replace("NEED", "5"))
    assert story.loans == [lot("South", "North", 5, requested=10, ready=10, departed=10, landed=12)]
    assert causes(story) == {"in transit": 5 * 20}


def test_a_reception_that_shrinks_counts_who_came_before() -> None:
    # Two a day; from day 12.0 on, when five land, one in any 24 hours; from day 14 any number.
    text = CAMP.replace("company: 2}}, South", "company: 2}, changes: CHANGES}, South")
    changes = "[{on: day 14, reception_per_day: {company: 9}}, {on: day 12, reception_per_day: {company: 1}}]"
    story = told(text.replace("CHANGES", changes) + RAID.replace("NEED", "5"))
    assert story.loans == [taken_in(units, day, recovered=32) for units, day in ((1, 12), (1, 13), (3, 14))]


# -- rains -----------------------------------------------------------------------------------------------------------


def rains(month: str, on: int = 10) -> Any:
    return told(f"""
        missions: {{North: {{}}, South: {{holds: {{company: 5}}}}}}
        routes: [{{between: [North, South], days: {{company: 2}}, closed: {month}}}]
        crises: {{raid: {{mission: North, on: day {on}, lasts_days: 40, needs: {{company: 2}}}}}}
    """)


def test_who_would_set_out_in_the_rains_waits_for_the_next_month() -> None:
    # January ends with day 30: the journey begins on day 31 and takes two days. Home again it is dry.
    life: dict[str, Any] = {"requested": 10, "ready": 10, "departed": 10, "landed": 33, "arrived": 33}
    home: dict[str, Any] = {"ended": 50, "why": "released", "left": 50, "home": 52, "recovered": 52}
    story = rains("[jan]")
    assert story.loans == [lot("South", "North", 2, **life, **home)]
    assert causes(story) == {"in transit": 2 * 23}
    waits = "2 companies wait until 1 Feb 2012 for the route between South and North to open."
    assert (10, waits) in story.events


def test_the_way_home_waits_too_and_who_has_set_out_gets_there() -> None:
    # Out on day 30, the last of January, to arrive in closed February; home on day 70, in March.
    story = rains("[feb]", on=30)
    life: dict[str, Any] = {"requested": 30, "ready": 30, "departed": 30, "landed": 32, "arrived": 32}
    assert story.loans == [lot("South", "North", 2, **life, ended=70, why="released", left=70, home=72, recovered=72)]
    short = rains("[feb, mar]", on=10).loans[0]
    # From day 50 home: February is closed, and March; 1 April is day 91 of a leap year.
    assert (short.arrived_day, short.ended_day, short.left_day, short.home_day) == (12, 50, 50, 93)


def test_rains_of_two_years_are_two_and_neighbouring_months_one() -> None:
    scenario = from_mapping(
        {
            "period": {"from": "2012-11-15", "to": "2013-02-10"},
            "missions": {"A": {}, "B": {}},
            "routes": [{"between": ["A", "B"], "closed": ["nov", "dec", "feb"]}],
            "crises": {},
        }
    )
    assert closures(scenario, scenario.routes[0]) == ((-14 * DAY, 47 * DAY), (78 * DAY, 106 * DAY))
