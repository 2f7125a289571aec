"""Missions, loans and journeys for a geographic information system: GeoJSON as RFC 7946 has it.

Positions are [longitude, latitude] on WGS 84. A line over the 180th meridian is cut there (section 3.1.9). What has no
place has no geometry (section 3.2). Times are UTC midnights and fractions of days from the period's start.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from sim.charts.house.drawer import chart_of
from sim.charts.house.episode import kept_replications
from sim.comparison.comparison import Comparison, compare
from sim.operations.log import LoanRecord
from sim.results.manifest import write_whole
from sim.results.reader import Results
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.milliseconds import milliseconds
from sim.scenario.nouns.scenario import Mission

NOTE = "Places are as the scenario gives them; designations imply no official endorsement or acceptance."
log = logging.getLogger("sim")
PLACES = 5
"""Decimal places of a coordinate: a metre."""
Feature = dict[str, Any]
Lot = tuple[dict[str, Any], LoanRecord]
"""What names a replication, and a lot of a loan in it."""


def as_geojson(results: Results, folder: Path) -> Iterator[Path]:
    """Write `missions.geojson`; `lending.geojson`, what each mission lends each other on average; and of the first
    replication whose log was kept, under every option, `loans.geojson`, a feature a lot with its dates as
    `requested_at` and so on, and `journeys.geojson`, a feature a movement out or home with `start` and `end` for maps
    that play time. Without any log all but the missions is empty, which is told."""
    if not results.kept_replications:
        log.warning("no replication's log was kept: only missions.geojson holds anything (run --keep-loans 1 or more)")
    scenario, lots = results.scenario, list(_lots(results))
    files: dict[str, Iterable[Feature]] = {
        "missions": (_mission(scenario, name) for name in scenario.missions),
        "lending": _lending(compare(results)),
        "loans": (_loan(scenario, words, lot) for words, lot in lots),
        "journeys": chain.from_iterable(_journeys(scenario, words, lot) for words, lot in lots),
    }
    for name, features in files.items():
        collection = {"type": "FeatureCollection", "name": name, "note": NOTE, "features": list(features)}
        path = folder / f"{name}.geojson"
        write_whole(path, json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n")
        yield path


def _lots(results: Results) -> Iterator[Lot]:
    for option in results.options:
        for replication in results.kept_replications[:1]:
            words = {"option": option, "replication": replication, "seed": results.seed}
            yield from ((words, lot) for lot in results.loans(option, replication))


def _lending(comparison: Comparison) -> Iterator[Feature]:
    if not kept_replications(comparison):
        return
    for option in comparison.options:
        for row in chart_of("lending").rows(comparison, option=option):
            line = _line(comparison.scenario, row["lender"], row["borrower"])
            yield {"type": "Feature", "geometry": line, "properties": {"option": option, **row}}


def _mission(scenario: LoadedScenario, name: str) -> Feature:
    mission = scenario.missions[name]
    place = None if mission.at is None else {"type": "Point", "coordinates": _position(mission)}
    words = {
        "name": name,
        "label": mission.label or name,
        "region": mission.region,
        "host": mission.host,
        "holds": {resource: mission.units(resource) for resource in mission.holds},
    }
    return {"type": "Feature", "geometry": place, "properties": words}


def _loan(scenario: LoadedScenario, words: dict[str, Any], lot: LoanRecord) -> Feature:
    dates = {
        f"{name.removesuffix('_day')}_at": _instant(scenario, value)
        for name, value in lot._asdict().items()
        if name.endswith("_day")
    }
    plain = {name: value for name, value in lot._asdict().items() if not name.endswith("_day")}
    line = _line(scenario, lot.lender, lot.borrower)
    return {"type": "Feature", "geometry": line, "properties": {**words, **plain, **dates}}


def _journeys(scenario: LoadedScenario, words: dict[str, Any], lot: LoanRecord) -> Iterator[Feature]:
    ways = (
        ("out", lot.lender, lot.borrower, lot.departed_day, lot.landed_day),
        ("home", lot.borrower, lot.lender, lot.left_day, lot.home_day),
    )
    for way, start, end, departed, arrived in ways:
        if departed is not None:
            told = {
                "way": way,
                "from": start,
                "to": end,
                **{
                    name: getattr(lot, name)
                    for name in ("loan", "load", "resource", "contributor", "units", "lift", "km")
                },
                "start": _instant(scenario, departed),
                "end": _instant(scenario, arrived),
            }
            yield {"type": "Feature", "geometry": _line(scenario, start, end), "properties": {**words, **told}}


def _position(mission: Mission) -> list[float]:
    assert mission.at is not None
    latitude, longitude = mission.at
    return [round(longitude, PLACES), round(latitude, PLACES)]


def _line(scenario: LoadedScenario, start: str, end: str) -> dict[str, Any] | None:
    """A straight line in longitude and latitude, in two parts where it meets the 180th meridian."""
    here, there = scenario.missions[start], scenario.missions[end]
    if here.at is None or there.at is None:
        return None
    one, other = _position(here), _position(there)
    if abs(one[0] - other[0]) <= 180:
        return {"type": "LineString", "coordinates": [one, other]}
    edge = 180.0 if one[0] > 0 else -180.0
    far = other[0] + 2 * edge
    latitude = round(one[1] + (other[1] - one[1]) * (edge - one[0]) / (far - one[0]), PLACES)
    return {"type": "MultiLineString", "coordinates": [[one, [edge, latitude]], [[-edge, latitude], other]]}


def _instant(scenario: LoadedScenario, day: float | None) -> str | None:
    """The instant as ISO 8601 in UTC; None where it never came."""
    if day is None:
        return None
    start = dt.datetime.combine(scenario.period.from_, dt.time(), dt.UTC)
    return (start + dt.timedelta(milliseconds=milliseconds(day))).isoformat(timespec="seconds")
