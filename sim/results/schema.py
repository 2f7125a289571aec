"""The tables of a results folder: tidy, keyed by what their rows are about, so that their contents never depend on
the order in which batches came in.
"""

from __future__ import annotations

from typing import Any, NamedTuple, get_type_hints

from sim.measures.catalogue import CAUSE_COLUMNS, COLUMNS
from sim.operations.log import LoanRecord

DIGEST = "digest"
"""Last column of a table whose rows carry a digest each: see `digests`."""


class Table(NamedTuple):
    """One table: its name, its columns with their SQLite types, and how many leading columns are its key."""

    name: str
    columns: dict[str, str]
    key: int
    digested: bool = True
    """Whether each row carries its digest; where not, those of a replication have theirs together, in `digests`."""

    @property
    def create(self) -> str:
        """The statement that makes it, as SQLite keeps it."""
        stored = self.columns | ({DIGEST: "INTEGER NOT NULL"} if self.digested else {})
        columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in stored.items())
        key = ", ".join(quoted(name) for name in list(self.columns)[: self.key])
        return f"CREATE TABLE {self.name} ({columns}, PRIMARY KEY ({key})) WITHOUT ROWID"

    @property
    def insert(self) -> str:
        """The statement that adds a row. One that is there already is the same row, since results repeat exactly."""
        marks = ", ".join("?" * (len(self.columns) + self.digested))
        return f"INSERT INTO {self.name} VALUES ({marks}) ON CONFLICT DO NOTHING"

    def select(self, where: str = "") -> str:
        """The statement that reads all columns of rows; the digest, where there is one, comes last."""
        columns = [*self.columns, *([DIGEST] if self.digested else ())]
        return f"SELECT {', '.join(map(quoted, columns))} FROM {self.name} {where}"


def quoted(name: str) -> str:
    """A column's name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


_RUN = {"option": "TEXT NOT NULL", "replication": "INTEGER NOT NULL"}
_ROW = {**_RUN, "number": "INTEGER NOT NULL"}
_PLACE = {"mission": "TEXT NOT NULL", "resource": "TEXT NOT NULL"}

CELLS = Table("cells", {"option": "TEXT NOT NULL", "number": "INTEGER NOT NULL", **_PLACE}, 2)
"""Every (mission, resource) that an option reports, in the scenario's order."""

REPLICATIONS = Table(
    "replications",
    {"option": "TEXT NOT NULL", **_PLACE, "replication": "INTEGER NOT NULL", **dict.fromkeys(COLUMNS, "REAL")},
    4,
)
"""The measures: one row per option, replication, mission and resource."""

WHOLE = Table("overall", {**_RUN, **dict.fromkeys(COLUMNS, "REAL")}, 2)
"""The measures of the whole scenario, apart from its parts so that neither is counted twice."""

_KINDS: dict[Any, str] = {
    int: "INTEGER NOT NULL",
    bool: "INTEGER NOT NULL",
    float: "REAL NOT NULL",
    str: "TEXT NOT NULL",
    float | None: "REAL",
    str | None: "TEXT",
}

LOANS = Table(
    "loans", {**_ROW, **{name: _KINDS[kind] for name, kind in get_type_hints(LoanRecord).items()}}, 3, digested=False
)
"""Every lot of every loan of the kept replications."""

LEVELS = Table(
    "levels",
    {
        **_RUN,
        **_PLACE,
        "number": "INTEGER NOT NULL",
        "day": "REAL NOT NULL",
        **dict.fromkeys(
            ("crisis_requirement", "requirement", "present", "borrowed", "away", "shortfall"), "INTEGER NOT NULL"
        ),
        **dict.fromkeys(CAUSE_COLUMNS, "INTEGER"),
    },
    5,
    digested=False,
)
"""What was needed, there and missing in the kept replications, from `day` until the next row of the same cell."""

CRISES = Table(
    "crises",
    {
        **_ROW,
        "name": "TEXT NOT NULL",
        "mission": "TEXT NOT NULL",
        "severity": "INTEGER NOT NULL",
        "known_day": "REAL NOT NULL",
        "onset_day": "REAL NOT NULL",
        "end_day": "REAL",
        "happened": "INTEGER NOT NULL",
        "escalated_day": "REAL",
        "parent": "TEXT",
        "phases": "TEXT NOT NULL",
        "given_up": "TEXT NOT NULL",
    },
    3,
    digested=False,
)
"""Every crisis of the kept replications; `phases` and `given_up` are JSON."""

FAILURES = Table(
    "failures", {**_RUN, "seed": "INTEGER NOT NULL", "error": "TEXT NOT NULL", "traceback": "TEXT NOT NULL"}, 2
)
"""Replications that raised."""

BOUNDS = Table("bounds", {**_RUN, "clairvoyant_unmet_unit_days": "REAL NOT NULL"}, 2)
"""The least unmet need that anyone could have reached, as far as it was asked for."""

WORLDS = Table("worlds", {"world": "INTEGER NOT NULL", "doubt": "TEXT NOT NULL", "value": "REAL NOT NULL"}, 2)
"""What was drawn for each doubt: the number itself, or the factor on it. A world's number is that of the set of
replications that plays in it; empty where a scenario has no doubts."""

LOGS = (LOANS, LEVELS, CRISES)

DIGESTS = Table("digests", {**_RUN, **{table.name: "INTEGER NOT NULL" for table in LOGS}}, 2, digested=False)
"""Of every kept replication the digest of its rows in each of the tables of logs."""

TABLES = (CELLS, REPLICATIONS, WHOLE, LOANS, LEVELS, CRISES, FAILURES, BOUNDS, WORLDS)
STORED = (*TABLES, DIGESTS)
