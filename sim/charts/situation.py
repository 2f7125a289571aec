"""The situation on a map: what share of all units each mission holds, and what share of all need falls on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sim.charts.house import words
from sim.charts.house.basemap import NOTE, land
from sim.charts.house.cache import cached
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
from sim.charts.house.sheet import Sign, key, sheet, statement
from sim.charts.house.style import GREY, HIGHLIGHT, INK, Chart, house_style
from sim.comparison.comparison import Comparison
from sim.words.language import phrase, phrase_n
from sim.words.names import in_a_row

LARGEST = 0.38
"""Inches: the radius of the largest disc."""
LEAST_DEGREES = 5.0
"""Of latitude and longitude that the map shows at least."""
BESIDE = 5.2
"""Inches of the map where a table stands beside it."""


class Share(NamedTuple):
    """A mission's part of all missions'."""

    held: float
    """Of the units held at the start, of whatever kind."""
    needed: float
    """Of the unit-days that crises need, on average over replications."""


@cached
def shares(comparison: Comparison) -> Mapping[str, Share]:
    """By mission, in the scenario's order; 0 of nothing is 0."""
    held = {name: units_held(comparison.scenario, name) for name in comparison.scenario.missions}
    needed = dict.fromkeys(held, 0.0)
    for (mission, _), measures in comparison.options[comparison.reference].cells.items():
        needed[mission] += measures["requirement_unit_days"].mean
    units, days = sum(held.values()) or 1, sum(needed.values()) or 1.0
    return {name: Share(held[name] / units, needed[name] / days) for name in held}


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per mission: its place, its share of all units held and of all unit-days that crises need."""
    places = locations_of(comparison.scenario)
    return [
        {"mission": name, "latitude": places[name][1], "longitude": places[name][0]}
        | {"share_of_units": share.held, "share_of_need": share.needed}
        for name, share in shares(comparison).items()
        if name in places
    ]


def finding(comparison: Comparison) -> str:
    by_mission, scenario = shares(comparison), comparison.scenario
    most = max(by_mission, key=lambda name: by_mission[name].needed, default="")
    whole = any(share.held for share in by_mission.values())
    if len(by_mission) < 2 or not by_mission[most].needed or not whole:
        return phrase_n("{n:,} crisis may come", "{n:,} crises may come", len(scenario.crises))
    slots = {"mission": words.label(scenario, most), "need": words.percent(by_mission[most].needed)}
    if not by_mission[most].held:
        return phrase("{need} of all that crises need falls on {mission}, which holds nothing", **slots)
    return phrase(
        "{need} of all that crises need falls on {mission}, which holds {units} of the units of {n:,} missions",
        units=words.percent(by_mission[most].held),
        n=len(by_mission),
        **slots,
    )


def alt(comparison: Comparison) -> str:
    told = (
        phrase(
            "{mission}: {units} of the units, {need} of the need",
            mission=words.label(comparison.scenario, name),
            units=words.percent(share.held),
            need=words.percent(share.needed),
        )
        for name, share in shares(comparison).items()
    )
    return phrase(
        "Map of the missions with their shares of units and of need. {finding}. {missions}.",
        finding=finding(comparison),
        missions=in_a_row(told),
    )


@house_style
def situation(comparison: Comparison) -> Chart:
    """Two discs a mission, one upon the other: units held, and need."""
    return _drawn(comparison)


@house_style
def beside_a_table(comparison: Comparison) -> Chart:
    """The same on half a sheet."""
    return _drawn(comparison, BESIDE)


def _drawn(comparison: Comparison, wide: float | None = None) -> Chart:
    """As many inches wide, or as the sheet."""
    places, said = locations_of(comparison.scenario), finding(comparison)
    fact = phrase("Means of n = {n:,}", n=comparison.replications)
    caption = words.caption(comparison, fact)
    if not places:
        return statement(said, caption)
    shown = phrase("The larger a disc, the larger the share of all units, or of all that crises need")
    chart, area = sheet(said, shown, f"{caption} {NOTE()}", alt=alt(comparison))
    if wide is not None:
        area = area._replace(right=area.left + wide)
    signs = [Sign(phrase("share of units held"), INK, marker="o"), Sign(phrase("share of need"), HIGHLIGHT, marker="o")]
    frame = frame_of(key(chart, signs, area), places, LEAST_DEGREES)
    _missions(chart, frame, places, comparison)
    return chart


def _missions(chart: Chart, frame: Frame, places: dict[str, tuple[float, float]], comparison: Comparison) -> None:
    """Land, discs (the smaller of a mission's two on top), and names: those of host countries before the missions'."""
    axes, by_mission = ground(chart, frame), {name: shares(comparison)[name] for name in places}
    most = max([1e-9, *(max(share) for share in by_mission.values())])
    held, needed = (radii_of({name: share[k] for name, share in by_mission.items()}, most, LARGEST) for k in (0, 1))
    radii = {name: max(held[name], needed[name]) for name in places}
    drawn = circle_places(frame, places, radii)
    to_own_place(axes, places, drawn)
    for name, at in drawn.items():
        if not any(by_mission[name]):
            axes.plot(*at, "o", ms=2 * radii[name] * 72, color=GREY, mec="white", mew=1.2, zorder=5)
        discs = [(needed[name], HIGHLIGHT, by_mission[name].needed), (held[name], INK, by_mission[name].held)]
        for radius, colour, share in sorted(discs, reverse=True):
            if share:
                axes.plot(*at, "o", ms=2 * radius * 72, color=colour, mec="white", mew=1.2, zorder=5)
    spots = Spots(frame, drawn, radii, land().names)
    circles = spots.circles()
    hosts, others = spots.hosts(places)
    taken = [*circles]
    name_countries(chart, frame, hosts, taken)
    labels = mission_labels(spots, names_on_map(comparison.scenario, drawn), taken[len(circles) :])
    for at, label in zip(drawn.values(), labels, strict=True):
        if label is not None:
            taken.append(write_name(chart, frame, at, label))
    name_countries(chart, frame, others, taken)
