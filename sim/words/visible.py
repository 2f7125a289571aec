"""Text from elsewhere as it may be printed: what would move the cursor, ring or turn a line round is shown instead."""

from __future__ import annotations

import re

OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters of ASCII and of Latin-1, escape and bell among them
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # directions, separators, and what has no width
    "\U000e0000-\U000e007f]"  # tags, which nobody sees
)
"""What a terminal obeys, or hides, rather than shows; a line feed or a tab is none of it."""


def visible(text: str) -> str:
    r"""The text with `\x1b` or `\u202e` written out wherever a terminal would obey the character."""
    return OBEYED.sub(lambda each: _escape(each[0]), text)


def visible_json(text: str) -> str:
    """The same for JSON, in which it is the same value."""
    return OBEYED.sub(lambda each: "".join(f"\\u{ord(half):04x}" for half in _halves(each[0])), text)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _halves(character: str) -> str:
    """A character beyond the first 65,536 as the two that JSON writes for it."""
    units = character.encode("utf-16-be")
    return "".join(chr(int.from_bytes(units[place : place + 2], "big")) for place in range(0, len(units), 2))
