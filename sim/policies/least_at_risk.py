"""Ask the mission with the fewest days of known crises in the next 30 first, then the nearest."""

from __future__ import annotations

from sim.policies import Lender


def rank(lender: Lender) -> tuple[float, float, float]:
    """By days of known crises, then by distance."""
    return (lender.risk_days, lender.km, lender.journey_days)
