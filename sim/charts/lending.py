"""Lending matrix: unit-days that each mission lends to each other, of one option."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from sim.charts.house import words
from sim.charts.house.lending import Lent, lending_finding, lent, lent_fact
from sim.charts.house.sheet import SMALL, Area, axes_in, fitted, row_names, rows_axis, sheet, statement
from sim.charts.house.style import INK, SLIDE, Chart, housed
from sim.words import numbers

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.questions.story.story import Story

MOST = 14
"""Lenders and borrowers that fit; of more, those with most unit-days."""
ROW, HEAD = 1.3, 0.75
"""Inches: the most that a lender's row takes, and the borrowers' names above."""
SHADES = LinearSegmentedColormap.from_list("lending", ["#EAF6FC", "#7CC9EC", "#0079AD", "#0B2545"])


def rows(source: Comparison | Story, *, option: str | None = None) -> list[words.Row]:
    """One row per lender, borrower and resource: unit-days a replication."""
    return [
        {"lender": lender, "borrower": borrower, "resource": resource, "unit_days": days}
        for (lender, borrower, resource), days in lent(source, option).by_resource.items()
    ]


def finding(source: Comparison | Story, *, option: str | None = None) -> str:
    """What the chart says, in a sentence."""
    return lending_finding(source, lent(source, option))


def alt(source: Comparison | Story, *, option: str | None = None) -> str:
    """The chart in words."""
    found = lent(source, option)
    pairs = list(found.unit_days.items())[:8]
    each = "; ".join(f"{lender} to {borrower} {numbers.number(days)}" for (lender, borrower), days in pairs)
    return f"Matrix of lenders and borrowers, in unit-days. {lending_finding(source, found)}. {each or 'No loans'}."


def _busiest(found: Lent, side: int, order: list[str]) -> list[str]:
    """Lenders (side 0) or borrowers (side 1) with the most unit-days, in the scenario's order."""
    totals: dict[str, float] = {}
    for pair, days in found.unit_days.items():
        totals[pair[side]] = totals.get(pair[side], 0.0) + days
    best = set(sorted(totals, key=lambda name: -totals[name])[:MOST])
    return [name for name in order if name in best]


@housed
def draw(source: Comparison | Story, *, option: str | None = None) -> Chart:
    """A cell per lender (row) and borrower (column)."""
    found = lent(source, option)
    said = lending_finding(source, found)
    caption = words.caption(source, lent_fact(source, found) if found.replications else "")
    if not found.unit_days:
        return statement(said, caption)
    order = list(source.scenario.missions)
    lenders, borrowers = _busiest(found, 0, order), _busiest(found, 1, order)
    shown = "Unit-days on loan, from the mission at the left to the mission above"
    words_of = alt(source, option=option)
    chart, area = sheet(said, shown, caption, alt=words_of)
    spare = area.height - HEAD - ROW * len(lenders)
    if spare > 0:  # few lenders: a shorter sheet, rather than an empty half
        chart, area = sheet(said, shown, caption, alt=words_of, height=SLIDE[1] - spare)
    area = area.inset(top=HEAD)
    area = area._replace(bottom=max(area.bottom, area.top - ROW * len(lenders)))
    names = row_names([words.label(source.scenario, name) for name in lenders], area.height, 2.8)
    right = min(area.right, area.left + names.inches + 2.4 * len(borrowers))
    area = area._replace(left=area.left + names.inches, right=right)
    table = np.array([[found.unit_days.get((one, other), np.nan) for other in borrowers] for one in lenders])
    _matrix(chart, area, table)
    axes = chart.axes[0]
    rows_axis(axes, names, len(lenders))
    wide = area.width / len(borrowers)
    above = [
        fitted(words.label(source.scenario, name), wide * 0.94, 10.5 if wide > 1 else SMALL, lines=3)
        for name in borrowers
    ]
    axes.set_xticks(range(len(borrowers)), above, fontsize=10.5 if wide > 1 else SMALL)
    axes.tick_params(axis="x", top=False, bottom=False, labeltop=True, labelbottom=False)
    axes.spines["bottom"].set_visible(False)
    return chart


def _matrix(chart: Chart, area: Area, table: np.ndarray) -> None:
    axes = axes_in(chart, area)
    top = float(np.nanmax(table)) or 1.0
    edges = np.arange(table.shape[1] + 1) - 0.5, np.arange(table.shape[0] + 1) - 0.5
    axes.set_facecolor("#F7F8FA")
    axes.pcolormesh(*edges, table, cmap=SHADES, vmin=0, vmax=top, edgecolors="white", linewidth=2)
    axes.set_xlim(-0.5, table.shape[1] - 0.5)
    size = 13.0 if area.width / table.shape[1] > 1 else 9.5
    for (row, column), days in np.ndenumerate(table):
        if np.isfinite(days):
            pen = "white" if days > 0.45 * top else INK
            axes.text(column, row, numbers.number(float(days), 2), ha="center", va="center", fontsize=size, color=pen)
