"""Units that fall unfit and are repaired: one calendar worked out by hand, and what is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.chance.repairs import Turn, turns
from sim.chance.sets import SIZE
from sim.operations import theatre
from sim.operations.theatre import Theatre
from sim.scenario.nouns.milliseconds import DAY
from sim.scenario.nouns.resources import Serviceable
from tests.worlds import assert_drawn, causes, lot, states, told, world

NEIGHBOURS = """
resources: {company: {serviceable: {share: 0.75, repair_days: 6}}}
missions:
  North: {}
  South: {holds: {company: 3}, routine: {company: 1}}
routes: [{between: [North, South], days: {company: 3}}]
crises: {raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 2}}}
"""

LINES = [
    "11 Jan 2012: North: raid begins and needs 2 companies.",
    "11 Jan 2012: North asks South for 1 company for raid.",
    "11 Jan 2012: 1 company leaves South for North.",
    "11 Jan 2012: North is short of 2 companies, 1 of them already asked for; as to the rest, nobody has any to spare.",
    "12 Jan 2012: North asks South for 1 company for raid.",
    "12 Jan 2012: 1 company leaves South for North.",
    "14 Jan 2012: 1 company arrives in North from South.",
    "14 Jan 2012: North is now short of 1 company, already asked for.",
    "15 Jan 2012: 1 company arrives in North from South.",
    "15 Jan 2012: North has all the companies that it needs.",
    "21 Jan 2012: North is short of 1 company: repairs are under way.",
    "21 Jan 2012: South is short of 1 company: repairs are under way.",
    "26 Jan 2012: North has all the companies that it needs.",
    "31 Jan 2012: South has all the companies that it needs.",
    "10 Feb 2012: North: raid is over.",
    "10 Feb 2012: No longer needed, 1 company leaves North for South.",
    "10 Feb 2012: No longer needed, 1 company leaves North for South.",
    "13 Feb 2012: 1 company is home in South from North.",
    "13 Feb 2012: 1 company is home in South from North.",
]


def spells(*said: tuple[int, int, int]) -> list[Turn]:
    """The turns of (unit, unfit from day, until day)."""
    found = [Turn(day * DAY, unit, fit) for unit, *days in said for day, fit in zip(days, (False, True), strict=True)]
    return sorted(found)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Turn]:
    """What chance gives in every replication, to be filled in."""
    given: list[Turn] = []
    monkeypatch.setattr(theatre, "turns", lambda *_, **__: [given] * SIZE)
    return given


def test_a_calendar_worked_out_by_hand(drawn: list[Turn]) -> None:
    """Who is in repair is not offered; on loan, the unit that is longest there falls out once none is at home."""
    drawn += spells((0, 5, 8), (2, 9, 11), (0, 20, 25), (1, 20, 30))
    story = told(NEIGHBOURS)
    assert states(story, "South") == [
        (0, 1, 3, 0),
        (5, 1, 2, 0),
        (8, 1, 3, 0),
        (9, 1, 2, 0),
        (10, 1, 1, 0),  # one of two may leave
        # On day 11 the third is repaired, and leaves at once.
        (20, 1, 0, 1),  # two fall unfit: the one at home, and the one that left first
        (30, 1, 1, 0),  # the first to be repaired, on day 25, is the one on loan
        (43, 1, 3, 0),
    ]
    assert states(story, "North") == [
        (10, 2, 0, 2),
        (13, 2, 1, 1),
        (14, 2, 2, 0),
        (20, 2, 1, 1),
        (25, 2, 2, 0),
        (40, 0, 0, 0),
    ]
    life: dict[str, Any] = {"ended": 40, "left": 40, "home": 43, "recovered": 43, "why": "released"}
    assert story.loans == [
        lot("South", "North", 1, loan=0, requested=10, ready=10, departed=10, landed=13, arrived=13, **life),
        lot("South", "North", 1, loan=1, requested=11, ready=11, departed=11, landed=14, arrived=14, **life),
    ]
    assert causes(story, "North") == {"in transit": 1 + 2 * 2 + 1, "nobody had any": 1, "in repair": 5}
    assert causes(story, "South") == {"in repair": 10}
    assert story.lines() == LINES


def test_a_promise_is_kept_by_whoever_is_fit(drawn: list[Turn]) -> None:
    """While units get ready, one at home falls unfit: it is not present, and travels all the same."""
    drawn += spells((0, 12, 18))
    story = told(NEIGHBOURS.replace("{serviceable", "{prepare_days: 4, serviceable"))
    # Day 10: two of three are promised. Day 12: one of the three is unfit: two are present, and one of them is needed.
    assert states(story, "South") == [(0, 1, 3, 0), (12, 1, 2, 0), (14, 1, 0, 1), (18, 1, 1, 0), (43, 1, 3, 0)]
    assert causes(story, "South") == {"in repair": 4}
    assert causes(story, "North") == {"preparing": 2 * 4, "in transit": 2 * 3}


def test_patience_does_not_give_up_what_is_in_repair(drawn: list[Turn]) -> None:
    drawn += spells((0, 5, 20))
    text = "resources: {company: {serviceable: {share: 0.5, repair_days: 6}}}\nmissions: {North: {holds: {company: 1}}}"
    text += "\ncrises: {raid: {mission: North, on: day 10, lasts_days: 30, patience_days: 2, needs: {company: 2}}}"
    assert causes(told(text)) == {"in repair": 10, "nobody had any": 2, "given up": 28}


def of_units(units: int, repair_days: Any, *, share: float = 0.75, block: int = 0, days: int = 60) -> list[list[Turn]]:
    said = Serviceable.model_validate({"share": share, "repair_days": repair_days})
    return turns(1, block, ("helicopter", "North", "P"), said, units=units, end=days * DAY, even=True)


REPAIRS = [6, {"gamma": {"mean": 6, "sd": 4}}, {"empirical": [1, 20]}, {"exponential": {"mean": 3}}]


@pytest.mark.parametrize("repair_days", REPAIRS)
def test_the_share_is_fit_on_every_day_from_the_first(repair_days: Any) -> None:
    """In its steady state a unit is unfit with one and the same chance at any time (Cox, Renewal Theory, ch. 7)."""
    drawn = [each for block in range(60) for each in of_units(2, repair_days, block=block)]
    for day in (0, 3, 10, 30, 59):
        unfit = [sum(1 - 2 * turn.fit for turn in mine if turn.instant <= day * DAY) for mine in drawn]
        assert_drawn(unfit, 2 * 0.25, np.sqrt(2 * 0.25 * 0.75))


def test_fates_are_spread_evenly_over_a_set() -> None:
    begins = [sum(not turn.fit and not turn.instant for turn in mine) for mine in of_units(1, 6)]
    assert sum(begins) == SIZE // 4


def test_a_unit_more_and_a_longer_period_leave_the_others_as_they_were() -> None:
    one = of_units(1, 6)
    assert [[turn for turn in mine if not turn.unit] for mine in of_units(3, 6)] == one
    longer = of_units(1, 6, days=400)
    assert [[turn for turn in mine if turn.instant < 60 * DAY] for mine in longer] == one


def test_every_option_has_the_same_repairs() -> None:
    scenario = world(NEIGHBOURS).change({"options": {"alone": {"policy": {"share": "none"}}}})
    one, other = (Theatre.of(scenario, name).turns(7, 0) for name in ("it", "alone"))
    assert one == other and any(one[0])


def test_where_all_are_always_fit_nothing_is_drawn() -> None:
    assert of_units(4, 6, share=1) == [[]] * SIZE
    assert (
        Theatre.of(world(NEIGHBOURS.replace("{serviceable: {share: 0.75, repair_days: 6}}", "{}")), "it").turns(1, 0)
        == {}
    )
