"""The tables of a results folder in other shapes: CSV and Parquet files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sim.errors import UsageError
from sim.extras import require
from sim.results.disk import disk_trouble, no_links
from sim.results.manifest import written_whole
from sim.results.reader import Results
from sim.results.schema import TABLES

FORMATS = ("csv", "parquet")
ROWS_AT_A_TIME = 20_000


def export(results: Results, form: str, out: str | Path | None = None) -> list[Path]:
    """Write every table as `<out>/<table>.<form>` (default: the folder's own `export/`); what was written.

    UsageError for an unknown format, or Parquet without pyarrow.
    """
    if form not in FORMATS:
        raise UsageError(f"no format {form!r}; there are {', '.join(FORMATS)}")
    write = _write_csv if form == "csv" else _write_parquet
    folder = Path(out) if out is not None else results.folder / "export"
    no_links(folder)
    written = []
    with disk_trouble(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for table in TABLES:
            path = folder / f"{table.name}.{form}"
            write(path, results.columns_of(table), results.rows_of(table))
            written.append(path)
    return written


def as_text(value: Any) -> Any:
    """A cell for a spreadsheet: text that it would take for a formula is marked as text."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def _write_csv(path: Path, columns: dict[str, str], rows: Iterator[tuple[Any, ...]]) -> None:
    with written_whole(path) as half, half.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([as_text(value) for value in row] for row in rows)


def _write_parquet(path: Path, columns: dict[str, str], rows: Iterator[tuple[Any, ...]]) -> None:
    pyarrow, parquet = require("pyarrow", "parquet"), require("pyarrow.parquet", "parquet")
    kinds = {"TEXT": pyarrow.string(), "INTEGER": pyarrow.int64(), "REAL": pyarrow.float64()}
    schema = pyarrow.schema([(name, kinds[kind.split()[0]]) for name, kind in columns.items()])
    with written_whole(path) as half, parquet.ParquetWriter(half, schema) as file:
        while chunk := list(islice(rows, ROWS_AT_A_TIME)):
            values = [list(column) for column in zip(*chunk, strict=True)]
            arrays = [pyarrow.array(each, kind) for each, kind in zip(values, schema.types, strict=True)]
            file.write_table(pyarrow.table(arrays, schema=schema))
