"""Missions: where they are, what they hold, and what changes on a date."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sim.scenario.nouns.dates_and_numbers import MONTHS, Month
from sim.scenario.nouns.distributions import Block
from sim.scenario.nouns.frozen import FrozenMap, Map
from sim.scenario.nouns.values import (
    UNNAMED,
    Date,
    Held,
    HeldMoreOrLess,
    Km,
    MoreOrLess,
    Name,
    PlainDays,
    Whole,
    as_tuple,
)


def _on_earth(at: tuple[float, float] | None) -> tuple[float, float] | None:
    if at is not None and not (-90 <= at[0] <= 90 and -180 <= at[1] <= 180):
        raise ValueError(f"must be [latitude -90 to 90, longitude -180 to 180], not {list(at)}")
    return at


class Active(Block):
    from_: Annotated[Date | None, Field(alias="from")] = None
    """First day of the mission; from before the period where omitted."""
    to: Date | None = None
    """Last day of the mission, to its end; beyond the period where omitted."""

    @model_validator(mode="after")
    def _forward(self) -> Active:
        if self.from_ and self.to and self.to < self.from_:
            raise ValueError(f"must not end before it begins: {self.to} is before {self.from_}")
        return self


class MissionChange(Block):
    on: Date
    """The day, at 00:00. What is dated before the period holds from its first day on; after it, nothing happens."""
    holds: Map[Name, HeldMoreOrLess] = FrozenMap()
    """Units added or, where negative, withdrawn: by resource, or by resource and contributor. A plain number goes to
    the mission's only contributor of that resource, else to one called "unnamed"."""
    routine: Map[Name, MoreOrLess] = FrozenMap()
    """Units added to, or taken from, what daily tasks take."""
    reception_per_day: Map[Name, Whole] = FrozenMap()
    """Units of a resource that it takes in within any 24 hours from this day on (a camp or an airfield is ready; 0:
    none), whatever was said before. Those that wait come in at 00:00 of the day, as many as it then can."""
    why: str | None = None
    """Reason, for people."""

    def by_contributor(self, mission: Mission, resource: str) -> dict[str, int]:
        """Units added or withdrawn by contributor; a plain number means the mission's only contributor."""
        delta = self.holds.get(resource, {})
        if isinstance(delta, dict):
            return dict(delta)
        known = list(mission.holdings(resource))
        return {known[0] if len(known) == 1 else UNNAMED: delta}

    def units(self, resource: str) -> int:
        """Units added or withdrawn, of all contributors."""
        delta = self.holds.get(resource, 0)
        return sum(delta.values()) if isinstance(delta, dict) else delta


class Mission(Block):
    label: str | None = None
    """Full name."""
    at: Annotated[tuple[float, float] | None, BeforeValidator(as_tuple), AfterValidator(_on_earth)] = None
    """Latitude and longitude; journeys take no time where omitted."""
    region: Name | None = None
    """Region, for policies, agreements and lifts that go by region."""
    host: str | None = None
    """Host country: a note. The host's gate is said in agreements."""
    active: Active = Active()
    """When the mission exists; the whole period where omitted."""
    holds: Map[Name, Held] = FrozenMap()
    """Units by resource, or by resource and contributor (a plain number: contributor "unnamed")."""
    routine: Map[Name, Whole] = FrozenMap()
    """Units that daily tasks take, by resource. What they take beyond what the mission holds counts as unmet
    from the first day."""
    reception_per_day: Map[Name, Whole] = FrozenMap()
    """Units of a resource that it can take in within any 24 hours; 0 while it has no camp or airfield for them, until a
    change says otherwise. Those that wait count as in transit. Units that come home are not limited. No limit where
    omitted."""
    changes: Annotated[tuple[MissionChange, ...], BeforeValidator(as_tuple)] = ()
    """Drawdown, build-up, withdrawals: what changes on a date."""

    def holdings(self, resource: str) -> dict[str, int]:
        """Units of `resource` by contributor."""
        held = self.holds.get(resource, {})
        return dict(held) if isinstance(held, dict) else {UNNAMED: held}

    def units(self, resource: str) -> int:
        """Units of `resource`, of all contributors."""
        return sum(self.holdings(resource).values())


class Route(Block):
    between: Annotated[tuple[Name, Name], BeforeValidator(as_tuple)]
    """The two missions."""
    km: Km | None = None
    """Distance by this route, instead of the great circle."""
    days: Map[Name, PlainDays] = FrozenMap()
    """Journey in days, by resource, instead of what the resource's travel gives, handling included. It may lead further
    than any mode covers; the last is then taken."""

    closed: Annotated[tuple[Month, ...], BeforeValidator(as_tuple)] = ()
    """Months in which it is closed, as [jul, aug, sep]: who would set out then, out or home, waits for the first of the
    next month, in transit (with its slot of a lift, where it has one). Who has set out before gets there."""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Route:
        if self.between[0] == self.between[1]:
            raise ValueError(f"must lead from one mission to another, not from {self.between[0]!r} to itself")
        if self.km is None and not self.days and not self.closed:
            raise ValueError("must say km, days or closed")
        if set(self.closed) == set(MONTHS):
            raise ValueError("closed leaves no month in which anybody can set out")
        return self
