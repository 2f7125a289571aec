"""`export`: results in the shapes that other tools read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sim.errors import UsageError
from sim.exporting.crate import describe
from sim.exporting.geojson import as_geojson
from sim.exporting.plain_tables import as_csv, as_parquet
from sim.exporting.spreadsheet import as_workbook
from sim.results.disk import disk_trouble, no_links, see_room
from sim.results.reader import Results
from sim.words.suggestions import unknown

Writer = Callable[[Results, Path], Iterator[Path]]

WRITERS: dict[str, Writer] = {"csv": as_csv, "parquet": as_parquet, "xlsx": as_workbook, "geojson": as_geojson}


def export(results: Results, form: str, out: str | Path | None = None) -> list[Path]:
    """Write results for other tools into the folder `out` (default: the folder's own `export/`); what was written.

    csv, parquet: every table of the results folder. xlsx: one workbook with the tables behind every chart. geojson:
    missions, loans and journeys of the replications whose logs were kept. Where no `out` leads elsewhere, the folder
    itself is described in `ro-crate-metadata.json`, beside its manifest, so that it can be deposited.

    UsageError for an unknown format, or Parquet without pyarrow.
    """
    if form not in WRITERS:
        raise UsageError(unknown("format", form, WRITERS))
    folder = Path(out) if out is not None else results.folder / "export"
    no_links(folder)
    see_room(folder)
    with disk_trouble(folder):
        folder.mkdir(parents=True, exist_ok=True)
        written = list(WRITERS[form](results, folder))
        if out is None:
            written += [describe(folder) for folder in results.folders]
    return written
