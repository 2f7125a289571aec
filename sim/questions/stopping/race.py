"""A race of the options that leaves a results folder: who was chosen, and the replications that all of them ran."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.policies import own_rules
from sim.questions.stopping.sequential import AT_LEAST, MOST, Selection, at_most, decide_race, race_sample, race_start
from sim.results.disk import RACE, disk_trouble, read_whole, sha256
from sim.results.manifest import write_whole
from sim.results.reader import Results
from sim.running.experiment import run
from sim.running.runner import Progress
from sim.running.samples import Effort, Values
from sim.scenario.loaded import LoadedScenario

log = logging.getLogger("sim")


def race(
    scenario: LoadedScenario,
    indifference: float,
    *,
    out: str | Path,
    most: int = MOST,
    progress: Progress | None = None,
    **how: Any,
) -> tuple[Selection, Results]:
    """Race the options as `select` does, and leave in `out` the replications that every one of them was in.

    What an interrupted race has seen is kept there, too, and not run again. `how`: as for `run` (options, seed,
    workers, rules, resume, …). The folder is tried first, so nobody waits for a race that cannot be kept. UsageError
    for what cannot be asked for, RunError where replications fail.
    """
    start, most = race_start(scenario, indifference, how.get("options", ())), at_most(most, "a race")
    first = run(scenario, replications=AT_LEAST, out=out, **how)
    effort = Effort(AT_LEAST, first.seed, how.get("workers"), how.get("cluster"), own_rules(how.get("rules")), progress)
    seen = _Seen(Path(out) / RACE, first.manifests[0].run)

    def draw(names: tuple[str, ...], first_one: int, count: int) -> Mapping[str, Values]:
        known = seen.of(names, first_one, count)
        if known is None:
            known = race_sample(scenario, names, replace(effort, replications=count, first=first_one))
            seen.add(known, first_one)
        return known

    found = decide_race(start, draw, most=most, seed=first.seed)
    common = min(each.n for each in found.means.values())
    return found, run(scenario, replications=common, out=out, **how | {"force": False, "resume": False})


class _Seen:
    """What every option of a race gave so far, by replication from the first, in a file of the results folder.

    The file has a digest of that and of the run, so that what was damaged is run again rather than believed.
    """

    def __init__(self, path: Path, run: str) -> None:
        self.path, self.run = path, run
        self.samples: dict[str, list[float]] = {}
        contents = read_whole(path)
        if contents is None:
            return
        try:
            words = json.loads(contents)
            samples, known = words["samples"], words["digest"]
        except (ValueError, KeyError, TypeError, RecursionError):
            samples, known = {}, None
        if known == self._digest(samples):
            self.samples = samples
        else:
            log.warning("%s: was damaged or edited; the race is run again", path)

    def _digest(self, samples: Any) -> str:
        return sha256(json.dumps([self.run, samples]).encode())

    def of(self, names: Sequence[str], first: int, count: int) -> dict[str, Values] | None:
        """So many replications of the options; None where any of them is not known."""
        known = {name: np.array(self.samples.get(name, [])[first : first + count]) for name in names}
        return known if all(len(values) == count for values in known.values()) else None

    def add(self, found: Mapping[str, Values], first: int) -> None:
        """Keep what the replications from `first` on gave."""
        for name, values in found.items():
            self.samples[name] = self.samples.get(name, [])[:first] + values.tolist()
        with disk_trouble(self.path.parent):
            write_whole(self.path, json.dumps({"digest": self._digest(self.samples), "samples": self.samples}))
