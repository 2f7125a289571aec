"""Names within a sentence: options in quotes, units by their count, lists with "and"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from sim.words.language import ENGLISH, joined, language, phrase

SHORTEST = 2
"""Letters of a name that is an abbreviation, and has no plural: 3 u, 3 IC."""
LEAD = 2
"""Words at the beginning of a long name that stay: they say what kind of thing it is."""
GROUPED = re.compile(r"(?P<what>.+) \((?P<groups>\w+s) of (?P<size>\w+)\)")
"""A label whose units are groups: Vehicles (columns of ten)."""

PREPOSITIONS = ("de", "du", "des", "à", "au", "aux", "en", "pour", "par", "avec", "sur", "sans", "et")
ELIDED = ("d'", "d’", "l'", "l’")
"""How French words begin that belong to the one before them."""


def quoted(name: str, longest: int | None = None) -> str:
    """A name within a sentence, so that one sees where it ends: ‘as it was’; of a very long one, its two ends."""
    if longest is not None and len(name) > longest:
        name = _ends(name, longest)
    return phrase("‘{name}’", name=name)


def listed(parts: Sequence[str], joint: Literal["and", "or"] = "and") -> str:
    """ "a, b and c"."""
    if language() != ENGLISH:
        return joined(parts, joint)
    return f" {joint} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def in_a_row(parts: Iterable[str]) -> str:
    """ "a; b; c"."""
    return phrase("{first}; {then}", first="", then="").join(parts)


def labelled(label: str, value: str) -> str:
    """ "Crisis: North", with the colon as the language sets it."""
    return phrase("{label}: {value}", label=label, value=value)


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 loan, 2 loans, 1,000 loans."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def capital(sentence: str) -> str:
    """A sentence that begins with a capital."""
    return sentence[:1].upper() + sentence[1:]


def small(label: str) -> str:
    """A label within a sentence: Attack helicopters → attack helicopters, but UNMIL stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def unit_noun(count: int, resource: str) -> str:
    """A resource's name for so many units: "attack helicopter", "infantry companies", "civilian staff"."""
    name = resource.replace("_", " ")
    if count == 1 or len(name) <= SHORTEST or name.endswith(("staff", "personnel", "s")):
        return name
    return name[:-1] + "ies" if name.endswith("y") and name[-2:-1] not in "aeiou" else name + "s"


def singular(label: str) -> str:
    """One of what a label in the plural names: "Infantry companies" → "Infantry company"."""
    if label.endswith("ies"):
        return label[:-3] + "y"
    return label[:-1] if label.endswith("s") and not label.endswith("ss") else label


def french_singular(name: str) -> str:
    """One of what a French name in the plural names: "unités de police constituées" → "unité de police constituée"."""
    words: list[str] = []
    beside = of_many = False
    for word in name.split(" "):
        if beside or word.startswith(ELIDED):  # what a preposition brings along stays as it is
            beside, of_many = False, word.endswith(("s", "x"))
            words.append(word)
        elif word in PREPOSITIONS:
            beside = True
            words.append(word)
        else:
            words.append(word if of_many else _french_singular(word))
    return " ".join(words)


def _french_singular(word: str) -> str:
    if len(word) > 4 and word.endswith("aux") and not word.endswith("eaux"):
        return word[:-2] + "l"
    return word[:-1] if word.endswith(("s", "x")) and len(word) > 2 else word


def unit_name(label: str, count: int = 2, tongue: str = ENGLISH) -> str:
    """What so many units of a labelled resource are called: attack helicopters, column of ten vehicles."""
    name = small(label)
    if tongue == "fr":  # of which also none is one
        return name if count > 1 else french_singular(name)
    grouped = GROUPED.fullmatch(name)
    groups, of_what = (grouped["groups"], f" of {grouped['size']} {grouped['what']}") if grouped else (name, "")
    return f"{singular(groups) if count == 1 else groups}{of_what}"


def _ends(name: str, longest: int) -> str:
    """The beginning and the end of a name, cut between words (within one only where it is all there is), and whatever
    holds a number between them: the words of long names may be guessed, their numbers not."""
    words = name.split()
    front, back = words[:1], words[-1:] if len(words) > 1 else []
    if len(words) < 3:
        return f"{name[: longest - 18]}…{name[-14:]}"
    middle = words[1:-1]
    while middle and len(" ".join([*front, middle[0], *back])) < longest - 3:
        front.append(middle.pop(0))
    numbers = [word for word in middle if any(letter.isdigit() for letter in word)]
    return " ".join([*front, "…", *(part for number in numbers for part in (number, "…")), *back])


def short_names(names: Sequence[str], longest: int) -> list[str]:
    """The names, those longer than `longest` letters without the words that all such share, but for the first two.

    "Arrangement régional avec préavis de 3 jours des contributeurs" beside the same of 5 jours is "Arrangement
    régional … 3 …": what is left tells them apart. Where it would not, they stay whole.
    """
    long = [name for name in names if len(name) > longest]
    if len(set(long)) < 2:
        return list(names)
    shared = set.intersection(*(set(name.split()) for name in long))
    short = [_without(name.split(), shared) if len(name) > longest else name for name in names]
    return short if len(set(short)) == len(set(names)) else list(names)


def _without(words: Sequence[str], shared: set[str]) -> str:
    """The first two words and those that are not shared; an ellipsis for each run that is left out."""
    kept: list[str] = []
    for place, word in enumerate(words):
        if place < LEAD or word not in shared:
            kept.append(word)
        elif kept[-1] != "…":
            kept.append("…")
    return " ".join(kept)
