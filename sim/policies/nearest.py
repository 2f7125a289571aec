"""Ask the nearest mission first."""

from __future__ import annotations

from sim.policies import Lender

STATIC = True


def rank(lender: Lender) -> tuple[float, float]:
    """By distance; where that is the same, or not said, by the journey."""
    return (lender.km, lender.journey_days)
