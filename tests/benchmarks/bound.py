"""How long the clairvoyant bound takes for one trace, by scenario."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import sim
from sim.chance.trace import draw_traces
from sim.operations.theatre import Theatre
from sim.questions.regret.clairvoyant import Bound

HERE = Path(__file__).parent
TRACES = 3


def report() -> Iterator[str]:
    """Missions, days, resources and seconds a trace; the limit is 2 seconds for a year of six missions."""
    for file in [HERE / "six_missions.yaml", *sorted((HERE.parents[1] / "scenarios").glob("*.yaml"))]:
        scenario = sim.load(file)
        bound = Bound(Theatre.of(scenario, scenario.reference))
        traces = draw_traces(scenario, 1, 0)[: TRACES + 1]
        bound.of(traces[0])  # imports SciPy
        started = time.perf_counter()
        least = [bound.of(trace) for trace in traces[1:]]
        seconds = (time.perf_counter() - started) / TRACES
        size = (
            f"{len(scenario.missions):3} missions, {scenario.days:5.0f} days, {len(scenario.all_resources):2} resources"
        )
        yield f"{file.stem:30} {size}: {seconds:6.2f} s a trace; least unmet {sum(least) / TRACES:8.1f} unit-days"
