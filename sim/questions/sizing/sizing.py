"""How many units each option needs to reach a coverage, and so what sharing saves.

Coverage of one resource, over all missions, is read off a curve: the same traces are run with more and fewer units,
and the number that reaches the target is where the curve crosses it. Intervals are bootstrap percentiles over whole
sets of replications (Efron and Tibshirani, *An Introduction to the Bootstrap*, ch. 13; expanded for few sets), the
same resamples for every number of units and every option, so savings are paired. More units need not help everywhere;
the first crossing counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sim.comparison.cannot_vary import CannotVary
from sim.errors import UsageError
from sim.questions.sizing.coverage_curves import Curve, Search, Values, bearing, crossings, ends_of
from sim.questions.sizing.hub import HubLoans, holdings_of, hub_loans
from sim.questions.sizing.scaled_holdings import Holding, hub_of
from sim.running.experiment import chosen_options
from sim.running.samples import Effort
from sim.running.workers import workers_kept
from sim.scenario.fingerprint import fingerprint
from sim.scenario.groups import reference_among, standing_apart
from sim.scenario.loaded import LoadedScenario
from sim.statistics.by_sets import Inference
from sim.statistics.estimates import Estimate
from sim.statistics.intervals import Terms
from sim.words.language import Phrase, PhraseN, phrase, phrase_n
from sim.words.names import quoted
from sim.words.numbers import finite, fixed, percent
from sim.words.suggestions import unknown

Scale = Literal["missions", "hub"]
NO_MORE = 0.001
"""Coverage by which more units must help, to be said to."""

NO_HUB = Phrase("{option}: has no mission {hub}, so {goal} is not met by adding units there.")
NOT_PERMITTED = Phrase("{option}: no mission may borrow from the hub, so {goal} is not met by adding units there.")
NOT_MET = PhraseN(
    "{option}: {goal} is not met even with {n:,} unit, which meets {share}.",
    "{option}: {goal} is not met even with {n:,} units, which meet {share}.",
)
IN_VAIN = PhraseN(
    "{option}: {goal} is not met even with {n:,} unit, which meets {share}, as the {held:,} held now do: something else"
    " than units is missing.",
    "{option}: {goal} is not met even with {n:,} units, which meet {share}, as the {held:,} held now do: something else"
    " than units is missing.",
)


@dataclass(frozen=True, slots=True)
class Range:
    """A number with its interval; None where it lies beyond what was tried."""

    units: float | None
    low: float | None
    high: float | None

    def times(self, factor: float) -> Range:
        """The same in people or money."""
        ends = (None if each is None else each * factor for each in (self.units, self.low, self.high))
        return Range(*ends)

    def reach(self, say: Callable[[float], str], most: float | None = None) -> str:
        """The interval in words; `most`: the most that was tried, which an end that is None lies beyond.

        "4 to 9", "12 to more than 40", "12 or more", "7 or less", or nothing where neither end is known or both are
        the number itself.
        """
        if self.low is not None and self.low == self.high:
            return ""
        if self.low is None:
            return "" if self.high is None else phrase("{figure} or less", figure=say(self.high))
        if self.high is not None:
            return phrase("{low} to {high}", low=say(self.low), high=say(self.high))
        if most is None:
            return phrase("{figure} or more", figure=say(self.low))
        return phrase("{low} to more than {high}", low=say(self.low), high=say(most))

    def as_json(self) -> dict[str, float | None]:
        """Plain numbers."""
        return {"units": self.units, "low": self.low, "high": self.high}


UNKNOWN = Range(None, None, None)


@dataclass(frozen=True)
class OptionSize:
    """What one option needs."""

    name: str
    label: str
    needed: Range
    """Units, over all missions, that reach the target."""
    saved: Range
    """Units fewer than the reference needs; more where negative. None of it where the option stands apart."""
    curve: Mapping[int, Estimate]
    """Units over all missions -> coverage."""
    held: int
    """Units that it holds now, over all missions."""
    hub: HubLoans | None
    """What it permits of loans from the hub, where units are added at one."""

    @property
    def now(self) -> Estimate:
        """Coverage with the units held now."""
        return self.curve[self.held]


@dataclass(frozen=True)
class Sizing:
    """What every option needs of one resource to reach a coverage."""

    scenario: LoadedScenario
    resource: str
    coverage: float
    scale: Scale
    held: int
    """Units held now (at the period's start, or when a mission opens), over all missions, under the reference."""
    reference: str
    replications: int
    seed: int
    confidence: float
    options: Mapping[str, OptionSize]
    hub: str | None = None
    """Where units are added, where that is one mission."""

    @property
    def compared(self) -> tuple[str, ...]:
        """The options of the reference's group, itself among them; others meet other crises, or hold other units."""
        return tuple(name for name in self.options if name in self.scenario.beside(self.reference))

    @property
    def people_per_unit(self) -> int:
        """People in one unit; 0 where the scenario does not say."""
        return self.scenario.all_resources[self.resource].people

    @property
    def cost_per_unit_year(self) -> float:
        """US dollars that one unit costs a year; 0 where the scenario does not say."""
        return self.scenario.all_resources[self.resource].cost.per_unit_year

    @property
    def failed(self) -> bool:
        """Whether any replication failed, and is left out."""
        points = (point for option in self.options.values() for point in option.curve.values())
        return any(point.n < self.replications for point in points)

    def rows(self) -> list[dict[str, Any]]:
        """The curve as rows: option, units, coverage with its interval."""
        return [
            {"option": name, "units": units, "coverage": found.mean, "low": found.low, "high": found.high}
            for name, option in self.options.items()
            for units, found in option.curve.items()
        ]

    def as_json(self) -> dict[str, Any]:
        """Plain maps and numbers; the same results are the same bytes."""
        return {
            "scenario": self.scenario.name,
            "fingerprint": fingerprint(self.scenario),
            "resource": self.resource,
            "coverage": self.coverage,
            "scale": self.scale,
            "hub": self.hub,
            "held_units": self.held,
            "reference": self.reference,
            "replications": self.replications,
            "seed": self.seed,
            "confidence": self.confidence,
            "options": {name: self._as_json(option) for name, option in self.options.items()},
        }

    def _as_json(self, option: OptionSize) -> dict[str, Any]:
        saved = {"saved_units": option.saved, "saved_people": self.worth(option, self.people_per_unit)}
        saved["saved_usd_a_year"] = self.worth(option, self.cost_per_unit_year)
        return {
            "held_units": option.held,
            "coverage_now": option.now.as_json(),
            "needed": option.needed.as_json(),
            **{name: found.as_json() for name, found in saved.items()},
            "curve": [{"units": units, **found.as_json()} for units, found in option.curve.items()],
        }

    def worth(self, option: OptionSize, each: float) -> Range:
        """What an option saves at so many people, or US dollars, a unit; nothing known where the scenario has none."""
        return option.saved.times(each) if each else UNKNOWN

    def __repr__(self) -> str:
        asked = f"{self.coverage:.4g} of {self.resource} under {', '.join(map(repr, self.options))}"
        return f"<Sizing for {asked} in {self.scenario.name!r}: {self.replications:,} replications, seed {self.seed}>"

    def __str__(self) -> str:
        """What it says, a line each."""
        return "\n".join(self.sentences())

    @property
    def held_alike(self) -> bool:
        """Whether every option holds as many units now."""
        return len({option.held for option in self.options.values()}) == 1

    def sentences(self) -> list[str]:
        """What it says, in plain words."""
        apart = [quoted(option.label) for name, option in self.options.items() if name not in self.compared]
        each = [_in_words(self, option) for option in self.options.values()]
        return each + ([standing_apart(apart)] if apart else []) + _ceilings(self)


@workers_kept()  # every step of the search is a job
def size(  # noqa: PLR0913  # the Python twin of a command has as many arguments as it has flags
    scenario: LoadedScenario,
    resource: str,
    coverage: float = 0.95,
    *,
    scale: Scale = "missions",
    hub: str | None = None,
    options: Sequence[str] = (),
    reference: str | None = None,
    replications: int = 200,
    seed: int | None = None,
    **effort: Any,
) -> Sizing:
    """How many units of `resource` each option needs so that `coverage` of what crises require of it is met.

    `scale` says where units are added or taken: in every mission, in proportion to what it holds; or at a `hub` (a
    mission without requirement of its own; where there is only one it need not be named). What is saved is counted
    against `reference` (default: the scenario's). `effort`: workers, rules, progress, as for `run`. UsageError for what
    cannot be asked for.
    """
    names = _checked(scenario, resource, coverage, options)
    reference = reference_among(scenario, names, reference)
    at = hub_of(scenario, names, hub, effort.get("rules")) if scale == "hub" else None
    holdings = holdings_of(scenario, names, resource, at)
    loans = {name: hub_loans(each, at, effort.get("rules")) for name, each in holdings.items()}
    seed = scenario.experiment.seed_or(seed)
    search = Search(holdings, coverage, Effort(replications, seed, **effort), scenario.experiment.confidence)
    return Sizing(
        scenario=scenario,
        resource=resource,
        coverage=coverage,
        scale=scale,
        held=holdings[reference].total,
        reference=reference,
        replications=replications,
        seed=seed,
        confidence=scenario.experiment.confidence,
        options=_options_sized(scenario, search, loans, reference),
        hub=at,
    )


def _options_sized(
    scenario: LoadedScenario, search: Search, loans: Mapping[str, HubLoans | None], reference: str
) -> dict[str, OptionSize]:
    """By option what the search finds, in the order of its holdings."""
    curves = search.curves()
    needed = {name: crossings(curve, search.target, search.sets) for name, curve in curves.items()}
    by = Inference(search.sets, Terms(search.confidence))
    beside = scenario.beside(reference)
    return {
        name: _sized(
            holding, curves[name], (needed[name], needed[reference] if name in beside else None), by, loans[name]
        )
        for name, holding in search.holdings.items()
    }


def _sized(
    holding: Holding, curve: Curve, needed: tuple[Values, Values | None], by: Inference, hub: HubLoans | None
) -> OptionSize:
    """From the option's curve, and the units that it and the reference need on each resample (None: it is apart)."""
    scenario = holding.scenario
    mine, reference = needed
    fixed = CannotVary(scenario, [holding.option]).nothing_varies(holding.option)
    confidence, sets = by.terms.confidence, bearing(curve, by.sets)
    with np.errstate(invalid="ignore"):  # nan where neither is enough
        fewer = None if reference is None else reference - mine
    return OptionSize(
        name=holding.option,
        label=scenario.label(holding.option),
        needed=_range(mine, confidence, sets, fixed=fixed),
        saved=UNKNOWN if fewer is None else _range(fewer, confidence, sets, fixed=fixed),
        curve={units: point.estimate(by, fixed=fixed) for units, point in curve.items()},
        held=holding.total,
        hub=hub,
    )


def _checked(scenario: LoadedScenario, resource: str, coverage: float, options: Sequence[str]) -> tuple[str, ...]:
    """The options to size, in the scenario's order."""
    if resource not in scenario.all_resources:
        raise UsageError(unknown("resource", resource, scenario.all_resources))
    if not 0 < coverage <= 1:
        raise UsageError(f"coverage: must be above 0 and at most 1, not {coverage:g}")
    return chosen_options(scenario, options)


def _range(found: Values, confidence: float, sets: int, *, fixed: bool) -> Range:
    """The number on all sets, and the percentiles of the resamples; None where infinite or undefined.

    `fixed`: nothing is left to chance under the option. Where it is under the reference, the resamples vary.
    """
    if fixed and (found == found[0]).all():
        return Range(*(3 * [finite(float(found[0]))]))
    return Range(*map(finite, (float(found[0]), *ends_of(found, confidence, sets))))


def _in_words(sizing: Sizing, option: OptionSize) -> str:
    """One sentence for one option."""
    needed, saved = option.needed, option.saved
    if needed.units is None:
        return _out_of_reach(sizing, option)
    reach = (
        phrase(" (of too few sets to say within what)")
        if needed.low is needed.high is None
        else _ends(needed, max(option.curve))
    )
    units = phrase_n("{figure} unit", "{figure} units", needed.units, figure=fixed(needed.units, 0)) + reach
    slots = {"option": option.label, "goal": _goal(sizing), "units": units}
    if sizing.held_alike:
        told = phrase("{option}: {goal} takes {units}", **slots)
    else:
        told = phrase("{option}: {goal} takes {units}, with {held:,} held now", held=option.held, **slots)
    if option.name == sizing.reference or saved.units is None:
        return f"{told}."
    reference = quoted(sizing.options[sizing.reference].label)
    if (saved.low is None or saved.low <= 0) and (saved.high is None or saved.high >= 0):
        return phrase("{told}; no clear difference from {reference}.", told=told, reference=reference + _ends(saved))
    return _saving(sizing, saved, told, reference)


def _goal(sizing: Sizing) -> str:
    what = sizing.scenario.units_name(sizing.resource)
    return phrase("{share} of the need for {units}", share=percent(sizing.coverage), units=what)


def _out_of_reach(sizing: Sizing, option: OptionSize) -> str:
    """Why the option does not reach the coverage."""
    slots = {"option": option.label, "goal": _goal(sizing)}
    if option.hub is not None and not option.hub.there:
        return NO_HUB(hub=sizing.hub, **slots)
    if option.hub is not None and not option.hub.permitted:
        return NOT_PERMITTED(**slots)
    most, best = max(option.curve.items(), key=lambda each: each[0])
    vain = best.mean < option.now.mean + NO_MORE and most > option.held
    share = percent(best.mean, 1)
    if vain:
        return IN_VAIN(most, n=most, share=share, held=option.held, **slots)
    return NOT_MET(most, n=most, share=share, **slots)


def _ceilings(sizing: Sizing) -> list[str]:
    """The ceilings on loans from the hub, where options differ in them."""
    lending = [option for option in sizing.options.values() if option.hub is not None and option.hub.permitted]
    ceilings = [option.hub.at_most for option in lending if option.hub is not None]
    if len(set(ceilings)) < 2:
        return []
    each = (
        phrase("{option} no limit", option=quoted(option.label))
        if most is None
        else phrase("{option} {n:,}", option=quoted(option.label), n=most)
        for option, most in zip(lending, ceilings, strict=True)
    )
    told = phrase("Options differ in how many units may be on loan at one time: {options}.", options=", ".join(each))
    return [told]


def _saving(sizing: Sizing, saved: Range, told: str, reference: str) -> str:
    """The sentence with what is saved against the reference."""
    assert saved.units is not None
    count = abs(saved.units)
    people, cost = count * sizing.people_per_unit, count * sizing.cost_per_unit_year / 1e6
    worth = [phrase_n("{n:,.0f} people", "{n:,.0f} people", people, n=people)] if people else []
    if cost:
        worth.append(phrase_n("{n:,.1f} million US dollars a year", "{n:,.1f} million US dollars a year", cost, n=cost))
    slots = {"told": told, "reference": reference, "worth": f" ({', '.join(worth)})" if worth else ""}
    if saved.units >= 0:
        return phrase("{told}, {n} fewer{worth} than {reference}.", n=fixed(count, 0) + _ends(saved), **slots)
    turned = saved.times(-1)
    return phrase("{told}, {n} more{worth} than {reference}.", n=fixed(count, 0) + _ends(turned), **slots)


def _ends(found: Range, most: float | None = None) -> str:
    told = found.reach(lambda count: fixed(count, 0), most)
    return f" ({told})" if told else ""
