"""What a run's sets have met of what their crises may require, from draws alone: each set in the world it plays in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.chance.required import cells_of, mean_required, required
from sim.chance.sets import SIZE
from sim.chance.worlds import ends, worlds
from sim.running.batches import what_chance_reads
from sim.scenario.loaded import LoadedScenario, with_option
from sim.statistics.discordance import unseen_requirement

Requirements = NDArray[np.float64]
"""(replications or sets, cells), in unit-days."""
MORE = 5
"""Sets that are drawn for every set that was run: that takes less than a tenth of the time of running it."""
BEYOND = 2**20
"""Number of the set from which on there are those that no run reaches."""


class Traced:
    """What the crises of an option require under one seed; each set is drawn once."""

    def __init__(self, scenario: LoadedScenario, option: str, seed: int) -> None:
        self.option, self.seed, self.cells = option, seed, cells_of(with_option(scenario, option))
        self._worlds = worlds(scenario, seed)
        self._plain = None if scenario.doubts else with_option(scenario, option)
        self._met: dict[int, Requirements] = {}
        self._further: dict[int, Requirements] = {}
        self._means: dict[int, Requirements] = {}

    def met(self, replications: Sequence[int]) -> Requirements:
        """By these replications of a run."""
        for number in sorted({each // SIZE for each in replications} - set(self._met)):
            self._met[number] = required(self._world(number), self.seed, number)
        rows = [self._met[each // SIZE][each % SIZE] for each in replications]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.cells))

    def further(self, sets: Iterable[int]) -> Requirements:
        """By `MORE` further sets of traces in the world of each set, of which no run has any."""
        return np.concatenate([self._more(number) for number in sets])

    def means(self, sets: Iterable[int]) -> Requirements:
        """By a replication on average, in the world of each set."""
        rows = []
        for number in sets:
            if number not in self._means:
                self._means[number] = mean_required(self._world(number), self.seed, number)
            rows.append(self._means[number])
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.cells))

    def draw(self, number: int, *, means: bool) -> None:
        """All that will be asked of a set, together: to make its world takes as long as these draws do."""
        self.met([number * SIZE])
        self._more(number)
        if means:
            self.means([number])

    def unseen(self, replications: Sequence[int]) -> float:
        """What these replications have not met, in unit-days of mean requirement."""
        sets = sorted({each // SIZE for each in replications})
        return unseen_requirement(self.met(replications), self.further(sets)) if self.cells and sets else 0.0

    def _more(self, number: int) -> Requirements:
        if number not in self._further:
            world, first = self._world(number), BEYOND + MORE * number
            tables = [required(world, self.seed, first + each) for each in range(MORE)]
            self._further[number] = np.concatenate(tables)
        return self._further[number]

    def _world(self, number: int) -> LoadedScenario:
        return self._plain or with_option(self._worlds[number].scenario, self.option)


def alike_in_crises(scenario: LoadedScenario, options: Iterable[str]) -> dict[str, str]:
    """Option -> the first of those that have the same traces and require the same by them, in every world."""
    worlds_met = (scenario, *ends(scenario))
    first: dict[str, str] = {}
    read: dict[str, object] = {}
    for option in options:
        words = [_what_requirements_read(with_option(world, option)) for world in worlds_met]
        first[option] = next((other for other, known in read.items() if known == words), option)
        read.setdefault(first[option], words)
    return first


def _what_requirements_read(scenario: LoadedScenario) -> object:
    struck = dict.fromkeys(mission for mission, _ in cells_of(scenario))  # by a spill-over only, some of them
    return what_chance_reads(scenario), {mission: scenario.missions[mission].active for mission in struck}


class Foreseen:
    """What a run's sets have met of what their traces may bring, as far as it is asked for."""

    def __init__(self, scenario: LoadedScenario, options: Sequence[str], seed: int) -> None:
        self.traced = [
            Traced(scenario, option, seed) for option in dict.fromkeys(alike_in_crises(scenario, options).values())
        ]

    def unseen(self, sets: int) -> float:
        """What the first so many sets have not met, in unit-days of mean requirement: of the option with the most.

        An option cannot lose more than is required, so a mean or a difference may be wrong by so much
        (`statistics.discordance.unseen_requirement`).
        """
        return max((one.unseen(range(sets * SIZE)) for one in self.traced), default=0.0)
