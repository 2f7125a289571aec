"""The grid behind the what-if page: every option at every combination of the controls' values, on the same luck.

What comes out of one option at one setting is kept in a cache folder under a name that says all it depends on. So an
interrupted grid goes on where it was, a grid that overlaps an older one is computed in part only, and settings that
come to the same for an option (as where its own change overrides what a control sets) are run once.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import RunError, UsageError
from sim.policies import Rule
from sim.questions.sweep.inputs import varied
from sim.results.disk import disk_trouble
from sim.results.manifest import code, write_whole
from sim.running.batches import Job
from sim.running.runner import Progress
from sim.running.workers import Workers, share_out_alike, workers_for
from sim.scenario.loaded import LoadedScenario, with_option
from sim.whatif.controls import Control
from sim.whatif.summary import SAMPLED, Summary, Task, summarise
from sim.words.suggestions import unknown

MOST_SETTINGS = 2000
REPLICATIONS = 200
"""Of every option at every setting, unless report otherwise or the scenario asks for fewer."""
STORIES = 5
"""Replications whose loans can be looked at one by one."""

log = logging.getLogger("sim")


@dataclass(frozen=True)
class Grid:
    """A computed grid; settings are counted with the last control fastest."""

    scenario: LoadedScenario
    controls: tuple[Control, ...]
    options: tuple[str, ...]
    replications: int
    seed: int
    confidence: float
    stories: tuple[int, ...]
    """Replications kept whole, the most typical first."""
    keys: Mapping[str, tuple[str, ...]]
    """Option -> for every setting the key of its summary; settings that come to the same have the same."""
    worlds: Mapping[str, LoadedScenario]
    """Key -> the scenario that ran, with the option's change applied."""
    summaries: Mapping[str, Summary]

    @property
    def settings(self) -> int:
        """How many there are."""
        return math.prod(len(control.values) for control in self.controls)

    @property
    def failed(self) -> int:
        """Replications that failed, over all settings and options."""
        return sum(each.samples[SAMPLED[0]].count(None) for each in self.summaries.values())

    @property
    def start(self) -> tuple[int, ...]:
        """The scenario's own setting as places of values; the first value where its own is none of them."""
        return tuple(control.own or 0 for control in self.controls)


class Cache:
    """A folder of summaries by key; None keeps nothing."""

    def __init__(self, folder: Path | None, *, force: bool) -> None:
        self.folder = folder
        self.force = force
        if folder is not None:
            with disk_trouble(folder):
                folder.mkdir(parents=True, exist_ok=True)

    def get(self, key: str) -> Summary | None:
        """The summary under `key`, if it is there and whole."""
        if self.folder is None or self.force:
            return None
        try:
            return Summary.from_json(json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, found: Summary) -> None:
        """Keep a summary, whole or not at all."""
        if self.folder is not None:
            with disk_trouble(self.folder):
                write_whole(self.folder / f"{key}.json", json.dumps(found.as_json(), separators=(",", ":")))


def compute(  # noqa: PLR0913  # the Python twin of a command has as many arguments as it has flags
    scenario: LoadedScenario,
    controls: Sequence[Control],
    *,
    options: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    rules: Mapping[str, Rule] | None = None,
    rules_digest: str = "",
    workers: int | None = None,
    cache: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Grid:
    """Every one of `options` (default: all) at every setting of `controls`.

    `cache` is the folder to go on from; what it holds is used again unless `force`. UsageError for what cannot be
    asked for, RunError where an option fails on every replication.
    """
    replications = min(REPLICATIONS, scenario.experiment.replications) if replications is None else replications
    seed = scenario.experiment.seed_or(seed)
    options = tuple(options) or tuple(scenario.options)
    plan = _Plan(scenario, tuple(controls), options, replications, seed, rules or {}, rules_digest)
    plan.check()
    with workers_for(workers) as pool:
        keys, worlds, jobs = plan.spread()
        store = Cache(cache, force=force)
        stories = _typical(list(_at_start(plan, keys, jobs, store)), replications)
        tasks = [Task(_story_key(key, stories), job, replications, stories, scenario.days) for key, job in jobs.items()]
        summaries = _summaries(tasks, store, pool, progress)
    return Grid(
        scenario=scenario,
        controls=plan.controls,
        options=options,
        replications=replications,
        seed=seed,
        confidence=scenario.experiment.confidence,
        stories=stories,
        keys=keys,
        worlds=worlds,
        summaries={key: summaries[_story_key(key, stories)] for key in jobs},
    )


@dataclass(frozen=True)
class _Plan:
    scenario: LoadedScenario
    controls: tuple[Control, ...]
    options: tuple[str, ...]
    replications: int
    seed: int
    rules: Mapping[str, Rule]
    rules_digest: str

    def check(self) -> None:
        """UsageError for what cannot be asked for."""
        count = math.prod(len(control.values) for control in self.controls)
        if count > MOST_SETTINGS:
            raise UsageError(f"at most {MOST_SETTINGS:,} settings fit on a page, not {count:,}: vary fewer values")
        if not 2 <= self.replications <= 100_000:
            raise UsageError(f"replications: must be 2 to 100,000, not {self.replications}")
        for name in self.options:
            if name not in self.scenario.options:
                raise UsageError(unknown("option", name, self.scenario.options))

    def spread(self) -> tuple[dict[str, tuple[str, ...]], dict[str, LoadedScenario], dict[str, Job]]:
        """By option the keys of all settings; by key the world that is run and the job of running it."""
        keys: dict[str, list[str]] = {option: [] for option in self.options}
        worlds: dict[str, LoadedScenario] = {}
        jobs: dict[str, Job] = {}
        for values in product(*(control.values for control in self.controls)):
            paths = (control.path for control in self.controls)
            world = varied(self.scenario, dict(zip(paths, values, strict=True)))
            for option in self.options:
                changed = with_option(world, option)
                key = self._key(changed, option)
                keys[option].append(key)
                if key not in jobs:
                    worlds[key] = changed
                    jobs[key] = Job.of(world, [option], self.rules, seed=self.seed, keep=self.replications)
        return {option: tuple(found) for option, found in keys.items()}, worlds, jobs

    def _key(self, world: LoadedScenario, option: str) -> str:
        """A digest of all that the outcome depends on: the world without the other options, the policy, the chance."""
        policy = world.options[option].policy
        unread = {"options", "history", "page", "experiment", "name", "about"}
        if policy.share == "none" and policy.rule is None:  # who lends nothing needs no paper
            unread |= {"agreements", "contributors"}
        read = {word: value for word, value in world.raw.items() if word not in unread}
        chance = [self.seed, self.replications]
        told = [read, policy.model_dump(mode="json"), *chance, self.rules_digest, code(), FORMAT]
        return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:32]


FORMAT = 3
"""Of the files in the cache."""


def _story_key(key: str, stories: Sequence[int]) -> str:
    """The key of a summary that keeps these stories."""
    return "-".join([key, *map(str, stories)])


def _at_start(
    plan: _Plan, keys: Mapping[str, Sequence[str]], jobs: Mapping[str, Job], store: Cache
) -> Iterator[Summary]:
    """Every option at the start, without stories: what is typical is read off these."""
    place = 0
    for control in plan.controls:
        place = place * len(control.values) + (control.own or 0)
    for option in plan.options:
        key = keys[option][place]
        found = store.get(key)
        if found is None:
            found = summarise(Task(key, jobs[key], plan.replications, (), plan.scenario.days))
            store.put(key, found)
        yield found


def _summaries(
    tasks: Sequence[Task], store: Cache, workers: Workers | None, progress: Progress | None
) -> dict[str, Summary]:
    """The summaries of all tasks by key: from the store, or made by `workers` and put there one by one."""
    held = {task.key: store.get(task.key) for task in tasks}
    found = {key: each for key, each in held.items() if each is not None}
    missing = [task for task in tasks if task.key not in found]
    report = progress or _no_progress
    report(len(found), len(tasks))
    with closing(share_out_alike(_run, missing, lost=_give_up, workers=workers)) as made:
        for key, each in made:
            store.put(key, each)
            found[key] = each
            report(len(found), len(tasks))
    return found


def _run(task: Task) -> tuple[str, Summary]:
    return task.key, summarise(task)


def _give_up(_: Task, why: str) -> tuple[str, Summary]:
    raise RunError(f"a setting could not be computed: {why}")


def _no_progress(*_: int) -> None:
    """Nobody asked how far it is."""


def _typical(found: Sequence[Summary], replications: int) -> tuple[int, ...]:
    """The replications nearest to the median unmet need under all options at once, in standard deviations."""
    distance: NDArray[np.float64] = np.zeros(replications)
    for each in found:
        unmet = np.array([math.nan if value is None else value for value in each.samples["unmet_unit_days"]])
        spread = float(np.nanstd(unmet)) or 1.0
        distance += ((unmet - np.nanmedian(unmet)) / spread) ** 2
    order = np.argsort(distance, kind="stable")
    return tuple(int(number) for number in order[:STORIES] if not math.isnan(distance[number]))
