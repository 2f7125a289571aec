"""Text in several directions, and text that would be obeyed rather than shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.words.direction import all_readable, readable
from sim.words.visible import OBEYED

ARABIC, HEBREW = "قوة الأمم", "כוח האו״ם"


@pytest.mark.parametrize("text", ["", "as it was", "95 % – ‘été’ → 3 − 4 ×", "two\nlines\tand a tab", "日本 😀"])
def test_what_needs_nothing_stays_as_it_is(text: str) -> None:
    assert readable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"3 units, {ARABIC} → {HEBREW}: 12", f"3 units, \u2068{ARABIC}\u2069 → \u2068{HEBREW}\u2069: 12"),
        ("قوة الأم…لبنان", "\u2068قوة الأم…لبنان\u2069"),
        ("a \u202eb\x1b[2J", r"a \u202eb\x1b[2J"),
        ("\u2069 out \u2067in", r"\u2069 out \u2067in"),
        ("\u2068name\u2069 \u2068", "\u2068name\u2069 \\u2068"),
        ("\u2068\u202ename\u2069", "\u2068\\u202ename\u2069"),
    ],
)
def test_names_change_nothing_beside_them(text: str, shown: str) -> None:
    assert readable(text) == shown


@given(st.text(alphabet=st.sampled_from([*"aב1قم →\u2066\u2067\u2068\u2069\u202e\x1b ‘’…"])))
def test_isolates_are_balanced_and_nothing_else_is_obeyed(text: str) -> None:
    shown = readable(text)
    assert readable(shown) == shown
    depth = 0
    for letter in shown:
        depth += (letter == "\u2068") - (letter == "\u2069")
        assert depth in (0, 1)
        assert letter in "\u2068\u2069" or not OBEYED.match(letter)
    assert depth == 0


def test_json_is_made_readable_wherever_a_text_stands() -> None:
    assert all_readable({"a": ["\x07", (1, None)], "b": {"c": "x"}}) == {"a": [r"\x07", [1, None]], "b": {"c": "x"}}
