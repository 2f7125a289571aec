"""Teams: what works only together. How many a crisis needs, and how many the scarcest of their parts lets work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sim.operations.log import CAUSES, Level, Log
from sim.operations.theatre import Theatre
from sim.scenario.nouns.milliseconds import DAY, milliseconds

State = tuple[int, int, tuple[int, ...] | None]
"""Teams needed, teams that are short, and these by cause."""


def team_levels(log: Log, theatre: Theatre) -> list[Level]:
    """A level whenever a team's state has changed, by team and day: beside the levels of its parts, never one of them.

    What a mission lacks of a part is lacking in its teams first, as far as they need it. A team is short until its last
    missing unit is there, and has the cause of that unit.
    """
    levels: dict[int, dict[int, Level]] = {}
    for level in log.levels if theatre.teams_in_use else ():
        levels.setdefault(level.cell, {})[milliseconds(level.day)] = level  # the last of an instant
    return [level for number in theatre.teams_in_use for level in _levels_of(number, log, theatre, levels)]


def _levels_of(number: int, log: Log, theatre: Theatre, levels: dict[int, dict[int, Level]]) -> Iterator[Level]:
    mission, team = theatre.place(number)
    parts = {theatre.cell(mission, resource): each for resource, each in theatre.scenario.teams[team].items()}
    changes = _changes(log, mission, team)
    first, end = (day * DAY for day in theatre.spans[theatre.mission_number[mission]])
    known: dict[int, Level] = {}
    needed = 0
    last: State = (0, 0, None)
    moments = {instant for cell in parts for instant in levels.get(cell, ())} | changes.keys() | {first, end}
    for now in sorted(each for each in moments if 0 <= each < log.end):
        needed += changes[int(now)]
        known |= {cell: levels[cell][int(now)] for cell in parts if now in levels.get(cell, ())}
        there = needed if first <= now < end else 0
        state = (there, *_short(there, [(known[cell], each) for cell, each in parts.items() if cell in known]))
        if state != last:
            last = state
            short, causes = state[1:]
            yield Level(now / DAY, number, there, there, there - short, 0, 0, short, causes)


def _changes(log: Log, mission: str, team: str) -> Counter[int]:
    """By instant, how many teams more crises need in a mission."""
    found: Counter[int] = Counter()
    for crisis in log.crises:
        if crisis.mission == mission and crisis.phases:
            ends = [day for _, day, _ in crisis.phases[1:]] + [crisis.end_day]
            for (_, day, _), until, teams in zip(crisis.phases, ends, crisis.teams, strict=True):
                found[milliseconds(day)] += teams.get(team, 0)
                if until is not None:
                    found[milliseconds(until)] -= teams.get(team, 0)
    return found


def _short(needed: int, parts: list[tuple[Level, int]]) -> tuple[int, tuple[int, ...] | None]:
    """Teams that are short, as the scarcest part leaves them, and their causes."""
    short: list[tuple[float, int, Level, int]] = []
    for place, (level, each) in enumerate(parts):
        missing = min(level.shortfall, needed * each)
        short.append((missing / each, -place, level, each))
    if not short:
        return 0, None
    share, _, level, each = max(short, key=lambda one: one[:2])
    missing = round(share * each)
    teams = -(-missing // each)
    if not teams or level.causes is None:
        return 0, None
    units = [cause for cause, count in enumerate(level.causes) for _ in range(count)][-missing:]
    lasts = Counter(units[number] for number in range(missing - (teams - 1) * each - 1, missing, each))
    return teams, tuple(lasts[cause] for cause in range(len(CAUSES)))
