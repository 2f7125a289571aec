"""What a batch of replications gave, as rows for the tables of a results folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measures.catalogue import OVERALL
from sim.results.digests import as_stored, measure_digests, salts

Row = tuple[Any, ...]


class Batch(NamedTuple):
    """Replications `first` to `end` − 1, all in one block."""

    first: int
    end: int


@dataclass
class Outcome:
    """What a batch gave: rows as the tables of a results folder have them."""

    batch: Batch
    rows: dict[str, list[Row]] = field(default_factory=dict)
    """Table -> rows without digests, of all tables but those of measures."""
    values: dict[str, list[tuple[int, NDArray[np.float64]]]] = field(default_factory=dict)
    """Option -> (replication, measures of shape (cells, columns))."""
    cells: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Option -> its (mission, resource)s, in the order of the measures' rows."""

    def add(self, table: str, rows: Iterable[Row]) -> None:
        """Put rows into one of the tables."""
        self.rows.setdefault(table, []).extend(rows)

    def measure_rows(self, run: str) -> Iterator[tuple[bool, Row]]:
        """Whether a row is of the whole, and the row of `overall` or `replications`, with its digest for the `run`."""
        for option, measured in self.values.items():
            if not measured:
                continue
            cells = self.cells[option]
            salt = salts(run, [(option, *cell) for cell in cells])
            for replication, table in measured:
                values = as_stored(table)
                digests = measure_digests(salt, np.full(len(cells), replication), values).tolist()
                for cell, numbers, known in zip(cells, values.tolist(), digests, strict=True):
                    place = () if cell == OVERALL else cell
                    yield cell == OVERALL, (option, *place, replication, *numbers, known)
