"""The documented loans against the model, in bands. Sources stand in the scenarios, beside each entry of `history`.

A miss is listed with its reason, and must be one: what the model comes to hit is struck from the list.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import sim
from sim.errors import UsageError
from sim.questions.hindcast.hindcast import Hindcast, hindcast

SCENARIOS = Path(__file__).parents[1] / "scenarios"
RECORDED = sorted(path.name for path in SCENARIOS.glob("*.yaml") if sim.load(path).history)
REPLICATIONS = 200

MISSES = {
    # Two days from vote to work in theatre: parliament had agreed on 4 November, and the aircraft were got ready before
    # the vote. The model prepares only once the last gate has cleared, and keeps four days for it.
    ("west_africa_2010.yaml", "Utility helicopters to Côte d'Ivoire", "authorised to arrived"),
    # Six observers stood in Damascus a day after the vote: they were sent ahead of any procedure. The model sends
    # nobody before the paper is done.
    ("syria_2012.yaml", "First observers", "authorised to arrived"),
}


@cache
def held(file: str) -> Hindcast:
    return hindcast(sim.load(SCENARIOS / file), replications=REPLICATIONS, workers=1)


@pytest.mark.slow
@pytest.mark.parametrize("file", RECORDED)
def test_documented_loans_lie_in_the_models_band(file: str) -> None:
    outside = {(file, entry.name, entry.quantity) for entry in held(file).entries if not entry.inside}
    assert outside == {miss for miss in MISSES if miss[0] == file}


@pytest.mark.slow
@pytest.mark.parametrize("file", RECORDED)
def test_the_model_makes_the_documented_loans_at_all(file: str) -> None:
    rare = {entry.name for entry in held(file).entries if entry.made < entry.of / 2}
    assert rare == set()


@pytest.mark.slow
def test_what_was_fitted_is_counted_apart() -> None:
    found = held("west_africa_2010.yaml")
    told = found.as_json()
    assert told["of"] == len(told["entries"]) == sum(found.counted(fitted=each)[1] for each in (True, False))
    assert told["of_not_fitted"] == sum(not entry["fitted"] for entry in told["entries"])
    assert 0 < told["of_not_fitted"] < told["of"]


def test_a_scenario_without_history_says_so() -> None:
    with pytest.raises(UsageError, match="has no history"):
        hindcast(sim.load(SCENARIOS / "minimal.yaml"))
