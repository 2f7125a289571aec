"""Map of who lends to whom: great-circle arcs as wide as the unit-days lent, missions as large as their holdings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.charts.house import words
from sim.charts.house.basemap import LAND, NOTE, OWN, Country, draw_land, land
from sim.charts.house.lending import PAIR_WITH_UNIT, Lent, lent
from sim.charts.house.point_labels import NAME_SIZE, Label, box_at, place_labels, pulled_apart, take
from sim.charts.house.sheet import LONG_NAME, Area, Sign, axes_in, fitted, haloed, key, sheet, statement
from sim.charts.house.style import BLUE, INK, Chart, housed
from sim.comparison.comparison import Comparison
from sim.questions.story.story import Story
from sim.scenario.loaded import LoadedScenario
from sim.words import numbers
from sim.words.language import phrase, phrase_n
from sim.words.names import told_apart

COUNTRY_SIZE = 10.0
"""Points: a slide shrinks a map by a tenth, and letters under 9 points are lost there."""
WIDEST = 11.0
"""Points: the arc of the pair that lends most."""
MOST_ARCS = 24
"""Pairs drawn; of more, those with most unit-days."""
ASIDE = [(0.3 * across * far, 0.2 * up * far) for far in (1, 2, 3) for up in (1, -1, 0) for across in (0, 1, -1)]
"""Inches from a country's middle at which its name is tried where that is taken."""


Places = Mapping[str, tuple[float, float]]
"""Longitude and latitude of missions."""


class Value(NamedTuple):
    """What may be written on an arc, and the spots (longitude, latitude) where it may stand, the best first."""

    arc: NDArray[np.float64]
    text: str
    spots: list[NDArray[np.float64]]


class Frame(NamedTuple):
    """Where the map lies: degrees, and how they become inches."""

    area: Area
    west: float
    south: float
    inches_per_degree: float
    squeeze: float
    """Inches of a degree of longitude for one of latitude."""

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Inches on the sheet."""
        across = self.area.left + (longitude - self.west) * self.squeeze * self.inches_per_degree
        return across, self.area.bottom + (latitude - self.south) * self.inches_per_degree

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Longitude and latitude of a place on the sheet."""
        across = (x - self.area.left) / self.squeeze / self.inches_per_degree
        return self.west + across, self.south + (y - self.area.bottom) / self.inches_per_degree


class Spots(NamedTuple):
    """Where on a map the missions are drawn."""

    frame: Frame
    drawn: Places
    """Longitude and latitude of each circle."""
    radii: Mapping[str, float]
    """Inches."""
    countries: Sequence[Country]

    def places(self) -> list[tuple[float, float]]:
        """Inches on the sheet."""
        return [self.frame.place(*at) for at in self.drawn.values()]

    def hosts(self, locations: Places) -> tuple[list[Country], list[Country]]:
        """The countries in which any mission lies, and the others."""
        able = [any(each.outline.contains_point(at) for at in locations.values()) for each in self.countries]
        both = list(zip(self.countries, able, strict=True))
        return [each for each, is_host in both if is_host], [each for each, is_host in both if not is_host]


def _holdings(scenario: LoadedScenario, mission: str) -> int:
    """Units that a mission holds at the start."""
    resources = scenario.missions[mission].holds
    return sum(sum(scenario.missions[mission].holdings(resource).values()) for resource in resources)


def _locations(scenario: LoadedScenario) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of every mission that has a place."""
    return {name: (each.at[1], each.at[0]) for name, each in scenario.missions.items() if each.at is not None}


def rows(
    source: Comparison | Story, *, option: str | None = None, basemap: str | Path | None = None
) -> list[words.Row]:
    """One row per mission on the map (units held) and per arc (unit-days a replication)."""
    del basemap
    locations, table = _locations(source.scenario), []
    for name, (longitude, latitude) in locations.items():
        row: words.Row = {"what": "mission", "from": name, "latitude": latitude, "longitude": longitude}
        table.append(row | {"units_held": _holdings(source.scenario, name)})
    for (lender, borrower), days in lent(source, option).unit_days.items():
        if lender in locations and borrower in locations:
            table.append({"what": "loans", "from": lender, "to": borrower, "unit_days": days})
    return table


def finding(source: Comparison | Story, *, option: str | None = None, basemap: str | Path | None = None) -> str:
    """What the chart says, in a sentence."""
    del basemap
    if not _locations(source.scenario):
        return phrase("No mission of the scenario has a place, so there is no map to draw")
    return lent(source, option).finding()


def alt(source: Comparison | Story, *, option: str | None = None, basemap: str | Path | None = None) -> str:
    """The chart in words."""
    said = finding(source, option=option, basemap=basemap)
    return phrase(
        "Map of missions and the loans between them. {finding}. {pairs}.",
        finding=said,
        pairs=lent(source, option).pairs(PAIR_WITH_UNIT),
    )


@housed
def map(  # noqa: A001
    source: Comparison | Story, *, option: str | None = None, basemap: str | Path | None = None
) -> Chart:
    """A map that just holds the missions; `basemap` is a GeoJSON file to use instead of our own."""
    scenario, loans = source.scenario, lent(source, option)
    said, locations = finding(source, option=option), _locations(scenario)
    caption = words.caption(source, loans.fact())
    if not locations:
        return statement(said, caption)
    shown = _shown(len(loans.unit_days), len(scenario.missions) - len(locations))
    chart, area = sheet(said, shown, f"{caption} {NOTE()}", alt=alt(source, option=option))
    held = Sign(phrase("units held"), INK, marker="o")
    signs = [Sign(phrase("lent, from → to, in unit-days"), BLUE, dashes="-"), held]
    frame = _frame(key(chart, signs, area), locations)
    file = None if basemap is None else Path(basemap)
    axes = _base(chart, frame, file)
    radii = _radii(scenario, locations)
    drawn = moved_apart(frame, locations, radii)
    to_own_place(axes, locations, drawn)
    values = _arcs(axes, frame, drawn, loans)
    spots = Spots(frame, drawn, radii, land(file or OWN).names)
    circles = [Area(x - r, y - r, x + r, y + r) for (x, y), r in zip(spots.places(), radii.values(), strict=True)]
    hosts, others = spots.hosts(locations)
    names = [*circles]
    _countries(chart, frame, hosts, names)
    taken = names[len(circles) :]
    _missions(chart, spots, scenario, taken, values)
    _values(chart, frame, values, taken)
    _countries(chart, frame, others, taken)
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
            phrase_n(
                "{n:,} mission without a place left out", "{n:,} missions without a place left out", missing, n=missing
            )
        )
    return ". ".join(told)


def _frame(area: Area, locations: dict[str, tuple[float, float]]) -> Frame:
    """The degrees that just hold all missions with a margin, in the shape of the area."""
    longitudes, latitudes = zip(*locations.values(), strict=True)
    middle = (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2
    squeeze = max(0.2, math.cos(math.radians(middle[1])))
    tall = max(1.35 * (max(latitudes) - min(latitudes)), 8.0)
    wide = max(1.35 * (max(longitudes) - min(longitudes)), 8.0) * squeeze
    scale = min(area.height / tall, area.width / wide)
    west = middle[0] - area.width / scale / squeeze / 2
    return Frame(area, west, middle[1] - area.height / scale / 2, scale, squeeze)


def _base(chart: Chart, frame: Frame, file: Path | None) -> Axes:
    axes = axes_in(chart, frame.area)
    axes.set_facecolor("#F8FBFD")
    axes.set_xlim(frame.west, frame.west + frame.area.width / frame.inches_per_degree / frame.squeeze)
    axes.set_ylim(frame.south, frame.south + frame.area.height / frame.inches_per_degree)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    draw_land(axes, file)
    return axes


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


def moved_apart(frame: Frame, locations: Places, radii: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Longitude and latitude at which each mission's circle is drawn: its own place, or beside it where several would
    lie upon one another."""
    points = [(*frame.place(*at), radii[name]) for name, at in locations.items()]
    moved = pulled_apart(points)
    return {
        name: at if (x, y) == before[:2] else frame.degrees(x, y)
        for (name, at), (x, y, _), before in zip(locations.items(), moved, points, strict=True)
    }


def to_own_place(axes: Axes, locations: Places, drawn: Places) -> None:
    """Leads from each circle that was moved to the mission's place: a small point, under whatever circle lies there."""
    for name, at in locations.items():
        if drawn[name] != at:
            axes.plot([at[0], drawn[name][0]], [at[1], drawn[name][1]], color=INK, lw=0.7, zorder=4)
            axes.plot(*at, "o", color=INK, ms=2, zorder=4)


def mission_labels(spots: Spots, names: Sequence[str], taken: Sequence[Area] = ()) -> list[Label | None]:
    """Where the missions' names stand: on no country but the host, unless a leader ties it to its circle."""
    frame, drawn, radii, countries = spots
    own = [next((each for each in countries if each.outline.contains_point(at)), None) for at in drawn.values()]

    def at_home(k: int, box: Area) -> bool:
        middle = frame.degrees((box.left + box.right) / 2, (box.bottom + box.top) / 2)
        return not any(each.outline.contains_point(middle) for each in countries if each is not own[k])

    points = [(*frame.place(*at), radii[name]) for name, at in drawn.items()]
    return place_labels(names, points, frame.area, taken, at_home)


def _missions(chart: Chart, spots: Spots, scenario: LoadedScenario, taken: list[Area], values: list[Value]) -> None:
    """Draws the missions with their names, off the arcs if they can stay close; adds the boxes that these take."""
    axes, (frame, drawn, radii, _) = chart.axes[0], spots
    short = told_apart([words.label(scenario, name) for name in drawn], LONG_NAME)
    names = [fitted(name, 1.7, NAME_SIZE, weight="bold", lines=2) for name in short]
    labels = mission_labels(spots, names, [*taken, *_along(frame, values)])
    if any(label is None or label.far for label in labels):
        labels = mission_labels(spots, names, taken)
    for (name, at), label in zip(drawn.items(), labels, strict=True):
        x, y = frame.place(*at)
        taken.append(Area(x - radii[name], y - radii[name], x + radii[name], y + radii[name]))
        axes.plot(*at, "o", ms=2 * radii[name] * 72, color=INK, mec="white", mew=1.2, zorder=5)
        if label is None:
            continue
        if label.far:
            there = frame.degrees(label.x, label.y)
            axes.plot([at[0], there[0]], [at[1], there[1]], color=INK, lw=0.6, zorder=4)
        haloed(chart, (label.x, label.y), label.text, size=NAME_SIZE, weight="bold")
        taken.append(box_at(label.text, NAME_SIZE, label.x, label.y, "bold"))


def _radii(scenario: LoadedScenario, missions: Iterable[str]) -> dict[str, float]:
    """Inches, by the units held."""
    held = {name: _holdings(scenario, name) for name in missions}
    most = max([1, *held.values()])
    return {name: 0.05 + 0.13 * math.sqrt(units / most) for name, units in held.items()}


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


def _countries(chart: Chart, frame: Frame, countries: Sequence[Country], taken: list[Area]) -> None:
    """Writes countries' names in grey, where they fit into the country and touch nothing."""
    for country in countries:
        here = frame.place(country.longitude, country.latitude)
        inches = 0.9 * country.wide * frame.squeeze * frame.inches_per_degree
        called = country.called()
        name = fitted(called, max(inches, 0.1), COUNTRY_SIZE, lines=3)
        if name.split() != called.split():
            continue
        elsewhere = [(here[0] + across, here[1] + up) for across, up in ASIDE]
        for spot in [here, *(at for at in elsewhere if _within(country, name, at, frame))]:
            if take(box_at(name, COUNTRY_SIZE, *spot), frame.area, taken):
                haloed(chart, spot, name, size=COUNTRY_SIZE, colour="#5C6874", pen=LAND)
                break


def _within(country: Country, name: str, here: tuple[float, float], frame: Frame) -> bool:
    """Whether the whole name lies in its country, so that none stands in another."""
    box = box_at(name, COUNTRY_SIZE, *here)
    ends = [(x, y) for x in (box.left, here[0], box.right) for y in (box.bottom, box.top)]
    return bool(country.outline.contains_points([frame.degrees(*end) for end in ends]).all())
