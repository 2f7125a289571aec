"""The paper: which authorities must agree to a loan, for how long, and to how much."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from sim.scenario.nouns.distributions import Block, Days, MoreThanZeroDays, Share
from sim.scenario.nouns.frozen import FrozenMap, Map
from sim.scenario.nouns.values import Between, Gate, Name, Names, RenewalDays, Whole, as_tuple


class GateTerms(Block):
    days: Days | None = None
    """How long it takes, as in host: {days: 5}; for the contributor's gate its own consent_days, else 0, where
    omitted."""
    refuses: Share | None = None
    """Chance of a refusal; for the contributor's gate its own, else 0, where omitted."""


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
