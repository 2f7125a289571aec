"""Closed forms that the model must give: mean unmet need within 4 standard errors at 2,000 replications.

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
from sim.operations.replication import simulate
from sim.operations.theatre import Theatre
from sim.study.measures import PLACE, measure
from sim.trace import BLOCK, draw_traces

pytestmark = pytest.mark.slow

REPLICATIONS = 2000
ERRORS = 4
DAYS = 365.0
TIMES = (np.arange(400) + 0.5) * DAYS / 400
MOST = 40
"""States beyond which a Poisson count of the means used here has no weight."""

Curve = NDArray[np.float64]


def simulated(
    spare: dict[str, int], policy: dict[str, Any], crisis: dict[str, Any], **more: Any
) -> tuple[float, float]:
    """Mean unmet need over the replications, and its standard error; every mission not named Hub has the crisis."""
    scenario = sim.from_mapping(
        {
            "period": {"from": "2011-01-01", "to": "2011-12-31"},
            "missions": {name: {"holds": {"company": units}} for name, units in spare.items()},
            "crises": {
                f"crisis in {name}": {"mission": name, "needs": {"company": 1}, **crisis}
                for name in spare
                if name != "Hub"
            },
            "options": {"only": {"policy": policy}},
            **more,
        }
    )
    theatre = Theatre.of(scenario, "only")
    unmet = np.array(
        [
            measure(simulate(theatre, trace), theatre)[0, PLACE["unmet_unit_days"]]
            for block in range(REPLICATIONS // BLOCK)
            for trace in draw_traces(scenario, 20, block)
        ]
    )
    return float(unmet.mean()), float(unmet.std(ddof=1) / math.sqrt(REPLICATIONS))


def agrees(found: tuple[float, float], exact: float) -> bool:
    mean, error = found
    return abs(mean - exact) <= ERRORS * error


def active(every: float, survival: Callable[[Curve], Curve]) -> Curve:
    """Mean number of active crises at TIMES: λ ∫₀ᵗ P(duration > u) du, by the trapezium rule on a fine grid."""
    fine = np.linspace(0, DAYS, 20_001)
    alive = survival(fine)
    area = np.concatenate([[0.0], np.cumsum((alive[1:] + alive[:-1]) / 2 * np.diff(fine))])
    return np.interp(TIMES, fine, area) / every


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
