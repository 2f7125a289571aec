"""What a comparison allows one to say, and what not: the order of the options, which may be best, and the bad cases."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from sim.chance.sets import SIZE
from sim.comparison.comparison import Comparison
from sim.comparison.luck import with_crises_of_their_own
from sim.comparison.pair import worlds_of
from sim.errors import UsageError
from sim.measures.catalogue import UNMET
from sim.measures.figures import chance_in_figures, figure
from sim.statistics.discordance import Refusal, least_discordant
from sim.statistics.estimates import Estimate, chance, quantile, variance_reduction
from sim.statistics.intervals import SetEstimate
from sim.statistics.selection import Ranking, rank
from sim.words.names import listed, quoted
from sim.words.numbers import finite, number, percent

LEAST_GAIN = 1.1
"""Times as many replications, below which there is no gain worth a sentence."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The good and the bad cases of one option, in unit-days of unmet need, and its long shortfalls."""

    p5: Estimate
    median: Estimate
    p95: Estimate
    longer: Estimate
    """Chance of any shortfall, anywhere, that lasts longer than the days asked for."""

    def as_json(self) -> dict[str, Any]:
        """Plain maps and numbers."""
        quantiles = {"p5": self.p5, "median": self.median, "p95": self.p95}
        return {
            name: found.as_json() for name, found in (quantiles | {"chance_of_long_shortfall": self.longer}).items()
        }


@dataclass(frozen=True)
class Verdict:
    """Unmet need of all options, judged together."""

    comparison: Comparison
    rankings: tuple[Ranking, ...]
    """Each option against the best of the others of its group, all at once; the reference's group first."""
    tails: Mapping[str, Tail]
    longer_than_days: float
    variance_reduction: Mapping[str, float]
    """Option -> how many times as many independent replications its difference from the reference would need."""

    @property
    def ranking(self) -> Ranking:
        """Of the reference and the options of its group."""
        return self.rankings[0]

    @property
    def pairs(self) -> Mapping[tuple[str, str], SetEstimate]:
        """(one, other) -> paired difference one − other, within groups; all of a group hold at once (Bonferroni)."""
        return {pair: found for ranking in self.rankings for pair, found in ranking.pairs.items()}

    def of(self, option: str) -> Ranking:
        """The options of the group of `option`."""
        return next(ranking for ranking in self.rankings if option in ranking.standings)

    def __repr__(self) -> str:
        return f"<Verdict on {self.comparison!r}>"

    def __str__(self) -> str:
        """What it says, a line each."""
        return "\n".join(self.sentences())

    def as_json(self) -> dict[str, Any]:
        """Plain maps and numbers; None where undefined."""
        return {
            "confidence": self.comparison.confidence,
            "may_be_best": list(self.ranking.may_be_best),
            "against_the_best": {
                name: {
                    "low": finite(one.low),
                    "high": finite(one.high),
                    "may_be_best": one.may_be_best,
                    "chance_best": finite(one.chance_best),
                }
                for ranking in self.rankings
                for name, one in ranking.standings.items()
            },
            "pairs": [
                {
                    "one": one,
                    "other": other,
                    "mean": finite(found.mean),
                    "low": finite(found.low),
                    "high": finite(found.high),
                    "refused": None if found.refused is None else found.refused.value,
                }
                for (one, other), found in self.pairs.items()
            ],
            "longer_than_days": self.longer_than_days,
            "tails": {name: tail.as_json() for name, tail in self.tails.items()},
            "variance_reduction": {name: finite(found) for name, found in self.variance_reduction.items()},
        }

    def sentences(self, *, tails: bool = True) -> list[str]:
        """All of it (or all but the bad cases) in plain English; never more than the intervals allow."""
        judged = [line for ranking in self.rankings for line in (*self._best(ranking), *self._order(ranking))]
        return [*judged, *self._apart(), *(self._bad_cases() if tails else ()), *self._luck(), self._caution()]

    def _label(self, name: str) -> str:
        """The option's name in a sentence."""
        return quoted(self.comparison.options[name].label)

    def _best(self, ranking: Ranking) -> list[str]:
        sure, names = percent(ranking.confidence), ranking.may_be_best
        if len(ranking.standings) < 2:
            return []
        among = "" if len(self.rankings) == 1 else f" of {len(ranking.standings)} that can be compared"
        if ranking.sets < least_discordant(self.comparison.confidence):
            least = least_discordant(self.comparison.confidence) * SIZE
            return [f"Which option is best is not judged from fewer than {least} replications."]
        if len(names) == 1:
            return [f"{self._label(names[0])} is the best option{among} with at least {sure} confidence."]
        out = [self._label(name) for name in ranking.standings if name not in names]
        named = listed(list(map(self._label, names)))
        told = f"The best option{among} is, with at least {sure} confidence, one of {named}"
        told += f"; it is not {listed(out, 'or')}." if out else ": none of them can be ruled out."
        if not all(math.isfinite(ranking.standings[name].chance_best) for name in names):
            return [told]
        chances = [f"{self._label(name)} {percent(ranking.standings[name].chance_best)}" for name in names]
        return [told, f"On resampled sets of replications the best mean belongs to: {', '.join(chances)}."]

    def _order(self, ranking: Ranking) -> list[str]:
        """Each option against the next worse by mean."""
        order = sorted(ranking.standings.values(), key=lambda one: one.mean)
        lines = [self._next_to(one.name, other.name) for one, other in pairwise(order)]
        if len(lines) > 1 and any(found.known and found.error for found in ranking.pairs.values()):
            these = "these options" if len(self.rankings) > 1 else "options"
            lines.append(f"All {len(ranking.pairs)} differences between {these} hold at once with {self._sure}.")
        return lines

    def _next_to(self, better: str, worse: str) -> str:
        found = self._difference(worse, better)
        one, other = self._label(better), self._label(worse)
        if found.low == found.high == 0:
            return f"{one} and {other} leave the same unmet, whatever comes."
        if found.significant:
            return f"{one} leaves {_range(found)} unit-days less unmet than {other}."
        if self.of(better).may_be_best == (better,):  # surer than a pair by itself, which is judged on both sides
            most = f"at most {_unit_days(found.high)} unit-days"
            return f"{one} leaves less unmet than {other}; how much less is not settled: {most}."
        told = f"Whether {one} or {other} leaves less unmet cannot be said"
        if found.refused is not None:
            return f"{told}: {self._why(found.refused, len(self.of(better).pairs))}."
        told += f": {other} minus {one} lies between {_unit_days(found.low)} and {_unit_days(found.high)} unit-days"
        if found.mean > 0:
            needed = SIZE * math.ceil(found.sets * (found.half_width / found.mean) ** 2)
            told += f"; to tell one as large as was seen would take about {needed:,} replications"
        return told + "."

    def _why(self, refused: Refusal, pairs: int) -> str:
        """Why two options of a group of so many pairs cannot be compared, in the words of replications."""
        each = 1 - (1 - self.comparison.confidence) / max(1, pairs)  # the confidence by which all hold at once
        needed, n = least_discordant(each), self.comparison.replications
        if refused is Refusal.ALL_EQUAL:
            return f"they did the same in all {n:,} replications, which does not prove that they always do"
        if refused is Refusal.FEW_DIFFER:
            return f"too few sets of {SIZE} replications in which they differ ({needed} are needed)"
        if refused is Refusal.FEW_SETS:
            return f"that takes {needed * SIZE} replications or more"
        return f"{refused.value}, of {SIZE} replications each"

    def _difference(self, one: str, other: str) -> SetEstimate:
        if (one, other) in self.pairs:
            return self.pairs[one, other]
        turned = self.pairs[other, one]
        return replace(turned, mean=-turned.mean, low=-turned.high, high=-turned.low)

    def _apart(self) -> list[str]:
        """Which options are not held against the reference, and why."""
        apart = [self._label(name) for ranking in self.rankings[1:] for name in ranking.standings]
        if not apart:
            return []
        stand = f"{listed(apart)} {'stands' if len(apart) == 1 else 'stand'} apart"
        return [f"{stand}: crises or units are not the same there, so nothing is said of which is better."]

    def _bad_cases(self) -> list[str]:
        lines = []
        for name, tail in self.tails.items():
            if math.isnan(tail.median.mean):
                continue
            told = f"{self._label(name)}: half of the time more than {_figure(tail.median)} unit-days are unmet"
            told += f", one time in twenty more than {_figure(tail.p95)}"
            centre, interval = chance_in_figures(tail.longer)
            share = centre + (f" ({interval})" if interval else "")
            lines.append(f"{told}; the chance of a shortfall longer than {self.longer_than_days:g} days is {share}.")
        return lines

    def _luck(self) -> list[str]:
        """What it was worth that all options met the same crises; nothing unless every difference gained by it."""
        own = self.ranking.standings
        apart = [self._label(name) for name in with_crises_of_their_own(self.comparison) if name in own]
        if apart:
            verb = "meets" if len(apart) == 1 else "meet"
            return [f"{listed(apart)} {verb} other crises, or missions at other times, as the change says."]
        gains = sorted(gain for gain in self.variance_reduction.values() if math.isfinite(gain))
        if not gains or gains[0] < LEAST_GAIN:
            return []
        reference = self._label(self.comparison.reference)
        ends = dict.fromkeys(number(gain, 2) for gain in (gains[0], gains[-1]))
        who = "All options" if len(self.rankings) == 1 else "Options that are compared"
        return [
            f"{who} met the same crises. Had each met crises of its own, {' to '.join(ends)} times as many"
            f" replications would have been needed to know the differences from {reference} as well."
        ]

    def _caution(self) -> str:
        n = self.comparison.replications
        over = f"{n:,} replication{'' if n == 1 else 's'}"
        worlds = worlds_of(self.comparison)
        what = "chance within the model" if worlds is None else "chance, and what the scenario says that nobody knows,"
        about = f"measure {what} over {over}, not {'other ' if worlds else ''}errors in its assumptions"
        looks = ", hold however often the run is looked at" if self.comparison.every_look else ""
        return f"Intervals are at {self._sure}{looks} and {about}."

    @property
    def _sure(self) -> str:
        return f"{percent(self.comparison.confidence)} confidence"


def judge(comparison: Comparison, longer_than_days: float = 30) -> Verdict:
    """Judge the options of a comparison, which must know its results, by their unmet need."""
    results, confidence = comparison.results, comparison.confidence
    if results is None:
        raise UsageError("a verdict needs the results that were compared")
    if not longer_than_days >= 0:
        raise UsageError(f"--longer-than: must be 0 days or more, not {longer_than_days:g}")
    unmet = {name: results.sample(name, UNMET) for name in comparison.options}
    by_set = {name: results.sets.means(sample) for name, sample in unmet.items()}
    longest = {name: results.sample(name, "longest_short_days") for name in comparison.options}
    return Verdict(
        comparison=comparison,
        rankings=tuple(
            rank({name: by_set[name] for name in names}, comparison.by.exposed, comparison.certain.alike_among(names))
            for names in sorted(comparison.groups.values(), key=lambda names: comparison.reference not in names)
        ),
        tails={
            name: Tail(
                quantile(sample, 0.05, confidence),
                quantile(sample, 0.5, confidence),
                quantile(sample, 0.95, confidence),
                chance(longest[name] > longer_than_days, confidence),
            )
            for name, sample in unmet.items()
        },
        longer_than_days=longer_than_days,
        variance_reduction={
            name: variance_reduction(sample, by_set[comparison.reference])
            for name, sample in by_set.items()
            if name in comparison.differences
        },
    )


def _range(found: SetEstimate) -> str:
    return f"{_unit_days(found.mean)} ({_unit_days(found.low)} to {_unit_days(found.high)})"


def _figure(found: Estimate) -> str:
    low, high = ("?" if math.isnan(end) else _unit_days(end) for end in (found.low, found.high))
    return f"{_unit_days(found.mean)} ({low} to {high})"


def _unit_days(value: float) -> str:
    return figure(UNMET, value)
