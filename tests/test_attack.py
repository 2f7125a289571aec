"""A hundred mutants and fifty extreme scenarios, the same each time: `python -m tests.attack` plays thousands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.errors import ScenarioError
from sim.scenario.load import read
from tests.attack import extremes, mutants
from tests.small import plan

SLICES = 10


@pytest.fixture(scope="module")
def nest(tmp_path_factory: pytest.TempPathFactory) -> mutants.Nest:
    return mutants.Nest(tmp_path_factory.mktemp("nest"))


@pytest.mark.parametrize("first", range(0, 100, SLICES))
def test_a_mutant_is_read_or_refused(nest: mutants.Nest, first: int) -> None:
    ends = {mutants.play(seed, nest) for seed in range(first, first + SLICES)}
    assert "refused" in ends


def test_files_are_put_back(nest: mutants.Nest) -> None:
    for file in sorted(nest.scenarios.glob("*.yaml")):
        assert read(file).warnings == ()


@pytest.mark.parametrize("first", range(0, 50, SLICES))
def test_an_extreme_scenario_is_refused_or_runs(first: int) -> None:
    assert {extremes.play(seed) for seed in range(first, first + SLICES)} == {"refused", "run"}


@pytest.mark.parametrize(
    ("lasts", "what"),
    [
        ({"lognormal": {"mean": 5e-324, "sd": 3}}, "lognormal.mean: must be 0.000001 or more, not 4.94066e-324"),
        ({"gamma": {"mean": 1e-7, "sd": 3}}, "gamma.mean: must be 0.000001 or more, not 1e-07"),
        ({"weibull": {"mean": 1e-9, "shape": 1}}, "weibull.mean: must be 0.000001 or more, not 1e-09"),
        ({"discrete": {1: 1.7e308, 2: 1.7e308}}, "discrete.1: must be 1,000,000,000,000 or less, not 1.7e"),
    ],
)
def test_numbers_that_would_be_none_when_drawn_are_refused(lasts: dict[str, Any], what: str) -> None:
    words = plan()
    words |= {"crises": {"raids": words["crises"]["raids"] | {"lasts_days": lasts}}}
    with pytest.raises(ScenarioError, match=f"crises.raids.lasts_days.{what}"):
        sim.from_mapping(words)


def test_an_attack_that_succeeds_is_named_by_its_seed(nest: mutants.Nest, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Path) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(mutants, "read", broken)
    with pytest.raises(AssertionError, match=r"mutant 7 of .*\.yaml \(.*\), read by .*: KeyError\('a bug'\)"):
        mutants.play(7, nest)


def test_by_hand_it_counts() -> None:
    words = [sys.executable, "-m", "tests.attack", "--mutants", "3", "--extremes", "2"]
    said = subprocess.run(words, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[0].startswith("3 mutants from seed 0: ")
    assert said.splitlines()[1].startswith("2 extreme scenarios from seed 0: ")
