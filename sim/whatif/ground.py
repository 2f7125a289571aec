"""The map's ground: land, borders and names around the missions, and where the missions are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.charts.house.basemap import NOTE, elsewhere, land
from sim.charts.house.mission_map import locations_of, units_held
from sim.whatif.packing import deltas

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.scenario.loaded import LoadedScenario

MARGIN = 14.0
"""Degrees around the missions, at least; as much again as they span where that is more."""
MOVE_TO, CLOSE = 1, 79
"""matplotlib's codes for the start of a line and for its end at the start."""


class Box(NamedTuple):
    """Degrees."""

    west: float
    south: float
    east: float
    north: float


def ground(scenario: LoadedScenario) -> dict[str, Any]:
    """Lines as whole hundredths of a degree (see `packing.deltas`), longitude first; of each mission longitude,
    latitude and the units held at the start, None of one without a place."""
    places = locations_of(scenario)
    if not places:
        return {"places": [], "behind": [], "land": [], "lines": [], "unsettled": [], "names": [], "note": NOTE()}
    box = _around(list(places.values()))
    found = land()
    return {
        "places": [
            [*places[name], units_held(scenario, name)] if name in places else None for name in scenario.missions
        ],
        "behind": [deltas(ring) for ring in _lines_in(elsewhere(), box)],
        "land": [deltas(ring) for country in found.countries for ring in _lines_in(country, box)],
        "lines": [deltas(line) for line in _lines_in(found.lines, box)],
        "unsettled": [deltas(line) for each in found.unsettled for line in _lines_in(each, box)],
        "names": [
            [each.called(), round(each.longitude, 2), round(each.latitude, 2), round(each.wide, 1)]
            for each in found.names
            if box.west <= each.longitude <= box.east and box.south <= each.latitude <= box.north
        ],
        "note": NOTE(),
    }


def _around(points: list[tuple[float, float]]) -> Box:
    (west, south), (east, north) = np.min(points, axis=0), np.max(points, axis=0)
    across, up = max(MARGIN, float(east - west)), max(MARGIN, float(north - south))
    return Box(float(west) - across, float(south) - up, float(east) + across, float(north) + up)


def _lines_in(outline: Any, box: Box) -> Iterator[NDArray[np.float64]]:
    """The lines of a path that come into the box, each an array of (longitude, latitude)."""
    vertices = np.asarray(outline.vertices, dtype=np.float64)
    codes = np.full(len(vertices), 2) if outline.codes is None else np.asarray(outline.codes)
    starts = np.flatnonzero(codes == MOVE_TO)
    for points, marks in zip(np.split(vertices, starts), np.split(codes, starts), strict=True):
        line = points[marks != CLOSE]
        if len(line) < 2:
            continue
        (west, south), (east, north) = line.min(axis=0), line.max(axis=0)
        if west <= box.east and east >= box.west and south <= box.north and north >= box.south:
            yield line
