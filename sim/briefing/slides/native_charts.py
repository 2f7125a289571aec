"""Charts that PowerPoint draws itself, so that they can be edited there: bars with error bars, stacks, scatters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.util import Pt

from sim.briefing.slides.deck import Box, describe, rgb
from sim.briefing.slides.native_style import (
    SIGNED,
    Whiskers,
    axis_title,
    compact,
    error_bars,
    fill,
    hollow,
    interval_arms,
    label,
    legend,
    place_plot,
    rows_axis,
    set_chart_style,
    value_axis,
)
from sim.briefing.slides.workbook import Points, Rows
from sim.charts.house.sheet import row_names
from sim.charts.house.style import ASIDE, GREY, Look, pen_on
from sim.words.language import phrase
from sim.words.numbers import finite

if TYPE_CHECKING:
    from sim.briefing.bars import Bars, Stacks
    from sim.statistics.estimates import Estimate

MARKERS = {
    "o": XL_MARKER_STYLE.CIRCLE,
    "s": XL_MARKER_STYLE.SQUARE,
    "^": XL_MARKER_STYLE.TRIANGLE,
    "D": XL_MARKER_STYLE.DIAMOND,
    "P": XL_MARKER_STYLE.PLUS,
    "X": XL_MARKER_STYLE.X,
    "*": XL_MARKER_STYLE.DASH,
    "v": XL_MARKER_STYLE.STAR,
}
PLOT_TOP, PLOT_HEIGHT = 0.12, 0.74
"""Where the bars lie in the height of their chart, in shares: tables beside them have their rows in line."""
STACKS = Box(0.27, 0.16, 0.7, 0.68)
MARKS = Box(0.09, 0.04, 0.5, 0.8)
"""Where the plot lies within its chart, in shares."""


class Marks(NamedTuple):
    """A mark an option with its intervals both ways."""

    titles: tuple[str, str]
    """Of the axes: across and up."""
    alt: str
    names: Sequence[str]
    points: Sequence[tuple[Estimate, Estimate]]
    looks: Sequence[Look]
    line: Sequence[int]
    """Those that a dashed line leads through."""


def bars(slide: Any, box: Box, drawn: Bars, alt: str, *, named: float = 0.0) -> None:
    """Puts bars on a slide; `named`: the share of the width kept for names, none where a chart beside it shows them."""
    numbers = "0%" if drawn.are_shares else SIGNED
    names = row_names(drawn.names, PLOT_HEIGHT * box.height, 0.94 * named * box.width if named else 99)
    arms = zip((phrase("interval above"), phrase("interval below")), interval_arms(drawn.estimates), strict=True)
    data = Rows([" ".join(name.split()) for name in names.lines], numbers, dict(arms))
    data.add_series(drawn.title, [finite(float(each.mean)) for each in drawn.estimates])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box.emu, data)
    describe(frame, alt, drawn.title)
    chart = frame.chart
    set_chart_style(chart, drawn.title)
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories = 55, False
    rows_axis(chart.category_axis, names.size if named else None)
    value_axis(chart.value_axis, numbers, drawn.estimates, drawn.most)
    place_plot(chart, named, PLOT_TOP, 0.97 - named, PLOT_HEIGHT)
    series = plot.series[0]
    for index, look in enumerate(drawn.looks):
        style = series.points[index].format
        hollow(style, look.colour) if index in drawn.hollow else fill(style, look.colour)
    error_bars(series, drawn.estimates, Whiskers("c:cat", columns="CD"))


def stacks(slide: Any, box: Box, drawn: Stacks, alt: str) -> None:
    """Puts stacked bars on a slide."""
    names = row_names(drawn.names, STACKS.height * box.height, 0.94 * STACKS.left * box.width)
    data = Rows([" ".join(name.split()) for name in names.lines], "#,##0")
    for name, values in drawn.parts.items():
        data.add_series(name, list(values))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *box.emu, data)
    describe(frame, alt, drawn.title)
    chart = frame.chart
    set_chart_style(chart, None)
    legend(chart, XL_LEGEND_POSITION.TOP, 11)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    rows_axis(chart.category_axis, names.size)
    longest = max(sum(row) for row in zip(*drawn.parts.values(), strict=True))
    value_axis(chart.value_axis, "#,##0", (), longest * 1.02)
    axis_title(chart.value_axis, drawn.title)
    place_plot(chart, *STACKS)
    for series, (name, values) in zip(plot.series, drawn.parts.items(), strict=True):
        fill(series.format, drawn.colours[name])
        for index, value in enumerate(values):
            if value > 0.06 * longest:
                label(series.points[index], XL_LABEL_POSITION.CENTER, pen_on(drawn.colours[name]), "#,##0")


def scatter(slide: Any, box: Box, drawn: Marks) -> None:
    """Puts marks on a slide, with a key at the right."""
    data = Points(number_format="#,##0")
    called = phrase("efficient frontier, on the means")
    if len(drawn.line) < len(drawn.points):
        called = phrase("efficient frontier, on the means; grey: another costs and leaves unmet no more")
    frontier = data.add_series(called)  # first: LibreOffice loses marks before a line
    for index in drawn.line:
        frontier.add_data_point(drawn.points[index][0].mean, drawn.points[index][1].mean)
    names = row_names(drawn.names, 0.9 * box.height, 0.94 * (0.94 - MARKS.left - MARKS.width) * box.width)
    for name, (across, up) in zip(names.lines, drawn.points, strict=True):
        data.add_series(" ".join(name.split())).add_data_point(across.mean, up.mean)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *box.emu, data)
    describe(frame, drawn.alt, phrase("{first} against {second}", first=drawn.titles[0], second=drawn.titles[1]))
    chart = frame.chart
    set_chart_style(chart, None)
    legend(chart, XL_LEGEND_POSITION.RIGHT, min(12.0, names.size))
    place_plot(chart, *MARKS)
    for index, axis in enumerate((chart.category_axis, chart.value_axis)):
        estimates = [pair[index] for pair in drawn.points]
        value_axis(axis, compact(max(each.mean for each in estimates)), estimates, None)
        axis_title(axis, drawn.titles[index])
    first, *others = chart.plots[0].series
    _dashed(first)
    for index, (series, look, point) in enumerate(zip(others, drawn.looks, drawn.points, strict=True)):
        _marked(series, look, point, filled=index in drawn.line)


def _dashed(series: Any) -> None:
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 2  # none at all would hide those of the others
    fill(series.marker.format, GREY)
    series.format.line.color.rgb, series.format.line.width = rgb(GREY), Pt(1.75)
    series.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
    series.smooth = False


def _marked(series: Any, look: Look, point: tuple[Estimate, Estimate], *, filled: bool) -> None:
    colour = look.colour if filled else ASIDE  # a hollow mark would be nothing at all in LibreOffice
    series.format.line.fill.background()
    series.marker.style, series.marker.size = MARKERS.get(look.marker, XL_MARKER_STYLE.CIRCLE), 12
    fill(series.marker.format, colour)
    series.marker.format.line.color.rgb, series.marker.format.line.width = rgb(colour), Pt(2)
    error_bars(series, point[:1], Whiskers("c:xVal", way="x", colour=colour))
    error_bars(series, point[1:], Whiskers("c:xVal", way="y", colour=colour))
