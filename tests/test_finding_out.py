"""Which number to find out first: from samples and worlds to JSON and words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

import sim
from sim.charts.house.drawer import chart_of
from sim.commands.shared.terminal import show_doubts
from sim.comparison.comparison import compare
from sim.errors import UsageError
from sim.measures.catalogue import COLUMNS
from sim.questions.doubts.doubts import doubts_in_worlds, value_of_finding_out
from sim.questions.doubts.result import Doubts
from sim.questions.doubts.trials import DoubtValues, Trials, doubt_values
from sim.scenario.loaded import LoadedScenario
from sim.statistics.by_sets import Sets
from sim.statistics.value_of_information import FEWEST, Terms, Worth
from tests.invented import invented_doubts, invented_scenario
from tests.test_charts import assert_legible

Array = NDArray[np.float64]
SIZE = 20
SETS = 80


def scenario(**more: Any) -> LoadedScenario:
    """Two missions that may share; a doubt on consent, one on raids, one on the lift."""
    plan: dict[str, Any] = {
        "name": "Two missions",
        "period": {"from": "2012-01-01", "to": "2012-12-31"},
        "missions": {
            "ONE": {"at": [0, 0], "holds": {"helicopter": {"Ghana": 3}}},
            "TWO": {"at": [0, 9], "holds": {"helicopter": {"Ghana": 3}}},
        },
        "crises": {"raids": {"mission": "ONE", "every_days": 60, "lasts_days": 20, "needs": {"helicopter": 4}}},
        "contributors": {"Ghana": {"consent_days": 10}},
        "options": {
            "none": {"policy": {"share": "none"}},
            "slow": {"policy": {"share": "all"}},
            "safe": {"policy": {"share": "all", "foresee_days": 9}},
            "more": {"policy": {"share": "none"}, "change": {"missions": {"ONE": {"holds": {"helicopter": 9}}}}},
        },
        "question": {"ask": "What does sharing save?", "compare": ["slow", "none"]},
        "doubts": {
            "Ghana's consent": {"path": "contributors.Ghana.consent_days", "is": {"between": [0, 40]}},
            "Raids": {"path": "crises.raids.every_days", "times": {"between": [0.5, 2]}},
            "Length": {"path": "crises.raids.lasts_days", "is": {"one_of": [10, 20, 30]}},
        },
        "experiment": {"seed": 7},
    }  # fmt: skip
    return sim.from_mapping(plan | more)


class Results:
    """Results whose samples are known functions of the worlds, with chance."""

    def __init__(self, plan: LoadedScenario, sets: int = SETS, options: tuple[str, ...] | None = None) -> None:
        self.scenario, self.seed, self.seeds, self.fingerprint = plan, 7, (7,), "sha256:0"
        self.options = options or tuple(plan.options)
        self.replications = SIZE * sets
        self.sets = Sets.in_order(self.replications, SIZE)
        dice = np.random.default_rng(4)
        self.worlds = [
            {"Ghana's consent": 40 * dice.random(), "Raids": 0.5 + 1.5 * dice.random(),
             "Length": float(dice.choice([10, 20, 30]))}
            for _ in range(sets)
        ]  # fmt: skip

    def runs(self) -> list[tuple[int, int]]:
        return [(0, number) for number in range(self.replications)]

    def teams(self, _: str) -> tuple[tuple[str, str], ...]:
        return ()

    def cells(self, option: str) -> tuple[tuple[str, str], ...]:
        assert option in self.options
        return ()

    def sample(self, option: str, column: str) -> Array:
        return self.samples(option)[:, COLUMNS.index(column)]

    def samples(self, option: str, cell: tuple[str, str] = ("*", "*")) -> Array:
        """Slow sharing saves 200 less ten a day of consent, safe sharing 40; more units save 10,000."""
        assert cell == ("*", "*")
        days = np.array([world["Ghana's consent"] for world in self.worlds]).repeat(SIZE)
        chance = np.random.default_rng([5, list(self.scenario.options).index(option)]).normal(size=len(days)) * 60
        saved = {"none": 0 * days, "slow": 200 - 10 * days, "safe": 40 + 0 * days, "more": 10_000 + 0 * days}[option]
        table = np.zeros((len(days), len(COLUMNS)))
        table[:, COLUMNS.index("unmet_unit_days")] = 20_000 - saved + chance
        table[:, COLUMNS.index("requirement_unit_days")] = 40_000
        return table


def found_in(results: Results) -> Doubts:
    return doubts_in_worlds(compare(cast(Any, results)), results.worlds)


@pytest.fixture(scope="module")
def found() -> Doubts:
    return found_in(Results(scenario()))


def test_json_is_as_promised(found: Doubts) -> None:
    told = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert list(told) == ["question", "worlds", "evpi", "doubts"]
    assert (told["question"], told["worlds"]) == ("What does sharing save?", SETS)
    assert list(told["evpi"]) == ["value", "low", "high"]
    assert list(told["doubts"]) == ["Ghana's consent", "Raids", "Length"]
    for each in told["doubts"].values():
        assert list(each) == ["path", "share_of_spread", "evppi", "switches_at", "best_after"]
    assert told["doubts"]["Raids"]["path"] == "crises.raids.every_days"


def test_what_decides_is_found_with_its_value(found: Doubts) -> None:
    """Known: E max(200 − 10 d, 40) − 40 for d even over 0 to 40: 32; another is best below 16 days."""
    consent, raids, length = found.doubts.values()
    assert found.best == "safe"
    assert consent.evppi.low < 32 < consent.evppi.high
    assert consent.evppi.value == pytest.approx(32, abs=10)
    assert found.evpi.value == pytest.approx(32, abs=10)
    assert (consent.best_after, consent.above) == ("slow", False)
    assert consent.switches_at == pytest.approx(16, abs=1.5)
    assert consent.share_of_spread > 0.9
    assert raids.evppi.low == length.evppi.low == 0
    assert max(raids.share_of_spread, length.share_of_spread) < 0.1


def test_options_of_another_group_are_no_choice(found: Doubts) -> None:
    """More units save most by far: but that is another world, not another choice."""
    assert "more" in scenario().options
    assert found.options == ("none", "slow", "safe")


def test_only_what_was_run_can_be_chosen() -> None:
    assert found_in(Results(scenario(), options=("none", "slow"))).options == ("none", "slow")
    with pytest.raises(UsageError, match="no two options"):
        found_in(Results(scenario(), options=("none", "safe")))


def test_a_scenario_without_doubts_is_refused() -> None:
    with pytest.raises(UsageError, match="doubts"):
        found_in(Results(scenario(doubts={})))


def test_words(found: Doubts) -> None:
    lines = found.sentences()
    worth = f"{found.doubts[next(iter(found.doubts))].evppi.value:.0f}"
    assert lines[0] == f"First to find out: Ghana's consent (worth up to {worth} unit-days)."
    assert lines[1].startswith("All 3 together are worth ")
    assert lines[2] == "‘slow’ is a better choice than ‘safe’ where ‘Ghana's consent’ is below 16 days."
    assert lines[3].startswith("How much ‘slow’ gains over ‘none’ depends on ‘Ghana's consent’ (9")
    assert str(found) == "\n".join(lines)


def test_too_few_worlds_say_so_and_how_many_it_takes() -> None:
    found = found_in(Results(scenario(), sets=FEWEST - 10))
    told = found.as_json()
    assert told["evpi"] == {"value": None, "low": None, "high": None}
    for each in told["doubts"].values():
        assert each["evppi"] == {"value": None, "low": None, "high": None}
        assert each["share_of_spread"] is each["switches_at"] is each["best_after"] is None
    [line] = found.sentences()
    assert "50 worlds" in line and line.endswith("60 are needed, so 1,200 replications."), (
        "slides and pages have no flags"
    )
    [typed] = found.sentences(flag=True)
    assert typed.endswith("60 are needed (--replications 1,200).")
    assert not found.line_rows() and len(found.rows()) == 4
    for name in ("doubts", "along"):
        assert "50 worlds" in chart_of(name).draw(found).finding


def test_a_choice_that_stands_needs_no_finding_out() -> None:
    found = invented_doubts(2, 2, chance=1)
    first = found.sentences()[0]
    assert found.first() == []
    assert first == "Nothing has to be found out before one chooses: ‘as it was’ is the best choice all along."


def test_what_cannot_be_told_apart_is_named_together(found: Doubts) -> None:
    consent, raids, length = found.doubts.values()
    one, other = replace(consent, leads=0.6), replace(raids, evppi=Worth(20, 10, 50), leads=0.4)
    doubtful = replace(found, doubts={each.name: each for each in (one, other, length)})
    assert [each.name for each in doubtful.first()] == ["Ghana's consent", "Raids"]
    assert "or Raids (20 unit-days): these worlds do not tell which is worth more" in doubtful.sentences()[0]


def test_what_may_be_nothing_is_not_said_to_be_worth_something(found: Doubts) -> None:
    unsure = {name: replace(each, evppi=Worth(12, 0, 40)) for name, each in found.doubts.items()}
    doubtful = replace(found, doubts=unsure, evpi=Worth(20, 0, 60))
    lines = doubtful.sentences()
    assert lines[0].startswith("No number is clearly worth finding out before one chooses")
    assert not any("better choice" in line or "together are worth" in line for line in lines)


def test_rows_are_what_was_found(found: Doubts) -> None:
    rows = found.rows()
    assert rows[0]["doubt"] == "Ghana's consent"
    assert rows[-1]["doubt"] == "all together" and rows[-1]["evppi"] == found.evpi.value
    assert rows[0]["side"] == "below"
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    lines = [row for row in found.line_rows() if row["doubt"] == "Length"]
    assert [row["value"] for row in lines] == [10, 20, 30]


def test_worlds_become_values_of_doubts() -> None:
    plan = scenario()
    values = doubt_values(plan, [{"Ghana's consent": 3.0, "Raids": 0.7, "Length": 20.0}] * 2)
    assert values["Ghana's consent"].values.tolist() == [3, 3]
    assert (values["Raids"].factor, values["Length"].factor) == (True, False)
    assert (values["Raids"].one_of, values["Length"].one_of) == (False, True)
    assert values["Length"].paths == ("crises.raids.lasts_days",)


def test_more_is_a_gain_where_more_is_better() -> None:
    plan = invented_scenario(3)
    none, some, most = plan.options
    dice = np.random.default_rng(3)
    x = dice.random(SETS)
    means = {none: 0.5 + 0 * x, some: 0.55 + 0 * x, most: 0.4 + 0.4 * x + 0.01 * dice.normal(size=SETS)}
    drawn = {"a": DoubtValues(("missions.X",), x)}
    found = value_of_finding_out(
        Trials(plan, 1, 1600, "?", "coverage", (most, none), means), drawn, Terms(resamples=60)
    )
    assert (found.best, found.compared) == (most, (most, none))
    assert found.doubts["a"].switches_at == pytest.approx(0.375, abs=0.05)
    assert "%" in found.sentences()[0]
    flipped = value_of_finding_out(Trials(plan, 1, 1600, "?", "unmet_unit_days", (some, none), means), drawn)
    assert flipped.best == none


def test_a_length_of_time_is_said_in_days_and_a_factor_as_one(found: Doubts) -> None:
    consent, raids, length = found.doubts.values()
    assert consent.said(5) == "5 days"
    assert raids.said(0.7) == "0.7 times what is written"
    assert length.said(20) == "20 days"
    assert replace(consent, paths=("contributors.Ghana.refuses",)).said(0.25) == "0.25"
    assert replace(consent, paths=("contributors.Ghana.consent_days.lognormal.mean",)).said(2) == "2 days"


def test_the_terminal_has_the_answer_in_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    show_doubts(invented_doubts(5, 3))
    told = capsys.readouterr().out
    lines = told.rstrip().split("\n")
    assert len(lines) <= 30 and max(map(len, lines[:-5])) <= 120
    assert "2,000 replications in 100 worlds" in lines[0]
    assert lines[1] == "What would planning have saved?"
    assert "First to find out: Consent of Ukraine's parliament" in told
    assert "above 40 days" in told and "all together" in told


def test_the_terminal_says_when_worlds_are_too_few(capsys: pytest.CaptureFixture[str]) -> None:
    show_doubts(invented_doubts(5, 3, sets=40))
    told = capsys.readouterr().out
    assert "40 worlds: 60 are needed (--replications 1,200)" in told and "Worth finding out" not in told


@pytest.mark.parametrize("chart", ["doubts", "along"])
@pytest.mark.parametrize("case", [{"doubts": 1}, {"doubts": 10}, {"doubts": 14, "long": True}, {"chance": 900}])
def test_charts_are_legible_with_any_number_of_doubts(chart: str, case: dict[str, Any]) -> None:
    assert_legible(chart_of(chart).draw(invented_doubts(4, **case)))


def test_the_same_worlds_say_the_same(found: Doubts) -> None:
    assert found_in(Results(scenario())).as_json() == found.as_json()
