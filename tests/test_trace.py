"""What a trace draws, it draws as the scenario says: Poisson processes, seasons, chances, and every distribution."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim import from_mapping
from sim.chance.trace import Occurrence, draw_traces
from sim.scenario.nouns.milliseconds import in_days
from tests.worlds import assert_drawn

SEED = 2012
SAMPLING = "even"


@pytest.fixture(autouse=True, params=["even", "independent"])
def _sampled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test holds both for draws that are spread evenly over each set and for independent ones."""
    monkeypatch.setattr(f"{__name__}.SAMPLING", request.param)


def alone(days: int = 365, blocks: int = 100, **crisis: Any) -> list[list[Occurrence]]:
    """The occurrences of one crisis in a mission, over so many days of 2011, by replication."""
    first = dt.date(2011, 1, 1)
    period = {"from": first, "to": first + dt.timedelta(days=days - 1)}
    crisis = {"mission": "A", "lasts_days": 10, "needs": {"x": 1}, **crisis}
    experiment = {"sampling": SAMPLING}
    plan = {"period": period, "missions": {"A": {}, "B": {}}, "crises": {"c": crisis}, "experiment": experiment}
    scenario = from_mapping(plan)
    return [list(trace.occurrences) for block in range(blocks) for trace in draw_traces(scenario, SEED, block)]


def onsets(found: list[list[Occurrence]]) -> NDArray[np.float64]:
    return np.array([each.onset_day for one in found for each in one])


def test_random_crises_are_a_poisson_process() -> None:
    found = alone(every_days=40)
    counts = [len(each) for each in found]
    assert_drawn(counts, 365 / 40, math.sqrt(365 / 40))
    # Given their number, onsets are uniform and independent; intervals are exponential.
    assert stats.kstest(onsets(found), stats.uniform(0, 365).cdf).pvalue > 1e-4
    first = [each[0].onset_day if each else math.inf for each in found]
    assert_drawn([day < 40 for day in first], 1 - math.exp(-1), math.sqrt(math.exp(-1) * (1 - math.exp(-1))))
    halves = np.array(
        [(sum(one.onset_day < 182.5 for one in each), sum(one.onset_day >= 182.5 for one in each)) for each in found]
    )
    assert abs(np.corrcoef(halves.T)[0, 1]) < 4 / math.sqrt(len(found))
    assert all(day[0] <= day[1] for each in found for day in pairwise(each))


def test_random_crises_happen_only_while_their_mission_is_active() -> None:
    crisis = {"mission": "A", "every_days": 40, "lasts_days": 10, "needs": {"x": 1}}
    missions = {"A": {"active": {"from": "2011-03-01", "to": "2011-04-30"}}}
    period = {"from": "2011-01-01", "to": "2011-12-31"}
    scenario = from_mapping({"period": period, "missions": missions, "crises": {"c": crisis}})
    found = [trace.occurrences for block in range(100) for trace in draw_traces(scenario, SEED, block)]
    days = [each.onset_day for one in found for each in one]
    assert min(days) >= 59 and max(days) < 120
    assert_drawn([len(one) for one in found], 61 / 40, math.sqrt(61 / 40))


def test_a_season_moves_crises_but_makes_no_more_of_them() -> None:
    found = alone(every_days=20, season={"jan": 3, "aug": 0, "feb": 0.5})
    assert_drawn([len(each) for each in found], 365 / 20, math.sqrt(365 / 20))
    lengths = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    weights = np.array([3, 0.5, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1])
    months = [(dt.date(2011, 1, 1) + dt.timedelta(days=math.floor(day))).month for day in onsets(found)]
    counted = np.bincount(months, minlength=13)[1:]
    expected = lengths * weights / (lengths * weights).sum() * len(months)
    assert counted[7] == 0
    some = expected > 0
    assert stats.chisquare(counted[some], expected[some]).pvalue > 1e-4


def test_a_scheduled_crisis_is_in_every_trace_once() -> None:
    found = alone(on="2011-03-01", likelihood=0.3, warning_days={"exponential": {"mean": 30}})
    assert [[each.onset_day for each in one] for one in found] == [[59]] * len(found)
    assert_drawn([one[0].happens for one in found], 0.3, math.sqrt(0.3 * 0.7))
    # Known at most from the first day on: the mean of min(exponential, 59) is 30 (1 − e^(−59/30)).
    warned = np.array([59 - one[0].known_day for one in found])
    assert warned.max() == 59
    assert abs(warned.mean() - 30 * (1 - math.exp(-59 / 30))) < 4 * warned.std() / math.sqrt(len(warned))


WEIBULL = stats.weibull_min(0.7, scale=10 / math.gamma(1 + 1 / 0.7))
FAMILIES = {
    "number": (12.5, 12.5, 0),
    "exponential": ({"exponential": {"mean": 10}}, 10, 10),
    "uniform": ({"uniform": {"low": 2, "high": 14}}, 8, math.sqrt(12)),
    "triangular": (
        {"triangular": {"low": 1, "mode": 3, "high": 10}},
        14 / 3,
        math.sqrt((1 + 9 + 100 - 3 - 10 - 30) / 18),
    ),
    "lognormal": ({"lognormal": {"mean": 10, "sd": 7}}, 10, 7),
    "gamma": ({"gamma": {"mean": 10, "sd": 4}}, 10, 4),
    "weibull": ({"weibull": {"mean": 10, "shape": 0.7}}, 10, WEIBULL.std()),
    "empirical": ({"empirical": [1, 1, 4, 10]}, 4, math.sqrt((9 + 9 + 0 + 36) / 4)),
    "discrete": ({"discrete": {1: 1, 4: 2, 7: 1}}, 4, math.sqrt(4.5)),
    "one_of": (
        {"one_of": [{"weight": 2, "is": 1}, {"weight": 1, "is": {"gamma": {"mean": 10, "sd": 4}}}]},
        4,
        math.sqrt((2 * 1 + 100 + 16) / 3 - 16),
    ),
}
SHAPES = {
    "exponential": stats.expon(scale=10),
    "uniform": stats.uniform(2, 12),
    "triangular": stats.triang(2 / 9, loc=1, scale=9),
    "lognormal": stats.lognorm(math.sqrt(math.log1p(0.49)), scale=10 / math.sqrt(1.49)),
    "gamma": stats.gamma(6.25, scale=1.6),
    "weibull": WEIBULL,
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_distribution_has_the_mean_and_the_spread_that_it_says(family: str) -> None:
    lasts, mean, sd = FAMILIES[family]
    days = [each.phases[0].days for one in alone(every_days=60, lasts_days=lasts) for each in one]
    assert_drawn(days, mean, sd)
    if family in SHAPES:
        assert stats.kstest(days, SHAPES[family].cdf).pvalue > 1e-4


def test_units_are_rounded_to_the_nearest() -> None:
    found = alone(every_days=60, needs={"x": {"uniform": {"low": 0, "high": 3}}, "y": {"discrete": {0: 1, 2: 3}}})
    drawn = [dict(each.phases[0].needs) for one in found for each in one]
    counted = Counter(needs.get("x", 0) for needs in drawn)
    expected = [len(drawn) * share for share in (1 / 6, 1 / 3, 1 / 3, 1 / 6)]
    assert stats.chisquare([counted[units] for units in range(4)], expected).pvalue > 1e-4
    assert_drawn([needs.get("y", 0) for needs in drawn], 1.5, math.sqrt(0.75))


def test_chances_of_spill_over_and_escalation() -> None:
    found = alone(
        every_days=60,
        likelihood=0.5,
        spills_over=[
            {"to": "B", "chance": 0.4, "after_days": {"uniform": {"low": 0, "high": 10}}, "lasts_days": 3, "needs": {}}
        ],
        escalates={"if_short_days": 4, "chance": 0.25, "extends_days": {"exponential": {"mean": 8}}},
    )
    parents = [each for one in found for each in one if each.parent is None and each.onset_day < 355]
    children = {(number, each.draw): each for number, one in enumerate(found) for each in one if each.parent}
    mine = [
        (number, each)
        for number, one in enumerate(found)
        for each in one
        if each.parent is None and each.onset_day < 355
    ]
    after = [
        children[number, each.draw].onset_day - each.onset_day
        for number, each in mine
        if (number, each.draw) in children
    ]
    assert_drawn([(number, each.draw) in children for number, each in mine if each.happens], 0.4, math.sqrt(0.24))
    assert not any((number, each.draw) in children for number, each in mine if not each.happens)
    assert_drawn(after, 5, 10 / math.sqrt(12))
    escalations = [each.escalation for each in parents if each.escalation is not None]
    assert_drawn([each.escalates for each in escalations], 0.25, math.sqrt(0.1875))
    assert_drawn([in_days(each.extends) for each in escalations], 8, 8)


def test_things_of_one_crisis_are_drawn_independently() -> None:
    found = alone(
        every_days=60,
        likelihood=0.5,
        warning_days={"exponential": {"mean": 1}},
        needs={"x": {"uniform": {"low": 0, "high": 50}}, "y": {"uniform": {"low": 0, "high": 50}}},
        lasts_days={"exponential": {"mean": 10}},
        escalates={"if_short_days": 4, "chance": 0.5, "extends_days": {"exponential": {"mean": 8}}},
    )
    table = np.array(
        [
            [
                each.onset_day,
                each.happens,
                each.onset_day - each.known_day,
                each.phases[0].days,
                dict(each.phases[0].needs).get("x", 0),
                dict(each.phases[0].needs).get("y", 0),
                each.escalation.escalates,
                each.escalation.extends,
            ]
            for one in found
            for each in one
            if each.escalation is not None and each.onset_day > 20
        ],
        dtype=float,
    )
    correlations = np.corrcoef(table.T)[np.triu_indices(table.shape[1], 1)]
    assert np.abs(correlations).max() < 4.5 / math.sqrt(len(table))
