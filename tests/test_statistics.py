"""Published worked examples of interval estimation, and what happens at the edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from sim.statistics import estimates as statistics
from sim.statistics.by_sets import Sets
from sim.statistics.calibration_weights import Weights
from sim.statistics.intervals import (
    Terms,
    limits,
    ratio_of,
    skewness_of,
    t_quantile,
)

# Rossetti, *Simulation Modeling using the KSL*, sec. 5.7.3: four systems on ten common replications.
FOUR = {
    "One": [63.72, 32.24, 40.28, 36.94, 36.29, 56.94, 34.10, 63.36, 49.29, 87.20],
    "Two": [63.06, 31.78, 40.32, 37.71, 36.79, 57.93, 33.39, 62.92, 47.67, 80.79],
    "Three": [57.74, 29.65, 36.52, 35.71, 33.81, 51.54, 31.39, 57.24, 42.63, 67.27],
    "Four": [62.63, 31.56, 39.87, 37.35, 36.65, 57.15, 33.30, 62.21, 47.46, 79.60],
}
SAMPLES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30)


def interval(estimate: statistics.Estimate) -> tuple[float, float]:
    return estimate.low, estimate.high


@pytest.mark.parametrize(
    ("n", "share", "ranks"),
    [
        (20, 0.5, (6, 15)),  # the table of every textbook
        (100, 0.5, (40, 61)),
        (72, 0.05, (1, 9)),  # 0.95^72 is just below 2.5 %
        (71, 0.05, (None, 9)),
        (72, 0.95, (64, 72)),
        (5, 0.5, (None, None)),  # 2 / 2^5 is above 5 %
        (6, 0.5, (1, 6)),
    ],
)
def test_quantile_intervals_are_order_statistics(n: int, share: float, ranks: tuple[int | None, int | None]) -> None:
    found = statistics.quantile(np.random.default_rng(3).permutation(np.arange(1, n + 1)), share)
    for end, rank in zip(interval(found), ranks, strict=True):
        assert math.isnan(end) if rank is None else end == rank


def test_variance_reduction_of_common_random_numbers() -> None:
    """Variances 2 and 2 with covariance 1.5: 4 apart, 1 together."""
    luck = np.random.default_rng(5)
    common, own, other = luck.normal(size=(3, 200_000)) * np.sqrt([[1.5], [0.5], [0.5]])
    assert statistics.variance_reduction(common + own, common + other) == pytest.approx(4, rel=0.02)
    assert statistics.variance_reduction(common, common - 2) == math.inf
    assert math.isnan(statistics.variance_reduction([1, 1], [2, 2]))


@given(SAMPLES, st.floats(0.01, 0.99))
def test_quantile_lies_in_its_interval(sample: list[float], share: float) -> None:
    found = statistics.quantile(sample, share)
    assert not found.mean < found.low
    assert not found.mean > found.high


def test_wilson_of_a_known_example_and_the_bound_of_what_was_never_seen() -> None:
    """Newcombe (1998), Statistics in Medicine 17:857, table I: 81 of 263; 0 of 200 is at most 1.5 %."""
    assert interval(statistics.chance([1] * 81 + [0] * 182)) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert interval(statistics.chance([0] * 200)) == pytest.approx((0, 1 - 0.05 ** (1 / 200)))
    assert interval(statistics.chance([1] * 200)) == pytest.approx((0.05 ** (1 / 200), 1))


def test_undefined_replications_are_left_out_and_nothing_is_nan() -> None:
    nan = math.nan
    assert statistics.chance([1, nan, 0]) == statistics.chance([1, 0])
    assert statistics.quantile([2, nan], 0.5).mean == 2
    assert math.isnan(statistics.chance([]).mean) and math.isnan(statistics.quantile([], 0.5).mean)


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.99])
def test_the_interval_of_a_chance_holds_what_the_score_test_does_not_refuse(confidence: float) -> None:
    """At its ends |share - p| is z standard deviations of a share of n at p, at any confidence."""
    z = float(ndtri((1 + confidence) / 2))
    for seen in range(1, 12):
        found = statistics.chance([1] * seen + [0] * (12 - seen), confidence)
        for end in interval(found):
            assert abs(found.mean - end) == pytest.approx(z * math.sqrt(end * (1 - end) / 12))
    never, always = (statistics.chance([it] * 30, confidence) for it in (0, 1))
    assert never.high == pytest.approx(1 - (1 - confidence) ** (1 / 30)) == 1 - always.low
    assert all(math.isnan(each) for each in (*interval(statistics.chance([])), statistics.chance([]).sd))


def test_weighted_ratios_vary_as_much_as_those_of_the_jackknife() -> None:
    """With all weights alike both say the same of sets whose denominators differ by a factor of ten."""
    luck = np.random.default_rng(4)
    below = luck.uniform(10, 100, 300)
    above = 0.3 * below + luck.normal(0, 5, 300)
    alike = Weights(np.full(300, 1 / 300), np.zeros((300, 0)), np.zeros((0, 0)), 1.0)
    weighted, jackknifed = ratio_of(above, below, Terms(weights=alike)), ratio_of(above, below)
    assert weighted.mean == pytest.approx(jackknifed.mean) and weighted.error == pytest.approx(
        jackknifed.error, rel=0.02
    )


def test_what_a_set_adds_to_a_weighted_mean_is_more_where_it_has_more() -> None:
    """Without variables it is the set's own value, but for what leaving each out of its own mean adds."""
    sample = np.random.default_rng(7).exponential(10, 50)
    alike = Weights(np.full(50, 1 / 50), np.zeros((50, 0)), np.zeros((0, 0)), 1.0)
    mean, values, lost, added = alike.influence(sample)
    assert (mean, lost, added) == (pytest.approx(sample.mean()), 1, 0)
    assert values - mean == pytest.approx((sample - mean) * 50 / 49)
    mean, values, *_ = alike.influence(np.append(sample[:40], [math.nan] * 10))
    assert mean == pytest.approx(sample[:40].mean())
    assert values - mean == pytest.approx((sample[:40] - mean) * 40 / 39), "undefined sets are left out"


def test_the_first_values_have_the_sets_that_they_belong_to() -> None:
    sets = Sets.of("aabbbc")
    assert [(first.places.tolist(), first.count) for first in map(sets.first, (0, 2, 3, 6))] == [
        ([], 0),
        ([0, 0], 1),
        ([0, 0, 1], 2),
        ([0, 0, 1, 1, 1, 2], 3),
    ]


def test_an_estimate_as_json() -> None:
    plain = statistics.Estimate(1.0, 2.0, math.nan, 4.0, 20)
    assert plain.as_json() == {"mean": 1.0, "sd": 2.0, "low": None, "high": 4.0, "n": 20}


def test_an_estimate_turned_or_taken_from_one() -> None:
    share = statistics.Estimate(0.3, 0.1, 0.2, 0.6, 20, 2)
    assert share.turned() == statistics.Estimate(-0.3, 0.1, -0.6, -0.2, 20, 2)
    assert share.one_minus() == statistics.Estimate(0.7, 0.1, 0.4, 0.8, 20, 2)
    assert share.half_width == pytest.approx(0.3) == share.turned().half_width


@pytest.mark.parametrize(
    ("ends", "significant", "nothing"),
    [
        ((1, 3), True, False),
        ((-3, -1), True, False),
        ((0, 2), False, False),
        ((-2, 0), False, False),
        ((0, 0), False, True),
    ],
)
def test_an_interval_that_reaches_zero_is_not_significant(
    ends: tuple[float, float], significant: bool, nothing: bool
) -> None:
    found = statistics.Estimate(sum(ends) / 2, 1, *ends, 20)
    assert (found.significant, found.nothing) == (significant, nothing)


def test_the_skewness_of_a_sample_is_fishers_adjusted() -> None:
    for values in ([1.0, 2.0, 9.0], [0.0, 0.0, 1.0, 5.0, -7.0], np.random.default_rng(1).exponential(1e6, 30)):
        assert skewness_of(np.array(values)) == pytest.approx(stats.skew(values, bias=False))
    assert skewness_of(np.array([1.0, 5.0])) == skewness_of(np.full(9, 3.0)) == 0
    assert t_quantile(0.975, 7) == pytest.approx(2.364624) and t_quantile(0.975, 0) == 0


@pytest.mark.parametrize("skewness", [-3.0, -0.5, 0.0, 1.0, 4.0])
def test_one_end_of_the_hull_is_halls_and_the_other_students(skewness: float) -> None:
    """Hall (1992): t is made symmetric by t + a (t^2 / 3 + 1 / 6) + a^2 t^3 / 27 for a = skewness / sqrt(n), about."""
    n, reach = 25, 2.0
    low, high = (
        float(end[0]) for end in limits(*(np.array([each]) for each in (10.0, 3.0, skewness, float(n), reach)))
    )
    a = skewness / math.sqrt(n)
    bent = [t + a * (t**2 / 3 + 1 / 6) + a**2 * t**3 / 27 for t in ((10 - low) / 3, (10 - high) / 3)]
    plain = [(10 - low) / 3, (10 - high) / 3]
    for at, end in enumerate((reach, -reach)):
        assert pytest.approx(end) in (bent[at], plain[at])
    assert (low <= 4) and (high >= 16) and (skewness == 0) == (low == pytest.approx(4) and high == pytest.approx(16))
