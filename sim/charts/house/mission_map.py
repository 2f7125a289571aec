"""The ground of every map of missions: its frame, lands with their names, and where circles and labels stand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes

from sim.charts.house import words
from sim.charts.house.basemap import LAND, OWN, Country, draw_land
from sim.charts.house.point_labels import NAME_SIZE, Label, box_at, place_labels, take, without_overlap
from sim.charts.house.sheet import LONG_NAME, Area, axes_in, fitted, haloed, text_width
from sim.charts.house.style import INK, Chart
from sim.scenario.loaded import LoadedScenario
from sim.words.names import short_names

NAME_WIDE = 1.7
"""Inches of a line of a mission's name."""
COUNTRY_SIZE = 10.0
"""Points: a slide shrinks a map by a tenth, and letters under 9 points are lost there."""
ASIDE = [(0.3 * across * far, 0.2 * up * far) for far in (1, 2, 3) for up in (1, -1, 0) for across in (0, 1, -1)]
"""Inches from a country's middle at which its name is tried where that is taken."""

Places = Mapping[str, tuple[float, float]]
"""Longitude and latitude of missions."""


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

    def circles(self) -> list[Area]:
        """The square around each circle, in inches on the sheet."""
        middles = (self.frame.place(*at) for at in self.drawn.values())
        return [Area(x - r, y - r, x + r, y + r) for (x, y), r in zip(middles, self.radii.values(), strict=True)]

    def hosts(self, locations: Places) -> tuple[list[Country], list[Country]]:
        """The countries in which any mission lies, and the others."""
        able = [any(each.outline.contains_point(at) for at in locations.values()) for each in self.countries]
        both = list(zip(self.countries, able, strict=True))
        return [each for each, is_host in both if is_host], [each for each, is_host in both if not is_host]


def units_held(scenario: LoadedScenario, mission: str) -> int:
    """Units that a mission holds at the start."""
    resources = scenario.missions[mission].holds
    return sum(sum(scenario.missions[mission].holdings(resource).values()) for resource in resources)


def locations_of(scenario: LoadedScenario) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of every mission that has a place."""
    return {name: (each.at[1], each.at[0]) for name, each in scenario.missions.items() if each.at is not None}


def frame_of(area: Area, locations: Places, least: float = 8.0, spare: tuple[float, float] = (1.35, 1.35)) -> Frame:
    """The degrees that just hold all missions with a margin, in the shape of the area; `least` of them either way, and
    `spare` times what the missions span across and up."""
    longitudes, latitudes = zip(*locations.values(), strict=True)
    middle = (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2
    squeeze = max(0.2, math.cos(math.radians(middle[1])))
    tall = max(spare[1] * (max(latitudes) - min(latitudes)), least)
    wide = max(spare[0] * (max(longitudes) - min(longitudes)), least) * squeeze
    scale = min(area.height / tall, area.width / wide)
    west = middle[0] - area.width / scale / squeeze / 2
    return Frame(area, west, middle[1] - area.height / scale / 2, scale, squeeze)


def ground(chart: Chart, frame: Frame, file: Path = OWN, sea: str = "#F8FBFD") -> Axes:
    """Axes over the frame, with land and borders on them; x is longitude, y latitude."""
    axes = axes_in(chart, frame.area)
    axes.set_facecolor(sea)
    axes.set_xlim(frame.west, frame.west + frame.area.width / frame.inches_per_degree / frame.squeeze)
    axes.set_ylim(frame.south, frame.south + frame.area.height / frame.inches_per_degree)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    draw_land(axes, file)
    return axes


def circle_places(frame: Frame, locations: Places, radii: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Longitude and latitude at which each mission's circle is drawn: its own place, or beside it where several would
    lie upon one another."""
    points = [(*frame.place(*at), radii[name]) for name, at in locations.items()]
    moved = without_overlap(points)
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


def names_on_map(scenario: LoadedScenario, missions: Iterable[str]) -> list[str]:
    """Missions' names as they stand on a map: of long ones what tells them apart, in two lines, no word of them cut."""
    short = short_names([words.label(scenario, name) for name in missions], LONG_NAME)
    return [fitted(name, _wide_enough(name), NAME_SIZE, weight="bold", lines=2) for name in short]


def _wide_enough(name: str) -> float:
    """Inches: a line's usual width, or that of the longest word where it is longer, within reason."""
    longest = max(text_width(word, NAME_SIZE, "bold") for word in name.split())
    return max(NAME_WIDE, min(longest + 0.02, 2 * NAME_WIDE))


def write_name(chart: Chart, frame: Frame, at: tuple[float, float], label: Label, pen: str = "white") -> Area:
    """Writes a mission's name beside its circle at (longitude, latitude), with a leader where it stands apart; gives
    the box that it takes."""
    if label.far:
        there = frame.degrees(label.x, label.y)
        chart.axes[0].plot([at[0], there[0]], [at[1], there[1]], color=INK, lw=0.6, zorder=4)
    haloed(chart, (label.x, label.y), label.text, size=NAME_SIZE, weight="bold", pen=pen)
    return box_at(label.text, NAME_SIZE, label.x, label.y, "bold")


def radii_of(amounts: Mapping[str, float], most: float, largest: float = 0.18, least: float = 0.05) -> dict[str, float]:
    """Inches of circles whose areas grow with the amounts: from `least` to `largest`, for the largest amount `most`."""
    return {name: least + (largest - least) * math.sqrt(amount / most) for name, amount in amounts.items()}


def name_countries(chart: Chart, frame: Frame, countries: Sequence[Country], taken: list[Area]) -> None:
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
