"""Writing charts: PNG, SVG with real text, PDF, and the CSV of what is drawn; the same chart, the same bytes."""

from __future__ import annotations

import csv
import functools
import importlib
import io
import pickle
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.charts.house.drawer import WITH_EVERY_RUN, chart_of, of_a_comparison
from sim.errors import UsageError
from sim.results.manifest import written_whole
from sim.running.workers import distribute, workers_at_hand
from sim.words.direction import readable
from sim.words.language import ENGLISH, language, speaking
from sim.words.suggestions import unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.figure import Figure

    from sim.charts.house.style import Chart
    from sim.charts.house.words import Row
    from sim.comparison.comparison import Comparison

DOTS_PER_INCH = 200
FORMATS = ("png", "svg", "pdf")
NOTHING = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
"""Metadata left out, since it changes from day to day or from version to version."""

QUICK = {"compress_level": 4}
"""Half the time of the usual 6 for a tenth more bytes."""


def save(figure: Figure, path: str | Path, formats: Iterable[str] = ("png", "svg")) -> list[Path]:
    """Writes a figure to `path` + .png, .svg (or .pdf); gives the files. UsageError for any other format."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in formats:
        if kind not in FORMATS:
            raise UsageError(unknown("picture format", kind, FORMATS))
        file = path.with_name(f"{path.name}.{kind}")
        with written_whole(file) as half:
            half.write_bytes(picture(figure, kind))
        written.append(file)
    return written


def picture(figure: Figure, kind: str) -> bytes:
    """The bytes of a figure as png, svg or pdf: the same for the same figure."""
    from sim.charts.house.direction import make_readable
    from sim.charts.house.style import Chart, house

    whole = io.BytesIO()
    make_readable(figure)
    with house():
        more: dict[str, Any] = {"dpi": DOTS_PER_INCH, "pil_kwargs": QUICK} if kind == "png" else {"dpi": 72}
        figure.savefig(whole, format=kind, metadata=NOTHING[kind], **more)
    if kind == "svg" and isinstance(figure, Chart):
        return readable(_described(whole.getvalue().decode(), figure)).encode()
    return whole.getvalue()


def _described(svg: str, chart: Chart) -> str:
    """The SVG with its title and description, so that a screen reader says what it shows."""
    words = f"<title>{escape(chart.finding)}</title>\n <desc>{escape(chart.alt)}</desc>\n "
    svg = svg.replace("<svg ", '<svg role="img" ', 1)
    return re.sub(r"(<svg [^>]*>\s*)", lambda opened: opened[1] + words, svg, count=1)


def save_all(
    comparison: Comparison, folder: str | Path, only: Iterable[str] | None = None, *, option: str | None = None
) -> list[Path]:
    """Draws charts of a comparison into `folder`: a PNG, an SVG and a CSV each; gives the files.

    `only` names the charts (default: those of every run; "all": all that a comparison gives); `option` is the one shown
    where a chart has room for one. A chart with nothing to draw says so. Workers that are at hand draw, beside one
    another. UsageError for a chart that is not there.
    """
    names, workers = of_a_comparison(only), workers_at_hand()
    if workers is None:
        return [file for name in names for file in _save_variants(name, comparison, Path(folder), option)]
    pickled = pickle.dumps(comparison)
    absolute = Path(folder).absolute()  # workers keep the working directory in which they were started
    pieces = [_Piece(pickled, name, absolute, option, language()) for name in names]
    files = dict(distribute(workers, _save_piece, pieces, lost=lambda piece, _: _save_piece(piece)))
    return [Path(folder) / file.name for name in names for file in files[name]]


class _Piece(NamedTuple):
    """A chart of a comparison that a worker draws."""

    comparison: bytes
    name: str
    folder: Path
    option: str | None
    language: str


def _save_piece(piece: _Piece) -> tuple[str, list[Path]]:
    with speaking(piece.language):
        return piece.name, _save_variants(piece.name, _unpickled(piece.comparison), piece.folder, piece.option)


@functools.lru_cache(maxsize=1)
def _unpickled(comparison: bytes) -> Comparison:
    found: Comparison = pickle.loads(comparison)
    return found


def _save_variants(name: str, comparison: Comparison, folder: Path, option: str | None) -> list[Path]:
    """Each picture that a chart makes of a comparison."""
    written: list[Path] = []
    chart = chart_of(name)
    for ending, ask in chart.variants(comparison).items():
        chosen = {"option": option, **ask} if "option" in chart.asks else ask
        written += save_chart(name, comparison, folder / (f"{name}_{ending}" if ending else name), **chosen)
    return written


def make_ready() -> None:
    """Have the workers that are at hand import what the charts of every run take, while something else is done here."""
    workers = workers_at_hand()
    if workers is not None:
        workers.prepare(_import_charts)


def _import_charts() -> None:
    for name in WITH_EVERY_RUN:
        chart_of(name)
    for canvas in ("agg", "svg"):
        importlib.import_module(f"matplotlib.backends.backend_{canvas}")


def save_chart(name: str, source: Any, path: str | Path, **chosen: Any) -> list[Path]:
    """Draws one chart of whatever it takes to `path` + .png, .svg and .csv (the numbers drawn); gives the files."""
    chart, path = chart_of(name), Path(path)
    written = save(chart.draw(source, **chosen), path)
    with speaking(ENGLISH):  # what a program reads is the same in any language
        rows = chart.rows(source, **chosen)
    return [*written, save_rows(rows, path.with_name(path.name + ".csv"))]


def save_rows(rows: Sequence[Row], file: Path) -> Path:
    """Writes rows as CSV; text that a spreadsheet would run as a formula is escaped."""
    from sim.words.cells import as_text

    def cell(value: Any) -> Any:
        if isinstance(value, float):
            return f"{value:.10g}"
        return "" if value is None else as_text(value)

    file.parent.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with written_whole(file) as half, half.open("w", newline="", encoding="utf-8") as sheet:
        writer = csv.writer(sheet, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
    return file
