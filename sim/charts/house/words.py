"""The words and numbers that stand on charts: said as people say them, and never more than the interval allows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sim.comparison.comparison import Comparison, Estimate
from sim.measures import figures as figures_of
from sim.measures.catalogue import ALL_MEASURES as MEASURES
from sim.scenario.loaded import LoadedScenario
from sim.words import names, numbers
from sim.words.language import phrase, phrase_n
from sim.words.names import listed
from sim.words.numbers import apart, money, number

Row = dict[str, Any]
"""One line of the CSV beside a chart."""

LONGEST = 60
SHORTEST = 3
"""Letters of a mission's name below which its label says more."""
NBSP = "\u00a0"


class Source(Protocol):
    """Whatever a chart draws: a comparison, a story, a sizing, a sweep, a hindcast."""

    @property
    def scenario(self) -> LoadedScenario:
        """What was run."""

    @property
    def seed(self) -> int:
        """The seed of its chance."""


def percent(share: float, places: int = 0) -> str:
    """A share as a percentage, whole unless asked otherwise, that no line break parts from its sign."""
    return numbers.percent(share, places).replace(" ", NBSP)


def figure(measure: str, value: float, *, sign: bool = False) -> str:
    """A value without its unit but % and $, rounded as in the terminal's tables."""
    if abs(value) >= 1e6 and measure != "cost_usd":
        return ("+" if sign and value > 0 else "") + number(value)
    said = figures_of.figure(measure, value, sign=sign).removesuffix(phrase("{figure} pts", figure=""))
    if measure == "cost_usd" and math.isfinite(value):
        head = said[:1] if said[:1] in "+−" else ""
        said = head + phrase("${amount}", amount=said.removeprefix(head))
    return said.replace(" ", NBSP)


def both(measure: str, first: float, second: float) -> tuple[str, str]:
    """Two values of a measure without units but % and $, told apart."""
    unit = MEASURES[measure].unit
    if unit == "%":
        return apart(first, second, percent, 1)
    return apart(first, second, money if unit == "$" else number, 3)


def quoted(name: str) -> str:
    """An option's name in a sentence; of a very long one, its beginning and its end."""
    return names.quoted(name, LONGEST)


def options(names: Sequence[str]) -> str:
    """‘a’, ‘a’ and ‘b’, or "3 options"."""
    if len(names) > 2:
        return phrase("{n:,} options", n=len(names))
    return listed([quoted(name) for name in names])


def interval(confidence: float) -> str:
    """95 % interval."""
    return phrase("{level:g}\u00a0% interval", level=100 * confidence)


def significant(difference: Estimate | None) -> bool:
    """Whether a paired difference is there, defined, and its interval leaves out 0."""
    return difference is not None and math.isfinite(difference.mean) and difference.significant


def better(measure: str, difference: Estimate | None) -> bool:
    """Whether an option is significantly better than the reference by `measure`."""
    if difference is None or not significant(difference):
        return False
    return (difference.mean > 0) == MEASURES[measure].more_is_better


def leader(comparison: Comparison, measure: str) -> str | None:
    """Of the options significantly better than the reference, the one with the best mean; None without any."""
    sign = -1 if MEASURES[measure].more_is_better else 1
    able = [name for name, by in comparison.differences.items() if better(measure, by.get(measure))]
    return min(able, key=lambda name: sign * comparison.options[name].measures[measure].mean, default=None)


def label(scenario: LoadedScenario, name: str) -> str:
    """How people call it, on one line; a mission by its name in the file, an acronym as a rule, unless that says too
    little."""
    mission = scenario.missions.get(name)
    if mission is not None:
        said = mission.label if mission.label and len(name) < SHORTEST else name
    elif name in scenario.crises:
        said = scenario.crises[name].label or name
    else:
        said = scenario.label(name)
    return " ".join(said.split()) or name


def units(scenario: LoadedScenario, count: int, resource: str) -> str:
    """1 attack helicopter, 3 police units, 1 column of ten vehicles: by the resource's label where it has one."""
    return phrase("{count:,} {units}", count=count, units=scenario.units_name(resource, count))


def no_difference(comparison: Comparison, what: str) -> str:
    """The finding where no option is significantly better than the reference in `what`."""
    reference = quoted(label(comparison.scenario, comparison.reference))
    others = len(comparison.differences)
    if not others:
        return phrase("Only {name} was run: there is nothing to compare it with", name=reference)
    if comparison.replications < 2:
        return phrase("One replication cannot tell the options apart in {what}", what=what)
    return phrase("No option differs significantly from {name} in {what}", name=reference, what=what)


def assumed(scenario: LoadedScenario) -> bool:
    """Whether any number of the scenario was assumed or only recalled, or nobody says where from any is."""
    doubtful = ("assumed", "recalled", None)  # a source without a word on confidence: nobody vouched for it
    return not scenario.sources or any(source.confidence in doubtful for source in scenario.sources)


def caption(source: Source, *facts: str) -> str:
    """What stands under a chart: the scenario's name, the facts given (n, interval), the seed, a warning where due."""
    name = " ".join(source.scenario.name.split())
    results = getattr(source, "results", None)
    seeds = (source.seed,) if results is None else results.seeds
    said = phrase_n("Seed {seeds}", "Seeds {seeds}", len(seeds), seeds=", ".join(map(str, seeds)))
    warning = phrase(" Contains assumed numbers.") if assumed(source.scenario) else ""
    return f"{name}. " + " ".join(f"{fact}." for fact in (*facts, said) if fact) + warning


def means(comparison: Comparison, drawn: str = "") -> str:
    """The caption's fact on means and their intervals."""
    n = comparison.replications
    if n < 2:
        return phrase_n(
            "Mean of {n:,} replication: too few for an interval",
            "Mean of {n:,} replications: too few for an interval",
            n,
        )
    return phrase(
        "Means of n = {n:,} replications, {drawn}: {interval} of the mean",
        n=n,
        drawn=drawn or phrase("whiskers"),
        interval=interval(comparison.confidence),
    )


def means_or_one(comparison: Comparison) -> str:
    """The same, or of one replication that it has no interval."""
    return means(comparison) if comparison.replications > 1 else phrase("n = 1 replication: no interval")


def figures(**estimates: Estimate) -> Row:
    """The columns of a CSV row for some estimates: name, name_low, name_high; empty where undefined."""
    row: Row = {}
    for name, estimate in estimates.items():
        for suffix, value in (("", estimate.mean), ("_low", estimate.low), ("_high", estimate.high)):
            row[name + suffix] = numbers.finite(value)
    return row


def option_row(scenario: LoadedScenario, name: str, **estimates: Estimate) -> Row:
    """The columns of a CSV row for an option: its name and label, and those of some estimates."""
    return {"option": name, "label": label(scenario, name)} | figures(**estimates)


def ends(estimates: Iterable[Estimate]) -> list[float]:
    """The means and the ends of the intervals, as far as they are defined."""
    return finite(end for each in estimates for end in (each.mean, each.low, each.high))


def finite(values: Iterable[float]) -> list[float]:
    """Those of the values that are numbers."""
    return [value for value in values if math.isfinite(value)]
