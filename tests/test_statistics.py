"""Published worked examples of interval estimation, and what happens at the edges."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics import estimates as statistics

# Rossetti, *Simulation Modeling using the KSL*, sec. 5.7: waiting at an airport counter, two layouts, independent runs.
AIRPORT = (
    [10.98, 8.87, 10.53, 9.40, 10.10, 10.28, 8.86, 9.00, 9.99, 9.57],
    [8.93, 9.82, 9.27, 8.50, 9.63, 9.55, 9.30, 9.31, 9.23, 8.88, 8.05, 8.74],
)
# The same, Table 5.5: common random numbers.
PAIRED = (
    [52.56, 48.77, 53.49, 50.60, 51.60, 51.77, 51.09, 53.51, 47.44, 47.94],
    [49.92, 47.08, 50.62, 48.45, 49.20, 49.33, 48.81, 50.64, 46.08, 46.45],
)
# The same, sec. 5.7.3: four systems on ten common replications.
FOUR = {
    "One": [63.72, 32.24, 40.28, 36.94, 36.29, 56.94, 34.10, 63.36, 49.29, 87.20],
    "Two": [63.06, 31.78, 40.32, 37.71, 36.79, 57.93, 33.39, 62.92, 47.67, 80.79],
    "Three": [57.74, 29.65, 36.52, 35.71, 33.81, 51.54, 31.39, 57.24, 42.63, 67.27],
    "Four": [62.63, 31.56, 39.87, 37.35, 36.65, 57.15, 33.30, 62.21, 47.46, 79.60],
}
SAMPLES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30)


def interval(estimate: statistics.Estimate) -> tuple[float, float]:
    return estimate.low, estimate.high


def test_paired_t_of_the_ksl_book() -> None:
    found = statistics.paired(*PAIRED)
    assert found.mean == pytest.approx(2.2190, abs=5e-5)
    assert found.sd == pytest.approx(0.5441, abs=5e-5)
    assert interval(found) == pytest.approx((1.8298, 2.6082), abs=5e-5)
    # The book rounds the mean and the standard deviation before it goes on.
    assert interval(found) == pytest.approx((1.827, 2.613), abs=5e-3)


def test_pooled_t_of_the_ksl_book() -> None:
    found = statistics.pooled(*AIRPORT)
    assert found.df == 20
    assert found.estimate.mean == pytest.approx(0.65717, abs=5e-6)
    assert interval(found.estimate) == pytest.approx((0.10418, 1.21015), abs=1e-5)


def test_welch_of_the_airport_data() -> None:
    found = statistics.welch(*AIRPORT)
    assert (found.t, found.df, found.p) == pytest.approx((2.39513, 15.498, 0.029641), rel=5e-5)
    assert interval(found.estimate) == pytest.approx((0.07398, 1.24035), abs=1e-5)


def test_welch_of_clickhouse() -> None:
    """The example in ClickHouse's documentation of `welchTTest(0.95)`."""
    found = statistics.welch([20.3, 22.1, 21.9], [18.9, 20.3, 19])
    assert found.t == pytest.approx(2.7988719532211235, rel=1e-12)
    assert found.p == pytest.approx(0.05180736034858519, rel=1e-9)
    assert interval(found.estimate) == pytest.approx((-0.026294346671631885, 4.092961013338302), rel=1e-9)


@pytest.mark.parametrize(
    ("pair", "printed"),
    [
        (("One", "Two"), (-0.717164, 2.317164)),
        (("One", "Three"), (1.867170, 9.504830)),
        (("One", "Four"), (-0.418070, 2.934070)),
        (("Two", "Three"), (2.422703, 7.349297)),
        (("Two", "Four"), (0.211555, 0.704445)),
        (("Three", "Four"), (-6.673063, -2.182937)),
    ],
)
def test_individual_intervals_of_the_four_systems(pair: tuple[str, str], printed: tuple[float, float]) -> None:
    assert interval(statistics.paired(FOUR[pair[0]], FOUR[pair[1]])) == pytest.approx(printed, abs=1e-6)


def test_all_pairs_of_the_four_systems_by_bonferroni() -> None:
    found = statistics.all_pairs(FOUR)
    assert len(found) == 6
    assert found["One", "Three"].mean == pytest.approx(5.686, abs=1e-9)
    assert interval(found["One", "Three"]) == pytest.approx((0.00677, 11.36523), abs=1e-5)


def test_means_of_the_four_systems() -> None:
    assert [statistics.mean(FOUR[name]).mean for name in FOUR] == pytest.approx([50.036, 49.236, 44.350, 48.778])


def test_ratio_of_sums_worked_by_hand() -> None:
    """Sums 6 and 12. Without each: 5/10, 4/8, 3/6 are all one half, so nothing varies; the linear residuals are 0."""
    for method in (statistics.ratio, statistics.ratio_linear):
        found = method([1, 2, 3], [2, 4, 6])
        assert (found.mean, found.sd, found.low, found.high) == pytest.approx((0.5, 0, 0.5, 0.5))


def test_jackknife_of_a_ratio_worked_by_hand() -> None:
    """Sums 2 and 6: ratio 1/3. Without each 2/4, 1/3, 1/5... pseudo-values 3R - 2R(-i) = 0, 1/3, 3/5."""
    found = statistics.ratio([0, 1, 1], [2, 3, 1])
    without = np.array([2 / 4, 1 / 3, 1 / 5])
    pseudo = 1 - 2 * without
    half = 4.302652729911275 * pseudo.std(ddof=1) / math.sqrt(3)
    assert (found.mean, found.low, found.high) == pytest.approx((1 / 3, 1 / 3 - half, 1 / 3 + half))


def test_the_two_intervals_of_a_ratio_agree_in_large_samples() -> None:
    luck = np.random.default_rng(7)
    below = luck.gamma(4, 100, 2000)
    above = below * luck.beta(2, 5, 2000)
    jackknife, linear = statistics.ratio(above, below), statistics.ratio_linear(above, below)
    assert jackknife.mean == linear.mean
    assert jackknife.half_width == pytest.approx(linear.half_width, rel=0.01)


def test_intervals_of_a_ratio_cover_as_often_as_they_say() -> None:
    """Ratio 0.3 of means; 40 replications, 2,000 experiments: within three standard errors and a point of 95 %."""
    luck = np.random.default_rng(11)
    hits = 0
    for _ in range(2000):
        below = luck.gamma(3, 10, 40)
        above = 0.3 * below * luck.uniform(0, 2, 40)
        found = statistics.ratio(above, below)
        hits += found.low <= 0.3 <= found.high
    assert hits / 2000 == pytest.approx(0.95, abs=0.025)


def test_difference_of_ratios_is_paired() -> None:
    """Two ratios that differ by exactly 0.1 in every replication differ by 0.1 for sure, however much each varies."""
    below = np.array([10.0, 40.0, 25.0, 5.0])
    above = np.array([9.0, 10.0, 20.0, 1.0])
    found = statistics.ratio_difference(above + 0.1 * below, below, above, below)
    assert (found.mean, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))
    assert statistics.ratio(above, below).half_width > 0.1


def test_coverage_is_one_minus_the_unmet_share() -> None:
    share = statistics.ratio([1, 2, 4], [10, 10, 30])
    covered = share.one_minus()
    assert covered.mean == 1 - share.mean
    assert (covered.low, covered.high) == (1 - share.high, 1 - share.low)


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


def test_wilson_and_clopper_pearson_of_a_known_example() -> None:
    """Newcombe (1998), Statistics in Medicine 17:857, table I: 81 of 263, and 0 of 20."""
    some, none = [1] * 81 + [0] * 182, [0] * 20
    assert interval(statistics.chance(some)) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert interval(statistics.chance_exact(some)) == pytest.approx((0.2527, 0.3676), abs=5e-5)
    assert interval(statistics.chance(none)) == pytest.approx((0, 0.1611), abs=5e-5)
    assert interval(statistics.chance_exact(none)) == pytest.approx((0, 0.1684), abs=5e-5)


def test_undefined_replications_are_left_out_with_their_partners() -> None:
    nan = math.nan
    assert statistics.mean([1, nan, 3]) == statistics.mean([1, 3])
    assert statistics.paired([1, nan, 3, 5], [0, 1, nan, 3]) == statistics.paired([1, 5], [0, 3])
    assert statistics.ratio([1, nan, 3], [2, 2, 4]) == statistics.ratio([1, 3], [2, 4])
    assert statistics.chance([1, nan, 0]) == statistics.chance([1, 0])
    assert statistics.quantile([2, nan], 0.5).mean == 2


def test_what_cannot_be_computed_is_nan() -> None:
    nothing, single = statistics.mean([]), statistics.mean([4])
    assert math.isnan(nothing.mean) and nothing.n == 0
    assert single.mean == 4 and math.isnan(single.low) and math.isnan(single.high) and not single.significant
    assert math.isnan(statistics.ratio([1, 2], [0, 0]).mean)
    assert math.isnan(statistics.ratio_linear([1, 2], [0, 0]).mean)
    # All requirement in one replication: the ratio is known, its spread is not.
    lonely = statistics.ratio([0, 1, 0], [0, 4, 0])
    assert lonely.mean == 0.25 and math.isnan(lonely.low)
    assert math.isnan(statistics.welch([1], [1, 2]).p)
    assert math.isnan(statistics.chance([]).mean) and math.isnan(statistics.quantile([], 0.5).mean)


def test_a_sample_without_spread_has_an_interval_of_no_width() -> None:
    assert interval(statistics.mean([3, 3, 3])) == (3, 3)
    assert statistics.paired([3, 4, 5], [1, 2, 3]).significant
    assert interval(statistics.pooled([2, 2], [1, 1]).estimate) == (1, 1)
    assert statistics.welch([2, 2], [1, 1]).p == 0


def test_samples_of_unequal_length_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="equal length"):
        statistics.paired([1, 2], [1, 2, 3])


def test_json_has_no_nan() -> None:
    assert statistics.mean([4]).as_json() == {"mean": 4.0, "sd": None, "low": None, "high": None, "n": 1}


def test_variance_reduction_of_common_random_numbers() -> None:
    """Variances 2 and 2 with covariance 1.5: 4 apart, 1 together."""
    luck = np.random.default_rng(5)
    common, own, other = luck.normal(size=(3, 200_000)) * np.sqrt([[1.5], [0.5], [0.5]])
    assert statistics.variance_reduction(common + own, common + other) == pytest.approx(4, rel=0.02)
    assert statistics.variance_reduction(common, common - 2) == math.inf
    assert math.isnan(statistics.variance_reduction([1, 1], [2, 2]))


@given(SAMPLES)
def test_wider_confidence_is_a_wider_interval(sample: list[float]) -> None:
    ends = [statistics.mean(sample, confidence) for confidence in (0.5, 0.9, 0.99)]
    for narrow, wide in pairwise(ends):
        assert wide.low <= narrow.low <= narrow.mean <= narrow.high <= wide.high


@given(SAMPLES, st.floats(0.01, 0.99))
def test_quantile_lies_in_its_interval(sample: list[float], share: float) -> None:
    found = statistics.quantile(sample, share)
    assert not found.mean < found.low
    assert not found.mean > found.high


@given(st.integers(1, 60), st.integers(0, 60))
def test_the_exact_interval_of_a_chance_is_never_the_narrower(n: int, events: int) -> None:
    happened = [1] * min(events, n) + [0] * (n - min(events, n))
    wilson, exact = statistics.chance(happened), statistics.chance_exact(happened)
    assert 0 <= exact.low <= exact.mean <= exact.high <= 1
    assert 0 <= wilson.low <= wilson.mean <= wilson.high <= 1
    assert exact.half_width >= wilson.half_width - 0.03
