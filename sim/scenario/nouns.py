"""The nouns of a scenario, as the file says them: frozen, checked, and without any behaviour of their own.

Maps are keyed by name, so a noun does not repeat its name. Days, units, shares: see `distribution`. What each word
means is in the language reference (`scenarios/README.md`), which is generated from the docstrings under these fields.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, PrivateAttr, Tag, model_validator

from sim.errors import Problem
from sim.scenario.distribution import MOST_DAYS, Block, Days, MoreThanZeroDays, Share, Units
from sim.scenario.places import shown


def _date(value: Any) -> Any:
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"there is no {value}; must be a date like 2010-10-01") from None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise ValueError(f"must be a date like 2010-10-01, not {shown(value)}")


def _listed(value: Any) -> Any:
    """A list from YAML is a frozen tuple here."""
    return tuple(value) if isinstance(value, list) else value


def _on_earth(at: tuple[float, float] | None) -> tuple[float, float] | None:
    if at is not None and not (-90 <= at[0] <= 90 and -180 <= at[1] <= 180):
        raise ValueError(f"must be [latitude -90 to 90, longitude -180 to 180], not {list(at)}")
    return at


def _units_or_map(value: Any) -> Any:
    if isinstance(value, (list, str, bool)) or value is None:
        raise ValueError(f"must be units, or a block of units by contributor, not {shown(value)}")
    return value


def _text_or_list(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError(f"must be any, a region, or a list of missions, not {shown(value)}")
    return value


Date = Annotated[dt.date, BeforeValidator(_date)]
Whole = Annotated[int, Field(ge=0, le=1_000_000)]
PlainDays = Annotated[float, Field(ge=0, le=MOST_DAYS)]
Money = Annotated[float, Field(ge=0)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_listed)]
Component = Literal["military", "police", "civilian", "support"]
Gate = Literal["council", "contributor", "host"]
Kind = Literal["election", "violence", "incursion", "start-up", "disaster", "other"]
Month = Literal["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
Needs = dict[Name, Units]


def _spelling(value: Any) -> str:
    """Which of the spellings of a value this is: unions are told apart by shape, so that errors name one of them."""
    return "‹map›" if isinstance(value, dict) else "‹list›" if isinstance(value, (list, tuple)) else "‹plain›"


def _days_or_list(value: Any) -> str:
    return "‹list›" if isinstance(value, (list, tuple)) else "‹plain›"


if TYPE_CHECKING:
    Held = int | dict[str, int]
    HeldMoreOrLess = int | dict[str, int]
    RenewalDays = MoreThanZeroDays | tuple[MoreThanZeroDays, ...]
    Between = str | tuple[str, ...]
else:
    _Change = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
    Held = Annotated[
        Annotated[Whole, Tag("‹plain›")] | Annotated[dict[Name, Whole], Tag("‹map›")],
        Discriminator(_spelling),
        BeforeValidator(_units_or_map),
    ]
    HeldMoreOrLess = Annotated[
        Annotated[_Change, Tag("‹plain›")] | Annotated[dict[Name, _Change], Tag("‹map›")],
        Discriminator(_spelling),
        BeforeValidator(_units_or_map),
    ]
    RenewalDays = Annotated[
        Annotated[MoreThanZeroDays, Tag("‹plain›")]
        | Annotated[tuple[MoreThanZeroDays, ...], BeforeValidator(_listed), Field(min_length=1), Tag("‹list›")],
        Discriminator(_days_or_list),
    ]
    Between = Annotated[
        Annotated[Name, BeforeValidator(_text_or_list), Tag("‹plain›")]
        | Annotated[tuple[Name, ...], BeforeValidator(_listed), Field(min_length=2), Tag("‹list›")],
        Discriminator(_days_or_list),
    ]

UNNAMED = "unnamed"
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
GATES: tuple[Gate, ...] = ("council", "contributor", "host")
MONTHS: tuple[Month, ...] = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Span(Block):
    from_: Annotated[Date, Field(alias="from")]
    """First day."""
    to: Date
    """Last day, to its end."""

    @model_validator(mode="after")
    def _forward(self) -> Span:
        if self.to < self.from_:
            raise ValueError(f"must not end before it begins: {self.to} is before {self.from_}")
        return self


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


class Travel(Block):
    by: Name
    """What moves the units; the name of a lift where one must be waited for."""
    up_to_km: Annotated[float, Field(gt=0)] | None = None
    """Longest distance this mode covers; any distance where omitted."""
    speed_kmh: Annotated[float, Field(gt=0)]
    """Speed on the way."""
    hours_per_day: Annotated[float, Field(gt=0, le=24)] = 24
    """Hours of movement in a day."""
    range_km: Annotated[float, Field(gt=0)] | None = None
    """Distance between stops; no stops where omitted."""
    stop_hours: Annotated[float, Field(ge=0)] = 0
    """Length of a stop."""
    handling_days: Days = 0
    """Loading, unloading and reassembly, added to the journey."""
    units_per_load: Annotated[int, Field(ge=1)] | None = None
    """Units that travel in one load of the lift; all at once where omitted."""


class Cost(Block):
    per_unit_year: Money = 0
    """What holding one unit costs a year (used for sizing, not in the cost of loans)."""
    per_unit_day_away: Money = 0
    """For each day that a unit is away, from departure to home."""
    per_km: Money = 0
    """For each kilometre that a unit travels."""
    per_flight_hour: Money = 0
    """For each hour under way that a unit travels."""


class Resource(Block):
    label: str | None = None
    """Name in charts; the key, with spaces for underscores, where omitted."""
    component: Component = "military"
    """military, police, civilian or support."""
    people: Whole = 0
    """People in one unit, for headcounts."""
    prepare_days: Days = 0
    """From the last gate to readiness to depart."""
    recover_days: Days = 0
    """From the return home to being present again."""
    travel: Annotated[tuple[Travel, ...], BeforeValidator(_listed)] = (
        Travel(by="road", speed_kmh=40, hours_per_day=10),
    )
    """Modes, tried in order: the first whose up_to_km covers the distance is used."""
    cost: Cost = Cost()
    """What a loan of one unit costs, in US dollars."""


class Lift(Block):
    slots: Annotated[int, Field(ge=1)] = 1
    """Loads that can be under way or turning around at one time."""
    turnaround_days: PlainDays = 0
    """From a load's arrival until its slot is free again."""
    cost_per_sortie: Money = 0
    """US dollars for each load."""
    for_: Annotated[Names | None, Field(alias="for")] = None
    """Missions or regions that may use it, as lender or borrower; everyone where omitted."""


class ConsentGiven(Span):
    resources: Names | None = None
    """Resources that the consent covers; all where omitted."""


class Contributor(Block):
    label: str | None = None
    """Name in charts."""
    consent_days: Days = 0
    """How long its consent to a move takes."""
    refuses: Share = 0
    """Chance that it refuses."""
    consent_given: Annotated[tuple[ConsentGiven, ...], BeforeValidator(_listed)] = ()
    """Times for which it has consented beforehand: requests made then pass its gate at once."""


class MissionChange(Block):
    on: Date
    """The day, at 00:00."""
    holds: dict[Name, HeldMoreOrLess] = {}
    """Units added or, where negative, withdrawn: by resource, or by resource and contributor."""
    routine: dict[Name, int] = {}
    """Units added to, or taken from, what daily tasks take."""
    why: str | None = None
    """Reason, for people."""

    def by_contributor(self, mission: Mission, resource: str) -> dict[str, int]:
        """Units added or withdrawn by contributor; a plain number means the mission's only contributor."""
        delta = self.holds.get(resource, {})
        if isinstance(delta, dict):
            return dict(delta)
        known = list(mission.holdings(resource))
        return {known[0] if len(known) == 1 else UNNAMED: delta}


class Mission(Block):
    label: str | None = None
    """Full name."""
    at: Annotated[tuple[float, float] | None, BeforeValidator(_listed), AfterValidator(_on_earth)] = None
    """Latitude and longitude; journeys take no time where omitted."""
    region: Name | None = None
    """Region, for policies, agreements and lifts that go by region."""
    host: str | None = None
    """Host country."""
    active: Active = Active()
    """When the mission exists; the whole period where omitted."""
    holds: dict[Name, Held] = {}
    """Units by resource, or by resource and contributor (a plain number: contributor "unnamed")."""
    routine: dict[Name, Whole] = {}
    """Units that daily tasks take."""
    reception_per_day: dict[Name, Annotated[int, Field(ge=1)]] = {}
    """Units of a resource that it can take in within any 24 hours; no limit where omitted."""
    changes: Annotated[tuple[MissionChange, ...], BeforeValidator(_listed)] = ()
    """Drawdown, build-up, withdrawals: what changes on a date."""

    def holdings(self, resource: str) -> dict[str, int]:
        """Units of `resource` by contributor."""
        held = self.holds.get(resource, {})
        return dict(held) if isinstance(held, dict) else {UNNAMED: held}


class Route(Block):
    between: Annotated[tuple[Name, Name], BeforeValidator(_listed)]
    """The two missions."""
    km: Annotated[float, Field(ge=0)] | None = None
    """Distance by this route, instead of the great circle."""
    days: dict[Name, PlainDays] = {}
    """Journey in days by resource, instead of what the resource's travel gives."""


class Phase(Block):
    name: str | None = None
    """Name in charts."""
    lasts_days: Days
    """How long the phase lasts."""
    needs: Needs
    """Units needed above routine while it lasts."""


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
    """What the child needs."""


class Escalation(Block):
    if_short_days: PlainDays
    """Days in a row short of anything that the crisis needs."""
    chance: Share = 1
    """Chance that this makes it escalate."""
    extends_days: Days = 0
    """How much longer it then lasts."""
    grows: Annotated[float, Field(ge=1, le=1000)] = 1
    """Factor on its needs, rounded up."""


class Crisis(Block):
    mission: Name
    """Where it happens."""
    label: str | None = None
    """Name in charts."""
    kind: Kind = "other"
    """election, violence, incursion, start-up, disaster or other."""
    severity: Annotated[int, Field(ge=1, le=5)] = 3
    """1 to 5: who is served first."""
    on: Date | None = None
    """Scheduled: its date."""
    every_days: Annotated[float, Field(gt=0, le=MOST_DAYS)] | None = None
    """Random: mean interval of a Poisson process."""
    season: dict[Month, Annotated[float, Field(ge=0, le=1000)]] = {}
    """Weights by month of a random crisis; missing months weigh 1 and the yearly mean stays as given."""
    likelihood: Share = 1
    """Chance that it happens at all."""
    warning_days: Days = 0
    """How long before its onset it is known."""
    lasts_days: Days | None = None
    """How long it lasts (or phases)."""
    needs: Needs | None = None
    """Units needed above routine while it lasts (or phases)."""
    phases: Annotated[tuple[Phase, ...], BeforeValidator(_listed)] = ()
    """Phases, one after another, each with its own duration and needs."""
    spills_over: Annotated[tuple[Spill, ...], BeforeValidator(_listed)] = ()
    """Children that it may start in other missions."""
    escalates: Escalation | None = None
    """What happens when it is left short."""
    patience_days: PlainDays | None = None
    """What is still missing this long after onset is given up; never where omitted."""

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


class GateTerms(Block):
    days: Days | None = None
    """How long it takes; for the contributor's gate its own consent_days, else 0, where omitted."""
    refuses: Share | None = None
    """Chance of a refusal; for the contributor's gate its own, else 0, where omitted."""


class Renewals(Block):
    most: Whole
    """How often the window can be renewed."""
    days: RenewalDays
    """Length of a renewal, or one for each in turn (the last serves for the rest)."""
    refuses: Share = 0
    """Chance that a renewal is refused."""


class Agreement(Block):
    between: Between
    """any, a region, or a list of missions; the closest wins: named missions, then one region, then any."""
    resources: Names | None = None
    """Resources that it covers; all where omitted."""
    gates: dict[Gate, GateTerms] | None = None
    """Authorities that must agree; those of the next wider agreement, else none, where omitted."""
    order: Literal["together", "in turn"] | None = None
    """Whether the gates run side by side or one after another (in the order in which they are written)."""
    standing: Annotated[tuple[Gate, ...], BeforeValidator(_listed)] = ()
    """Gates that take no time and never refuse."""
    window_days: MoreThanZeroDays | None = None
    """How long the authority lasts from the council's agreement; no end where neither this nor a wider one says."""
    renewals: Renewals | None = None
    """Whether and how the window can be renewed."""
    at_most: dict[Name, Whole] = {}
    """Units on loan at one time under this agreement, by resource."""


class Keep(Block):
    units: Whole | None = None
    """A number of units."""
    share: Share | None = None
    """A share of the contingent, rounded up."""

    @model_validator(mode="after")
    def _one(self) -> Keep:
        if (self.units is None) == (self.share is None):
            raise ValueError("must say either units or share")
        return self

    def of(self, held: int) -> int:
        """Units kept of a contingent of `held`."""
        if self.units is not None:
            return self.units
        assert self.share is not None
        return math.ceil(self.share * held - 1e-9)


class Recall(Block):
    notice_days: PlainDays = 0
    """From the call until the units leave."""


def _kept(value: Any) -> Any:
    """`keep: 2`, `{units: 2}` and `{share: 0.2}` hold for every resource; anything else is a map by resource."""
    if type(value) is int:
        return {"*": Keep(units=value)} if value >= 0 else {"*": {"units": value}}
    if isinstance(value, dict) and value and set(value) <= {"units", "share"}:
        return {"*": value}
    if isinstance(value, dict):
        return {name: {"units": kept} if type(kept) is int else kept for name, kept in value.items()}
    raise ValueError(f"must be units, {{units: n}}, {{share: x}}, or one of these by resource, not {shown(value)}")


def _recalled(value: Any) -> Any:
    if value is True:
        return Recall()
    if value is None or value is False:
        return None
    if not isinstance(value, (dict, Recall)):
        raise ValueError(f"must be true, false or {{notice_days: n}}, not {shown(value)}")
    return value


class Policy(Block):
    share: Literal["none", "agreements", "region", "all"] = "none"
    """Who may lend to whom: nobody; only under a named agreement; within a region; everyone."""
    keep: Annotated[dict[Name, Keep], BeforeValidator(_kept)] = {}
    """What never leaves a contingent: units, {units: n}, {share: x}, or either by resource; default 0."""
    lenders: Name = "nearest"
    """In what order lenders are asked: nearest, most spare, least at risk, hubs first."""
    foresee_days: PlainDays = 0
    """Own known crises within this horizon are kept for."""
    prevent_days: PlainDays = 0
    """How long before a known crisis the desk already asks."""
    recall: Annotated[Recall | None, BeforeValidator(_recalled)] = None
    """Whether a lender short of units calls its own back: true, false or {notice_days: n}."""
    serve: Literal["severity", "first come"] = "severity"
    """In which order open needs are served."""
    ask_again_days: PlainDays = 14
    """How long a refusal stands."""
    rule: Name | None = None
    """Name of a rule written in Python, instead of lenders."""
    with_: Annotated[dict[str, Any], Field(alias="with")] = {}
    """Parameters of the rule."""

    def kept_of(self, resource: str, held: int) -> int:
        """Units of a contingent of `held` that never leave."""
        keep = self.keep.get(resource) or self.keep.get("*")
        return keep.of(held) if keep else 0


class Option(Block):
    label: str | None = None
    """Name in charts."""
    about: str | None = None
    """What it is, in a sentence."""
    policy: Policy = Policy()
    """How needs are met."""
    change: dict[str, Any] = {}
    """A patch of the scenario, in this same language."""
    reference: bool = False
    """Whether the others are compared with this one; the first where no option says so."""
    record: bool = False
    """Whether this is what really happened, for the hindcast."""


class Experiment(Block):
    replications: Annotated[int, Field(ge=1, le=10_000_000)] = 1000
    """Replications of every option."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    """Seed of all chance."""
    confidence: Annotated[float, Field(ge=0.5, le=0.9999)] = 0.95
    """Confidence of the intervals."""


def _date_or_range(value: Any) -> Any:
    if not isinstance(value, dict):
        return _date(value)
    dates = value.get("between")
    if set(value) != {"between"} or not isinstance(dates, list) or len(dates) != 2:
        raise ValueError("must be a date, or {between: [first, last]}")
    first, last = (_date(each) for each in dates)
    if last < first:
        raise ValueError(f"must not end before it begins: {last} is before {first}")
    return (first, last)


RecordedDate = Annotated[dt.date | tuple[dt.date, dt.date], BeforeValidator(_date_or_range)]


class HistoryEntry(Block):
    from_: Annotated[Name, Field(alias="from")]
    """Lender."""
    to: Name
    """Borrower."""
    resource: Name
    """What was lent."""
    units: Whole | None = None
    """How many."""
    requested: RecordedDate | None = None
    """Day of the request, or {between: [first, last]}."""
    authorised: RecordedDate | None = None
    """Day of the council's agreement."""
    arrived: RecordedDate | None = None
    """Day of arrival."""
    returned: RecordedDate | None = None
    """Day of leaving for home."""
    fitted: Annotated[tuple[Name, ...], BeforeValidator(_listed)] = ()
    """Quantities of this entry that were used to fit the model: reported apart."""
    about: str | None = None
    """Note for people."""


class Sourced(Block):
    """Where a block of the file has its numbers from."""

    path: str
    source: str | None = None
    confidence: Literal["verified", "secondary", "recalled", "assumed"] | None = None


class Scenario(Block):
    name: str = "scenario"
    """Name in tables and charts."""
    about: str | None = None
    """What it is about."""
    language: Literal[1] = 1
    """Version of this language."""
    period: Span
    """First and last day."""
    resources: dict[Name, Resource] = {}
    """What can be lent; those only named elsewhere exist with defaults."""
    lifts: dict[Name, Lift] = {}
    """Shared means of transport that must be waited for."""
    contributors: dict[Name, Contributor] = {}
    """Countries that supply units and must consent to their moves."""
    missions: Annotated[dict[Name, Mission], Field(min_length=1, max_length=200)]
    """Missions and hubs."""
    routes: Annotated[tuple[Route, ...], BeforeValidator(_listed)] = ()
    """Distances or journeys that are not the great circle."""
    crises: Annotated[dict[Name, Crisis], Field(max_length=1000)]
    """What raises requirements."""
    agreements: dict[Name, Agreement] = {}
    """Legal bases for loans; without any, any two missions may lend without paper."""
    options: Annotated[dict[Name, Option], Field(min_length=1)] = {
        "no sharing": Option(),
        "full pooling": Option(policy=Policy(share="all")),
    }
    """What is compared."""
    experiment: Experiment = Experiment()
    """Replications, seed, confidence."""
    history: dict[Name, HistoryEntry] = {}
    """What really happened, for the hindcast; never read by the model."""

    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)
    _sources: tuple[Sourced, ...] = PrivateAttr(default=())
    _warnings: tuple[Problem, ...] = PrivateAttr(default=())
    _changed: dict[str, Scenario] = PrivateAttr(default_factory=dict)

    @property
    def raw(self) -> dict[str, Any]:
        """The resolved file as plain maps and lists (extends applied, sources kept): what `scenario.yaml` holds."""
        return self._raw

    @property
    def sources(self) -> tuple[Sourced, ...]:
        """Every `source` and `confidence` of the file, with the path of its block."""
        return self._sources

    @property
    def days(self) -> float:
        """Length of the period."""
        return float((self.period.to - self.period.from_).days + 1)

    def day(self, date: dt.date) -> float:
        """Days from the period's start to 00:00 of `date`."""
        return float((date - self.period.from_).days)

    def date(self, day: float) -> dt.date:
        """The date on which `day` (from the period's start) falls."""
        return self.period.from_ + dt.timedelta(days=math.floor(day))

    @cached_property
    def reference(self) -> str:
        """Name of the option that the others are compared with."""
        return next((name for name, option in self.options.items() if option.reference), next(iter(self.options)))

    @cached_property
    def all_resources(self) -> dict[str, Resource]:
        """Every resource that the file names anywhere, with defaults for those not described; in a fixed order."""
        named = dict(self.resources)
        for mission in self.missions.values():
            for change in mission.changes:
                named |= {name: Resource() for name in (*change.holds, *change.routine) if name not in named}
            named |= {name: Resource() for name in (*mission.holds, *mission.routine) if name not in named}
        for crisis in self.crises.values():
            for needy in (*crisis.stages, *crisis.spills_over):
                named |= {name: Resource() for name in needy.needs if name not in named}
        return named

    def label(self, name: str) -> str:
        """How people call the mission, resource, contributor or option `name`."""
        for drawer in (self.resources, self.options, self.contributors):
            if name in drawer and drawer[name].label:
                return str(drawer[name].label)
        return name.replace("_", " ") if name in self.all_resources else name
