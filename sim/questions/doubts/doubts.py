"""Which number to find out first: what each doubt does to the answer, and what it is worth to be rid of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.comparison.answer import answer
from sim.comparison.comparison import Comparison, compare
from sim.comparison.pair import by_set, column_at
from sim.errors import UsageError
from sim.measures.catalogue import MEASURES
from sim.questions.doubts.doubt import Doubt
from sim.questions.doubts.result import Doubts
from sim.questions.doubts.trials import DoubtValues, Trials, doubt_values
from sim.results.reader import Results
from sim.statistics.value_of_information import USUAL, Found, Terms, value_of_information


def doubts(results: Results) -> Doubts:
    """What finding out each doubt of the scenario of `results` is worth, and how the answer moves along it.

    UsageError where the scenario has no doubts, or its question compares no two of the options that were run.
    """
    return doubts_in_worlds(compare(results), results.worlds())


def doubts_in_worlds(comparison: Comparison, worlds: Sequence[Mapping[str, float]]) -> Doubts:
    """What finding out each doubt of a scenario is worth, from a comparison and the worlds that its sets played in.

    `worlds`: for each set, in the order of `comparison.by.sets`, the value of each doubt. The question, and the pair of
    options that its answer is about, are those of `answer`; one chooses between the options of their group, as far as
    they were run. UsageError where there is no doubt, or no two options to compare.
    """
    told = answer(comparison)
    if told.first is None:
        raise UsageError("the question compares no two options of these results: there is nothing to choose")
    group = comparison.beside(told.first.option)
    weights = comparison.by.terms.weights
    trials = Trials(
        comparison.scenario,
        comparison.seed,
        comparison.replications,
        told.question,
        told.asked.measure,
        (told.first.option, told.first.against),
        {name: by_set(comparison, column_at(comparison, name, told.asked.place), told.measure) for name in group},
        None if weights is None else weights.values,
    )
    values = doubt_values(comparison.scenario, worlds)
    return value_of_finding_out(trials, values, Terms(comparison.confidence, seed=comparison.seed))


def value_of_finding_out(trials: Trials, values: Mapping[str, DoubtValues], terms: Terms = USUAL) -> Doubts:
    """What it is worth to find out each doubt, by name, before one chooses between the options that were tried.

    UsageError where there is no doubt.
    """
    if not values:
        raise UsageError("these results have no worlds: their scenario says under `doubts:` nothing that nobody knows")
    options = tuple(trials.means)
    sign = 1.0 if MEASURES[trials.measure].more_is_better else -1.0
    gains = sign * np.column_stack([trials.means[name] for name in options])
    found = value_of_information(
        gains,
        [each.number() for each in values.values()],
        (options.index(trials.compared[0]), options.index(trials.compared[1])),
        weights=trials.weights,
        terms=terms,
    )
    return Doubts(
        scenario=trials.scenario,
        seed=trials.seed,
        replications=trials.replications,
        confidence=terms.confidence,
        question=trials.question,
        measure=trials.measure,
        options=options,
        compared=trials.compared,
        best=options[found.best],
        worlds=found.sets,
        evpi=found.together,
        doubts={
            name: _doubt(name, values[name], its, options) for name, its in zip(values, found.numbers, strict=True)
        },
    )


def _doubt(name: str, drawn: DoubtValues, found: Found, options: Sequence[str]) -> Doubt:
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
