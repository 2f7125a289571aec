"""What a replication costs, against SimPy itself and against the plain script; all in one run, as ratios."""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import simpy

import sim
from sim.chance.trace import BLOCK, draw_traces
from sim.measures.measures import measure
from sim.operations.clock import DESK, Clock
from sim.operations.log import Level, LoanRecord, Log
from sim.operations.replication import Replication, simulate
from sim.operations.theatre import Theatre
from sim.scenario.nouns.milliseconds import DAY
from tests.benchmarks import plain

REPLICATIONS = 50
ROUNDS = 7
AT_ONCE = 60
"""Happenings that are planned at any time, about as many as crises and loans are under way."""


def repeated(act: Callable[[Any], None], each: Iterable[Any]) -> None:
    """Do it with every one of these."""
    for one in each:
        act(one)


def per_replication(act: Callable[[], object]) -> float:
    """CPU seconds of the quickest of several rounds, for one replication.

    Without Python's garbage collector, as in `timeit`: what it takes depends on what else is in memory, and by it alone
    bare timeouts take half as long again in one process as in another.
    """
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        gc.disable()
        started = time.process_time()
        act()
        best = min(best, time.process_time() - started)
        gc.enable()
    return best / REPLICATIONS


def bare_timeouts(count: int) -> None:
    """As many timeouts as a replication has events, each with nothing to do: what SimPy itself needs."""
    env = simpy.Environment()
    for number in range(count):
        env.timeout(number / 2)
    env.run()


def idle_happenings(count: int) -> None:
    """As many happenings, each planned by the one before it and doing nothing else: a clock without a model."""
    clock, left = Clock(), count - AT_ONCE

    def happen(_: None) -> None:
        nonlocal left
        if left > 0:
            left -= 1
            clock.at(clock.now + DAY // 2, DESK, happen)

    for number in range(AT_ONCE):
        clock.at(number * DAY // AT_ONCE, DESK, happen)
    clock.run()


def write_again(log: Log) -> None:
    """The rows of a log, written once more with everything in them known: a pen without a model."""
    copy = Log(log.days)
    for level in log.levels:
        copy.levels.append(tuple.__new__(Level, level))
    for lot in log.loans:
        copy.loans.append(LoanRecord(*lot))


def report() -> Iterator[str]:
    """The six-mission scenario."""
    scenario = sim.load(Path(__file__).with_name("six_missions.yaml"))
    theatre = Theatre.of(scenario, "full pooling")
    some = draw_traces(scenario, scenario.experiment.seed, 0)[:REPLICATIONS]
    logs, events = [], 0
    for trace in some:
        replication = Replication(theatre, trace)
        replication.run()
        logs.append(replication.log)
        events += replication.clock.planned
    events = round(events / REPLICATIONS)
    crises = sum(len(log.crises) for log in logs) / REPLICATIONS
    loans = sum(measure(log, theatre)[0, 9] for log in logs) / REPLICATIONS
    yield f"six missions, two years: {events:,} events, {crises:.0f} crises, {loans:.0f} loans a replication"
    gc.collect()
    draw = per_replication(lambda: draw_traces(scenario, 1, 0)) * REPLICATIONS / BLOCK
    run = per_replication(lambda: deque((measure(simulate(theatre, one), theatre) for one in some), maxlen=0))
    alone = per_replication(lambda: deque((simulate(theatre, one) for one in some), maxlen=0))
    bare = per_replication(lambda: repeated(bare_timeouts, [events] * REPLICATIONS))
    peer = per_replication(lambda: [plain.run(scenario, number) for number in range(REPLICATIONS)])
    peers = [plain.run(scenario, number) for number in range(REPLICATIONS)]
    lent = sum(world.loans for world in peers) / REPLICATIONS
    idle = per_replication(lambda: repeated(idle_happenings, [events] * REPLICATIONS))
    written = per_replication(lambda: repeated(write_again, logs))
    whole, least = draw + run, draw + idle + written + run - alone
    parts = f"traces {draw * 1e3:.2f}, run {alone * 1e3:.2f}, measures {(run - alone) * 1e3:.2f}"
    yield f"a replication, whole: {whole * 1e3:.2f} ms ({parts})"
    yield f"as many bare timeouts in SimPy: {bare * 1e3:.2f} ms; ratio {whole / bare:.1f} (wanted: at most 3)"
    yield (
        f"without a model (happenings that do nothing {idle * 1e3:.2f}, the log's rows {written * 1e3:.2f}, traces and"
        f" measures): {least * 1e3:.2f} ms; ratio {least / bare:.1f}"
    )
    leaves_out = "no windows, lifts, causes or paired luck"
    yield f"the plain script ({lent:.0f} loans, {leaves_out}): {peer * 1e3:.2f} ms; ratio {whole / peer:.1f}"
