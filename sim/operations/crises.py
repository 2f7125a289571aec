"""Crises as they unfold: what each makes its mission need, and what becomes of that when it is left short."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.chance.trace import Occurrence
from sim.operations.clock import AFTER, ENDS, ONSETS
from sim.operations.log import CAUSES, CrisisRecord

if TYPE_CHECKING:
    from sim.operations.replication import World

RISK_HORIZON_DAYS = 30.0


class Unrest:
    """One occurrence of a crisis while it is known, or goes on."""

    __slots__ = (
        "asked",
        "began",
        "cap",
        "draw",
        "ends",
        "first",
        "given",
        "grows",
        "last_days",
        "needs",
        "phase",
        "record",
        "short_since",
        "since",
    )

    def __init__(self, draw: Occurrence, record: CrisisRecord, first: dict[int, int]) -> None:
        self.draw = draw
        self.record = record
        self.first = first
        """First phase's needs by cell: all that is known of it beforehand."""
        self.phase = -1
        self.began = False
        self.needs: dict[int, int] = {}
        """Units needed now, by cell, with what was given up."""
        self.cap: dict[int, int] = {}
        """Units still sought at most, by cell, where some were given up."""
        self.given: dict[int, tuple[int, ...]] = {}
        """Units given up now, by cell and cause."""
        self.grows = 1.0
        self.last_days = draw.phases[-1].days
        """Length of the last phase, escalation included."""
        self.ends = 0.0
        """Day on which the last phase ends, once it has begun."""
        self.since = 0.0
        """Day on which it last raised a need: it came into sight of the desk, began, changed phase or escalated."""
        self.short_since: float | None = None
        self.asked: dict[int, int] = {}
        """How often each link was asked on its behalf."""


class Crises:
    """All occurrences of a trace, acting on the stocks."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stocks = world.stocks
        self.clock = world.clock
        self.desk = world.desk
        self.width = len(world.theatre.missions)
        self.behind: list[list[Unrest]] = [[] for _ in world.theatre.routine]
        """The occurrences behind each cell's need now, or its prevention."""
        self.drawn: list[list[Unrest]] = [[] for _ in world.theatre.missions]
        """All occurrences, by mission."""
        self.restless: list[list[Unrest]] = [[] for _ in world.theatre.missions]
        """Those that may yet escalate, by mission."""
        policy, clock = world.theatre.policy, world.clock
        horizons = ((policy.prevent_days, self._prevent), (policy.foresee_days, self._foresee))
        for draw in world.trace.occurrences:
            unrest = self._expect(draw)
            clock.at(draw.onset_day, ONSETS, self._onset, unrest)
            if draw.known_day < draw.onset_day:
                for horizon, ahead in horizons:
                    if horizon:
                        clock.at(max(draw.known_day, draw.onset_day - horizon), ONSETS, ahead, unrest)

    def _expect(self, draw: Occurrence) -> Unrest:
        record = CrisisRecord(draw.crisis, draw.mission, draw.severity, draw.known_day, draw.onset_day)
        record.parent = draw.parent
        self.world.log.crises.append(record)
        unrest = Unrest(draw, record, self._by_cell(draw, 0))
        self.drawn[self.world.theatre.mission_number[draw.mission]].append(unrest)
        return unrest

    def _by_cell(self, draw: Occurrence, phase: int) -> dict[int, int]:
        cell, mission = self.world.theatre.cell, draw.mission
        return {cell(mission, resource): units for resource, units in draw.phases[phase].needs}

    def risk_days(self, mission: int) -> float:
        """Days of known crises in the next 30 at a mission; one that goes on is taken to go on."""
        now, total = self.clock.now, 0.0
        for unrest in self.drawn[mission]:
            known, onset = unrest.record.known_day, unrest.record.onset_day
            if known <= now and unrest.record.end_day is None and (unrest.began or onset > now):
                total += max(0.0, RISK_HORIZON_DAYS - max(0.0, onset - now))
        return total

    def given_causes(self, cell: int) -> tuple[int, ...]:
        """Units of a cell that were given up, by the cause for which they were missing then."""
        vectors = [unrest.given[cell] for unrest in self.behind[cell] if cell in unrest.given]
        return tuple(map(sum, zip(*vectors, strict=True))) if vectors else (0,) * len(CAUSES)

    def _prevent(self, unrest: Unrest) -> None:
        unrest.since = self.clock.now
        for cell, units in unrest.first.items():
            self.stocks.expected[cell] += units
            self.stocks.require(cell)
            self.behind[cell].append(unrest)
            self.desk.changed(cell)

    def _foresee(self, unrest: Unrest) -> None:
        for cell, units in unrest.first.items():
            self.stocks.foreseen[cell] += units
            self.desk.changed(cell)

    def _forget(self, unrest: Unrest) -> None:
        """On the day itself nothing is ahead any more."""
        policy = self.world.theatre.policy
        for horizon, ahead in (
            (policy.prevent_days, self.stocks.expected),
            (policy.foresee_days, self.stocks.foreseen),
        ):
            if horizon:
                for cell, units in unrest.first.items():
                    ahead[cell] -= units
                    self.stocks.require(cell)
                    self.desk.changed(cell)
        for cell in unrest.first:
            if unrest in self.behind[cell]:
                self.behind[cell].remove(unrest)

    def _onset(self, unrest: Unrest) -> None:
        policy = self.world.theatre.policy
        draw = unrest.draw
        if draw.known_day < draw.onset_day and (policy.prevent_days or policy.foresee_days):
            self._forget(unrest)
        if not draw.happens:
            return
        unrest.record.happened = unrest.began = True
        if draw.escalation is not None and draw.escalation.escalates:
            self.restless[self.world.theatre.mission_number[draw.mission]].append(unrest)
        self._begin(unrest)
        if draw.patience_days is not None:
            self.clock.at(draw.onset_day + draw.patience_days, AFTER, self._give_up, unrest)

    def _begin(self, unrest: Unrest) -> None:
        """The next phase begins."""
        unrest.phase += 1
        draw, now, clock = unrest.draw, self.clock.now, self.clock
        phase = draw.phases[unrest.phase]
        self._need(unrest)
        unrest.record.phases.append((phase.name, now, self._needs_by_name(unrest)))
        if unrest.phase + 1 < len(draw.phases):
            clock.at(now + phase.days, ONSETS, self._begin, unrest)
        else:
            unrest.ends = now + unrest.last_days
            clock.at(unrest.ends, ENDS, self._end, unrest)

    def _needs_by_name(self, unrest: Unrest) -> dict[str, int]:
        resources, width = self.world.theatre.resources, self.width
        return {resources[cell // width]: units for cell, units in unrest.needs.items() if units}

    def _need(self, unrest: Unrest) -> None:
        """From now the occurrence needs the units of its phase, grown where it has escalated."""
        unrest.since = self.clock.now
        needs = self._by_cell(unrest.draw, unrest.phase) if unrest.phase else unrest.first
        if unrest.grows != 1:
            needs = {cell: math.ceil(units * unrest.grows - 1e-9) for cell, units in needs.items()}
        for cell, units in (dict.fromkeys(unrest.needs, 0) | needs).items():
            self._set_need(unrest, cell, units)

    def _set_need(self, unrest: Unrest, cell: int, units: int) -> None:
        stocks, before = self.stocks, unrest.needs.get(cell, 0)
        stocks.crisis[cell] += units - before
        behind = self.behind[cell]
        if units and not before:
            behind.append(unrest)
        elif before and not units:
            behind.remove(unrest)
        unrest.needs[cell] = units
        self.felt(cell)
        if cell in unrest.cap:
            self._set_given(unrest, cell, max(0, units - unrest.cap[cell]))
        stocks.require(cell)
        self.desk.changed(cell)

    def _set_given(self, unrest: Unrest, cell: int, units: int) -> None:
        """Of what the occurrence needs in a cell, `units` are given up, for the reasons that held when they were."""
        vector = list(unrest.given[cell])
        self.stocks.given[cell] += units - sum(vector)
        for cause in reversed(range(len(vector))):
            less = min(vector[cause], max(0, sum(vector) - units))
            vector[cause] -= less
        if sum(vector) < units:
            reasons = [cause for cause, count in enumerate(unrest.given[cell]) if count]
            vector[reasons[-1] if reasons else len(vector) - 1] += units - sum(vector)
        unrest.given[cell] = tuple(vector)

    def _give_up(self, unrest: Unrest) -> None:
        """Patience is over: what is neither there nor on its way is not sought any more."""
        if unrest.record.end_day is not None:
            return
        stocks = self.stocks
        for cell, units in unrest.needs.items():
            missing = stocks.required[cell] - stocks.present[cell] - stocks.inbound[cell]
            lost = min(units - sum(unrest.given.get(cell, ())), missing)
            if lost > 0:
                shortfall = stocks.required[cell] - stocks.present[cell]
                causes = self.world.levels.causes(cell, shortfall)
                unrest.given[cell] = _part(causes, lost)
                stocks.given[cell] += lost
                unrest.cap[cell] = units - lost
                unrest.record.given_up[self.world.theatre.place(cell)[1]] = lost
                stocks.require(cell)
                self.desk.changed(cell)

    def _end(self, unrest: Unrest) -> None:
        draw, now = unrest.draw, self.clock.now
        if unrest.ends > now:
            self.clock.at(unrest.ends, ENDS, self._end, unrest)  # it escalated meanwhile
            return
        unrest.record.end_day = now
        for cell in list(unrest.needs):
            self._set_need(unrest, cell, 0)
        if draw.escalation is not None:
            restless = self.restless[self.world.theatre.mission_number[draw.mission]]
            if unrest in restless:
                restless.remove(unrest)

    def felt(self, cell: int) -> None:
        """A cell has become short, or is no longer, or is needed for something else: count the days anew."""
        if self.restless[cell % self.width]:
            self.clock.at(self.clock.now, AFTER, self._count, cell % self.width)

    def _count(self, mission: int) -> None:
        """Once an instant is over, those that may escalate start, or stop, counting their days of shortfall."""
        for unrest in self.restless[mission]:
            escalation = unrest.draw.escalation
            assert escalation is not None
            short = any(self.world.levels.short[each] for each, units in unrest.needs.items() if units)
            if not short:
                unrest.short_since = None
            elif unrest.short_since is None:
                unrest.short_since = now = self.clock.now
                self.clock.at(now + escalation.if_short_days, AFTER, self._escalate, (unrest, now))

    def _escalate(self, due: tuple[Unrest, float]) -> None:
        """The days of shortfall are full, unless they were interrupted."""
        unrest, since = due
        draw = unrest.draw
        mission = self.world.theatre.mission_number[draw.mission]
        restless = self.restless[mission]
        self._count(mission)
        if unrest.short_since != since or unrest not in restless or draw.escalation is None:
            return
        restless.remove(unrest)
        unrest.record.escalated_day = self.clock.now
        unrest.grows = draw.escalation.grows
        unrest.last_days += draw.escalation.extends_days
        unrest.ends += draw.escalation.extends_days
        self._need(unrest)
        unrest.record.phases.append((draw.phases[unrest.phase].name, self.clock.now, self._needs_by_name(unrest)))


def _part(causes: tuple[int, ...], units: int) -> tuple[int, ...]:
    """The first `units` among units by cause that no promise covers: those before are on their way."""
    taken = [0] * len(causes)
    for cause in range(CAUSES.index("refused"), len(causes)):
        taken[cause] = min(causes[cause], units)
        units -= taken[cause]
    taken[-1] += units
    return tuple(taken)
