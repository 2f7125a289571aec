"""Ask whoever can spare most first."""

from __future__ import annotations

from sim.policies import Lender


def rank(lender: Lender) -> tuple[int, float]:
    return (-lender.can_offer, lender.km)
