"""A cell of a terminal's table that is broken between words only: never within a figure, at the narrow space of French.

To rich any space is one to break at; so 2 563, in a column too narrow for all of it, would stand on two lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.text import Text


@dataclass(frozen=True)
class Unbroken:
    """A cell's text, with rich's markup."""

    markup: str

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """As narrow as its widest word, as wide as its widest line."""
        lines = Text.from_markup(self.markup).plain.split("\n")
        words = (word for line in lines for word in line.split(" "))
        return Measurement(max(map(len, words)), max(map(len, lines))).with_maximum(options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """The text, broken into lines of the width that there is."""
        lines = (
            part for line in Text.from_markup(self.markup).split("\n") for part in _broken(line, options.max_width)
        )
        yield Text("\n").join(lines)


def _broken(line: Text, width: int) -> Iterator[Text]:
    """The line, in as many as it takes."""
    plain, start = line.plain, 0
    while len(plain) - start > width:
        end = plain.rfind(" ", start + 1, start + width + 1)
        if end < 0:  # one word, wider than there is room
            break
        yield line[start:end]
        start = end + 1
    yield line[start:]
