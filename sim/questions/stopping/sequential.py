"""Runs that stop by themselves: when differences are precise enough, or when one option is chosen.

Both look after every set of replications, by intervals that hold at every look, and say nothing before enough sets were
seen in which options differ (`statistics.races`). Options that do the same whatever comes are one.
"""

from __future__ import annotations

import math
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance.sets import SIZE
from sim.comparison.cannot_vary import CannotVary
from sim.errors import RunError, UsageError
from sim.measures.catalogue import UNMET
from sim.results.reader import Results
from sim.running.experiment import chosen_options, run
from sim.running.requirements import Foreseen
from sim.running.samples import Effort, Values, Variant, sample
from sim.running.workers import workers_kept
from sim.scenario.fingerprint import fingerprint
from sim.scenario.groups import reference_among, standing_apart
from sim.scenario.loaded import LoadedScenario
from sim.statistics.by_sets import Inference, Sets
from sim.statistics.confidence_sequences import LEAST_SETS
from sim.statistics.estimates import Estimate
from sim.statistics.intervals import Terms
from sim.statistics.races import Goal, Outcome, Plan, precise_after
from sim.statistics.races import race as raced
from sim.words.language import Phrase, phrase
from sim.words.names import listed, quoted
from sim.words.numbers import percent

BLOCK = 5 * SIZE
"""Replications that are run between two looks."""
MOST = 10_000
"""Replications after which a run stops in any case."""
AT_LEAST = LEAST_SETS * SIZE
"""Replications before which nothing is looked at."""


BESIDE_FIXED = {
    (True, True): Phrase("{n:,} fewer than the scenario's fixed {fixed:,}"),
    (True, False): Phrase("{n:,} more than the scenario's fixed {fixed:,}"),
    (False, True): Phrase("{n:,} fewer than the allowed {fixed:,}"),
    (False, False): Phrase("{n:,} more than the allowed {fixed:,}"),
}
"""Replications beside their fixed number, by whether that is the scenario's, and whether there are fewer."""
CHOSEN = Phrase(
    "{name} was chosen: with at least {sure} probability it is the best, or within {zone:g} unit-days of it."
)
CHOSEN_AMONG = Phrase(
    "{name} was chosen: with at least {sure} probability it is the best, or within {zone:g} unit-days of it. {names}"
    " may be as good within that."
)


@dataclass(frozen=True)
class Precise:
    """A run that went on until it was precise enough."""

    results: Results
    goal: Goal
    reached: bool
    """False: it stopped at the most replications allowed."""
    replications: int
    fixed: int
    """Replications that the scenario's own experiment would have taken, or that were allowed if these are fewer."""

    def as_json(self) -> dict[str, Any]:
        """Plain numbers."""
        return {
            "half_width": self.goal.half_width,
            "relative": self.goal.relative,
            "reached": self.reached,
            "replications": self.replications,
            "replications_saved": self.fixed - self.replications,
        }

    def sentences(self) -> list[str]:
        """Why it stopped, and what that saved."""
        goal = self.goal.half_width
        if self.goal.relative:
            told = phrase("{share:g} % of the reference's unmet need either way", share=100 * goal)
        else:
            told = phrase("{days:g} unit-days either way", days=goal)
        if not self.reached:
            said = phrase(
                "Stopped at {n:,} replications, before every difference from the reference was known to {goal}.",
                n=self.replications,
                goal=told,
            )
            return [said]
        saved = self.fixed - self.replications
        usual = self.fixed == self.results.scenario.experiment.replications
        fewer = BESIDE_FIXED[usual, saved >= 0](n=abs(saved), fixed=self.fixed)
        said = phrase(
            "After {n:,} replications every difference in unmet need from the reference is known to {goal}, by its own"
            " interval, {fewer}. The intervals that decided it hold at every look, so stopping when they are narrow"
            " does not make them miss more often.",
            n=self.replications,
            goal=told,
            fewer=fewer,
        )
        return [said]


@workers_kept()  # every look is a job
def run_until_precise(
    scenario: LoadedScenario,
    precision: Goal | str,
    *,
    most: int = MOST,
    out: str | Path | None = None,
    **how: Any,
) -> Precise:
    """Run, set after set, until every difference in unmet need is precise enough.

    `precision`: `5%` of the reference's mean, or `20` unit-days. `how`: as for `run` (seed, options, workers, …). The
    sets that count are the first that were enough, at least ten, so the results do not depend on how they were run.
    UsageError for what cannot be asked for.
    """
    goal = goal_of(precision) if isinstance(precision, str) else precision
    most = at_most(most, "precision")
    folder = Path(tempfile.mkdtemp(prefix="intermission-")) if out is None else Path(out)
    count, resume = min(most, AT_LEAST), how.pop("resume", False)
    while True:
        results = run(scenario, replications=count, out=folder, resume=resume, **how)
        how["force"] = resume = False
        enough = _enough(results, goal)
        if enough is not None or count >= most:
            break
        count = min(most, count + max(BLOCK, count // 2 // BLOCK * BLOCK))
    if enough is not None and enough < count:
        results = run(scenario, replications=enough, out=folder, **how)
    if out is None:
        weakref.finalize(results, shutil.rmtree, folder, ignore_errors=True)
    usual = min(most, whole_sets(scenario.experiment.replications))
    return Precise(results, goal, enough is not None, count if enough is None else enough, usual)


def goal_of(text: str) -> Goal:
    """`5%` is a share of the reference's mean, `20` in unit-days; UsageError otherwise."""
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise UsageError(f"--precision: must be a number above 0, like 20 or 5%, not {text!r}")
    return Goal(number / 100, relative=True) if text.endswith("%") else Goal(number)


def whole_sets(replications: int) -> int:
    """So many replications, rounded up to whole sets."""
    return -(-replications // SIZE) * SIZE


def at_most(most: int, what: str) -> int:
    """The most replications that may be run, in whole sets; UsageError for fewer than are looked at."""
    if most < AT_LEAST:
        raise UsageError(f"at most {most} replications are too few: {what} takes {AT_LEAST} or more")
    return whole_sets(most)


def plan_of(scenario: LoadedScenario, options: Sequence[str], seed: int) -> Plan:
    """How runs of the scenario are looked at: narrowest at the number of sets that its experiment plans.

    What the traces may bring and no set has met is known from further traces.
    """
    planned = max(1, whole_sets(scenario.experiment.replications) // SIZE)
    return Plan(planned, scenario.experiment.confidence, Foreseen(scenario, options, seed).unseen)


def _enough(results: Results, goal: Goal) -> int | None:
    """The first number of replications after which every difference is known; None where there is none."""
    names, scenario = results.options, results.scenario
    if not results.replications:
        return None
    reference = reference_among(scenario, names)
    names = tuple(name for name in names if name in scenario.beside(reference))
    alike = CannotVary(scenario, names).alike
    distinct = [name for name in names if alike[name] == name]
    table = np.stack([results.sets.means(results.sample(name, UNMET)) for name in distinct], axis=1)
    enough = precise_after(table, distinct.index(alike[reference]), goal, plan_of(scenario, distinct, results.seed))
    if enough is None:
        return None
    # Counted up to the last replication of that set, sets of which every replication failed included.
    numbers = [number // SIZE for _, number in results.runs()]
    return (sorted(set(numbers))[enough - 1] + 1) * SIZE


@dataclass(frozen=True, slots=True)
class Dropped:
    """An option that fell behind, at which replication and behind whom."""

    name: str
    replication: int
    behind: str


@dataclass(frozen=True)
class Selection:
    """The option that a race chose, and who fell behind when."""

    scenario: LoadedScenario
    chosen: str | None
    """None: the race was stopped before it was decided."""
    alive: tuple[str, ...]
    """The options that were not ruled out: the chosen one, and what is as good within the indifference zone."""
    indifference: float
    confidence: float
    """With at least this probability the chosen option is the best, or within the indifference zone of it."""
    dropped: tuple[Dropped, ...]
    means: Mapping[str, Estimate]
    """Unmet need of every option over the replications that it was in."""
    seed: int
    twins: Mapping[str, str] = field(default_factory=dict)
    """Options that were not run, since they do the same as another, whatever comes; and as which."""
    apart: tuple[str, ...] = ()
    """Options that were in no race, since they meet other crises or hold other units."""

    @property
    def spent(self) -> int:
        """Replications of all options together."""
        return sum(found.n for found in self.means.values())

    def as_json(self) -> dict[str, Any]:
        """Plain maps and numbers."""
        return {
            "scenario": self.scenario.name,
            "fingerprint": fingerprint(self.scenario),
            "seed": self.seed,
            "chosen": self.chosen,
            "alive": list(self.alive),
            "the_same": dict(self.twins),
            "apart": list(self.apart),
            "indifference": self.indifference,
            "confidence": self.confidence,
            "dropped": [
                {"option": one.name, "replication": one.replication, "behind": one.behind} for one in self.dropped
            ],
            "unmet_unit_days": {name: found.as_json() for name, found in self.means.items()},
            "replications_spent": self.spent,
        }

    def sentences(self) -> list[str]:
        """What was chosen, how sure, who fell behind, and what that saved."""

        def label(name: str) -> str:
            return quoted(self.scenario.label(name))

        lines = [
            phrase(
                "{name} dropped out at replication {n:,}, behind {other}.",
                name=label(one.name),
                n=one.replication,
                other=label(one.behind),
            )
            for one in self.dropped
        ]
        lines += [
            phrase(
                "{one} does the same as {other}, whatever comes, and was not run.", one=label(one), other=label(other)
            )
            for one, other in self.twins.items()
        ]
        if self.apart:
            lines.append(standing_apart([label(name) for name in self.apart]))
        if self.chosen is None:
            left = listed([label(name) for name in self.alive])
            undecided = phrase(
                "The race is undecided between {names}: to be sure within {zone:g} unit-days takes more replications.",
                names=left,
                zone=self.indifference,
            )
            return [*lines, undecided]
        rivals = [name for name in self.alive if name != self.chosen and self.twins.get(name) != self.chosen]
        near = [label(name) for name in rivals]
        slots = {"name": label(self.chosen), "sure": percent(self.confidence), "zone": self.indifference}
        told = (CHOSEN_AMONG if near else CHOSEN)(names=listed(near), **slots)
        return [*lines, told, phrase("That took {n:,} replications of single options.", n=self.spent)]


Draw = Callable[[tuple[str, ...], int, int], Mapping[str, Values]]
"""Gives the unmet need of these options in so many replications from the first one on."""


@workers_kept()
def select(
    scenario: LoadedScenario,
    indifference: float,
    *,
    options: Sequence[str] = (),
    most: int = MOST,
    seed: int | None = None,
    **effort: Any,
) -> Selection:
    """Race the options until one is chosen (`statistics.races`); those that fall behind are not run further.

    `indifference`: unit-days of unmet need that do not matter. `effort`: workers, cluster, rules, progress, as for
    `run`. UsageError for what cannot be asked for, RunError where replications fail.
    """
    seed = scenario.experiment.seed_or(seed)

    def draw(names: tuple[str, ...], first: int, count: int) -> Mapping[str, Values]:
        return race_sample(scenario, names, Effort(count, seed, first=first, **effort))

    return decide_race(race_start(scenario, indifference, options), draw, most=most, seed=seed)


@dataclass(frozen=True)
class Start:
    """A race before its first replication."""

    scenario: LoadedScenario
    names: tuple[str, ...]
    """The options, those that do the same as an earlier one left out."""
    twins: Mapping[str, str]
    """Those that were left out, and as which they do."""
    indifference: float
    apart: tuple[str, ...]
    """Those that cannot be compared with the others."""


def race_start(scenario: LoadedScenario, indifference: float, options: Sequence[str]) -> Start:
    """The race before its first replication; UsageError for what is no race."""
    names = chosen_options(scenario, options)
    if len(names) < 2:
        raise UsageError("selection needs at least two options")
    if not 0 < indifference < math.inf:
        raise UsageError(f"--indifference: must be a number above 0, not {indifference:g}")
    beside = scenario.beside(reference_among(scenario, names))
    racing = tuple(name for name in names if name in beside)
    apart = tuple(name for name in names if name not in racing)
    if len(racing) < 2:
        others = f"{racing[0]!r} stands apart from {listed([repr(name) for name in apart])}"
        raise UsageError(
            f"selection needs two options that can be compared: {others} (crises or units are not the same)"
        )
    alike = CannotVary(scenario, racing).alike
    distinct = tuple(name for name in racing if alike[name] == name)
    twins = {name: alike[name] for name in racing if alike[name] != name}
    return Start(scenario, distinct, twins, indifference, apart)


def race_sample(scenario: LoadedScenario, names: tuple[str, ...], effort: Effort) -> dict[str, Values]:
    """The unmet need of options, run as `effort` says; RunError where a replication fails."""
    found = sample([Variant(scenario, names)], effort)[0]
    samples = {name: found[name].of(UNMET) for name in names}
    if any(np.isnan(each).any() for each in samples.values()):
        last = effort.first + effort.replications - 1
        raise RunError(f"a replication between {effort.first} and {last} failed; `run` says which and why")
    return samples


def decide_race(start: Start, draw: Draw, *, most: int, seed: int) -> Selection:
    """Run a race to its end, or to the most replications that it may take."""
    plan, names = plan_of(start.scenario, start.names, seed), start.names
    seen: dict[str, list[float]] = {name: [] for name in names}
    alive, done, most = names, 0, at_most(most, "a race")
    while True:
        count = min(most - done, AT_LEAST if done == 0 else BLOCK)
        for name, values in draw(alive, done, count).items():
            seen[name] += values.tolist()
        done += count
        found = _race(seen, start, plan, done)
        alive = tuple(names[each] for each in found.alive)
        if found.chosen is not None or done >= most:
            return _selection(start, found, seen, seed)


def _race(seen: Mapping[str, list[float]], start: Start, plan: Plan, done: int) -> Outcome:
    """How the race stands; options that are the same as one another need none."""
    if len(start.names) == 1:
        return Outcome(0, (0,), (), LEAST_SETS)
    # What was ruled out earlier has no later values, and none are looked at.
    table: NDArray[np.float64] = np.zeros((done // SIZE, len(start.names)))
    for column, values in enumerate(seen.values()):
        means = np.array(values).reshape(-1, SIZE).mean(axis=1)
        table[: len(means), column] = means
    return raced(table, start.indifference, plan)


def _selection(start: Start, found: Outcome, seen: Mapping[str, list[float]], seed: int) -> Selection:
    names, confidence = start.names, start.scenario.experiment.confidence
    dropped = tuple(Dropped(names[one.option], one.sets * SIZE, names[one.behind]) for one in found.ruled_out)
    counts = dict.fromkeys(names, found.sets * SIZE) | {one.name: one.replication for one in dropped}
    means = {
        name: Inference(Sets.in_order(counts[name], SIZE), Terms(confidence)).mean(values[: counts[name]])
        for name, values in seen.items()
    }
    alive = {names[each] for each in found.alive}
    every = [*names, *start.twins]
    return Selection(
        scenario=start.scenario,
        chosen=None if found.chosen is None else names[found.chosen],
        alive=tuple(name for name in start.scenario.options if name in every and start.twins.get(name, name) in alive),
        indifference=start.indifference,
        confidence=confidence,
        dropped=dropped,
        means=means,
        seed=seed,
        twins=start.twins,
        apart=start.apart,
    )
