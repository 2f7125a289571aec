"""What is compared, and with how many replications."""

from __future__ import annotations

import math
from numbers import Integral
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.errors import UsageError
from sim.scenario.nouns.distributions import Block, Share
from sim.scenario.nouns.frozen import DEEPLY_FROZEN, FROZEN, FrozenMap, Map
from sim.scenario.nouns.values import Lenders, Name, PlainDays, Whole
from sim.scenario.positions import shown


class Keep(Block):
    units: Whole | None = None
    """A number of units."""
    share: Share | None = None
    """A share of the contingent, 0 to 1 (0.25, not 25%), rounded up."""

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


def _keep(value: Any) -> Any:
    """`keep: 2`, `{units: 2}` and `{share: 0.2}` hold for every resource; anything else is a map by resource."""
    if type(value) is int:
        return {"*": Keep(units=value)} if value >= 0 else {"*": {"units": value}}
    if isinstance(value, dict) and value and set(value) <= {"units", "share"}:
        return {"*": value}
    if isinstance(value, dict):
        return {name: {"units": kept} if type(kept) is int else kept for name, kept in value.items()}
    raise ValueError(f"must be units, {{units: n}}, {{share: x}}, or one of these by resource, not {shown(value)}")


def _recall(value: Any) -> Any:
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
    keep: Annotated[
        dict[Name, Keep],
        BeforeValidator(_keep, json_schema_input_type=Whole | Keep | dict[Name, Whole | Keep]),
        FROZEN,
    ] = FrozenMap()
    """What never leaves, on top of what the mission itself requires: units, {units: n}, {share: x}, or either by
    resource. A contingent is only asked for what leaves its mission, or hub, with so many units beyond its requirement;
    a share is of that contingent. Default 0."""
    lenders: Lenders = "nearest"
    """In what order lenders are asked: nearest, most spare, least at risk, hubs first; or a list of missions, which are
    asked in this order, and all others after them by distance."""
    may_go_short: Map[Name, Whole] = FrozenMap()
    """Units, by resource, by which a lender may fall below its own requirement for a crisis that is graver than its
    own: of a higher severity than whatever it needs the resource for itself. Routine tasks are least grave. It does not
    call them back while that is so. Default 0."""
    foresee_days: PlainDays = 0
    """Own known crises within this horizon are kept for."""
    prevent_days: PlainDays = 0
    """How long before a known crisis the desk already asks."""
    recall: Annotated[Recall | None, BeforeValidator(_recall, json_schema_input_type=bool | Recall)] = None
    """Whether a lender calls its own units back, when it is short or has less than `keep` holds back: true, false or
    {notice_days: n}."""
    serve: Literal["severity", "first come"] = "severity"
    """In which order open needs are served."""
    ask_again_days: PlainDays = 14
    """How long a refusal stands, for the same need: once a mission's own units are all that it needs, the next need may
    be asked for at once."""
    rule: Name | None = None
    """Name of a rule written in Python, instead of lenders."""
    with_: Annotated[dict[str, Any], Field(alias="with"), DEEPLY_FROZEN] = FrozenMap()
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
    change: Annotated[dict[str, Any], DEEPLY_FROZEN] = FrozenMap()
    """A patch of the scenario, in this same language."""
    group: Name | None = None
    """Options are compared within their group only. Where nothing is said, those stand apart that change crises, or how
    many units there are in all; units that are only moved change nothing in that."""
    reference: bool = False
    """Whether the others are compared with this one; the first where no option says so."""
    record: bool = False
    """Whether this is what really happened, for the hindcast."""


class Experiment(Block):
    replications: Annotated[int, Field(ge=1, le=10_000_000)] = 1000
    """Replications of every option; they are numbered from 0."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    """Seed of all chance."""
    confidence: Annotated[float, Field(ge=0.5, le=0.9999)] = 0.95
    """Confidence of the intervals."""
    sampling: Literal["even", "independent"] = "even"
    """How chance is drawn: spread evenly over every 20 replications, so that fewer are needed for the same precision;
    or each replication by itself."""

    def seed_or(self, asked: int | None) -> int:
        """The seed that is asked for, the scenario's own where none is; UsageError where it cannot be one."""
        seed = self.seed if asked is None else asked
        if not isinstance(seed, Integral) or not 0 <= seed < 2**63:
            raise UsageError(f"seed: must be 0 to {2**63 - 1}, not {shown(seed)}")
        return int(seed)
