"""The paper: which authorities must agree to a loan, for how long, and to how much."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from sim.scenario.nouns.distributions import Block, Days, MoreThanZeroDays, Share
from sim.scenario.nouns.frozen import FROZEN, FrozenMap, Map
from sim.scenario.nouns.values import Between, Gate, Name, Names, RenewalDays, Severity, Whole, as_tuple, severities


class GateTerms(Block):
    days: Days | None = None
    """How long it takes, as in host: {days: 5}; for the contributor's gate its own consent_days, else 0, where
    omitted."""
    refuses: Share | None = None
    """Chance of a refusal; for the contributor's gate its own, else 0, where omitted."""
    per: Literal["loan", "crisis"] = "loan"
    """What it decides on: each loan by itself (loan); or, once, all that is asked of it for one occurrence of a crisis
    while it has not decided (crisis), as the Council votes on a package: all clear on the same day, or are refused. The
    council and the host decide so for a borrower, a contributor for all its resources. What is asked for later opens
    another decision; what is asked for routine tasks is decided loan by loan."""
    by_severity: Annotated[
        dict[Severity, Annotated[float, Field(ge=0, le=1000)]], BeforeValidator(severities), FROZEN
    ] = FrozenMap()
    """Urgency: what its days are multiplied by for crises of a severity, 1 to 5, or more; the nearest at or below
    counts. {5: 0.5} halves them for the gravest. 1 where nothing is said, and for routine tasks."""


class Renewals(Block):
    most: Whole
    """How often the window can be renewed."""
    days: RenewalDays
    """Length of a renewal, or one for each in turn (the last serves for the rest)."""
    refuses: Share = 0
    """Chance that a renewal is refused."""


class Agreement(Block):
    between: Between
    """any, a region, or a list of missions; the closest wins: named missions, then one region, then any."""
    resources: Names | None = None
    """Resources that it covers; all where omitted."""
    gates: Map[Gate, GateTerms] | None = None
    """Authorities that must agree; those of the next wider agreement, else none, where omitted. The host's gate is one
    for both ends: it stands for the lender's host, which lets the units go, and the borrower's, which lets them in."""
    order: Literal["together", "in turn"] | None = None
    """Whether the gates run side by side (together) or one after another (in turn, in the order in which they are
    written); that of the next wider agreement, else together, where omitted."""
    standing: Annotated[tuple[Gate, ...], BeforeValidator(as_tuple)] = ()
    """Gates, among those above, that under this agreement take no time and never refuse."""
    window_days: MoreThanZeroDays | None = None
    """How long the authority lasts from the council's agreement; no end where neither this nor a wider one says."""
    renewals: Renewals | None = None
    """Whether and how the window can be renewed."""
    at_most: Map[Name, Whole] = FrozenMap()
    """Most units on loan at one time under this agreement, by resource, promised ones included; no limit where
    omitted."""
