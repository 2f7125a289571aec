"""Who lent what to whom: unit-days from departure to home, by lender and borrower, over the replications kept."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, cast

from sim.charts.house.episode import NOT_KEPT, featured, is_story, kept_replications
from sim.charts.house.words import label, percent, quoted
from sim.words.names import plural
from sim.words.numbers import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.comparison.comparison import Comparison
    from sim.operations.log import LoanRecord
    from sim.questions.story.story import Story


class Lent(NamedTuple):
    """What one option lent, per replication."""

    option: str
    replications: int
    """Over which the means are taken; 0 where no log was kept."""
    unit_days: dict[tuple[str, str], float]
    """(lender, borrower) → mean unit-days, most first."""
    by_resource: dict[tuple[str, str, str], float]
    """(lender, borrower, resource) → mean unit-days."""

    @property
    def whole(self) -> float:
        """All unit-days of a replication."""
        return sum(self.unit_days.values())


def each_replications_loans(source: Comparison | Story, option: str | None) -> Iterator[Sequence[LoanRecord]]:
    """The loans of every replication that was kept, or of the story's."""
    if is_story(source):
        yield source.loans
        return
    comparison = cast("Comparison", source)
    for replication in kept_replications(comparison):
        assert comparison.results is not None
        yield comparison.results.loans(option or featured(comparison), replication)


def lent(source: Comparison | Story, option: str | None = None) -> Lent:
    """What `option` lent (default: the featured one); loans still out at the period's end count until then."""
    name = source.option if is_story(source) else option or featured(cast("Comparison", source))
    totals: dict[tuple[str, str, str], float] = defaultdict(float)
    count = 0
    for loans in each_replications_loans(source, option):
        count += 1
        for loan in loans:
            if loan.departed_day is not None:
                home = source.scenario.days if loan.home_day is None else loan.home_day
                totals[loan.lender, loan.borrower, loan.resource] += loan.units * (home - loan.departed_day)
    by_resource = {key: total / count for key, total in sorted(totals.items())}
    pairs: dict[tuple[str, str], float] = defaultdict(float)
    for (lender, borrower, _), days in by_resource.items():
        pairs[lender, borrower] += days
    return Lent(name, count, dict(sorted(pairs.items(), key=lambda pair: -pair[1])), by_resource)


def lent_fact(source: Comparison | Story, found: Lent) -> str:
    """The caption's fact on what was counted."""
    name = quoted(label(source.scenario, found.option))
    if is_story(source):
        return f"Replication {source.replication} of {name}"
    return f"Mean unit-days, from departure to home, of {plural(found.replications, 'kept replication')} of {name}"


def lending_finding(source: Comparison | Story, found: Lent) -> str:
    """Who lends most to whom, in a sentence."""
    if not found.replications:
        return NOT_KEPT
    name = quoted(label(source.scenario, found.option))
    if not found.unit_days:
        return f"No loans were made under {name}"
    (lender, borrower), most = next(iter(found.unit_days.items()))
    who = f"{label(source.scenario, lender)} to {label(source.scenario, borrower)}"
    if most > 0.995 * found.whole:
        every = "all" if len(found.unit_days) == 1 else "nearly all"
        return f"Under {name} {every} lending is from {who}: {number(most)} unit-days"
    share = percent(most / found.whole)
    if most < 0.15 * found.whole:
        over = percent(math.ceil(100 * most / found.whole) / 100)
        return f"Under {name} lending is spread over {len(found.unit_days)} pairs of missions; none has over {over}"
    if most > 0.5 * found.whole:
        return f"Under {name} most of what is lent goes from {who}: {number(most)} unit-days, {share} of all"
    return f"Under {name} no pair lends more than {who}: {number(most)} unit-days, {share} of all"
