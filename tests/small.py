"""A small scenario that runs in milliseconds, rules that misbehave, and how to look into a results folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import sim
from sim.scenario.loaded import LoadedScenario

PLAN: dict[str, Any] = {
    "name": "Small",
    "period": {"from": "2012-01-01", "to": "2012-06-30"},
    "missions": {
        "North": {"at": [7.0, -5.0], "holds": {"infantry_company": 10}, "routine": {"infantry_company": 9}},
        "South": {"at": [6.2, -10.4], "holds": {"infantry_company": 12}, "routine": {"infantry_company": 8}},
    },
    "crises": {
        "raids": {
            "mission": "North",
            "every_days": 30,
            "lasts_days": {"gamma": {"mean": 20, "sd": 10}},
            "needs": {"infantry_company": {"discrete": {"1": 3, "3": 1}}},
        }
    },
    "agreements": {
        "both": {"between": ["North", "South"], "gates": {"council": {"days": {"uniform": {"low": 1, "high": 9}}}}}
    },
    "options": {
        "no sharing": {"policy": {"share": "none"}},
        "as it was": {"label": "As it was", "policy": {"share": "agreements"}},
        "=paper <beforehand>": {
            "policy": {"share": "agreements"},
            "change": {"agreements": {"both": {"standing": ["council"]}}},
        },
    },
    "experiment": {"replications": 60, "seed": 7},
}

RULES = """
import os, signal, time
from pathlib import Path

def greedy(situation):
    left = situation.units
    for lender in situation.lenders:
        take = min(left, lender.can_offer)
        if take:
            left -= take
            yield lender, take

def unlucky(situation):
    if int(situation.day * 1000) % 5 == 0:
        raise ZeroDivisionError("an unlucky day")
    return list(greedy(situation))

def slow(situation):
    time.sleep(0.02)
    return list(greedy(situation))

def held(situation, diary):
    # Writes down every call, and stands still in a worker once there is a file `hold` with the parent's number.
    diary, me = Path(diary), os.getpid()
    with (diary / f"calls {me}").open("a") as calls:
        calls.write(".")
    hold = diary / "hold"
    while hold.exists() and hold.read_text() not in ("", str(me)):
        (diary / f"held {me}").touch()
        time.sleep(0.05)
    return slow(situation)

def deadly(situation, flag, every_time=False):
    # Kills the worker that it runs in: once, or whenever the day is an unlucky one.
    once = Path(flag)
    if once.read_text() != str(os.getpid()) and int(situation.day * 1000) % 5 == 0:
        if every_time or not once.with_suffix(".done").exists():
            once.with_suffix(".done").touch()
            os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.005)
    return list(greedy(situation))
"""


def plan(rule: str | None = None, **words: Any) -> dict[str, Any]:
    """The small scenario; with one more option that follows `rule`."""
    more = {"by rule": {"policy": {"share": "all", "rule": rule, "with": words}}} if rule else {}
    return PLAN | {"options": PLAN["options"] | more}


def small(rule: str | None = None, **words: Any) -> LoadedScenario:
    """The scenario of `plan`."""
    return sim.from_mapping(plan(rule, **words), rules=[rule] if rule else [])


def rules_file(folder: Path) -> Path:
    """The misbehaving rules as a file."""
    path = folder / "rules.py"
    path.write_text(RULES)
    return path


def contents(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of a results folder, in the order in which it stands."""
    with closing(sqlite3.connect(folder / "results.sqlite")) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        return {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names}
