"""One workbook: what the answer is, and the tables behind every chart, a sheet each.

Every cell is written as what it is. A name that begins with = is text, so that nothing in a scenario can run.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from sim.charts.house.drawer import chart_of, of_a_comparison
from sim.comparison.comparison import Comparison, compare
from sim.exporting.summary import HEAD, summary_rows
from sim.questions.decision.decision import Decision, decide
from sim.results.manifest import written_whole
from sim.results.reader import Results
from sim.words.numbers import percent

TEXT_IS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
NO_DAY = dt.datetime(2000, 1, 1)
"""When the file says that it was made: the same results are the same bytes."""
FORMATS = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "align": "left", "indent": 1},
    "head of numbers": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "align": "right"},
    "text": {"indent": 1},
    "title": {"bold": True, "font_size": 14, "indent": 1},
    "prose": {"text_wrap": True, "valign": "top", "align": "left", "indent": 1},
    "whole": {"num_format": "#,##0"},
    "one place": {"num_format": "#,##0.0"},
    "two places": {"num_format": "0.00"},
    "share": {"num_format": "0.0%"},
    "dollars": {"num_format": '"$"#,##0'},
    "degrees": {"num_format": "0.000"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left", "indent": 1},
}
WIDEST = 48
WIDTH_OF_PROSE = 110
LINE = 15
"""Points that a line takes."""
A4 = 9
"""The number that the format has for it."""
FIRST_DATE = dt.date(1900, 3, 1)
"""Before it spreadsheets count days in different ways."""
MOST_ROWS = 1_048_575
"""Rows under the head that a sheet has room for."""


class Sheet(NamedTuple):
    """One table of the workbook."""

    name: str
    about: str
    """What the opening sheet says of it."""
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def as_workbook(results: Results, folder: Path) -> Iterator[Path]:
    """Write `tables.xlsx`: an opening sheet that says what is what, the summary, and the tables behind every chart."""
    decision = decide(compare(results))
    charts = list(_behind_charts(decision.comparison))
    sheets = [_summary(decision), *(chart for chart in charts if chart.rows)]
    empty = [chart for chart in charts if not chart.rows]
    path = folder / "tables.xlsx"
    with written_whole(path) as half:
        book = xlsxwriter.Workbook(half, TEXT_IS_TEXT)
        book.set_properties({"title": decision.comparison.scenario.name, "created": NO_DAY})
        formats = {name: book.add_format(look) for name, look in FORMATS.items()}
        _write_opening(book.add_worksheet("About"), decision, sheets, empty, formats)
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, formats)
        book.close()
    yield path


def _summary(decision: Decision) -> Sheet:
    about = "every measure of every option, with its interval, and its difference from the reference (summary.csv)"
    return Sheet(
        "summary", about, HEAD, [[None if cell == "" else cell for cell in row] for row in summary_rows(decision)]
    )


def _behind_charts(comparison: Comparison) -> Iterator[Sheet]:
    """A sheet a chart; without rows where there is nothing to draw, and then its finding says why."""
    for name in of_a_comparison("all"):
        chart = chart_of(name)
        for ending, ask in chart.variants(comparison).items():
            rows = chart.rows(comparison, **ask)
            columns = list(dict.fromkeys(column for row in rows for column in row))
            cells = [[row.get(column) for column in columns] for row in rows[:MOST_ROWS]]
            about = chart.finding(comparison, **ask)
            if len(rows) > MOST_ROWS:
                about += f" (the first {MOST_ROWS:,} of {len(rows):,} rows: a sheet has no room for more)"
            yield Sheet(f"{name}_{ending}" if ending else name, about, columns, cells)


def _write_opening(
    sheet: Any, decision: Decision, sheets: Iterable[Sheet], empty: Iterable[Sheet], formats: Mapping[str, Any]
) -> None:
    _prepare_print(sheet)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, WIDTH_OF_PROSE, formats["prose"])
    sheet.write_string(0, 0, decision.comparison.scenario.name, formats["title"])
    rows = [
        *_facts(decision).items(),
        ("", ""),
        ("Sheet", "What it shows"),
        *((each.name, each.about) for each in sheets),
    ]
    nothing = [("", ""), ("No sheet", "Why there is nothing to draw"), *((each.name, each.about) for each in empty)]
    rows += nothing if len(nothing) > 2 else []
    heads = {*_facts(decision), "Sheet", "No sheet"}
    for number, (word, text) in enumerate(rows, 2):
        sheet.write_string(number, 0, word, formats["head" if word in heads else "prose"])
        sheet.write_string(number, 1, text, formats["prose"])
        sheet.set_row(
            number, LINE * max(1, math.ceil(len(text) / WIDTH_OF_PROSE))
        )  # not every program finds it by itself


def _facts(decision: Decision) -> dict[str, str]:
    """What has to be known of the results as a whole."""
    comparison = decision.comparison
    return {
        "Question": decision.answer.question,
        "Answer": " ".join(decision.answer.sentences),
        "Scenario": " ".join((comparison.scenario.about or "").split()),
        "Replications": f"{comparison.replications:,} of every option",
        "Seed": ", ".join(map(str, comparison.seeds)),
        "Fingerprint": comparison.fingerprint,
        "Intervals": f"low and high: {percent(comparison.confidence)} confidence; empty where none can be given",
        "Units": "a unit-day is one unit missing, or there, for one day; US dollars; days from the period's start",
        "Columns": "what each chart shows: docs/reference/charts.md; what measures mean: docs/reference/results.md",
    }


def _prepare_print(sheet: Any) -> None:
    """On paper: across, no wider than a page, with the sheet's name and its pages below."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&A&R&P / &N")


def _write_sheet(sheet: Any, table: Sheet, formats: Mapping[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    _prepare_print(sheet)
    said = table.columns.index("measure") if "measure" in table.columns else None
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.rows]
        sheet.set_column(place, place, _width(column, cells))
        numbers = any(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells)
        sheet.write_string(0, place, column, formats["head of numbers" if numbers else "head"])
        for number, row in enumerate(table.rows, 1):
            what = column if said is None else str(row[said])
            _write_cell(sheet, (number, place), _dated(column, row[place]), formats, what)
    sheet.autofilter(0, 0, len(table.rows), max(0, len(table.columns) - 1))


def _write_cell(sheet: Any, place: tuple[int, int], value: Any, formats: Mapping[str, Any], what: str) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(*place, value)
    elif isinstance(value, dt.date):
        sheet.write_datetime(*place, value, formats["date"])
    elif isinstance(value, int | float):
        if math.isfinite(value):
            sheet.write_number(*place, value, formats[_figures(what, value)])
    elif value is not None:
        sheet.write_string(*place, str(value), formats["text"])


def _dated(column: str, value: Any) -> Any:
    """A date that a chart has as text (in columns called so), as a date that a spreadsheet can reckon with."""
    if not column.endswith("date") or not isinstance(value, str) or not value:
        return value
    day = dt.date.fromisoformat(value)
    return day if day >= FIRST_DATE else value


def _figures(what: str, value: Any) -> str:
    """The format of a number: by its unit, which the name of its column or measure says, or else by its size."""
    if "_usd" in what:
        return "dollars"
    if what in ("latitude", "longitude"):
        return "degrees"
    if "share" in what or what.startswith(("coverage", "chance")):
        return "share"
    if not isinstance(value, float):
        return "whole"
    return "one place" if abs(value) >= 100 else "two places"


def _width(column: str, cells: Sequence[Any]) -> int:
    longest = max((len(str(cell)) for cell in cells if isinstance(cell, str)), default=0)
    return min(WIDEST, max(12, len(column) + 2, longest + 1))
