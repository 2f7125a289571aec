"""Samples of many variants of a scenario at once, kept in memory: what sizing and sweeping are made of.

All variants meet the same seed and replications (common random numbers), so whatever differs between them is not luck,
as far as what they change leaves a draw's name as it was.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance.sets import SIZE
from sim.errors import RunError, UsageError
from sim.measures.catalogue import COLUMNS, INDEX
from sim.policies import Rule, own_rules
from sim.results.outcome import Batch, Outcome
from sim.running.batches import Job, run_batch
from sim.running.repeatable import warn_of_rules_with_chance
from sim.running.runner import Progress, Task, replicate
from sim.running.workers import workers_for
from sim.scenario.loaded import LoadedScenario
from sim.statistics.by_sets import Sets

Values = NDArray[np.float64]

log = logging.getLogger("sim")


class Variant(NamedTuple):
    """One scenario, those of its options that are to be run, and what is to be kept of them."""

    scenario: LoadedScenario
    options: tuple[str, ...]
    resource: str | None = None
    """Only this resource, summed over all missions; the whole scenario where omitted."""


@dataclass(frozen=True)
class Sample:
    """What one option of one variant measured."""

    values: Values
    """(replications, columns of `measures.COLUMNS`); nan where a replication failed."""
    first: int = 0
    """Number of the first replication."""
    lent: set[str] = field(default_factory=set)
    """Resources that it lent in any replication; of a single resource nothing is said."""

    @property
    def sets(self) -> Sets:
        """Which set every replication belongs to."""
        return Sets.in_order(len(self.values), SIZE, self.first)

    def of(self, column: str) -> Values:
        """One column by replication."""
        return self.values[:, COLUMNS.index(column)]


@dataclass(frozen=True)
class Effort:
    """How much to run, and by whom; results do not depend on the latter."""

    replications: int
    seed: int
    workers: int | None = None
    """Processes on this machine; one a core where omitted."""
    cluster: str | None = None
    """Address of a Dask scheduler, whose workers do it instead."""
    rules: str | Path | Mapping[str, Rule] | None = None
    """A Python file with the user's own lending rules, or such rules by name."""
    progress: Progress | None = None
    first: int = 0
    """Number of the first replication."""

    def __post_init__(self) -> None:
        if self.replications < 1:
            raise UsageError(f"replications: must be 1 or more, not {self.replications}")


def sample(variants: Sequence[Variant], effort: Effort) -> list[dict[str, Sample]]:
    """Run every option of every variant on the same replications: one map from option to sample for each variant.

    Replications that fail are nan, and logged; RunError where all do.
    """
    wanted, rules = range(effort.first, effort.first + effort.replications), own_rules(effort.rules)
    jobs = [Job.of(variant.scenario, variant.options, rules, seed=effort.seed, keep=0) for variant in variants]
    for job in jobs:
        run_batch(job, Batch(0, 0))  # what is wrong with a variant shows before anything is run
    if rules and jobs and not effort.first:
        warn_of_rules_with_chance(jobs[0], rules, wanted)
    nothing = np.full((effort.replications, len(COLUMNS)), np.nan)
    samples = [{option: Sample(nothing.copy(), effort.first) for option in variant.options} for variant in variants]
    failed = 0
    together = zip(jobs, variants, strict=True)
    tasks = [Task(job, (wanted,), partial(_totals, variant.resource)) for job, variant in together]
    with workers_for(effort.workers, effort.cluster) as workers:
        batches = replicate(tasks, workers=workers, progress=effort.progress)
        with closing(batches) as done:
            for number, (totals, failures) in done:
                failed += failures
                for option, replication, values, lent in totals:
                    samples[number][option].values[replication - effort.first] = values
                    samples[number][option].lent.update(lent)
    if failed == effort.replications * sum(len(variant.options) for variant in variants):
        raise RunError("every replication failed: `run` says why")
    if failed:
        log.warning("%d replications failed and are left out; `run` says which and why", failed)
    return samples


def _totals(resource: str | None, outcome: Outcome) -> tuple[list[tuple[str, int, Values, set[str]]], int]:
    """(option, replication, the row of the whole or the sum of a resource's rows, resources lent); how many failed."""
    totals = []
    for option, measured in outcome.values.items():
        cells = outcome.cells[option]
        rows = [number for number, cell in enumerate(cells) if cell[1] == resource] if resource is not None else [0]
        for replication, values in measured:
            lent = () if resource is not None else np.flatnonzero(values[1:, INDEX["lent_unit_days"]] > 0) + 1
            totals.append((option, replication, values[rows].sum(axis=0), {cells[row][1] for row in lent}))
    return totals, len(outcome.rows.get("failures", ()))
