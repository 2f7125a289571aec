"""Crises as they unfold: what each makes its mission need, and what becomes of that when it is left short."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from sim.chance.trace import Occurrence, Trace
from sim.operations.agenda import Agenda
from sim.operations.clock import AFTER, ENDS, ONSETS, Clock
from sim.operations.episodes import Episode, Episodes
from sim.operations.log import CrisisRecord
from sim.operations.stocks import Cell
from sim.operations.theatre import Theatre
from sim.scenario.nouns.milliseconds import in_days, milliseconds


@dataclass(eq=False)
class Crises:
    """Lets all occurrences of a trace act on what the cells need."""

    theatre: Theatre
    clock: Clock
    cells: list[Cell]
    episodes: Episodes
    agenda: Agenda

    def __post_init__(self) -> None:
        self.foresees = bool(self.theatre.policy.prevent_days or self.theatre.policy.foresee_days)

    def expect(self, trace: Trace, records: list[CrisisRecord]) -> None:
        """Plan every occurrence of the trace, and enter it in the log."""
        policy, clock = self.theatre.policy, self.clock
        ahead_by = ((policy.prevent_days, self._prevent), (policy.foresee_days, self._foresee))
        horizons = [(milliseconds(days), act) for days, act in ahead_by if days]
        for occurrence in trace.occurrences:
            episode = self._episode(occurrence)
            records.append(episode.record)
            clock.at(occurrence.onset, ONSETS, self._onset, episode)
            if occurrence.known < occurrence.onset:
                for horizon, ahead in horizons:
                    clock.at(max(occurrence.known, occurrence.onset - horizon), ONSETS, ahead, episode)

    def _episode(self, drawn: Occurrence) -> Episode:
        seen = (drawn.crisis, drawn.mission, drawn.severity, drawn.known_day, drawn.onset_day)
        record = CrisisRecord(*seen, parent=drawn.parent)
        mission = self.theatre.mission_number[drawn.mission]
        episode = Episode(drawn, mission, record, self._by_cell(drawn, 0))
        self.episodes.of_mission[mission].append(episode)
        return episode

    def _by_cell(self, occurrence: Occurrence, phase: int) -> dict[Cell, int]:
        number, cells, mission = self.theatre.cell, self.cells, occurrence.mission
        return {cells[number(mission, resource)]: units for resource, units in occurrence.phases[phase].needs}

    # -- before it begins

    def _prevent(self, episode: Episode) -> None:
        episode.since = self.clock.now
        for cell, units in episode.first.items():
            cell.expected += units
            cell.require()
            self.episodes.behind[cell.number].append(episode)
            self.agenda.changed(cell)

    def _foresee(self, episode: Episode) -> None:
        for cell, units in episode.first.items():
            cell.foreseen += units
            self.agenda.changed(cell)

    def _forget(self, episode: Episode) -> None:
        """On the day itself nothing is ahead any more."""
        if self.theatre.policy.prevent_days:
            for cell, units in episode.first.items():
                cell.expected -= units
                cell.require()
                self.agenda.changed(cell)
        if self.theatre.policy.foresee_days:
            for cell, units in episode.first.items():
                cell.foreseen -= units
                self.agenda.changed(cell)
        for cell in episode.first:
            behind = self.episodes.behind[cell.number]
            if episode in behind:
                behind.remove(episode)

    # -- phase by phase

    def _onset(self, episode: Episode) -> None:
        drawn = episode.occurrence
        if drawn.known < drawn.onset and self.foresees:
            self._forget(episode)
        if not drawn.happens:
            return
        episode.record.happened = episode.began = True
        if drawn.escalation is not None and drawn.escalation.escalates:
            self.episodes.may_escalate[episode.mission].append(episode)
        self._begin(episode)
        if drawn.patience is not None:
            self.clock.at(drawn.onset + drawn.patience, AFTER, self._give_up, episode)

    def _begin(self, episode: Episode) -> None:
        """The next phase begins."""
        episode.phase += 1
        phases, now, clock = episode.occurrence.phases, self.clock.now, self.clock
        self._need(episode)
        if episode.phase + 1 < len(phases):
            clock.at(now + phases[episode.phase].lasts, ONSETS, self._begin, episode)
        else:
            episode.ends = now + episode.last
            clock.at(episode.ends, ENDS, self._end, episode)

    def _need(self, episode: Episode) -> None:
        """From now the occurrence needs the units of its phase, grown where it has escalated."""
        episode.since = now = self.clock.now
        needs = self._by_cell(episode.occurrence, episode.phase) if episode.phase else episode.first
        teams = dict(episode.occurrence.phases[episode.phase].teams)
        if episode.grows != 1:
            needs, teams = self._grown(episode, needs, teams)
        episode.record.teams.append(teams)
        for cell, units in (dict.fromkeys(episode.needs, 0) | needs).items():
            self._set_need(episode, cell, units)
        needed = {cell.resource: units for cell, units in episode.needs.items() if units}
        episode.record.phases.append((episode.occurrence.phases[episode.phase].name, in_days(now), needed))

    def _grown(
        self, episode: Episode, needs: dict[Cell, int], teams: dict[str, int]
    ) -> tuple[dict[Cell, int], dict[str, int]]:
        """What a phase needs once its crisis has escalated, rounded up: parts for whole teams."""

        def grown(units: int) -> int:
            return math.ceil(units * episode.grows - 1e-9)

        more = {team: grown(count) for team, count in teams.items()}
        mission, before, after = episode.occurrence.mission, Counter[Cell](), Counter[Cell]()
        for team, count in teams.items():
            for resource, each in self.theatre.scenario.teams[team].items():
                cell = self.cells[self.theatre.cell(mission, resource)]
                before[cell] += each * count
                after[cell] += each * more[team]
        return {cell: grown(units - before[cell]) + after[cell] for cell, units in needs.items()}, more

    def _set_need(self, episode: Episode, cell: Cell, units: int) -> None:
        before, behind = episode.needs.get(cell, 0), self.episodes.behind[cell.number]
        cell.crisis += units - before
        if units and not before:
            behind.append(episode)
        elif before and not units:
            behind.remove(episode)
        episode.needs[cell] = units
        self.recount(cell)
        if cell in episode.cap:
            self._set_given(episode, cell, max(0, units - episode.cap[cell]))
        cell.require()
        self.agenda.changed(cell)

    def _end(self, episode: Episode) -> None:
        if episode.ends > self.clock.now:
            self.clock.at(episode.ends, ENDS, self._end, episode)  # it escalated meanwhile
            return
        episode.record.end_day = in_days(self.clock.now)
        for cell in list(episode.needs):
            self._set_need(episode, cell, 0)
        may_escalate = self.episodes.may_escalate[episode.mission]
        if episode in may_escalate:
            may_escalate.remove(episode)

    # -- patience

    def _give_up(self, episode: Episode) -> None:
        """Patience is over: what is neither there nor on its way is not sought any more."""
        if episode.record.end_day is not None:
            return
        for cell, units in episode.needs.items():
            shortfall = cell.required - cell.present
            lost = min(units - episode.given.get(cell, 0), shortfall - cell.inbound - cell.unfit)
            if lost > 0:
                self._set_given(episode, cell, lost)
                episode.cap[cell] = units - lost
                episode.record.given_up[cell.resource] = lost
                cell.require()
                self.agenda.changed(cell)

    def _set_given(self, episode: Episode, cell: Cell, units: int) -> None:
        """Of what the occurrence needs in a cell, `units` are given up."""
        cell.given += units - episode.given.get(cell, 0)
        episode.given[cell] = units

    # -- escalation

    def recount(self, cell: Cell) -> None:
        """A cell has become short, or is no longer, or is needed for something else: count the days anew."""
        if self.episodes.may_escalate[cell.mission_number]:
            self.clock.at(self.clock.now, AFTER, self._count, cell.mission_number)

    def _count(self, mission: int) -> None:
        """Once an instant is over, those that may escalate start, or stop, counting their days of shortfall."""
        for episode in self.episodes.may_escalate[mission]:
            escalation = episode.occurrence.escalation
            assert escalation is not None
            if not any(cell.short for cell, units in episode.needs.items() if units):
                episode.short_since = None
            elif episode.short_since is None:
                episode.short_since = now = self.clock.now
                self.clock.at(now + escalation.if_short, AFTER, self._escalate, (episode, now))

    def _escalate(self, due: tuple[Episode, int]) -> None:
        """The days of shortfall are full, unless they were interrupted."""
        episode, since = due
        escalation, may_escalate = episode.occurrence.escalation, self.episodes.may_escalate[episode.mission]
        self._count(episode.mission)
        if episode.short_since != since or episode not in may_escalate or escalation is None:
            return
        may_escalate.remove(episode)
        episode.record.escalated_day = in_days(self.clock.now)
        episode.grows = escalation.grows
        episode.last += escalation.extends
        episode.ends += escalation.extends
        self._need(episode)
