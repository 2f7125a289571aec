"""What somebody probably meant who wrote a name or a word that is not there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

MOST_CANDIDATES = 300
"""So many known words are looked at: looking takes time."""
MOST_LISTED = 12
"""Of names that a user has given there may be many; of those that the program has, all are listed (`most`)."""


def unknown(kind: str, name: str, known: Iterable[str], most: int = MOST_LISTED) -> str:
    """`no option 'al'; did you mean 'all'?`, or the known names where none is near and they are at most `most`."""
    return f"no {kind} {name!r}{did_you_mean(name, known, most)}"


def did_you_mean(word: str, known: Iterable[str], most: int = MOST_LISTED) -> str:
    """`; did you mean 'holds'?`, or the known words where none is near and they are at most `most`, or nothing."""
    words = list(islice(known, MOST_CANDIDATES))
    close = nearest(word, words)
    if close is not None:
        return f"; did you mean {close!r}?"
    return f"; known: {', '.join(words)}" if 0 < len(words) <= most else ""


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that `word` was probably meant to be, whatever its capitals."""
    by_folded = {name.casefold(): name for name in islice(known, MOST_CANDIDATES)}
    begun = [name for name in by_folded if word and name.startswith(f"{word.casefold()}_")]
    if len(begun) == 1:  # half of a word: every for every_days
        return by_folded[begun[0]]
    close = difflib.get_close_matches(word.casefold()[:200], by_folded, n=1, cutoff=cutoff)
    return by_folded[close[0]] if close else None


def one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter more, less or another, or two that changed places, make one word of the other."""
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
    return one != other and (swapped or one[1:] == other[1:] or one[1:] == other or one == other[1:])
