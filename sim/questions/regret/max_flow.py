"""The most that units of one resource can serve, moving freely through space and time: a maximum flow by whole days.

Units may be anywhere from the day they appear, leave early and go from mission to mission; only journeys take time.
(Where a finer grid is wanted, its steps are the days here.)

**Why whole days bound a history in real time.** Sample any history at the same clock time u every day. A unit seen at
mission k on day d and at mission l on day e has been under way in between, so e - d > journey in days, which for whole
e - d is e - d >= 1 + floor(journey). So the samples are a flow on the network of whole days in which serving takes the
day and a journey floor(journey) further days, and at most the requirement at that clock time is served on each day.
The most that can be served is a concave function of those capacities. So (Jensen) its mean over all clock times u is
at most what can be served with the mean capacities: the requirement's mean over each day. Mean capacities need not be
whole; where they are, the optimum is whole too, because the constraints are a network's node-arc incidence matrix and
so totally unimodular. Units appear and are withdrawn at 00:00 only, so they are the same at every clock time of a day.

References: Ahuja, Magnanti and Orlin, *Network Flows* (1993), ch. 9 and 19; bounds by perfect information: Brown,
Smith and Sun (2010), Operations Research 58:785. Solved by HiGHS through SciPy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csc_array

Matrix = NDArray[np.float64]
Nodes = NDArray[np.int64]


class Need(NamedTuple):
    """`units` of one resource needed at a mission between two days; needs that overlap add up."""

    mission: int
    start_day: float
    end_day: float
    units: int


class Supply(NamedTuple):
    """Units that appear at a mission at 00:00 of a day, or where negative are withdrawn from wherever they are."""

    mission: int
    day: int
    units: int


@dataclass(frozen=True)
class Movements:
    """All that matters of one resource: what is needed where, what there is, how far apart. Missions count from 0."""

    days: int
    """Length of the period."""
    needs: tuple[Need, ...]
    supplies: tuple[Supply, ...]
    journey_days: Matrix
    """(missions, missions): days from one mission to another, inf where units cannot get there."""

    def requirement(self) -> Matrix:
        """(missions, days): unit-days required in each day."""
        return daily(self.needs, len(self.journey_days), self.days)

    def holdings(self) -> Matrix:
        """(missions, days): units that each mission has on each day if nobody goes anywhere."""
        there = np.zeros((len(self.journey_days), self.days + 1))
        for mission, day, units in self.supplies:
            there[mission, min(max(day, 0), self.days)] += units
        held: Matrix = np.cumsum(there, axis=1)[:, : self.days]
        return held


def least_unmet(movements: Movements) -> float:
    """The least unmet need, in unit-days, that any history could have."""
    requirement = movements.requirement()
    if not (requirement > movements.holdings()).any():
        return 0.0
    return max(0.0, float(requirement.sum()) - most_served(movements, requirement))


def most_served(movements: Movements, requirement: Matrix) -> float:
    """The most unit-days that could be served of `requirement`, (missions, days) unit-days required in each day."""
    from scipy.optimize import linprog

    if not (requirement.any() and any(supply.units > 0 for supply in movements.supplies)):
        return 0.0
    network = _network(movements, requirement)
    cost = np.zeros(network.capacity.size)
    cost[: network.serving] = -1
    bounds = np.stack([np.zeros_like(cost), network.capacity], axis=1)
    solved = linprog(cost, A_eq=network.incidence, b_eq=network.supply, bounds=bounds, method="highs-ds")
    assert solved.success, f"the bound's linear program failed: {solved.message}"
    return -float(solved.fun)


def daily(needs: Iterable[Need], missions: int, days: int) -> Matrix:
    """(missions, days): the integral of the requirement over each day, exact for step functions."""
    # Slopes of the cumulative requirement: each edge changes the rate from its day on, and part of its own day.
    change = np.zeros((missions, days + 2))
    for mission, start, end, units in needs:
        for edge, sign in ((min(max(start, 0.0), days), units), (min(max(end, start, 0.0), days), -units)):
            day = math.floor(edge)
            change[mission, day] += sign * (day + 1 - edge)
            change[mission, day + 1] += sign * (edge - day)
    # Rounding must not leave a requirement where there is none, nor take from one.
    required: Matrix = np.maximum(np.cumsum(change, axis=1)[:, :days], 0)
    return np.where(required < 1e-9, 0, required)


class _Network(NamedTuple):
    """A flow: `incidence @ flow = supply` at every node, 0 <= flow <= capacity; the first `serving` arcs serve."""

    incidence: csc_array
    supply: Matrix
    capacity: Matrix
    serving: int


class _Arcs(NamedTuple):
    """Arcs from node to node; an arc to node -1 leaves the network."""

    tails: Nodes
    heads: Nodes
    capacity: Matrix


def _network(movements: Movements, requirement: Matrix) -> _Network:
    """Nodes are (mission, day), at the day's start, and then one for each day of withdrawals."""
    missions, days = requirement.shape
    nodes = np.arange(missions * days).reshape(missions, days)
    supply = np.zeros((missions, days))
    withdrawn: dict[int, int] = {}
    for mission, day, units in movements.supplies:
        if units > 0 and day < days:
            supply[mission, max(day, 0)] += units
        elif units < 0 and day < days:
            withdrawn[max(day, 0)] = withdrawn.get(max(day, 0), 0) - units
    arcs = [
        _serving(nodes, requirement),
        _waiting(nodes),
        *_moving(nodes, whole_days(movements.journey_days), requirement),
        *(_leaving(nodes[:, day], nodes.size + number) for number, day in enumerate(withdrawn)),
    ]
    tails, heads, capacity = (np.concatenate(parts) for parts in zip(*arcs, strict=True))
    balance = np.concatenate([supply.ravel(), [-float(units) for units in withdrawn.values()]])
    return _Network(_incidence(tails, heads, balance.size), balance, capacity, len(arcs[0].tails))


def _serving(nodes: Nodes, requirement: Matrix) -> _Arcs:
    mission, day = np.nonzero(requirement)
    return _Arcs(nodes[mission, day], _tomorrow(nodes)[mission, day], requirement[mission, day])


def _waiting(nodes: Nodes) -> _Arcs:
    return _Arcs(nodes.ravel(), _tomorrow(nodes).ravel(), np.full(nodes.size, np.inf))


def _moving(nodes: Nodes, journeys: Matrix, requirement: Matrix) -> Iterator[_Arcs]:
    """Journeys that arrive on a day with something to do there: before that, a unit may as well wait where it is."""
    for start, goal in zip(*np.nonzero(np.isfinite(journeys)), strict=True):
        if start != goal:
            arrivals = np.flatnonzero(requirement[goal])
            arrivals = arrivals[arrivals >= journeys[start, goal]]
            departures = arrivals - int(journeys[start, goal])
            yield _Arcs(nodes[start, departures], nodes[goal, arrivals], np.full(arrivals.size, np.inf))


def _leaving(nodes: Nodes, exit_node: int) -> _Arcs:
    return _Arcs(nodes, np.full(nodes.size, exit_node), np.full(nodes.size, np.inf))


def _tomorrow(nodes: Nodes) -> Nodes:
    """The node that a day at each node leads to; -1 after the last day."""
    return np.concatenate([nodes[:, 1:], np.full((len(nodes), 1), -1)], axis=1)


def _incidence(tails: Nodes, heads: Nodes, size: int) -> csc_array:
    """(nodes, arcs): 1 where an arc leaves a node, -1 where it enters one."""
    from scipy.sparse import csc_array

    arcs = np.arange(tails.size)
    stays = heads >= 0
    signs = np.concatenate([np.ones(tails.size), -np.ones(int(stays.sum()))])
    where = (np.concatenate([tails, heads[stays]]), np.concatenate([arcs, arcs[stays]]))
    return csc_array((signs, where), shape=(size, tails.size))


def whole_days(journey_days: Matrix) -> Matrix:
    """Journeys, by way of other missions where that is shorter, rounded down to whole days; inf stays."""
    shortest = journey_days.copy()
    np.fill_diagonal(shortest, 0)
    for via in range(len(shortest)):
        shortest = np.minimum(shortest, shortest[:, via, None] + shortest[None, via, :])
    return np.floor(shortest)
