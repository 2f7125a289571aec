"""People and equipment that go apart: whole loans, worked out by hand from the model's sentences.

South holds five companies; North, 1,200 km away, needs two from day 10 to day 60. People fly 100 km/h for ten hours a
day: 1.2 days. Equipment sails 50 km/h by day and night, a day, and takes nine days of handling: ten in all.
"""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sim.commands.shared.output_schemas import output_schema
from sim.operations.log import LoanRecord, PartRecord
from sim.operations.theatre import Theatre
from sim.questions.regret.clairvoyant import Bound
from sim.questions.story.story import Story
from tests.worlds import causes, lot, measured, states, told, world

AIR = "{by: air, speed_kmh: 100, hours_per_day: 10}"
SEA = "{by: sea, speed_kmh: 50, handling_days: 9}"
TRADES = """
missions: {North: {RECEPTION}, South: {holds: {company: 5}}}
routes: [{between: [North, South], km: 1200}]
resources:
  company: {prepare_days: 2, PEOPLE equipment: {prepare_days: 5, travel: [EQUIPMENT]}}
crises: {raid: {mission: North, on: day 10, lasts_days: LASTS, needs: {company: UNITS}}}
"""


def apart(
    *,
    people: str = AIR,
    equipment: str = SEA,
    units: int = 2,
    lasts: int = 50,
    reception: str = "",
    more: str = "",
    **how: Any,
) -> Story:
    """What happens where people and equipment go so, and so many units are needed for so many days."""
    words = {
        "LASTS": str(lasts),
        "PEOPLE": f"travel: [{people}],",
        "EQUIPMENT": equipment,
        "UNITS": str(units),
        "RECEPTION": reception,
    }
    text = TRADES
    for word, said in words.items():
        text = text.replace(word, said)
    return told(text + more, **how)


def loan(units: int = 2, **said: Any) -> LoanRecord:
    said.setdefault("hours", 12)
    return lot("South", "North", units, km=1200, **said)


def part(name: str, by: str, units: int = 2, **said: Any) -> PartRecord:
    days = {f"{word}_day": said.pop(word, None) for word in ("ready", "departed", "landed", "home")}
    record = {"loan": 0, "load": 1, "lender": "South", "borrower": "North", "resource": "company", "units": units}
    return PartRecord(**{**record, "part": name, "by": by, "lift": None, "sorties": 0, **days, **said})


def test_a_unit_is_there_when_its_people_and_its_equipment_are() -> None:
    story = apart()
    # People: ready on day 12, there on 13.2. Equipment: ready on 15, there on 25. Home from day 60: on 61.2 and on 70.
    home: dict[str, Any] = {"ended": 60, "why": "released", "left": 60, "home": 70, "recovered": 70}
    assert story.loans == [loan(requested=10, ready=12, departed=12, landed=25, arrived=25, **home)]
    assert story.log.parts == [
        part("people", "air", ready=12, departed=12, landed=13.2, home=61.2),
        part("equipment", "sea", ready=15, departed=15, landed=25, home=70),
    ]
    assert states(story, "North") == [(10, 2, 0, 2), (25, 2, 2, 0), (60, 0, 0, 0)]
    # South has them until the first part leaves, and again when the last is home.
    assert [state[2] for state in states(story, "South")] == [5, 3, 5]
    assert causes(story) == {"preparing": 2 * 2, "in transit": 2 * 13}


def test_the_story_tells_which_part_is_on_its_way() -> None:
    assert [line for line in apart().lines() if "people" in line or "equipment" in line] == [
        "13 Jan 2012: The people of 2 companies leave South for North by air.",
        "14 Jan 2012: The people of 2 companies arrive in North; their equipment follows by sea on 26 Jan 2012.",
        "16 Jan 2012: The equipment of 2 companies leaves South for North by sea.",
        "2 Mar 2012: The people of 2 companies are home in South; their equipment follows by sea on 11 Mar 2012.",
    ]


def test_the_story_of_equipment_that_does_not_come_in_the_period() -> None:
    (line,) = [line for line in apart(days=24).lines() if "arrive" in line]
    assert (
        line
        == "14 Jan 2012: The people of 2 companies arrive in North; their equipment is not there when the period ends."
    )


def test_people_may_be_the_later() -> None:
    story = apart(people=SEA, equipment=AIR)
    (found,) = story.loans
    # People sail on day 12 and are there on 22; equipment flies on 15, is there on 16.2 and waits for them.
    assert (found.departed_day, found.landed_day, found.arrived_day, found.home_day) == (12, 22, 22, 70)
    assert causes(story) == {"preparing": 4, "in transit": 20}
    assert "17 Jan 2012: The equipment of 2 companies arrives in North; their people follow by sea on 23 Jan 2012." in (
        story.lines()
    )


def test_equipment_without_a_word_goes_by_road_and_needs_no_preparation() -> None:
    text = TRADES.replace("PEOPLE", "").replace("{prepare_days: 5, travel: [EQUIPMENT]}", "{}")
    story = told(text.replace("RECEPTION", "").replace("UNITS", "2").replace("LASTS", "50"))
    # 1,200 km at 400 a day, both; people are ready on day 12.
    assert [(each.departed_day, each.landed_day) for each in story.log.parts] == [(12, 15), (10, 13)]


def test_a_contributor_prepares_its_people_in_its_own_time_and_a_route_says_days_of_people() -> None:
    more = """
contributors: {unnamed: {prepare_days: {company: 1}}}
"""
    text = (
        TRADES.replace("km: 1200}", "km: 1200, days: {company: 4}}")
        .replace("RECEPTION", "")
        .replace("UNITS", "2")
        .replace("LASTS", "50")
    )
    story = told(text.replace("PEOPLE", f"travel: [{AIR}],").replace("EQUIPMENT", SEA) + more)
    assert [(each.ready_day, each.landed_day) for each in story.log.parts] == [(11, 15), (15, 25)]


def test_a_reception_takes_in_whole_units() -> None:
    story = apart(reception="reception_per_day: {company: 1}")
    assert [(each.landed_day, each.arrived_day) for each in story.loans] == [(25, 25), (25, 26)]
    assert causes(story) == {"preparing": 4, "in transit": 27}


def test_what_has_left_in_part_cannot_be_cancelled_and_turns_round() -> None:
    # The raid is over on day 14, when people are there and equipment still prepares.
    (found,) = apart(lasts=4).loans
    assert (found.arrived_day, found.late, found.left_day, found.home_day) == (25, True, 25, 35)


def test_what_has_left_in_part_by_the_end_of_the_window_arrives_and_turns_round() -> None:
    story = apart(more="agreements: {pact: {between: [North, South], window_days: 4}}")
    assert (story.loans[0].window_day, story.loans[0].arrived_day, story.loans[0].why_ended) == (14, 25, "lapsed")


def test_before_any_part_has_left_the_request_is_cancelled_and_waits_for_no_lift() -> None:
    # The ship takes the first company's people from day 12 to 22, then its equipment. Nobody needs them from day 18:
    # the second company, of which nothing has left, does not go.
    both = "{by: ship, speed_kmh: 50, handling_days: 9, units_per_load: 1}"
    story = apart(people=both, equipment=both, units=2, lasts=8, more="lifts: {ship: {slots: 1}}")
    first, second = sorted(story.loans, key=lambda each: each.departed_day is None)
    assert (first.departed_day, first.landed_day, second.departed_day, second.why_ended) == (12, 32, None, "cancelled")
    assert len(story.log.parts) == 2


def test_no_way_for_the_equipment_is_no_way() -> None:
    story = apart(equipment="{by: road, up_to_km: 500, speed_kmh: 40}")
    assert story.loans == [] and causes(story) == {"no way there": 100}


# -- lifts


SHIP = "{by: ship, speed_kmh: 50, handling_days: 9, units_per_load: 1}"


def test_equipment_that_waits_for_its_lift() -> None:
    ships = "lifts: {ship: {slots: 1, turnaround_days: 1, cost_per_sortie: 100}}"
    story = apart(equipment=SHIP, more=ships)
    # The ship takes one from day 15 to 25, is free on 26, and takes the other until day 36. Home: 60 to 70, and 71 to
    # 81. The other's people leave on 71, too: it goes when both can.
    lifted: dict[str, Any] = {"requested": 10, "ready": 12, "departed": 12, "lift": "ship", "sorties": 2}
    first = {"landed": 25, "arrived": 25, "ended": 60, "why": "released", "left": 60, "home": 70, "recovered": 70}
    second = {"landed": 36, "arrived": 36, "ended": 60, "why": "released", "left": 71, "home": 81, "recovered": 81}
    assert story.loans == [loan(1, **lifted, **first), loan(1, **lifted, **second, load=2)]
    by_ship: dict[str, Any] = {"lift": "ship", "ready": 15, "sorties": 2}
    assert story.log.parts == [
        part("people", "air", 1, ready=12, departed=12, landed=13.2, home=61.2),
        part("equipment", "ship", 1, departed=15, landed=25, home=70, **by_ship),
        part("people", "air", 1, load=2, ready=12, departed=12, landed=13.2, home=72.2),
        part("equipment", "ship", 1, load=2, departed=26, landed=36, home=81, **by_ship),
    ]
    # The second's equipment prepares until 15, waits until 26 and sails until 36.
    assert causes(story) == {"preparing": 4, "in transit": 13 + 3 + 10, "lift": 11}
    assert measured(story, "cost_usd") == 4 * 100


def test_the_later_part_says_whether_a_unit_waits_for_a_lift() -> None:
    # One plane takes people one by one, 1.2 days each; equipment is at sea until day 25, so nobody waits for the plane.
    air = "{by: plane, speed_kmh: 100, hours_per_day: 10, units_per_load: 1}"
    ships = "lifts: {plane: {slots: 1}, ship: {slots: 5}}"
    story = apart(people=air, equipment=SHIP, more=ships)
    assert [(each.departed_day, each.landed_day) for each in story.log.parts] == [
        (12, 13.2), (15, 25), (13.2, 14.4), (15, 25),
    ]  # fmt: skip
    assert causes(story) == {"preparing": 2 + 3.2, "in transit": 13 + 11.8}
    assert [each.arrived_day for each in story.loans] == [25, 25]


def test_a_lift_that_is_awaited_longer_than_the_other_part_takes_is_the_cause_from_then_on() -> None:
    # Equipment drives, ready on day 15 and there on 18. The plane takes one on day 12 and comes back on 32.
    air = "{by: plane, speed_kmh: 100, hours_per_day: 10, units_per_load: 1}"
    road = "{by: road, speed_kmh: 40, hours_per_day: 10}"
    story = apart(people=air, equipment=road, more="lifts: {plane: {slots: 1, turnaround_days: 18.8}}")
    assert [each.arrived_day for each in story.loans] == [18, 33.2]
    # Of the second the equipment is the later until day 16.8: people who left then would be there with it, on day 18.
    # It leaves on day 15, and until then the unit prepares. From day 32 its people fly.
    assert causes(story) == {
        "preparing": 2 + 5,
        "in transit": pytest.approx(6 + 1.8 + 1.2),
        "lift": pytest.approx(32 - 16.8),
    }


def test_two_lifts_for_one_unit_go_in_their_own_loads() -> None:
    # Planes carry one company's people, ships two companies' equipment: units that share a ship share every date.
    air = "{by: plane, speed_kmh: 100, hours_per_day: 10, units_per_load: 1}"
    ship = SHIP.replace("units_per_load: 1", "units_per_load: 2")
    more = "lifts: {plane: {slots: 1, cost_per_sortie: 10}, ship: {slots: 1, cost_per_sortie: 1000}}"
    story = apart(people=air, equipment=ship, units=3, more=more)
    assert [
        (each.units, each.departed_day, each.landed_day, each.home_day, each.sorties) for each in story.log.parts
    ] == [
        (2, 12, 14.4, 62.4, 4),
        (2, 15, 25, 70, 2),
        (1, 14.4, 15.6, 71.2, 2),
        (1, 25, 35, 80, 2),
    ]
    # Home: two by ship on day 60; the third company goes when ship and plane are free, on day 70.
    assert [(each.units, each.arrived_day, each.left_day, each.home_day) for each in story.loans] == [
        (2, 25, 60, 70),
        (1, 35, 70, 80),
    ]
    assert measured(story, "cost_usd") == 6 * 10 + 4 * 1000


def test_one_lift_for_both_parts_takes_one_after_the_other() -> None:
    both = "{by: ship, speed_kmh: 50, handling_days: 9}"
    story = apart(people=both, equipment=both, more="lifts: {ship: {slots: 1}}")
    # People from day 12 to 22, equipment from 22 to 32; home people from 60 to 70, equipment from 70 to 80.
    (found,) = story.loans
    assert (found.departed_day, found.arrived_day, found.left_day, found.home_day) == (12, 32, 60, 80)
    # In transit until equipment is ready and waits, which is the later from then on.
    assert causes(story) == {"preparing": 4, "in transit": 2 * 3 + 2 * 10, "lift": 2 * 7}


# -- what is known beforehand


def test_the_clairvoyant_bound_counts_the_longer_of_the_two_ways() -> None:
    text = (
        TRADES.replace("RECEPTION", "")
        .replace("UNITS", "2")
        .replace("LASTS", "50")
        .replace("PEOPLE", f"travel: [{AIR}],")
    )
    (ground,) = Bound(Theatre.of(world(text.replace("EQUIPMENT", SEA)), "it")).grounds
    assert ground.journeys[0][1] / ground.steps_a_day == 10


def test_the_equipment_that_waits_for_the_rains_to_end_is_told_of_once() -> None:
    text = TRADES.replace("km: 1200}", "km: 1200, closed: [feb]}").replace("RECEPTION", "").replace("UNITS", "2")
    text = text.replace("LASTS", "50").replace("PEOPLE", f"travel: [{AIR}],").replace("EQUIPMENT", SEA)
    story = told(text.replace("prepare_days: 5", "prepare_days: 30"))
    # Equipment is ready on day 40, 10 February, sets out on 1 March, day 60, and turns round on day 70.
    assert [(each.departed_day, each.landed_day) for each in story.log.parts] == [(12, 13.2), (40, 70)]
    assert [line for line in story.lines() if "wait" in line] == [
        "10 Feb 2012: 2 companies wait until 1 Mar 2012 for the route between South and North to open."
    ]


def test_tell_as_json_has_the_parts_where_there_are_some() -> None:
    said = apart().as_json()
    Draft202012Validator(output_schema("tell")).validate(said)
    (people, equipment) = said["parts"]
    assert (people["part"], equipment["by"], equipment["landed_day"]) == ("people", "sea", 25)
