"""Which agreement governs a loan between two missions, and on what terms: gates, window, ceiling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sim.scenario.nouns.distributions import Days, mean_of
from sim.scenario.nouns.milliseconds import milliseconds
from sim.scenario.nouns.scenario import Gate, Renewals, Scenario

NAMED, REGIONAL, ANY = 0, 1, 2
"""How close an agreement is to a pair of missions; the closest wins."""


class GateStep(NamedTuple):
    """One authority that must agree."""

    gate: Gate
    days: Days
    refuses: float
    standing: bool
    """It takes no time and never refuses."""
    joint: bool = False
    """It decides once for all that is asked of it for one occurrence of a crisis."""
    by_severity: tuple[tuple[int, float], ...] = ()
    """(severity, factor on its days) for crises of that severity or more, the gravest first."""

    def urgency(self, severity: int) -> float:
        """What its days are multiplied by for a crisis of this severity."""
        return next((times for least, times in self.by_severity if severity >= least), 1.0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the law asks of a loan between two missions before, and while, it lasts."""

    agreement: str | None
    """Name of the agreement whose ceiling counts; None where there is none."""
    named: bool
    """Whether it is closer than `between: any`."""
    gates: tuple[GateStep, ...]
    in_turn: bool
    window_days: Days | None
    renewals: Renewals | None
    at_most: int | None
    consent_given: tuple[tuple[int, int], ...]
    """(from, until) in milliseconds from the period's start: requests made then pass the contributor's gate at once."""
    gate_names: str
    """The gates in their order, as the log says them: "council, host"."""


NO_TERMS = Terms(None, False, (), False, None, None, None, (), "")


Covering = tuple[tuple[tuple[int, int], str], ...]
"""((closeness, missions named), name) of the agreements that cover a loan, the closest first."""


def terms_for(scenario: Scenario, lender: str, borrower: str, resource: str, contributor: str) -> Terms | None:
    """The terms of one loan; None where the scenario has agreements but none covers it."""
    return Law(scenario).terms(lender, borrower, resource, contributor)


class Law:
    """The terms of every loan of a scenario, worked out once for all loans that are governed alike."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._scopes = {
            resource: tuple(
                name
                for name, agreement in scenario.agreements.items()
                if agreement.resources is None or resource in agreement.resources
            )
            for resource in scenario.all_resources
        }
        """By resource, the agreements that are about it."""
        self._covering: dict[tuple[str, str, tuple[str, ...]], Covering] = {}
        self._terms: dict[tuple[Covering, str, str], Terms | None] = {}

    def terms(self, lender: str, borrower: str, resource: str, contributor: str) -> Terms | None:
        """The terms of one loan; None where the scenario has agreements but none covers it."""
        if not self._scenario.agreements:
            return NO_TERMS
        between = (lender, borrower, self._scopes[resource])
        if between not in self._covering:
            found = sorted(_covering(self._scenario, *between), key=lambda each: each[0])
            self._covering[between] = tuple(found)
        governed = (self._covering[between], resource, contributor)
        if governed not in self._terms:
            self._terms[governed] = _terms_under(self._scenario, *governed)
        return self._terms[governed]


def _terms_under(scenario: Scenario, covering: Covering, resource: str, contributor: str) -> Terms | None:
    """The terms that the closest of the agreements, and those wider where it says nothing, give a loan."""
    if not covering:
        return None
    (closeness, _), name = covering[0]
    closest, *_ = wider = [scenario.agreements[each] for _, each in covering]

    def said(word: str) -> object:
        return next((getattr(each, word) for each in wider if getattr(each, word) is not None), None)

    supplier = scenario.contributors.get(contributor)
    steps = []
    for gate, asked in (said("gates") or {}).items():  # type: ignore[attr-defined]  # a map, by the noun
        own = supplier if gate == "contributor" else None
        days = asked.days if asked.days is not None else (own.consent_days if own else 0.0)
        refuses = asked.refuses if asked.refuses is not None else (own.refuses if own else 0.0)
        urgency = sorted(((int(least), times) for least, times in asked.by_severity.items()), reverse=True)
        standing = gate in closest.standing
        steps.append(GateStep(gate, days, refuses, standing, asked.per == "crisis", tuple(urgency)))
    return Terms(
        agreement=name,
        named=closeness < ANY,
        gates=tuple(steps),
        in_turn=said("order") == "in turn",
        window_days=said("window_days"),  # type: ignore[arg-type]  # Days, by the noun
        renewals=said("renewals"),  # type: ignore[arg-type]  # Renewals, by the noun
        at_most=closest.at_most.get(resource),
        consent_given=_consents(scenario, contributor, resource),
        gate_names=", ".join(step.gate for step in steps),
    )


def expected_consent(terms: Terms, instant: int, severity: int = 0) -> float:
    """Expected days of the contributor's gate for a request at an instant, in milliseconds from the period's start.

    `severity` is that of the crisis that it would be for; 0 for routine tasks.
    """
    for step in terms.gates:
        if step.gate == "contributor" and not step.standing:
            return 0.0 if consented(terms, instant) else mean_of(step.days) * step.urgency(severity)
    return 0.0


def consented(terms: Terms, instant: int) -> bool:
    """Whether the contributor has given its consent beforehand for a request at an instant."""
    return any(start <= instant < until for start, until in terms.consent_given)


def _covering(
    scenario: Scenario, lender: str, borrower: str, names: Iterable[str]
) -> Iterator[tuple[tuple[int, int], str]]:
    """((closeness, missions named), name) of each of the agreements that covers loans between the two."""
    regions = {scenario.missions[mission].region for mission in (lender, borrower)}
    for name in names:
        between = scenario.agreements[name].between
        if isinstance(between, tuple):
            if lender in between and borrower in between:
                yield (NAMED, len(between)), name
        elif between == "any":
            yield (ANY, 0), name
        elif regions == {between}:
            yield (REGIONAL, 0), name


def _consents(scenario: Scenario, contributor: str, resource: str) -> tuple[tuple[int, int], ...]:
    supplier = scenario.contributors.get(contributor)
    given = supplier.consent_given if supplier else ()
    return tuple(
        (milliseconds(scenario.day(each.from_)), milliseconds(scenario.day(each.to) + 1))
        for each in given
        if each.resources is None or resource in each.resources
    )
