"""Which agreement governs a loan between two missions, and on what terms: gates, window, ceiling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sim.scenario.nouns.distributions import Days, mean_of
from sim.scenario.nouns.milliseconds import milliseconds
from sim.scenario.nouns.scenario import Agreement, Gate, Renewals, Scenario

NAMED, REGIONAL, ANY = 0, 1, 2
"""How close an agreement is to a pair of missions; the closest wins."""


class GateStep(NamedTuple):
    """One authority that must agree."""

    gate: Gate
    days: Days
    refuses: float
    standing: bool
    """It takes no time and never refuses."""


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


def terms_for(scenario: Scenario, lender: str, borrower: str, resource: str, contributor: str) -> Terms | None:
    """The terms of one loan; None where the scenario has agreements but none covers it."""
    if not scenario.agreements:
        return NO_TERMS
    covering = sorted(_covering(scenario, lender, borrower, resource), key=lambda each: each[0])
    if not covering:
        return None
    (closeness, _), name, closest = covering[0]
    wider = [agreement for _, _, agreement in covering]

    def said(word: str) -> object:
        return next((getattr(each, word) for each in wider if getattr(each, word) is not None), None)

    supplier = scenario.contributors.get(contributor)
    steps = []
    for gate, asked in (said("gates") or {}).items():  # type: ignore[attr-defined]  # a map, by the noun
        own = supplier if gate == "contributor" else None
        days = asked.days if asked.days is not None else (own.consent_days if own else 0.0)
        refuses = asked.refuses if asked.refuses is not None else (own.refuses if own else 0.0)
        steps.append(GateStep(gate, days, refuses, gate in closest.standing))
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


def expected_consent(terms: Terms, instant: int) -> float:
    """Expected days of the contributor's gate for a request at an instant, in milliseconds from the period's start."""
    for step in terms.gates:
        if step.gate == "contributor" and not step.standing:
            return 0.0 if consented(terms, instant) else mean_of(step.days)
    return 0.0


def consented(terms: Terms, instant: int) -> bool:
    """Whether the contributor has given its consent beforehand for a request at an instant."""
    return any(start <= instant < until for start, until in terms.consent_given)


def _covering(
    scenario: Scenario, lender: str, borrower: str, resource: str
) -> Iterator[tuple[tuple[int, int], str, Agreement]]:
    """((closeness, missions named), name, agreement) of every agreement that covers the loan."""
    regions = {scenario.missions[mission].region for mission in (lender, borrower)}
    for name, agreement in scenario.agreements.items():
        if agreement.resources is not None and resource not in agreement.resources:
            continue
        between = agreement.between
        if isinstance(between, tuple):
            if lender in between and borrower in between:
                yield (NAMED, len(between)), name, agreement
        elif between == "any":
            yield (ANY, 0), name, agreement
        elif regions == {between}:
            yield (REGIONAL, 0), name, agreement


def _consents(scenario: Scenario, contributor: str, resource: str) -> tuple[tuple[int, int], ...]:
    supplier = scenario.contributors.get(contributor)
    given = supplier.consent_given if supplier else ()
    return tuple(
        (milliseconds(scenario.day(each.from_)), milliseconds(scenario.day(each.to) + 1))
        for each in given
        if each.resources is None or resource in each.resources
    )
