"""A page of a briefing: one finding, with what is drawn, said and counted on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.briefing.columns import cell, head
from sim.briefing.pictures import Picture
from sim.charts.house import words
from sim.words.language import ENGLISH, language, phrase, speaking
from sim.words.plain import explained

MOST_ROWS = 72
"""Rows of numbers that stand beside a chart; of more, the CSV has them."""


class Table(NamedTuple):
    """Words and figures in rows; the first column names them."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Page:
    """One finding."""

    name: str
    finding: str
    """The headline."""
    subtitle: str
    """What is drawn, in a line."""
    caption: str
    """n, interval, seed, scenario."""
    alt: str
    remarks: tuple[str, ...] = ()
    """More that the numbers say, in sentences."""
    picture: Picture | None = None
    table: Table | None = None
    """The words or figures of the page; where there is a picture, the numbers behind it."""
    rows: tuple[words.Row, ...] = ()
    """The numbers behind every mark."""
    beside: Picture | None = None
    """What is drawn beside a table of words."""
    alone: Picture | None = None
    """The same as large as a slide, where the table is too long to stand beside it."""
    data: tuple[words.Row, ...] = ()
    """The same numbers as a CSV has them, where their words would be another language's."""

    more: int = 0
    """Rows that the table of words leaves out, as its last row says."""

    def __post_init__(self) -> None:
        # No word of the trade stands on a page without its plain meaning, whoever writes the page.
        object.__setattr__(self, "caption", explained(self.caption, self.finding, self.subtitle))

    @classmethod
    def of_picture(
        cls,
        picture: Picture,
        rows: Callable[[], Iterable[words.Row]],
        *,
        finding: str = "",
        subtitle: str = "",
        remarks: Sequence[str] = (),
    ) -> Page:
        """The page of a chart with the numbers behind it, under its own headline and subtitle unless others are given.

        `rows` gives these numbers as people read them; a CSV has them in English, the same in any language.
        """
        read = data = tuple(rows())
        if language() != ENGLISH:
            with speaking(ENGLISH):
                data = tuple(rows())
        return cls(
            name=picture.name,
            finding=finding or picture.finding,
            subtitle=subtitle or picture.subtitle,
            caption=picture.caption,
            alt=picture.alt,
            remarks=tuple(remarks),
            picture=picture,
            table=number_table(read),
            rows=read,
            data=data,
        )

    @property
    def drawn(self) -> Picture | None:
        """Whatever is drawn on it."""
        return self.visible_picture or (None if self.beside is None or self.beside.empty else self.beside)

    @property
    def visible_picture(self) -> Picture | None:
        """The picture, where there is something on it."""
        return self.picture if self.picture is not None and not self.picture.empty else None


def left_out(table: Table, more: int) -> Table:
    """A table of two columns with a last row that says how many it leaves out, if any."""
    return table._replace(rows=(*table.rows, (phrase("and {n:,} more", n=more), ""))) if more else table


def number_table(rows: Sequence[words.Row]) -> Table | None:
    """The numbers behind a chart, where they are few enough to be read."""
    if not 0 < len(rows) <= MOST_ROWS:
        return None
    columns = [column for column in dict.fromkeys(column for row in rows for column in row) if column != "option"]
    cells = tuple(tuple(cell(column, row.get(column)) for column in columns) for row in rows)
    return Table(tuple(map(head, columns)), cells)
