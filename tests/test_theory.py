"""Closed forms that the model must give: mean unmet need within 4 standard errors at 1,000 replications, by sets of 20,
once with draws that are spread evenly over each set, and once with independent ones.

Zero delays, journeys and recovery, no window, one resource. Poisson crises (rate λ, one unit each, any duration with
mean D) that start with none active: N(t) ~ Poisson(λ ∫₀ᵗ P(duration > u) du) (the M/G/∞ queue started empty).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import sim
from sim.chance.trace import BLOCK, draw_traces
from sim.measures.catalogue import INDEX
from sim.measures.measures import measure, rows_of
from sim.operations.replication import simulate
from sim.operations.theatre import Theatre

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]  # the tracer would take two thirds of the time

SAMPLING = "even"


@pytest.fixture(autouse=True, params=["even", "independent"])
def _sampled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every closed form holds both for draws that are spread evenly over each set and for independent ones."""
    monkeypatch.setattr(f"{__name__}.SAMPLING", request.param)


REPLICATIONS = 1000
ERRORS = 4
DAYS = 365.0
TIMES = (np.arange(400) + 0.5) * DAYS / 400
MOST = 40
"""States beyond which a Poisson count of the means used here has no weight."""

Curve = NDArray[np.float64]


def sampled(plan: dict[str, Any], column: str = "unmet_unit_days", mission: str = "*") -> tuple[float, float]:
    """Mean of a measure over the replications, and its standard error; of the whole, or of a mission's companies."""
    period = {"from": "2011-01-01", "to": "2011-12-31"}
    scenario = sim.from_mapping({"period": period, "experiment": {"sampling": SAMPLING}, **plan})
    theatre = Theatre.of(scenario, next(iter(scenario.options)))
    row = rows_of(theatre).index((mission, "*" if mission == "*" else "company"))
    found = np.array(
        [
            measure(simulate(theatre, trace), theatre)[row, INDEX[column]]
            for block in range(REPLICATIONS // BLOCK)
            for trace in draw_traces(scenario, 20, block)
        ]
    )
    sets = found.reshape(-1, BLOCK).mean(axis=1)
    return float(sets.mean()), float(sets.std(ddof=1) / math.sqrt(len(sets)))


def simulated(
    spare: dict[str, int], policy: dict[str, Any], crisis: dict[str, Any], column: str = "unmet_unit_days", **more: Any
) -> tuple[float, float]:
    """Mean unmet need over the replications, and its standard error; every mission not named Hub has the crisis."""
    missions = {name: {"holds": {"company": units}} for name, units in spare.items()}
    crises = {
        f"crisis in {name}": {"mission": name, "needs": {"company": 1}, **crisis} for name in spare if name != "Hub"
    }
    return sampled({"missions": missions, "crises": crises, "options": {"only": {"policy": policy}}, **more}, column)


def agrees(found: tuple[float, float], exact: float) -> bool:
    mean, error = found
    return abs(mean - exact) <= ERRORS * error


def active(every: float, survival: Callable[[Curve], Curve], since: float = 0) -> Curve:
    """Mean number of active crises at TIMES: λ ∫₀ᵗ P(duration > u) du, by the trapezium rule on a fine grid.

    `since`: of crises that began on that day at the earliest.
    """
    fine = np.linspace(0, DAYS, 20_001)
    alive = survival(fine)
    area = np.concatenate([[0.0], np.cumsum((alive[1:] + alive[:-1]) / 2 * np.diff(fine))])
    return np.asarray(np.interp(np.maximum(0, TIMES - since), fine, area) / every, float)


def expected(excess: Callable[..., Any], *means: Curve) -> float:
    """∫ E[excess(N₁, N₂, …)] dt for independent Poisson counts with these means at TIMES."""
    counts = np.arange(MOST)
    table = excess(*np.meshgrid(*([counts] * len(means)), indexing="ij"))
    total = 0.0
    for place in range(len(TIMES)):
        weights = np.ones(())
        for mean in means:
            weights = np.multiply.outer(weights, stats.poisson.pmf(counts, mean[place]))
        total += float((weights * table).sum()) * DAYS / len(TIMES)
    return total


def exponential(mean: float) -> Callable[[Curve], Curve]:
    return lambda days: np.exp(-days / mean)


DURATIONS: dict[str, tuple[Any, Callable[[Curve], Curve]]] = {
    "exponential": ({"exponential": {"mean": 25}}, exponential(25)),
    "fixed": (25, lambda days: (days < 25).astype(float)),
    "lognormal": (
        {"lognormal": {"mean": 25, "sd": 20}},
        lambda days: stats.lognorm.sf(
            days, math.sqrt(math.log1p(0.64)), scale=math.exp(math.log(25) - math.log1p(0.64) / 2)
        ),
    ),
}


@pytest.mark.parametrize("duration", DURATIONS)
def test_a_mission_with_units_of_its_own(duration: str) -> None:
    lasts, survival = DURATIONS[duration]
    found = simulated({"A": 2}, {"share": "none"}, {"every_days": 20, "lasts_days": lasts})
    assert agrees(found, expected(lambda n: np.maximum(0, n - 2), active(20, survival)))


def test_exponential_durations_fill_up_as_they_should() -> None:
    mean = active(20, exponential(25))
    assert np.allclose(mean, 25 / 20 * (1 - np.exp(-TIMES / 25)), atol=1e-4)


def test_full_pooling_is_one_mission_with_the_sums() -> None:
    crisis = {"every_days": 30, "lasts_days": {"exponential": {"mean": 25}}}
    found = simulated({"A": 1, "B": 3, "C": 0}, {"share": "all"}, crisis)
    assert agrees(found, expected(lambda n: np.maximum(0, n - 4), 3 * active(30, exponential(25))))


@pytest.mark.parametrize("kept", [1, 2])
def test_a_pool_with_a_reserve_and_recall_depends_on_the_counts_only(kept: int) -> None:
    """Each lends what it has beyond its own need and what it keeps; what is more than that is called back."""
    own = (1, 4)

    def unmet(first: Any, second: Any) -> Any:
        short = [np.maximum(0, count - units) for count, units in zip((first, second), own, strict=True)]
        lent = [np.maximum(0, units - count - kept) for count, units in zip((first, second), own, strict=True)]
        return short[0] + short[1] - np.minimum(short[0], lent[1]) - np.minimum(short[1], lent[0])

    crisis = {"every_days": 30, "lasts_days": {"exponential": {"mean": 25}}}
    policy = {"share": "all", "keep": {"units": kept}, "recall": True}
    found = simulated(dict(zip("AB", own, strict=True)), policy, crisis)
    mean = active(30, exponential(25))
    assert agrees(found, expected(unmet, mean, mean))


def test_a_reserve_at_a_hub_serves_who_is_short_first() -> None:
    def unmet(first: Any, second: Any) -> Any:
        return np.maximum(0, np.maximum(0, first - 1) + np.maximum(0, second - 1) - 2)

    crisis = {"every_days": 30, "lasts_days": {"exponential": {"mean": 25}}}
    paper = {"hub and A": {"between": ["Hub", "A"]}, "hub and B": {"between": ["Hub", "B"]}}
    policy = {"share": "agreements", "keep": {"units": 1}, "recall": True, "lenders": "hubs first"}
    found = simulated({"A": 1, "B": 1, "Hub": 3}, policy, crisis, agreements=paper)
    mean = active(30, exponential(25))
    assert agrees(found, expected(unmet, mean, mean))


def test_without_patience_what_is_not_met_at_once_is_lost() -> None:
    """The M/M/s/s loss system started empty: a crisis that finds all s units busy is unmet to its end.

    With pₙ(t) the chance of n busy units (Kolmogorov's forward equations), the mean number of lost crises that still go
    on obeys m' = λ pₛ − m / D.
    """
    every, lasts, units = 20.0, 25.0, 2
    chances, lost, unmet, step = np.array([1.0, 0.0, 0.0]), 0.0, 0.0, 0.01
    flow = np.zeros((units + 1, units + 1))
    for busy in range(units):
        flow[busy, busy + 1] = 1 / every
        flow[busy + 1, busy] = (busy + 1) / lasts
    flow -= np.diag(flow.sum(axis=1))
    for _ in range(round(DAYS / step)):
        unmet += lost * step
        lost += step * (chances[units] / every - lost / lasts)
        chances = chances + step * (chances @ flow)
    crisis = {"every_days": every, "lasts_days": {"exponential": {"mean": lasts}}, "patience_days": 0}
    assert agrees(simulated({"A": units}, {"share": "none"}, crisis), unmet)


def test_days_short_are_those_with_more_crises_than_units() -> None:
    crisis = {"every_days": 20, "lasts_days": {"exponential": {"mean": 25}}}
    found = simulated({"A": 2}, {"share": "none"}, crisis, "days_short")
    assert agrees(found, expected(lambda n: n > 2, active(20, exponential(25))))


def test_what_sharing_would_have_covered_is_not_permitted() -> None:
    """Without sharing, each unit that one lacks and the other has to spare is missing for want of a permission."""
    crisis = {"every_days": 20, "lasts_days": {"exponential": {"mean": 25}}}
    mean = active(20, exponential(25))
    short = expected(lambda n, m: np.minimum(np.maximum(0, n - 1), np.maximum(0, 3 - m)), mean, mean)
    found = sampled(
        {
            "missions": {"A": {"holds": {"company": 1}}, "B": {"holds": {"company": 3}}},
            "crises": {f"crisis in {name}": {"mission": name, "needs": {"company": 1}, **crisis} for name in "AB"},
        },
        "cause:not permitted",
        "A",
    )
    assert agrees(found, short)


def test_needs_that_vary_and_crises_that_may_not_happen() -> None:
    """Crises that need one unit and crises that need three are two independent, thinner processes."""
    crisis = {"every_days": 15, "likelihood": 0.8, "lasts_days": {"exponential": {"mean": 25}}}
    found = simulated({"A": 3}, {"share": "none"}, crisis | {"needs": {"company": {"discrete": {1: 3, 3: 1}}}})
    mean = 0.8 * active(15, exponential(25))
    assert agrees(found, expected(lambda one, three: np.maximum(0, one + 3 * three - 3), 0.75 * mean, 0.25 * mean))


def test_phases_are_independent_of_one_another() -> None:
    """At any time, crises in their first and in their second phase are independent Poisson counts (thinning)."""
    phases = [
        {"lasts_days": 10, "needs": {"company": 2}},
        {"lasts_days": {"exponential": {"mean": 25}}, "needs": {"company": 1}},
    ]
    missions = {"A": {"holds": {"company": 3}}}
    plan = {"missions": missions, "crises": {"c": {"mission": "A", "every_days": 20, "phases": phases}}}
    first, second = active(20, lambda days: (days < 10).astype(float)), active(20, exponential(25), since=10)
    assert agrees(sampled(plan), expected(lambda n, m: np.maximum(0, 2 * n + m - 3), first, second))


def test_crises_spill_over_as_a_thinned_and_delayed_process() -> None:
    spill = {"to": "B", "chance": 0.6, "after_days": 30, "lasts_days": {"exponential": {"mean": 40}}}
    crisis = {"mission": "A", "every_days": 20, "lasts_days": 5, "needs": {"company": 1}}
    crisis["spills_over"] = [{**spill, "needs": {"company": 1}}]
    plan = {"missions": {"A": {}, "B": {"holds": {"company": 1}}}, "crises": {"c": crisis}}
    mean = 0.6 * active(20, exponential(40), since=30)
    assert agrees(sampled(plan, mission="B"), expected(lambda n: np.maximum(0, n - 1), mean))


def test_crises_of_a_season() -> None:
    """The rate is doubled until the end of June and scaled so that the year has as many: a mixture of two starts."""
    season = dict.fromkeys(("jan", "feb", "mar", "apr", "may", "jun"), 2)
    crisis = {"every_days": 15, "season": season, "lasts_days": {"exponential": {"mean": 25}}}
    scale = DAYS / (2 * 181 + 184)
    mean = scale * (2 * active(15, exponential(25)) - active(15, exponential(25), since=181))
    found = simulated({"A": 2}, {"share": "none"}, crisis)
    assert agrees(found, expected(lambda n: np.maximum(0, n - 2), mean))


def test_units_given_up_are_the_crises_that_find_all_units_busy() -> None:
    """The loss system in its transient again, with two units a pool: given up at rate λ pₛ(t)."""
    every, lasts, units, step = 10.0, 25.0, 2, 0.01
    chances, lost = np.eye(units + 1)[0], 0.0
    flow = np.diag([1 / every] * units, 1) + np.diag([(busy + 1) / lasts for busy in range(units)], -1)
    flow -= np.diag(flow.sum(axis=1))
    for _ in range(round(DAYS / step)):
        lost += chances[units] / every * step
        chances = chances + step * (chances @ flow)
    # Two missions with one unit each, and half as many crises in each: one pool.
    crisis = {"every_days": 2 * every, "lasts_days": {"exponential": {"mean": lasts}}, "patience_days": 0}
    assert agrees(simulated({"A": 1, "B": 1}, {"share": "all"}, crisis, "given_up_units"), lost)
