"""Map of who lends to whom: great-circle arcs as wide as the unit-days lent, missions as large as their holdings."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.charts.house import words
from sim.charts.house.basemap import NOTE, OWN, land
from sim.charts.house.lending import PAIR_WITH_UNIT, Lent, lent
from sim.charts.house.mission_map import (
    Frame,
    Spots,
    circle_places,
    frame_of,
    ground,
    locations_of,
    mission_labels,
    name_countries,
    names_on_map,
    radii_of,
    to_own_place,
    units_held,
    write_name,
)
from sim.charts.house.point_labels import box_at, take
from sim.charts.house.sheet import Area, Sign, haloed, key, sheet, statement
from sim.charts.house.style import BLUE, INK, Chart, house_style
from sim.comparison.comparison import Comparison
from sim.questions.story.story import Story
from sim.scenario.loaded import LoadedScenario
from sim.words import numbers
from sim.words.language import phrase, phrase_n

WIDEST = 11.0
"""Points: the arc of the pair that lends most."""
MOST_ARCS = 24
"""Pairs drawn; of more, those with most unit-days."""


class Value(NamedTuple):
    """What may be written on an arc, and the spots (longitude, latitude) where it may stand, the best first."""

    arc: NDArray[np.float64]
    text: str
    spots: list[NDArray[np.float64]]


def rows(
    source: Comparison | Story, *, option: str | None = None, basemap: str | Path | None = None
) -> list[words.Row]:
    """One row per mission on the map (units held) and per arc (unit-days a replication)."""
    del basemap
    locations, table = locations_of(source.scenario), []
    for name, (longitude, latitude) in locations.items():
        row: words.Row = {"what": "mission", "from": name, "latitude": latitude, "longitude": longitude}
        table.append(row | {"units_held": units_held(source.scenario, name)})
    for (lender, borrower), days in lent(source, option).unit_days.items():
        if lender in locations and borrower in locations:
            table.append({"what": "loans", "from": lender, "to": borrower, "unit_days": days})
    return table


def finding(source: Comparison | Story, *, option: str | None = None, basemap: str | Path | None = None) -> str:
    del basemap
    if not locations_of(source.scenario):
        return phrase("No mission of the scenario has a place, so there is no map to draw")
    return lent(source, option).finding()


def alt(source: Comparison | Story, *, option: str | None = None, basemap: str | Path | None = None) -> str:
    said = finding(source, option=option, basemap=basemap)
    return phrase(
        "Map of missions and the loans between them. {finding}. {pairs}.",
        finding=said,
        pairs=lent(source, option).pairs(PAIR_WITH_UNIT),
    )


@house_style
def map(  # noqa: A001
    source: Comparison | Story, *, option: str | None = None, basemap: str | Path | None = None
) -> Chart:
    """A map that just holds the missions; `basemap` is a GeoJSON file to use instead of our own."""
    scenario, loans = source.scenario, lent(source, option)
    said, locations = finding(source, option=option), locations_of(scenario)
    caption = words.caption(source, loans.fact())
    if not locations:
        return statement(said, caption)
    shown = _shown(len(loans.unit_days), len(scenario.missions) - len(locations))
    chart, area = sheet(said, shown, f"{caption} {NOTE()}", alt=alt(source, option=option))
    held = Sign(phrase("units held"), INK, marker="o")
    signs = [Sign(phrase("lent, from → to, in unit-days"), BLUE, dashes="-"), held]
    frame = frame_of(key(chart, signs, area), locations)
    file = OWN if basemap is None else Path(basemap)
    axes = ground(chart, frame, file)
    units = {name: units_held(scenario, name) for name in locations}
    radii = radii_of(units, max([1, *units.values()]))
    drawn = circle_places(frame, locations, radii)
    to_own_place(axes, locations, drawn)
    values = _arcs(axes, frame, drawn, loans)
    spots = Spots(frame, drawn, radii, land(file).names)
    circles = spots.circles()
    hosts, others = spots.hosts(locations)
    names = [*circles]
    name_countries(chart, frame, hosts, names)
    taken = names[len(circles) :]
    _missions(chart, spots, scenario, taken, values)
    _values(chart, frame, values, taken)
    name_countries(chart, frame, others, taken)
    return chart


def _shown(pairs: int, missing: int) -> str:
    """What is drawn, and what is left out of it: pairs beyond the most that are, and missions without a place."""
    told = [
        phrase(
            "Loans between missions: the wider the arc, the more unit-days; the larger the circle, the more units held"
        )
    ]
    if pairs > MOST_ARCS:
        told.append(phrase("The {n:,} pairs that lend most, of {all:,}", n=MOST_ARCS, all=pairs))
    if missing:
        told.append(
            phrase_n("{n:,} mission without a place left out", "{n:,} missions without a place left out", missing)
        )
    return ". ".join(told)


def great_circle(one: tuple[float, float], other: tuple[float, float], count: int = 60) -> NDArray[np.float64]:
    """Points (longitude, latitude) along the shortest way between two places; shape (count, 2)."""
    ends = []
    for longitude, latitude in (one, other):
        east, north = math.radians(longitude), math.radians(latitude)
        ends.append([math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)])
    first, last = np.array(ends)
    angle = math.acos(float(np.clip(first @ last, -1, 1)))
    share = np.linspace(0, 1, count)[:, None]
    if math.sin(angle) < 1e-9:
        along = first + share * (last - first)
    else:
        along = (np.sin((1 - share) * angle) * first + np.sin(share * angle) * last) / math.sin(angle)
    longitudes = np.degrees(np.unwrap(np.arctan2(along[:, 1], along[:, 0])))
    return np.column_stack((longitudes, np.degrees(np.arcsin(np.clip(along[:, 2], -1, 1)))))


def _arcs(axes: Axes, frame: Frame, locations: dict[str, tuple[float, float]], loans: Lent) -> list[Value]:
    """Draws the arcs of the pairs that lend most; gives what may be written on them, and where."""
    arcs = [(pair, days) for pair, days in loans.unit_days.items() if pair[0] in locations and pair[1] in locations]
    arcs = [(pair, days) for pair, days in arcs if locations[pair[0]] != locations[pair[1]]][:MOST_ARCS]
    widest = WIDEST if len(arcs) <= 8 else WIDEST / 2
    values = []
    for (lender, borrower), days in arcs:
        width = max(1.0, widest * days / arcs[0][1])
        aside = (width / 2 + 2) / 72 if (borrower, lender) in loans.unit_days else 0.0
        arc = _beside(great_circle(locations[lender], locations[borrower]), frame, aside)
        axes.plot(*arc.T, color=BLUE, lw=width, solid_capstyle="round", zorder=3, alpha=0.85)
        middle = int(len(arc) * 0.55)
        head = {"arrowstyle": "-|>", "color": INK, "mutation_scale": 10 + width, "lw": 0}
        axes.annotate("", arc[middle + 1], arc[middle - 1], arrowprops=head, zorder=4)
        spots = [arc[int(len(arc) * share)] for share in (0.36, 0.72, 0.25, 0.82)]
        values.append(Value(arc, numbers.number(days, 2), spots))
    return values


def _beside(arc: NDArray[np.float64], frame: Frame, inches: float) -> NDArray[np.float64]:
    """The arc moved to its right by so many inches, so that the way back lies beside it."""
    along = np.gradient(arc, axis=0) * (frame.squeeze, 1.0)
    along /= np.maximum(np.hypot(*along.T), 1e-12)[:, None]
    shift = np.column_stack((along[:, 1] / frame.squeeze, -along[:, 0])) * inches / frame.inches_per_degree
    moved: NDArray[np.float64] = arc + shift
    return moved


def _missions(chart: Chart, spots: Spots, scenario: LoadedScenario, taken: list[Area], values: list[Value]) -> None:
    """Draws the missions with their names, off the arcs if they can stay close; adds the boxes that these take."""
    axes, (frame, drawn, radii, _) = chart.axes[0], spots
    names = names_on_map(scenario, drawn)
    labels = mission_labels(spots, names, [*taken, *_along(frame, values)])
    if any(label is None or label.far for label in labels):
        labels = mission_labels(spots, names, taken)
    for (name, at), label in zip(drawn.items(), labels, strict=True):
        x, y = frame.place(*at)
        taken.append(Area(x - radii[name], y - radii[name], x + radii[name], y + radii[name]))
        axes.plot(*at, "o", ms=2 * radii[name] * 72, color=INK, mec="white", mew=1.2, zorder=5)
        if label is not None:
            taken.append(write_name(chart, frame, at, label))


def _along(frame: Frame, values: list[Value]) -> list[Area]:
    """Small boxes along the arcs."""
    dots = (frame.place(*point) for value in values for point in value.arc)
    return [Area(x - 0.05, y - 0.05, x + 0.05, y + 0.05) for x, y in dots]


def _values(chart: Chart, frame: Frame, values: list[Value], taken: list[Area]) -> None:
    """Writes unit-days on the arcs, those of the most first, wherever there is room."""
    for value in values:
        for longitude, latitude in value.spots:
            here = frame.place(longitude, latitude)
            if take(box_at(value.text, 10, *here), frame.area, taken):
                haloed(chart, here, value.text, size=10)
                break
