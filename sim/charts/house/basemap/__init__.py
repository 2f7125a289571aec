"""Land and borders to draw a map on, from the GeoJSON in this folder or one that the user gives."""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.path import Path as Outline

from sim.errors import UsageError
from sim.words.language import Phrase, territory

NOTE = Phrase(
    "The boundaries and names shown and the designations used on this map do not imply official endorsement or "
    "acceptance by the United Nations."
)
OWN = Path(__file__).with_name("africa_mideast_110m.geojson")
ELSEWHERE = Path(__file__).with_name("elsewhere_110m.geojson")
"""The world's land as one, without borders or names: behind OWN, whose lands would else end in the sea."""
UNSETTLED = {frozenset(pair) for pair in (("SDN", "SSD"), ("ESH", "MAR"), ("ISR", "PSE"), ("ISR", "SYR"))}
"""Pairs of ISO codes whose common line is not settled: dashed."""
NAMES = {
    "Congo": Phrase("Congo"),
    "Central African Rep.": Phrase("Central African Republic"),
    "Dem. Rep. Congo": Phrase("Democratic Republic of the Congo"),
    "Eq. Guinea": Phrase("Equatorial Guinea"),
    "Iran": Phrase("Iran (Islamic Republic of)"),
    "Palestine": Phrase("State of Palestine"),
    "S. Sudan": Phrase("South Sudan"),
    "Syria": Phrase("Syrian Arab Republic"),
    "Tanzania": Phrase("United Republic of Tanzania"),
    "Turkey": Phrase("Türkiye"),
    "W. Sahara": Phrase("Western Sahara"),
    "eSwatini": Phrase("Eswatini"),
}
"""Natural Earth's short forms, and what the United Nations says."""
FORMAL = {each.text: each for each in NAMES.values()}
PARTS = ("N. Cyprus", "Somaliland")
"""Features that are drawn as part of another, without a name."""
LAND, LINE = "#E6EAEE", "#AEB8C2"

Point = tuple[float, float]
Segment = tuple[Point, Point]


class Country(NamedTuple):
    """A name and where it goes, with the width that it may take, in degrees of longitude."""

    name: str
    longitude: float
    latitude: float
    wide: float
    outline: Outline
    """Within which the name may move."""
    code: str
    """ISO, three letters; empty where the file has none."""

    def called(self) -> str:
        """Its name in the language spoken: as the United Nations says where that differs from what people say."""
        formal = FORMAL.get(self.name)
        return territory(self.code, self.name) if formal is None else formal()


class Land(NamedTuple):
    """Outlines of countries, the lines between them, and their names."""

    countries: tuple[Outline, ...]
    lines: Outline
    unsettled: tuple[Outline, ...]
    names: tuple[Country, ...]


@functools.cache
def land(file: Path = OWN) -> Land:
    """What a GeoJSON of polygons with `iso_a3` holds. UsageError where it cannot be read as one."""
    try:
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
        rings = [(_code(feature), ring) for feature in features for ring in _rings(feature["geometry"])]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{file}: cannot be read as GeoJSON polygons: {error!r}") from error
    by_country: dict[str, list[list[Point]]] = defaultdict(list)
    owners: dict[Segment, list[str]] = defaultdict(list)
    for code, ring in rings:
        by_country[code].append(ring)
        for one, other in pairwise(ring):
            owners[min(one, other), max(one, other)].append(code)
    settled = [segment for segment, codes in owners.items() if not _within(codes) and set(codes) not in UNSETTLED]
    dashed = [segment for segment, codes in owners.items() if set(codes) in UNSETTLED]
    return Land(
        tuple(map(_outline, by_country.values())),
        Outline.make_compound_path(*(Outline(np.array(chain)) for chain in _chains(settled))),
        tuple(Outline(np.array(chain)) for chain in _chains(dashed)),
        tuple(_named(features)),
    )


def _named(features: list[dict[str, Any]]) -> Iterator[Country]:
    """The countries that say where their name goes."""
    for feature in features:
        says = feature.get("properties") or {}
        if "label_lon" in says and "label_lat" in says and says.get("name") not in PARTS:
            rings = _rings(feature["geometry"])
            longitudes = [point[0] for ring in rings for point in ring]
            name = str(says["name"])
            name = NAMES[name].text if name in NAMES else name
            wide, code = max(longitudes) - min(longitudes), str(says.get("iso_a3") or "")
            yield Country(name, says["label_lon"], says["label_lat"], wide, _outline(rings), code)


@functools.cache
def elsewhere() -> Outline:
    """The land around the map's own countries, to be drawn behind them."""
    features = json.loads(ELSEWHERE.read_text(encoding="utf-8"))["features"]
    return _outline(ring for feature in features for ring in _rings(feature["geometry"]))


def _outline(rings: Iterable[list[Point]]) -> Outline:
    return Outline.make_compound_path(*(Outline(np.array(ring), closed=True) for ring in rings))


def draw_land(axes: Any, file: Path) -> None:
    """Puts land and borders on axes whose x is longitude and y latitude."""
    ground = land(file)
    behind = [elsewhere()] if file == OWN else []
    looks: tuple[tuple[Any, dict[str, Any]], ...] = (
        (behind, {"facecolor": LAND, "edgecolor": LINE, "lw": 0.7, "zorder": -1}),
        (ground.countries, {"facecolor": LAND, "edgecolor": LAND, "lw": 0.3, "zorder": 0}),
        ([ground.lines], {"facecolor": "none", "edgecolor": LINE, "lw": 0.7, "zorder": 1}),
        (ground.unsettled, {"facecolor": "none", "edgecolor": LINE, "lw": 0.9, "linestyle": (0, (3, 2)), "zorder": 1}),
    )
    for paths, how in looks:
        axes.add_collection(PathCollection(paths, **how), autolim=False)


def _code(feature: dict[str, Any]) -> str:
    properties = feature.get("properties") or {}
    return str(properties.get("iso_a3") or properties.get("name") or id(feature))


def _rings(geometry: dict[str, Any] | None) -> list[list[Point]]:
    if geometry is None or geometry["type"] not in ("Polygon", "MultiPolygon"):
        return []
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(float(point[0]), float(point[1])) for point in ring] for polygon in polygons for ring in polygon]


def _within(codes: list[str]) -> bool:
    """Whether a line lies between two features of one country, which are drawn as one."""
    return len(codes) > 1 and len(set(codes)) == 1


def _chains(segments: list[Segment]) -> list[list[Point]]:
    """Segments joined end to end where exactly two meet, so that a dashed line is dashed along its whole length."""
    at: dict[Point, list[Segment]] = defaultdict(list)
    for segment in segments:
        for end in segment:
            at[end].append(segment)
    left, chains = dict.fromkeys(segments), []
    while left:
        first = next(iter(left))
        del left[first]
        chain = [*first]
        for forward in (True, False):
            while True:
                end = chain[-1] if forward else chain[0]
                onward = next((each for each in at[end] if each in left and len(at[end]) == 2), None)
                if onward is None:
                    break
                del left[onward]
                point = onward[1] if onward[0] == end else onward[0]
                chain.insert(len(chain) if forward else 0, point)
        chains.append(chain)
    return chains
