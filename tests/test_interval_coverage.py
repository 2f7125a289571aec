"""What is said of sets is true as often as it promises: fixed seeds, closed forms, tolerances in standard errors.

A small version of `python -m tests.statistics`, which measures the tables in
`docs/explanation/what_the_intervals_promise.md`.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import bdtr
from scipy.stats import binom

from sim.statistics.confidence_sequences import LEAST_SETS, EveryLook
from sim.statistics.discordance import Refusal, effective_sets, least_discordant, refusal, unseen_requirement, usual
from sim.statistics.intervals import (
    Terms,
    chance_upper_bound,
    difference_of,
    mean_of,
    ratio_difference_of,
    ratio_of,
)
from sim.statistics.races import Goal, Plan, precise_after, race
from sim.statistics.simultaneous import against_the_best, all_pairs
from tests.statistics.measuring import RACES, every_look, false_alarms, intervals, raced, together
from tests.statistics.weighing import KINDS as WEIGHED
from tests.statistics.weighing import Kind, chosen
from tests.statistics.worlds import World, disaster, frequent_against_rare, kinds, near_normal, pool, skewed
from tests.test_statistics import FOUR

KINDS = {world.name: world for world in kinds()}
OFF = 3.0
"""Standard errors by which a share may miss what it must reach: 1 test in 700 by chance, but seeds are fixed."""


def at_least(share: float, promised: float, experiments: int) -> bool:
    return share >= promised - OFF * math.sqrt(promised * (1 - promised) / experiments)


# Coverage


@pytest.mark.no_cover
@pytest.mark.parametrize("even", [True, False], ids=["even", "independent"])
@pytest.mark.parametrize("sets", [10, 50])
@pytest.mark.parametrize("name", [name for name in KINDS if "pool" not in name])
def test_intervals_hold_and_are_refused_rather_than_wrong(name: str, sets: int, even: bool) -> None:
    for told in intervals(KINDS[name], sets, 200, even=even):
        assert told.wrong <= 0.05 + OFF * told.error, told
        if told.given > 0.3:
            assert at_least(told.covered, 0.95, round(told.given * told.experiments)), told
        if "zeros" not in name:
            assert told.given > 0.9, told


@pytest.mark.parametrize("doubts", [False, True], ids=["chance alone", "doubts"])
@pytest.mark.parametrize("kind", WEIGHED, ids=lambda kind: kind.name)
def test_intervals_hold_after_the_choice_of_weights(kind: Kind, doubts: bool) -> None:
    found = chosen(kind, 30, 60, doubts=doubts)
    assert found.taken > 0.1 and found.width < 1.05
    for told in found.told:
        assert told.given > 0.3 and at_least(told.covered, 0.95, round(told.given * told.experiments)), told


@pytest.mark.no_cover
def test_intervals_of_a_pool_hold() -> None:
    for told in intervals(pool(), 10, 200, even=True):
        assert told.given > 0.9 and at_least(told.covered, 0.95, 190), told


@pytest.mark.no_cover
@pytest.mark.parametrize(("years", "sets"), [(100, 10), (1000, 10), (1000, 50)])
def test_what_is_rare_has_hardly_ever_an_interval(years: float, sets: int) -> None:
    assert intervals(disaster(years, "rare"), sets, 200, even=True)[0].given < 0.1


@pytest.mark.no_cover
@pytest.mark.parametrize("options", [3, 6])
@pytest.mark.parametrize("world", [near_normal(), skewed()], ids=["near-normal", "skewed"])
def test_simultaneous_intervals_hold_together(world: World, options: int) -> None:
    for told in together(world, 10, 200, options, even=True):
        assert told.given > 0.9 and at_least(told.covered, 0.95, 200), told


@pytest.mark.no_cover
def test_the_interval_of_a_chance_misses_one_time_in_twenty_at_most() -> None:
    """The claim of `discordance`: sets that lose 0 or 1, at every chance, enumerated and not drawn."""
    for sets in (10, 20, 50, 100, 250):
        counts = np.arange(sets + 1)
        found = [mean_of(np.arange(sets) < count) for count in counts]
        low, high = (np.array([getattr(each, end) for each in found]) for end in ("low", "high"))
        for chance in np.linspace(0.5 / sets, 0.5, 100):
            missed = (low > chance) | (high < chance)
            assert binom.pmf(counts, sets, chance)[missed].sum() <= 0.054


# What is refused


def test_the_discordant_number_is_the_sign_tests() -> None:
    for confidence in (0.9, 0.95, 0.99, 1 - 0.05 / 15):
        number = least_discordant(confidence)
        assert 2 * bdtr(0, number, 0.5) <= 1 - confidence + 1e-12 < 2 * bdtr(0, number - 1, 0.5)
    assert least_discordant(0.95) == 6 and least_discordant(1 - 0.05 / 15) == 10


def test_no_interval_before_enough_sets_differ() -> None:
    for differing in range(8):
        found = mean_of([3.0] * differing + [0.0] * (50 - differing))
        assert found.known == (differing >= 6)
        assert found.refused == (None if differing >= 6 else Refusal.FEW_DIFFER if differing else Refusal.ALL_EQUAL)
    assert mean_of([1.0, 2.0, 3.0, 4.0, 5.0]).refused is Refusal.FEW_SETS
    assert mean_of([]).refused is Refusal.FEW_SETS and mean_of([math.nan] * 9).refused is Refusal.UNDEFINED


def test_one_disaster_among_trifles_is_one_observation() -> None:
    trifles = np.random.default_rng(1).normal(size=19)
    assert mean_of(trifles).known
    assert mean_of([*trifles, 1000.0]).refused is Refusal.FEW_WEIGH
    assert effective_sets([0] * 20 + [5] * 4) == pytest.approx(4)
    assert effective_sets([7.0] * 9) == 0


def test_the_usual_value_is_told_through_rounding() -> None:
    assert usual([0.1 + 0.2, 0.3, 0.3, 5.0]) == (pytest.approx(0.3), 1)
    assert usual([1.0, 2.0, 3.0])[1] == 3 and usual([])[1] == 0 and usual([4.0]) == (4.0, 0)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.5, 1e9, 1e-9]), max_size=40))
def test_no_interval_has_width_zero(values: list[float]) -> None:
    for found in (mean_of(values), difference_of(values, np.zeros(len(values)))):
        assert not found.known or found.low < found.mean < found.high


def test_what_cannot_vary_is_known_exactly() -> None:
    found = mean_of([3.0] * 4, Terms(cannot_vary=True))
    assert (found.low, found.high, found.refused) == (3, 3, None)
    assert difference_of([1.0, 2.0], [1.0, 2.0], Terms(cannot_vary=True)).half_width == 0


def test_options_that_differ_by_rounding_do_not_differ() -> None:
    one = np.random.default_rng(1).normal(100, 5, 30)
    assert difference_of(one, one * (1 + 1e-15)).refused is Refusal.ALL_EQUAL


def test_bounds_of_events_never_seen() -> None:
    assert chance_upper_bound(200) == pytest.approx(0.0149, abs=5e-5)
    assert (1 - chance_upper_bound(37, 0.9)) ** 37 == pytest.approx(0.1)
    assert chance_upper_bound(0) == 1
    found = mean_of([0.0] * 50, Terms(loss=True))
    assert found.refused is Refusal.ALL_EQUAL and not found.known and not found.significant


def test_what_the_traces_may_bring_counts_until_it_was_met() -> None:
    known = np.zeros((100, 2))
    known[:, 0] = np.linspace(0, 40, 100)
    known[:2, 1] = (1000, 1500)
    assert unseen_requirement([[30.0, 0.0]] * 20, known) == pytest.approx(25)
    assert unseen_requirement([[30.0, 600.0]], known) == pytest.approx(3)
    assert unseen_requirement([[30.0, 750.0]], known) == 0
    assert unseen_requirement(np.zeros((0, 2)), known) == pytest.approx(25 + 20)
    with pytest.raises(ValueError, match="trace and cell"):
        unseen_requirement([[1.0]], known)
    plain, wider = mean_of(range(20)), mean_of(range(20), Terms(unseen=5))
    assert (plain.low - wider.low, wider.high - plain.high) == (pytest.approx(5), pytest.approx(5))
    loss = mean_of(range(20), Terms(unseen=5, loss=True))
    assert (loss.low, loss.high) == (plain.low, wider.high)


# Intervals by themselves


def test_without_skewness_the_interval_is_students() -> None:
    """KSL Book, table 5.5 ff.: 95 % paired intervals of four systems; the hull is as wide or wider."""
    symmetric = [-3.0, -2, -1, 0.5, -0.5, 1, 2, 3]
    found = mean_of(symmetric)
    error = float(np.std(symmetric, ddof=1)) / math.sqrt(8)
    assert (found.low, found.high) == (pytest.approx(-2.36462425 * error), pytest.approx(2.36462425 * error))
    pairs = all_pairs(np.array(list(FOUR.values())).T)
    first = pairs[0, 2]
    assert first.mean == pytest.approx(5.686) and first.low <= 0.00677 + 1e-4 and first.high >= 11.36523 - 1e-4


def test_a_skewed_sample_has_a_longer_arm_on_its_long_side() -> None:
    sample = np.random.default_rng(2).exponential(size=30)
    found, mirrored = mean_of(sample), mean_of(-sample)
    assert found.high - found.mean > found.mean - found.low
    assert (mirrored.low, mirrored.high) == (pytest.approx(-found.high), pytest.approx(-found.low))
    scaled = mean_of(5 + 1e6 * sample)
    assert (scaled.low, scaled.high) == (pytest.approx(5 + 1e6 * found.low), pytest.approx(5 + 1e6 * found.high))


def test_undefined_sets_are_left_out() -> None:
    sample = np.random.default_rng(3).normal(size=20)
    assert mean_of([*sample, math.nan]) == mean_of(sample)
    with pytest.raises(ValueError, match="equal length"):
        difference_of([1.0], [1.0, 2.0])


def test_ratios_by_the_jackknife() -> None:
    luck = np.random.default_rng(4)
    below = luck.gamma(4, 25, 40)
    above = 0.3 * below + luck.gamma(2, 3, 40)
    found = ratio_of(above, below)
    without = [np.delete(above, i).sum() / np.delete(below, i).sum() for i in range(40)]
    error = math.sqrt(39 / 40 * ((without - np.mean(without)) ** 2).sum())
    assert found.mean == pytest.approx(above.sum() / below.sum()) and found.error == pytest.approx(error)
    same = ratio_difference_of((above, below), (above, below))
    assert same.mean == 0 and same.refused is Refusal.ALL_EQUAL
    assert ratio_difference_of((above, below), (above / 2, below)).significant
    assert ratio_of(above, 0 * below).refused is Refusal.UNDEFINED
    lone = np.where(np.arange(40) == 0, below, 0)
    assert ratio_of(above, lone).refused is Refusal.UNDEFINED
    assert ratio_of(np.where(np.arange(40) < 5, above, 0), below).refused is Refusal.FEW_DIFFER


def test_the_best_is_told_from_the_others() -> None:
    luck = np.random.default_rng(5)
    values = luck.normal(size=(30, 1)) + luck.normal([10, 10.05, 14, 20], 0.3, (30, 4))
    first, second, third, fourth = against_the_best(values)
    assert first.may_be_best and second.may_be_best and not third.may_be_best and not fourth.may_be_best
    assert third.low == 0 < third.high < 5 and first.low < 0 < first.high
    clear = against_the_best(values[:, [0, 2]])
    assert clear[0].high == 0 and clear[0].low < -3
    assert against_the_best(np.zeros((30, 2)))[0].high == math.inf
    assert against_the_best(values[:, :1])[0].may_be_best


# Every look


def test_the_sequence_is_narrowest_at_the_planned_number() -> None:
    """At the plan x + 1 = exp(x) alpha^2, so that the radius is sqrt(x + 1) standard errors: 3.03 at 95 %."""
    errors = EveryLook(planned=50).errors(np.array([10, 49, 50, 51, 500]))
    by_plan = [float(EveryLook(planned=plan).errors(50)) for plan in (20, 48, 52, 200)]
    assert errors[2] == pytest.approx(3.0345, abs=1e-3) and errors[2] < min(by_plan)
    assert errors[0] > errors[2] and errors[4] > errors[2]


def test_the_sequence_does_not_depend_on_later_sets() -> None:
    values = np.random.default_rng(6).gamma(1, 5, (60, 2))
    whole = EveryLook(40).path(values)
    for sets in (10, 11, 37):
        part = EveryLook(40).path(values[:sets])
        for one, other in zip(whole, part, strict=True):
            np.testing.assert_allclose(one[:sets], other, rtol=1e-12)
        now = every_look(40, values[:sets, 0])
        assert (now.low, now.high) == pytest.approx((whole[1][sets - 1, 0], whole[2][sets - 1, 0]), rel=1e-12)
    assert np.isinf(whole[1][: LEAST_SETS - 1]).all() and np.isfinite(whole[1][LEAST_SETS - 1 :]).all()
    assert every_look(40, values[:9, 0]).refused is Refusal.FEW_SETS
    assert every_look(40, np.zeros(99)).refused is Refusal.ALL_EQUAL


@pytest.mark.no_cover
@pytest.mark.parametrize("even", [True, False], ids=["even", "independent"])
@pytest.mark.parametrize("name", ["near-normal", "skewed", "rare, 99 % zeros", "disaster, 99.9 % zeros"])
def test_five_looks_at_nothing_find_nothing(name: str, even: bool) -> None:
    found = false_alarms(KINDS[name], 100, even=even)
    assert found.every_look <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 100)
    assert found.fixed > 0.08, "looking five times with ordinary intervals is what this is for"


# Races


@pytest.mark.no_cover
@pytest.mark.parametrize(("world", "zone"), RACES[:2], ids=["rare", "asymmetric"])
def test_races_choose_the_best_where_the_rare_decides(world: World, zone: float) -> None:
    found = raced(world, zone, 80, even=True, traces=False, most=150)
    assert found.right >= 0.95 - 2 * math.sqrt(0.05 * 0.95 / 80), found


@pytest.mark.no_cover
def test_a_race_waits_for_the_disaster_that_the_traces_bring() -> None:
    world, zone = frequent_against_rare(100, "third"), 2.0
    assert world.means[0] - world.means[1] > zone
    found = raced(world, zone, 40, even=True, traces=True, most=300)
    assert found.right >= 0.95 - 2 * math.sqrt(0.05 * 0.95 / 40), found


def test_twenty_zeros_decide_nothing() -> None:
    nothing = np.zeros((200, 2))
    assert race(nothing, 10, Plan(50)).chosen is None
    assert precise_after(nothing, 0, Goal(0.05, relative=True), Plan(50)) is None
    assert precise_after(nothing, 0, Goal(100), Plan(50)) is None
    few = nothing.copy()
    few[:4, 0] = 1
    assert race(few, 10, Plan(50)).chosen is None


def test_a_race_rules_out_chooses_and_stops() -> None:
    luck = np.random.default_rng(7)
    values = luck.normal(size=(100, 1)) + luck.normal([10, 10.1, 30], 1, (100, 3))
    found = race(values, 2, Plan(50))
    assert found.chosen in (0, 1) and found.alive == (0, 1) and found.sets < 100
    assert [(each.option, each.sets) for each in found.ruled_out] == [(2, LEAST_SETS)]
    assert race(values[: found.sets], 2, Plan(50)) == found
    assert race(values[: found.sets - 1], 2, Plan(50)).chosen is None
    assert race(values, 2, Plan(50, unseen=lambda _: 5.0)).chosen is None
    with pytest.raises(ValueError, match="indifference"):
        race(values, 0, Plan(50))


def test_precision_is_reached_once_and_for_all() -> None:
    luck = np.random.default_rng(8)
    values = luck.normal([100.0, 90.0], 5, (200, 2))
    enough = precise_after(values, 0, Goal(2), Plan(100))
    assert enough is not None and LEAST_SETS < enough < 200
    assert precise_after(values[: enough - 1], 0, Goal(2), Plan(100)) is None
    apart = values[:, 1] - values[:, 0]
    assert every_look(100, apart[:enough]).half_width <= 2 < every_look(100, apart[: enough - 1]).half_width
    relative = precise_after(values, 0, Goal(0.02, relative=True), Plan(100))
    assert relative is not None and abs(relative - enough) < 10
    assert precise_after(values, 0, Goal(2), Plan(100, unseen=lambda _: 2.0)) is None
    assert precise_after(values[:, :1], 0, Goal(2), Plan(100)) is not None


def test_a_sample_that_bears_no_interval_says_why() -> None:
    assert refusal(np.random.default_rng(9).normal(size=6)) is None
    assert refusal([1.0, 2.0, 3.0]) is Refusal.FEW_SETS
