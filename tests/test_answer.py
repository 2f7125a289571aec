"""The answer to the scenario's question: its words against its numbers, and what fits on a screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

import sim
from sim.chance.sets import SIZE
from sim.charts.house.drawer import chart_of
from sim.commands.shared.first_screen import MOST_LINES, FirstScreen, Row, layout, wrapped
from sim.comparison.answer import in_one_comparison
from sim.comparison.answer_words import NBSP, price_in_words
from sim.comparison.comparison import compare
from sim.comparison.pair import LEAST_WORLDS, pair
from sim.comparison.price import Price
from sim.measures.catalogue import COLUMNS, INDEX
from sim.questions.decision.decision import Decision, decide
from sim.scenario.loaded import LoadedScenario
from sim.statistics.by_sets import Sets
from sim.words.language import speaking

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))
LARGE = ("all_missions", "contraction_2025")
"""Scenarios that take too long to be run until something can be told."""
HELICOPTERS, COMPANIES = ("North", "attack_helicopter"), ("South", "infantry_company")
NEEDED = 100.0


def plan(*, doubts: bool = False, question: dict[str, Any] | None = None, cost: float = 100) -> dict[str, Any]:
    """Two missions, four options, of which the last meets other crises; `cost` of a day away."""
    price = {"cost": {"per_unit_day_away": cost}}
    told: dict[str, Any] = {
        "name": "Invented",
        "period": {"from": "2012-01-01", "to": "2012-12-31"},
        "resources": {"attack_helicopter": price, "infantry_company": price},
        "missions": {
            "North": {"at": [7, -5], "holds": {"attack_helicopter": 2}},
            "South": {"at": [6, -10], "holds": {"infantry_company": 9}},
        },
        "crises": {
            "raids": {"mission": "North", "every_days": 30, "lasts_days": 20, "needs": {"attack_helicopter": 3}}
        },
        "agreements": {"both": {"between": ["North", "South"], "gates": {"council": {"days": 5}}}},
        "options": {
            "no sharing": {},
            "as it was": {"policy": {"share": "agreements"}},
            "standing clause": {
                "policy": {"share": "agreements"},
                "change": {"agreements": {"both": {"standing": ["council"]}}},
            },
            "fewer raids": {"policy": {"share": "agreements"}, "change": {"crises": {"raids": {"every_days": 60}}}},
        },
    }
    if doubts:
        told["doubts"] = {"Raids": {"path": "crises.raids.every_days", "times": {"uniform": {"low": 0.5, "high": 2}}}}
    return told | ({"question": question} if question else {})


class Told:
    """Results that were never run: `unmet` by option and set, every replication of a set alike but for little."""

    def __init__(self, scenario: LoadedScenario, unmet: dict[str, list[float]]) -> None:
        self.scenario, self.unmet, self.options = scenario, unmet, tuple(unmet)
        self.fingerprint, self.seed, self.seeds = "sha256:" + "0" * 64, 1, (1,)
        self.replications = SIZE * len(next(iter(unmet.values())))
        self.failed, self.bounded, self.with_bound = 0, False, 0
        self.sets = Sets.in_order(self.replications, SIZE)

    def cells(self, _: str) -> tuple[tuple[str, str], ...]:
        return HELICOPTERS, COMPANIES

    def teams(self, _: str) -> tuple[tuple[str, str], ...]:
        return ()

    def samples(self, option: str, cell: tuple[str, str] = ("*", "*")) -> np.ndarray:
        share = {("*", "*"): 1.0, HELICOPTERS: 0.8, COMPANIES: 0.2}[cell]
        table = np.zeros((self.replications, len(COLUMNS)))
        unmet = np.repeat(self.unmet[option], SIZE) * share
        lent = 0.0 if option == "no sharing" else 10.0
        values: dict[str, Any] = {"unmet_unit_days": unmet, "requirement_unit_days": NEEDED * share, "loans": lent}
        cost = (1000 + 2 * np.repeat(BEFORE, SIZE)[: self.replications]) * (option == "standing clause")
        values |= {"lent_unit_days": lent, "cost_usd": 100 * lent + cost}
        values |= {"cause:council": 0.6 * unmet, "cause:nobody had any": 0.4 * unmet}
        for name, column in values.items():
            table[:, INDEX[name]] = column
        return table

    def sample(self, option: str, column: str, mission: str = "*", resource: str = "*") -> np.ndarray:
        return self.samples(option, (mission, resource))[:, INDEX[column]]


def told(unmet: dict[str, list[float]], **more: Any) -> Any:
    """The comparison of such results."""
    results: Any = Told(sim.from_mapping(plan(**more)), unmet)
    with patch("sim.comparison.comparison.set_weights", lambda *_: None):  # nothing was run, so no trace is known
        return compare(results)


BEFORE = [50.0 + n % 2 for n in range(20)]
ASK = {"ask": "What does the clause save?", "compare": ["standing clause", "as it was"]}


def four(gains: list[float]) -> dict[str, list[float]]:
    """As it was BEFORE, with the clause less by the gains."""
    clause = [was - gain for was, gain in zip(BEFORE, gains, strict=True)]
    return {"no sharing": [90.0 + n % 5 for n in range(20)], "as it was": BEFORE, "standing clause": clause,
            "fewer raids": [20.0 + n % 5 for n in range(20)]}  # fmt: skip


# -- wording against numbers -----------------------------------------------------------------------------------------


@pytest.mark.no_cover
@settings(max_examples=80, deadline=None)
@given(
    gains=st.lists(st.floats(-40, 40).map(lambda gain: round(gain, 1)), min_size=20, max_size=20),
    doubts=st.booleans(),
)
def test_the_answer_never_says_more_than_interval_and_worlds(gains: list[float], doubts: bool) -> None:
    answer = sim.answer(told(four(gains), doubts=doubts, question=ASK))
    found, text = answer.first, answer.text
    assert found is not None
    low, high = found.difference.low, found.difference.high
    assert ("saves" in answer.sentences[0]) == (high < 0)
    assert ("more unmet" in answer.sentences[0] and "No answer" not in text) == (low > 0)
    assert text.startswith(("No answer", "None")) == (not (high < 0 or low > 0))
    assert ("worlds" in text) <= doubts
    assert (answer.price is None) == (not high < 0)
    if not doubts:
        assert found.worlds is None and answer.as_json()["holds_in_worlds"] is None
        return
    assert found.worlds is not None
    holds = sum(np.sign(-gain) == np.sign(found.difference.mean) for gain in gains)
    assert found.worlds.holds == holds or abs(sum(gains)) < 1e-6
    if found.difference.significant:
        assert ("in every world" in text) == (found.worlds.holds == 20)
        assert ("but only in" in text) == (10 * found.worlds.holds < 9 * 20)
        assert found.worlds.holds == 20 or f"in {found.worlds.holds} of 20 worlds" in text
        assert "in nine worlds of ten" in text


def test_the_figures_of_the_answer_are_those_of_the_comparison() -> None:
    comparison = told(four([10.0 + n % 4 for n in range(20)]), doubts=True, question=ASK)
    answer = sim.answer(comparison)
    apart = comparison.options["standing clause"].measures["unmet_unit_days"].mean - np.mean(BEFORE)
    assert answer.first is not None and answer.first.difference.mean == pytest.approx(apart)
    assert answer.question == "What does the clause save?"
    assert (
        answer.sentences[0]
        .replace("\u00a0", " ")
        .startswith("‘standing clause’ saves 11.5 of 50.5 unit-days of unmet need against ‘as it was’ (by chance ")
    )
    assert "; in nine worlds of ten 10.0 to 13.0), in every world." in answer.text
    assert "Most of it is attack helicopters in North, of which 61.0 % is met instead of 49.5 %" in answer.text
    assert "each unit-day saved costs $96 and no lender's day." in answer.text
    assert "What stood in the way: the Council's vote, 30.3 unit-days, of which 23.4 are left." in answer.text
    json = answer.as_json()
    assert json["text"] == answer.text and "\u00a0" not in json["text"]
    assert json["difference"]["plausible"] == pytest.approx([-13, -10])
    assert json["holds_in_worlds"] == 20
    assert json["price"]["usd_per_unit_day"] == pytest.approx(1101 / 11.5)


@pytest.mark.parametrize(
    ("price", "english", "french"),
    [
        (
            Price(None, False, 0.0),
            "costs no lender's day (dollars: not counted)",
            "ne coûte aucun jour-unité aux prêteurs",
        ),
        (Price(96.0, False, 0.0), "it costs no lender's day", "ne coûte aucun jour-unité aux prêteurs"),
        (Price(-96.0, True, 0.0), "spares $96 and costs no lender's day", "et ne coûte aucun jour-unité aux prêteurs"),
        (Price(96.0, True, 0.0), "costs $96 and no lender's day", "et n’ôte aucun jour-unité aux prêteurs"),
        (Price(96.0, True, 0.3), "costs $96 and 0.3 unit-days that lenders then lack", "0,3 jours-unité aux prêteurs"),
        (
            Price(96.0, True, 0.3, counted_in=True),
            "costs $96 and 0.3 unit-days that lenders then lack (already counted)",
            "0,3 jours-unité aux prêteurs (déjà comptés)",
        ),
    ],
)
def test_what_costs_the_lenders_nothing_is_denied_as_the_language_denies(
    price: Price, english: str, french: str
) -> None:
    assert english in price_in_words(price).replace(NBSP, " ")
    with speaking("fr"):
        assert french in price_in_words(price).replace(NBSP, " ")


@pytest.mark.parametrize(("place", "net"), [({}, True), ({"where": {"mission": "North"}}, False)])
def test_what_lenders_lack_is_counted_already_where_the_saving_is_of_all(place: dict[str, Any], net: bool) -> None:
    answer = sim.answer(told(four([10.0 + n % 4 for n in range(20)]), question=ASK | place))
    assert answer.price is not None and answer.price.counted_in is net


def test_that_nothing_is_permitted_where_nobody_shares_stood_in_no_way() -> None:
    gains = four([10.0 + n % 4 for n in range(20)])
    for against, said in (("as it was", True), ("no sharing", False)):
        comparison = told(gains, question={"ask": "And?", "compare": ["standing clause", against]})
        with patch.object(Told, "samples", _not_permitted(Told.samples)):
            text = sim.answer(comparison).text
        assert "saves" in text and ("What stood in the way: loans not permitted" in text) is said


def _not_permitted(samples: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """The same samples with all unmet need for want of a permission."""

    def moved(self: Told, option: str, cell: tuple[str, str] = ("*", "*")) -> np.ndarray:
        table = samples(self, option, cell)
        table[:, [INDEX["cause:council"], INDEX["cause:nobody had any"]]] = 0.0
        table[:, INDEX["cause:not permitted"]] = table[:, INDEX["unmet_unit_days"]]
        return table

    return moved


def test_the_table_holds_options_against_the_one_that_the_answer_does() -> None:
    unmet = four([10.0 + n % 4 for n in range(20)])
    table = [line.text for line in FirstScreen(decide(told(unmet, question=ASK))).lines(100)]
    assert any(re.search(r"as it was \(reference\) +50\.5 +– ", line) for line in table)
    assert any(re.search(r"standing clause +39\.0 +11\.5 ", line) for line in table), "what its first sentence says"
    with patch("sim.comparison.comparison.set_weights", lambda *_: None):
        one = in_one_comparison(told(unmet, question=ASK))
        assert one.reference == "as it was" and in_one_comparison(one) is one
        asked_for = compare(one.results, "standing clause")  # type: ignore[arg-type]
    assert in_one_comparison(asked_for) is asked_for, "a reference that was asked for by name stays"


def test_what_nobody_priced_is_not_counted() -> None:
    answer = sim.answer(told(four([10.0 + n % 4 for n in range(20)]), question=ASK, cost=0))
    assert "not counted" in answer.text and "$" not in answer.text
    assert answer.as_json()["price"]["usd_per_unit_day"] is None
    assert not answer.counted("as it was")


def test_an_option_of_another_group_is_never_compared() -> None:
    comparison = told(four([10.0 + n % 4 for n in range(20)]))
    answer = sim.answer(comparison)
    assert "fewer raids" not in answer.text
    assert answer.leaders == ("standing clause",)
    assert all("fewer raids" not in (found.option, found.against) for found in answer.pairs)
    assert any("‘fewer raids’" in each for each in answer.cannot_be_said)
    assert not answer.counted("fewer raids"), "nobody says what it costs that there are fewer"
    lines = [line.text for line in FirstScreen(decide(comparison)).lines(100)]
    place = next(number for number, line in enumerate(lines) if "apart" in line)
    assert [line.split("  ")[1] for line in lines[place + 1 : place + 2]] == ["fewer raids"]
    assert re.search(r"fewer raids +22\.0 +– +0\.0 +not counted +–$", lines[place + 1])


def test_everything_that_is_said_of_options_stays_within_their_group() -> None:
    found = decide(told(four([10.0 + n % 4 for n in range(20)])))
    comparison, apart = found.comparison, "fewer raids"
    assert set(comparison.differences) == set(comparison.groups[next(iter(comparison.groups))]) - {comparison.reference}
    assert apart not in comparison.differences and apart in comparison.options
    assert not any(apart in pair for pair in found.verdict.pairs)
    assert found.verdict.of(apart).may_be_best == (apart,) and apart not in found.verdict.ranking.standings
    named = [line for line in found.verdict.sentences(tails=False) if apart in line]
    assert len(named) == 1 and named[0].startswith(f"‘{apart}’ stands apart")
    for chart in map(chart_of, ("frontier", "differences")):
        assert apart not in chart.finding(comparison)
        assert apart not in {row["option"] for row in chart.rows(comparison)}


def test_steps_are_ranked_one_by_one() -> None:
    gains = [10.0 + n % 4 for n in range(20)]
    question = {"one_by_one": ["as it was", "standing clause"], "against": "no sharing"}
    answer = sim.answer(told(four(gains), question=question))
    assert [found.option for found in answer.pairs] == ["standing clause", "as it was"]
    assert answer.question == "Which of these steps first?"
    assert answer.text.startswith("Of the 2 steps, ‘standing clause’ gains most: it saves ")
    assert "What the others save: by itself ‘as it was’ 41.5 unit-days" in answer.text
    assert answer.worlds_first is None


def test_of_several_the_answer_says_in_how_many_worlds_the_first_is_ahead() -> None:
    gains = [20.0] * 12 + [-1.0] * 8
    question = {"one_by_one": ["as it was", "standing clause"], "against": "no sharing"}
    answer = sim.answer(told(four(gains), question=question, doubts=True))
    assert answer.worlds_first == answer.as_json()["first_in_worlds"] == 12
    assert answer.leaders == ("standing clause",)
    assert (
        "Of the 2 steps, ‘standing clause’ gains most, but ahead of the others in only 12 of 20 worlds: it"
        in answer.text
    )
    always = sim.answer(told(four([10.0 + n % 4 for n in range(20)]), question=question, doubts=True))
    assert always.worlds_first == 20 and "ahead of" not in always.text


def test_a_place_a_measure_and_a_target_are_honoured() -> None:
    gains = [10.0 + n % 4 for n in range(20)]
    where = {"where": {"resource": "attack_helicopter"}, "target": {"coverage": 0.6}}
    answer = sim.answer(told(four(gains), question=ASK | where))
    assert answer.first is not None
    assert answer.first.difference.mean == pytest.approx(-0.8 * 11.5)
    assert "of unmet need of attack helicopters against" in answer.text
    assert re.search(
        r"60 % of the need of attack helicopters is met in \d+ of 400 replications instead of 0", answer.text
    )
    answer = sim.answer(told(four(gains), question=ASK | {"measure": "coverage"}))
    assert answer.text.startswith(
        "‘standing clause’ has 11.5 points more coverage than ‘as it was’ (61.0 % instead of 49.5 %"
    )
    assert answer.first is not None and answer.first.better


def test_where_nothing_can_be_said_that_is_said() -> None:
    alternating = [8.0 * (-1) ** n for n in range(20)]
    assert sim.answer(told(four(alternating), question=ASK)).text.startswith(
        "No answer: ‘standing clause’ cannot be told"
    )
    few = {name: values[:1] for name, values in four([5.0] * 20).items()}
    assert "too few" in sim.answer(told(few, question=ASK)).text
    without = {name: values for name, values in four([5.0] * 20).items() if name != "standing clause"}
    assert sim.answer(told(without, question=ASK)).text == "No answer: ‘standing clause’ was not run."
    unsaid = sim.answer(told(without, question={"compare": ASK["compare"]})).question
    assert unsaid == "What does ‘standing clause’ change against ‘as it was’?"
    assert sim.answer(told({"no sharing": BEFORE})).text.endswith("‘as it was’ and ‘standing clause’ were not run.")
    where = {"measure": "days_short", "where": {"resource": "attack_helicopter"}}
    assert "do not add up" in sim.answer(told(four([5.0] * 20), question=ASK | where)).text


def test_fewer_worlds_than_ten_have_no_nine_of_ten() -> None:
    few = {name: values[: LEAST_WORLDS - 2] for name, values in four([10.0 + n % 4 for n in range(20)]).items()}
    answer = sim.answer(told(few, doubts=True, question=ASK))
    assert "nine worlds of ten" not in answer.text and "over 8 worlds" in answer.text
    assert answer.as_json()["difference"]["plausible"] is None


def test_two_options_that_do_the_same_are_told_apart_by_nothing() -> None:
    comparison = told(four([0.0] * 20))
    found = pair(comparison, "as it was", "as it was", "unmet_unit_days", ("*", "*"))
    assert found.difference.nothing and not found.better


# -- the screen ------------------------------------------------------------------------------------------------------


@cache
def shipped(path: Path) -> Decision:
    """A shipped scenario, run as often as it takes to tell anything."""
    return decide(compare(sim.run(sim.load(path), replications=(1 if path.stem in LARGE else 6) * SIZE, workers=1)))


@pytest.mark.no_cover
@pytest.mark.parametrize("width", [60, 80, 100, 200])
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_shipped_scenario_is_answered_on_one_screen(path: Path, width: int) -> None:
    lines = [line.text for line in FirstScreen(shipped(path), Path("results/a_scenario"), 6).lines(width)]
    assert max(map(cell_len, lines)) <= min(width, 100)
    assert len(lines) <= MOST_LINES or width < 80
    text, answer = " ".join(" ".join(lines).split()), shipped(path).answer
    assert " ".join(answer.text.split()) in text
    assert 1 <= len(answer.sentences) <= 3
    assert not [line for line in lines if re.match(r"\s*(unit-days|%|million|points|replications,)", line)]
    assert "all figures: --full" in text


@settings(max_examples=150, deadline=None)
@given(text=st.text("ab é語\u00a0", max_size=120), width=st.integers(5, 60))
def test_only_spaces_break_lines(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert " ".join(lines).split(" ") == text.split(" ")
    assert all(cell_len(line) <= width or " " not in line for line in lines)


@settings(max_examples=80, deadline=None)
@given(names=st.lists(st.text("abc d", min_size=1, max_size=50), min_size=1, max_size=8), width=st.integers(58, 98))
def test_a_table_keeps_its_columns_and_its_words(names: list[str], width: int) -> None:
    figures = ("2,358", "1,298", "206", "$11.23M", "in\u00a010\u00a0of\u00a010 worlds")
    rows = [Row("option", ("unmet need", "saved", "lenders lack", "cost", "may be best"))]
    rows += [Row(name, figures) for name in names]
    lines = [line for row in layout(rows, width) for line in row]
    assert all(cell_len(line) <= width or len(max(line.split(), key=len)) > 15 for line in lines)
    assert all(sum(figure in line for line in lines) >= len(names) for figure in figures[:4])
