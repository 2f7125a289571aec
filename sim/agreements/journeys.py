"""Places, routes and journeys in days."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sim.scenario.nouns.distributions import Days
from sim.scenario.nouns.milliseconds import in_days, milliseconds
from sim.scenario.nouns.places import great_circle_km
from sim.scenario.nouns.scenario import MONTHS, Mission, Resource, Route, Scenario, Travel

A_MILLIONTH = 1e-6


@dataclass(frozen=True, slots=True)
class Journey:
    """How units of one resource get from one mission to another (and back: journeys are the same both ways)."""

    km: float
    lasts: int
    """In whole milliseconds, without handling."""
    handling_days: Days
    hours: float
    """Hours of movement, for costs by the flight hour."""
    by: str
    lift: str | None
    """Name of the lift that must be waited for."""
    units_per_load: int | None
    closed: tuple[tuple[int, int], ...] = ()
    """(from, until) in milliseconds from the period's start: who would set out then waits."""

    equipment: Journey | None = None
    """How the equipment goes, where it moves apart: the rest is then said of the people."""
    lifts: tuple[str, ...] = ()
    """The lifts that must be waited for, of people and equipment."""
    units_together: int | None = None
    """Units that share every date: a load of the lift, of two lifts the larger; None where all go at once."""

    @property
    def parts(self) -> tuple[Journey, ...]:
        """The journeys of what moves: one, or those of people and equipment."""
        return (self,) if self.equipment is None else (self, self.equipment)

    @property
    def days(self) -> float:
        """Days that it takes, without handling; of people and equipment the longer."""
        return in_days(max(part.lasts for part in self.parts))


def distance_km(here: Mission, there: Mission, route: Route | None) -> float:
    """Distance by the route, else by the great circle; 0 where a place is not known."""
    if route is not None and route.km is not None:
        return route.km
    if here.at is None or there.at is None:
        return 0.0
    return great_circle_km(here.at, there.at)


def closures(scenario: Scenario, route: Route) -> tuple[tuple[int, int], ...]:
    """(from, until) in milliseconds from the period's start of the months in which a route is closed, by time."""
    found: list[tuple[int, int]] = []
    first, last = scenario.period.from_, scenario.period.to
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        start, following = (dt.date(each // 12, each % 12 + 1, 1) for each in (number, number + 1))
        if MONTHS[start.month - 1] in route.closed:
            begins, ends = milliseconds(scenario.day(start)), milliseconds(scenario.day(following))
            found.append((found.pop()[0] if found and found[-1][1] == begins else begins, ends))
    return tuple(found)


def opens(closed: Collection[tuple[int, int]], now: int) -> int:
    """The instant at which who would set out now does: now, or when the route opens."""
    return next((until for since, until in closed if since <= now < until), now)


def travel_days(mode: Travel, km: float) -> float:
    """Days that `km` take in one mode, without handling: (km / speed + stops · stop_hours) / hours_per_day.

    A way that is a whole number of legs, to a millionth of one, needs no stop more.
    """
    stops = max(0, math.ceil(km / mode.range_km - A_MILLIONTH) - 1) if mode.range_km is not None else 0
    return (km / mode.speed_kmh + stops * mode.stop_hours) / mode.hours_per_day


def journey(
    travel: Sequence[Travel],
    km: float,
    *,
    lifts: Collection[str] = (),
    closed: Collection[str] = (),
    days: float | None = None,
) -> Journey | None:
    """The journey over `km` in the first mode that covers it; None where no mode does.

    `lifts` are the names of lifts, `closed` those that these two missions may not use. `days`, from a route, replaces
    what speed, stops and handling give; the lift, if any, must still be waited for. Who says how long a journey takes
    has found a way: where no mode covers the distance it is in the last that is open.
    """
    ways = [mode for mode in travel if mode.by not in closed]
    covering = [mode for mode in ways if mode.up_to_km is None or km <= mode.up_to_km]
    if not covering and (days is None or not ways):
        return None
    mode = covering[0] if covering else ways[-1]
    lift = mode.by if mode.by in lifts else None
    taken, handling = (travel_days(mode, km), mode.handling_days) if days is None else (days, 0.0)
    lifted, together = ((), None) if lift is None else ((lift,), mode.units_per_load)
    lasts, hours, load = milliseconds(taken), km / mode.speed_kmh, mode.units_per_load
    return Journey(km, lasts, handling, hours, mode.by, lift, load, lifts=lifted, units_together=together)


def journey_of(
    resource: Resource, km: float, *, lifts: Collection[str], closed: Collection[str], days: float | None
) -> Journey | None:
    """As `journey`, of a resource; None, too, where its equipment moves apart and no mode of its own covers `km`.

    `days` are the people's.
    """
    people = journey(resource.travel, km, lifts=lifts, closed=closed, days=days)
    if resource.equipment is None or people is None:
        return people
    equipment = journey(resource.equipment.travel, km, lifts=lifts, closed=closed)
    if equipment is None:
        return None
    loads = [part.units_together for part in (people, equipment) if part.lift is not None]
    together = None if None in loads else max((size for size in loads if size is not None), default=None)
    lifted = tuple(dict.fromkeys(people.lifts + equipment.lifts))
    return replace(people, equipment=equipment, lifts=lifted, units_together=together)
