"""Hindcast: what was recorded as marks, what the model gives as bands, a row a quantity."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.charts.house import words
from sim.charts.house.dates import day_number, time_axis
from sim.charts.house.marks import value_column
from sim.charts.house.scale import scaled_axis
from sim.charts.house.sheet import Area, Sign, axes_in, key, row_names, rows_axis, sheet, statement
from sim.charts.house.style import BLUE, INK, ORANGE, PALE_BLUE, SLIDE, Chart, housed
from sim.questions.hindcast.hindcast import Hindcast, Recorded
from sim.words.names import plural

PANELS = {"date": "Dates", "days": "Days taken", "units": "Units on loan"}
ROW, HEAD = 0.38, 0.85
"""Inches of a row at least, and of a panel's title and axis."""


def rows(hindcast: Hindcast) -> list[words.Row]:
    """One row per quantity: the record (first and last value that it allows) and the model's band and median."""
    table = []
    for entry in hindcast.entries:
        ends = {"recorded_first": entry.recorded[0], "recorded_last": entry.recorded[1]}
        ends |= {"p10": entry.low, "median": entry.median, "p90": entry.high}
        row: words.Row = {"name": entry.name, "quantity": entry.quantity, "unit": entry.unit}
        row |= {name: _plain(hindcast, entry, value) for name, value in ends.items()}
        table.append(row | {"inside": entry.inside, "fitted": entry.fitted, "made": entry.made, "of": entry.of})
    return table


def _plain(hindcast: Hindcast, entry: Recorded, value: float) -> float | str | None:
    if not math.isfinite(value):
        return None
    return hindcast.scenario.date(value).isoformat() if entry.unit == "date" else value


def finding(hindcast: Hindcast) -> str:
    """What the chart says, in a sentence."""
    return hindcast.headline().removesuffix(".").replace(" %", "\u00a0%")


def alt(hindcast: Hindcast) -> str:
    """The chart in words."""
    outside = [f"{entry.name}, {entry.quantity}" for entry in hindcast.entries if not entry.inside]
    missed = f"Outside: {'; '.join(outside[:8])}." if outside else "None lies outside."
    return f"Recorded values beside the model's bands. {finding(hindcast)}. {missed}"


@housed
def hindcast(hindcast: Hindcast) -> Chart:
    """A panel each for dates, days and units; the sheet grows taller where there are many quantities."""
    name = words.quoted(words.label(hindcast.scenario, hindcast.option))
    fact = f"Model: median and 10–90\u00a0% band of n = {plural(hindcast.replications, 'replication')} of {name}"
    caption = words.caption(hindcast, fact, _counted_in(hindcast))
    panels = {unit: [entry for entry in hindcast.entries if entry.unit == unit] for unit in PANELS}
    panels = {unit: entries for unit, entries in panels.items() if entries}
    if not panels:
        return statement(finding(hindcast), caption)
    needed = sum(len(entries) * ROW + HEAD for entries in panels.values())
    shown = "The record beside the model, by loan and quantity"
    tall = max(SLIDE[1], needed + 2.3)
    chart, area = sheet(finding(hindcast), shown, caption, alt=alt(hindcast), height=tall)
    signs = [
        Sign("model: 10–90 %", PALE_BLUE),
        Sign("model: median", BLUE, marker="|"),
        Sign("recorded, agrees", INK, marker="D"),
        Sign("recorded, outside", ORANGE, marker="D", filled=False),
    ][: 4 if any(not entry.inside for entry in hindcast.entries) else 3]
    area = key(chart, signs, area)
    each = min(0.6, (area.height - HEAD * len(panels)) / len(hindcast.entries))
    labels = [_label(entry) for entries in panels.values() for entry in entries]
    names = row_names(labels, each * len(labels), 4.2)
    top, above = area.top, 0
    for unit, entries in panels.items():
        panel = Area(area.left + names.inches, top - 0.35 - each * len(entries), area.right - 1.9, top - 0.35)
        axes = axes_in(chart, panel, title=PANELS[unit])
        rows_axis(axes, names._replace(lines=names.lines[above : above + len(entries)]), len(entries))
        _panel(axes, panel, hindcast, entries)
        above += len(entries)
        top = panel.bottom - (HEAD - 0.35)
    return chart


def _counted_in(hindcast: Hindcast) -> str:
    """What agrees, where a recorded range only overlaps the band."""
    middles = ((sum(entry.recorded) / 2, entry) for entry in hindcast.entries if entry.inside)
    if all(entry.low <= middle <= entry.high for middle, entry in middles):
        return ""
    return "A recorded range agrees where it overlaps the band"


def _label(entry: Recorded) -> str:
    return f"{entry.name}: {entry.quantity}" + (" (fitted)" if entry.fitted else "")


def _panel(axes: Axes, area: Area, hindcast: Hindcast, entries: Sequence[Recorded]) -> None:
    dated = entries[0].unit == "date"
    shift = day_number(hindcast.scenario, 0) if dated else 0.0
    for row, entry in enumerate(entries):
        _row(axes, row, entry, shift)
    if dated:
        time_axis(axes, hindcast.scenario, area.width)
    else:
        ends = words.finite(end for entry in entries for end in (*entry.recorded, entry.high))
        axes.set_xlim(min(0.0, *ends), max(1.0, *ends) * 1.04)
        scaled_axis(axes, entries[0].unit, "")
        if entries[0].unit == "units":
            axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.grid(visible=True, axis="x")
    value_column(axes, [_verdict(entry) for entry in entries], 10, weight="normal", at=1.02)


def _verdict(entry: Recorded) -> str:
    if not math.isfinite(entry.low):
        return "never in the model"
    return "agrees" if entry.inside else "outside"


def _row(axes: Axes, row: int, entry: Recorded, shift: float) -> None:
    if math.isfinite(entry.low):
        wide = max(entry.high - entry.low, 1e-9)
        axes.barh(row, wide, 0.55, shift + entry.low, facecolor=PALE_BLUE, edgecolor=PALE_BLUE, lw=2)
        axes.plot([shift + entry.median] * 2, [row - 0.28, row + 0.28], color=BLUE, lw=2.4, solid_capstyle="butt")
    first, last = (shift + value for value in entry.recorded)
    pen, face = (INK, INK) if entry.inside else (ORANGE, "white")
    if last > first:
        axes.plot([first, last], [row, row], color=pen, lw=2.2, marker="|", ms=8, mew=2, zorder=4)
    axes.plot((first + last) / 2, row, "D", color=pen, mfc=face, mew=1.8, ms=8, zorder=5, clip_on=False)
