"""How the cost of a replication grows with missions, crises and years: fitted exponents, and how far it carries."""

from __future__ import annotations

import math
import resource
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

import sim
from sim.chance.trace import BLOCK, draw_traces
from sim.measures.measures import measure
from sim.operations.replication import simulate
from sim.operations.theatre import Theatre
from sim.scenario.loaded import LoadedScenario

MISSIONS = (6, 12, 24, 48)
EVERY_DAYS = (120, 60, 30, 15)
YEARS = (1, 2, 4, 8)
SECONDS = 1.0
"""CPU time that each size is measured for, at least."""


def world(missions: int, *, every_days: float = 60, years: int = 2) -> LoadedScenario:
    """So many missions over a band of Africa, each struck every so many days; any may lend to any, with three gates."""
    names = [f"M{number}" for number in range(missions)]
    needs = {"infantry_company": {"discrete": {"2": 2, "4": 1}}, "attack_helicopter": 1}
    plan: dict[str, Any] = {
        "period": {"from": "2011-01-01", "to": f"{2010 + years}-12-31"},
        "missions": {
            name: {
                "at": [10 - 20 * (number % 7) / 7, -15 + 60 * number / missions],
                "holds": {"infantry_company": 8, "attack_helicopter": 3},
                "routine": {"infantry_company": 6, "attack_helicopter": 2},
            }
            for number, name in enumerate(names)
        },
        "crises": {
            f"crisis in {name}": {
                "mission": name,
                "every_days": every_days,
                "lasts_days": {"gamma": {"mean": 20, "sd": 10}},
                "needs": needs,
            }
            for name in names
        },
        "agreements": {
            "any two": {
                "between": "any",
                "gates": {
                    "council": {"days": {"uniform": {"low": 1, "high": 6}}},
                    "contributor": {},
                    "host": {"days": 1},
                },
            }
        },
        "options": {"pooling": {"policy": {"share": "all"}}},
    }
    return sim.from_mapping(plan, "growth")


def cost(scenario: LoadedScenario) -> tuple[float, int, int]:
    """CPU seconds of one replication (traces, run and measures), its crises and its loans."""
    theatre = Theatre.of(scenario, "pooling")
    simulate(theatre, draw_traces(scenario, 1, 0)[0])  # imports and caches
    started, done, crises, loans = time.process_time(), 0, 0, 0
    traces = draw_traces(scenario, 1, 0)
    drawing = (time.process_time() - started) / BLOCK
    started = time.process_time()
    while done < BLOCK and (done < 3 or time.process_time() - started < SECONDS):
        log = simulate(theatre, traces[done])
        measure(log, theatre)
        crises, loans, done = crises + len(log.crises), loans + len(log.loans), done + 1
    return drawing + (time.process_time() - started) / done, crises // done, loans // done


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Of the power law through the sizes, by least squares on logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def report() -> Iterator[str]:
    """Milliseconds a replication of one option; what a million replications, and the largest case, take."""
    rows: dict[str, list[tuple[float, LoadedScenario]]] = {
        "missions (2 years, a crisis every 60 days in each)": [(n, world(n)) for n in MISSIONS],
        "crises (6 missions, 2 years)": [(6 * 730 / days, world(6, every_days=days)) for days in EVERY_DAYS],
        "years (6 missions, a crisis every 60 days in each)": [(years, world(6, years=years)) for years in YEARS],
    }
    for what, worlds in rows.items():
        found = [(size, *cost(scenario)) for size, scenario in worlds]
        told = ", ".join(f"{size:g}: {1e3 * seconds:.1f}" for size, seconds, *_ in found)
        grows = exponent([size for size, *_ in found], [seconds for _, seconds, *_ in found])
        yield f"by {what}: {told} ms; exponent {grows:.2f}"
    small, *_ = cost(world(6, years=1))
    yield f"a million replications of six missions × 1 year: {1e6 * small / 3600:.1f} core-hours an option"
    seconds, crises, loans = cost(world(60, years=10))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield (
        f"60 missions × 10 years ({crises:,} crises, {loans:,} loans): {seconds:.2f} s a replication; "
        f"1,000 of them {math.ceil(1000 * seconds / 60)} core-minutes an option; peak memory {peak:.0f} MiB"
    )
