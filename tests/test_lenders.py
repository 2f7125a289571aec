"""Lenders by name, and lenders that may go short: calendars worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.operations.log import LoanRecord
from sim.policies import Lender, Situation
from sim.questions.story.story import Story
from tests.worlds import causes, lot, measured, states, told

# -- named lenders in order -------------------------------------------------------------------------------------------

AROUND = """
missions: {North: {}, East: {holds: {company: 1}}, South: {holds: {company: 1}}, West: {holds: {company: 1}}}
routes:
  - {between: [North, East], km: 100}
  - {between: [North, West], km: 200}
  - {between: [North, South], km: 300}
resources: {company: {travel: [{by: road, speed_kmh: 10, hours_per_day: 10}]}}
crises: {raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 3}}}
"""
WAYS = {"East": 1, "West": 2, "South": 3}


@pytest.mark.parametrize(
    ("lenders", "asked"),
    [
        ("nearest", ["East", "West", "South"]),
        ("[South]", ["South", "East", "West"]),
        ("[West, South]", ["West", "South", "East"]),
        ("[North, South, West, East]", ["South", "West", "East"]),  # who asks is not asked
    ],
)
def test_named_lenders_come_first_in_their_order_and_the_others_by_distance(lenders: str, asked: list[str]) -> None:
    story = told(AROUND, policy=f"{{share: all, lenders: {lenders}}}")
    out = {name: 10 + days for name, days in WAYS.items()}
    home = {name: 30 + days for name, days in WAYS.items()}
    assert story.loans == [
        lot(name, "North", 1, loan=number, requested=10, ready=10, departed=10, landed=out[name], arrived=out[name],
            ended=30, why="released", left=30, home=home[name], recovered=home[name], km=WAYS[name] * 100.0,
            hours=WAYS[name] * 10.0)
        for number, name in enumerate(asked)
    ]  # fmt: skip


def test_only_as_many_are_asked_as_are_needed() -> None:
    story = told(AROUND.replace("company: 3", "company: 2"), policy="{share: all, lenders: [South, East]}")
    assert [each.lender for each in story.loans] == ["South", "East"]


# -- lenders that may go short ----------------------------------------------------------------------------------------

PAIR = """
missions: {North: {}, South: {holds: {company: 3}, routine: {company: 2}}}
crises:
  raid: {mission: North, severity: 4, on: day 10, lasts_days: 20, needs: {company: 3}}
"""
SHORT = "share: all, may_go_short: {company: 1}"


def flood(severity: int) -> str:
    return f"  flood: {{mission: South, severity: {severity}, on: day 15, lasts_days: 5, needs: {{company: 1}}}}\n"


def company(units: int, first: float, last: float, **said: Any) -> LoanRecord:
    """On loan from South to North from a day until another; no journey."""
    said |= dict.fromkeys(("requested", "ready", "departed", "landed", "arrived"), first)
    said |= dict.fromkeys(("ended", "left", "home", "recovered"), last)
    return lot("South", "North", units, **said)


def test_a_lender_falls_below_its_own_requirement_by_so_many_units() -> None:
    story = told(PAIR, policy=f"{{{SHORT}}}")
    assert story.loans == [company(2, 10, 30, why="released")]
    assert states(story, "South") == [(0, 2, 3, 0), (10, 2, 1, 1), (30, 2, 3, 0)]
    assert states(story, "North") == [(10, 3, 2, 1), (30, 0, 0, 0)]
    # What South lacks, lending caused; what North lacks beyond it, nobody may give.
    assert causes(story) == {"nobody had any": 20 + 20}
    assert measured(story, "exposure_unit_days", "South") == 20


def test_without_the_word_it_lends_what_it_does_not_need() -> None:
    story = told(PAIR, policy="{share: all}")
    assert story.loans == [company(1, 10, 30, why="released")]
    assert states(story, "South") == [(0, 2, 3, 0), (10, 2, 2, 0), (30, 2, 3, 0)]


@pytest.mark.parametrize(("severity", "units"), [(3, 2), (4, 1), (5, 1)])
def test_only_for_a_crisis_that_is_graver_than_its_own(severity: int, units: int) -> None:
    # South's own crisis takes none of its third company, but makes it need what it needs for that.
    own = f"  drought: {{mission: South, severity: {severity}, on: day 5, lasts_days: 60, needs: {{company: 1}}}}\n"
    story = told(PAIR.replace("company: 3}, routine", "company: 4}, routine") + own, policy=f"{{{SHORT}}}")
    assert sum(each.units for each in story.loans) == units


def test_who_went_short_calls_back_only_what_it_lacks_beyond_that() -> None:
    # The flood takes one company more: South lacks two, may lack one, and calls one back; on day 20 it lends it again.
    story = told(PAIR + flood(3), policy=f"{{{SHORT}, recall: true}}")
    assert story.loans == [
        company(1, 10, 15, why="recalled"),
        company(1, 10, 30, why="released"),
        company(1, 20, 30, loan=1, why="released"),
    ]
    assert states(story, "South") == [(0, 2, 3, 0), (10, 2, 1, 1), (15, 3, 2, 1), (20, 2, 1, 1), (30, 2, 3, 0)]


def test_when_its_own_crisis_is_as_grave_it_calls_back_all_that_it_lacks() -> None:
    story = told(PAIR + flood(4), policy=f"{{{SHORT}, recall: true}}")
    assert story.loans == [
        company(2, 10, 15, why="recalled"),
        company(2, 20, 30, loan=1, why="released"),
    ]
    assert states(story, "South") == [(0, 2, 3, 0), (10, 2, 1, 1), (15, 3, 3, 0), (20, 2, 1, 1), (30, 2, 3, 0)]


def test_without_recall_it_waits() -> None:
    story = told(PAIR + flood(5), policy=f"{{{SHORT}}}")
    assert story.loans == [company(2, 10, 30, why="released")]
    assert states(story, "South") == [(0, 2, 3, 0), (10, 2, 1, 1), (15, 3, 1, 2), (20, 2, 1, 1), (30, 2, 3, 0)]


def test_a_reserve_is_kept_and_what_it_holds_back_is_told() -> None:
    # 3 − 2 − 1 + 1: one company; the other that South might lack is in its reserve.
    story = told(PAIR, policy=f"{{{SHORT}, keep: 1}}")
    assert story.loans == [company(1, 10, 30, why="released")]
    assert causes(story, "North") == {"kept": 20, "nobody had any": 20}


def test_a_refusal_of_units_that_it_needs_itself_is_a_refusal() -> None:
    refusing = "agreements: {pact: {between: any, gates: {host: {refuses: 1}}}}\n"
    poor = PAIR.replace("holds: {company: 3}", "holds: {company: 2}")
    assert causes(told(poor + refusing, policy=f"{{{SHORT}, ask_again_days: 90}}")) == {
        "refused": 20,
        "nobody had any": 40,
    }
    # Where nobody may lend, what a lender needs itself is not spare.
    assert causes(told(poor, policy="{share: none, may_go_short: {company: 1}}")) == {"nobody had any": 60}


def test_a_lender_that_went_short_asks_others_in_its_turn() -> None:
    # Nobody but South may lend to North. East, which needs none of its own, makes good what South then lacks.
    story = told(
        PAIR.replace("North: {}", "North: {}, East: {holds: {company: 1}}")
        + "agreements: {one: {between: [North, South]}, other: {between: [South, East]}}\n",
        policy=f"{{{SHORT}}}",
    )
    assert [(each.lender, each.borrower, each.units, each.crisis) for each in story.loans] == [
        ("South", "North", 2, "raid"),
        ("East", "South", 1, None),
        ("South", "North", 1, "raid"),
    ]


def test_a_rule_sees_what_a_lender_may_offer_for_this_need() -> None:
    seen: list[tuple[str, int]] = []

    def rule(situation: Situation) -> list[tuple[Lender, int]]:
        seen.extend((situation.borrower, lender.can_offer) for lender in situation.lenders)
        return [(lender, lender.can_offer) for lender in situation.lenders]

    story: Story = told(PAIR, policy=f"{{{SHORT}, rule: own}}", rules={"own": rule})
    assert seen == [("North", 2)]
    assert story.loans == [company(2, 10, 30, why="released")]


def test_it_is_told_that_a_lender_goes_short() -> None:
    lines = told(PAIR, policy=f"{{{SHORT}}}").lines()
    assert "11 Jan 2012: South goes short of 1 company for raid in North, which is graver than its own need." in lines
    assert not any("goes short" in line for line in told(PAIR, policy="{share: all}").lines())
