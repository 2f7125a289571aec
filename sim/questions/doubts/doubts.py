"""Which number to find out first: what each doubt does to the answer, and what it is worth to be rid of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.measures.catalogue import MEASURES
from sim.questions.doubts.doubt import Doubt
from sim.questions.doubts.found import Doubts
from sim.scenario.loaded import LoadedScenario
from sim.statistics.value_of_information import USUAL, Found, Number, Terms, value_of_information
from sim.words.names import quoted
from sim.words.suggestions import unknown

Array = NDArray[np.float64]

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


def value_of_finding_out(question: Asks, tried: Tried, drawn: Mapping[str, Drawn], terms: Terms = USUAL) -> Doubts:
    """What it is worth to find out each doubt, by name, before one chooses between the options that were tried.

    The answer is what the first option of the question's pair gains over the second; of several pairs, the one whose
    option gains most on average. UsageError where there is no doubt, or the question is about an option that was not
    tried.
    """
    if not drawn:
        raise UsageError("these results have no worlds: their scenario says under `doubts:` nothing that nobody knows")
    options = tuple(tried.means)
    sign = 1.0 if MEASURES[question.measure].more_is_better else -1.0
    gains = sign * np.column_stack([tried.means[name] for name in options])
    compared = _compared(question, tried, sign)
    found = value_of_information(
        gains,
        [each.number() for each in drawn.values()],
        (options.index(compared[0]), options.index(compared[1])),
        weights=tried.weights,
        terms=terms,
    )
    return Doubts(
        scenario=tried.scenario,
        seed=tried.seed,
        replications=tried.replications,
        confidence=terms.confidence,
        question=question.text or _asked(tried.scenario, question, compared),
        measure=question.measure,
        options=options,
        compared=compared,
        best=options[found.best],
        worlds=found.sets,
        evpi=found.together,
        doubts={name: _doubt(name, drawn[name], its, options) for name, its in zip(drawn, found.numbers, strict=True)},
    )


def _compared(question: Asks, tried: Tried, sign: float) -> tuple[str, str]:
    """The pair that the answer is about."""
    for name in (name for pair in question.pairs for name in pair):
        if name not in tried.means:
            raise UsageError(unknown("option", name, tried.means) + " in these results, which the question is about")
    if not question.pairs:
        raise UsageError("the question compares no two options: there is only one to choose")

    def gain(pair: tuple[str, str]) -> float:
        apart = sign * (tried.means[pair[0]] - tried.means[pair[1]])
        weights = np.ones(len(apart)) if tried.weights is None else tried.weights
        there = ~np.isnan(apart)
        return float(np.average(apart[there], weights=weights[there])) if weights[there].sum() > 0 else 0.0

    return max(question.pairs, key=gain)


def _asked(scenario: LoadedScenario, question: Asks, compared: Sequence[str]) -> str:
    """The question that a scenario is asked which does not say it."""
    first, second = (quoted(scenario.label(name)) for name in compared)
    return f"What does {first} gain over {second}?" if len(question.pairs) == 1 else "Which option is the best?"


def _doubt(name: str, drawn: Drawn, found: Found, options: Sequence[str]) -> Doubt:
    switch, choices = found.switch, drawn.choices
    at = None if switch is None else switch.at if choices is None else choices[int(switch.at)]
    return Doubt(
        name=name,
        paths=drawn.paths,
        factor=drawn.factor,
        choices=choices,
        evppi=found.worth,
        leads=found.leads,
        share_of_spread=found.share,
        line=found.line,
        switches_at=at,
        best_after=None if switch is None else options[switch.option],
        above=switch is not None and switch.upwards,
    )
