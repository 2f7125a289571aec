"""Mixtures: what stands in a file, and that each is drawn by inverting its distribution function, exactly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import from_mapping
from sim.chance.trace import draw_traces
from sim.errors import ScenarioError
from sim.questions.regret.clairvoyant import least
from sim.questions.sweep.inputs import varied
from sim.questions.sweep.sweep import sweep
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.distributions import Mixture, mean_of
from sim.scenario.nouns.doubts import Doubt, OneOf
from tests.any_scenario import DISTRIBUTIONS


def loaded(days: Any, **more: Any) -> LoadedScenario:
    crisis = {"mission": "A", "on": "2012-01-02", "lasts_days": days, "needs": {"x": 1}}
    period = {"from": "2012-01-01", "to": "2012-12-31"}
    return from_mapping({"period": period, "missions": {"A": {}}, "crises": {"c": crisis}, **more})


def mixture(*parts: tuple[float, Any]) -> Mixture:
    found = loaded({"one_of": [{"weight": weight, "is": amount} for weight, amount in parts]}).crises["c"].lasts_days
    assert isinstance(found, Mixture)
    return found


def test_a_step_and_a_line_by_hand() -> None:
    """Half at 2, half anywhere from 0 to 4: F rises by 1/8 a day and by 1/2 at 2."""
    half = mixture((1, 2), (1, {"uniform": {"low": 0, "high": 4}}))
    shares = np.array([0, 0.125, 0.25, 0.5, 0.7499, 0.75, 0.875])
    np.testing.assert_allclose(half.quantile(shares), [0, 1, 2, 2, 2, 2, 3], atol=1e-12)
    assert (half.quantile(shares)[2:6] == 2).all(), "a number that is said is drawn as it is said"
    assert half.mean() == 2


def test_only_numbers_are_as_discrete() -> None:
    both = mixture((2, 1), (1, 30), (0, 5), (1, {"empirical": [1, 90]}))
    assert both.quantile(np.array([0, 0.62, 0.63, 0.87, 0.88])).tolist() == [1, 1, 30, 30, 90]
    assert (least(both), mean_of(both)) == (1, (2 + 30 + 45.5) / 4)


@pytest.mark.parametrize(
    ("said", "shape"),
    [
        ({"exponential": {"mean": 5}}, stats.expon(scale=5)),
        ({"uniform": {"low": 3, "high": 9}}, stats.uniform(3, 6)),
        ({"triangular": {"low": 2, "mode": 4, "high": 11}}, stats.triang(2 / 9, 2, 9)),
        ({"triangular": {"low": 2, "mode": 2, "high": 11}}, stats.triang(0, 2, 9)),
        ({"triangular": {"low": 2, "mode": 11, "high": 11}}, stats.triang(1, 2, 9)),
        ({"lognormal": {"mean": 60, "sd": 40}}, stats.lognorm(np.sqrt(np.log1p(4 / 9)), scale=60 / np.sqrt(13 / 9))),
        ({"gamma": {"mean": 20, "sd": 40}}, stats.gamma(0.25, scale=80)),
        ({"weibull": {"mean": 10, "shape": 1}}, stats.expon(scale=10)),
    ],
)
def test_the_share_below_what_is_drawn_is_the_share_that_was_asked_for(said: Any, shape: Any) -> None:
    drawn = mixture((2, 7), (1, said), (1, {"gamma": {"mean": 3, "sd": 1}})).quantile(shares := np.arange(4000) / 4000)

    def below(values: Any, at: Any) -> Any:
        return 0.5 * at + 0.25 * shape.cdf(values) + 0.25 * stats.gamma(9, scale=1 / 3).cdf(values)

    step = drawn == 7
    np.testing.assert_allclose(below(drawn, drawn > 7)[~step], shares[~step], atol=1e-12)
    assert (shares[step] >= below(7, 0) - 1e-12).all()
    assert (shares[step] <= below(7, 1) + 1e-12).all()


@st.composite
def _mixtures(draw: st.DrawFn) -> Mixture:
    part = st.builds(
        lambda name, mean: {name: DISTRIBUTIONS[name](mean)}, st.sampled_from(FAMILIES), st.integers(1, 90)
    )
    amounts = draw(st.lists(st.one_of(part, st.integers(0, 60)), min_size=1, max_size=4))
    return mixture(*((draw(st.sampled_from([1, 0.2, 7])), amount) for amount in amounts))


FAMILIES = [name for name in DISTRIBUTIONS if name != "one_of"]


@given(_mixtures())
def test_more_luck_is_more_days_and_each_twentieth_has_its_value(found: Mixture) -> None:
    shares = np.array([0, 1e-12, *np.linspace(1e-6, 1 - 1e-6, 401), 1 - 2.0**-53])
    drawn = found.quantile(shares)
    assert (np.diff(drawn) >= 0).all()
    assert np.isfinite(drawn).all()
    parts = [
        part.is_.quantile(shares) if not isinstance(part.is_, float) else shares * 0 + part.is_ for part in found.parts
    ]
    slack = 1e-9 * (1 + drawn)
    assert (drawn >= np.min(parts, axis=0) - slack).all(), "not below what every part would give"
    assert (drawn <= np.max(parts, axis=0) + slack).all()


@given(_mixtures(), st.lists(st.floats(0, 1 - 2.0**-53), min_size=2, max_size=20))
def test_a_draw_is_the_same_whatever_else_is_drawn_with_it(found: Mixture, shares: list[float]) -> None:
    alone = [float(found.quantile(np.array([share]))[0]) for share in shares]
    assert found.quantile(np.array(shares)).tolist() == alone


def test_the_twenty_draws_of_a_set_fall_one_into_each_twentieth() -> None:
    """Half at 2, half from 0 to 4: ten of twenty are 2, and the others are five in each half of the rest, evenly."""
    half = {"one_of": [{"weight": 1, "is": 2}, {"weight": 1, "is": {"uniform": {"low": 0, "high": 4}}}]}
    lengths = sorted(each.occurrences[0].phases[0].days for each in draw_traces(loaded(half), 1, 0))
    assert lengths[5:15] == [2] * 10
    assert [math.floor(days / 0.4) for days in (*lengths[:5], *lengths[15:])] == list(range(10))


def test_one_of_some_numbers_is_a_doubt_and_one_of_some_parts_a_distribution() -> None:
    some = {"path": "crises.c.lasts_days", "is": {"one_of": [5, 19, 60]}}
    parts = {"path": "crises.c.lasts_days", "is": {"one_of": [{"weight": 1, "is": 5}, {"weight": 3, "is": 60}]}}
    kinds = [type(loaded(10, doubts={"it": each}).doubts["it"].is_) for each in (some, parts)]
    assert kinds == [OneOf, Mixture]
    doubt = loaded(10, doubts={"it": parts}).doubts["it"]
    assert isinstance(doubt, Doubt)
    assert [doubt.at(share) for share in (0.1, 0.3, 0.9)] == [5, 60, 60]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({"one_of": [5, 19]}, "of numbers (write {empirical: [5, 19]})"),
        ({"one_of": [{"weight": 0, "is": 3}]}, "at least one weight of one_of must be more than 0"),
        ({"one_of": []}, "at least 1 entry"),
        ({"one_of": [{"is": 3}]}, "weight"),
        ({"one_of": [{"weight": 1, "is": {"one_of": [{"weight": 1, "is": 2}]}}]}, "unknown distribution"),
        ({"one_of": [{"weight": 1, "is": 40_000}]}, "must be 36,500 days or less"),
        ({"one_of": [{"weight": 1, "is": {"uniform": {"low": 0, "high": 40_000}}}]}, "must be 36,500 days or less"),
    ],
)
def test_what_is_no_mixture_is_refused(days: Any, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loaded(days)
    assert told in str(caught.value)


def test_a_number_in_a_mixtures_place_settles_the_doubts_within_it() -> None:
    parts = {"one_of": [{"weight": 2, "is": 1}, {"weight": 1, "is": {"lognormal": {"mean": 60, "sd": 40}}}]}
    doubts = {"how often": {"path": "crises.c.lasts_days.one_of.1.weight", "is": {"between": [1, 3]}}}
    scenario = loaded(parts, doubts=doubts)
    fixed = varied(scenario, {"crises.c.lasts_days": 5})
    assert (fixed.crises["c"].lasts_days, dict(fixed.doubts)) == (5, {})
    slower = varied(scenario, {"crises.c.lasts_days.one_of.2.is.lognormal.mean": 90})
    assert list(slower.doubts) == ["how often"]
    lines = sweep(scenario, {"crises.c.lasts_days": [5]}, replications=20, workers=1).sentences()
    assert any("is drawn in the scenario, a mixture; a plain number here" in line for line in lines)
