"""Small tables that come with the package: people per unit by personnel type, and where missions are."""

from __future__ import annotations

import csv
import datetime as dt
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class UnitSize(NamedTuple):
    """How many people are one unit of a resource; `people` None where they are not counted in units."""

    resource: str
    label: str
    component: str
    people: int | None
    personnel_types: tuple[str, ...]
    source: str
    confidence: str


class Place(NamedTuple):
    """Where a mission is, in degrees, and by which name it went on, if it did."""

    mission: str
    label: str
    latitude: float
    longitude: float
    place: str
    host: str
    region: str
    became: str
    became_on: dt.date | None
    source: str
    confidence: str


@cache
def unit_sizes() -> dict[str, UnitSize]:
    """Sizes of units by resource."""
    sizes = {}
    for row in _rows("people_per_unit.csv"):
        types = tuple(each.strip() for each in row["personnel_types"].split(";"))
        people = int(row["people"]) if row["people"] else None
        sizes[row["resource"]] = UnitSize(**{**row, "people": people, "personnel_types": types})  # type: ignore[arg-type]
    return sizes


@cache
def resource_of_type() -> dict[str, str]:
    """The resource by `type_key` of every personnel type that is known."""
    return {type_key(each): size.resource for size in unit_sizes().values() for each in size.personnel_types}


def type_key(text: str) -> str:
    """A personnel type without capitals, marks and blanks: `Formed_Police  Units` is `formed police units`."""
    return " ".join(re.sub(r"[\W_]+", " ", text).casefold().split())


@cache
def places() -> dict[str, Place]:
    """Places by mission."""
    found = {}
    for row in _rows("places_of_missions.csv"):
        numbers = {"latitude": float(row["latitude"]), "longitude": float(row["longitude"])}
        day = dt.date.fromisoformat(row["became_on"]) if row["became_on"] else None
        found[row["mission"]] = Place(**{**row, **numbers, "became_on": day})  # type: ignore[arg-type]
    return found


def _rows(name: str) -> list[dict[str, str]]:
    text = files("sim.importing").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
