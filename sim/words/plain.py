"""Words of the trade in plain words: the one place for them, beside what uses them and in the glossary of an annex."""

from __future__ import annotations

import re

from sim.words.language import Phrase, phrase
from sim.words.names import in_a_row, labelled

PLAIN = {
    Phrase("unit-day"): Phrase("one unit (a company, a police unit, a helicopter) for one day"),
    Phrase("replication"): Phrase("one possible course of events, played through once"),
    Phrase("lot"): Phrase("units that travel together as one loan"),
    Phrase("reserves held back"): Phrase("units that their mission keeps for itself"),
    Phrase("ceiling"): Phrase("the most units that an agreement lets go at one time"),
    Phrase("lapsed"): Phrase("ended because the authority to lend ran out"),
    Phrase("lenders' exposure"): Phrase("unit-days that a lender was short while its own units were away"),
    Phrase("percentile"): Phrase("P95: in 95 of 100 courses of events it is no more than this"),
    Phrase("95 % interval"): Phrase("where the mean lies if chance alone is in doubt"),
    Phrase("lognormal"): Phrase("mostly near a typical value, now and then far longer"),
}
"""Word and meaning. A sentence beside a picture explains those that stand on it; the annex explains all."""
_EVERYWHERE = ("95 % interval",)
"""Explained in the annex only: it stands under every picture."""


def glossary() -> str:
    """All of them in one paragraph."""
    return in_a_row([labelled(word, meaning) for word, meaning in in_plain_words().items()]) + "."


def in_plain_words() -> dict[str, str]:
    """Word -> meaning, in the language spoken."""
    return {word(): meaning() for word, meaning in PLAIN.items()}


def explained(caption: str, *said: str) -> str:
    """A caption, and after it what the words of the trade mean that stand in it or in what is `said` above it, but for
    those of which it is said already (unit-day: …)."""
    whole = " ".join((caption, *said))
    stands = _singular(whole)
    entries = [
        labelled(word(), meaning())
        for word, meaning in PLAIN.items()
        if word.text not in _EVERYWHERE
        and re.search(rf"\b{re.escape(_singular(word()))}\b", stands)
        and not re.search(rf"\b{re.escape(word())}\s?:", whole, re.IGNORECASE)
    ]
    if not entries:
        return caption
    return f"{caption} {phrase('In plain words: {meanings}.', meanings=in_a_row(entries))}".strip()


def _singular(text: str) -> str:
    """`text` in small letters, no word of it with the s of a plural."""
    return re.sub(r"s\b", "", text.lower())
