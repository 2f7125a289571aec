"""How the answer moves along each thing that nobody knows, and from which value on another option is the best."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.charts.doubts import left_out, replications_in_worlds
from sim.charts.house import words
from sim.charts.house.panels import GRID
from sim.charts.house.scale import scaled_axis
from sim.charts.house.sheet import SMALL, Area, Sign, axes_in, fitted, key, line_height, sheet, statement, write
from sim.charts.house.style import GREY, HIGHLIGHT, INK, Chart, house_style
from sim.questions.doubts.doubt import Doubt
from sim.questions.doubts.result import Doubts
from sim.statistics.value_of_information import Line
from sim.words.language import phrase, phrase_n
from sim.words.names import in_a_row
from sim.words.numbers import number

MOST = 8
"""Doubts that are drawn: those that are worth most, or else explain most."""
SURE: tuple[str, Any] = (HIGHLIGHT, (0, (4, 2)))
PERHAPS: tuple[str, Any] = (GREY, (0, (1.5, 1.5)))
"""Colour and dashes of a switching value."""


def rows(doubts: Doubts) -> list[words.Row]:
    """One row for each point of each line: what the answer gains there, its band, and which option is the best."""
    return doubts.line_rows()


def finding(doubts: Doubts) -> str:
    first, second = (words.quoted(words.label(doubts.scenario, name)) for name in doubts.compared)
    if not doubts.known:
        return phrase_n(
            "{n:,} world: too few to say how the answer moves along what nobody knows",
            "{n:,} worlds: too few to say how the answer moves along what nobody knows",
            doubts.worlds,
        )
    most = doubts.movers()
    if not most or most[0].line is None:
        return phrase("No doubt by itself moves what {first} gains over {second}", first=first, second=second)
    line, doubt = most[0].line, most[0]
    at = doubt.choices or line.at.tolist()
    last = doubt.said(at[-1])
    start = number(at[0], 2) if last.startswith(number(at[-1], 2)) else doubt.said(at[0])
    return phrase(
        "What {first} gains over {second} goes from {low} to {high} as {doubt} goes from {start} to {end}",
        first=first,
        second=second,
        low=doubts.plain(float(line.mean[0])),
        high=doubts.amount(float(line.mean[-1])),
        doubt=words.quoted(doubt.name),
        start=start,
        end=last,
    )


def alt(doubts: Doubts) -> str:
    each = in_a_row(_in_words(doubts, doubt) for doubt in doubts.ranked()[:MOST])
    return phrase("The answer along each doubt. {finding}. {doubts}.", finding=finding(doubts), doubts=each)


@house_style
def along(doubts: Doubts) -> Chart:
    """A panel for each doubt: a line with its band (points with whiskers for choices), and where another is best."""
    n = replications_in_worlds(doubts)
    if not doubts.known:
        return statement(finding(doubts), words.caption(doubts, n))
    first, second = (words.quoted(words.label(doubts.scenario, name)) for name in doubts.compared)
    shown = phrase(
        "What {first} gains over {second} ({unit}) along each doubt, the others as they may be",
        first=first,
        second=second,
        unit=doubts.unit.unit_said,
    )
    band = phrase("{n}, bands: {interval} of the line", n=n, interval=words.interval(doubts.confidence))
    left = left_out(len(doubts.doubts) - MOST)
    chart, area = sheet(finding(doubts), shown, words.caption(doubts, band, left), alt=alt(doubts))
    drawn = doubts.ranked()[:MOST]
    signs = [Sign(phrase("the answer, with its band"), INK, dashes="-")]
    if any(each.evppi.low > 0 and each.switches_at is not None for each in drawn):
        signs.append(Sign(phrase("from here on another option is the best"), SURE[0], dashes=SURE[1]))
    if any(each.evppi.low <= 0 < each.evppi.value and each.switches_at is not None for each in drawn):
        signs.append(Sign(phrase("perhaps from here on, too close to tell"), PERHAPS[0], dashes=PERHAPS[1]))
    _draw(chart, key(chart, signs, area), doubts, drawn)
    return chart


def _draw(chart: Chart, area: Area, doubts: Doubts, drawn: list[Doubt]) -> None:
    down, across = GRID.get(len(drawn), (3, 4))
    wide, tall = area.width / across, area.height / down
    size = 12.0 if across <= 2 else 10.5
    low, high = _limits(drawn)
    head = 2 * line_height(size) + 2 * line_height(SMALL) + 0.1
    for place, doubt in enumerate(drawn):
        box = area.cell(place, across, wide, tall).inset(left=0.62, bottom=0.4, right=0.12, top=head)
        axes = axes_in(chart, box)
        axes.set_ylim(low, high)
        _panel(axes, doubts, doubt, box.width)
        _head(chart, box, doubts, doubt, size)


def _head(chart: Chart, box: Area, doubts: Doubts, doubt: Doubt, size: float) -> None:
    """The doubt's name above its panel, and where another option is the best."""
    note = ""
    if doubt.switches_at is not None and doubt.best_after is not None and doubt.evppi.value > 0:
        best = words.quoted(words.label(doubts.scenario, doubt.best_after))
        note = phrase("{beyond}: {best}", beyond=doubt.beyond(), best=best)
        note = note[0].upper() + note[1:] if doubt.evppi.low > 0 else phrase("perhaps {note}", note=note)
    y = box.top + 0.06 + 2 * line_height(SMALL)
    wide = box.width + 0.5
    write(chart, (box.left - 0.5, y), fitted(doubt.name, wide, size, weight="bold", lines=2), size=size, weight="bold")
    if note:
        told = fitted(note, wide, SMALL, lines=2)
        write(chart, (box.left - 0.5, y - 0.04), told, size=SMALL, va="top", linespacing=1.15)


def _panel(axes: Axes, doubts: Doubts, doubt: Doubt, wide: float) -> None:
    assert doubt.line is not None
    axes.axhline(0, color=GREY, lw=0.9)
    if doubt.choices is None:
        _curve(axes, doubt.line)
        scaled_axis(axes, "", "", ticks=5 if wide > 3 else 3)
    else:
        _points(axes, doubt.line)
        room = wide / len(doubt.choices) * 0.9
        axes.set_xticks(doubt.line.at, [fitted(number(each), room, SMALL) for each in doubt.choices])
    if doubt.switches_at is not None and doubt.evppi.value > 0:
        half = 0.5 if not doubt.above else -0.5  # between two choices
        at = doubt.switches_at if doubt.choices is None else doubt.choices.index(doubt.switches_at) + half
        colour, dashes = SURE if doubt.evppi.low > 0 else PERHAPS
        axes.axvline(at, color=colour, lw=1.8, ls=dashes, zorder=5)
    unit = phrase("days") if doubt.in_days else phrase("times what is written") if doubt.factor else ""
    axes.set_xlabel(unit, fontsize=SMALL, labelpad=1)
    axes.tick_params(labelsize=SMALL)
    scaled_axis(axes, doubts.unit.unit if doubts.unit.unit == "%" else "", "", which="y")
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.grid(visible=False, axis="x")


def _curve(axes: Axes, line: Line) -> None:
    axes.fill_between(line.at, line.low, line.high, color=INK, alpha=0.18, lw=0)
    axes.plot(line.at, line.mean, color=INK, lw=2.0)
    if len(line.at) > 1:
        axes.set_xlim(float(line.at[0]), float(line.at[-1]))


def _points(axes: Axes, line: Line) -> None:
    for at, mean, low, high in zip(line.at, line.mean, line.low, line.high, strict=True):
        axes.plot([at, at], [low, high], color=INK, lw=1.8)
        axes.plot(at, mean, "o", color=INK, ms=7, mec="white")
    axes.set_xlim(-0.5, len(line.at) - 0.5)


def _limits(drawn: list[Doubt]) -> tuple[float, float]:
    """One scale for all panels, with 0 in it: of a doubt that does nothing the line is flat."""
    ends = [
        float(end) for each in drawn if each.line is not None for end in (each.line.low.min(), each.line.high.max())
    ]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    room = 0.06 * (high - low) or 1.0
    return low - (room if low < 0 else 0), high + room


def _in_words(doubts: Doubts, doubt: Doubt) -> str:
    if doubt.line is None:
        return phrase("{name}: not known", name=doubt.name)
    first, last = doubts.plain(float(doubt.line.mean[0])), doubts.amount(float(doubt.line.mean[-1]))
    ends = phrase("{low} to {high}", low=first, high=last)
    if doubt.switches_at is None or doubt.best_after is None:
        return phrase("{name}: {ends}", name=doubt.name, ends=ends)
    best = words.quoted(words.label(doubts.scenario, doubt.best_after))
    return phrase(
        "{name}: {ends}; {beyond} the best is {best}", name=doubt.name, ends=ends, beyond=doubt.beyond(), best=best
    )
