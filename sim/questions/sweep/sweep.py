"""The comparison as inputs vary: over a grid, or over a sample of many inputs at once; and whether the answer changes,
in plain words: never more than the intervals allow.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.comparison.cannot_vary import CannotVary
from sim.comparison.counted_costs import COST, columns_of, is_counted
from sim.errors import UsageError
from sim.measures.catalogue import MEASURES, UNMET
from sim.questions.sweep.inputs import (
    Input,
    Span,
    grid,
    inputs_of,
    sampled_settings,
    varied,
)
from sim.running.experiment import chosen_options
from sim.running.samples import Effort, Sample, Variant, sample
from sim.scenario.files.patch import get_path
from sim.scenario.fingerprint import fingerprint
from sim.scenario.groups import reference_among, standing_apart
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.distributions import FAMILIES
from sim.statistics.by_sets import Inference
from sim.statistics.estimates import Estimate
from sim.statistics.intervals import Terms
from sim.statistics.prim import Box, discover
from sim.statistics.sensitivity import Sensitivity, sensitivity
from sim.words.language import Phrase, PhraseN, phrase, phrase_n
from sim.words.names import listed, quoted
from sim.words.numbers import finite, percent

SWEPT = (UNMET, "coverage", "response_days", "exposure_unit_days", COST)
"""What is measured at every setting; dollars are nan of an option whose costs are not counted."""
FEWEST_FOR_DISCOVERY = 20
"""Settings, with fewer than which no region is sought."""

LESS_EVERYWHERE = PhraseN(
    "{option}: leaves less unmet than {reference} at {n:,} setting.",
    "{option}: leaves less unmet than {reference} at all {n:,} settings.",
)
LESS_AT_SOME = PhraseN(
    "{option}: leaves less unmet than {reference} at {less:,} of {n:,} setting, not significantly more at the others.",
    "{option}: leaves less unmet than {reference} at {less:,} of {n:,} settings, not significantly more at the others.",
)
NO_DIFFERENCE = PhraseN(
    "{option}: leaves not significantly more or less unmet than {reference} at any of {n:,} setting.",
    "{option}: leaves not significantly more or less unmet than {reference} at any of {n:,} settings.",
)
MORE_EVERYWHERE = Phrase("{option}: leaves more unmet than {reference} at all {n:,} settings")
MORE_AT_SOME = PhraseN(
    "{option}: leaves more unmet than {reference} at {more:,} of {n:,} setting",
    "{option}: leaves more unmet than {reference} at {more:,} of {n:,} settings",
)
MORE_AND_LESS = PhraseN(
    "{option}: leaves more unmet than {reference} at {more:,} of {n:,} setting, less at {less:,}",
    "{option}: leaves more unmet than {reference} at {more:,} of {n:,} settings, less at {less:,}",
)


@dataclass(frozen=True)
class Setting:
    """One choice of the inputs, and what it gave."""

    inputs: Mapping[str, Any]
    """Path -> value."""
    measures: Mapping[str, Mapping[str, Estimate]]
    """Option -> measure."""
    differences: Mapping[str, Mapping[str, Estimate]]
    """Option -> measure -> paired difference from the reference (option − reference), of the options of its group;
    without the reference itself."""


@dataclass(frozen=True)
class Sweep:
    """The settings of a sweep, in the order of the grid (last input fastest) or of the sample."""

    scenario: LoadedScenario
    inputs: tuple[Input, ...] | tuple[Span, ...]
    sampled: bool
    """Whether the settings are a sample of spans, rather than a grid of values."""
    reference: str
    replications: int
    seed: int
    confidence: float
    settings: tuple[Setting, ...]

    def __repr__(self) -> str:
        asked = f"{', '.join(self.paths)} at {len(self.settings):,} settings"
        return (
            f"<Sweep of {asked} in {self.scenario.name!r}: {self.replications:,} replications each, seed {self.seed}>"
        )

    def __str__(self) -> str:
        """What it says, a line each."""
        return "\n".join(self.sentences())

    @property
    def options(self) -> tuple[str, ...]:
        """Names, in the scenario's order."""
        return tuple(self.settings[0].measures)

    @property
    def compared(self) -> tuple[str, ...]:
        """The options that are held against the reference: those of its group."""
        return tuple(self.settings[0].differences)

    @property
    def paths(self) -> tuple[str, ...]:
        """The inputs' paths."""
        return tuple(each.path for each in self.inputs)

    @property
    def failed(self) -> bool:
        """Whether any replication failed, and is left out."""
        found = (measures[UNMET] for setting in self.settings for measures in setting.measures.values())
        return any(each.n < self.replications for each in found)

    def losses(self, option: str) -> NDArray[np.bool_]:
        """By setting, whether the option leaves more unmet than the reference (in the mean of its replications)."""
        return np.array([setting.differences[option][UNMET].mean > 0 for setting in self.settings])

    @cached_property
    def fails(self) -> dict[str, Box | None]:
        """By option, the region of the inputs in which it loses to the reference; None where it never does.

        Empty where an input is not a number, or the settings are too few to tell.
        """
        numeric = self.sampled or all(isinstance(each, Input) and each.is_numeric for each in self.inputs)
        if not numeric or len(self.settings) < FEWEST_FOR_DISCOVERY:
            return {}
        points = np.array([[float(value) for value in setting.inputs.values()] for setting in self.settings])
        return {name: discover(self.paths, points, self.losses(name)) for name in self.compared}

    @cached_property
    def sensitivities(self) -> dict[str, Sensitivity]:
        """What each option's difference in unmet need (for the reference: its unmet need) owes to each input.

        Empty for a grid.
        """
        if not self.sampled:
            return {}
        spans = [each for each in self.inputs if isinstance(each, Span)]
        points = np.array(
            [
                [(setting.inputs[each.path] - each.low) / (each.high - each.low) for each in spans]
                for setting in self.settings
            ]
        )
        outcomes = {
            name: np.array(
                [(setting.differences.get(name) or setting.measures[name])[UNMET].mean for setting in self.settings]
            )
            for name in self.options
        }
        return {name: sensitivity(self.paths, points, outcome) for name, outcome in outcomes.items()}

    def rows(self) -> list[dict[str, Any]]:
        """One row for each setting, option and measure: the inputs by path, the estimate and the difference."""
        return [
            {**setting.inputs, "option": name, "measure": measure, **_row(setting, name, measure)}
            for setting in self.settings
            for name in setting.measures
            for measure in SWEPT
        ]

    def as_json(self) -> dict[str, Any]:
        """Plain maps and numbers; the same results are the same bytes."""
        return {
            "scenario": self.scenario.name,
            "fingerprint": fingerprint(self.scenario),
            "seed": self.seed,
            "replications": self.replications,
            "confidence": self.confidence,
            "reference": self.reference,
            "inputs": list(self.paths),
            "vary": {each.path: each.as_json() for each in self.inputs},
            "options": list(self.options),
            "settings": [
                {
                    "inputs": dict(setting.inputs),
                    "options": {name: _as_json(found) for name, found in setting.measures.items()},
                    "differences": {name: _as_json(found) for name, found in setting.differences.items()},
                }
                for setting in self.settings
            ],
            "sensitivity": {name: found.as_json() for name, found in self.sensitivities.items()},
            "fails": {name: box.as_json() if box else None for name, box in self.fails.items()},
        }

    def sentences(self) -> list[str]:
        """Whether the answer changes, in plain words: each option against the reference, which leaves least and where
        that changes, and what a number replaced."""
        against = [_against(self, name) for name in self.compared]
        return [*against, *_best_on_average(self), *_apart(self), *_replaced(self)]


def sweep(  # noqa: PLR0913  # the Python twin of a command has as many arguments as it has flags
    scenario: LoadedScenario,
    vary: Sequence[str | Input | Span] | Mapping[str, Sequence[Any]],
    *,
    settings: int | None = None,
    options: Sequence[str] = (),
    reference: str | None = None,
    replications: int = 200,
    seed: int | None = None,
    **effort: Any,
) -> Sweep:
    """Compare the options at every combination of the inputs' values, always on the same seed.

    `vary`: texts like the command's `PATH=v1,v2,…` and `PATH=low:high:count`, or a map from path to values. With
    `settings` (the command's `--sample`), every input is a span (`PATH=low:high`, or path -> (low, high)) and so many
    points of a Latin hypercube are run instead, from which sensitivities follow. The others are compared with
    `reference` (default: the scenario's). `effort`: workers, rules, progress, as for `run`. UsageError for what cannot
    be asked for.
    """
    names = chosen_options(scenario, options)
    reference = reference_among(scenario, names, reference)
    seed = scenario.experiment.seed_or(seed)
    inputs = inputs_of(scenario, vary, sampled=settings is not None)
    chosen = grid(inputs) if settings is None else sampled_settings(inputs, settings, seed)
    variants = [Variant(varied(scenario, values), names) for values in chosen]
    found = sample(variants, Effort(replications, seed, **effort))
    confidence = scenario.experiment.confidence
    return Sweep(
        scenario=scenario,
        inputs=inputs,
        sampled=settings is not None,
        reference=reference,
        replications=replications,
        seed=seed,
        confidence=confidence,
        settings=tuple(
            _setting(values, samples, reference, CannotVary(variant.scenario, names))
            for values, samples, variant in zip(chosen, found, variants, strict=True)
        ),
    )


def _setting(
    values: Mapping[str, Any], samples: Mapping[str, Sample], reference: str, cannot_vary: CannotVary
) -> Setting:
    scenario = cannot_vary.scenario
    by = Inference(samples[reference].sets, Terms(scenario.experiment.confidence))
    columns = {
        name: columns_of(found.values, counted=is_counted(scenario, name, reference, sorted(found.lent)))
        for name, found in samples.items()
    }
    return Setting(
        inputs=values,
        measures={
            name: {key: MEASURES[key].estimate(column, by, fixed=cannot_vary.mean(name, key)) for key in SWEPT}
            for name, column in columns.items()
        },
        differences={
            name: {
                key: MEASURES[key].difference(
                    column, columns[reference], by, fixed=cannot_vary.difference(name, reference, key)
                )
                for key in SWEPT
            }
            for name, column in columns.items()
            if name != reference and name in scenario.beside(reference)
        },
    )


_COLUMNS = ("mean", "low", "high", "difference", "difference_low", "difference_high")


def _row(setting: Setting, option: str, measure: str) -> dict[str, float | None]:
    found, apart = setting.measures[option][measure], setting.differences.get(option, {}).get(measure)
    ends = [found.mean, found.low, found.high] + (
        [math.nan] * 3 if apart is None else [apart.mean, apart.low, apart.high]
    )
    return dict(zip(_COLUMNS, map(finite, ends), strict=True))


def _as_json(found: Mapping[str, Estimate]) -> dict[str, Any]:
    return {measure: estimate.as_json() for measure, estimate in found.items()}


def _apart(found: Sweep) -> Iterator[str]:
    apart = [quoted(found.scenario.label(each)) for each in found.options if each not in _together(found)]
    if apart:
        yield standing_apart(apart)


def _together(found: Sweep) -> tuple[str, ...]:
    return (found.reference, *found.compared)


def _against(found: Sweep, name: str) -> str:
    slots = {"option": found.scenario.label(name), "reference": quoted(found.scenario.label(found.reference))}
    each = [setting.differences[name][UNMET] for setting in found.settings]
    less, more = (sum(one.significant and one.mean * sign > 0 for one in each) for sign in (-1, 1))
    n = len(each)
    if less == n:
        return LESS_EVERYWHERE(n, n=n, **slots)
    if more == n > 1:
        told = MORE_EVERYWHERE(n=n, **slots)
    elif more:
        told = (
            MORE_AND_LESS(n, n=n, more=more, less=less, **slots) if less else MORE_AT_SOME(n, n=n, more=more, **slots)
        )
    elif less:
        return LESS_AT_SOME(n, n=n, less=less, **slots)
    elif not found.losses(name).any() or found.replications > 1:
        return NO_DIFFERENCE(n, n=n, **slots)
    else:  # a single replication has no interval
        told = MORE_AT_SOME(n, n=n, more=int(found.losses(name).sum()), **slots)
    return _with_region(found, name, told)


def _with_region(found: Sweep, name: str, told: str) -> str:
    """The sentence, with where the means are worse, as limits of the inputs."""
    box = found.fails.get(name)
    if box is None or not box.limits:
        return f"{told}."
    return phrase(
        "{told}; on average where {limits}, at {share} of them (which is {part} of all such settings).",
        told=told,
        limits=listed([_limit(path, low, high) for path, (low, high) in box.limits.items()]),
        share=percent(box.density),
        part=percent(box.coverage),
    )


def _limit(path: str, low: float | None, high: float | None) -> str:
    if low is None:
        return phrase("{path} is below {high:.3g}", path=path, high=high)
    if high is None:
        return phrase("{path} is above {low:.3g}", path=path, low=low)
    return phrase("{path} is from {low:.3g} to {high:.3g}", path=path, low=low, high=high)


def _best_on_average(found: Sweep) -> Iterator[str]:
    """Which option leaves least on average, and from which value on another does."""
    if not found.compared:
        return
    settings = list(found.settings)
    ordered = len(found.inputs) == 1 and isinstance(found.inputs[0], Input) and found.inputs[0].is_numeric
    path = found.paths[0]
    if ordered:
        settings.sort(key=lambda setting: setting.inputs[path])
    names: list[str] = []
    for setting in settings:
        among = {name: setting.measures[name][UNMET].mean for name in _together(found)}
        names.append(_least(among, names[-1] if names and ordered else found.reference))
    label = {name: quoted(found.scenario.label(name)) for name in found.options}
    if len(set(names)) == 1:
        if len(found.compared) > 1:
            yield phrase(
                "On average {option} leaves least unmet, or as little as any, at every setting.", option=label[names[0]]
            )
    elif ordered:
        spans = _spans(path, settings, names, label)
        yield phrase("On average least is left unmet, by {path}: {spans}.", path=path, spans=", ".join(spans))
    else:
        each = [
            phrase("{option} at {n:,}", option=label[name], n=names.count(name))
            for name in found.options
            if name in names
        ]
        n = len(found.settings)
        yield phrase_n(
            "On average least is left unmet by {options} of {n:,} setting.",
            "On average least is left unmet by {options} of {n:,} settings.",
            n,
            options=listed(each),
            n=n,
        )


def _least(means: Mapping[str, float], before: str) -> str:
    """The option with the least unmet need; where several have it, the one that had it `before`."""
    known = {name: value for name, value in means.items() if math.isfinite(value)}
    least = min(known.values(), default=math.nan)
    if not known or known.get(before, math.inf) <= least + 1e-9:
        return before
    return min(known, key=lambda name: known[name])


def _spans(path: str, settings: list[Setting], names: list[str], label: dict[str, str]) -> Iterator[str]:
    """ "up to 20 ‘pooled’", "from 25 ‘standing consent’"."""
    together = zip(settings, names, strict=True)
    for number, (name, group) in enumerate(groupby(together, key=lambda each: each[1])):
        values = [setting.inputs[path] for setting, _ in group]
        if number:
            yield phrase("from {value:g} {option}", value=values[0], option=label[name])
        else:
            yield phrase("up to {value:g} {option}", value=values[-1], option=label[name])


def _replaced(found: Sweep) -> Iterator[str]:
    """What the scenario draws and the sweep fixes."""
    for each in found.inputs:
        try:
            own: Any = get_path(found.scenario.raw, each.path)
        except UsageError:
            continue
        family = next((word for word in own if word in FAMILIES), None) if isinstance(own, dict) else None
        fixed = not isinstance(each, Input) or any(isinstance(value, (int, float)) for value in each.values)
        if family and fixed:
            said = own[family]
            called = phrase("a mixture") if family == "one_of" else family
            if isinstance(said, Mapping):
                drawn = ", ".join(f"{word} {value}" for word, value in said.items())
                called = phrase("{name} ({value})", name=called, value=drawn)
            yield phrase(
                "{path} is drawn in the scenario, {called}; a plain number here takes its place and does not vary.",
                path=each.path,
                called=called,
            )
