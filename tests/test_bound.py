"""The clairvoyant bound: equal to exhaustive search where that is possible, and never above what can be done."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim import from_mapping
from sim.chance.trace import draw_traces
from sim.measures.catalogue import COLUMNS
from sim.measures.measures import measure
from sim.operations.replication import simulate
from sim.operations.theatre import Theatre
from sim.questions.regret import clairvoyant as bound
from sim.questions.regret import max_flow as flow
from sim.questions.regret.max_flow import Movements, Need, Supply

SCENARIOS = Path(__file__).parents[1] / "scenarios"
UNMET = COLUMNS.index("unmet_unit_days")
NEAR = 1e-6
LARGE = ("all_missions", "contraction_2025", "lra_region", "syria_2012")
"""Scenarios that take longest; the others reach what they do."""


def movements(
    days: int,
    needs: list[tuple[int, int, int, int]],
    supplies: list[tuple[int, int, int]],
    journeys: Sequence[Sequence[float]],
) -> Movements:
    return Movements(
        days, tuple(Need(*need) for need in needs), tuple(Supply(*each) for each in supplies), np.array(journeys, float)
    )


def apart(days: float, missions: int = 2) -> list[list[float]]:
    return [[0 if one == other else days for other in range(missions)] for one in range(missions)]


# -- by hand ---------------------------------------------------------------------------------------------------------


def test_nothing_needed_and_nothing_there() -> None:
    assert flow.least_unmet(movements(10, [], [(0, 0, 3)], apart(1))) == 0
    assert flow.least_unmet(movements(10, [(0, 2, 5, 2)], [], apart(1))) == 6


def test_a_unit_that_knows_is_there_before_the_need() -> None:
    assert flow.least_unmet(movements(10, [(1, 3, 6, 1)], [(0, 0, 1)], apart(3))) == pytest.approx(0, abs=NEAR)
    assert flow.least_unmet(movements(10, [(1, 2, 6, 1)], [(0, 0, 1)], apart(3))) == pytest.approx(1)


def test_one_unit_for_two_needs_loses_the_journey() -> None:
    """Days 0 to 4 here and 4 to 8 there, three days apart: 3 of 8 unit-days are lost."""
    assert flow.least_unmet(movements(8, [(0, 0, 4, 1), (1, 4, 8, 1)], [(0, 0, 1)], apart(3))) == pytest.approx(3)


def test_the_way_round_may_be_shorter() -> None:
    journeys = [[0, 9, 2], [9, 0, 2], [2, 2, 0]]
    assert flow.least_unmet(movements(9, [(1, 4, 9, 1)], [(0, 0, 1)], journeys)) == pytest.approx(0, abs=NEAR)


def test_no_road_no_help() -> None:
    assert flow.least_unmet(movements(9, [(1, 4, 9, 2)], [(0, 0, 3)], apart(math.inf))) == pytest.approx(10)


def test_holdings_come_and_go() -> None:
    """One unit until day 4, another from day 6: two days without; a withdrawal takes a unit wherever it is."""
    supplies = [(0, 0, 1), (0, 4, -1), (0, 6, 1)]
    assert flow.least_unmet(movements(10, [(0, 0, 10, 1)], supplies, apart(1))) == pytest.approx(2)
    assert flow.least_unmet(movements(10, [(1, 0, 10, 1)], supplies, apart(1))) == pytest.approx(1 + 2 + 1)


def test_part_days_count_as_parts() -> None:
    assert flow.daily([Need(0, 1.25, 3.5, 2)], 1, 5).tolist() == [[0, 1.5, 2, 1, 0]]
    assert flow.daily([Need(0, -4, 0.5, 2), Need(0, 4.5, 99, 4)], 1, 5).tolist() == [[1, 0, 0, 0, 2]]
    assert flow.daily([Need(0, 0, 5, 3), Need(0, 2, 5, -1)], 1, 5).tolist() == [[3, 3, 2, 2, 2]]


# -- against exhaustive search ---------------------------------------------------------------------------------------

Walk = tuple[int | None, ...]


def walks(start: int, days: int, journey: list[list[int]]) -> list[Walk]:
    """Every way in which one unit can spend the days: the mission where it is on each day, None under way."""
    if days <= 0:
        return [()]
    found: list[Walk] = []
    for goal, length in enumerate(journey[start]):
        if length < days:
            way = (None,) * length + (goal,)
            found += [way + rest for rest in walks(goal, days - len(way), journey)]
        else:
            found.append((None,) * days)
    return found


def by_exhaustion(requirement: np.ndarray, homes: list[int], journey: list[list[int]]) -> int:
    days = requirement.shape[1]
    ways = {home: sorted({*walks(home, days, journey)}, key=str) for home in homes}
    best = 0
    groups = [list(combinations_with_replacement(ways[home], homes.count(home))) for home in sorted(set(homes))]
    for first in groups[0]:
        for second in groups[1] if len(groups) > 1 else [()]:
            there = np.zeros_like(requirement)
            for way in (*first, *second):
                for day, mission in enumerate(way):
                    if mission is not None:
                        there[mission, day] += 1
            best = max(best, int(np.minimum(there, requirement).sum()))
    return int(requirement.sum()) - best


@pytest.mark.no_cover
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_it_is_what_exhaustive_search_finds(data: st.DataObject) -> None:
    """Whole days and journeys: the bound is reached. Two or three missions, up to three units, four or five days."""
    missions = data.draw(st.integers(2, 3))
    days = data.draw(st.integers(3, 5 if missions == 2 else 4))
    requirement = np.array(data.draw(st.lists(st.integers(0, 2), min_size=missions * days, max_size=missions * days)))
    requirement = requirement.reshape(missions, days)
    homes = data.draw(st.lists(st.integers(0, 1), min_size=1, max_size=3))
    journey = [[0 if i == j else data.draw(st.integers(0, 2)) for j in range(missions)] for i in range(missions)]
    # Without a day's stop on the way, a journey by way of others takes the sum: exhaustive search goes direct.
    whole = flow.whole_days(np.array(journey, float)).astype(int).tolist()
    needs = [(k, d, d + 1, int(requirement[k, d])) for k in range(missions) for d in range(days) if requirement[k, d]]
    found = flow.least_unmet(movements(days, needs, [(home, 0, 1) for home in homes], journey))
    assert found == pytest.approx(by_exhaustion(requirement, homes, whole), abs=NEAR)


@pytest.mark.no_cover
@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_whole_days_give_whole_answers(seed: int) -> None:
    """The network's matrix is totally unimodular."""
    luck = np.random.default_rng(seed)
    missions, days = int(luck.integers(2, 6)), int(luck.integers(5, 60))
    needs = [
        (int(luck.integers(missions)), start, start + int(luck.integers(1, 15)), int(luck.integers(1, 5)))
        for start in luck.integers(0, days, 12).tolist()
    ]
    supplies = [(k, int(luck.integers(0, days // 2)), int(luck.integers(0, 4))) for k in range(missions)]
    found = flow.least_unmet(movements(days, needs, supplies, luck.uniform(0, 9, (missions, missions)).tolist()))
    assert found == pytest.approx(round(found), abs=NEAR)


# -- real-valued times -----------------------------------------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> Movements:
    """Units that travel at odd hours, and needs that are exactly where and when they stood: nothing goes unmet."""
    missions, days = draw(st.integers(2, 4)), draw(st.integers(3, 25))
    length = st.one_of(st.floats(0, 8), st.integers(0, 5).map(float), st.sampled_from([0.999999, 1.000001, 2.5]))
    journeys = np.array([[0 if i == j else draw(length) for j in range(missions)] for i in range(missions)])
    needs, supplies = [], []
    for _ in range(draw(st.integers(1, 4))):
        place, appears = draw(st.integers(0, missions - 1)), draw(st.integers(0, days - 1))
        leaves = draw(st.integers(appears, days + 1))
        supplies += [Supply(place, appears, 1)] + ([Supply(place, leaves, -1)] if leaves <= days else [])
        now = float(appears)
        while now < min(leaves, days):
            stays = draw(st.floats(0, 6))
            goal = draw(st.integers(0, missions - 1))
            needs.append(Need(place, now, min(now + stays, leaves, days), 1))
            now, place = now + stays + max(journeys[place, goal], 1e-3), goal
    return Movements(days, tuple(needs), tuple(supplies), journeys)


@pytest.mark.no_cover
@settings(max_examples=200, deadline=None)
@given(histories())
def test_what_was_done_can_be_done(history: Movements) -> None:
    """Any rounding in the wrong direction would leave something unmet here."""
    assert flow.least_unmet(history) == pytest.approx(0, abs=NEAR)


@pytest.mark.no_cover
@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(0, 10_000))
def test_more_needs_leave_at_most_that_much_more_unmet(history: Movements, seed: int) -> None:
    luck = np.random.default_rng(seed)
    start, length = luck.uniform(0, history.days), luck.uniform(0, 5)
    more = Need(int(luck.integers(len(history.journey_days))), start, min(start + length, history.days), 2)
    found = flow.least_unmet(Movements(history.days, (*history.needs, more), history.supplies, history.journey_days))
    assert -NEAR <= found <= 2 * (more.end_day - more.start_day) + NEAR


# -- against the simulator -------------------------------------------------------------------------------------------


def world(luck: np.random.Generator) -> dict[str, Any]:
    """A small scenario with everything that moves units: warnings, changes, closing missions, lifts, recalls."""

    def days(low: float, high: float) -> float:
        return round(float(luck.uniform(low, high)), 2)

    resources: dict[str, dict[str, Any]] = {
        "company": {
            "prepare_days": days(0, 1),
            "recover_days": days(0, 2),
            "travel": [
                {"by": "road", "up_to_km": 1500, "speed_kmh": 60, "hours_per_day": 8},
                {"by": "air", "speed_kmh": 600},
            ],
        },
        "helicopter": {
            "travel": [
                {
                    "by": "own wings",
                    "speed_kmh": 200,
                    "hours_per_day": 6,
                    "handling_days": {"uniform": {"low": 0.2, "high": 3}},
                }
            ]
        },
    }
    missions = {}
    for number in range(int(luck.integers(2, 5))):
        held = {name: int(luck.integers(0, 7)) for name in resources}
        mission = {
            "at": [float(luck.uniform(-10, 10)), float(luck.uniform(-10, 10))],
            "region": "R",
            "holds": held,
            "routine": {name: int(luck.integers(0, held[name] + 1)) for name in resources},
        }
        if luck.random() < 0.3:
            mission["active"] = {"from": "2020-01-20"} if luck.random() < 0.5 else {"to": "2020-03-05"}
        if luck.random() < 0.4:
            mission["changes"] = [{"on": "2020-02-10", "holds": {"company": int(luck.integers(-held["company"], 3))}}]
        missions[f"M{number}"] = mission
    crises = {}
    for number in range(int(luck.integers(1, 5))):
        when = {"on": "2020-02-15"} if luck.random() < 0.3 else {"every_days": days(10, 60)}
        crises[f"C{number}"] = {
            "mission": f"M{int(luck.integers(len(missions)))}",
            **when,
            "lasts_days": {"gamma": {"mean": days(3, 30), "sd": days(1, 10)}},
            "needs": {"company": int(luck.integers(0, 6)), "helicopter": int(luck.integers(0, 4))},
            "warning_days": days(0, 30),
        }
        if luck.random() < 0.3:
            crises[f"C{number}"]["escalates"] = {"if_short_days": 2, "extends_days": 9, "grows": 1.5}
        if luck.random() < 0.3:
            crises[f"C{number}"]["patience_days"] = 4
    options = {
        "none": {"policy": {"share": "none"}},
        "pool": {"policy": {"share": "all"}},
        "eager": {"policy": {"share": "all", "prevent_days": 20, "recall": {"notice_days": days(0, 3)}}},
        "foreseeing": {"policy": {"share": "region", "foresee_days": 10, "keep": 1, "recall": True}},
    }
    more = {"lifts": {"air": {"slots": 1, "turnaround_days": 1}}} if luck.random() < 0.4 else {}
    if luck.random() < 0.4:
        by_sea = {"by": "sea", "speed_kmh": days(10, 60), "handling_days": {"uniform": {"low": 0.5, "high": 4}}}
        resources["company"]["equipment"] = {"prepare_days": days(0, 3), "travel": [by_sea]}
    period = {"from": "2020-01-01", "to": "2020-04-15"}
    return {
        "period": period,
        "resources": resources,
        "missions": missions,
        "crises": crises,
        "options": options,
        **more,
    }


@pytest.mark.parametrize(
    "seed", [*range(8), *(pytest.param(seed, marks=pytest.mark.no_cover) for seed in range(8, 40))]
)  # the first reach whatever any of them does
def test_no_option_ever_beats_it(seed: int) -> None:
    scenario = from_mapping(world(np.random.default_rng(seed)))
    theatres = [Theatre.of(scenario, option) for option in scenario.options]
    assert bound.same_world(theatres) == [0] * len(theatres)
    for trace in draw_traces(scenario, seed, 0)[:3]:
        least = bound.Bound(theatres[0]).of(trace)
        for theatre in theatres:
            assert least <= measure(simulate(theatre, trace), theatre)[0, UNMET] + NEAR, theatre.option


@pytest.mark.slow
@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=file.stem, marks=[pytest.mark.no_cover] if file.stem in LARGE else [])
        for file in sorted(SCENARIOS.glob("*.yaml"))
    ],
)
def test_no_option_of_the_scenarios_beats_it(file: Path) -> None:
    scenario = sim.load(file)
    theatres = [Theatre.of(scenario, option) for option in scenario.options]
    worlds = bound.same_world(theatres)
    traces = {world: draw_traces(theatres[world].scenario, 5, 0)[7] for world in set(worlds)}
    least = {world: bound.Bound(theatres[world]).of(trace) for world, trace in traces.items()}
    for theatre, world in zip(theatres, worlds, strict=True):
        unmet = measure(simulate(theatre, traces[world]), theatre)[0, UNMET]
        assert least[world] <= unmet + NEAR, theatre.option


@pytest.mark.no_cover
@pytest.mark.parametrize("lasts", [25, 5, 0.5])
def test_pooling_without_journeys_or_foresight_reaches_it(lasts: float) -> None:
    """One place, one resource, no delays: whoever needs a unit has it at once, and nobody can do better.

    What the bound loses by taking each step's mean requirement is little, however short crises are.
    """
    scenario = from_mapping(
        {
            "period": {"from": "2020-01-01", "to": "2020-12-31"},
            "missions": {name: {"holds": {"unit": 2}} for name in "ABC"},
            "crises": {
                f"crisis in {name}": {
                    "mission": name,
                    "every_days": 1.6 * lasts,
                    "lasts_days": lasts,
                    "needs": {"unit": 3},
                }
                for name in "ABC"
            },
            "options": {"pool": {"policy": {"share": "all", "recall": True}}},
        }
    )
    theatre = Theatre.of(scenario, "pool")
    for trace in draw_traces(scenario, 1, 0)[: 10 if lasts > 1 else 2]:
        unmet = measure(simulate(theatre, trace), theatre)[0, UNMET]
        assert unmet * (1 - (0.01 if lasts > 20 else 0.02)) < bound.Bound(theatre).of(trace) <= unmet + NEAR
