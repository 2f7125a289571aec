"""Tables on slides: as large as lets every row stand, and in line with the bars of a chart beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from sim.briefing.slides.deck import SMALLEST, Box, describe, hex_digits, line_count, text_box, write
from sim.briefing.slides.native_charts import PLOT_HEIGHT, PLOT_TOP
from sim.charts.house.sheet import fitted, line_height, text_width
from sim.charts.house.style import INK, PALE, SLATE
from sim.words.language import phrase

MOST_ROWS = 12
"""Options that charts drawn by PowerPoint have room for."""
PAD = 0.06
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's table style without lines or shades."""


class TextTable(NamedTuple):
    """A table of words."""

    name: str
    head: Sequence[str]
    """Empty words: no line of heads."""
    rows: Sequence[Sequence[str]]
    shares: Sequence[float]
    """Of the width, by column."""
    size: float = 14.0
    """Points at most."""
    numbers: bool = False
    """Whether all but the first column are numbers."""
    short: bool = False
    """Whether a cell is cut to two lines."""


class FigureTable(NamedTuple):
    """A table of means with their intervals."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[tuple[str, str]]]
    light: frozenset[tuple[int, int]] = frozenset()
    """Row and column of means that are not set in bold: differences that are not significant."""


def text_table(slide: Any, box: Box, content: TextTable) -> Box:
    """Puts words on a slide, in smaller type or with fewer rows until they fit; says how many were left out.

    Gives what is left of the box below.
    """
    widths = [box.width * share for share in content.shares]
    size, rows, tall = _fit_rows(content, box, widths)
    table = _table(slide, box._replace(height=sum(tall)), widths, len(rows), content.name)
    table.first_row = any(content.head)
    for index, (row, height) in enumerate(zip(rows, tall, strict=True)):
        table.rows[index].height = Inches(height)
        head = index == 0 and any(content.head)
        for column, said in enumerate(row):
            cell = table.cell(index, column)
            _write(cell, said, size, bold=head or (column == 0 and not content.numbers))
            _rule(cell, heavy=head)
            if content.numbers and column > 0:
                cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    left_out = len(content.rows) + any(content.head) - len(rows)
    if left_out:
        under = Box(box.left, box.top + sum(tall) + 0.05, box.width, 0.2)
        said = phrase("… and {n:,} more, in the report (html, pdf) and in scenario.yaml", n=left_out)
        text_box(slide, under, said, name="Left out", size=SMALLEST, colour=SLATE)
    used = sum(tall) + (0.3 if left_out else 0.0)
    return box._replace(top=box.top + used, height=box.height - used)


def fits(content: TextTable, box: Box, size: float) -> bool:
    """Whether every row stands in the box in type of that size or larger."""
    points, rows, _ = _fit_rows(content, box, [box.width * share for share in content.shares])
    return points >= size and len(rows) == len(content.rows) + any(content.head)


def _fit_rows(content: TextTable, box: Box, widths: Sequence[float]) -> tuple[float, list[Sequence[str]], list[float]]:
    """Points, the rows (heads included) that fit, and their heights in inches."""
    most = int(box.height / line_height(SMALLEST)) + 1
    heads = [content.head] if any(content.head) else []
    for size in (each for each in (14.0, 13.0, 12.0, 11.0, 10.0, SMALLEST) if each <= content.size):
        rows = [*heads, *(_shorten_row(row, widths, size) if content.short else row for row in content.rows[:most])]
        tall = [_height(row, widths, size) for row in rows]
        if len(content.rows) <= most and sum(tall) <= box.height:
            return size, rows, tall
    while len(rows) > 1 and sum(tall) > box.height - line_height(SMALLEST) - 0.05:
        rows.pop()
        tall.pop()
    return size, rows, tall


def figure_table(slide: Any, box: Box, content: FigureTable) -> None:
    """Puts figures on a slide, their rows in line with the bars of a chart of the same height at the left."""
    each = PLOT_HEIGHT * box.height / len(content.rows)
    size = 12.0 if each > 0.5 else 11.0 if each > 0.42 else 10.0
    two = each >= line_height(size) + line_height(SMALLEST)
    widths = [box.width / len(content.head)] * len(content.head)
    whole = box._replace(height=(PLOT_TOP + PLOT_HEIGHT) * box.height)
    table = _table(slide, whole, widths, len(content.rows) + 1, content.name)
    heads = [(head, "") for head in content.head]
    for index, row in enumerate([heads, *content.rows]):
        table.rows[index].height = Inches(each if index else PLOT_TOP * box.height)
        for column, (centre, interval) in enumerate(row):
            cell = table.cell(index, column)
            _write(cell, centre, size if index else 10.0, bold=(index - 1, column) not in content.light)
            if two and interval:
                run = cell.text_frame.add_paragraph().add_run()
                run.text, run.font.size = interval, Pt(SMALLEST)
            for paragraph in cell.text_frame.paragraphs:
                paragraph.alignment = PP_ALIGN.RIGHT
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE if index else MSO_ANCHOR.BOTTOM
            _rule(cell, heavy=False)


def _shorten_row(row: Sequence[str], widths: Sequence[float], size: float) -> list[str]:
    cells = zip(row, widths, strict=True)
    return [_first_two_lines(cell, 0.92 * (width - 2 * PAD), size) for cell, width in cells]


def _first_two_lines(said: str, inches: float, size: float) -> str:
    """As many whole words as two lines hold."""
    lines = fitted(said, inches, size, lines=99).split("\n")
    if len(lines) <= 2:
        return said
    second = lines[1]
    while second and text_width(f"{second} …", size) > inches:
        second = second.rpartition(" ")[0]
    return f"{lines[0]} {second} …"


def _height(row: Sequence[str], widths: Sequence[float], size: float) -> float:
    weights = ["bold"] + ["normal"] * (len(row) - 1)
    lines = max(
        line_count(cell, width - 2 * PAD, size, weight)
        for cell, width, weight in zip(row, widths, weights, strict=True)
    )
    return lines * line_height(size) + 2 * PAD


def _table(slide: Any, box: Box, widths: Sequence[float], rows: int, name: str) -> Any:
    frame = slide.shapes.add_table(rows, len(widths), *box.emu)
    describe(frame, name, name)
    table = frame.table
    table._tbl.tblPr.set("bandRow", "0")
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
    for column, width in enumerate(widths):
        table.columns[column].width = Inches(width)
    return table


def _write(cell: Any, said: str, size: float, *, bold: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(PAD)
    cell.margin_top = cell.margin_bottom = Inches(PAD / 2)
    write(cell.text_frame, *said.split("\n"), size=size, bold=bold)


def _rule(cell: Any, *, heavy: bool) -> None:
    """A line under the cell."""
    wide, colour = (19050, INK) if heavy else (6350, PALE)
    line = (
        f'<a:lnB {nsdecls("a")} w="{wide}"><a:solidFill><a:srgbClr val="{hex_digits(colour)}"/></a:solidFill></a:lnB>'
    )
    cell._tc.get_or_add_tcPr().insert(0, parse_xml(line))
