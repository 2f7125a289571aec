"""The tables of a results folder: tidy, keyed by what their rows are about, so that their contents never depend on
the order in which batches came in.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.operations.log import CAUSES
from sim.study.measures import COLUMNS

CAUSE_COLUMNS = tuple(f"cause:{cause}" for cause in CAUSES)


class Table(NamedTuple):
    """One table: its name, its columns with their SQLite types, and how many leading columns are its key."""

    name: str
    columns: dict[str, str]
    key: int

    @property
    def create(self) -> str:
        """The statement that makes it, if it is not there."""
        columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in self.columns.items())
        key = ", ".join(quoted(name) for name in list(self.columns)[: self.key])
        return f"CREATE TABLE IF NOT EXISTS {self.name} ({columns}, PRIMARY KEY ({key})) WITHOUT ROWID"

    @property
    def insert(self) -> str:
        """The statement that adds a row. One that is there already is the same row, since results repeat exactly."""
        return f"INSERT OR IGNORE INTO {self.name} VALUES ({', '.join('?' * len(self.columns))})"


def quoted(name: str) -> str:
    """A column's name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


_RUN = {"option": "TEXT NOT NULL", "replication": "INTEGER NOT NULL", "number": "INTEGER NOT NULL"}
_PLACE = {"mission": "TEXT NOT NULL", "resource": "TEXT NOT NULL"}

CELLS = Table("cells", {"option": "TEXT NOT NULL", "number": "INTEGER NOT NULL", **_PLACE}, 2)
"""Every (mission, resource) that an option reports, in the scenario's order."""

REPLICATIONS = Table(
    "replications",
    {
        "option": "TEXT NOT NULL",
        **_PLACE,
        "replication": "INTEGER NOT NULL",
        **dict.fromkeys(COLUMNS, "REAL"),
    },
    4,
)
"""The measures: one row per option, replication, mission and resource; ("*", "*") is the whole scenario."""

LOANS = Table(
    "loans",
    {
        **_RUN,
        "loan": "INTEGER NOT NULL",
        "crisis": "TEXT",
        "lender": "TEXT NOT NULL",
        "borrower": "TEXT NOT NULL",
        "resource": "TEXT NOT NULL",
        "contributor": "TEXT NOT NULL",
        "units": "INTEGER NOT NULL",
        "requested_day": "REAL NOT NULL",
        **dict.fromkeys(
            ("council_day", "contributor_day", "host_day", "ready_day", "departed_day", "landed_day", "arrived_day"),
            "REAL",
        ),
        "late": "INTEGER NOT NULL",
        "window_day": "REAL",
        "ended_day": "REAL",
        "why_ended": "TEXT",
        "left_day": "REAL",
        "home_day": "REAL",
        "recovered_day": "REAL",
        "refused_by": "TEXT",
        "lift_out": "TEXT",
    },
    3,
)
"""Every lot of every loan of the kept replications."""

LEVELS = Table(
    "levels",
    {
        "option": "TEXT NOT NULL",
        "replication": "INTEGER NOT NULL",
        **_PLACE,
        "number": "INTEGER NOT NULL",
        "day": "REAL NOT NULL",
        **dict.fromkeys(
            ("crisis_requirement", "requirement", "present", "borrowed", "away", "shortfall"), "INTEGER NOT NULL"
        ),
        **dict.fromkeys(CAUSE_COLUMNS, "INTEGER"),
    },
    5,
)
"""What was needed, there and missing in the kept replications, from `day` until the next row of the same cell."""

CRISES = Table(
    "crises",
    {
        **_RUN,
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
)
"""Every crisis of the kept replications; `phases` and `given_up` are JSON."""

FAILURES = Table(
    "failures",
    {
        "option": "TEXT NOT NULL",
        "replication": "INTEGER NOT NULL",
        "seed": "INTEGER NOT NULL",
        "error": "TEXT NOT NULL",
        "traceback": "TEXT NOT NULL",
        "replay": "TEXT NOT NULL",
    },
    2,
)
"""Replications that raised, and the command that plays each again (from within the results folder)."""

TABLES = (CELLS, REPLICATIONS, LOANS, LEVELS, CRISES, FAILURES)
