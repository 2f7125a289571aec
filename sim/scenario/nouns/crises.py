"""What raises a mission's requirement for a while."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.nouns.dates_and_numbers import MONTHS, Month
from sim.scenario.nouns.distributions import MOST_DAYS, Block, Days, Share
from sim.scenario.nouns.frozen import FrozenMap, Map
from sim.scenario.nouns.values import Date, Kind, Name, Needs, PlainDays, as_tuple


class Phase(Block):
    name: str | None = None
    """Name in charts."""
    lasts_days: Days
    """How long the phase lasts."""
    needs: Needs
    """Units needed above routine while it lasts, by resource."""


class Spill(Block):
    to: Name
    """Mission where the child occurrence starts."""
    chance: Share
    """Chance that it does."""
    after_days: Days = 0
    """From the parent's onset to the child's."""
    lasts_days: Days
    """How long the child lasts."""
    needs: Needs
    """What the child needs, by resource."""


class Escalation(Block):
    if_short_days: PlainDays
    """Days in a row, while it is active, that its mission is short of anything that it needs."""
    chance: Share = 1
    """Chance that this makes it escalate; drawn once for each occurrence, whatever the option."""
    extends_days: Days = 0
    """How much longer it then lasts."""
    grows: Annotated[float, Field(ge=1, le=1000)] = 1
    """Factor on its needs from then on, rounded up."""


class Crisis(Block):
    mission: Name
    """Where it happens."""
    label: str | None = None
    """Name in charts."""
    kind: Kind = "other"
    """What sort of crisis: a note."""
    severity: Annotated[int, Field(ge=1, le=5)] = 3
    """1 to 5: who is served first."""
    on: Date | None = None
    """Scheduled: its date. Either this or every_days must be said."""
    every_days: Annotated[float, Field(gt=0, le=MOST_DAYS)] | None = None
    """Random: the mean interval between two (a Poisson process)."""
    season: Map[Month, Annotated[float, Field(ge=0, le=1000)]] = FrozenMap()
    """Weights by month of a random crisis; missing months weigh 1 (write 0 for a month without), and the yearly mean
    stays as given."""
    likelihood: Share = 1
    """Chance that it happens at all."""
    warning_days: Days = 0
    """How long before its onset it is known."""
    lasts_days: Days | None = None
    """How long it lasts. Must be said, unless there are phases."""
    needs: Needs | None = None
    """Units needed above routine while it lasts, by resource. Must be said, unless there are phases."""
    phases: Annotated[tuple[Phase, ...], BeforeValidator(as_tuple)] = ()
    """Phases, one after another, each with its own duration and needs."""
    spills_over: Annotated[tuple[Spill, ...], BeforeValidator(as_tuple)] = ()
    """Children that it may start in other missions."""
    escalates: Escalation | None = None
    """What happens when it is left short."""
    patience_days: PlainDays | None = None
    """What is still missing this long after onset is given up: nobody is asked for it any more. Units present or under
    way, promised ones included, are not given up; what is given up still counts as unmet until the crisis's end. Never
    where omitted."""

    @model_validator(mode="after")
    def _timed_and_needy(self) -> Crisis:
        if (self.on is None) == (self.every_days is None):
            raise ValueError("must say either on (a date) or every_days (a mean interval), and not both")
        if self.season and self.every_days is None:
            raise ValueError("season belongs to a random crisis: it needs every_days")
        if self.season and not sum(self.season.get(month, 1) for month in MONTHS) > 0:
            raise ValueError("season leaves no month in which the crisis could happen")
        if self.phases and (self.lasts_days is not None or self.needs is not None):
            raise ValueError("must say either phases, or lasts_days and needs, and not both")
        if not self.phases:
            missing = [word for word in ("lasts_days", "needs") if getattr(self, word) is None]
            if missing:
                raise ValueError(f"must say {' and '.join(missing)} (or phases)")
        return self

    @cached_property
    def stages(self) -> tuple[Phase, ...]:
        """The phases; a crisis without any is one phase."""
        if self.phases:
            return self.phases
        assert self.lasts_days is not None and self.needs is not None
        return (Phase(lasts_days=self.lasts_days, needs=self.needs),)

    @property
    def needs_by_mission(self) -> tuple[tuple[str, Needs], ...]:
        """(mission, what may be needed there) of each phase and each spill-over."""
        own = ((self.mission, phase.needs) for phase in self.stages)
        return (*own, *((spill.to, spill.needs) for spill in self.spills_over))
