"""The STRESS-DES checklist, filled from a results folder."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.errors import UsageError
from sim.results.manifest import Manifest
from tests.small import PLAN

ITEMS = (
    *("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2", "3.3", "3.4"),
    *("4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1"),
)
"""Of the checklist (Monks et al. 2019, table 2)."""


def checklist(tmp_path: Path, plan: dict[str, Any]) -> str:
    results = sim.run(sim.from_mapping(plan), out=tmp_path / "results", replications=20, workers=1)
    [path] = sim.brief(results, tmp_path / "out", ["stress"])
    assert path == tmp_path / "out" / "stress.md"
    return path.read_text(encoding="utf-8")


def test_every_item_of_the_checklist_is_there_once_and_in_order(tmp_path: Path) -> None:
    text = checklist(tmp_path, PLAN)
    assert tuple(re.findall(r"^\*\*(\d\.\d) ", text, re.MULTILINE)) == ITEMS
    assert re.findall(r"\*(2\.5\.\d) ", text) == ["2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5"]


def test_what_nobody_said_is_listed_and_not_made_up(tmp_path: Path) -> None:
    text = checklist(tmp_path, PLAN)
    listed = text.partition("## What could not be filled")[2]
    assert re.findall(r"^- (\d\.\d)", listed, re.MULTILINE) == ["1.1", *["1.3"] * 3, "3.1", "3.2", "5.4", "6.1"]
    for item in ("1.1", "3.1", "3.2", "5.4"):
        assert re.search(rf"^\*\*{re.escape(item)} [^*]+\*\* \*\*Not stated", text, re.MULTILINE), item


def test_it_tells_what_scenario_and_manifest_say(tmp_path: Path) -> None:
    plan = PLAN | {
        "about": "Does paper beforehand pay?",
        "question": {"ask": "Should *consent* be given beforehand?"},
        "doubts": {"how often": {"path": "crises.raids.every_days", "is": {"between": [20, 40]}, "about": "see <b>"}},
        "source": "A. Writer_of_reports, 2012",
        "confidence": "recalled",
    }
    text = checklist(tmp_path, plan)
    assert "**1.1 Purpose of the model.** Does paper beforehand pay?" in text
    assert r"Should \*consent\* be given beforehand?" in text
    assert "*how often* (`crises.raids.every_days`): 21 to 39 in nine worlds of ten. see \\<b\\>" in text
    assert '`{"agreements": {"both": {"standing": ["council"]}}}`' in text
    assert r"A. Writer\_of\_reports, 2012" in text
    assert "20 replications of every option, in 1 sets of 20" not in text
    assert "intermission run scenario.yaml --seed 7 --replications 20" in text
    assert "  - " not in text


def test_folders_of_several_seeds_are_made_again_beside_each_other(tmp_path: Path) -> None:
    [manifest] = sim.run(sim.from_mapping(PLAN), out=tmp_path / "results", replications=1, workers=1).manifests
    assert Manifest.commands([manifest]) == [manifest.command]
    first, second, together = Manifest.commands([manifest, replace(manifest, seed=8)])
    assert "--seed 7 " in first and first.endswith("--out remade_1")
    assert "--seed 8 " in second and second.endswith("--out remade_2")
    assert together == "intermission compare remade_1 remade_2"


def test_a_story_fills_no_checklist(tmp_path: Path) -> None:
    story = sim.tell(sim.from_mapping(PLAN), option="as it was", replication=0)
    with pytest.raises(UsageError, match="the checklist is on a whole comparison"):
        sim.brief(story, tmp_path, ["stress"])
