"""Draws that are spread evenly within a set, and weights by which a set of sets has met what is known."""

from __future__ import annotations

import math
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

import sim
from sim.chance.required import cells_of, mean_required, required
from sim.chance.sets import SIZE, even_uniforms
from sim.statistics import calibration_weights
from sim.statistics.calibration_weights import Declined, Weights, calibrated
from sim.statistics.intervals import Terms, difference_of, mean_of, ratio_of
from tests.statistics.measuring import set_variances, weighted
from tests.statistics.worlds import YEAR, disaster, kinds, near_normal


@given(st.integers(0, 2**32), st.integers(0, 30), st.integers(1, 60))
def test_every_part_holds_one_value(seed: int, sets: int, size: int) -> None:
    even = even_uniforms(np.random.default_rng(seed), sets, size)
    assert even.shape == (sets, size) and (even >= 0).all() and (even < 1).all()
    assert (np.sort(np.floor(even * size), axis=1) == np.arange(size)).all()


class _Edge:
    """A generator of the largest number below 1, where rounding could lift a value out of its part."""

    def random(self, shape: tuple[int, ...]) -> np.ndarray:
        return np.full(shape, np.nextafter(1.0, 0.0))


@pytest.mark.parametrize("size", [1, 3, 7, 20, 49, 100])
def test_rounding_lifts_no_value_out_of_its_part(size: int) -> None:
    even = even_uniforms(_Edge(), 2, size)  # type: ignore[arg-type]
    assert (even < 1).all() and (np.floor(even * size) == np.arange(size)).all()


def test_more_sets_and_more_draws_leave_the_earlier_ones() -> None:
    one, other = np.random.default_rng(5), np.random.default_rng(5)
    first = even_uniforms(one, 10)
    assert (even_uniforms(other, 4) == first[:4]).all() and (even_uniforms(other, 6) == first[4:]).all()
    assert (even_uniforms(one, 3) == even_uniforms(other, 3)).all()
    with pytest.raises(ValueError, match="no -1 sets"):
        even_uniforms(one, -1)


def test_each_value_is_uniform_and_two_draws_are_independent() -> None:
    generator = np.random.default_rng(6)
    one, other = even_uniforms(generator, 20_000), even_uniforms(generator, 20_000)
    assert kstest(one[:, 3], "uniform").pvalue > 0.001
    paired = ((one - 0.5) * (other - 0.5)).mean(axis=1)
    assert abs(paired.mean()) < 4 * paired.std() / math.sqrt(len(paired))
    # Within a set two values fall into different parts: correlation -1 / (size - 1), less the spread in a part.
    found = np.corrcoef(one[:, 0], one[:, 1])[0, 1]
    assert found == pytest.approx(-(1 - 1 / SIZE**2) / (SIZE - 1), abs=4 / math.sqrt(20_000))


@pytest.mark.parametrize("world", [kinds()[0], kinds()[1], disaster(50, "rare")], ids=lambda world: world.name)
def test_means_of_even_sets_are_unbiased(world) -> None:  # type: ignore[no-untyped-def]
    losses = world.drawn(1, 20_000, seed=7).losses[0]
    error = losses.std(axis=0) / math.sqrt(len(losses))
    assert (np.abs(losses.mean(axis=0) - world.means) <= 4 * error + 1e-12).all()


def test_even_sets_take_out_what_each_draw_does_by_itself() -> None:
    """Of an additive quantity nothing but the spread within a part is left; here there are products too."""
    apart = [next(iter(set_variances(near_normal(), 4000, even=even))) for even in (True, False)]
    assert apart[1] / apart[0] > 5
    draws = even_uniforms(np.random.default_rng(8), 4000)
    assert draws.mean(axis=1).var() == pytest.approx(1 / 12 / SIZE**3, rel=0.1)


def test_the_worlds_means_are_those_of_closed_forms() -> None:
    """Disasters once in 50 years, 4 units short for 300 days or to the year's end; a third in one year adds nothing."""
    alone = 4 * (65 * 300 + 300**2 / 2) / YEAR * YEAR / 18250
    assert disaster(50, "").means[0] == pytest.approx(alone, rel=1e-3)
    assert disaster(50, "").means[0] == pytest.approx(14.1, abs=0.05)


# Calibration weights


def sample_of(sets: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Auxiliary variables, one of them the sum of two and one constant, and two measures that hang on them."""
    luck = np.random.default_rng(seed)
    own = luck.normal(100, 10, (sets, 2))
    variables = np.column_stack([own, own.sum(axis=1), np.full(sets, 5.0)])
    measures = np.stack([own @ [2, 1], own @ [1, 1]], axis=1) + luck.normal(0, 8, (sets, 2))
    return variables, measures


KNOWN = np.array([100.0, 100, 200, 5])


def test_what_is_known_comes_out_exactly() -> None:
    variables, measures = sample_of(50)
    weights = calibrated(variables, KNOWN, np.zeros((4, 4)), measures)
    assert isinstance(weights, Weights) and weights.basis.shape == (50, 2)
    assert weights.values @ variables == pytest.approx(KNOWN, rel=1e-12)
    assert weights.values.sum() == pytest.approx(1) and weights.values.min() >= 0
    # By least squares: the regression estimate.
    design = np.column_stack([np.ones(50), variables[:, :2]])
    slopes = np.linalg.lstsq(design, measures[:, 0], rcond=None)[0]
    assert weights.mean(measures[:, 0]) == pytest.approx(slopes @ [1, 100, 100])


def test_weights_are_judged_by_one_sample_or_several_and_by_none_that_is_undefined() -> None:
    variables, measures = sample_of(50)
    undefined = np.where(np.arange(50) == 7, np.nan, measures[:, 1])
    judged_by = (measures[:, 0], measures[:, :1], np.column_stack([measures[:, 0], undefined]))
    factors = [cast(Weights, calibrated(variables, KNOWN, np.zeros((4, 4)), each)).factor for each in judged_by]
    assert factors[0] > 1.2 and factors == [factors[0]] * 3


@pytest.mark.parametrize("covariance", [np.zeros((2, 2)), np.diag([1.0, 0.5])], ids=["exact", "drawn"])
def test_the_factor_is_that_of_residuals_that_are_left_out_of_their_fits(
    covariance: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables, measures = sample_of(50)
    variables, sample = variables[:, :2], measures[:, 0]
    weights = calibrated(variables, KNOWN[:2], covariance, sample)
    assert isinstance(weights, Weights)
    design = np.column_stack([np.ones(50), variables])
    slopes = np.linalg.lstsq(design, sample, rcond=None)[0]
    left_out = (sample - design @ slopes) / (1 - np.diag(design @ np.linalg.pinv(design)))
    own = ((50 * weights.values * left_out) ** 2).sum() / (50 * 49) + slopes[1:] @ covariance @ slopes[1:]
    assert weights.factor == pytest.approx(sample.var() / 49 / own)
    assert weights.influence(sample)[3] ** 2 == pytest.approx(slopes[1:] @ covariance @ slopes[1:])
    least = weights.factor
    for wanted, taken in ((least * 0.999, True), (least * 1.001, False)):
        monkeypatch.setattr(calibration_weights, "LEAST_FACTOR", wanted)
        again = calibrated(variables, KNOWN[:2], covariance, sample)
        assert isinstance(again, Weights) if taken else again is Declined.DOES_NOT_PAY


def test_one_vector_keeps_sums_and_differences() -> None:
    variables, measures = sample_of(50)
    weights = calibrated(variables, KNOWN, np.zeros((4, 4)), measures)
    assert isinstance(weights, Weights)
    terms = Terms(weights=weights)
    one, other = (mean_of(each, terms).mean for each in measures.T)
    assert difference_of(measures[:, 0], measures[:, 1], terms).mean == pytest.approx(one - other)
    assert mean_of(measures.sum(axis=1), terms).mean == pytest.approx(one + other)
    ratio = ratio_of(measures[:, 0], measures[:, 1], terms)
    assert ratio.mean == pytest.approx(one / other) and ratio.low < ratio.mean < ratio.high
    assert mean_of(measures[:, 0], terms).error < mean_of(measures[:, 0]).error / 1.5
    holed = np.where(np.arange(50) == 7, math.nan, measures[:, 0])
    assert mean_of(holed, terms).sets == 49 and mean_of(holed, terms).known


def test_the_known_means_own_error_counts() -> None:
    variables, measures = sample_of(50)
    rough = calibrated(variables, KNOWN, np.diag([1.0, 0, 1, 0]), measures)
    sure = calibrated(variables, KNOWN, np.zeros((4, 4)), measures)
    assert isinstance(rough, Weights) and isinstance(sure, Weights)
    assert rough.factor < sure.factor
    found = [mean_of(measures[:, 0], Terms(weights=each)).error for each in (rough, sure)]
    assert found[0] > found[1]
    assert calibrated(variables, KNOWN, 1e3 * np.eye(4), measures) is Declined.DOES_NOT_PAY


def test_weights_are_declined_where_they_should_be() -> None:
    variables, measures = sample_of(50)
    nothing = np.zeros((4, 4))
    assert calibrated(variables[:24], KNOWN, nothing, measures[:24]) is Declined.FEW_SETS
    assert calibrated(variables, KNOWN + np.array([40, 0, 40, 0]), nothing, measures) is Declined.NEGATIVE
    assert calibrated(np.full((50, 4), 5.0), KNOWN, nothing, measures) is Declined.NOTHING_VARIES
    noise = np.random.default_rng(3).normal(size=(50, 3))
    assert calibrated(variables, KNOWN, nothing, noise) is Declined.DOES_NOT_PAY
    assert calibrated(variables, KNOWN, nothing, np.ones((50, 2))) is Declined.DOES_NOT_PAY
    many = np.random.default_rng(4).normal(size=(50, 20))
    assert calibrated(many, np.zeros(20), np.zeros((20, 20)), measures) is Declined.FEW_SETS
    with pytest.raises(ValueError, match="known"):
        calibrated(variables, KNOWN[:3], nothing, measures)


@pytest.mark.parametrize("sets", [25, 50])
def test_weighted_intervals_hold_and_are_shorter(sets: int) -> None:
    found = weighted(near_normal(), sets, 100, even=True)
    assert found.taken > 0.8 and found.factor > 1.5
    assert found.told.covered >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / 100)


# What crises require

TWO_PLACES = {
    "name": "Two places",
    "period": {"from": "2013-01-01", "to": "2013-12-31"},
    "missions": {"A": {"at": [0, 0]}, "B": {"at": [0, 1], "active": {"to": "2013-11-30"}}},
    "options": {"apart": {"policy": {"share": "none"}}},
}


def test_the_mean_requirement_is_that_of_the_poisson_process() -> None:
    """With rate λ and durations of mean D, N(t) has mean λD(1 − e^(−t/D)): over T days λD(T − D(1 − e^(−T/D)))."""
    lasts = {"exponential": {"mean": 5}}
    crises = {"calls": {"mission": "A", "every_days": 10, "lasts_days": lasts, "needs": {"x": 2}}}
    scenario = sim.from_mapping(TWO_PLACES | {"crises": crises})
    exact = 2 * 0.5 * (365 - 5 * (1 - math.exp(-365 / 5)))
    means = np.array([mean_required(scenario, 1, block)[0] for block in range(40)])
    assert means.mean() == pytest.approx(exact, abs=4 * means.std(ddof=1) / math.sqrt(40))
    assert means.std(ddof=1) < 0.01 * exact
    assert required(scenario, 1, 0).mean() != means[0]


def test_the_mean_requirement_is_that_of_all_traces() -> None:
    """Phases, a likelihood, drawn needs, children, and a mission that closes before the end."""
    drawn = {"x": {"uniform": {"low": 0, "high": 4}}}
    child = {"to": "B", "chance": 0.4, "after_days": {"uniform": {"low": 0, "high": 60}}, "lasts_days": 8}
    of_a = {
        "mission": "A",
        "every_days": 40,
        "likelihood": 0.7,
        "phases": [
            {"lasts_days": {"lognormal": {"mean": 9, "sd": 9}}, "needs": drawn},
            {"lasts_days": 3, "needs": {"x": 1, "y": 2}},
        ],
        "spills_over": [child | {"needs": {"x": 1}}],
    }
    vote = {"mission": "B", "on": "2013-11-20", "likelihood": 0.5, "lasts_days": 30, "needs": {"x": 3}}
    scenario = sim.from_mapping(TWO_PLACES | {"crises": {"of A": of_a, "vote": vote}})
    met = np.array([required(scenario, 5, block).mean(axis=0) for block in range(300)])
    known = np.array([mean_required(scenario, 5, block) for block in range(300)])
    assert cells_of(scenario) == (("A", "x"), ("A", "y"), ("B", "x"))
    apart = met - known
    assert np.all(np.abs(apart.mean(axis=0)) < 4 * apart.std(axis=0, ddof=1) / math.sqrt(300))
    assert np.all(known.std(axis=0) < met.std(axis=0) / 2)
