"""What common random numbers are worth: how many times as many independent replications each difference would need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sim
from sim.running.in_memory import Effort, World, sample
from sim.statistics.estimates import variance_reduction

SCENARIOS = Path(__file__).parents[2] / "scenarios"
REPLICATIONS = 100


def report() -> Iterator[str]:
    """By scenario, (Var A + Var B) / Var(A - B) of unmet need, against the reference."""
    for file in sorted(SCENARIOS.glob("*.yaml")):
        scenario = sim.load(file)
        found = sample([World(scenario, tuple(scenario.options))], Effort(REPLICATIONS, scenario.experiment.seed))[0]
        unmet = {name: each.of("unmet_unit_days") for name, each in found.items()}
        reference = unmet[scenario.reference]
        yield f"{file.stem} ({REPLICATIONS} replications, against {scenario.reference})"
        for name, values in unmet.items():
            if name != scenario.reference:
                yield f"  {name:45} {variance_reduction(values, reference):8.1f}"
