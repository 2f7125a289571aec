"""Which number to find out first: what each doubt is worth to be rid of, and all together."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes

from sim.charts.house import words
from sim.charts.house.scale import scaled_axis
from sim.charts.house.sheet import SMALL, line_height, row_axes, row_names, sheet, statement, text_width
from sim.charts.house.style import ASIDE, GREY, HIGHLIGHT, INK, SLATE, Chart, house_style
from sim.questions.doubts.result import Doubts, first_to_find_out
from sim.statistics.value_of_information import Worth
from sim.words.language import Phrase, phrase, phrase_n
from sim.words.names import in_a_row, labelled, small

MOST = 12
"""Doubts that are drawn: those that are worth most."""
ALL = Phrase("All together")
TALLEST = 0.7
"""Inches of a bar at most."""
GAP = 0.5
"""Rows between the doubts and all together."""


def rows(doubts: Doubts) -> list[words.Row]:
    """One row for each doubt, and one for all together: worth with interval, share of the spread, where it switches."""
    return doubts.rows()


def finding(doubts: Doubts) -> str:
    return first_to_find_out(doubts).removesuffix(".")


def alt(doubts: Doubts) -> str:
    worths = [(doubt.name, doubt.evppi) for doubt in doubts.ranked()[:MOST]]
    worths += [(ALL(), doubts.evpi)] if len(doubts.doubts) > 1 else []
    each = in_a_row(labelled(name, _said(doubts, worth)) for name, worth in worths)
    return phrase("What finding out each doubt is worth. {finding}. {doubts}.", finding=finding(doubts), doubts=each)


@house_style
def doubts(doubts: Doubts) -> Chart:
    """A bar for each doubt, the most worth first; in grey, apart, all together."""
    said = finding(doubts)
    if not doubts.known:
        return statement(said, words.caption(doubts, _facts(doubts)))
    caption = words.caption(doubts, _facts(doubts), left_out(len(doubts.doubts) - MOST))
    chart, area = sheet(said, _shown(doubts), caption, alt=alt(doubts))
    drawn, first = doubts.ranked()[:MOST], doubts.first()
    several = len(doubts.doubts) > 1
    area = area.inset(bottom=0.6, top=2 * line_height(SMALL) + 0.1)
    called = [each.name for each in drawn] + ([ALL()] if several else [])
    names = row_names(called, area.height * len(called) / (len(called) + GAP * several), 4.2)
    size = max(SMALL, names.size)
    columns = {
        phrase("worth,\n{unit}", unit=doubts.unit.unit_said): [doubts.plain(each.evppi.value) for each in drawn],
        phrase("share of the\nanswer's spread"): [words.percent(each.share_of_spread) for each in drawn],
    }
    wide = [max(text_width(it, size, "bold") for it in (*head.split("\n"), *its)) for head, its in columns.items()]
    axes = row_axes(chart, area, names, right=sum(wide) + 0.6)
    places = [*range(len(drawn)), *([len(drawn) + GAP] if several else [])]
    axes.set_yticks(places, names.lines, fontsize=names.size)
    axes.set_ylim(places[-1] + 0.5, -0.5)
    tall = min(0.55, TALLEST * (places[-1] + 1) / area.height)
    for place, doubt in zip(places, drawn, strict=False):
        _bar(axes, place, doubt.evppi, tall, HIGHLIGHT if doubt in first else INK)
    if several:
        _bar(axes, places[-1], doubts.evpi, tall, ASIDE)
        axes.axhline(places[-1] - 0.5 - GAP / 2, color=ASIDE, lw=1.0)
        next(iter(columns.values())).append(doubts.plain(doubts.evpi.value))
    ends = words.finite(end for each in (doubts.evpi, *(one.evppi for one in drawn)) for end in (each.value, each.high))
    axes.set_xlim(0, 1.04 * max(ends) or 1.0)
    scaled_axis(axes, doubts.unit.unit_said, phrase("Worth of finding out"))
    across = area.inset(left=names.inches, right=sum(wide) + 0.6).width
    for (head, its), at, weight in zip(columns.items(), (0.25, 0.5 + wide[0]), ("bold", "normal"), strict=True):
        by_place = dict(zip(places, its, strict=False))  # all together has no share
        _column(axes, 1 + at / across, head, by_place, {"fontsize": size, "fontweight": weight})
    return chart


def _bar(axes: Axes, place: float, worth: Worth, tall: float, colour: str) -> None:
    """A bar with its interval, which a white edge keeps apart from it."""
    axes.barh(place, worth.value, tall, facecolor=colour, lw=0)
    pen = GREY if colour == INK else INK
    ends = [worth.low, worth.high], [place, place]
    for line, over in (("white", 2.4), (pen, 0.0)):
        axes.plot(*ends, color=line, lw=1.8 + over, zorder=4)
        axes.plot(*ends, "|", color=line, ms=13, mew=1.6 + over, zorder=4, clip_on=False)


def _column(axes: Axes, at: float, head: str, said: dict[float, str], how: dict[str, Any]) -> None:
    """What each is worth, or explains, in a column at the right, by its place."""
    axes.text(at, 1.01, head, transform=axes.transAxes, fontsize=SMALL, color=SLATE, va="bottom", linespacing=1.1)
    for place, text in said.items():
        axes.text(at, place, text, transform=axes.get_yaxis_transform(), va="center", **how)


def _said(doubts: Doubts, worth: Worth) -> str:
    if not math.isfinite(worth.value):
        return phrase("not known")
    value, low, high = doubts.amount(worth.value), doubts.plain(worth.low), doubts.plain(worth.high)
    return phrase("{value} ({low} to {high})", value=value, low=low, high=high)


def _shown(doubts: Doubts) -> str:
    """What is drawn, with its unit explained."""
    measure = small(doubts.unit.name)
    if doubts.unit.unit == "unit-days":
        return phrase(
            "Gained on average by choosing after finding out instead of now, in unit-days of {measure} "
            "(one unit missing for one day)",
            measure=measure,
        )
    return phrase(
        "Gained on average by choosing after finding out instead of now, in {unit} of {measure}",
        unit=doubts.unit.unit_said,
        measure=measure,
    )


def _facts(doubts: Doubts) -> str:
    n = replications_in_worlds(doubts)
    if not doubts.known:
        return n
    return phrase("{n}, whiskers: {interval} over worlds", n=n, interval=words.interval(doubts.confidence))


def replications_in_worlds(doubts: Doubts) -> str:
    """How much was run, for a caption."""
    worlds = phrase_n("{n:,} world", "{n:,} worlds", doubts.worlds)
    return phrase_n(
        "n = {n:,} replication in {worlds}", "n = {n:,} replications in {worlds}", doubts.replications, worlds=worlds
    )


def left_out(more: int) -> str:
    """How many doubts have no room, for a caption; nothing where all have."""
    if more <= 0:
        return ""
    return phrase_n("Not shown: {n:,} doubt worth less", "Not shown: {n:,} doubts worth less", more)
