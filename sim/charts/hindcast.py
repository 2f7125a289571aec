"""Hindcast: what was recorded as marks, what the model gives as bands, a row a fact, with its scores beside it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from sim.charts.house import words
from sim.charts.house.dates import first_day, time_axis
from sim.charts.house.marks import value_column
from sim.charts.house.scale import scaled_axis
from sim.charts.house.sheet import Area, Sign, axes_in, key, row_names, rows_axis, sheet, statement
from sim.charts.house.style import BLUE, HIGHLIGHT, INK, PALE_BLUE, SLIDE, Chart, house_style
from sim.questions.hindcast.hindcast import Hindcast, Pooled
from sim.questions.hindcast.record import KINDS_SAID, Recorded
from sim.words.language import Phrase, PhraseN, phrase, phrase_n
from sim.words.names import in_a_row, labelled, listed
from sim.words.numbers import finite, fixed

PANELS = {
    "date": Phrase("Dates"),
    "days": Phrase("Days taken"),
    "units": Phrase("Units on loan"),
    "chance": Phrase("Whether the loan was made"),
}
MODEL = PhraseN(
    "Model: median and 10–90\u00a0% band of n = {n:,} replication of {option}",
    "Model: median and 10–90\u00a0% band of n = {n:,} replications of {option}",
)
CHANCES = {0: Phrase("never"), 0.5: Phrase("half"), 1: Phrase("always")}
ROW, HEAD = 0.38, 0.85
"""Inches of a row at least, and of a panel's title and axis."""
COLUMNS = (0.14, 1.24, 2.4, 2.95)
"""Inches right of a panel where each of its columns begins."""
BESIDE = 3.5
"""Inches that the columns take."""
TICKS = (0, 1, 3, 7, 14, 30, 60, 120, 240, 480, 960, 1920)
"""Days on an axis on which twice as long is as far anywhere."""


def rows(hindcast: Hindcast | Pooled) -> list[words.Row]:
    """One row per fact: the record (first and last value that it allows), the model's band and median, the scores."""
    table = []
    for each, entry in _told(hindcast):
        ends = {"recorded_first": entry.recorded[0], "recorded_last": entry.recorded[1]}
        ends |= {"p10": entry.low, "median": entry.median, "p90": entry.high}
        row: words.Row = {"scenario": each.scenario.name} if isinstance(hindcast, Pooled) else {}
        row |= {"name": entry.name, "quantity": entry.quantity, "unit": entry.unit}
        row |= {name: _plain(entry, value) for name, value in ends.items()}
        row |= {"inside": entry.inside, "fitted": entry.fitted, "kind": entry.kind, "made": entry.made, "of": entry.of}
        table.append(row | {"crps": finite(entry.crps), "pit": finite(entry.pit), "brier": finite(entry.brier)})
    return table


def _told(hindcast: Hindcast | Pooled) -> list[tuple[Hindcast, Recorded]]:
    if isinstance(hindcast, Pooled):
        return list(hindcast.told())
    return [(hindcast, entry) for entry in hindcast.entries]


def _plain(entry: Recorded, value: float) -> float | str | None:
    return entry.date(value).isoformat() if entry.unit == "date" and math.isfinite(value) else finite(value)


def finding(hindcast: Hindcast | Pooled) -> str:
    return hindcast.headline().removesuffix(".").replace(" %", "\u00a0%")


def alt(hindcast: Hindcast | Pooled) -> str:
    outside = [f"{entry.fact.called}, {entry.fact.told}" for entry in hindcast.entries if not entry.inside]
    missed = phrase("None lies outside.")
    if outside:
        missed = phrase("Outside: {facts}.", facts=in_a_row(outside[:8]))
    said = " ".join(hindcast.judgement.sentences()[1:])
    told = phrase(
        "Recorded values beside the model's bands. {finding}. {missed} {said}",
        finding=finding(hindcast),
        missed=missed,
        said=said,
    )
    return told.strip()


@house_style
def hindcast(hindcast: Hindcast | Pooled) -> Chart:
    """A panel each for dates, days and units; the sheet grows taller where there are many facts."""
    told = _told(hindcast)
    if isinstance(hindcast, Pooled):  # of several scenarios, each in a period of its own
        told = [(each, entry) for each, entry in told if entry.unit != "date"]
    caption = _caption(hindcast, [entry for _, entry in told])
    panels = {unit: [entry for _, entry in told if entry.unit == unit] for unit in PANELS}
    panels = {unit: entries for unit, entries in panels.items() if entries}
    if not panels:
        return statement(finding(hindcast), caption)
    needed = sum(len(entries) * ROW + HEAD for entries in panels.values())
    shown = " ".join([phrase("The record beside the model, by loan and fact."), *hindcast.judgement.skills()])
    tall = max(SLIDE[1], needed + 2.3)
    chart, area = sheet(finding(hindcast), shown, caption, alt=alt(hindcast), height=tall)
    area = key(chart, _signs([entry for _, entry in told]), area)
    each = min(0.6, (area.height - HEAD * len(panels)) / len(told))
    labels = _labels(told)
    names = row_names([labels[id(entry)] for entries in panels.values() for entry in entries], each * len(told), 4.2)
    top, above = area.top, 0
    for unit, entries in panels.items():
        panel = Area(area.left + names.inches, top - 0.35 - each * len(entries), area.right - BESIDE, top - 0.35)
        axes = axes_in(chart, panel, title=PANELS[unit]())
        rows_axis(axes, names._replace(lines=names.lines[above : above + len(entries)]), len(entries))
        _panel(axes, panel, hindcast, entries)
        _columns(axes, panel, entries, heads=above == 0)
        above += len(entries)
        top = panel.bottom - (HEAD - 0.35)
    return chart


def _caption(hindcast: Hindcast | Pooled, entries: Sequence[Recorded]) -> str:
    if isinstance(hindcast, Hindcast):
        name = words.quoted(words.label(hindcast.scenario, hindcast.option))
        fact = MODEL(hindcast.replications, option=name)
        return words.caption(hindcast, fact, _counted_in(entries))
    several = phrase_n("{n:,} scenario", "{n:,} scenarios", len(hindcast.hindcasts))
    most = max(each.replications for each in hindcast.hindcasts)
    fact = MODEL(most, option=phrase("what really happened"))
    seeds = [str(seed) for seed in dict.fromkeys(each.seed for each in hindcast.hindcasts)]
    seed = phrase_n("Seed {seeds}", "Seeds {seeds}", len(seeds), seeds=listed(seeds))
    said = (several, fact, _counted_in(entries), seed)
    return " ".join(f"{each}." for each in said if each)


def _signs(entries: Sequence[Recorded]) -> list[Sign]:
    signs = [
        Sign(phrase("model: 10–90 %"), PALE_BLUE),
        Sign(phrase("model: median"), BLUE, marker="|"),
        Sign(phrase("recorded, agrees"), INK, marker="D"),
        Sign(phrase("recorded, outside"), HIGHLIGHT, marker="D"),
    ]
    return signs[: 4 if any(not entry.inside for entry in entries) else 3]


def _counted_in(entries: Sequence[Recorded]) -> str:
    """What agrees, where a recorded range only overlaps the band."""
    middles = ((sum(entry.recorded) / 2, entry) for entry in entries if entry.inside and entry.unit != "chance")
    if all(entry.low <= middle <= entry.high for middle, entry in middles):
        return ""
    return phrase("A recorded range agrees where it overlaps the band")


def _labels(told: Sequence[tuple[Hindcast, Recorded]]) -> dict[int, str]:
    """What each row is called: with its scenario where two have entries of one name."""
    homes = Counter(name for name, _ in {(entry.name, id(each)) for each, entry in told})
    labels = {}
    for each, entry in told:
        label = labelled(entry.fact.called, entry.fact.told)
        if homes[entry.name] > 1:
            label = labelled(each.scenario.name, label)
        labels[id(entry)] = label
    return labels


def _panel(axes: Axes, area: Area, hindcast: Hindcast | Pooled, entries: Sequence[Recorded]) -> None:
    unit, shift = entries[0].unit, 0.0
    if unit == "date" and isinstance(hindcast, Hindcast):
        shift = first_day(hindcast.scenario)
        time_axis(axes, hindcast.scenario, area.width)
    elif unit == "days":
        _days_axis(axes, area, entries)
    elif unit == "chance":
        axes.set_xlim(-0.06, 1.06)
        axes.xaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: CHANCES[value]()))
    else:
        ends = words.finite(end for entry in entries for end in (*entry.recorded, entry.high))
        axes.set_xlim(min(0.0, *ends), max(1.0, *ends) * 1.04)
        scaled_axis(axes, phrase("units"), "")
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.grid(visible=True, axis="x")
    for row, entry in enumerate(entries):
        _row(axes, row, entry, shift)


def _days_axis(axes: Axes, area: Area, entries: Sequence[Recorded]) -> None:
    """Days by log(1 + days), as they are scored: a fact of two days and one of a year are both seen."""
    axes.set_xscale("function", functions=(np.log1p, np.expm1))
    ends = words.finite(end for entry in entries for end in (*entry.recorded, entry.high))
    axes.set_xlim(0.0, max(1.0, *ends) * 1.15)
    room = area.width / math.log1p(max(1.0, *ends) * 1.15)
    ticks, last = [], -math.inf
    for tick in TICKS:
        if math.log1p(tick) * room >= last + 0.42:
            ticks.append(tick)
            last = math.log1p(tick) * room
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: fixed(value, 0)))
    axes.xaxis.set_minor_locator(NullLocator())


def _columns(axes: Axes, area: Area, entries: Sequence[Recorded], *, heads: bool) -> None:
    """Beside each row what it is to the model, how often the loan is made, and the scores; heads over the first."""
    said = (
        (phrase("kind"), [KINDS_SAID[entry.kind]() for entry in entries]),
        (phrase("made of N"), [phrase("{n:,} of {all:,}", n=entry.made, all=entry.of) for entry in entries]),
        ("CRPS", [fixed(entry.crps, 2) if math.isfinite(entry.crps) else "–" for entry in entries]),
        ("PIT", [fixed(entry.pit, 2) if math.isfinite(entry.pit) else "–" for entry in entries]),
    )
    for (head, cells), inches in zip(said, COLUMNS, strict=True):
        at = 1 + inches / area.width
        value_column(axes, cells, 10, weight="normal", at=at)
        if heads:
            axes.annotate(
                head, (at, 1), (0, 7), xycoords="axes fraction", textcoords="offset points", annotation_clip=False,
                fontsize=10, fontweight="bold", va="bottom", ha="left",
            )  # fmt: skip


def _row(axes: Axes, row: int, entry: Recorded, shift: float) -> None:
    low, median, high = (entry.share_made,) * 3 if entry.unit == "chance" else entry.band
    if math.isfinite(low):
        wide = max(high - low, 1e-9)
        axes.barh(row, wide, 0.55, shift + low, facecolor=PALE_BLUE, edgecolor=PALE_BLUE, lw=2)
        axes.plot([shift + median] * 2, [row - 0.28, row + 0.28], color=BLUE, lw=2.4, solid_capstyle="butt")
    edges = axes.get_xlim()
    first, last = (min(max(shift + value, edges[0]), edges[1]) for value in entry.recorded)
    pen = INK if entry.inside else HIGHLIGHT
    if last > first:
        axes.plot([first, last], [row, row], color=pen, lw=2.2, zorder=4)
        for end, known, beyond in zip((first, last), map(math.isfinite, entry.recorded), "<>", strict=True):
            marker, size = ("|", 8) if known else (beyond, 7)  # an arrow where nothing bounds it
            axes.plot(end, row, marker, color=pen, ms=size, mew=2 if known else 0, zorder=4, clip_on=False)
    middle = _middle(first, last, entry)
    axes.plot(middle, row, "D", color=pen, mew=1.8, ms=8, zorder=5, clip_on=False)


def _middle(first: float, last: float, entry: Recorded) -> float:
    """Where the mark stands: in the middle of the range as it is seen, or at the one bound that is known."""
    if not all(map(math.isfinite, entry.recorded)):
        return first if math.isfinite(entry.recorded[0]) else last
    if entry.unit != "days":
        return (first + last) / 2
    return math.expm1((math.log1p(first) + math.log1p(last)) / 2)
