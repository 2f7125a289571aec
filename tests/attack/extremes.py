"""Scenarios of extreme numbers: any scenario, some of whose numbers are replaced by very small or very large ones."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np

from sim import from_mapping
from sim.chance.trace import trace_of
from sim.errors import ScenarioError
from sim.measures.catalogue import CAUSE_COLUMNS, INDEX
from sim.measures.measures import measure
from sim.operations.replication import simulate
from sim.operations.theatre import Theatre
from tests.any_scenario import Dice, Plan, plan_by
from tests.attack.guard import little_time

EXTREME = (
    *(0, 1, -1, 2, 0.5, 1e-3, 1e-6, 1e-9, 5e-324, 0.01, 0.1, 99),
    *(1000, 36_500, 1e6, 1e9, 10**12, 1e15, 1e300, 1.7e308, 2**63),
)


class SeededDice(Dice):
    """Dice that a seed decides."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)


def play(seed: int) -> str:
    """Whether the scenario of a seed was "refused", "run", or is "told" to make no progress. AssertionError with the
    seed for anything else.
    """
    random = Random(seed)
    plan = plan_by(SeededDice(random), always=random.random() < 0.5)
    places = list(_numbers(plan))
    changed = random.sample(places, k=min(len(places), random.choice((1, 1, 2, 3))))
    for holder, key in changed:
        holder[key] = random.choice(EXTREME)
    try:
        with little_time():
            return _run(plan, random.randrange(1000))
    except Exception as error:
        told = ", ".join(f"{key}: {holder[key]}" for holder, key in changed)
        raise AssertionError(f"extreme {seed} ({told}): {error!r}") from error


def _run(plan: Plan, replication: int) -> str:
    try:
        scenario = from_mapping(plan)
    except ScenarioError:
        return "refused"
    theatre = Theatre.of(scenario, "it")
    try:
        values = measure(simulate(theatre, trace_of(scenario, 1, replication)), theatre)
    except RuntimeError as error:
        if not str(error).startswith("no progress: "):
            raise
        return "told"
    assert np.isfinite(values).all(), "every measure is a number"
    assert (values >= 0).all(), "no measure is below nothing"
    unmet = values[:, INDEX["unmet_unit_days"]]
    causes = values[:, [INDEX[name] for name in CAUSE_COLUMNS]].sum(axis=1)
    assert np.allclose(unmet, causes, rtol=1e-9, atol=1e-6), "causes add up"
    return "run"


def _numbers(plan: Any) -> Iterator[tuple[Any, Any]]:
    """(holder, key) of every number in it."""
    for key, value in list(plan.items() if isinstance(plan, dict) else enumerate(plan)):
        if isinstance(value, dict | list):
            yield from _numbers(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield plan, key
