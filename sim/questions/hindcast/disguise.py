"""Facts that the scenario itself says, so that the model could give nothing else: inputs in disguise.

Found where a recorded value equals what the scenario scripts: a ceiling, a whole contingent or the need of a crisis for
a size; the end of the period, of a phase, of an authority or a change of holdings for a return; a gate that takes so
many days for a vote. Days of phases that vary are taken at their mean and at their most likely value. What is left,
though every replication gives the same, is found by that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.agreements.terms import Terms, terms_for
from sim.questions.hindcast.facts import Fact
from sim.scenario.nouns.crises import Crisis
from sim.scenario.nouns.distributions import Days, Discrete, Empirical, Mixture, Triangular, mean_of
from sim.scenario.nouns.scenario import Scenario

DAY = dt.timedelta(days=1)
FEWEST = 20
"""Values below which sameness says nothing."""


def disguise(world: Scenario, fact: Fact, values: Sequence[float]) -> str:
    """Why the fact is an input of the scenario in the option held against the record; "" where it is none."""
    scripted = _Scripted(world, fact)
    found = {
        "units": scripted.sizes,
        "returned": scripted.returns,
        "authorised": scripted.votes,
        "arrived": scripted.arrivals,
    }[fact.word]
    return next(found(), "") or _always(fact, values)


@dataclass(frozen=True)
class _Scripted:
    world: Scenario
    fact: Fact

    def sizes(self) -> Iterator[str]:
        """A ceiling, all that the lender has, or what a crisis needs beyond what the borrower has to spare."""
        units, case, resource = self.fact.recorded[0], self.fact.case, self.fact.resource
        for terms in self._terms():
            if terms.at_most == units:
                yield f"the ceiling of {terms.agreement!r} is {units:g}"
        if self._held(case.lender) == units:
            yield f"{case.lender} holds {units:g} in all"
        routine = self.world.missions[case.borrower].routine.get(resource, 0)
        spare = max(0, self._held(case.borrower) - routine)
        for name, crisis in self._crises():
            if any(stage.needs.get(resource) == units + spare for stage in crisis.stages):
                yield f"{name!r} needs {units + spare:g}, of which {case.borrower} has {spare}"

    def returns(self) -> Iterator[str]:
        """The period's end, a mission's, a phase's, an authority's, or a change of what a mission holds or does."""
        period = self.world.period
        if self._within(period.to):
            yield f"the period ends on {period.to}"
        for name in (self.fact.case.borrower, self.fact.case.lender):
            mission = self.world.missions[name]
            if self._within(mission.active.to):
                yield f"{name} ends on {mission.active.to}"
            for change in mission.changes:
                if self.fact.resource in {**change.holds, **change.routine} and self._within(change.on):
                    yield f"{name} changes its holdings or tasks on {change.on}"
        for name, crisis in self._crises():
            for phase, day in _phase_ends(crisis, self.fact.resource):
                if self._within(day):
                    yield f"{phase or name!r} ends on {day} where it lasts as long as it usually does"
        for day in self._authority_ends():
            if self._within(day):
                yield f"the authority ends on {day}"

    def votes(self) -> Iterator[str]:
        """A council's gate that takes a number of days, or one of a few observed, and this is it."""
        for terms in self._terms():
            for step in terms.gates:
                if step.gate == "council" and not step.standing and self._among(step.days):
                    yield "the council's gate takes just that long"

    def arrivals(self) -> Iterator[str]:
        """A mission that begins, or a camp that is ready, on the day; a consent that takes as long; a loan that no
        agreement allows."""
        active = self.world.missions[self.fact.case.borrower].active
        if self._within(active.from_):
            yield f"{self.fact.case.borrower} begins on {active.from_}"
        yield from self._doors()
        every = list(self._terms())
        if self.fact.unit == "chance" and self.fact.recorded[0] == 0 and all(terms.at_most == 0 for terms in every):
            yield "no agreement allows the loan"
        for terms in every if self.fact.unit == "days" else ():
            for step in terms.gates:
                if step.gate == "contributor" and not step.standing and self._among(step.days):
                    yield "the contributor's gate takes just that long"

    def _doors(self) -> Iterator[str]:
        """Days on which the borrower begins to take in those who wait there."""
        borrower = self.fact.case.borrower
        for change in self.world.missions[borrower].changes:
            if change.reception_per_day.get(self.fact.resource) and self._within(change.on):
                yield f"{borrower} can take them in from {change.on} on"

    def _terms(self) -> Iterator[Terms]:
        """The terms of the loan, with each contributor that it may be of."""
        case, resource = self.fact.case, self.fact.resource
        held = self.world.missions[case.lender].holds.get(resource, {})
        whose = [self.fact.contributor] if self.fact.contributor else list(held) if isinstance(held, dict) else [""]
        for contributor in whose:
            found = terms_for(self.world, case.lender, case.borrower, resource, contributor)
            if found is not None:
                yield found

    def _held(self, mission: str) -> int:
        return self.world.missions[mission].units(self.fact.resource)

    def _crises(self) -> Iterator[tuple[str, Crisis]]:
        for name, crisis in self.world.crises.items():
            if crisis.mission == self.fact.case.borrower:
                yield name, crisis

    def _within(self, day: dt.date | None) -> bool:
        """Whether a scripted day is the recorded one, or lies in its bounds; of a return, to a day: who leaves on the
        last day of a mission leaves at its end."""
        if day is None or self.fact.dates is None:
            return False
        first, last = self.fact.dates
        spare = DAY if self.fact.word == "returned" else dt.timedelta()
        return first is not None and last is not None and first - spare <= day <= last + spare

    def _among(self, days: Days) -> bool:
        """Whether days are only those that were observed, and the recorded ones are among them."""
        if isinstance(days, Mixture):
            return any(self._among(part.is_) for part in days.parts)
        if isinstance(days, Empirical):
            said = tuple(days.empirical)
        elif isinstance(days, Discrete):
            said = tuple(days.discrete)
        else:
            said = (days,) if isinstance(days, (int, float)) else ()
        low, high = self.fact.recorded
        return any(low <= day <= high for day in said if day > 0)

    def _authority_ends(self) -> Iterator[dt.date]:
        """Ends of the authority and of its renewals, where these are plain numbers of days."""
        decided = self.fact.case.decided
        for terms in self._terms() if decided is not None and decided[0] == decided[1] else ():
            lengths = [terms.window_days]
            if terms.renewals is not None:
                days = terms.renewals.days if isinstance(terms.renewals.days, tuple) else (terms.renewals.days,)
                lengths += [days[min(n, len(days) - 1)] for n in range(min(terms.renewals.most, 20))]
            day = decided[0] if decided else dt.date.min
            for length in lengths:
                if not isinstance(length, (int, float)):
                    break
                day += dt.timedelta(days=float(length))
                yield day


def _phase_ends(crisis: Crisis, resource: str) -> Iterator[tuple[str | None, dt.date]]:
    """(phase, day) on which the need for a resource usually falls, of a crisis with a date."""
    if crisis.on is None:
        return
    for usual in (mean_of, _most_likely):
        day = 0.0
        for stage, following in zip(crisis.stages, (*crisis.stages[1:], None), strict=True):
            day += usual(stage.lasts_days)
            needed, then = (mean_of(each.needs.get(resource, 0)) if each else 0.0 for each in (stage, following))
            if then < needed:
                yield stage.name, crisis.on + dt.timedelta(days=round(day))


def _most_likely(days: Days) -> float:
    return days.triangular.mode if isinstance(days, Triangular) else mean_of(days)


def _always(fact: Fact, values: Sequence[float]) -> str:
    """Nine replications of ten give the recorded value, to the day: nothing that varies can have made it."""
    if fact.unit not in ("days", "date") or len(values) < FEWEST:
        return ""
    low, high = np.percentile(values, (5, 95)).tolist()
    same = high - low < 0.5 and fact.recorded[0] - 0.5 <= low <= high <= fact.recorded[1] + 0.5
    return "the model gives the same day in nearly every replication" if same else ""
