"""What was tried in the worlds: the options' means by set, and what was drawn for each doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.doubts import OneOf
from sim.statistics.value_of_information import Number

Array = NDArray[np.float64]

MOST_CHOICES = 12
"""Values of a `one_of` that are taken one by one; of more their order counts, as of any number."""


@dataclass(frozen=True)
class DoubtValues:
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
class Trials:
    """What was tried: options that may be chosen between, each in the same worlds."""

    scenario: LoadedScenario
    seed: int
    replications: int
    question: str
    measure: str
    """What is compared."""
    compared: tuple[str, str]
    """The two options of the answer."""
    means: Mapping[str, Array]
    """By option, the measure in each set, (sets,); nan where a set has none."""
    weights: Array | None = None
    """Of the sets; all alike where there are none."""


def doubt_values(scenario: LoadedScenario, worlds: Sequence[Mapping[str, float]]) -> dict[str, DoubtValues]:
    """What was drawn for each doubt of a scenario, from its value in the world of each set."""
    return {
        name: DoubtValues(
            paths=doubt.path,
            values=np.array([world[name] for world in worlds]),
            factor=doubt.times is not None,
            one_of=isinstance(doubt.spread, OneOf),
        )
        for name, doubt in scenario.doubts.items()
    }
