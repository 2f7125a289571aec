"""Lending matrix: unit-days that each mission lends to each other, of one option."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from sim.charts.house import words
from sim.charts.house.lending import Lent, lent
from sim.charts.house.sheet import SMALL, Area, axes_in, fitted, row_names, rows_axis, sheet, statement
from sim.charts.house.style import INK, SLIDE, Chart, house_style
from sim.comparison.comparison import Comparison
from sim.questions.story.story import Story
from sim.words import numbers
from sim.words.language import phrase

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
    return lent(source, option).finding()


def alt(source: Comparison | Story, *, option: str | None = None) -> str:
    matrix = lent(source, option)
    return phrase(
        "Matrix of lenders and borrowers, in unit-days. {finding}. {pairs}.",
        finding=matrix.finding(),
        pairs=matrix.pairs(),
    )


def _busiest(loans: Lent, side: int, order: list[str]) -> list[str]:
    """Lenders (side 0) or borrowers (side 1) with the most unit-days, in the scenario's order."""
    totals: dict[str, float] = defaultdict(float)
    for pair, days in loans.unit_days.items():
        totals[pair[side]] += days
    best = set(sorted(totals, key=lambda name: -totals[name])[:MOST])
    return [name for name in order if name in best]


@house_style
def lending(source: Comparison | Story, *, option: str | None = None) -> Chart:
    """A cell per lender (row) and borrower (column)."""
    loans = lent(source, option)
    caption = words.caption(source, loans.fact())
    if not loans.unit_days:
        return statement(loans.finding(), caption)
    order = list(source.scenario.missions)
    lenders, borrowers = _busiest(loans, 0, order), _busiest(loans, 1, order)
    shown = phrase("Unit-days on loan, from the mission at the left to the mission above")
    chart, area = sheet(loans.finding(), shown, caption, alt=alt(source, option=option))
    spare = area.height - HEAD - ROW * len(lenders)
    if spare > 0:  # few lenders: a shorter sheet, rather than an empty half
        tall = SLIDE[1] - spare
        chart, area = sheet(loans.finding(), shown, caption, alt=chart.alt, height=tall)
    area = area.inset(top=HEAD)
    area = area._replace(bottom=max(area.bottom, area.top - ROW * len(lenders)))
    names = row_names([words.label(source.scenario, name) for name in lenders], area.height, 2.8)
    right = min(area.right, area.left + names.inches + 2.4 * len(borrowers))
    area = area._replace(left=area.left + names.inches, right=right)
    table = np.array([[loans.unit_days.get((one, other), np.nan) for other in borrowers] for one in lenders])
    axes = _matrix(chart, area, table)
    rows_axis(axes, names, len(lenders))
    wide = area.width / len(borrowers)
    size = 10.5 if wide > 1 else SMALL
    above = [fitted(words.label(source.scenario, name), wide * 0.94, size, lines=3) for name in borrowers]
    axes.set_xticks(range(len(borrowers)), above, fontsize=size)
    axes.tick_params(axis="x", top=False, bottom=False, labeltop=True, labelbottom=False)
    axes.spines["bottom"].set_visible(False)
    return chart


def _matrix(chart: Chart, area: Area, table: np.ndarray) -> Axes:
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
    return axes
