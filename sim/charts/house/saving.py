"""Writing charts: PNG, SVG with real text, PDF, and the CSV of what is drawn; the same chart, the same bytes."""

from __future__ import annotations

import csv
import inspect
import io
import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.charts import WITH_EVERY_RUN, names
from sim.charts.house.style import Chart, house
from sim.errors import UsageError
from sim.results.export import as_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
            raise UsageError(f"no picture format {kind!r}; there are {', '.join(FORMATS)}")
        file = path.with_name(f"{path.name}.{kind}")
        file.write_bytes(picture(figure, kind))
        written.append(file)
    return written


def picture(figure: Figure, kind: str) -> bytes:
    """The bytes of a figure as png, svg or pdf: the same for the same figure."""
    whole = io.BytesIO()
    with house():
        more: dict[str, Any] = {"dpi": DOTS_PER_INCH, "pil_kwargs": QUICK} if kind == "png" else {"dpi": 72}
        figure.savefig(whole, format=kind, metadata=NOTHING[kind], **more)
    if kind == "svg" and isinstance(figure, Chart):
        return _described(whole.getvalue().decode(), figure).encode()
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
    where a chart has room for one. A chart with nothing to draw says so. UsageError for a chart that is not there.
    """
    written: list[Path] = []
    for name in _wanted(only):
        chart = chart_of(name)
        variants = chart.variants(comparison) if hasattr(chart, "variants") else {"": {}}
        for ending, ask in variants.items():
            chosen = {"option": option, **ask} if "option" in inspect.signature(chart.draw).parameters else ask
            file = Path(folder) / (f"{name}_{ending}" if ending else name)
            written += save_chart(name, comparison, file, **chosen)
    return written


def save_chart(name: str, source: Any, path: str | Path, **chosen: Any) -> list[Path]:
    """Draws one chart of whatever it takes to `path` + .png, .svg and .csv (the numbers drawn); gives the files."""
    chart, path = chart_of(name), Path(path)
    written = save(chart.draw(source, **chosen), path)
    return [*written, save_rows(chart.rows(source, **chosen), path.with_name(path.name + ".csv"))]


def chart_of(name: str) -> Any:
    """The module of a chart. UsageError where there is none."""
    import sim.charts

    if name not in names():
        raise UsageError(f"no chart {name!r}; there are {', '.join(names())}")
    return getattr(sim.charts, name)


def _wanted(only: Iterable[str] | None) -> Sequence[str]:
    if only is None:
        return WITH_EVERY_RUN
    wanted = [only] if isinstance(only, str) else list(dict.fromkeys(only))
    if wanted == ["all"]:
        return [name for name in names() if takes_comparison(name)]
    for name in wanted:
        chart_of(name)
        if not takes_comparison(name):
            raise UsageError(f"the chart {name!r} is not of a comparison: it comes with `intermission {name}`")
    return wanted


def takes_comparison(name: str) -> bool:
    """Whether a chart can be drawn of a comparison (others are of a sizing, a sweep or a hindcast)."""
    first = next(iter(inspect.signature(chart_of(name).draw).parameters.values()))
    return "Comparison" in str(first.annotation)


def save_rows(rows: Sequence[Row], file: Path) -> Path:
    """Writes rows as CSV; text that a spreadsheet would run as a formula is escaped."""
    file.parent.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with file.open("w", newline="", encoding="utf-8") as sheet:
        writer = csv.writer(sheet, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return file


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.10g}"
    return "" if value is None else as_text(value)
