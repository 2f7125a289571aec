"""What would never end ends: counted in happenings, not in seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.chance.trace import trace_of
from sim.operations.clock import Clock
from sim.operations.receptions import Reception
from sim.operations.replication import MOST_LOOKS, Replication
from sim.operations.theatre import Theatre
from sim.results.outcome import Batch
from sim.running.batches import Job, run_batch
from sim.scenario.nouns.milliseconds import DAY
from tests.worlds import told, world

ZENO = """
    missions: {North: {routine: {company: 1}}, South: {holds: {company: 1000}}}
    resources: {company: {prepare_days: 5}}
    agreements: {pact: {between: [North, South], window_days: WINDOW}}
"""


@pytest.mark.parametrize("window", ["{gamma: {mean: 0.01, sd: 200}}", "0.000000001", "0.00000003"])
def test_a_clock_that_does_not_move_on_is_a_failure_of_its_replication(window: str) -> None:
    scenario = world(ZENO.replace("WINDOW", window), days=31)
    theatre = Theatre.of(scenario, "it")
    replication = Replication(theatre, trace_of(scenario, 1, 0))
    with pytest.raises(RuntimeError, match=r"no progress: on 1 Jan 2012 .* almost no length"):
        replication.run()
    assert replication.loans.count <= MOST_LOOKS
    assert replication.clock.planned < 10 * MOST_LOOKS

    outcome = run_batch(Job.of(scenario, ["it"], seed=1, keep=0), Batch(0, 1))
    failures = outcome.rows["failures"]
    assert [failure[:2] for failure in failures] == [("it", 0)]
    assert all("no progress" in failure[3] for failure in failures)


def test_a_short_window_that_lets_the_clock_move_on_is_none() -> None:
    story = told(ZENO.replace("WINDOW", "0.1"), days=10)
    assert len(story.loans) == 100  # ten a day are asked for, and lapse before they are ready


def test_a_million_units_at_a_door_for_one_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    entered: list[None] = []
    monkeypatch.setattr(Reception, "_next", _counted(Reception._next, entered))
    planned: list[None] = []
    monkeypatch.setattr(Clock, "at", _counted(Clock.at, planned))
    story = told(
        """
        missions: {North: {reception_per_day: {company: 1}}, South: {holds: {company: 1000000}}}
        crises: {raid: {mission: North, on: day 31, lasts_days: 30, needs: {company: 1000000}}}
        """,
        days=366,
    )
    # One a day until the raid ends on day 61, and until the year does: of those the first 30 were of use.
    assert [lot.arrived_day for lot in story.loans if lot.arrived_day is not None] == list(range(31, 366))
    assert sum(lot.units for lot in story.loans) == 1_000_000
    assert len(entered) < 400 and len(planned) < 2500


def test_a_reception_takes_in_so_many_in_any_24_hours() -> None:
    hall = Reception([(0, 3)], end=100 * DAY)
    assert hall.receive(2, 0) == [(0, 2)]
    assert hall.receive(5, DAY // 2) == [(DAY // 2, 1), (DAY, 2), (3 * DAY // 2, 1), (2 * DAY, 1)]
    assert hall.receive(1, 10 * DAY) == [(10 * DAY, 1)]
    assert hall.receive(10, 99 * DAY) == [(99 * DAY, 3), (100 * DAY, 7)]
    ((later, units),) = hall.receive(1, 99 * DAY + 1)
    assert later >= 100 * DAY and units == 1


def _counted(method: Callable[..., Any], calls: list[None]) -> Callable[..., Any]:
    def counting(*given: Any) -> Any:
        calls.append(None)
        return method(*given)

    return counting
