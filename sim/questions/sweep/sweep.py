"""The comparison as inputs vary: over a grid, or over a sample of many inputs at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.measures.catalogue import MEASURES
from sim.questions.sweep.inputs import Input, Span, latin_hypercube, reference_among, varied
from sim.running.in_memory import Effort, Sample, World, sample
from sim.scenario.files.fingerprint import fingerprint
from sim.scenario.nouns.scenario import Scenario
from sim.scenario.positions import did_you_mean, shown
from sim.statistics.estimates import Estimate
from sim.statistics.prim import Box, discover
from sim.statistics.sensitivity import Sensitivity, sensitivity

SWEPT = ("unmet_unit_days", "coverage", "response_days", "exposure_unit_days", "cost_usd")
"""What is measured at every setting."""
MOST_SETTINGS = 10_000
FEWEST_FOR_DISCOVERY = 20
"""Settings, with fewer than which no region is sought."""


@dataclass(frozen=True)
class Setting:
    """One choice of the inputs, and what it gave."""

    inputs: Mapping[str, Any]
    """Path -> value."""
    measures: Mapping[str, Mapping[str, Estimate]]
    """Option -> measure."""
    differences: Mapping[str, Mapping[str, Estimate]]
    """Option -> measure -> paired difference from the reference (option − reference); without the reference itself."""


@dataclass(frozen=True)
class Sweep:
    """The settings of a sweep, in the order of the grid (last input fastest) or of the sample."""

    scenario: Scenario
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
    def paths(self) -> tuple[str, ...]:
        """The inputs' paths."""
        return tuple(each.path for each in self.inputs)

    @property
    def failed(self) -> bool:
        """Whether any replication failed, and is left out."""
        found = (measures["unmet_unit_days"] for setting in self.settings for measures in setting.measures.values())
        return any(each.n < self.replications for each in found)

    def losses(self, option: str) -> NDArray[np.bool_]:
        """By setting, whether the option leaves more unmet than the reference (in the mean of its replications)."""
        return np.array([setting.differences[option]["unmet_unit_days"].mean > 0 for setting in self.settings])

    @cached_property
    def fails(self) -> dict[str, Box | None]:
        """By option, the region of the inputs in which it loses to the reference; None where it never does.

        Empty where an input is not a number, or the settings are too few to tell.
        """
        numeric = self.sampled or all(isinstance(each, Input) and each.is_numeric for each in self.inputs)
        if not numeric or len(self.settings) < FEWEST_FOR_DISCOVERY:
            return {}
        points = np.array([[float(value) for value in setting.inputs.values()] for setting in self.settings])
        others = [name for name in self.options if name != self.reference]
        return {name: discover(self.paths, points, self.losses(name)) for name in others}

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
                [
                    (setting.differences.get(name) or setting.measures[name])["unmet_unit_days"].mean
                    for setting in self.settings
                ]
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
        """Whether the answer changes, in plain words."""
        from sim.questions.sweep.answers import answers

        return answers(self)


def sweep(  # noqa: PLR0913  # the Python twin of a command has as many arguments as it has flags
    scenario: Scenario,
    vary: Sequence[str | Input | Span] | Mapping[str, Sequence[Any]],
    *,
    settings: int | None = None,
    options: Sequence[str] = (),
    reference: str | None = None,
    replications: int = 100,
    seed: int | None = None,
    **effort: Any,
) -> Sweep:
    """Compare the options at every combination of the inputs' values, always on the same seed.

    `vary`: texts like the command's `PATH=v1,v2,…` and `PATH=low:high:count`, or a map from path to values. With
    `settings` (the command's `--sample`), every input is a span (`PATH=low:high`, or path -> (low, high)) and so many
    points of a Latin hypercube are run instead, from which sensitivities follow. The others are compared with
    `reference` (default: the scenario's). `effort`: workers, rules, progress,
    as for `run`. UsageError for what cannot be asked for.
    """
    options = (options,) if isinstance(options, str) else options
    for name in options:
        if name not in scenario.options:
            raise UsageError(f"no option {name!r}{did_you_mean(name, scenario.options)}")
    names = tuple(name for name in scenario.options if not options or name in options)
    reference = reference_among(scenario, names, reference)
    seed = scenario.experiment.seed_or(seed)
    work = Effort(replications, seed, **effort)
    inputs = inputs_of(vary, sampled=settings is not None)
    chosen = _grid(inputs) if settings is None else _sampled(inputs, settings, seed)
    worlds = [World(varied(scenario, values), names) for values in chosen]
    found = sample(worlds, work)
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
            _setting(values, samples, reference, confidence) for values, samples in zip(chosen, found, strict=True)
        ),
    )


def inputs_of(vary: Any, *, sampled: bool) -> tuple[Any, ...]:
    """The inputs of a grid, or the spans of a sample, that `vary` says; UsageError where it says none."""
    kind = Span if sampled else Input
    if isinstance(vary, Mapping):
        for path, values in vary.items():
            if isinstance(values, str) or not isinstance(values, Iterable):
                raise UsageError(f"{path}: takes a list of values, like [{values!s}], not {shown(values)}")
        found = [_span(path, values) if sampled else Input(path, tuple(values)) for path, values in vary.items()]
    else:
        found = [kind.said(each) if isinstance(each, str) else each for each in vary]
    if not found:
        raise UsageError("a sweep needs at least one input to vary, like --vary 'crises.raids.every_days=30,60,120'")
    if any(not isinstance(each, kind) for each in found):
        raise UsageError("with a sample every input must be a span low:high, and without one a list of values")
    if len({each.path for each in found}) < len(found):
        raise UsageError("an input can be varied only once")
    return tuple(found)


def _span(path: str, ends: Sequence[float]) -> Span:
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise UsageError(f"{path}: with a sample, an input needs two ends, low and high")
    return Span(path, ends[0], ends[1], all(isinstance(end, int) for end in ends))


def _grid(inputs: Sequence[Input]) -> list[dict[str, Any]]:
    count = int(np.prod([len(each.values) for each in inputs]))
    if not 1 <= count <= MOST_SETTINGS:
        raise UsageError(f"a sweep can have 1 to {MOST_SETTINGS:,} settings, not {count:,}")
    paths = [each.path for each in inputs]
    return [dict(zip(paths, values, strict=True)) for values in product(*(each.values for each in inputs))]


def _sampled(spans: Sequence[Span], count: int, seed: int) -> list[dict[str, Any]]:
    fewest = 4 * len(spans) + 4
    if not fewest <= count <= MOST_SETTINGS:
        raise UsageError(f"a sample of {len(spans)} inputs needs {fewest} to {MOST_SETTINGS:,} settings, not {count:,}")
    points = latin_hypercube(count, len(spans), seed)
    return [{span.path: span.at(float(share)) for span, share in zip(spans, point, strict=True)} for point in points]


def _setting(values: Mapping[str, Any], samples: Mapping[str, Sample], reference: str, confidence: float) -> Setting:
    against = samples[reference]
    return Setting(
        inputs=values,
        measures={
            name: {measure: MEASURES[measure].estimate(found.of, confidence) for measure in SWEPT}
            for name, found in samples.items()
        },
        differences={
            name: {measure: MEASURES[measure].difference(found.of, against.of, confidence) for measure in SWEPT}
            for name, found in samples.items()
            if name != reference
        },
    )


def _row(setting: Setting, option: str, measure: str) -> dict[str, float | None]:
    found, apart = setting.measures[option][measure], setting.differences.get(option, {}).get(measure)
    row: dict[str, float | None] = {"mean": found.mean, "low": found.low, "high": found.high}
    ends = (None, None, None) if apart is None else (apart.mean, apart.low, apart.high)
    return row | dict(zip(("difference", "difference_low", "difference_high"), ends, strict=True))


def _as_json(found: Mapping[str, Estimate]) -> dict[str, Any]:
    return {measure: estimate.as_json() for measure, estimate in found.items()}
