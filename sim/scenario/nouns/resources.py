"""What can be lent, how it travels, and who supplies it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from sim.scenario.nouns.distributions import Block, Days, MoreThanZeroDays, Share
from sim.scenario.nouns.frozen import FrozenMap, Map
from sim.scenario.nouns.values import Component, Km, Money, Name, Names, Span, Whole, as_tuple


class Travel(Block):
    by: Name
    """What moves the units; the name of a lift where one must be waited for."""
    up_to_km: Km | None = None
    """Longest distance this mode covers; any distance where omitted."""
    speed_kmh: Annotated[float, Field(ge=0.1, le=100_000)]
    """Speed on the way."""
    hours_per_day: Annotated[float, Field(ge=0.1, le=24)] = 24
    """Hours of movement in a day, stops included: a journey takes (km / speed_kmh + stops · stop_hours) / hours_per_day
    days."""
    range_km: Annotated[float, Field(ge=1, le=100_000)] | None = None
    """Longest leg without a stop: a way of two and a half such legs has two stops. No stops where omitted."""
    stop_hours: Annotated[float, Field(ge=0, le=10_000)] = 0
    """Length of a stop; it counts within hours_per_day."""
    handling_days: Days = 0
    """Loading, unloading and reassembly, added to the journey."""
    units_per_load: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Units that travel in one load of the lift; all at once where omitted."""


class Cost(Block):
    per_unit_year: Money = 0
    """What holding one unit costs a year. Only `intermission size` reads it: it is never part of the cost in the table
    of a comparison."""
    per_unit_day_away: Money = 0
    """For each day that a unit is away, from departure to home."""
    per_km: Money = 0
    """For each kilometre that a unit travels."""
    per_flight_hour: Money = 0
    """For each hour under way that a unit travels."""


ROAD_COLUMN = (Travel(by="road", speed_kmh=40, hours_per_day=10),)


class Equipment(Block):
    prepare_days: Days = 0
    """From the last gate to readiness to depart."""
    travel: Annotated[tuple[Travel, ...], BeforeValidator(as_tuple)] = ROAD_COLUMN
    """Modes, tried in order, as those of the resource, which are its people's. Where omitted: by road, 40 km/h, 10
    hours a day."""


class Serviceable(Block):
    share: Annotated[float, Field(gt=0, le=1)]
    """Share of the units that is fit in the long run; from the period's first day on the others are in repair. Each
    unit falls unfit at random, as often as the share asks for, wherever it is."""
    repair_days: MoreThanZeroDays
    """How long a repair lasts."""


class Resource(Block):
    label: str | None = None
    """Name in charts; the key, with spaces for underscores, where omitted."""
    component: Component = "military"
    """What it belongs to: a note."""
    people: Whole = 0
    """People in one unit, for headcounts."""
    prepare_days: Days = 0
    """From the last gate to readiness to depart."""
    recover_days: Days = 0
    """From the return home to being present again."""
    serviceable: Serviceable | None = None
    """Units fall unfit and are repaired: one in repair is not present and is not offered, and what that leaves unmet
    has the cause `in repair`. All are always fit where omitted."""
    travel: Annotated[tuple[Travel, ...], BeforeValidator(as_tuple)] = ROAD_COLUMN
    """Modes, tried in order: the first whose up_to_km covers the distance is used. Where omitted: by road, 40 km/h, 10
    hours a day."""
    equipment: Equipment | None = None
    """What prepares and travels apart from the people, at the same time: a unit is present when both are in, and goes
    home when both can. prepare_days, travel and the days of a route are then the people's. All moves as one where
    omitted."""
    cost: Cost = Cost()
    """What a loan of one unit costs, in US dollars."""

    @property
    def travels(self) -> dict[tuple[str, ...], tuple[Travel, ...]]:
        """Its modes of travel, by where they are said: its own, and its equipment's."""
        found: dict[tuple[str, ...], tuple[Travel, ...]] = {("travel",): self.travel}
        if self.equipment is not None:
            found["equipment", "travel"] = self.equipment.travel
        return found


class Lift(Block):
    slots: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """Loads that can be under way or turning around at one time."""
    turnaround_days: Days = 0
    """From a load's arrival until its slot is free again."""
    cost_per_sortie: Money = 0
    """US dollars for each load."""
    for_: Annotated[Names | None, Field(alias="for")] = None
    """Missions or regions that may use it: enough if one of the two ends of a journey, lender or borrower, is among
    them. Everyone where omitted."""


class ConsentGiven(Span):
    resources: Names | None = None
    """Resources that the consent covers; all where omitted."""


class Contributor(Block):
    label: str | None = None
    """Name in charts."""
    consent_days: Days = 0
    """How long its consent to a move takes, where an agreement has a contributor gate without days of its own."""
    refuses: Share = 0
    """Chance that it refuses, where an agreement has a contributor gate without a chance of its own."""
    consent_given: Annotated[tuple[ConsentGiven, ...], BeforeValidator(as_tuple)] = ()
    """Times for which it has consented beforehand: requests made then pass its gate at once, and are not refused."""
    prepare_days: Map[Name, Days] = FrozenMap()
    """From the last gate to readiness to depart, by resource, of the units that it supplies; the resource's own where
    omitted."""
