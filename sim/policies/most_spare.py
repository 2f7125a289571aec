"""Ask whoever can spare most first."""

from __future__ import annotations

from sim.policies import Lender


def rank(lender: Lender) -> tuple[int, float]:
    """By what it may offer, most first, then by distance."""
    return (-lender.can_offer, lender.km)
