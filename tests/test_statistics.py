"""Published worked examples of interval estimation, and what happens at the edges."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from sim.statistics import estimates as statistics
from sim.statistics.by_sets import Inference, Sets
from sim.statistics.calibration_weights import Weights
from sim.statistics.confidence_sequences import EveryLook
from sim.statistics.discordance import Refusal
from sim.statistics.intervals import (
    SetEstimate,
    Terms,
    difference_of,
    limits,
    mean_of,
    ratio_difference_of,
    ratio_of,
    skewness_of,
    student,
)
from sim.statistics.races import Goal, Plan, precise_after, race
from sim.statistics.simultaneous import against_the_best, all_pairs
from tests.statistics.measuring import every_look

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
    assert student(7, 0.95) == pytest.approx(2.364624) and student(0, 0.95) == 0


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


def test_an_interval_that_is_not_known_is_neither_narrow_nor_significant() -> None:
    known = SetEstimate(2.0, 0.5, 1.0, 4.0, 20)
    assert known.known and known.significant and known.half_width == 2
    assert replace(known, low=-1.0).half_width == 3 and not replace(known, low=0.0).significant
    for half in (replace(known, low=math.nan), replace(known, high=math.nan)):
        assert not half.known and half.half_width == math.inf and not half.significant
    assert replace(known, low=-4.0, high=-1.0).significant and not replace(known, low=-4.0, high=0.0).significant


def test_what_gives_no_interval_keeps_its_mean_and_error() -> None:
    one = mean_of([3.0])
    assert (one.mean, one.sets, one.refused) == (3, 1, Refusal.FEW_SETS) and math.isnan(one.error)
    never = mean_of(np.arange(20.0), Terms(quantile=lambda *_: math.inf))
    error = float(np.std(np.arange(20.0), ddof=1)) / math.sqrt(20)
    assert (never.mean, never.sets, never.refused) == (9.5, 20, Refusal.FEW_SETS)
    assert never.error == pytest.approx(error) and math.isnan(never.low) and math.isnan(never.high)
    found = mean_of(
        np.arange(20.0), Terms(0.9, quantile=lambda freedom, confidence: 2.0 + freedom - 19 + confidence - 0.9)
    )
    assert (found.low, found.high) == pytest.approx((9.5 - 2 * error, 9.5 + 2 * error))


def test_what_makes_a_ratio_undefined_or_too_poor() -> None:
    luck = np.random.default_rng(8)
    below, zeros = luck.uniform(1, 3, 12), np.zeros(12)
    equal = ratio_of(np.full(12, 5.0), below)
    assert equal.refused is None and equal.mean == pytest.approx(60 / below.sum()), "its denominators vary"
    assert ratio_of(zeros, below).refused is Refusal.ALL_EQUAL and ratio_of(zeros, below).mean == 0
    few = ratio_of(np.r_[np.zeros(7), np.ones(5)], below)
    assert few.refused is Refusal.FEW_DIFFER and math.isnan(few.low) and math.isnan(few.high)
    alike = Weights(np.full(12, 1 / 12), np.zeros((12, 0)), np.zeros((0, 0)), 1.0)
    assert ratio_of(np.r_[np.zeros(7), np.ones(5)], below, Terms(weights=alike)).refused is Refusal.FEW_DIFFER
    assert ratio_of(np.r_[np.zeros(6), np.ones(6)], below).known
    assert ratio_of([1.0], [2.0]).refused is Refusal.FEW_SETS and ratio_of([1.0], [2.0]).mean == 0.5
    assert ratio_of([1.0, 1.0], [0.0, 2.0]).refused is Refusal.UNDEFINED
    fixed = ratio_of(np.ones(12), below, Terms(cannot_vary=True))
    assert fixed.low == fixed.mean == fixed.high == pytest.approx(12 / below.sum()) and fixed.error == 0
    assert math.isnan(ratio_of(zeros, zeros, Terms(cannot_vary=True)).low)
    undefined = np.where(np.arange(12) < 3, math.nan, below)
    assert ratio_of(np.ones(12), undefined) == ratio_of(np.ones(9), below[3:])


def test_a_set_differs_between_two_ratios_where_a_numerator_or_a_denominator_does() -> None:
    below = np.random.default_rng(8).uniform(1, 3, 12)
    above = below[::-1] + 1
    other = np.where(np.arange(12) < 6, below * 2, below)
    found = ratio_difference_of((above, below), (above, other))
    without = [
        np.delete(above, i).sum() * (1 / np.delete(below, i).sum() - 1 / np.delete(other, i).sum()) for i in range(12)
    ]
    assert found.mean == pytest.approx(above.sum() * (1 / below.sum() - 1 / other.sum()))
    assert found.error == pytest.approx(math.sqrt(11 / 12 * float(((without - np.mean(without)) ** 2).sum())))
    assert found.refused is None
    few = np.where(np.arange(12) < 5, below * 2, below)
    assert ratio_difference_of((above, below), (above, few)).refused is Refusal.FEW_DIFFER


def test_the_error_of_weighted_sets_counts_that_of_what_is_known() -> None:
    """One variable that gives the sample all but a half of it, whose known mean has an error of its own."""
    luck = np.random.default_rng(9)
    basis = luck.normal(size=40)
    basis = (basis - basis.mean()) / math.sqrt(float(((basis - basis.mean()) ** 2).sum()))
    sample = 3 * basis * 40 + luck.normal(size=40)
    exact, drawn = (Weights(np.full(40, 1 / 40), basis[:, None], np.array([[share]]), 1.0) for share in (0.0, 0.04))
    slope = float(basis @ sample)
    for weights, added in ((exact, 0.0), (drawn, 0.2 * abs(slope))):
        found = mean_of(sample, Terms(weights=weights))
        alone = mean_of(sample, Terms(weights=exact))
        assert weights.influence(sample)[3] == pytest.approx(added)
        assert found.error == pytest.approx(math.hypot(alone.error, added))
        assert found.mean == pytest.approx(sample.mean())
    assert exact.influence(sample)[2] == 2, "the mean and the slope"
    residuals = sample - sample.mean() - slope * basis
    expected = sample.mean() + residuals / (1 - 1 / 40 - basis**2)
    assert exact.influence(sample)[1] == pytest.approx(expected)


def test_the_sd_beside_a_ratio_is_of_what_a_replication_gives_it() -> None:
    by = Inference(Sets.in_order(6, 1))
    above, below = np.array([1.0, 2, 4, 8, 3, math.nan]), np.full(6, 2.0)
    found = by.ratio(above, below)
    assert (found.mean, found.n, found.sets) == (1.8, 5, 5) and found.sd == pytest.approx(np.std(above[:5] / 2, ddof=1))
    apart = by.ratio_difference((above, below), (np.arange(6.0), below))
    assert apart.mean == pytest.approx(0.8) and apart.sd == pytest.approx(
        np.std(above[:5] / 2 - np.arange(5) / 2, ddof=1)
    )
    assert math.isnan(by.ratio(above, 0 * below).sd) and math.isnan(by.mean([1.0] + [math.nan] * 5).sd)
    assert by.mean(above).sd == pytest.approx(np.std(above[:5], ddof=1))
    assert by.difference(above, below).sd == by.mean(above).sd and by.difference(above, below).mean == pytest.approx(
        1.6
    )
    assert Sets.in_order(0, 20).count == 0 and Sets.in_order(41, 20, first=20).places.tolist() == [0] * 20 + [
        1
    ] * 20 + [2]


# -- every look, several differences, races ----------------------------------------------------------------------------


def test_a_sequence_after_each_set_is_that_of_the_sets_so_far() -> None:
    values = np.random.default_rng(6).gamma(1, 5, (15, 2))
    looked = EveryLook(12)
    mean, low, high = looked.path(values)
    for sets in range(1, 16):
        assert mean[sets - 1] == pytest.approx(values[:sets].mean(axis=0))
        for column in range(2) if sets >= 10 else ():
            now = every_look(12, values[:sets, column])
            assert (now.low, now.high) == pytest.approx((low[sets - 1, column], high[sets - 1, column]))
    assert np.isinf(looked.path(np.full((9, 1), 3.0))[1]).all() and looked.path(np.full((12, 1), 3.0))[1].max() == 3
    assert looked.path(np.zeros((0, 2)))[0].shape == (0, 2)


def test_a_sequence_reaches_as_far_as_students_t_at_the_same_chance() -> None:
    looked = EveryLook(3)
    assert looked.errors(20) == EveryLook(10).errors(20) != EveryLook(11).errors(20)
    for freedom, confidence in ((9, 0.95), (30, 0.8)):
        tail = float(stats.norm.cdf(-float(EveryLook(3, confidence).errors(freedom + 1))))
        assert looked.quantile(freedom, confidence) == pytest.approx(-stats.t.ppf(tail, freedom))
    assert looked.quantile(8, 0.95) == math.inf
    values = np.arange(20.0)
    plain, wide = every_look(3, values), every_look(3, values, unseen=5.0)
    assert (plain.low - wide.low, wide.high - plain.high) == pytest.approx((5, 5))
    for planned, confidence in ((0, 0.95), (20, 0.0), (20, 1.0)):
        with pytest.raises(ValueError, match=f"planned at {planned} sets for {confidence:g}"):
            EveryLook(planned, confidence)


def test_several_differences_are_each_told_at_the_confidence_by_which_all_hold() -> None:
    values = np.random.default_rng(4).normal([10, 10.1, 12], 1, (30, 3))
    holed = values.copy()
    holed[4, 1] = math.nan
    for table, whole in ((values, values), (holed, np.delete(values, 4, axis=0))):
        for (one, other), found in all_pairs(table, Terms(0.9)).items():
            expected = difference_of(whole[:, one], whole[:, other], Terms(1 - 0.1 / 3))
            assert (found.low, found.high, found.sets) == pytest.approx((expected.low, expected.high, len(whole)))
        apart = {
            (one, other): difference_of(whole[:, one], whole[:, other], Terms(1 - 0.1 / 2))
            for one in range(3)
            for other in range(3)
            if one != other
        }
        may = [all(apart[one, other].low <= 0 for other in range(3) if other != one) for one in range(3)]
        assert may == [True, True, False]
        for one, best in enumerate(against_the_best(table, Terms(0.9))):
            rivals = [other for other in range(3) if other != one]
            assert best.low == pytest.approx(min(0, max(apart[one, other].low for other in rivals)))
            assert best.high == pytest.approx(max(0, *(apart[one, other].high for other in rivals if may[other])))
            assert best.may_be_best == may[one]
    with pytest.raises(ValueError, match=r"by set and option is needed, not an array of \(30,\)"):
        all_pairs(values[:, 0])
    with pytest.raises(ValueError, match="by set and option"):
        against_the_best(np.zeros((5, 0)))


def test_a_race_of_two_is_decided_by_one_sequence() -> None:
    """With k = 2 the confidence of the two sides is 1 - 2 * 0.05."""
    values = np.random.default_rng(3).normal([10, 11], 1.5, (120, 2))
    apart = values[:, 1] - values[:, 0]
    ruled = next(sets for sets in range(10, 121) if every_look(40, apart[:sets], 0.9).low > 0)
    zone = next(sets for sets in range(10, 121) if every_look(40, apart[:sets], 0.9).low > -0.5)
    assert 10 < zone < ruled < 120
    found = race(values, 1e-9, Plan(40))
    assert (found.chosen, found.alive, found.sets) == (0, (0,), ruled)
    assert [(each.option, each.behind, each.sets) for each in found.ruled_out] == [(1, 0, ruled)]
    near = race(values[:, ::-1], 0.5, Plan(40))
    assert (near.chosen, near.alive, near.ruled_out, near.sets) == (1, (0, 1), (), zone)
    assert race(values[: zone - 1], 0.5, Plan(40)).chosen is None
    for wrong in (values[:, :1], values[:, 0]):
        with pytest.raises(ValueError, match="two options and an indifference zone"):
            race(wrong, 1, Plan(40))


def test_precision_may_be_a_share_of_the_reference() -> None:
    values = np.random.default_rng(3).normal([10, 11], 1.5, (120, 2))
    apart = values[:, 0] - values[:, 1]
    wide = [every_look(40, apart[:sets]).half_width for sets in range(10, 121)]
    expected = next(sets for sets, half in enumerate(wide, 10) if half <= 1)
    assert precise_after(values, 1, Goal(1), Plan(40)) == expected
    relative = next(sets for sets, half in enumerate(wide, 10) if half <= 0.1 * abs(values[:sets, 1].mean()))
    assert precise_after(values, 1, Goal(0.1, relative=True), Plan(40)) == relative != expected
    beyond = next(sets for sets, half in enumerate(wide, 10) if half + 0.25 <= 1)
    assert precise_after(values, 1, Goal(1), Plan(40, unseen=lambda _: 0.25)) == beyond > expected
    assert precise_after(values[:9], 1, Goal(99), Plan(40)) is None
