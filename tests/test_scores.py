"""Scores of forecasts: against closed forms, and against the integrals that define them."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics.scores import brier, crps, crps_log_uniform, pit, skill

DAYS = st.lists(st.floats(0, 400), min_size=1, max_size=25)
DAY = st.floats(0, 400)
EXACT = 1e-9


def step_integral(days: list[float], low: float, high: float) -> float:
    """The definition, piece by piece between the steps of the ensemble's distribution function."""
    z = np.log1p(days)
    a, b = (math.log1p(low) if low >= 0 else -math.inf), math.log1p(high)
    cuts = sorted({*z, *(each for each in (a, b) if math.isfinite(each))})
    total = 0.0
    for left, right in pairwise(cuts):
        share = float((z <= left).mean())
        if right <= a:
            total += share**2 * (right - left)
        if left >= b:
            total += (1 - share) ** 2 * (right - left)
    return total


@given(DAYS, DAY, DAY)
def test_crps_is_the_integral_that_defines_it(days: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert crps(days, low, high) == pytest.approx(step_integral(days, low, high), abs=1e-9)
    assert crps(days, low, math.inf) == pytest.approx(step_integral(days, low, math.inf), abs=1e-9)
    assert crps(days, -math.inf, high) == pytest.approx(step_integral(days, -math.inf, high), abs=1e-9)


def test_crps_of_one_member_is_its_distance() -> None:
    assert crps([20], 40, 40) == pytest.approx(math.log(41 / 21))
    assert crps([20], 10, 30) == 0
    assert crps([20], 40, math.inf) == pytest.approx(math.log(41 / 21))
    assert crps([50], 40, math.inf) == 0
    assert crps([2, 2, 2], 4, 4) == pytest.approx(math.log(5 / 3))


def test_crps_of_a_uniform_ensemble_has_a_closed_form() -> None:
    """Of U(0, 1) against y: y² − y + 1/3 (Gneiting & Raftery 2007, by the integral)."""
    z = (np.arange(2000) + 0.5) / 2000
    for y in (0.0, 0.3, 0.5, 1.0):
        days = math.expm1(y)
        assert crps(np.expm1(z), days, days) == pytest.approx(y * y - y + 1 / 3, abs=1e-6)


def test_crps_of_a_normal_ensemble_has_a_closed_form() -> None:
    """Of N(m, s) against y, w = (y − m) / s: s (w (2 Φ(w) − 1) + 2 φ(w) − 1/√π)."""
    from scipy.special import ndtr, ndtri

    mean, sd = 3.0, 0.5
    z = mean + sd * ndtri((np.arange(20_000) + 0.5) / 20_000)
    for y in (2.0, 3.0, 4.5):
        w = (y - mean) / sd
        density = math.exp(-w * w / 2) / math.sqrt(2 * math.pi)
        closed = sd * (w * (2 * ndtr(w) - 1) + 2 * density - 1 / math.sqrt(math.pi))
        assert crps(np.expm1(z), math.expm1(y), math.expm1(y)) == pytest.approx(closed, abs=2e-4)


@pytest.mark.parametrize(
    ("low", "high"), [(2, 2), (19, 19), (0, 0), (300, 300), (10, 41), (60, math.inf), (200, math.inf), (-math.inf, 4)]
)
def test_the_shapeless_guess_scores_as_a_great_ensemble_of_it(low: float, high: float) -> None:
    days = np.exp(math.log(120) * (np.arange(200_000) + 0.5) / 200_000)
    assert crps_log_uniform(low, high) == pytest.approx(crps(days, low, high), abs=1e-8)


def test_the_shapeless_guess_by_an_integral_of_its_own() -> None:
    """Simpson's rule over z, written down apart from the module."""
    from scipy.integrate import quad

    def share(z: float) -> float:
        return min(1.0, max(0.0, math.log(math.expm1(z)) / math.log(120)))

    cut, top = math.log1p(19), math.log1p(120)
    below = quad(lambda z: share(z) ** 2, math.log(2), cut, epsabs=1e-12)[0]
    above = quad(lambda z: (1 - share(z)) ** 2, cut, top, epsabs=1e-12)[0]
    assert crps_log_uniform(19, 19) == pytest.approx(below + above, abs=1e-10)


@given(DAYS, DAY, DAY, DAY)
def test_a_wider_record_asks_less(days: list[float], one: float, other: float, third: float) -> None:
    low, middle, high = sorted((one, other, third))
    wide, narrow, point = crps(days, low, high), crps(days, low, middle), crps(days, middle, middle)
    assert 0 <= wide <= narrow + EXACT
    assert narrow <= point + EXACT


def test_an_honest_forecast_scores_best() -> None:
    """Propriety, for a range and for a bound: facts drawn from one distribution, forecasts from others."""
    luck = np.random.default_rng(1)
    facts = np.exp(luck.normal(3, 0.7, 400))
    quantiles = luck.normal(0, 1, 400)

    def mean_score(centre: float, width: float, low: float, high: float) -> float:
        forecast = np.exp(centre + width * quantiles)
        return float(np.mean([crps(forecast, fact * low, fact * high) for fact in facts]))

    for low, high in ((1, 1), (0.8, 1.3)):
        honest = mean_score(3, 0.7, low, high)
        assert honest < mean_score(2.5, 0.7, low, high)
        assert honest < mean_score(3, 0.1, low, high)
        assert honest < mean_score(3, 2.5, low, high)


def test_pit_of_values_ties_ranges_and_bounds() -> None:
    days = [1, 2, 2, 5]
    assert pit(days, 0, 0) == 0
    assert pit(days, 9, 9) == 1
    assert pit(days, 3, 3) == 0.75
    assert pit(days, 2, 2) == 0.5  # a quarter below, half of it equal
    assert pit(days, 5, 5) == 0.875
    assert pit(days, 9, math.inf) == 1
    assert pit(days, 3, math.inf) == (0.75 + 1) / 2
    assert pit(days, -math.inf, 3) == 0.75 / 2
    assert pit(days, 0, math.inf) == 0.5
    assert pit([100], 100.002, 100.002) == 1, "three minutes apart is not the same day"


@given(DAYS, DAY, DAY)
def test_pit_of_a_range_is_the_mean_over_it(days: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    if math.log1p(high) - math.log1p(low) < 1e-3:
        return
    z = np.linspace(math.log1p(low), math.log1p(high), 20_001)
    z = (z[1:] + z[:-1]) / 2
    mean = float((np.log1p(days)[:, None] <= z).mean())
    assert pit(days, low, high) == pytest.approx(mean, abs=1e-3)


def test_pit_of_honest_forecasts_is_even() -> None:
    luck = np.random.default_rng(3)
    found = [pit(np.exp(luck.normal(2, 1, 200)), fact, fact) for fact in np.exp(luck.normal(2, 1, 2000))]
    counts = np.histogram(found, bins=10, range=(0, 1))[0]
    assert np.abs(counts - 200).max() < 4 * math.sqrt(200 * 0.9)


def test_brier() -> None:
    assert (brier(1, True), brier(0, False), brier(0, True)) == (0, 0, 1)
    assert brier(0.5, True) == brier(0.5, False) == 0.25


def test_skill_by_hand() -> None:
    """Scores 1, 2, 3 of 2, 2, 4: 1 − 6/8; without each 1 − 5/6, 1 − 4/6, 1 − 3/4, so pseudo-values 3·.25 − 2·those."""
    found = skill([1, 2, 3], [2, 2, 4])
    without = np.array([1 / 6, 2 / 6, 1 / 4])
    pseudo = 3 * 0.25 - 2 * without
    half = 4.302652729911275 * pseudo.std(ddof=1) / math.sqrt(3)  # Student's t, 2 degrees of freedom, 97.5 %
    assert found.value == pytest.approx(0.25)
    assert (found.low, found.high) == pytest.approx((0.25 - half, 0.25 + half))
    assert found.facts == 3


def test_skill_of_nothing_and_of_one_fact() -> None:
    assert skill([], []).as_json() == {"value": None, "low": None, "high": None, "facts": 0}
    assert skill([1.0], [2.0]).as_json() == {"value": 0.5, "low": None, "high": None, "facts": 1}
    assert skill([0.0], [0.0]).as_json()["value"] is None


def test_skill_of_two_facts_has_a_range_unless_one_is_the_whole_reference() -> None:
    """Without each 0 and 0.5, so pseudo-values 0.5 and 0; Student's t with one degree of freedom is 12.706."""
    found = skill([0.1, 0.2], [0.2, 0.2])
    assert (found.value, found.high) == (pytest.approx(0.25), pytest.approx(0.25 + 12.7062047364 * 0.25))
    assert skill([1.0, 2.0], [4.0, 0.0]).as_json() == {"value": 0.25, "low": None, "high": None, "facts": 2}


@pytest.mark.parametrize(
    ("days", "low", "high"),
    [([], 1, 1), ([1], 2, 1), ([1], math.nan, 1), ([-2], 1, 1), ([math.inf], 1, 1), ([1], math.inf, math.inf)],
)
def test_what_cannot_be_scored_is_refused(days: list[float], low: float, high: float) -> None:
    with pytest.raises(ValueError, match=r"ensemble|bounds"), np.errstate(invalid="ignore"):
        crps(days, low, high)
