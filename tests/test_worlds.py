"""Every set of replications plays in a world of its own, the same for every option and however the run was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.chance.worlds import worlds
from sim.commands.shared.first_screen import FirstScreen
from sim.errors import UsageError
from sim.results.schema import WORLDS
from sim.results.tables import opened
from sim.scenario.loaded import LoadedScenario
from tests.small import contents, plan

DOUBTS = {
    "needs": {"path": "crises.raids.needs.*", "times": {"uniform": {"low": 0.5, "high": 2}}},
    "rate": {"path": "crises.raids.every_days", "is": {"between": [20, 60]}},
}


def doubted(**more: Any) -> LoadedScenario:
    return sim.from_mapping({**plan(), "doubts": DOUBTS, **more})


def test_a_replication_plays_in_the_world_of_its_set() -> None:
    scenario = doubted()
    results = sim.run(scenario, replications=60, workers=1, keep_loans=60)
    drawn = worlds(scenario, results.seed)
    for option in results.options:
        unmet = results.sample(option, "unmet_unit_days")
        for number in (0, 19, 20, 59):
            alone = sim.tell(drawn[number // 20].scenario, option, number, seed=results.seed)
            assert unmet[number] == alone.as_json()["measures"]["unmet_unit_days"]
            assert unmet[number] == sim.tell(scenario, option, number).as_json()["measures"]["unmet_unit_days"]
    other = sim.tell(scenario, results.options[0], 0, world=2).as_json()["measures"]["requirement_unit_days"]
    assert other != sim.tell(scenario, results.options[0], 0).as_json()["measures"]["requirement_unit_days"]


def test_a_run_in_worlds_has_the_same_bytes_however_it_was_made(tmp_path: Path) -> None:
    scenario = doubted()
    sim.run(scenario, replications=80, workers=1, out=tmp_path / "at once")
    sim.run(scenario, replications=40, workers=2, out=tmp_path / "topped up")
    sim.run(scenario, replications=80, workers=2, out=tmp_path / "topped up")
    parts = [tmp_path / f"part {number}" for number in (1, 2)]
    for number, folder in enumerate(parts, start=1):
        sim.run(scenario, replications=80, workers=1, shard=f"{number}/2", out=folder)
    sim.merge(tmp_path / "merged", *parts)
    whole = contents(tmp_path / "at once")
    assert contents(tmp_path / "topped up") == whole
    assert contents(tmp_path / "merged") == whole


def test_the_folder_keeps_every_draw(tmp_path: Path) -> None:
    scenario = doubted()
    results = sim.run(scenario, replications=60, workers=1, out=tmp_path)
    drawn = worlds(scenario, results.seed)
    with opened(tmp_path, results.manifests[0]) as tables:
        rows = list(tables.rows(WORLDS))
    assert rows == sorted(row for number in range(3) for row in drawn.rows(number))
    assert results.worlds() == [drawn.values(number) for number in range(3)]


def test_what_a_sweep_sets_is_not_drawn_again() -> None:
    swept = sim.sweep(doubted(), {"crises.raids.every_days": [20, 60]}, replications=40, workers=1)
    often, seldom = (setting.measures["no sharing"]["unmet_unit_days"].mean for setting in swept.settings)
    assert often > 1.5 * seldom


def test_the_answer_has_a_plausible_range_wider_than_chance() -> None:
    results = sim.run(doubted(), replications=400, workers=1)
    told = sim.answer(sim.compare(results)).as_json()
    difference = told["difference"]
    low, high = difference["plausible"]
    assert low < difference["low"] < difference["mean"] < difference["high"] < high
    assert 0 < told["holds_in_worlds"] <= 20
    plain = sim.answer(sim.compare(sim.run(sim.from_mapping(plan()), replications=60, workers=1))).as_json()
    assert plain["holds_in_worlds"] is None


def test_what_to_find_out_is_said_of_enough_worlds_only() -> None:
    few = sim.doubts(sim.run(doubted(), replications=200, workers=1)).as_json()
    assert few["worlds"] == 10 and few["evpi"]["value"] is None
    results = sim.run(doubted(), replications=1200, workers=1)
    many = sim.doubts(results).as_json()
    beside = sim.decide(sim.compare(results))
    said = beside.as_json()["answer"]["first_to_find_out"]
    assert said["text"] == str(sim.doubts(results)).splitlines()[0]
    assert [each["evppi"] for each in said["doubts"]] == [
        many["doubts"][each["doubt"]]["evppi"] for each in said["doubts"]
    ]
    screen = " ".join(line.text.strip() for line in FirstScreen(beside).lines(100))
    assert said["text"] in screen
    assert many["worlds"] == 60 and set(many["doubts"]) == set(DOUBTS)
    assert 0 <= many["doubts"]["needs"]["share_of_spread"] <= 1
    assert np.isfinite(many["evpi"]["value"])
    with pytest.raises(UsageError, match="no worlds"):
        sim.doubts(sim.run(sim.from_mapping(plan()), replications=40, workers=1))
    early = sim.decide(sim.compare(sim.run(doubted(), replications=40, workers=1))).as_json()
    assert early["answer"]["first_to_find_out"]["text"].endswith("60 are needed, so 1,200 replications.")
    assert early["answer"]["first_to_find_out"]["doubts"] == []


def test_every_measure_has_its_range_over_worlds_and_what_nobody_priced_is_not_counted() -> None:
    results = sim.run(doubted(), replications=200, workers=1)
    comparison = sim.compare(results)
    told = sim.decide(comparison).as_json()
    unmet = told["options"]["no sharing"]["measures"]["unmet_unit_days"]
    by_world = comparison.by.sets.means(results.sample("no sharing", "unmet_unit_days"))
    assert unmet["plausible"] == pytest.approx(np.quantile(by_world, [0.05, 0.95]))
    apart = told["differences"]["as it was"]["unmet_unit_days"]
    assert apart["plausible"][0] <= apart["mean"] <= apart["plausible"][1]
    assert told["options"]["as it was"]["measures"]["cost_usd"]["mean"] is None
    assert told["differences"]["as it was"]["cost_usd"] == {"mean": None, "low": None, "high": None, "plausible": None}
