"""What was tried in the worlds: the options' means by set, and what was drawn for each doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.chance.sets import SIZE
from sim.measures.catalogue import MEASURES
from sim.results.tables import Cell
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.doubts import OneOf
from sim.statistics.value_of_information import Number

Array = NDArray[np.float64]
Run = tuple[int, int]
"""(place of the folder, replication), or (place of the folder, set)."""

MOST_CHOICES = 12
"""Values of a `one_of` that are taken one by one; of more their order counts, as of any number."""


class Asks(Protocol):
    """What the scenario is asked."""

    @property
    def text(self) -> str | None:
        """The question in a sentence, where the scenario says it."""

    @property
    def measure(self) -> str:
        """What is compared: a measure of the comparison."""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(option, the one that it is held against)."""


@dataclass(frozen=True)
class Drawn:
    """What was drawn for one doubt."""

    paths: tuple[str, ...]
    """Where in the scenario it stands."""
    values: Array
    """(sets,): the value in each set, or the factor on what is written."""
    factor: bool = False
    one_of: bool = False
    """Whether it is one of a few values, rather than anything between two."""

    @property
    def choices(self) -> tuple[float, ...] | None:
        """The values that are taken one by one; None where their order counts."""
        found = tuple(np.unique(self.values).tolist())
        return found if self.one_of and len(found) <= MOST_CHOICES else None

    def number(self) -> Number:
        """As the statistics take it."""
        choices = self.choices
        if choices is None:
            return Number(self.values)
        return Number(np.searchsorted(choices, self.values).astype(float), len(choices))


@dataclass(frozen=True)
class Tried:
    """What was tried: options that may be chosen between, each in the same worlds."""

    scenario: LoadedScenario
    seed: int
    replications: int
    means: Mapping[str, Array]
    """By option, the measure of the question in each set, (sets,); nan where a set has none."""
    weights: Array | None = None
    """Of the sets; all alike where there are none."""


class Sampled(Protocol):
    """Results, as far as they are needed here."""

    @property
    def scenario(self) -> LoadedScenario:
        """What was run."""

    @property
    def seed(self) -> int:
        """The (first) seed."""

    @property
    def options(self) -> tuple[str, ...]:
        """What was run."""

    def runs(self) -> list[Run]:
        """Which folder and replication each row of the samples is of."""

    def samples(self, option: str, cell: Cell) -> Array:
        """(replications, columns)."""


def tried(results: Sampled, options: Sequence[str], measure: str, place: Cell) -> tuple[Tried, list[Run]]:
    """What options, run already, came to in each set, and which (folder, set) each is.

    A ratio is that of the sums over the set. A set of which replications failed or are still to come weighs as much
    less.
    """
    runs = results.runs()
    sets = sorted({(folder, number // SIZE) for folder, number in runs})
    order = {each: row for row, each in enumerate(sets)}
    rows = np.array([order[folder, number // SIZE] for folder, number in runs], dtype=np.int64)
    counts = np.bincount(rows, minlength=len(sets)).astype(float)
    means = {name: _means(results.samples(name, place), rows, counts, measure) for name in options}
    return Tried(results.scenario, results.seed, len(runs), means, counts / SIZE), sets


def _means(samples: Array, rows: NDArray[np.int64], counts: Array, measure: str) -> Array:
    """The measure in each set."""
    sums = np.zeros((len(counts), samples.shape[1]))
    np.add.at(sums, rows, samples)
    values = [MEASURES[measure].value(row) for row in sums / counts[:, None]]
    return np.array([np.nan if value is None else value for value in values])


def drawn(scenario: LoadedScenario, worlds: Sequence[Mapping[str, float]]) -> dict[str, Drawn]:
    """What was drawn for each doubt of a scenario, from its value in the world of each set."""
    return {
        name: Drawn(
            paths=doubt.path,
            values=np.array([world[name] for world in worlds]),
            factor=doubt.times is not None,
            one_of=isinstance(doubt.spread, OneOf),
        )
        for name, doubt in scenario.doubts.items()
    }
