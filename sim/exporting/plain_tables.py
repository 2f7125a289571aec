"""The tables of a results folder in other shapes: CSV and Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sim.extras import require
from sim.results.manifest import written_whole
from sim.results.reader import Results
from sim.results.schema import TABLES
from sim.words.cells import write_csv

ROWS_AT_A_TIME = 20_000


def as_csv(results: Results, folder: Path) -> Iterator[Path]:
    """Write every table as `<table>.csv`."""
    for table in TABLES:
        path = folder / f"{table.name}.csv"
        with written_whole(path) as half, half.open("w", encoding="utf-8", newline="") as file:
            write_csv(file, chain([results.columns_of(table)], results.rows_of(table)))
        yield path


def as_parquet(results: Results, folder: Path) -> Iterator[Path]:
    """Write every table as `<table>.parquet`. UsageError without pyarrow."""
    for table in TABLES:
        path = folder / f"{table.name}.parquet"
        _write_parquet(path, results.columns_of(table), results.rows_of(table))
        yield path


def _write_parquet(path: Path, columns: dict[str, str], rows: Iterator[tuple[Any, ...]]) -> None:
    pyarrow, parquet = require("pyarrow", "parquet"), require("pyarrow.parquet", "parquet")
    kinds = {"TEXT": pyarrow.string(), "INTEGER": pyarrow.int64(), "REAL": pyarrow.float64()}
    schema = pyarrow.schema([(name, kinds[kind.split()[0]]) for name, kind in columns.items()])
    with written_whole(path) as half, parquet.ParquetWriter(half, schema) as file:
        while chunk := list(islice(rows, ROWS_AT_A_TIME)):
            values = [list(column) for column in zip(*chunk, strict=True)]
            arrays = [pyarrow.array(each, kind) for each, kind in zip(values, schema.types, strict=True)]
            file.write_table(pyarrow.table(arrays, schema=schema))
