"""What one worker does at a time: a few replications under every option, from trace to table rows."""

from __future__ import annotations

import gc
import json
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cloudpickle
import numpy as np
from numpy.typing import NDArray

from sim.chance.trace import BLOCK, Trace, draw_traces
from sim.chance.worlds import Worlds, ends, worlds
from sim.errors import RunError, in_a_line
from sim.measures.catalogue import OVERALL
from sim.measures.measures import measure, rows_of
from sim.operations.log import CAUSES, Log
from sim.operations.replication import simulate
from sim.operations.theatre import Theatre
from sim.policies import Rule
from sim.results.manifest import code
from sim.results.outcome import Batch, Outcome, Row
from sim.results.tables import Cell
from sim.scenario.loaded import LoadedScenario

MOST = 5 * BLOCK
"""Replications of a batch at most: some sets, drawn one after another."""


@dataclass(frozen=True)
class Job:
    """All that a worker must know; small and picklable, since it goes along with every batch."""

    pickled: bytes
    """(scenario, options, rules), pickled by value: a rule typed in a notebook travels too."""
    seed: int
    code: str
    """Digest of the code that must do it."""
    keep: int
    """Replications 0 … keep − 1 leave their logs behind."""
    check: bool = False
    """Whether every event is checked against the conservation laws (slow)."""

    @classmethod
    def of(
        cls,
        scenario: LoadedScenario,
        options: Iterable[str],
        rules: Mapping[str, Rule] | None = None,
        **plain: Any,
    ) -> Job:
        """The job of running `options`; `plain` are seed, keep and check."""
        return cls(cloudpickle.dumps((scenario, tuple(options), dict(rules or {}))), code=code(), **plain)


def run_batch(job: Job, batch: Batch) -> Outcome:
    """Every option on every replication of the batch. A replication that raises is noted, and the rest goes on."""
    if job.code != code():
        raise RunError("a worker has another version of intermission (or of NumPy): its numbers would not fit")
    outcome = Outcome(batch)
    for option in theatres(job.pickled):
        outcome.cells[option] = list(_cells(job.pickled, option))
        numbered = enumerate(cell for cell in outcome.cells[option] if cell != OVERALL)
        outcome.add("cells", [(option, number, *cell) for number, cell in numbered])
        outcome.values[option] = []
    with _rare_collections():
        _replicate(job, batch, outcome)
    return outcome


@contextmanager
def _rare_collections() -> Iterator[None]:
    """A replication makes tens of thousands of objects and drops them together: looking for garbage after every few
    hundred of them, as Python would, takes a twentieth of the time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(50_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _replicate(job: Job, batch: Batch, outcome: Outcome) -> None:
    for numbers in _by_block(batch):
        for option, theatre in theatres_in(job.pickled, job.seed, numbers.start // BLOCK).items():
            for number in numbers:
                try:
                    trace = traces(job.pickled, job.seed, number // BLOCK)[option][number % BLOCK]
                    log = simulate(theatre, trace, check=job.check)
                    outcome.values[option].append((number, _measured(outcome.cells[option], log, theatre)))
                    if number < job.keep:
                        _keep(outcome, theatre, log, (option, number))
                except (Exception, SystemExit) as error:  # a rule may end itself, and not the run
                    outcome.add("failures", [_failure(job, option, number, error)])


def _by_block(batch: Batch) -> Iterator[range]:
    """The replications of a batch, those together that are drawn together."""
    first = batch.first
    while first < batch.end:
        end = min(batch.end, (first // BLOCK + 1) * BLOCK)
        yield range(first, end)
        first = end


@lru_cache(maxsize=200)
def _cells(pickled: bytes, option: str) -> tuple[Cell, ...]:
    """What an option reports: the whole, and all that it may hold or need in any world, in the scenario's order."""
    scenario, _, rules = _unpickled(pickled)
    cells = dict.fromkeys(rows_of(theatres(pickled)[option]))
    for world in ends(scenario):
        cells |= dict.fromkeys(rows_of(Theatre.of(world, option, rules)))
    return tuple(cells)


def _measured(cells: Sequence[Cell], log: Log, theatre: Theatre) -> NDArray[np.float64]:
    """The measures of a replication by what its option reports; of what its world never holds nor needs, nothing."""
    table, rows = measure(log, theatre), rows_of(theatre)
    if rows == cells:
        return table
    known = dict(zip(rows, table, strict=True))
    nothing = np.zeros(table.shape[1])
    assert set(known) <= set(cells), "a world holds or needs what no end of its doubts does"
    return np.array([known.get(cell, nothing) for cell in cells])


def lost_batch(job: Job, batch: Batch, why: str) -> Outcome:
    """The outcome of a batch whose workers died again and again: each of its replications failed."""
    error = RuntimeError(why)
    _, options, _ = _unpickled(job.pickled)
    outcome = Outcome(batch)
    outcome.add("failures", [_failure(job, option, n, error) for option in options for n in range(*batch)])
    return outcome


def batches_of(missing: Iterable[range], size: int) -> Iterator[Batch]:
    """The replications still missing, cut at every hundred and there into pieces of `size`, whatever is done already:
    so whole sets stay together.
    """
    for span in missing:
        first = span.start
        while first < span.stop:
            hundred = first // MOST * MOST
            end = min(span.stop, hundred + ((first - hundred) // size + 1) * size, hundred + MOST)
            yield Batch(first, end)
            first = end


@lru_cache(maxsize=2)
def _unpickled(pickled: bytes) -> tuple[LoadedScenario, tuple[str, ...], dict[str, Rule]]:
    scenario, options, rules = cloudpickle.loads(pickled)
    return scenario, options, rules


@lru_cache(maxsize=2)
def theatres(pickled: bytes) -> dict[str, Theatre]:
    """The theatres of a job's options, by name, with the numbers that stand in the file."""
    scenario, options, rules = _unpickled(pickled)
    return {option: Theatre.of(scenario, option, rules) for option in options}


@lru_cache(maxsize=2)
def _worlds(pickled: bytes, seed: int) -> Worlds:
    return worlds(_unpickled(pickled)[0], seed)


def theatres_in(pickled: bytes, seed: int, block: int) -> dict[str, Theatre]:
    """The theatres of the options in the world that a block of replications, a set, plays in."""
    return _theatres_in_world(pickled, seed, block) if _unpickled(pickled)[0].doubts else theatres(pickled)


@lru_cache(maxsize=2)
def _theatres_in_world(pickled: bytes, seed: int, block: int) -> dict[str, Theatre]:
    _, options, rules = _unpickled(pickled)
    world = _worlds(pickled, seed)[block].scenario
    return {option: Theatre.of(world, option, rules) for option in options}


@lru_cache(maxsize=2)
def traces(pickled: bytes, seed: int, block: int) -> dict[str, list[Trace]]:
    """The traces of a block by option. They are the same ones unless an option's change is to the crises themselves;
    then every crisis still has draws of its own.
    """
    drawn: list[tuple[Any, list[Trace]]] = []
    by_option = {}
    for option, theatre in theatres_in(pickled, seed, block).items():
        uncertain = what_chance_reads(theatre.scenario)
        if not any(known == uncertain for known, _ in drawn):
            drawn.append((uncertain, draw_traces(theatre.scenario, seed, block)))
        by_option[option] = next(block_traces for known, block_traces in drawn if known == uncertain)
    return by_option


def what_chance_reads(scenario: LoadedScenario) -> Any:
    """What the traces of a scenario depend on besides seed and block: where that is equal, so are they."""
    struck = {crisis.mission for crisis in scenario.crises.values()}
    active = {name: mission.active for name, mission in scenario.missions.items() if name in struck}
    return scenario.period, scenario.crises, scenario.teams, active


def _keep(outcome: Outcome, theatre: Theatre, log: Log, run: tuple[str, int]) -> None:
    """Put the whole log of a replication into the tables `loans`, `levels` and `crises`."""
    outcome.add("loans", [(*run, number, *loan) for number, loan in enumerate(log.loans)])
    outcome.add(
        "crises",
        [
            (
                *run,
                number,
                one.name,
                one.mission,
                one.severity,
                one.known_day,
                one.onset_day,
                one.end_day,
                one.happened,
                one.escalated_day,
                one.parent,
                json.dumps(one.phases, ensure_ascii=False),
                json.dumps(one.given_up, ensure_ascii=False),
            )
            for number, one in enumerate(log.crises)
        ],
    )
    nothing = (None,) * len(CAUSES)
    outcome.add(
        "levels",
        [
            (*run, *theatre.place(level.cell), number, level.day, *level[2:-1], *(level.causes or nothing))
            for number, level in enumerate(log.levels)
        ],
    )


def _failure(job: Job, option: str, replication: int, error: BaseException) -> Row:
    """A row of `failures`."""
    return (option, replication, job.seed, in_a_line(error), "".join(traceback.format_exception(error)))
