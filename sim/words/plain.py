"""Words of the trade in plain words: the one place for them, and the glossary of a report's annex."""

from __future__ import annotations

PLAIN = {
    "unit-day": "one unit (a company, a police unit, a helicopter) for one day; unmet: missing for that day",
    "replication": "one possible course of events, played through once",
    "lot": "units that travel together as one loan",
    "reserves held back": "units that their mission keeps for itself",
    "ceiling": "the most units that an agreement lets go at one time",
    "lapsed": "ended because the authority to lend ran out",
    "lenders' exposure": "unit-days that a lender was short while its own units were away",
    "percentile": "P95: in 95 of 100 courses of events it is no more than this",
    "95 % interval": "where the mean lies if chance alone is in doubt",
    "lognormal": "mostly near a typical value, now and then far longer",
}


def glossary() -> str:
    """All of them in one paragraph."""
    return "; ".join(f"{word}: {meaning}" for word, meaning in PLAIN.items()) + "."
