"""Small worlds for the tests of the engine: a scenario in a few lines, told with every check, and what should come out.

Scenarios are written as YAML, with "day 10" for the date of day 10 (the period begins on 1 January 2012, day 0).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import yaml

from sim import from_mapping, tell
from sim.measures.catalogue import CAUSE_COLUMNS, INDEX
from sim.measures.measures import rows_of
from sim.operations.log import CAUSES, LoanRecord
from sim.policies import Rule
from sim.questions.story.story import Story
from sim.scenario.loaded import LoadedScenario

FIRST = dt.date(2012, 1, 1)
DAYS = (
    *("council", "contributor", "host", "ready", "departed", "landed", "arrived", "first_window", "window", "ended"),
    *("left", "home", "recovered", "requested", "council_opened", "contributor_opened", "host_opened"),
)
GATES = ("council", "contributor", "host")


def date(day: int) -> str:
    """The date of a day of the period."""
    return (FIRST + dt.timedelta(days=day)).isoformat()


def world(text: str, *, days: int = 100, policy: str = "{share: all}", rules: tuple[str, ...] = ()) -> LoadedScenario:
    """The scenario that `text` says, over so many days, with one option, "it", that follows `policy`."""
    dated = re.sub(r"\bday (-?\d+)", lambda found: f'"{date(int(found[1]))}"', text)
    words = yaml.safe_load(re.sub(r"\bon:", '"on":', dated))  # `on` is no truth value in this language
    period = {"from": date(0), "to": date(days - 1)}
    plan: dict[str, Any] = {"period": period, "options": {"it": {"policy": yaml.safe_load(policy)}}, "crises": {}}
    return from_mapping(plan | words, rules=rules)


def told(text: str, *, rules: dict[str, Rule] | None = None, replication: int = 0, **how: Any) -> Story:
    """One replication of the scenario that `text` says, with every check; `how` as for `world`."""
    return tell(world(text, rules=tuple(rules or ()), **how), "it", replication, rules=rules, check=True)


def lot(lender: str, borrower: str, units: int, crisis: str | None = "raid", **said: Any) -> LoanRecord:
    """A lot as the log should have it. Days are said as `requested=3`; what is not said did not happen.

    `contributor` is the day of the contributor's gate, `supplier` its name. The agreement's gates are those whose day
    is said, or as `gates` says; they opened on the request, or as `council_opened` says.
    """
    record: dict[str, Any] = dict.fromkeys(LoanRecord._fields)
    record |= {"loan": 0, "load": int("departed" in said), "resource": "company", "contributor": "unnamed"}
    record |= {"late": False, "sorties": 0, "crisis": crisis, "lender": lender, "borrower": borrower, "units": units}
    gates = said.setdefault("gates", ", ".join(gate for gate in GATES if gate in said))
    record |= {f"{gate}_opened_day": said["requested"] for gate in gates.split(", ") if gate}
    record |= {"km": 0.0, "hours": 0.0}
    for word, value in said.items():
        field = {"why": "why_ended", "supplier": "contributor"}.get(word, f"{word}_day" if word in DAYS else word)
        assert field in record, f"a lot has no {word}"
        record[field] = value
    return LoanRecord(**record)


def loan(units: int, **said: Any) -> LoanRecord:
    """A lot from South to North."""
    return lot("South", "North", units, **said)


def out(day: float, road: float = 2) -> dict[str, Any]:
    """Asked for and on the way at once, there after the road."""
    return {"requested": day, "ready": day, "departed": day, "landed": day + road, "arrived": day + road}


def back(day: float, why: str = "released", road: float = 2) -> dict[str, Any]:
    """On the way home at once."""
    return {"ended": day, "why": why, "left": day, "home": day + road, "recovered": day + road}


def states(story: Story, mission: str, resource: str = "company") -> list[tuple[float, int, int, int]]:
    """(day, requirement, present, shortfall) of a cell, whenever one of them changed; the last state of each day."""
    cell = story.theatre.cell(mission, resource)
    last = {level.day: (*level[3:5], level.shortfall) for level in story.levels if level.cell == cell}
    found: list[tuple[float, int, int, int]] = []
    for day, state in last.items():
        if not found or found[-1][1:] != state:
            found.append((day, *state))
    return found


def measured(story: Story, column: str, mission: str = "*", resource: str = "company") -> float:
    """One measure of the replication."""
    row = rows_of(story.theatre).index((mission, "*" if mission == "*" else resource))
    return float(story.table[row, INDEX[column]])


def causes(story: Story, mission: str = "*", resource: str = "company") -> dict[str, float]:
    """Unmet unit-days by cause, of the causes that there are."""
    found = {
        cause: measured(story, column, mission, resource) for cause, column in zip(CAUSES, CAUSE_COLUMNS, strict=True)
    }
    return {cause: days for cause, days in found.items() if days}


def assert_drawn(sample: Iterable[float], mean: float, sd: float, errors: float = 4) -> None:
    """Mean and standard deviation lie within so many standard errors (of the variance: by the fourth moment)."""
    values = np.asarray(list(sample), dtype=float)
    count = len(values)
    assert count > 100
    assert abs(values.mean() - mean) <= errors * max(sd, 1e-12) / math.sqrt(count) + 1e-9
    squares = (values - mean) ** 2
    assert abs(squares.mean() - sd**2) <= errors * squares.std(ddof=1) / math.sqrt(count) + 1e-9
