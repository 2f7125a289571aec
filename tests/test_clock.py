"""The clock: exact instants in their order, and SimPy's own events and processes on it as on any environment."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
import simpy

from sim.operations.clock import AFTER, DESK, ENDS, ONSETS, Clock
from sim.scenario.nouns.milliseconds import milliseconds


def test_what_is_due_on_one_day_happens_in_its_order_however_the_day_was_reckoned() -> None:
    clock = Clock()
    happened: list[str] = []
    now, day = milliseconds(32.1), milliseconds(96.2)
    assert 32.1 + (96.2 - 32.1) != 96.2  # by delay, in days, the two would miss each other
    assert now + milliseconds(96.2 - 32.1) == day
    clock.at(day, AFTER, happened.append, "after")
    clock.at(now, ONSETS, lambda _: clock.at(day, ENDS, happened.append, "ends"))
    clock.at(day, DESK, happened.append, "desk")
    clock.at(day, DESK, happened.append, "desk again")
    while clock.peek() < float("inf"):
        clock.step()
    assert happened == ["ends", "desk", "desk again", "after"]
    assert clock.now == day


def test_the_desk_waits_for_what_comes_before_it_at_this_instant_only() -> None:
    clock = Clock()
    clock.at(0, ENDS, lambda _: None)
    clock.at(0, AFTER, lambda _: None)
    clock.at(1, ENDS, lambda _: None)
    assert clock.due_before(DESK)
    clock.step()
    assert not clock.due_before(DESK) and clock.due_before(AFTER + 1)


def test_a_life_begins_at_once_and_goes_on_on_the_days_that_it_waits_for() -> None:
    clock = Clock()
    instants: list[int] = []

    def life() -> Generator[int, None, None]:
        instants.append(clock.now)
        yield 25
        instants.append(clock.now)
        yield 40
        instants.append(clock.now)

    clock.follow(life())
    assert instants == [0]
    clock.run(until=100)
    assert instants == [0, 25, 40]


def test_simpys_processes_and_events_run_on_it() -> None:
    clock = Clock()
    happened: list[tuple[str, float, str]] = []

    def patient(name: str, door: simpy.Event) -> Generator[simpy.Event, Any, None]:
        yield clock.timeout(3)
        happened.append((name, clock.now, (yield door)))

    door = clock.event()
    clock.process(patient("one", door))
    clock.process(patient("other", door))
    clock.at(5, DESK, door.succeed, "open")
    assert clock.run(until=clock.timeout(7, "closed")) == "closed"
    assert happened == [("one", 3, "open"), ("other", 3, "open")]
    assert clock.now == 7


def test_a_failed_event_that_nobody_expects_stops_the_run() -> None:
    clock = Clock()
    clock.event().fail(ValueError("a bug"))
    with pytest.raises(ValueError, match="a bug"):
        clock.run()
