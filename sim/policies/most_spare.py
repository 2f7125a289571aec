"""Ask the mission with most units beyond its own requirement first, then the nearest."""

from __future__ import annotations

from sim.policies import Lender


def rank(lender: Lender) -> tuple[int, float, float]:
    """By its mission's spare units, most first, then by distance: contingents of one mission rank alike."""
    return (-lender.spare, lender.km, lender.journey_days)
