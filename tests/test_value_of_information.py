"""What finding out is worth, against problems of which it is known."""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.statistics.value_of_information import (
    FEWEST,
    Information,
    Number,
    Terms,
    Worth,
    value_of_information,
)
from tests.effort import counted

Array = NDArray[np.float64]
NORMAL = NormalDist()
SETS = 200
REPEATS = 24
QUICK = Terms(resamples=60)


def linear_normal(mean: float, spread: float) -> float:
    """E max(0, N(mean, spread²)) − max(0, mean): what it is worth to learn the gain of an option over doing nothing."""
    reach = abs(mean) / spread
    return spread * NORMAL.pdf(reach) - abs(mean) * NORMAL.cdf(-reach)


def linear_case(seed: int, mean: float, sets: int = SETS, noise: float = 1.0) -> tuple[Array, list[Number]]:
    """Two options; the second gains mean + x₀ + 0.6 x₁ over the first, and chance. x₂ does nothing."""
    dice = np.random.default_rng(seed)
    x = dice.normal(size=(sets, 3))
    common = dice.normal(size=sets)  # both options meet the same luck
    gain = mean + x[:, 0] + 0.6 * x[:, 1] + noise * dice.normal(size=sets)
    return np.column_stack([common, common + gain]), [Number(each) for each in x.T]


@cache
def repeated(seed: int, mean: float) -> Information:
    """What is found in one repetition of the linear case."""
    return value_of_information(*linear_case(seed, mean), (1, 0), terms=QUICK)


def worths(found: Information) -> list[Worth]:
    return [*(each.worth for each in found.numbers), found.together]


@pytest.mark.no_cover
@pytest.mark.parametrize("mean", [0.0, 0.7])
def test_the_linear_normal_case_has_its_closed_form(mean: float) -> None:
    """On average over repetitions: no bias beyond what they leave open and the little that learning costs."""
    found = [repeated(seed, mean) for seed in range(REPEATS)]
    values = np.array([[each.value for each in worths(one)] for one in found])
    exact = np.array([linear_normal(mean, 1), linear_normal(mean, 0.6), 0.0, linear_normal(mean, math.hypot(1, 0.6))])
    error = values.std(axis=0, ddof=1) / math.sqrt(REPEATS)
    assert (np.abs(values.mean(axis=0) - exact) < 3 * error + 0.02).all(), (values.mean(axis=0), exact, error)


@pytest.mark.no_cover
def test_intervals_hold_what_is_true() -> None:
    """Of 24 intervals of 95 %, fewer than 19 would hold once in 1,000 times."""
    exact = [linear_normal(0.7, 1), linear_normal(0.7, 0.6), 0.0, linear_normal(0.7, math.hypot(1, 0.6))]
    held = np.zeros(4)
    for seed in range(REPEATS):
        found = repeated(seed, 0.7)
        held += [each.low <= true <= each.high for each, true in zip(worths(found), exact, strict=True)]
    assert (held > 18).all()


def test_what_is_worth_nothing_has_an_interval_that_begins_at_nothing() -> None:
    found = value_of_information(*linear_case(1, 0.7), (1, 0))
    nothing = found.numbers[2].worth
    assert nothing.low == 0
    assert nothing.value < 0.05 * found.together.value


@pytest.mark.no_cover
def test_chance_within_the_model_is_no_value() -> None:
    """Six options that are all alike, five numbers that do nothing: the largest of six is no gain."""
    values = []
    for seed in range(REPEATS):
        dice = np.random.default_rng(seed)
        gains, x = dice.normal(size=(100, 6)), dice.normal(size=(100, 5))
        found = value_of_information(gains, [Number(each) for each in x.T], (1, 0), terms=QUICK)
        assert all(each.low == 0 for each in worths(found))
        values.append([each.value for each in worths(found)])
    # A naive estimate, the mean of the largest of six, would be 1.27; a regression that is not crossed 0.08.
    assert np.mean(values) < 0.05


def bent(x: Array) -> Array:
    """What three options gain at (x₀, x₁) of the unit square: bent, and by both together."""
    one, other = x[:, 0], x[:, 1]
    return np.column_stack([0.35 + 0 * one, np.sin(3 * one), 1.4 * np.exp(-5 * one) + 2 * (one - 0.5) * (other - 0.5)])


def nested(number: int | None, outer: int = 800, inner: int = 800) -> float:
    """By nested Monte Carlo: for each of many values of one number, the mean over the other; then the best of each."""
    dice = np.random.default_rng(99)
    fixed, usual = dice.random((outer, 2)), bent(dice.random((200_000, 2))).mean(axis=0)
    learnt = []
    for world in fixed:
        others = dice.random((inner, 2))
        if number is None:
            others = world[None]
        else:
            others[:, number] = world[number]
        learnt.append(bent(others).mean(axis=0).max())
    return float(np.mean(learnt) - usual.max())


@pytest.mark.no_cover
def test_a_bent_case_agrees_with_nested_monte_carlo() -> None:
    exact = [nested(0), nested(1), nested(None)]
    values = []
    for seed in range(REPEATS):
        dice = np.random.default_rng(1000 + seed)
        x = dice.random((SETS, 2))
        gains = bent(x) + 0.3 * dice.normal(size=(SETS, 3)) + dice.normal(size=(SETS, 1))
        found = value_of_information(gains, [Number(each) for each in x.T], (1, 0), terms=QUICK)
        values.append([each.value for each in worths(found)])
    error = np.std(values, axis=0, ddof=1) / math.sqrt(REPEATS)
    apart = np.mean(values, axis=0) - exact
    assert (np.abs(apart) < 3 * error + 0.02).all(), (exact, apart, error)


@pytest.mark.no_cover
def test_categories_are_told_apart_by_their_means() -> None:
    """Three categories with gains −1, 0.4, 1.2 over nothing, equally likely: worth (0.4 + 1.2 − 0.6) / 3."""
    values = []
    for seed in range(REPEATS):
        dice = np.random.default_rng(seed)
        place = dice.integers(3, size=SETS)
        gain = np.array([-1.0, 0.4, 1.2])[place] + 0.5 * dice.normal(size=SETS)
        numbers = [Number(place.astype(float), 3), Number(dice.random(SETS))]
        found = value_of_information(np.column_stack([0 * gain, gain]), numbers, (1, 0), terms=QUICK)
        values.append(found.numbers[0].worth.value)
        switch = found.numbers[0].switch
        assert switch is not None and (switch.at, switch.option, switch.upwards) == (0, 0, False)
    error = np.std(values, ddof=1) / math.sqrt(REPEATS)
    assert abs(np.mean(values) - 1 / 3) < 3 * error + 0.01


@pytest.mark.no_cover
def test_the_share_of_the_spread_and_the_switch() -> None:
    """The gain 0.5 + x₀ + 0.6 x₁ and chance 1: shares 1, 0.36 and 0 of 2.36; another is best below x₀ = −0.5."""
    shares, switches = [], []
    for seed in range(REPEATS):
        found = repeated(seed, 0.5)
        shares.append([each.share for each in found.numbers])
        first = found.numbers[0].switch
        assert first is not None and first.option == 0 and not first.upwards
        switches.append(first.at)
        assert found.best == 1
    error = np.std(shares, axis=0, ddof=1) / math.sqrt(REPEATS)
    assert (np.abs(np.mean(shares, axis=0) - np.array([1, 0.36, 0]) / 2.36) < 3 * error + 0.01).all()
    assert abs(np.mean(switches) + 0.5) < 3 * np.std(switches, ddof=1) / math.sqrt(REPEATS) + 0.02


@pytest.mark.no_cover
def test_the_line_lies_in_its_band_about_the_truth() -> None:
    held = []
    for seed in range(REPEATS):
        line = repeated(seed, 0.5).numbers[0].line
        assert line is not None and (line.low <= line.mean).all() and (line.mean <= line.high).all()
        inner = np.abs(line.at) < 1.5
        true = 0.5 + line.at[inner]
        held.append(((line.low[inner] <= true) & (true <= line.high[inner])).mean())
    assert np.mean(held) > 0.85


def test_an_answer_that_never_changes_is_worth_nothing_to_doubt() -> None:
    gains, numbers = linear_case(3, mean=20.0)
    found = value_of_information(gains, numbers, (1, 0), terms=QUICK)
    assert [each.value for each in worths(found)] == [0] * 4
    assert all(each.switch is None for each in found.numbers)


def test_options_that_are_the_same_are_worth_nothing_to_tell_apart() -> None:
    gains, numbers = linear_case(3, mean=0.5)
    found = value_of_information(gains[:, [0, 0, 0]], numbers, (1, 0), terms=QUICK)
    assert [(each.value, each.low, each.high) for each in worths(found)] == [(0, 0, 0)] * 4
    assert [each.share for each in found.numbers] == [0] * 3


def test_too_few_worlds_say_nothing() -> None:
    gains, numbers = linear_case(3, mean=0.5, sets=FEWEST - 1)
    found = value_of_information(gains, numbers, (1, 0))
    assert all(math.isnan(each.value) for each in worths(found))
    assert all(each.line is None and each.switch is None and math.isnan(each.share) for each in found.numbers)
    enough = value_of_information(*linear_case(3, mean=0.5, sets=FEWEST), (1, 0), terms=QUICK)
    assert not any(math.isnan(each.value) for each in worths(enough))


def test_sets_that_are_undefined_or_weigh_nothing_are_left_out() -> None:
    gains, numbers = linear_case(3, mean=0.5)
    holed, weights = gains.copy(), np.ones(SETS)
    holed[:20, 0], weights[-20:] = np.nan, 0
    found = value_of_information(holed, numbers, (1, 0), weights=weights, terms=QUICK)
    rest = [Number(each.values[20:-20]) for each in numbers]
    assert found.sets == SETS - 40
    assert worths(found) == worths(value_of_information(gains[20:-20], rest, (1, 0), terms=QUICK))


def test_weights_count_sets() -> None:
    """A world that weighs nearly nothing changes nearly nothing."""
    gains, numbers = linear_case(3, mean=0.5)
    light = np.where(numbers[0].values < -1, 1e-9, 1.0)
    found = value_of_information(gains, numbers, (1, 0), weights=light, terms=QUICK)
    whole = value_of_information(gains, numbers, (1, 0), terms=QUICK)
    assert found.numbers[0].worth.value < 0.6 * whole.numbers[0].worth.value


def test_the_unit_of_a_number_or_a_gain_does_not_matter() -> None:
    gains, numbers = linear_case(3, mean=0.5)
    found = value_of_information(gains, numbers, (1, 0), terms=QUICK)
    scaled = value_of_information(1e3 * gains + 7, [Number(1e-4 * n.values + 5) for n in numbers], (1, 0), terms=QUICK)
    for one, other in zip(worths(found), worths(scaled), strict=True):
        assert other.value == pytest.approx(1e3 * one.value, rel=1e-3, abs=1e-3)


def test_the_same_sets_say_the_same() -> None:
    case = linear_case(3, mean=0.5)
    assert worths(value_of_information(*case, (1, 0))) == worths(value_of_information(*case, (1, 0)))


def test_a_number_that_does_not_vary_or_hardly_does() -> None:
    gains, numbers = linear_case(3, mean=0.5)
    still, two = Number(np.full(SETS, 4.0)), Number((numbers[0].values > 0).astype(float))
    found = value_of_information(gains, [still, two], (1, 0), terms=QUICK)
    assert found.numbers[0].worth == Worth(0, 0, 0) and found.numbers[0].share == 0
    assert found.numbers[1].share > 0.1


def test_a_value_that_one_world_has_is_no_error() -> None:
    """It is in no part that is learnt from while its own is left out."""
    gains, _ = linear_case(3, mean=0.5)
    rare = np.zeros(SETS)
    rare[7] = 1
    found = value_of_information(gains, [Number(rare), Number(rare, 2), Number(rare, 3)], (1, 0), terms=QUICK)
    assert all(each.worth.low == 0 and each.worth.value < 0.02 for each in found.numbers)


@pytest.mark.parametrize("wrong", ["short", "nan", "none", "negative"])
def test_what_cannot_be_computed_is_refused(wrong: str) -> None:
    gains, numbers = linear_case(3, mean=0.5)
    weights = np.ones(SETS)
    if wrong == "short":
        gains = gains[1:]
    elif wrong == "nan":
        numbers[1].values[4] = np.nan
    elif wrong == "none":
        numbers = []
    else:
        weights[2] = -1
    with pytest.raises(ValueError, match=r"number|value|weights"):
        value_of_information(gains, numbers, (1, 0), weights=weights)


def test_ten_numbers_six_options_a_hundred_worlds_take_little_work() -> None:
    dice = np.random.default_rng(5)
    x = dice.normal(size=(100, 10))
    gains = x @ dice.normal(size=(10, 6)) + dice.normal(size=(100, 6))
    with counted() as calls:
        found = value_of_information(gains, [Number(each) for each in x.T], (1, 0))
    assert calls.count < 2_000_000  # a million, in some 0.6 s of processor time, of the 5 s that it may take
    assert found.together.value > max(each.worth.value for each in found.numbers)
