"""Missions that open, close and change while units are away: worked out by hand from the model's sentences."""

from __future__ import annotations

import pytest

from tests.worlds import back, causes, loan, lot, measured, out, states, told

RAID = "  raid: {mission: North, on: day 10, lasts_days: 40, needs: {company: 2}}\n"


def pair(south: str, north: str = "") -> str:
    """North has a raid from day 10 to 50; South, which holds five companies, is two days away."""
    missions = f"missions: {{North: {{{north}}}, South: {{holds: {{company: 5}}, {south}}}}}\n"
    return missions + "routes: [{between: [North, South], days: {company: 2}}]\ncrises:\n" + RAID


# -- changes ---------------------------------------------------------------------------------------------------------


def test_a_drawdown_takes_what_is_at_home_first() -> None:
    story = told(pair("changes: [{on: day 20, holds: {company: -3}}]"))
    assert story.loans == [loan(2, **out(10), **back(50))]
    assert states(story, "South") == [(0, 0, 5, 0), (10, 0, 3, 0), (20, 0, 0, 0), (52, 0, 2, 0)]


def test_units_that_are_away_go_home_before_they_are_withdrawn() -> None:
    # Four go on day 20: three from home at once, one from North, which leaves at once and is withdrawn once home.
    story = told(pair("changes: [{on: day 20, holds: {company: -4}}]"))
    assert story.loans == [loan(1, load=1, **out(10), **back(20, "withdrawn")), loan(1, load=1, **out(10), **back(50))]
    assert states(story, "South") == [(0, 0, 5, 0), (10, 0, 3, 0), (20, 0, 0, 0), (52, 0, 1, 0)]
    assert causes(story, "North") == {"in transit": 4, "nobody had any": 30}


def test_of_several_loans_each_is_withdrawn_once() -> None:
    # All three are called home on day 20: from North at once, from East and West by a journey of two days.
    story = told("""
        missions:
          North: {}
          East: {}
          West: {}
          South: {holds: {company: 3}, changes: [{on: day 20, holds: {company: -3}}]}
        routes: [{between: [East, South], days: {company: 2}}, {between: [West, South], days: {company: 2}}]
        crises:
          flood: {mission: East, on: day 5, lasts_days: 60, needs: {company: 1}}
          storm: {mission: West, on: day 6, lasts_days: 60, needs: {company: 1}}
          raid: {mission: North, on: day 10, lasts_days: 60, needs: {company: 1}}
    """)
    assert [(each.borrower, each.why_ended, each.left_day, each.recovered_day) for each in story.loans] == [
        ("East", "withdrawn", 20, 22),
        ("West", "withdrawn", 20, 22),
        ("North", "withdrawn", 20, 20),
    ]
    assert states(story, "South")[-1] == (10, 0, 0, 0)


def test_units_on_the_road_out_are_withdrawn_by_way_of_the_mission_they_go_to() -> None:
    story = told(pair("changes: [{on: day 11, holds: {company: -5}}]"))
    assert story.loans == [loan(2, **out(10), **back(12, "withdrawn"))]
    assert states(story, "South") == [(0, 0, 5, 0), (10, 0, 3, 0), (11, 0, 0, 0)]


def test_units_on_the_road_home_are_withdrawn_there() -> None:
    story = told(pair("changes: [{on: day 51, holds: {company: -5}}]"))
    assert story.loans == [loan(2, **out(10), **back(50))]
    assert states(story, "South")[-2:] == [(10, 0, 3, 0), (51, 0, 0, 0)]


def test_a_withdrawal_breaks_promises_the_latest_first() -> None:
    # Both are waiting for paper until day 30; of five companies four are promised; three are withdrawn on day 20.
    paper = "agreements: {any: {between: any, gates: {council: {days: 20}}}}\n"
    flood = "  flood: {mission: North, on: day 12, lasts_days: 38, needs: {company: 2}}\n"
    story = told(pair("changes: [{on: day 20, holds: {company: -3}}]") + flood + paper)
    flies = {"ready": 30, "departed": 30, "landed": 32, "arrived": 32, "council": 30}
    assert story.loans == [
        loan(2, requested=10, **flies, **back(50)),
        loan(2, crisis="flood", loan=1, requested=12, gates="council", ended=20, why="withdrawn"),
    ]
    assert causes(story, "North") == {"council": 2 * 20 + 2 * 8, "in transit": 4, "nobody had any": 2 * 30}


WAY_HOME = """
    missions: {North: {}, South: {holds: {company: 1}, changes: [{on: day 15, holds: {company: -1}}]}, East: {EAST}}
    routes:
      - {between: [North, South], days: {company: 4}}
      - {between: [North, East], days: {company: 9}}
      - {between: [South, East], days: {company: 1}}
    crises:
      raid: {mission: North, on: day 2, lasts_days: 30, needs: {company: 1}}
      riot: {mission: South, on: day 16, lasts_days: 10, needs: {company: 1}}
"""


def test_nobody_waits_for_a_unit_that_goes_home_to_be_withdrawn() -> None:
    # South's only company is on the road home until day 19, to leave for good: the riot's is asked for on day 16.
    story = told(WAY_HOME.replace("EAST", "holds: {company: 2}"))
    assert story.loans == [
        loan(1, **out(2, 4), **back(15, "withdrawn", 4)),
        lot("East", "North", 1, loan=1, **out(15, 9), **back(32, road=9)),
        lot("East", "South", 1, loan=2, crisis="riot", **out(16, 1), **back(26, road=1)),
    ]
    assert causes(story, "South") == {"in transit": 1}


def test_a_unit_that_goes_home_to_be_withdrawn_does_not_cover_what_is_missing() -> None:
    assert causes(told(WAY_HOME.replace("EAST", "")), "South") == {"nobody had any": 10}


def test_a_mission_calls_back_more_than_it_has_to_give_up() -> None:
    # Of two companies in North one sets out for home on day 15, to leave for good; on day 16 the riot calls the other.
    riot = "  riot: {mission: South, on: day 16, lasts_days: 10, needs: {company: 1}}\n"
    story = told(
        pair("changes: [{on: day 15, holds: {company: -1}}]").replace("company: 5", "company: 2") + riot,
        policy="{share: all, recall: true}",
    )
    assert story.loans[:2] == [
        loan(1, load=1, **out(10), **back(15, "withdrawn")),
        loan(1, load=1, **out(10), **back(16, "recalled")),
    ]
    assert causes(story, "South") == {"in transit": 2}


def test_units_that_join_can_be_lent_at_once() -> None:
    text = pair("changes: [{on: day 20, holds: {company: 1}}, {on: day 30, holds: {company: 3}}]")
    story = told(text.replace("company: 5", "company: 0"))
    assert story.loans == [loan(1, **out(20), **back(50)), loan(1, loan=1, **out(30), **back(50))]
    assert states(story, "South")[-2:] == [(30, 0, 2, 0), (52, 0, 4, 0)]


def test_a_routine_that_shrinks_frees_units_and_one_that_grows_asks_for_some() -> None:
    south = "routine: {company: 5}, changes: [{on: day 20, routine: {company: -2}}]"
    assert told(pair(south)).loans == [loan(2, **out(20), **back(50))]
    north = "changes: [{on: day 5, routine: {company: 1}}, {on: day 80, routine: {company: -1}}]"
    first, second, *_ = told(pair("", north)).loans
    # The loan longest there is released first, when the raid's two are not needed any more.
    assert first == loan(1, crisis=None, **out(5), **back(50))
    assert second == loan(1, load=1, loan=1, **out(10), **back(50))


def test_changes_before_the_period_hold_from_its_start() -> None:
    south = "routine: {company: 1}, changes: [{on: day -40, holds: {company: -2}, routine: {company: 1}}, "
    south += "{on: day 0, holds: {company: -1}}]"
    story = told(pair(south))
    assert states(story, "South") == [(0, 2, 2, 0)]
    assert story.loans == []


def test_a_change_names_the_contributor_that_it_is_of() -> None:
    text = pair("changes: [{on: day 9, holds: {company: {Ghana: -3}}}]")
    text = text.replace("{company: 5}", "{company: {Ghana: 3, Nepal: 2}}", 1)
    (found,) = told(text).loans
    assert (found.contributor, found.units) == ("Nepal", 2)


def test_of_a_withdrawal_only_that_contingent_goes_home() -> None:
    text = pair("changes: [{on: day 20, holds: {company: {Ghana: -1}}}]")
    story = told(text.replace("{company: 5}", "{company: {Ghana: 1, Nepal: 2}}", 1))
    assert [(each.contributor, each.units, each.why_ended) for each in story.loans] == [
        ("Ghana", 1, "withdrawn"),
        ("Nepal", 1, "released"),
        ("Nepal", 1, "released"),  # asked for on day 20 in its place
    ]


# -- opening and closing ---------------------------------------------------------------------------------------------


def test_a_mission_opens_with_its_contingents_and_its_routine() -> None:
    south = "active: {from: day 15}, routine: {company: 1}, changes: [{on: day 12, holds: {company: -1}}]"
    story = told(pair(south))
    assert states(story, "South") == [(15, 1, 2, 0), (52, 1, 4, 0)]  # five less one, two lent at once
    assert story.loans == [loan(2, **out(15), **back(50))]


def test_a_mission_has_no_requirement_before_it_opens() -> None:
    story = told(pair("", "routine: {company: 1}, active: {from: day 20, to: day 39}"))
    assert states(story, "North") == [(20, 3, 0, 3), (22, 3, 3, 0), (40, 0, 0, 0)]
    assert measured(story, "requirement_unit_days", "North") == 2 * 20  # of the crisis, while the mission exists
    assert story.loans == [loan(3, **out(20), **back(40, "closed"))]


def test_a_mission_that_is_open_on_the_first_day_only() -> None:
    story = told(pair("", "routine: {company: 1}, active: {from: day -30, to: day 0}"))
    assert story.loans == [loan(1, crisis=None, requested=0, ready=0, departed=0, landed=2, arrived=2, late=True,
                                **back(2, "closed"))]  # fmt: skip


def test_a_mission_that_closes_lets_promises_go_and_sends_home_what_it_borrowed() -> None:
    paper = "agreements: {any: {between: any, gates: {council: {days: 20}}}}\n"
    flood = "  flood: {mission: North, on: day 25, lasts_days: 38, needs: {company: 2}}\n"
    story = told(pair("", "active: {to: day 39}") + flood + paper)
    assert story.loans == [
        loan(2, council=30, **(out(30) | {"requested": 10}), **back(40, "closed")),
        loan(2, crisis="flood", loan=1, requested=25, gates="council", ended=40, why="closed"),
    ]


def test_units_on_the_road_to_a_mission_that_closes_turn_round_there() -> None:
    story = told(pair("", "active: {to: day 10}"))
    assert story.loans == [loan(2, **out(10), late=True, **back(12, "closed"))]


def test_a_lender_that_closes_takes_its_units_home_first() -> None:
    story = told(pair("active: {to: day 19}"))
    assert story.loans == [loan(2, **out(10), **back(20, "withdrawn"))]
    assert states(story, "South") == [(0, 0, 5, 0), (10, 0, 3, 0), (20, 0, 0, 0)]
    assert states(story, "North")[-2:] == [(20, 2, 0, 2), (50, 0, 0, 0)]


def test_a_lender_that_closes_breaks_its_promises() -> None:
    story = told(pair("active: {to: day 19}") + "agreements: {any: {between: any, gates: {council: {days: 20}}}}\n")
    assert story.loans == [loan(2, requested=10, gates="council", ended=20, why="withdrawn")]


@pytest.mark.parametrize("active", ["{from: day 60}", "{to: day 5}", "{from: day -90, to: day -1}", "{from: day 100}"])
def test_a_crisis_where_there_is_no_mission_needs_nothing(active: str) -> None:
    story = told(pair("", f"active: {active}"))
    assert story.loans == []
    assert measured(story, "requirement_unit_days") == measured(story, "unmet_unit_days") == 0


def test_nothing_is_prevented_where_there_is_no_mission_yet() -> None:
    # The raid is in sight from day 0; North opens on day 5 and asks then.
    story = told(
        pair("", "active: {from: day 5}").replace("lasts_days", "warning_days: 90, lasts_days"),
        policy="{share: all, prevent_days: 10}",
    )
    assert story.loans == [loan(2, **out(5), **back(50))]


def test_nothing_is_prevented_where_there_is_no_mission_any_more() -> None:
    story = told(
        pair("", "active: {to: day 6}").replace("lasts_days", "warning_days: 90, lasts_days"),
        policy="{share: all, prevent_days: 10}",
    )
    assert story.loans == [loan(2, **out(0), **back(7, "closed"))]


# -- hubs ------------------------------------------------------------------------------------------------------------


def test_a_hub_lends_all_that_it_holds_and_needs_nothing() -> None:
    story = told("""
        missions: {North: {}, East: {}, Hub: {holds: {company: 3}}}
        crises:
          raid: {mission: North, on: day 10, lasts_days: 40, needs: {company: 2}}
          flood: {mission: East, on: day 20, lasts_days: 40, needs: {company: 2}}
    """)
    assert [(each.borrower, each.units, each.requested_day) for each in story.loans] == [
        ("North", 2, 10),
        ("East", 1, 20),
        ("East", 1, 50),
    ]
    assert measured(story, "unmet_unit_days", "Hub") == measured(story, "exposure_unit_days") == 0


def test_a_mission_that_is_to_have_a_routine_is_no_hub() -> None:
    text = """
        missions:
          North: {}
          Later: {holds: {company: 1}, changes: [{on: day 90, routine: {company: 1}}]}
          Remote hub: {holds: {company: 1}}
        routes: [{between: [North, Remote hub], km: 900}]
        crises: {raid: {mission: North, on: day 10, lasts_days: 40, needs: {company: 1}}}
    """
    assert [each.lender for each in told(text, policy="{share: all, lenders: hubs first}").loans] == ["Remote hub"]
    assert [each.lender for each in told(text, policy="{share: all, lenders: nearest}").loans] == ["Later"]
