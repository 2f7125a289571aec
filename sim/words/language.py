"""The language in which the program speaks: English, or one with a catalogue under `locale/`.

A sentence of the program is written where it is said, whole and in English, its variable parts as slots. That English
is its key in the catalogues of gettext (`locale/fr/LC_MESSAGES/intermission.po`), which a translator edits and nobody
compiles: Babel reads them where they are needed. English itself costs neither: it imports no gettext and no Babel.

A name that a scenario gives is never translated; a translation is worded so that no slot needs its gender.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from gettext import NullTranslations

ENGLISH = "en"
FRENCH = "fr"
LOCALES = Path(__file__).with_name("locale")
_LANGUAGE: ContextVar[str] = ContextVar("language", default=ENGLISH)


def language() -> str:
    """The tag of the language that is spoken here and now: en, fr."""
    return _LANGUAGE.get()


def languages() -> tuple[str, ...]:
    """The languages that can be spoken, English first."""
    return (ENGLISH, *sorted(catalogue.parent.parent.name for catalogue in LOCALES.glob("*/LC_MESSAGES/*.po")))


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak this language inside the `with`; ValueError for one without a catalogue."""
    if tag not in languages():
        raise ValueError(f"no language {tag!r}; known: {', '.join(languages())}")
    token = _LANGUAGE.set(tag)
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def phrase(text: str, /, **slots: Any) -> str:
    """An English sentence in the language spoken, with its {slots} filled; numbers in them are written as there.

    `text` must be a literal, since the catalogues are made from the source. Names in slots are not touched.
    """
    if _LANGUAGE.get() == ENGLISH:
        return text.format(**slots)
    return _SLOTS.vformat(catalogue(_LANGUAGE.get()).gettext(text), (), slots)


def phrase_n(one: str, many: str, n: float, /, **slots: Any) -> str:
    """As `phrase`, for n things: two literals, of which a language takes one by its own rule (French: 1,9 million).

    Their {n} is that number, unless another is given.
    """
    slots = {"n": n} | slots
    if _LANGUAGE.get() == ENGLISH:
        return (one if n == 1 else many).format(**slots)
    return _SLOTS.vformat(catalogue(_LANGUAGE.get()).ngettext(one, many, int(abs(n))), (), slots)


def patterns(script: str, /) -> dict[str, Any]:
    """The sentences that JavaScript says, by phrase('…') and phraseN('one', 'many', n), in the language spoken.

    By its English each has its slots left open; one for n things is a map from the plural categories of Unicode (one,
    other, …; `Intl.PluralRules` in a browser) to its forms. Nothing for English, which stands in the script.
    """
    if _LANGUAGE.get() == ENGLISH:
        return {}
    from io import BytesIO

    from babel.messages.extract import extract_javascript

    known = catalogue(_LANGUAGE.get())
    found = extract_javascript(BytesIO(script.encode()), {"phrase": None, "phraseN": (1, 2)}, (), {})
    told: dict[str, Any] = {}
    for _, function, literals, _ in found:
        one, many, *_ = (str(each) for each in ((literals, "") if isinstance(literals, str) else literals))
        told[one] = _forms(known, one, many) if function == "phraseN" else known.gettext(one)
    return told


def _forms(known: NullTranslations, one: str, many: str) -> dict[str, str]:
    """Plural category -> the form that the catalogue takes for numbers of that category."""
    from babel.core import Locale

    category = Locale.parse(_LANGUAGE.get()).plural_form
    return {category(n): known.ngettext(one, many, n) for n in reversed(range(200))}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence that is written down before the language is known, as in a table of constants; calling it says it."""

    text: str

    def __call__(self, **slots: Any) -> str:
        """The sentence in the language spoken, with its {slots} filled."""
        return phrase(self.text, **slots)


@dataclass(frozen=True, slots=True)
class PhraseN:
    """As `Phrase`, for n things."""

    one: str
    many: str

    def __call__(self, n: float, /, **slots: Any) -> str:
        """The sentence for n things in the language spoken, with its {slots} filled."""
        return phrase_n(self.one, self.many, n, **slots)


def figure_marks(text: str) -> str:
    """A number's English text (1,234.5) with the language's own marks (1 234,5); to be done once."""
    return text if _LANGUAGE.get() == ENGLISH else text.translate(_marks(_LANGUAGE.get()))


def month_names() -> tuple[str, ...]:
    """January to December, short."""
    if _LANGUAGE.get() == ENGLISH:
        return ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    from babel.dates import get_month_names

    names = get_month_names("abbreviated", locale=_LANGUAGE.get())
    return tuple(names[month] for month in range(1, 13))


def territory(code: str, english: str) -> str:
    """A country, by its ISO code of three letters, in the language spoken; its English name where that has none."""
    if _LANGUAGE.get() == ENGLISH:
        return english
    from babel.core import Locale, get_global

    short = get_global("territory_aliases").get(code, [""])[0]
    return str(Locale.parse(_LANGUAGE.get()).territories.get(short, english))


def joined(parts: Sequence[str], joint: Literal["and", "or"]) -> str:
    """A list within a sentence, in a language that is not English."""
    from babel.lists import format_list

    return format_list(list(parts), style="or" if joint == "or" else "standard", locale=_LANGUAGE.get())


@cache
def catalogue(tag: str) -> NullTranslations:
    """A language's catalogue; a sentence that is not in it stays English."""
    from gettext import GNUTranslations
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with (LOCALES / tag / "LC_MESSAGES" / "intermission.po").open("rb") as file:
        known = read_po(file, locale=tag)
    if tag == FRENCH:
        for sentence in known:
            said = sentence.string
            sentence.string = _bound(said) if isinstance(said, str) else tuple(map(_bound, said or ()))
    write_mo(compiled, known)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _bound(french: str) -> str:
    """With no-break spaces before the marks that French sets off, so that no line begins with one."""
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", french)


@cache
def _marks(tag: str) -> dict[int, str]:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return str.maketrans({",": get_group_symbol(tag), ".": get_decimal_symbol(tag)})


class _Slots(Formatter):
    """As `str.format`, but with numbers as the language writes them."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text = str(super().format_field(value, format_spec))
        return figure_marks(text) if isinstance(value, int | float) else text


_SLOTS = _Slots()
