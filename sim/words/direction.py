"""Text in several directions: names in Arabic keep their place in a sentence, and no name turns it round."""

from __future__ import annotations

import re
from typing import Any

from sim.words.visible import visible

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
ISOLATED = re.compile(f"({FIRST_STRONG_ISOLATE}[^{FIRST_STRONG_ISOLATE}{POP_ISOLATE}]*{POP_ISOLATE})")
LETTER = "[\u0590-\u060b\u060d-\u061a\u061c-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff]"
FROM_RIGHT_TO_LEFT = re.compile(f"{LETTER}+(?:[ \u00a0.'’\u060c…-]*{LETTER}+)*")
"""Words of such a script with what stands between them; an arrow, a colon or a digit is not part of it."""


def readable(text: str) -> str:
    r"""The text for a page or a slide, on which nothing in it changes the order of what stands beside it.

    What would turn a line round, or be obeyed by a terminal, is written out (`\u202e`); words written from right to
    left are isolated (U+2068, U+2069), or else an arrow between two such names would point the wrong way. What is
    isolated already stays so: doing it twice does no more. Any other text is returned as it is.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"{part[0]}{visible(part[1:-1])}{part[-1]}" if ISOLATED.fullmatch(part) else _isolated(visible(part))
        for part in ISOLATED.split(text)
    )


def all_readable(value: Any) -> Any:
    """Maps and lists of JSON with every text in them made `readable`, but for the keys of maps."""
    if isinstance(value, str):
        return readable(value)
    if isinstance(value, dict):
        return {key: all_readable(inner) for key, inner in value.items()}
    return [all_readable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _isolated(text: str) -> str:
    return FROM_RIGHT_TO_LEFT.sub(lambda words: f"{FIRST_STRONG_ISOLATE}{words[0]}{POP_ISOLATE}", text)
