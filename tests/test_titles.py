"""Titles against the numbers behind them, over comparisons that were never run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.briefing.story import story
from sim.chance.sets import SIZE
from sim.charts.house import words
from sim.charts.house.drawer import chart_of
from sim.charts.response import ANSWERED, ENDED, Answers
from sim.comparison.answer import answer
from sim.comparison.comparison import Comparison, compare
from sim.comparison.titles import answer_title, beyond, beyond_title, lenders_title
from sim.comparison.verdict import judge
from sim.measures.catalogue import COLUMNS, INDEX
from sim.measures.figures import figure
from sim.scenario.loaded import LoadedScenario
from sim.statistics.by_sets import Sets
from sim.words.language import speaking
from sim.words.names import quoted
from tests.invented import estimate, invented_comparison

response: Any = import_module("sim.charts.response")
"""The file: the package shows its function under this name."""
GAINS = st.lists(st.floats(-0.6, 0.6).map(lambda gain: round(gain, 2)), min_size=1, max_size=4)


def named(title: str, comparison: Comparison) -> set[str]:
    """The options that a title names."""
    return {name for name, option in comparison.options.items() if quoted(option.label) in title}


@pytest.mark.no_cover
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


# -- titles of a deck against its numbers ------------------------------------------------------------------------------

SETS = 12
OPTIONS = ("no sharing", "as it was", "standing clause", "pool", "pool with a reserve")
ASKED = {"ask": "What does the clause save?", "compare": ["standing clause", "as it was"]}


@cache
def _scenario() -> LoadedScenario:
    price = {"cost": {"per_unit_day_away": 100}}
    standing = {"change": {"agreements": {"both": {"standing": ["council"]}}}}
    lend = {"share": "agreements"}
    return sim.from_mapping(
        {
            "name": "Invented",
            "period": {"from": "2012-01-01", "to": "2012-12-31"},
            "resources": {"infantry_company": price},
            "missions": {
                "North": {"at": [7, -5], "holds": {"infantry_company": 2}},
                "South": {"at": [6, -10], "holds": {"infantry_company": 9}},
            },
            "crises": {
                "raids": {"mission": "North", "every_days": 30, "lasts_days": 9, "needs": {"infantry_company": 3}}
            },
            "agreements": {"both": {"between": ["North", "South"], "gates": {"council": {"days": 5}}}},
            "options": {
                "no sharing": {},
                "as it was": {"policy": lend},
                "standing clause": {"policy": lend} | standing,
                "pool": {"policy": lend | {"prevent_days": 9}} | standing,
                "pool with a reserve": {"policy": lend | {"keep": {"infantry_company": {"units": 2}}}},
            },
            "question": ASKED,
        }
    )


class Drawn:
    """Results that were never run: unmet need, lenders' exposure and costs by option and set."""

    def __init__(self, unmet: dict[str, list[float]], exposed: dict[str, float], cost: dict[str, float]) -> None:
        self.scenario, self.unmet, self.exposed, self.cost = _scenario(), unmet, exposed, cost
        self.options = OPTIONS
        self.fingerprint, self.seed, self.seeds = "sha256:" + "0" * 64, 1, (1,)
        self.replications = SIZE * SETS
        self.failed, self.bounded, self.with_bound, self.kept_replications = 0, False, 0, ()
        self.sets = Sets.in_order(self.replications, SIZE)

    def cells(self, _: str) -> tuple[tuple[str, str], ...]:
        return (("North", "infantry_company"),)

    def teams(self, _: str) -> tuple[tuple[str, str], ...]:
        return ()

    def samples(self, option: str, cell: tuple[str, str] = ("*", "*")) -> np.ndarray:
        del cell
        table = np.zeros((self.replications, len(COLUMNS)))
        unmet, wave = np.repeat(self.unmet[option], SIZE), np.repeat(np.arange(SETS) % 3 / 10, SIZE)
        lent = 0.0 if option == "no sharing" else 10.0
        exposed = min(self.exposed[option], 40) * (1 + wave) * (lent > 0)
        columns: dict[str, Any] = {"unmet_unit_days": unmet, "requirement_unit_days": 200.0, "loans": lent}
        columns |= {"exposure_unit_days": exposed, "cost_usd": self.cost[option] * (1 + wave) * (lent > 0)}
        columns |= {"lent_unit_days": lent, "cause:council": 0.6 * unmet, "cause:nobody had any": 0.4 * unmet}
        for name, column in columns.items():
            table[:, INDEX[name]] = column
        return table

    def sample(self, option: str, column: str, mission: str = "*", resource: str = "*") -> np.ndarray:
        return self.samples(option, (mission, resource))[:, INDEX[column]]


def drawn(
    unmet: dict[str, list[float]],
    exposed: dict[str, float],
    cost: dict[str, float],
    question: dict[str, Any] | None = None,
) -> Comparison:
    """The comparison of such results, asked something else where a question is given."""
    results: Any = Drawn(unmet, exposed, cost)
    if question is not None:
        results.scenario = results.scenario.change({"question": question})
    with patch("sim.comparison.comparison.set_weights", lambda *_: None):  # nothing was run, so no trace is known
        return compare(results, "as it was")


LEVELS = st.fixed_dictionaries(
    {
        name: st.tuples(st.integers(20, 150), st.lists(st.integers(-8, 8), min_size=SETS, max_size=SETS))
        for name in OPTIONS
    }
)
AMOUNTS = st.fixed_dictionaries({name: st.integers(0, 40).map(float) for name in OPTIONS})


def _days_in(text: str, value: float) -> bool:
    """Whether a text says so many unit-days, whatever the order in which they were summed."""
    return any(figure("unmet_unit_days", value + little) in text for little in (-1e-9, 0, 1e-9))


def _check_charts(comparison: Comparison, surely_worse: Callable[[str, str], bool]) -> None:
    """The titles of the charts behind the answer: what they name, and what they say of it, is in the summary."""
    means = {name: option.measures["unmet_unit_days"].mean for name, option in comparison.options.items()}
    costs = {name: option.measures["cost_usd"].mean for name, option in comparison.options.items()}
    apart, reference = chart_of("differences").finding(comparison), comparison.reference
    surely_less = {
        name
        for name in means
        if name != reference and words.better("unmet_unit_days", comparison.differences[name]["unmet_unit_days"])
    }
    for name in named(apart, comparison) - {reference}:
        assert name in surely_less and means[name] == min(means[each] for each in surely_less)
        assert not surely_worse(name, reference)
        assert _days_in(apart, means[reference] - means[name])
    assert ("No option" in apart) == (not surely_less)
    covered = named(chart_of("coverage").finding(comparison), comparison) - {reference}
    assert not (covered and surely_less) or means[min(covered)] == min(means[name] for name in surely_less)
    worth = chart_of("frontier").finding(comparison)
    if worth.startswith("On average every option that costs more"):
        order = sorted(means, key=lambda name: (costs[name], means[name]))
        assert all(means[one] > means[other] for one, other in pairwise(order))
        assert worth.endswith("significant") or not any(surely_worse(other, one) for one, other in pairwise(order))
    because = chart_of("why").finding(comparison)
    assert ("cause can be named" in because) == (
        "No answer yet" in (told := answer_title(answer(comparison))) or "changes nothing" in told
    )


@pytest.mark.no_cover
@settings(deadline=None, max_examples=40)
@given(LEVELS, AMOUNTS, AMOUNTS)
def test_no_title_contradicts_the_verdict_the_summary_or_another_title(
    levels: dict[str, tuple[int, list[int]]], exposed: dict[str, float], cost: dict[str, float]
) -> None:
    unmet = {name: [float(level + wave) for wave in waves] for name, (level, waves) in levels.items()}
    comparison = drawn(unmet, exposed, {name: 1000 * each for name, each in cost.items()})
    found, verdict = answer(comparison), judge(comparison)
    means = {name: option.measures["unmet_unit_days"].mean for name, option in comparison.options.items()}
    lack = {name: option.measures["exposure_unit_days"].mean for name, option in comparison.options.items()}

    def surely_worse(one: str, other: str) -> bool:
        """Whether the verdict has `one` leave more unmet."""
        if (one, other) in verdict.pairs:
            return verdict.pairs[one, other].low > 0
        return verdict.pairs[other, one].high < 0

    said = answer_title(found)
    assert ("saves" in said) == (found.first is not None and found.first.better)
    if "saves" in said:
        assert means["standing clause"] < means["as it was"] and not surely_worse("standing clause", "as it was")
        assert "alone saves" in said or _days_in(said, means["as it was"] - means["standing clause"])
    _check_charts(comparison, surely_worse)
    more = beyond(found)
    assert (more is None) == (beyond_title(found) == "")
    if more is not None:
        told = beyond_title(found)
        assert "saves" in said and named(told, comparison) == {more.option, "standing clause"}
        assert more.option != "no sharing", "nobody lends there"
        assert means[more.option] < means["standing clause"] and not surely_worse(more.option, "standing clause")
        assert _days_in(told, means["standing clause"] - means[more.option])
        dearer = (
            comparison.options[more.option].measures["cost_usd"].mean
            - comparison.options["standing clause"].measures["cost_usd"].mean
        )
        assert ("costs" not in told) or ("more" in told.partition("costs")[2]) == (dearer > 0)
    sparing = lenders_title(comparison)
    if sparing:
        one, other = sorted(named(sparing, comparison), key=lack.__getitem__)
        assert lack[one] <= lack[other] / 2 and lack[other] == max(lack.values()) and one != "no sharing"
        assert ("more stay unmet" in sparing) <= (means[one] > means[other]) and not (
            "less stay unmet" in sparing and surely_worse(one, other)
        )


def test_a_title_says_what_sparing_the_lenders_costs() -> None:
    level = {
        "no sharing": 150.0,
        "as it was": 120.0,
        "standing clause": 100.0,
        "pool": 60.0,
        "pool with a reserve": 80.0,
    }
    waves = dict(zip(level, (2, 3, 4, 6, 12), strict=True))  # each as often up as down over the sets
    unmet = {
        name: [value + n % waves[name] - (waves[name] - 1) / 2 for n in range(SETS)] for name, value in level.items()
    }
    exposed = {"no sharing": 0.0, "as it was": 6.0, "standing clause": 7.0, "pool": 30.0, "pool with a reserve": 4.0}
    comparison = drawn(unmet, exposed, {name: 1000.0 * value for name, value in exposed.items()})
    assert lenders_title(comparison) == (
        "Under ‘pool with a reserve’ lenders lack 4.4 unit-days instead of 33.0 under ‘pool’, and 20.0 more stay unmet"
    )
    told = beyond_title(answer(comparison)).replace("\u00a0", " ")
    assert told == "‘pool’ leaves 40.0 unit-days less unmet than ‘standing clause’ and costs $25,000 more"


LEVEL = {"no sharing": 150.0, "as it was": 120.0, "standing clause": 100.0, "pool": 60.0, "pool with a reserve": 80.0}
TITLES: dict[str, tuple[dict[str, float], dict[str, Any]]] = {
    "saves": (LEVEL, {}),
    "alone saves": (LEVEL | {"standing clause": 61.0}, {"compare": ["pool", "as it was"]}),
    "more unmet": (LEVEL | {"standing clause": 140.0}, {}),
    "changes nothing in unmet need": (LEVEL | {"standing clause": 120.0}, {}),
    "cannot be told": (LEVEL, {}),
    "more coverage": (LEVEL, {"measure": "coverage"}),
    "less coverage": (LEVEL | {"standing clause": 140.0}, {"measure": "coverage"}),
    "cannot be said yet": (
        {**LEVEL, "pool": 100.0},
        {"compare": None, "one_by_one": ["standing clause", "pool"], "against": "as it was"},
    ),
}


@pytest.mark.parametrize("kind", TITLES)
@pytest.mark.parametrize(
    ("where", "english", "french"),
    [
        (
            {"mission": "North", "resource": "infantry_company"},
            " of infantry companies in North",
            "(infantry companies",
        ),
        ({"mission": "North"}, " in North", " (North)"),
        ({"resource": "infantry_company"}, " of infantry companies", " (infantry companies)"),
        ({}, "", ""),
    ],
)
def test_a_title_says_of_which_units_and_where_it_speaks(
    kind: str, where: dict[str, str], english: str, french: str
) -> None:
    level, asked = TITLES[kind]
    waves = dict(zip(LEVEL, (2, 3, 4, 6, 12), strict=True))
    wide = 60.0 if kind == "cannot be told" else 1.0
    unmet = {
        name: [value + wide * (n % waves[name] - (waves[name] - 1) / 2) for n in range(SETS)]
        for name, value in level.items()
    }
    nothing = dict.fromkeys(LEVEL, 0.0)
    costs = {name: 1000.0 * n for n, name in enumerate(LEVEL)}
    found = answer(drawn(unmet, nothing, costs, ASKED | asked | ({"where": where} if where else {})))
    if kind.startswith("changes") and found.first is not None:
        same = replace(found.first.difference, mean=0.0, low=0.0, high=0.0, refused=None)
        found = replace(found, pairs=(replace(found.first, difference=same),))
    titles = [answer_title(found), beyond_title(found), *_why_title(found.comparison)]
    assert (kind if where else kind.removesuffix(" in unmet need")) in titles[0]
    for title in filter(None, titles):
        assert english in title and (bool(where) or " in North" not in title)
    assert ("costs" in titles[1]) <= (not where), "the cost is the whole scenario's"
    assert kind != "saves" or ("costs" in titles[1]) == (not where)
    with speaking("fr"):
        told = [answer_title(found), beyond_title(found), *_why_title(found.comparison)]
        assert all(french in title for title in told if title)


def _why_title(comparison: Comparison) -> list[str]:
    """The title of the causes, where it names one."""
    told = chart_of("why").finding(comparison)
    return [told] if "unit-days" in told or "jours-unité" in told else []


def test_a_bad_case_that_is_not_known_is_no_empty_remark(monkeypatch: pytest.MonkeyPatch) -> None:
    comparison = invented_comparison(3)
    [page] = [page for page in story(comparison) if page.name == "price"]
    assert len(page.remarks) == 1 and "One time in twenty" in page.remarks[0]
    monkeypatch.setattr("sim.briefing.story._bad_case", lambda *_: "")
    [page] = [page for page in story(comparison) if page.name == "price"]
    assert page.remarks == ()


def _met(day: float, count: int, missed: int, *, uneven: bool) -> Answers:
    """So many needs met after so many days in each of eight sets, and others not at all (of which some have more)."""
    table = []
    for k in range(8):
        lost = missed + k % 4 * uneven
        table += [(SIZE * k, day + 0.01 * k, ANSWERED)] * count + [(SIZE * k, 400.0, ENDED)] * lost
    replication, days, outcome = zip(*table, strict=True)
    return Answers(np.array(replication), np.array(days), np.array(outcome))


@pytest.mark.parametrize(("slow", "crossing"), [(9, True), (6, False)])
def test_a_title_names_where_curves_cross(slow: int, crossing: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    comparison = invented_comparison(2)
    both = {"no sharing": _met(50.0, slow, 10 - slow, uneven=False), "as it was": _met(5.0, 8, 2, uneven=True)}
    monkeypatch.setattr(response, "_answers", lambda _: both)
    monkeypatch.setattr(response, "kept_replications", lambda _: tuple(SIZE * k for k in range(8)))
    told = response.finding(comparison).replace("\u00a0", " ")
    assert "Within 30 days 69.6 % of crises' needs are met under ‘as it was’, 0.0 % under ‘no sharing’" in told
    assert told.endswith("; after 50 days it is the other way round") == crossing
    turned = dict(zip(both, reversed(both.values()), strict=True))
    monkeypatch.setattr(response, "_answers", lambda _: turned)
    later = response.finding(comparison).replace("\u00a0", " ")
    assert (
        later.startswith("No option")
        and ("in 90 days 90.0 % of crises' needs are met under ‘as it was’" in later) == crossing
    )


def test_few_logs_make_no_title_of_a_contrast() -> None:
    told = response.finding(invented_comparison(3, kept=100)).replace("\u00a0", " ")
    assert "100 logs are too few to compare" in told and told.startswith("Under ‘no sharing’")


def test_the_line_under_the_answer_speaks_of_grey_only_where_there_is_any() -> None:
    def shown(comparison: Comparison) -> str:
        return str(import_module("sim.charts.answer").shown(answer(comparison)))

    level = {name: [100.0 - 5 * k + n % 3 for n in range(SETS)] for k, name in enumerate(OPTIONS)}
    nothing = dict.fromkeys(OPTIONS, 0.0)
    assert shown(drawn(level, nothing, nothing)) == (
        "What does the clause save? In grey what is there for comparison; one unit-day: one infantry company missing"
        " for one day"
    )
    asked = invented_comparison(2, question={"compare": ["as it was", "no sharing"]})
    assert "grey" not in shown(asked) and shown(asked).endswith(
        "(one unit-day: one attack helicopter missing for one day)"
    )
    where = {"mission": "UNOCI", "resource": "infantry_company"}
    placed = invented_comparison(2, question={"compare": ["as it was", "no sharing"], "where": where})
    assert shown(placed).endswith("(one unit-day: one infantry company missing for one day)")
