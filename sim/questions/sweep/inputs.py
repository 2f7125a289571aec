"""Inputs that vary: words of a scenario, by the path that error messages use, and the values they take."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from sim.errors import ScenarioError, UsageError
from sim.scenario.files.doubt_targets import without_doubts_about
from sim.scenario.files.patch import set_path
from sim.scenario.files.yaml import parse
from sim.scenario.load import from_mapping
from sim.scenario.loaded import LoadedScenario
from sim.scenario.positions import shown

log = logging.getLogger("sim")

MOST_VALUES = 1000
MOST_SETTINGS = 10_000
UNSWEPT = {
    "experiment.seed": "all settings meet the same seed, so that they differ by their inputs alone; say another --seed",
    "experiment.replications": "all settings have the same replications; say --replications",
    "experiment.confidence": "it decides how intervals are told, not what happens",
}
"""Words that no setting could differ in, and why."""
UNSIMULATED = ("name", "about", "source", "history", "page", "language", "question")
"""Blocks of a scenario that say nothing of what is simulated."""


@dataclass(frozen=True)
class Input:
    """One word of the scenario and the values it is given, in order: numbers, words, or whole blocks."""

    path: str
    values: tuple[Any, ...]
    whole_ends: bool = False
    """Whether they are a range between whole numbers, and so whole where its word takes no others: see `fitted`."""

    def __post_init__(self) -> None:
        _see_path(self.path)
        object.__setattr__(self, "values", tuple(_distinct(self.values)))

    @classmethod
    def said(cls, text: str) -> Input:
        """`PATH=v1,v2,…` or `PATH=a:b:n` (n values from a to b); UsageError otherwise.

        Values are written as in a scenario file, so a block such as `{lognormal: {mean: 9, sd: 3}}` is one value.
        """
        path, values = _halves(text)
        ends = values.split(":")
        numbers = [_number(end) for end in ends]
        if len(ends) == 3 and None not in numbers:
            return cls(path, _steps(text, numbers), isinstance(numbers[0], int) and isinstance(numbers[1], int))
        listed = _listed(text, values)
        if not listed:
            raise UsageError(f"--vary {text}: says no value")
        found = cls(path, tuple(listed))
        if len(found.values) < len(listed):
            log.warning(
                "--vary %s: says %s values, of which %s differ: one setting each", text, len(listed), len(found.values)
            )
        return found

    def as_json(self) -> list[Any]:
        """The values."""
        return list(self.values)

    @property
    def is_numeric(self) -> bool:
        """Whether every value is a number, so that it has an order and can be drawn to scale."""
        return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in self.values)


@dataclass(frozen=True)
class Span:
    """One word of the scenario that may lie anywhere between two numbers, each equally likely."""

    path: str
    low: float
    high: float
    whole: bool = False
    """Only whole numbers."""

    def __post_init__(self) -> None:
        _see_path(self.path)

    @classmethod
    def said(cls, text: str) -> Span:
        """`PATH=a:b`; whole numbers where both ends are written as such (`3:9`, not `3.0:9`). UsageError otherwise."""
        path, values = _halves(text)
        numbers = [_number(end) for end in values.split(":")]
        low, high = numbers if len(numbers) == 2 else (None, None)
        if low is None or high is None or not low < high:
            raise UsageError(f"--vary {text}: with --sample, must be PATH=low:high, like 5:30")
        return cls(path, low, high, isinstance(low, int) and isinstance(high, int))

    def as_json(self) -> list[float]:
        """The ends."""
        return [self.low, self.high]

    def at(self, share: float) -> float:
        """The value that a share from 0 to 1 of the span means."""
        if self.whole:
            return int(min(self.high, self.low + np.floor(share * (self.high - self.low + 1))))
        return self.low + share * (self.high - self.low)


def _see_path(path: str) -> None:
    """UsageError for a word in which settings cannot differ, with why."""
    why = UNSWEPT.get(path)
    if path.split(".", maxsplit=1)[0] in UNSIMULATED:
        why = "it says nothing of what is simulated, so no setting differs by it"
    if why is not None:
        raise UsageError(f"{path}: cannot be varied: {why}")


def _distinct(values: Iterable[Any]) -> Iterator[Any]:
    """Each value once: 30 and 30.0 are the same, 1 and true are not."""
    seen: list[Any] = []
    for value in values:
        kind = isinstance(value, bool)
        if not any(value == other and isinstance(other, bool) == kind for other in seen):
            seen.append(value)
            yield value


def fitted(scenario: LoadedScenario, each: Input) -> Input:
    """The input with whole values, where its range is between whole numbers and its word takes no others."""
    if not each.whole_ends or all(isinstance(value, int) for value in each.values):
        return each
    try:
        varied(scenario, {each.path: next(value for value in each.values if value != int(value))})
    except UsageError:
        whole = Input(each.path, tuple(int(np.floor(value + 0.5)) for value in each.values))
        if len(whole.values) < len(each.values):
            low, high, count = each.values[0], each.values[-1], len(each.values)
            told = f"takes whole numbers, of which there are no {count} from {low:g} to {high:g}"
            raise UsageError(f"{each.path}: {told}, only {len(whole.values)}") from None
        return whole
    return each


def varied(scenario: LoadedScenario, values: Mapping[str, Any]) -> LoadedScenario:
    """The scenario with a value at each path; UsageError, with path and value, where that makes no scenario."""
    # Another world may stand in a group of its own, so that what the scenario is asked may not be asked of it.
    raw = {word: said for word, said in scenario.raw.items() if word != "question"}
    for path, value in values.items():
        raw = set_path(without_doubts_about(raw, path) if scenario.doubts else raw, path, value)
    named = [option.policy.rule for option in scenario.options.values() if option.policy.rule]
    try:
        return from_mapping(raw, scenario.name, rules=named)
    except ScenarioError as error:
        said = "; ".join(f"{problem.path}: {problem.what}" for problem in error.problems[:3])
        told = ", ".join(f"{path} = {value}" for path, value in values.items())
        raise UsageError(f"{told}: {said}") from None


def inputs_of(scenario: LoadedScenario, vary: Any, *, sampled: bool) -> tuple[Any, ...]:
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
    for each in found:
        for end in (each.low, each.high) if isinstance(each, Span) else ():  # anything between may be drawn
            varied(scenario, {each.path: end})
    return tuple(fitted(scenario, each) if isinstance(each, Input) else each for each in found)


def _span(path: str, ends: Sequence[float]) -> Span:
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise UsageError(f"{path}: with a sample, an input needs two ends, low and high")
    return Span(path, ends[0], ends[1], all(isinstance(end, int) for end in ends))


def grid(inputs: Sequence[Input]) -> list[dict[str, Any]]:
    """Every combination of the inputs' values by path, the last input fastest."""
    count = int(np.prod([len(each.values) for each in inputs]))
    if not 1 <= count <= MOST_SETTINGS:
        raise UsageError(f"a sweep can have 1 to {MOST_SETTINGS:,} settings, not {count:,}")
    paths = [each.path for each in inputs]
    return [dict(zip(paths, values, strict=True)) for values in product(*(each.values for each in inputs))]


def sampled_settings(spans: Sequence[Span], count: int, seed: int) -> list[dict[str, Any]]:
    """So many points of a Latin hypercube over the spans, by path."""
    fewest = 4 * len(spans) + 4
    if not fewest <= count <= MOST_SETTINGS:
        raise UsageError(f"a sample of {len(spans)} inputs needs {fewest} to {MOST_SETTINGS:,} settings, not {count:,}")
    points = latin_hypercube(count, len(spans), seed)
    return [{span.path: span.at(float(share)) for span, share in zip(spans, point, strict=True)} for point in points]


def latin_hypercube(count: int, dimensions: int, seed: int) -> np.ndarray:
    """`count` points of the unit cube, (count, dimensions): each coordinate has one in every 1/count (McKay 1979)."""
    generator = np.random.default_rng(seed)
    ranks = np.stack([generator.permutation(count) for _ in range(dimensions)], axis=1)
    return (ranks + generator.random((count, dimensions))) / count


def _halves(text: str) -> tuple[str, str]:
    path, equals, values = text.rpartition("=")
    if not (path.strip() and equals and values.strip()):
        raise UsageError(f"--vary {text}: must be PATH=v1,v2,… or PATH=low:high:count")
    return path.strip(), values.strip()


def _number(text: str) -> float | None:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _steps(text: str, numbers: Sequence[float | None]) -> tuple[float, ...]:
    low, high, count = numbers
    assert low is not None and high is not None
    if not isinstance(count, int) or not 2 <= count <= MOST_VALUES:
        raise UsageError(f"--vary {text}: the third number says how many values, 2 to {MOST_VALUES:,}")
    steps = np.linspace(low, high, count)
    if isinstance(low, int) and isinstance(high, int) and (steps == np.round(steps)).all():
        return tuple(int(step) for step in steps)
    return tuple(float(step) for step in steps)


def _listed(text: str, values: str) -> list[Any]:
    document = parse(f"values: [{values}]".encode())
    if document.fatal or document.findings:
        what = document.fatal[-1] if document.fatal else document.findings[0].what
        raise UsageError(f"--vary {text}: {what}")
    found = document.value.get("values") if isinstance(document.value, dict) else None
    return found if isinstance(found, list) else []
