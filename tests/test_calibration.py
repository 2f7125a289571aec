"""Fits give back what was put in, and say how little a few cases tell."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from calibration import (
    Episode,
    calm_months,
    chance,
    correlation,
    episodes,
    every,
    holdings,
    lognormal,
    rate,
    shares,
)

MONTHS = [40, 0, 30, 60, 5, 0, 0, 26, 25, 90, 80]


def test_episodes_are_runs_above_the_threshold_that_began_within_the_series() -> None:
    assert episodes(MONTHS, 25) == (
        Episode(start=2, months=2, total=90, peak=60, ended=True),
        Episode(start=7, months=1, total=26, peak=26, ended=True),
        Episode(start=9, months=2, total=170, peak=90, ended=False),
    )
    assert calm_months(MONTHS, 25) == 5
    assert episodes([0, 0, 0], 25) == ()


def test_an_episode_lasted_at_least_two_months_less_than_it_touches() -> None:
    assert Episode(0, 1, 1, 1, ended=True).lasted() == (0, 1)
    assert Episode(0, 5, 1, 1, ended=True).lasted() == (3, 5)
    assert Episode(0, 5, 1, 1, ended=False).lasted() == (3, math.inf)


def test_rate_is_the_gamma_posterior_of_jeffreys() -> None:
    fit = rate(5, 30)
    assert fit.value == pytest.approx(5.5 / 30)
    # Quantiles of the gamma with shape 5.5 are half those of chi-squared with 11 degrees of freedom (3.816, 21.920).
    assert fit.low == pytest.approx(3.816 / 2 / 30, rel=1e-3)
    assert fit.high == pytest.approx(21.920 / 2 / 30, rel=1e-3)


def test_no_event_leaves_the_interval_open() -> None:
    assert rate(0, 60).low == 0
    assert every(0, 60).high == math.inf
    assert every(5, 30).value == pytest.approx(30 / 5.5)


def test_chance_is_the_beta_posterior_of_jeffreys() -> None:
    # Brown, Cai & DasGupta (2001), table 5: Jeffreys 95 % limits for 1 of 10.
    fit = chance(1, 10)
    assert (fit.low, fit.high) == (pytest.approx(0.011, abs=5e-4), pytest.approx(0.381, abs=5e-4))
    assert chance(0, 5).low == 0
    assert chance(5, 5).high == 1


def test_many_cases_give_back_the_lognormal() -> None:
    drawn = np.random.default_rng(11).lognormal(math.log(20), 0.5, 400)
    fit = lognormal([float(each) for each in drawn], prior_median=10)
    true_mean = 20 * math.exp(0.125)
    assert fit.mean.low < true_mean < fit.mean.high
    assert fit.mean.value == pytest.approx(true_mean, rel=0.08)
    assert fit.sd.value == pytest.approx(true_mean * math.sqrt(math.expm1(0.25)), rel=0.15)


def test_few_cases_leave_a_wide_interval() -> None:
    few, more = lognormal([2, 5, 11, 12], prior_median=7), lognormal([2, 5, 11, 12] * 10, prior_median=7)
    assert few.mean.high / few.mean.low > 2 * more.mean.high / more.mean.low
    assert few.likely[0] < 2.5
    assert few.likely[1] > 12


def test_censored_cases_move_the_fit_the_right_way() -> None:
    exact = lognormal([10, 10, 10], prior_median=10)
    still_going_on = lognormal([10, 10, (10, math.inf)], prior_median=10)
    at_most = lognormal([10, 10, (0, 10)], prior_median=10)
    assert at_most.mean.value < exact.mean.value < still_going_on.mean.value


def test_shares_of_classes() -> None:
    small, middle, large = shares([1, 2, 30, 300], bounds=[25, 100])
    assert (small.value, middle.value, large.value) == (2.5 / 5, 1.5 / 5, 1.5 / 5)


def test_holdings_change_only_where_the_change_lasts() -> None:
    spike_then_ramp = [7500, 7500, 8600, 7500, 7500, 7700, 9100, 9200, 9150, 9100]
    assert holdings(spike_then_ramp, 250) == ((0, 30), (5, 31), (6, 36))
    assert holdings([6800, 6600, 4900, 4900, 4800, 4900], 260) == ((0, 26), (1, 25), (2, 19))
    assert holdings([1000], 260) == ((0, 4),)


def test_correlation_of_a_constant_cannot_be_estimated() -> None:
    series = np.random.default_rng(3).poisson(20, 60)
    assert math.isnan(correlation(series, np.zeros(60)).value)
    same = correlation(series, series)
    assert (same.value, same.low) == (pytest.approx(1), pytest.approx(1))


@pytest.mark.parametrize(
    "bad",
    [
        lambda: rate(1, 0),
        lambda: rate(-1, 1),
        lambda: chance(3, 2),
        lambda: lognormal([(5, 5)], prior_median=5),
        lambda: lognormal([5], prior_median=0),
        lambda: holdings([100], 0),
    ],
)
def test_what_makes_no_sense_is_refused(bad: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        bad()
