"""What few or rare replications allow one to say: nothing that they have not shown."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.chance.worlds import worlds
from sim.commands.shared.filing import note_weights
from sim.comparison.cannot_vary import CannotVary
from sim.comparison.comparison import compare
from sim.comparison.set_weights import beyond_known
from sim.comparison.verdict import judge
from sim.questions.stopping.sequential import run_until_precise, select
from sim.results.looks import note_look
from sim.running.requirements import Foreseen, Traced, alike_in_crises
from sim.statistics.by_sets import Inference, Sets
from sim.statistics.calibration_weights import Weights
from sim.statistics.confidence_sequences import EveryLook
from sim.statistics.discordance import Refusal
from sim.statistics.intervals import Terms, mean_of
from tests.small import plan, small

UNMET = "unmet_unit_days"
WORLDS = Path(__file__).parent / "data" / "small_numbers"


@pytest.fixture
def rare() -> Any:
    """A disaster once in fifty years; the pool is better by 14.1."""
    return sim.load(str(WORLDS / "rare.yaml"))


@pytest.fixture
def uneven() -> Any:
    """Exact means 14.4 and 4.6: incidents now and then against one disaster in fifty years."""
    return sim.load(str(WORLDS / "frequent_against_rare.yaml"))


# -- the worlds in which the rare decides ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("replications", [50, 60])
def test_few_replications_rule_nothing_out(uneven: Any, seed: int, replications: int) -> None:
    found = judge(compare(sim.run(uneven, replications=replications, seed=seed, workers=1)))
    assert len(found.ranking.may_be_best) == 2
    assert found.sentences()[0] == "Which option is best is not judged from fewer than 120 replications."
    assert not any("with at least 95" in line for line in found.sentences())


def test_a_run_of_zeros_says_nothing(rare: Any) -> None:
    found = compare(sim.run(rare, replications=120, seed=1, workers=1))
    for option in found.options.values():
        unmet = option.measures[UNMET]
        assert (unmet.mean, unmet.refused) in ((0, Refusal.ALL_EQUAL), (unmet.mean, Refusal.FEW_DIFFER))
        assert math.isnan(unmet.low) and math.isnan(unmet.high)
    told = json.loads(json.dumps(found.as_json(), allow_nan=False))["differences"]["pool"][UNMET]
    assert told["low"] is None and told["high"] is None
    assert not judge(found).ranking.pairs["no sharing", "pool"].known


def test_a_race_of_zeros_goes_on_until_the_rare_was_seen(rare: Any) -> None:
    found = select(rare, 10, seed=1, workers=1)
    assert found.chosen == "pool"
    assert found.means["no sharing"].mean > 0 and found.means["no sharing"].n >= 200


def test_no_precision_is_reached_on_zeros(rare: Any) -> None:
    found = run_until_precise(rare, "5%", seed=1, workers=1, most=400)
    assert not found.reached and found.replications == 400


def test_what_never_happened_has_a_bound_and_no_zero(rare: Any) -> None:
    comparison = compare(sim.run(rare, replications=200, seed=1, workers=1))
    longer = judge(comparison).tails["pool"].longer
    assert (longer.mean, longer.high) == (0, pytest.approx(1 - 0.05 ** (1 / 200)))
    assert any("is at most 1.5 %" in line for line in judge(comparison).sentences())


# -- what cannot vary --------------------------------------------------------------------------------------------------


def test_only_what_the_scenario_settles_has_no_width(rare: Any) -> None:
    found = compare(sim.run(rare, replications=120, seed=1, workers=1)).options
    assert found["no sharing"].measures["loans"].high == 0, "nobody may lend"
    assert math.isnan(found["pool"].measures["loans"].high), "loans may come"


def test_certainty_is_of_the_scenario() -> None:
    raid = {"mission": "A", "on": "2021-03-01", "lasts_days": 20, "needs": {"company": 3}}
    plan: dict[str, Any] = {
        "period": {"from": "2021-01-01", "to": "2021-12-31"},
        "missions": {"A": {"holds": {"company": 2}}, "B": {"holds": {"company": 2}}},
        "crises": {"raid": raid},
        "options": {name: {"policy": {"share": "all"}} for name in ("one", "the same")} | {"alone": {}},
    }
    sure = CannotVary(sim.from_mapping(plan), ("one", "the same", "alone"))
    assert sure.nothing_varies("one") and sure.alike == {"one": "one", "the same": "one", "alone": "alone"}
    for change in ({"likelihood": 0.5}, {"lasts_days": {"uniform": {"low": 1, "high": 2}}}):
        drawn = CannotVary(sim.from_mapping(plan | {"crises": {"raid": raid | change}}), ("one", "the same", "alone"))
        assert not drawn.nothing_varies("one")
        assert drawn.difference("one", "the same", UNMET) and not drawn.difference("one", "alone", UNMET)
        assert drawn.difference("one", "alone", "requirement_unit_days") and not drawn.mean("one", "loans")
        assert drawn.mean("alone", "loans")


# -- sets --------------------------------------------------------------------------------------------------------------


def test_a_set_is_the_mean_of_what_it_finished() -> None:
    sets = Sets.in_order(50, 20)
    assert (sets.count, Sets.in_order(20, 20, first=30).count) == (3, 2)
    sample = np.arange(50.0)
    sample[:10] = math.nan
    assert sets.means(sample).tolist() == [14.5, 29.5, 44.5]
    sample[:20] = math.nan
    assert math.isnan(sets.means(sample)[0])
    assert Inference(sets).mean(sample).mean == 37 and Inference(sets).mean(sample).n == 30
    with pytest.raises(ValueError, match="49 values"):
        sets.means(sample[1:])
    with pytest.raises(ValueError, match="equal length"):
        Inference(sets).difference(sample, sample[1:])


def test_sets_of_several_runs_are_apart() -> None:
    one, other = (sim.run(small(), replications=40, seed=seed, workers=1) for seed in (1, 2))
    assert one.sets.count == other.sets.count == 2
    assert Sets.of([*((0, n // 20) for n in range(40)), *((1, n // 20) for n in range(40))]).count == 4


# -- what the traces say -----------------------------------------------------------------------------------------------


def test_the_requirement_is_known_from_the_traces() -> None:
    scenario = small()
    results = sim.run(scenario, replications=120, seed=3, workers=1)
    traced = Traced(scenario, "no sharing", 3)
    met = traced.met(range(120)).sum(axis=1)
    assert met == pytest.approx(results.sample("no sharing", "requirement_unit_days"), abs=1e-6)
    assert traced.further(range(3)).shape == (300, len(traced.cells))
    assert not np.array_equal(traced.further(range(1)), traced.met(range(100)))


def test_with_doubts_the_requirement_is_known_in_the_world_of_each_set() -> None:
    doubts = {"how often": {"path": "crises.raids.every_days", "times": {"uniform": {"low": 0.3, "high": 2}}}}
    scenario = sim.from_mapping(plan() | {"doubts": doubts})
    results = sim.run(scenario, replications=500, seed=3, workers=1, options=["no sharing", "as it was"])
    traced, runs = Traced(scenario, "no sharing", 3), results.runs()
    met = traced.met(range(500)).sum(axis=1)
    assert met == pytest.approx(results.sample("no sharing", "requirement_unit_days"), abs=1e-6)
    spread = results.sets.means(met).std()
    beyond = beyond_known([traced], runs, results.sets).sum(axis=1)
    assert beyond.std() < spread / 2, "the worlds' own differences are taken out"
    assert abs(beyond.mean()) < 3 * beyond.std() / 25**0.5
    known = compare(results).set_weights
    assert known is not None and isinstance(known.weights, Weights)
    shares = np.array([worlds(scenario, 3).shares(number)[0] for number in range(25)])
    assert known.weights.mean(shares) == pytest.approx(0.5, abs=1e-9), "the doubt comes out as known as well"


def test_what_no_set_has_met_widens_the_interval(rare: Any) -> None:
    foreseen = Foreseen(rare, tuple(rare.options), 2)
    assert foreseen.unseen(1) > 0, "the further traces bring a disaster, the run's first twenty did not"
    assert foreseen.unseen(50) == 0
    sets, values = Sets.in_order(200, 20), np.random.default_rng(1).gamma(2, 10, 200)
    plain, wide = Inference(sets), replace(Inference(sets), unseen=5.0)
    one, other = plain.mean(values, exposed=True), wide.mean(values, exposed=True)
    assert other.high == one.high + 5 and other.low == max(0, one.low)
    apart = wide.difference(values, values[::-1], exposed=True)
    assert apart.high == plain.difference(values, values[::-1]).high + 5


# -- every look --------------------------------------------------------------------------------------------------------


def test_intervals_for_every_look_are_wider_and_wait_for_ten_sets() -> None:
    results = sim.run(small(), replications=200, seed=3, workers=1)
    once, always = compare(results), compare(results, every_look=True)
    for name, by in once.differences.items():
        wide = always.differences[name][UNMET]
        assert wide.low < by[UNMET].low <= by[UNMET].high < wide.high
    assert always.as_json()["every_look"] is True and "every_look" not in once.as_json()
    few = Terms(quantile=EveryLook(50).quantile)
    assert Inference(Sets.in_order(180, 20), few).mean(np.arange(180.0)).refused is Refusal.FEW_SETS
    assert mean_of(np.arange(10.0), few).known and not mean_of(np.arange(9.0), few).known


def test_a_folder_remembers_that_it_was_looked_at(tmp_path: Path) -> None:
    assert note_look(tmp_path, "this run", 10) == []
    assert note_look(tmp_path, "this run", 10) == []
    assert note_look(tmp_path, "this run", 25) == [10]
    assert note_look(tmp_path, "another run", 10) == []
    (tmp_path / "looks.json").write_text("{")
    assert note_look(tmp_path, "this run", 25) == []


def test_the_manifest_says_how_the_sets_are_weighted(tmp_path: Path) -> None:
    for replications, said in ((20, "none: too few sets"), (500, "worth ")):
        results = sim.run(small(), replications=replications, seed=3, workers=1, out=tmp_path, options="as it was")
        note_weights(compare(results), tmp_path)
        assert json.loads((tmp_path / "manifest.json").read_text())["weights"].startswith(said)


def test_what_may_come_is_looked_for_wherever_an_option_changes_when_a_mission_is_there() -> None:
    """A mission that only a spill-over reaches counts; one that no crisis reaches does not."""
    spill = {"to": "B", "chance": 0.5, "lasts_days": 10, "needs": {"company": 3}}
    leaves = {"active": {"to": "2012-02-01"}}
    scenario = sim.from_mapping(
        {
            "period": {"from": "2012-01-01", "to": "2012-12-31"},
            "missions": {
                "A": {"holds": {"company": 1}},
                "B": {"holds": {"company": 1}},
                "C": {"holds": {"company": 1}},
            },
            "crises": {
                "raid": {
                    "mission": "A",
                    "every_days": 60,
                    "lasts_days": 20,
                    "needs": {"company": 2},
                    "spills_over": [spill],
                }
            },
            "options": {
                "as it was": {"policy": {"share": "none"}},
                "B leaves": {"policy": {"share": "none"}, "change": {"missions": {"B": leaves}}},
                "C leaves": {"policy": {"share": "none"}, "change": {"missions": {"C": leaves}}},
            },
        }
    )
    first = alike_in_crises(scenario, ["as it was", "B leaves", "C leaves"])
    assert first == {"as it was": "as it was", "B leaves": "B leaves", "C leaves": "as it was"}
    either = ("as it was", "B leaves"), ("B leaves", "as it was")
    assert len({Foreseen(scenario, options, 1).unseen(1) for options in either}) == 1
