"""The words and numbers that stand on charts: said as people say them, and never more than the interval allows."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sim.comparison import findings
from sim.questions.story.sentences import counted, singular

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison, Estimate
    from sim.scenario.loaded import LoadedScenario

Row = dict[str, Any]
"""One line of the CSV beside a chart."""

LONGEST = 60
SHORTEST = 3
"""Letters of a mission's name below which its label says more."""
GROUPED = re.compile(r"(?P<what>.+) \((?P<groups>\w+s) of (?P<size>\w+)\)")
"""A label whose units are groups: Vehicles (columns of ten)."""
SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


class Source(Protocol):
    """Whatever a chart draws: a comparison, a story, a sizing, a sweep, a hindcast."""

    @property
    def scenario(self) -> LoadedScenario:
        """What was run."""

    @property
    def seed(self) -> int:
        """The seed of its chance."""


class Measure(NamedTuple):
    """How a measure is called on charts."""

    name: str
    unit: str
    more_is_better: bool = False

    def amount(self, value: float) -> str:
        """`value` with its unit."""
        if self.unit == "%":
            return percent(value, 1)
        return money(value) if self.unit == "$" else f"{number(value)} {self.unit}"

    def plain(self, value: float) -> str:
        """`value` without its unit, but for % and $."""
        return self.amount(value) if self.unit in "%$" else number(value)


MEASURES: Mapping[str, Measure] = {
    "unmet_unit_days": Measure("Unmet need", "unit-days"),
    "requirement_unit_days": Measure("Crisis requirement", "unit-days"),
    "coverage": Measure("Coverage", "%", more_is_better=True),
    "response_days": Measure("Response time", "days"),
    "days_short": Measure("Days short", "days"),
    "worst_shortfall": Measure("Worst shortfall", "units"),
    "exposure_unit_days": Measure("Lenders' exposure", "unit-days"),
    "loans": Measure("Loans", "loans"),
    "lent_unit_days": Measure("Unit-days lent", "unit-days"),
    "idle_unit_days": Measure("Idle on loan", "unit-days"),
    "late_loans": Measure("Late loans", "loans"),
    "given_up_units": Measure("Units given up", "units"),
    "cost_usd": Measure("Cost of loans", "$"),
    "clairvoyant_unmet_unit_days": Measure("Least possible unmet need", "unit-days"),
    "regret_unit_days": Measure("Regret", "unit-days"),
}


def _rounded(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    places = max(0, min(6, digits - 1 - math.floor(math.log10(abs(value)))))
    text = f"{value:,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−") if text not in ("-0", "0") else "0"


def number(value: float, digits: int = 3) -> str:
    """A number with about three digits that count: 0.42, 12.3, 1,234, 1.2 million; – where undefined."""
    if not math.isfinite(value):
        return "–"
    for scale, name in SCALES:
        if abs(value) >= 0.9995 * scale:
            return f"{_rounded(value / scale, digits)} {name}"
    return _rounded(value, digits)


def in_full(value: float, digits: int = 3) -> str:
    """As `number`, without a word for the size: 1,234,000."""
    return _rounded(value, digits) if math.isfinite(value) else "–"


def money(value: float, digits: int = 3) -> str:
    """US dollars: $420, −$1.2 million."""
    if not math.isfinite(value):
        return "–"
    return ("−$" if value < 0 else "$") + number(abs(value), digits)


def percent(share: float, places: int = 0) -> str:
    """A share as a percentage, whole unless told otherwise; never 100 % or 0 % for what only nearly is."""
    if not math.isfinite(share):
        return "–"
    text = f"{100 * share:,.{places}f}"
    while share not in (0, 1) and float(text.replace(",", "")) in (0, 100) and places < 4:
        places += 1
        text = f"{100 * share:,.{places}f}"
    return text.replace("-", "−") + "\u00a0%"


def apart(first: float, second: float, say: Callable[[float, int], str], least: int) -> tuple[str, str]:
    """Both numbers, with as few digits (from `least`) as tell them apart."""
    for digits in range(least, least + 5):
        said = say(first, digits), say(second, digits)
        if said[0] != said[1]:
            break
    return said


def figure(measure: str, value: float, *, sign: bool = False) -> str:
    """A value without its unit but % and $, rounded as in the terminal's tables."""
    if abs(value) >= SCALES[-1][0] and measure != "cost_usd":
        return ("+" if sign and value > 0 else "") + number(value)
    said = findings.figure(measure, value, sign=sign).removesuffix(" pts")
    if measure == "cost_usd" and math.isfinite(value):
        head = said[:1] if said[:1] in "+−" else ""
        said = f"{head}${said.removeprefix(head)}"
    return said.replace(" ", "\u00a0")


def both(measure: str, first: float, second: float) -> tuple[str, str]:
    """Two values of a measure without units but % and $, told apart."""
    unit = MEASURES[measure].unit
    if unit == "%":
        return apart(first, second, percent, 1)
    return apart(first, second, money if unit == "$" else number, 3)


def quoted(name: str) -> str:
    """An option's name in a sentence; of a very long one, its beginning and its end."""
    return f"‘{name if len(name) <= LONGEST else name[:42].rstrip() + '…' + name[-14:].lstrip()}’"


def small(name: str) -> str:
    """A label within a sentence: Attack helicopters → attack helicopters, but UNMIL stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def listed(names: Sequence[str], most: int = 2) -> str:
    """‘a’, ‘a’ and ‘b’, or "3 of the options" where there are more than `most`."""
    if len(names) > most:
        return f"{len(names)} options"
    return " and ".join(quoted(name) for name in names)


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 loan, 2 loans, 1,000 loans."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def interval(confidence: float) -> str:
    """95 % interval."""
    return f"{100 * confidence:g}\u00a0% interval"


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
    if not (resource in scenario.resources and scenario.resources[resource].label):
        return f"{count:,} {counted(count, resource)}"
    name = small(label(scenario, resource))
    grouped = GROUPED.fullmatch(name)
    groups, of_what = (grouped["groups"], f" of {grouped['size']} {grouped['what']}") if grouped else (name, "")
    return f"{count:,} {singular(groups) if count == 1 else groups}{of_what}"


def several(scenario: LoadedScenario, resource: str) -> str:
    """A resource's units within a sentence: attack helicopters, formed police units."""
    return units(scenario, 2, resource).removeprefix("2 ")


def no_difference(comparison: Comparison, what: str) -> str:
    """The finding where no option is significantly better than the reference in `what`."""
    reference = quoted(label(comparison.scenario, comparison.reference))
    others = len(comparison.differences)
    if not others:
        return f"Only {reference} was run: there is nothing to compare it with"
    if comparison.replications < 2:
        return f"One replication cannot tell the options apart in {what}"
    return f"No option differs significantly from {reference} in {what}"


def assumed(scenario: LoadedScenario) -> bool:
    """Whether any number of the scenario was assumed or only recalled, or nobody says where from any is."""
    doubtful = ("assumed", "recalled", None)  # a source without a word on confidence: nobody vouched for it
    return not scenario.sources or any(source.confidence in doubtful for source in scenario.sources)


def caption(source: Source, *facts: str) -> str:
    """What stands under a chart: the scenario's name, the facts given (n, interval), the seed, a warning where due."""
    name = " ".join(source.scenario.name.split())
    results = getattr(source, "results", None)
    seeds = (source.seed,) if results is None else results.seeds
    said = f"Seed {seeds[0]}" if len(seeds) == 1 else f"Seeds {', '.join(map(str, seeds))}"
    warning = " Contains assumed numbers." if assumed(source.scenario) else ""
    return f"{name}. " + " ".join(f"{fact}." for fact in (*facts, said) if fact) + warning


def means(comparison: Comparison, drawn: str = "whiskers") -> str:
    """The caption's fact on means and their intervals."""
    n = comparison.replications
    if n < 2:
        return f"Mean of {plural(n, 'replication')}: too few for an interval"
    return f"Means of n = {n:,} replications, {drawn}: {interval(comparison.confidence)} of the mean"


def figures(**estimates: Estimate) -> Row:
    """The columns of a CSV row for some estimates: name, name_low, name_high; empty where undefined."""
    row: Row = {}
    for name, estimate in estimates.items():
        for suffix, value in (("", estimate.mean), ("_low", estimate.low), ("_high", estimate.high)):
            row[name + suffix] = value if math.isfinite(value) else None
    return row


def finite(values: Iterable[float]) -> list[float]:
    """Those of the values that are numbers."""
    return [value for value in values if math.isfinite(value)]


def days(length: float) -> str:
    """A length of time: 24 days, 1 day, 0.4 days."""
    said = number(length, 2) if abs(length) >= 1 else number(round(length, 1), 2)
    return f"{said} {'day' if said == '1' else 'days'}"
