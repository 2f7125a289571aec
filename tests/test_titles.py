"""Titles against the numbers behind them, over comparisons that were never run."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.charts.house.drawer import chart_of
from sim.comparison.comparison import Comparison
from sim.words.names import quoted
from tests.invented import estimate, invented_comparison

GAINS = st.lists(st.floats(-0.6, 0.6).map(lambda gain: round(gain, 2)), min_size=1, max_size=4)


def named(title: str, comparison: Comparison) -> set[str]:
    """The options that a title names."""
    return {name for name, option in comparison.options.items() if quoted(option.label) in title}


@settings(deadline=None, max_examples=60)
@given(GAINS, st.floats(0.001, 1.5))
def test_titles_of_one_deck_name_the_same_option_and_none_that_the_verdict_would_not(
    gains: list[float], half: float
) -> None:
    comparison = invented_comparison(len(gains) + 1, gains=[0.0, *gains], half=half, results=False)
    surely_less = {
        name
        for name, by in comparison.differences.items()
        if by["unmet_unit_days"].significant and by["unmet_unit_days"].mean < 0
    }
    others = named(chart_of("differences").finding(comparison), comparison) - {comparison.reference}
    assert others <= surely_less
    assert bool(others) == bool(surely_less)
    if others:
        [best] = others
        unmet = {name: option.measures["unmet_unit_days"].mean for name, option in comparison.options.items()}
        assert unmet[best] == min(unmet[name] for name in surely_less)
        said = chart_of("differences").finding(comparison)
        assert f"{unmet[comparison.reference] - unmet[best]:,.0f}"[:2] in said.replace("\u00a0", "")
    covered = named(chart_of("coverage").finding(comparison), comparison) - {comparison.reference}
    assert not (covered and others) or covered == others


@settings(deadline=None, max_examples=40)
@given(GAINS)
def test_one_replication_makes_no_title_of_a_contrast(gains: list[float]) -> None:
    comparison = invented_comparison(
        len(gains) + 1, gains=[0.0, *gains], half=float("nan"), replications=1, results=False
    )
    for chart in ("coverage", "differences"):
        assert "cannot tell the options apart" in chart_of(chart).finding(comparison)


def _without_paper(comparison: Comparison, name: str) -> Comparison:
    """The same where one option leaves nothing but what nobody had."""
    option = comparison.options[name]
    unmet = option.measures["unmet_unit_days"].mean
    parts = {
        cause: estimate(unmet if cause == "nobody had any" else 0.0, 0.01 * unmet) for cause in option.unmet_by_cause
    }
    return replace(comparison, options=dict(comparison.options) | {name: replace(option, unmet_by_cause=parts)})


def test_what_had_to_be_is_no_title() -> None:
    comparison = invented_comparison(2, gains=[0.3, 0.6], half=0.02, results=False)
    reference, best = comparison.options
    assert named(chart_of("causes").finding(comparison), comparison) == {best}
    told = chart_of("causes").finding(_without_paper(comparison, best))
    assert named(told, comparison) == {reference}
    assert "nobody" not in told


def test_that_nothing_is_permitted_where_nobody_may_lend_is_no_title() -> None:
    comparison = invented_comparison(2, gains=[0.0, -0.4], half=0.02, results=False)
    reference, other = comparison.options
    told = chart_of("causes").finding(comparison)
    assert named(told, comparison) == {reference} and "not permitted" in told, "no option is better"
    option = comparison.scenario.options[reference]
    alone = option.model_copy(update={"policy": option.policy.model_copy(update={"share": "none"})})
    options = dict(comparison.scenario.options) | {reference: alone}
    changed = replace(comparison, scenario=comparison.scenario.model_copy(update={"options": options}))
    assert named(chart_of("causes").finding(changed), changed) == {other}
