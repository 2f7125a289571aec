"""Requirement against presence over time in each mission: one replication, or the mean of all kept with a band."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.charts.house import episode, words
from sim.charts.house.area_labels import name_area
from sim.charts.house.cache import cached
from sim.charts.house.dates import first_day
from sim.charts.house.episode import NO_LOGS, Cell, Episode, Steps, kept_replications, option_name, option_shown
from sim.charts.house.panels import MOST, panels
from sim.charts.house.sheet import Sign, key, sheet, statement
from sim.charts.house.style import BLUE, GREY, INK, MISSING, PAPER, Chart, house_style
from sim.comparison.comparison import Comparison
from sim.questions.story.story import Story
from sim.scenario.loaded import LoadedScenario
from sim.words import numbers
from sim.words.language import phrase, phrase_n

OWN, LENT, DEEP = "#D3DAE3", "#8FD0EE", "#0079AD"
GAP: dict[str, Any] = {"facecolor": PAPER, "edgecolor": MISSING, "hatch": "////"}
"""The one hatch of the house: units that are not there."""
KEY = 0.4
"""Inches for a key of one line, or of two small ones: what is named in a panel does not stand in it."""
RANGE = (0, (1, 1.2))
SPREAD = 0.25
"""Share of the unit-days missing, below which the largest part is not worth a title: the next may be as large."""


class Fan(NamedTuple):
    """Requirement, presence, and what of it is borrowed, on a grid of days: mean, 10 % and 90 % of replications."""

    day: NDArray[np.float64]
    requirement: NDArray[np.float64]
    present: NDArray[np.float64]
    borrowed: NDArray[np.float64]
    shortfall: NDArray[np.float64]

    def integral(self, values: NDArray[np.float64], days: float) -> float:
        """The time integral of the mean over the period, in unit-days."""
        return float(values[0].sum()) * (days / max(1, len(self.day)))


def variants(_: Comparison) -> dict[str, dict[str, Any]]:
    """The pictures of a comparison: the mean over kept replications, and one of them."""
    return {"": {}, "one": {"mean": False}}


def _fans(comparison: Comparison, option: str) -> dict[Cell, Fan]:
    """By cell, arrays of shape (3, days): mean, tenth and ninetieth percentile over the kept replications."""
    assert comparison.results is not None
    days = comparison.scenario.days
    count = min(400, max(21, round(days)))
    grid = (np.arange(count) + 0.5) * days / count
    gathered: dict[Cell, list[NDArray[np.float64]]] = {}
    for replication in kept_replications(comparison):
        for cell, levels in comparison.results.levels(option, replication).items():
            steps = Steps.of(levels)
            values = np.array((steps.requirement, steps.present, steps.borrowed, steps.shortfall))
            gathered.setdefault(cell, []).append(steps.at(grid, values))
    fans = {}
    for cell, each in gathered.items():
        stacked = np.stack(each)
        low, high = np.percentile(stacked, (10, 90), axis=0)
        fans[cell] = Fan(grid, *np.stack((stacked.mean(axis=0), low, high), axis=1))
    return fans


class Shown(NamedTuple):
    """What is drawn: one replication, or the mean of all kept."""

    one: Episode | None
    """The replication; None for the mean."""
    cells: dict[Cell, Any]
    """Those worth showing → Fan or Steps; none where no log was kept."""
    missing: dict[Cell, float]
    """Unit-days missing in each cell, drawn or not: of the replication, or on average."""
    able: int
    """Cells in which anything is ever missing or borrowed."""


@cached
def _shown(source: Comparison | Story, option: str | None, replication: int | None, mean: bool) -> Shown:
    one: Episode | None = None
    curves: Mapping[Cell, Fan | Steps] = {}
    if not mean or not isinstance(source, Comparison):
        one = episode.episode(source, option, replication)
        curves = {cell: Steps.of(levels) for cell, levels in one.levels.items()} if one else {}
    elif kept_replications(source):
        curves = _fans(source, option_shown(source, option))
    days = (one or source).scenario.days
    missing = {cell: curve.integral(curve.shortfall, days) for cell, curve in curves.items()}
    weights = {cell: missing[cell] + curve.integral(curve.borrowed, days) for cell, curve in curves.items()}
    worth = episode.cells_worth_showing(weights, MOST)
    cells = sorted(worth, key=lambda cell: (-missing[cell], -weights[cell]))
    return Shown(one, {cell: curves[cell] for cell in cells}, missing, sum(weight > 0 for weight in weights.values()))


def _why_these(shown: Shown) -> str:
    """Which panels are drawn, where not all are."""
    drawn, whole = len(shown.cells), len(shown.missing)
    if drawn == whole:
        return ""
    if not shown.able:
        return phrase("; {n:,} of {all:,} panels, since none is ever short or borrows", n=drawn, all=whole)
    if drawn < shown.able:
        return phrase("; the {n:,} panels with most missing and borrowed, of {all:,} with any", n=drawn, all=shown.able)
    return phrase_n(
        "; panels where units are ever missing or borrowed ({n:,} other is not shown)",
        "; panels where units are ever missing or borrowed ({n:,} others are not shown)",
        whole - drawn,
    )


def rows(
    source: Comparison | Story, *, option: str | None = None, replication: int | None = None, mean: bool = True
) -> list[words.Row]:
    """One row per cell and day (of the grid for a mean, of every change for one replication), in units."""
    table: list[words.Row] = []
    for (mission, resource), curve in _shown(source, option, replication, mean).cells.items():
        for k, day in enumerate(curve.day):
            row: words.Row = {"mission": mission, "resource": resource, "day": round(float(day), 6)}
            row["date"] = source.scenario.date(float(day)).isoformat()
            for what in ("requirement", "present", "borrowed", "shortfall"):
                values = getattr(curve, what)
                if isinstance(curve, Fan):
                    row |= {f"{what}_{end}": float(values[n][k]) for n, end in enumerate(("mean", "p10", "p90"))}
                else:
                    row[what] = int(values[k])
            table.append(row)
    return table


def finding(
    source: Comparison | Story, *, option: str | None = None, replication: int | None = None, mean: bool = True
) -> str:
    shown = _shown(source, option, replication, mean)
    if not shown.cells:
        return NO_LOGS()
    name, whole = option_name(source, option), sum(shown.missing.values())
    where = phrase("Under {name}", name=name)
    if shown.one is not None:
        where = phrase("In one replication of {name}", name=name)
    if not whole:
        return phrase("{where} no mission is short of anything", where=where)
    worst = max(shown.cells, key=lambda cell: shown.missing[cell])
    slots = {
        "where": where,
        "mission": words.label(source.scenario, worst[0]),
        "units": source.scenario.units_name(worst[1]),
    }
    if shown.one is not None:
        return _days_short(shown.cells[worst], source.scenario.days, slots)
    part = shown.missing[worst] / whole
    if part < SPREAD:
        return phrase(
            "{where} shortfalls are spread over {n:,} pairs of mission and resource; none has over {share}",
            where=where,
            n=sum(days > 0 for days in shown.missing.values()),
            share=words.percent(math.ceil(100 * part) / 100),
        )
    if part >= 0.995:
        return phrase("{where} all unit-days missing are {units} in {mission}", **slots)
    return phrase(
        "{where} {share} of all unit-days missing are {units} in {mission}", share=words.percent(part), **slots
    )


def _days_short(steps: Steps, days: float, slots: Mapping[str, str]) -> str:
    """On how many days the worst cell of one replication is short, and of how much."""
    short = math.ceil(steps.integral((steps.shortfall > 0).astype(float), days))
    return phrase_n(
        "{where} {mission} is short of {units} on {n:,} day, at worst of {most:,}",
        "{where} {mission} is short of {units} on {n:,} days, at worst of {most:,}",
        short,
        most=int(steps.shortfall.max()),
        **slots,
    )


def alt(
    source: Comparison | Story, *, option: str | None = None, replication: int | None = None, mean: bool = True
) -> str:
    cells = _shown(source, option, replication, mean).cells
    names = ", ".join(f"{words.label(source.scenario, m)} ({words.label(source.scenario, r)})" for m, r in cells)
    first = finding(source, option=option, replication=replication, mean=mean)
    return phrase(
        "Requirement and presence over time, a panel each for {names}. {finding}.",
        names=names or phrase("no mission"),
        finding=first,
    )


def _signs(*, mean: bool) -> Mapping[str, Sign]:
    signs = {"required": Sign(phrase("required"), INK, dashes="-")}
    if mean:
        signs["present"] = Sign(phrase("present"), DEEP, dashes="-")
        signs["range"] = Sign(phrase("in eight cases of ten"), GREY, dashes=RANGE)
    signs["own"] = Sign(phrase("own units"), OWN)
    signs["borrowed"] = Sign(phrase("borrowed"), LENT if mean else BLUE)
    signs["missing"] = Sign(phrase("missing"), PAPER, "////", pen=MISSING)
    if not mean:
        signs["arrives"] = Sign(phrase("a loan arrives"), INK, marker="^")
        signs["leaves"] = Sign(phrase("leaves"), INK, marker="v")
    return signs


@house_style
def timeline(
    source: Comparison | Story, *, option: str | None = None, replication: int | None = None, mean: bool = True
) -> Chart:
    """A panel per mission and resource (at most 12: those with most unmet need and loans)."""
    drawn, scenario = _shown(source, option, replication, mean), source.scenario
    if not drawn.cells:
        return statement(NO_LOGS(), words.caption(source))
    if drawn.one is not None:
        fact, shown = episode.replication_fact(source, drawn.one), phrase("Units required and present")
    else:
        n, name = len(kept_replications(source)), option_name(source, option)
        fact = phrase_n(
            "Means over {n:,} replication of {name}", "Means over {n:,} replications of {name}", n, name=name
        )
        shown = phrase("Units required and present, on average")
    asked: dict[str, Any] = {"option": option, "replication": replication, "mean": mean}
    caption, signs = words.caption(source, fact), _signs(mean=drawn.one is None)
    chart, area = sheet(finding(source, **asked), shown + _why_these(drawn), caption, alt=alt(source, **asked))
    below = area.inset(left=-0.15, top=KEY)
    notes = {cell: _missing(drawn.missing[cell]) for cell in drawn.cells}
    first, named = first_day(scenario), set[str]()
    for axes, (cell, curve) in zip(panels(chart, below, scenario, notes), drawn.cells.items(), strict=True):
        if drawn.one is None:
            _fan(axes, curve, first)
        else:
            _steps(axes, curve, first, scenario.days)
            _loans(axes, drawn.one, cell, first)
        named |= _name(axes, curve, scenario, {name: sign for name, sign in signs.items() if name not in named})
    key(chart, [sign for name, sign in signs.items() if name not in named], area)
    return chart


def _name(axes: Axes, curve: Fan | Steps, scenario: LoadedScenario, signs: Mapping[str, Sign]) -> set[str]:
    """Names in a panel what has room there of what is to be named; gives what it named."""
    grid = (np.arange(400) + 0.5) * scenario.days / 400
    if isinstance(curve, Fan):
        each = (curve.requirement[0], curve.present[0], curve.borrowed[0], curve.shortfall[0])
        needed, present, borrowed, missing = (np.interp(grid, curve.day, values) for values in each)
        highest = np.interp(grid, curve.day, np.maximum(curve.requirement[2], curve.present[2]))
    else:
        each = (curve.requirement, curve.present, curve.borrowed, curve.shortfall)
        needed, present, borrowed, missing = curve.at(grid, np.array(each))
        highest = present
    own, ceiling = present - borrowed, np.full_like(grid, 0.88 * axes.get_ylim()[1])
    areas = {
        "missing": (present, present + missing, False),
        "borrowed": (own, present, False),
        "own": (np.zeros_like(grid), np.minimum(own, needed), False),
        "required": (np.maximum(needed, highest), ceiling, True),
    }
    x = first_day(scenario) + grid
    return {
        name
        for name, (low, high, above) in areas.items()
        if name in signs and name_area(axes, signs[name].label, x, (low, high), above=above)
    }


def _missing(unit_days: float) -> str:
    """What stands above a panel, since few units missing of many cannot be seen in it."""
    said = numbers.number(unit_days, 2)
    if not unit_days:
        return phrase("none missing")
    n = 1 if said == "1" else unit_days
    return phrase_n("{figure} unit-day missing", "{figure} unit-days missing", n, figure=said)


def _fan(axes: Axes, fan: Fan, first: float) -> None:
    x = first + fan.day
    present, borrowed = fan.present[0], fan.borrowed[0]
    axes.fill_between(x, 0, present - borrowed, step="mid", color=OWN, lw=0)
    axes.fill_between(x, present - borrowed, present, step="mid", color=LENT, lw=0)
    # On present, not up to the mean of what is required: on average some are missing even where more are present.
    whole = present + fan.shortfall[0]
    axes.fill_between(x, present, whole, step="mid", lw=0, **GAP)
    for edges, colour in ((fan.present[1:], DEEP), (fan.requirement[1:], INK)):
        for edge in edges:
            axes.step(x, edge, where="mid", color=colour, lw=0.9, ls=RANGE)
    axes.plot(x, present, color=DEEP, lw=1.8)
    axes.plot(x, fan.requirement[0], color=INK, lw=2.2)
    _floor(axes, float(max(whole.max(), fan.present.max(), fan.requirement.max())))


def _steps(axes: Axes, steps: Steps, first: float, days: float) -> None:
    x = first + np.append(steps.day, days)
    own, present, needed = (
        np.append(values, values[-1]) for values in (steps.present - steps.borrowed, steps.present, steps.requirement)
    )
    axes.fill_between(x, 0, own, step="post", color=OWN, lw=0)
    axes.fill_between(x, own, present, step="post", color=BLUE, lw=0)
    axes.fill_between(x, present, np.maximum(present, needed), step="post", lw=0, **GAP)
    axes.step(x, needed, where="post", color=INK, lw=1.8)
    _floor(axes, float(max(present.max(), needed.max())) * 1.12)


def _floor(axes: Axes, most: float) -> None:
    axes.set_ylim(0, max(1.0, most) * 1.06)


def _loans(axes: Axes, story: Episode, cell: Cell, first: float) -> None:
    """Arrivals and departures of loans to this cell, along the top of its panel."""
    ours = [loan for loan in story.loans if (loan.borrower, loan.resource) == cell]
    top = 0.95 * axes.get_ylim()[1]
    arrivals, departures = [loan.arrived_day for loan in ours], [loan.left_day for loan in ours]
    for days, marker in ((arrivals, "^"), (departures, "v")):
        x = [first + day for day in days if day is not None]
        axes.plot(x, [top] * len(x), marker, color=INK, ms=6, ls="none", clip_on=False)
