"""Ask hubs (missions with no requirement of their own) first, then the nearest."""

from __future__ import annotations

from sim.policies import Lender

STATIC = True


def rank(lender: Lender) -> tuple[bool, float, float]:
    """Hubs before missions, then by distance."""
    return (not lender.is_hub, lender.km, lender.journey_days)
