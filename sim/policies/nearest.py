"""Ask the nearest mission first."""

from __future__ import annotations

from sim.policies import Lender

STATIC = True


def rank(lender: Lender) -> tuple[float]:
    """By distance."""
    return (lender.km,)
