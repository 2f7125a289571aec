"""Whether a rule of the user's own does the same twice: all chance is to come from the seed."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from itertools import islice

from sim.chance.trace import BLOCK
from sim.errors import in_a_line
from sim.operations.log import Level, LoanRecord
from sim.operations.replication import simulate
from sim.operations.theatre import Theatre
from sim.running.batches import Job, theatres, theatres_in, traces

log = logging.getLogger("sim")

MOST_PLAYED = 5
"""Replications that are looked through for the first one in which there is a loan."""
Left = tuple[list[LoanRecord], list[Level]] | str
"""The loans and levels of a replication; of one that fails, why."""


def warn_of_rules_with_chance(job: Job, rules: Collection[str], replications: Iterable[int]) -> None:
    """Run the first of the replications that has loans twice, under every option that follows one of `rules`, and warn
    where the two runs differ.
    """
    few = list(islice(replications, MOST_PLAYED))
    for option, theatre in theatres(job.pickled).items():
        if theatre.policy.rule in rules:
            replication = _differing(job, theatre, few)
            if replication is not None:
                log.warning(
                    "two runs of replication %d of %r differ: rule %r goes by something that the seed does not fix"
                    " (numbers that it draws, a clock, what it remembers); the same seed will not give the same"
                    " results again",
                    replication,
                    option,
                    theatre.policy.rule,
                )


def _differing(job: Job, theatre: Theatre, replications: Iterable[int]) -> int | None:
    for replication in replications:
        left = _played(job, theatre, replication)
        if left != _played(job, theatre, replication):
            return replication
        if isinstance(left, str) or left[0]:
            return None
    return None


def _played(job: Job, theatre: Theatre, replication: int) -> Left:
    block, within = divmod(replication, BLOCK)
    trace = traces(job.pickled, job.seed, block)[theatre.option][within]
    try:
        log = simulate(theatres_in(job.pickled, job.seed, block)[theatre.option], trace)
    except (Exception, SystemExit) as error:  # which the run itself reports
        return in_a_line(error)
    return log.loans, log.levels
