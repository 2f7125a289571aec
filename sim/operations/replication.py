"""One replication: its parts are put together, run to the period's end, and leave a log."""

from __future__ import annotations

from sim.chance.trace import Trace
from sim.operations.agenda import Agenda
from sim.operations.clock import DESK, URGENT, Clock
from sim.operations.crises import Crises
from sim.operations.desk import Desk
from sim.operations.episodes import Episodes
from sim.operations.loans import Loans
from sim.operations.log import Log
from sim.operations.missions import Missions
from sim.operations.offers import Offers
from sim.operations.repairs import Repairs
from sim.operations.shortfalls import Shortfalls
from sim.operations.stocks import Stocks
from sim.operations.teams import team_levels
from sim.operations.theatre import Theatre
from sim.scenario.nouns.milliseconds import DAY, in_days
from sim.words.dates import date_in_words

HOUR = DAY // 24
MOST_LOOKS = 10_000
"""How often the desk may look within an hour; in a scenario that moves on it looks some dozens of times a day."""


def simulate(theatre: Theatre, trace: Trace, *, check: bool = False) -> Log:
    """Run one replication of one option.

    With `check`, conservation of units and the split of every shortfall by cause are asserted after every instant, and
    that what is written down is how things are.
    """
    replication = Replication(theatre, trace)
    replication.run(check=check)
    return replication.log


class Progress:
    """Sees to it that the clock moves on: durations of almost no length would keep it at one instant for ever."""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre = theatre
        self.since = 0
        self.looks = 0

    def check(self, now: int) -> None:
        """The desk is about to look. RuntimeError where it has looked too often within an hour."""
        if now - self.since >= HOUR:
            self.since, self.looks = now, 0
        self.looks += 1
        if self.looks > MOST_LOOKS:
            date = date_in_words(self.theatre.scenario.date(in_days(self.since)))
            raise RuntimeError(
                f"no progress: on {date} the desk looked {MOST_LOOKS:,} times within an hour; "
                "a window, or another duration, must be of almost no length"
            )


class Replication:
    """The parts of one replication, each handed those below it: nothing reaches back but through the agenda."""

    def __init__(self, theatre: Theatre, trace: Trace) -> None:
        self.over = False
        self.theatre = theatre
        self.log = log = Log(theatre.days)
        self.clock = clock = Clock()
        self.stocks = stocks = Stocks(theatre)
        episodes = Episodes(theatre, clock)
        offers = Offers(theatre, clock, stocks, episodes)
        self.shortfalls = shortfalls = Shortfalls(theatre, clock, stocks, offers, log.levels)
        self.agenda = agenda = Agenda(theatre, clock, shortfalls)
        self.loans = loans = Loans(theatre, trace, log, clock, stocks, episodes, offers, agenda)
        self.desk = Desk(theatre, clock, stocks, episodes, offers, shortfalls, agenda, loans)
        self.crises = Crises(theatre, clock, stocks.cells, episodes, agenda)
        self.repairs = Repairs(theatre, trace, clock=clock, stocks=stocks, agenda=agenda, book=loans.book)
        missions = Missions(theatre, clock, stocks, agenda, loans)
        missions.plan_changes()
        self.crises.expect(trace, log.crises)
        missions.plan_openings()

    def run(self, *, check: bool = False) -> None:
        """Until 24:00 on the last day. Everything due at one instant is applied before the desk looks."""
        clock, agenda = self.clock, self.agenda
        clock.at(self.log.end, URGENT, self._end)
        self.shortfalls.watchers.append(self.crises.recount)
        progress = Progress(self.theatre)
        while not self.over:
            if agenda.due and not clock.due_before(DESK):
                progress.check(clock.now)
                self.desk.look()
            else:
                clock.step()
            if check and not self.over and not agenda.due and clock.peek() > clock.now:
                self.stocks.check()
                self.shortfalls.check()

    def _end(self, _: None) -> None:
        """The period is over. Nothing that is still due happens, and nobody is told of anything any more."""
        self.over = True
        self.clock.stop()
        self.shortfalls.watchers.clear()
        self.repairs.stop()
        self.loans.book.finish()
        self.log.teams = team_levels(self.log, self.theatre)
