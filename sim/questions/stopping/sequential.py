"""Runs that stop by themselves: when differences are precise enough, or when one option is chosen."""

from __future__ import annotations

import math
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.chance.trace import BLOCK as SET
from sim.errors import RunError, UsageError
from sim.results.reader import Results
from sim.running.experiment import chosen_options, run
from sim.running.in_memory import Effort, Values, World, sample
from sim.scenario.fingerprint import fingerprint
from sim.scenario.loaded import LoadedScenario
from sim.statistics.estimates import Estimate, mean, paired
from sim.statistics.independent import rinott
from sim.statistics.selection import replications_for
from sim.statistics.stopping import AT_LEAST, Dropped, KimNelson, Precision
from sim.words.names import quoted
from sim.words.numbers import percent

BLOCK = 5 * SET
"""Replications that are run between two looks."""
UNMET = "unmet_unit_days"
MOST = 10_000
"""Replications after which a run stops in any case."""


@dataclass(frozen=True)
class Precise:
    """A run that went on until it was precise enough."""

    results: Results
    precision: Precision
    reached: bool
    """False: it stopped at the most replications allowed."""
    replications: int
    fixed: int
    """Replications that the scenario's own experiment would have taken, or that were allowed if these are fewer."""

    def as_json(self) -> dict[str, Any]:
        """Plain numbers."""
        return {
            "half_width": self.precision.half_width,
            "relative": self.precision.relative,
            "reached": self.reached,
            "replications": self.replications,
            "replications_saved": self.fixed - self.replications,
        }

    def sentences(self) -> list[str]:
        """Why it stopped, and what that saved."""
        goal = self.precision.half_width
        told = f"{100 * goal:g} % of the reference's unmet need" if self.precision.relative else f"{goal:g} unit-days"
        told += " either way"
        if not self.reached:
            return [
                f"Stopped at {self.replications:,} replications, before every difference from the reference was known"
                f" to {told}."
            ]
        saved = self.fixed - self.replications
        usual = "scenario's fixed" if self.fixed == self.results.scenario.experiment.replications else "allowed"
        fewer = f"{abs(saved):,} {'fewer' if saved >= 0 else 'more'} than the {usual} {self.fixed:,}"
        return [
            f"After {self.replications:,} replications every difference in unmet need from the reference is known to"
            f" {told}, by its own interval, {fewer}. The intervals are nominal: stopping when they are narrow makes"
            " them miss slightly more often."
        ]


def run_until_precise(
    scenario: LoadedScenario,
    precision: Precision | str,
    *,
    most: int = MOST,
    out: str | Path | None = None,
    **how: Any,
) -> Precise:
    """Run, a block of replications after the other, until every difference in unmet need is precise enough.

    `how`: as for `run` (seed, options, workers, …). The replications that count are the first that were enough, at
    least 20, so the results do not depend on how they were run. UsageError for what cannot be asked for.
    """
    rule = Precision.parse(precision) if isinstance(precision, str) else precision
    if most < AT_LEAST:
        raise UsageError(f"at most {most} replications are too few: precision takes {AT_LEAST} or more")
    folder = Path(tempfile.mkdtemp(prefix="intermission-")) if out is None else Path(out)
    count, enough = min(most, BLOCK), None
    resume = how.pop("resume", False)
    while True:
        results = run(scenario, replications=count, out=folder, resume=resume, **how)
        how["force"] = resume = False
        samples = {name: results.sample(name, UNMET) for name in results.options}
        reference = samples.pop(scenario.reference if scenario.reference in samples else results.options[0])
        enough = rule.reached_at(reference, list(samples.values()), confidence=scenario.experiment.confidence)
        if enough is not None or count >= most:
            break
        count = min(most, _next(rule, reference, list(samples.values()), count, scenario.experiment.confidence))
    failed = count - len(reference)
    if enough is not None and enough + failed < count:
        results = run(scenario, replications=enough + failed, out=folder, **how)
    if out is None:
        weakref.finalize(results, shutil.rmtree, folder, ignore_errors=True)
    return Precise(results, rule, enough is not None, results.replications, min(most, scenario.experiment.replications))


def _next(rule: Precision, reference: np.ndarray, others: Sequence[np.ndarray], count: int, confidence: float) -> int:
    """How far to go before looking again: to what the differences so far suggest, in whole blocks."""
    apart = [paired(other, reference, confidence) for other in others] or [mean(reference, confidence)]
    guesses = [rule.replications_for(each, float(reference.mean()), confidence) for each in apart]
    guess = max((guess for guess in guesses if guess is not None), default=2 * count)
    return max(count + BLOCK, min(4 * count, -(-guess // BLOCK) * BLOCK))


@dataclass(frozen=True)
class Selection:
    """The option that a race chose, and who fell behind when."""

    scenario: LoadedScenario
    chosen: str | None
    """None: the race was stopped before it was decided."""
    alive: tuple[str, ...]
    """The options that were left at the end."""
    indifference: float
    confidence: float
    """The chosen option is the best with at least this probability, if it is better by the indifference zone."""
    dropped: tuple[Dropped, ...]
    means: Mapping[str, Estimate]
    """Unmet need of every option over the replications that it was in."""
    seed: int
    fixed: int
    """Replications of each option that the two-stage procedure of fixed size would have asked for."""
    independent: int
    """Replications of all options together that Rinott's procedure would have asked for without common traces."""

    @property
    def spent(self) -> int:
        """Replications of all options together."""
        return sum(found.n for found in self.means.values())

    @property
    def saved(self) -> int:
        """Replications of all options that fixed sampling would have taken beyond those."""
        return self.fixed * len(self.means) - self.spent

    def as_json(self) -> dict[str, Any]:
        """Plain maps and numbers."""
        return {
            "scenario": self.scenario.name,
            "fingerprint": fingerprint(self.scenario),
            "seed": self.seed,
            "chosen": self.chosen,
            "alive": list(self.alive),
            "indifference": self.indifference,
            "confidence": self.confidence,
            "dropped": [
                {"option": one.name, "replication": one.replication, "behind": one.behind} for one in self.dropped
            ],
            "unmet_unit_days": {name: found.as_json() for name, found in self.means.items()},
            "replications_spent": self.spent,
            "replications_saved": self.saved,
            "replications_if_independent": self.independent,
        }

    def sentences(self) -> list[str]:
        """What was chosen, how sure, who fell behind, and what that saved."""

        def label(name: str) -> str:
            return quoted(self.scenario.label(name))

        lines = [
            f"{label(one.name)} dropped out at replication {one.replication:,}, behind {label(one.behind)}."
            for one in self.dropped
        ]
        if self.chosen is None:
            left = " and ".join(map(label, self.alive))
            more = f"to be sure within {self.indifference:g} unit-days takes more replications"
            return [*lines, f"The race is undecided between {left}: {more}."]
        lines.append(
            f"{label(self.chosen)} was chosen: with at least {percent(self.confidence)} probability it is the best, if"
            f" it is better than every other by {self.indifference:g} unit-days or more; else it is about that close to"
            " it."
        )
        word = "fewer" if self.saved >= 0 else "more"
        lines.append(
            f"That took {self.spent:,} replications of single options, {abs(self.saved):,} {word} than fixed sampling"
            f" ({self.fixed:,} of each); had every option met crises of its own, fixed sampling would have taken"
            f" {self.independent:,}."
        )
        return lines


Draw = Callable[[tuple[str, ...], int, int], Mapping[str, Values]]
"""Gives the unmet need of these options in so many replications from the first one on."""


def select(
    scenario: LoadedScenario,
    indifference: float,
    *,
    options: Sequence[str] = (),
    most: int = MOST,
    seed: int | None = None,
    **effort: Any,
) -> Selection:
    """Race the options (Kim and Nelson's procedure) until one is left; those that fall behind are not run further.

    `indifference`: unit-days of unmet need that do not matter. `effort`: workers, cluster, rules, progress, as for
    `run`. UsageError for what cannot be asked for, RunError where replications fail.
    """
    seed = scenario.experiment.seed_or(seed)

    def draw(names: tuple[str, ...], first: int, count: int) -> Mapping[str, Values]:
        return drawn(scenario, names, Effort(count, seed, first=first, **effort))

    return decided(starting(scenario, indifference, options), scenario, draw, most=most, seed=seed)


def starting(scenario: LoadedScenario, indifference: float, options: Sequence[str]) -> KimNelson:
    """The race before its first replication; UsageError for what is no race."""
    return KimNelson(list(chosen_options(scenario, options)), indifference, scenario.experiment.confidence)


def drawn(scenario: LoadedScenario, names: tuple[str, ...], effort: Effort) -> dict[str, Values]:
    """The unmet need of options, run as `effort` says; RunError where a replication fails."""
    found = sample([World(scenario, names)], effort)[0]
    samples = {name: found[name].of(UNMET) for name in names}
    if any(np.isnan(each).any() for each in samples.values()):
        last = effort.first + effort.replications - 1
        raise RunError(f"a replication between {effort.first} and {last} failed; `run` says which and why")
    return samples


def decided(race: KimNelson, scenario: LoadedScenario, draw: Draw, *, most: int, seed: int) -> Selection:
    """Run a race to its end, or to the most replications that it may take."""
    seen: dict[str, list[float]] = {name: [] for name in race.alive}
    fixed, independent, done = 0, 0, 0
    while race.chosen is None and done < most:
        count = min(most - done, AT_LEAST if done == 0 else BLOCK)
        samples = draw(race.alive, done, count)
        if done == 0:
            fixed = replications_for(samples, race.indifference, race.confidence)
            independent = _independent(samples, race.indifference, race.confidence)
        race.feed(samples)
        done += count
        for name, values in samples.items():
            seen[name] += values.tolist()
    out = {one.name: one.replication for one in race.dropped}
    counts = {name: out.get(name, race.replications) for name in seen}
    return Selection(
        scenario=scenario,
        chosen=race.chosen,
        alive=race.alive,
        indifference=race.indifference,
        confidence=race.confidence,
        dropped=tuple(race.dropped),
        means={name: mean(values[: counts[name]], race.confidence) for name, values in seen.items()},
        seed=seed,
        fixed=fixed,
        independent=independent,
    )


def _independent(samples: Mapping[str, np.ndarray], indifference: float, confidence: float) -> int:
    """Replications of all options that Rinott's procedure asks for after this first stage."""
    h = rinott(len(samples), confidence, len(next(iter(samples.values()))))
    needed = [(h / indifference) ** 2 * float(values.var(ddof=1)) for values in samples.values()]
    return sum(max(len(values), math.ceil(each)) for each, values in zip(needed, samples.values(), strict=True))
