"""The look of charts that PowerPoint draws: axes, fills, numbers on bars, and intervals, which python-pptx lacks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from sim.briefing.slides.deck import hex_digits, rgb
from sim.charts.house.style import GREY, INK, PALE, SLATE
from sim.words.language import phrase
from sim.words.numbers import finite

if TYPE_CHECKING:
    from sim.statistics.estimates import Estimate

SIGNED = "#,##0;−#,##0"
"""A minus, not a hyphen."""


def legend(chart: Any, where: Any, size: float) -> None:
    """A key at a side of the chart."""
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = where, False
    chart.legend.font.size = Pt(size)


def set_chart_style(chart: Any, title: str | None) -> None:
    """The house's type; a title, or none."""
    chart.font.size, chart.font.color.rgb = Pt(12), rgb(INK)
    chart.has_legend = False
    chart.has_title = title is not None
    if title is not None:
        frame = chart.chart_title.text_frame
        frame.text = title
        font = frame.paragraphs[0].runs[0].font
        font.size, font.bold, font.color.rgb = Pt(13), True, rgb(INK)
        chart.chart_title.include_in_layout = False


def rows_axis(axis: Any, size: float | None) -> None:
    """The axis with a name a row, the first on top; without names (no size) where a chart beside it has them."""
    axis.reverse_order = True  # PowerPoint puts the first row at the bottom
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW if size else XL_TICK_LABEL_POSITION.NONE
    axis.tick_labels.font.size = Pt(size or 10)
    axis.format.line.color.rgb = rgb(GREY)
    axis.has_major_gridlines = False
    every = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>')  # or else names are left out where they are many
    axis._element.find(qn("c:noMultiLvlLbl")).addprevious(every)


def value_axis(axis: Any, figures: str, estimates: Sequence[Estimate], most: float | None) -> None:
    """The axis of numbers, written as `figures` says; from 0 unless an interval reaches below."""
    axis.tick_labels.font.size = Pt(10)
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = figures, False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH if _upside_down(axis) else XL_TICK_LABEL_POSITION.LOW
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.format.line.fill.background()
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rgb(PALE)
    ends = [end for each in estimates for end in (each.mean, each.low, each.high) if math.isfinite(end)]
    if not ends or min(ends) >= 0:
        axis.minimum_scale = 0
    if most is not None:
        axis.maximum_scale = most
    reach = [0.0, *ends, *([most] if most is not None else [])]
    if max(reach) > min(reach):
        axis.major_unit = step = _step(max(reach) - min(reach))
        if most is None:  # PowerPoint looks at the means only, and would cut off intervals that reach further
            axis.maximum_scale = step * math.ceil(max(reach) / step)
            if min(reach) < 0:
                axis.minimum_scale = step * math.floor(min(reach) / step)


def _step(reach: float) -> float:
    """A round step that gives three to six ticks."""
    power = 10.0 ** math.floor(math.log10(reach / 5))
    return next(step * power for step in (1, 2, 5, 10) if reach / (step * power) <= 5.5)


def _upside_down(axis: Any) -> bool:
    """Whether the other axis runs downwards, so that this one's labels would stand on top."""
    ways = axis._element.getparent().xpath("c:catAx/c:scaling/c:orientation/@val")
    return "maxMin" in ways


def axis_title(axis: Any, text: str) -> None:
    """What an axis measures."""
    axis.has_title = True
    axis.axis_title.text_frame.text = text
    font = axis.axis_title.text_frame.paragraphs[0].runs[0].font
    font.size, font.bold, font.color.rgb = Pt(11), False, rgb(SLATE)


def compact(most: float) -> str:
    """The number format of an axis that reaches so far."""
    million = phrase("{figure} million", figure="").strip()
    if 1e6 <= most < 1e7:
        return f'[=0]0;0.0,," {million}"'
    return f'[=0]0;#,##0,," {million}"' if most >= 1e7 else SIGNED


def fill(style: Any, colour: str) -> None:
    """A colour."""
    style.fill.solid()
    style.fill.fore_color.rgb = rgb(colour)


def hollow(style: Any, colour: str) -> None:
    """A dotted outline and nothing in it: what is not significant."""
    fill(style, "white")
    style.line.color.rgb, style.line.width = rgb(colour), Pt(1.75)
    style.line.dash_style = MSO_LINE_DASH_STYLE.ROUND_DOT


def label(point: Any, where: Any, colour: str, figures: str) -> None:
    """The point's own number, so that it changes with the data."""
    label = point.data_label
    label.font.size, label.font.color.rgb = Pt(11), rgb(colour)
    label.position = where
    said = label._dLbl
    for old in said.findall(qn("c:numFmt")):
        said.remove(old)
    form = parse_xml(f'<c:numFmt {nsdecls("c")} formatCode="{figures.replace(chr(34), "&quot;")}" sourceLinked="0"/>')
    said.find(qn("c:idx")).addnext(form)


def interval_arms(estimates: Sequence[Estimate]) -> tuple[list[float], list[float]]:
    """How far each interval reaches above and below its mean; 0 where it is undefined."""
    above = [finite(float(each.high - each.mean)) or 0.0 for each in estimates]
    below = [finite(float(each.mean - each.low)) or 0.0 for each in estimates]
    return above, below


class Whiskers(NamedTuple):
    """How intervals are drawn."""

    before: str
    """The element that must follow them."""
    columns: str = ""
    """Columns of the workbook that say how far they reach above and below; without, it is written out."""
    way: str = ""
    """x or y, where there are both."""
    colour: str = INK


def error_bars(series: Any, estimates: Sequence[Estimate], drawn: Whiskers) -> None:
    """The intervals, for which python-pptx has no word."""
    reach = interval_arms(estimates)
    if not any(map(any, reach)):
        return
    direction = f'<c:errDir val="{drawn.way}"/>' if drawn.way else ""
    ends = "".join(
        f"<c:{end}>{_numbers(values, column)}</c:{end}>"
        for end, values, column in zip(("plus", "minus"), reach, drawn.columns or ("", ""), strict=True)
    )
    whiskers = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}>{direction}<c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{ends}<c:spPr><a:ln w="22225"><a:solidFill>'
        f'<a:srgbClr val="{hex_digits(drawn.colour)}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    series._element.find(qn(drawn.before)).addprevious(whiskers)


def _numbers(values: Sequence[float], column: str) -> str:
    points = "".join(f'<c:pt idx="{index}"><c:v>{value!r}</c:v></c:pt>' for index, value in enumerate(values))
    held = f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}'
    if not column:
        return f"<c:numLit>{held}</c:numLit>"
    where = f"Sheet1!${column}$2:${column}${len(values) + 1}"
    return f"<c:numRef><c:f>{where}</c:f><c:numCache>{held}</c:numCache></c:numRef>"


def place_plot(chart: Any, x: float, y: float, width: float, height: float) -> None:
    """Where the plot itself lies within its chart, in shares: charts beside each other have their rows in line."""
    plot = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    for old in plot.findall(qn("c:layout")):
        plot.remove(old)
    sizes = "".join(f'<c:{name} val="{size:.4f}"/>' for name, size in zip("xywh", (x, y, width, height), strict=True))
    layout = (
        f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
        f'<c:yMode val="edge"/>{sizes}</c:manualLayout></c:layout>'
    )
    plot.insert(0, parse_xml(layout))
