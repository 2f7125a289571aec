"""What a comparison allows one to say, and what not: the order of the options, which may be best, and the bad cases."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sim.chance.sets import SIZE
from sim.comparison.answer_words import REFUSALS
from sim.comparison.common_random_numbers import with_crises_of_their_own
from sim.comparison.comparison import Comparison
from sim.comparison.pair import worlds_of
from sim.errors import UsageError
from sim.measures.catalogue import UNMET
from sim.measures.figures import chance_in_figures, unit_days
from sim.scenario.groups import standing_apart
from sim.statistics.discordance import Refusal, least_discordant
from sim.statistics.estimates import Estimate, chance, quantile, variance_reduction
from sim.statistics.intervals import Interval, SetEstimate
from sim.statistics.selection import Ranking, rank
from sim.words.language import Phrase, phrase, phrase_n
from sim.words.names import listed, quoted
from sim.words.numbers import finite, finite_values, number, percent

LEAST_GAIN = 1.1
"""Times as many replications, below which there is no gain worth a sentence."""
ONE_OF = Phrase("The best option is, with at least {sure} confidence, one of {names}; it is not {others}.")
ONE_OF_GROUP = Phrase(
    "The best option of {n:,} that can be compared is, with at least {sure} confidence, one of {names}; it is not"
    " {others}."
)
ANY_OF = Phrase("The best option is, with at least {sure} confidence, one of {names}: none of them can be ruled out.")
ANY_OF_GROUP = Phrase(
    "The best option of {n:,} that can be compared is, with at least {sure} confidence, one of {names}: none of them"
    " can be ruled out."
)
ALIKE = Phrase(
    "All options met the same crises. Had each met crises of its own, {times} times as many replications would have"
    " been needed to know the differences from {reference} as well."
)
ALIKE_IN_GROUP = Phrase(
    "Options that are compared met the same crises. Had each met crises of its own, {times} times as many replications"
    " would have been needed to know the differences from {reference} as well."
)
CAUTION = {
    (False, False): Phrase(
        "Intervals are at {sure} confidence and measure chance within the model over {over}, not errors in its"
        " assumptions."
    ),
    (False, True): Phrase(
        "Intervals are at {sure} confidence, hold however often the run is looked at and measure chance within the"
        " model over {over}, not errors in its assumptions."
    ),
    (True, False): Phrase(
        "Intervals are at {sure} confidence and measure chance, and what the scenario says that nobody knows, over"
        " {over}, not other errors in its assumptions."
    ),
    (True, True): Phrase(
        "Intervals are at {sure} confidence, hold however often the run is looked at and measure chance, and what the"
        " scenario says that nobody knows, over {over}, not other errors in its assumptions."
    ),
}
"""What intervals do not cover, by whether there are worlds, and whether they hold at every look."""


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
                name: finite_values(one, "low", "high")
                | {"may_be_best": one.may_be_best, "chance_best": finite(one.chance_best)}
                for ranking in self.rankings
                for name, one in ranking.standings.items()
            },
            "pairs": [
                {
                    "one": one,
                    "other": other,
                    **finite_values(found, "mean", "low", "high"),
                    "refused": None if found.refused is None else found.refused.value,
                }
                for (one, other), found in self.pairs.items()
            ],
            "longer_than_days": self.longer_than_days,
            "tails": {name: tail.as_json() for name, tail in self.tails.items()},
            "variance_reduction": {name: finite(found) for name, found in self.variance_reduction.items()},
        }

    def sentences(self, *, tails: bool = True) -> list[str]:
        """All of it (or all but the bad cases) in plain words; never more than the intervals allow."""
        judged = [line for ranking in self.rankings for line in (*self._best(ranking), *self._order(ranking))]
        return [*judged, *self._apart(), *(self._bad_cases() if tails else ()), *self._same_crises(), self._caution()]

    def _label(self, name: str) -> str:
        """The option's name in a sentence."""
        return quoted(self.comparison.options[name].label)

    def _best(self, ranking: Ranking) -> list[str]:
        sure, names = percent(ranking.confidence), ranking.may_be_best
        if len(ranking.standings) < 2:
            return []
        whole = len(self.rankings) == 1
        if ranking.sets < least_discordant(self.comparison.confidence):
            least = least_discordant(self.comparison.confidence) * SIZE
            return [phrase("Which option is best is not judged from fewer than {least:,} replications.", least=least)]
        if len(names) == 1:
            slots = {"name": self._label(names[0]), "n": len(ranking.standings), "sure": sure}
            if whole:
                return [phrase("{name} is the best option with at least {sure} confidence.", **slots)]
            best = phrase(
                "{name} is the best option of {n:,} that can be compared with at least {sure} confidence.", **slots
            )
            return [best]
        out = [self._label(name) for name in ranking.standings if name not in names]
        named = listed(list(map(self._label, names)))
        slots = {"names": named, "n": len(ranking.standings), "sure": sure, "others": listed(out, "or")}
        told = (ONE_OF if whole else ONE_OF_GROUP)(**slots) if out else (ANY_OF if whole else ANY_OF_GROUP)(**slots)
        if not all(math.isfinite(ranking.standings[name].chance_best) for name in names):
            return [told]
        chances = [f"{self._label(name)} {percent(ranking.standings[name].chance_best)}" for name in names]
        resampled = phrase(
            "On resampled sets of replications the best mean belongs to: {chances}.", chances=", ".join(chances)
        )
        return [told, resampled]

    def _order(self, ranking: Ranking) -> list[str]:
        """Each option against the next worse by mean."""
        order = sorted(ranking.standings.values(), key=lambda one: one.mean)
        lines = [self._next_to(one.name, other.name) for one, other in pairwise(order)]
        if len(lines) > 1 and any(found.known and found.error for found in ranking.pairs.values()):
            n, sure = len(ranking.pairs), percent(self.comparison.confidence)
            if len(self.rankings) > 1:
                told = phrase(
                    "All {n:,} differences between these options hold at once with {sure} confidence.", n=n, sure=sure
                )
            else:
                told = phrase(
                    "All {n:,} differences between options hold at once with {sure} confidence.", n=n, sure=sure
                )
            lines.append(told)
        return lines

    def _next_to(self, better: str, worse: str) -> str:
        found = self._difference(worse, better)
        slots = {"one": self._label(better), "other": self._label(worse)}
        if found.low == found.high == 0:
            return phrase("{one} and {other} leave the same unmet, whatever comes.", **slots)
        if found.significant:
            return phrase("{one} leaves {days} unit-days less unmet than {other}.", days=_range(found), **slots)
        if self.of(better).may_be_best == (better,):  # surer than a pair by itself, which is judged on both sides
            return phrase(
                "{one} leaves less unmet than {other}; how much less is not settled: at most {most} unit-days.",
                most=unit_days(found.high),
                **slots,
            )
        if found.refused is not None:
            why = self._why(found.refused, len(self.of(better).pairs))
            return phrase("Whether {one} or {other} leaves less unmet cannot be said: {why}.", why=why, **slots)
        ends = {"low": unit_days(found.low), "high": unit_days(found.high)}
        if not found.mean > 0:
            return phrase(
                "Whether {one} or {other} leaves less unmet cannot be said: {other} minus {one} lies between {low} and"
                " {high} unit-days.",
                **ends,
                **slots,
            )
        return phrase(
            "Whether {one} or {other} leaves less unmet cannot be said: {other} minus {one} lies between {low} and"
            " {high} unit-days; to tell one as large as was seen would take about {needed:,} replications.",
            needed=SIZE * math.ceil(found.sets * (found.half_width / found.mean) ** 2),
            **ends,
            **slots,
        )

    def _why(self, refused: Refusal, pairs: int) -> str:
        """Why two options of a group of so many pairs cannot be compared, in the words of replications."""
        each = 1 - (1 - self.comparison.confidence) / max(1, pairs)  # the confidence by which all hold at once
        needed, n = least_discordant(each), self.comparison.replications
        if refused is Refusal.ALL_EQUAL:
            return phrase("they did the same in all {n:,} replications, which does not prove that they always do", n=n)
        if refused is Refusal.FEW_DIFFER:
            return phrase(
                "too few sets of {size} replications in which they differ ({needed} are needed)",
                size=SIZE,
                needed=needed,
            )
        if refused is Refusal.FEW_SETS:
            return phrase("that takes {n:,} replications or more", n=needed * SIZE)
        return phrase("{why}, of {size} replications each", why=REFUSALS[refused](), size=SIZE)

    def _difference(self, one: str, other: str) -> SetEstimate:
        return self.pairs[one, other] if (one, other) in self.pairs else self.pairs[other, one].turned()

    def _apart(self) -> list[str]:
        """Which options are not held against the reference, and why."""
        apart = [self._label(name) for ranking in self.rankings[1:] for name in ranking.standings]
        return [standing_apart(apart)] if apart else []

    def _bad_cases(self) -> list[str]:
        lines = []
        for name, tail in self.tails.items():
            if math.isnan(tail.median.mean):
                continue
            centre, interval = chance_in_figures(tail.longer)
            told = phrase(
                "{name}: half of the time more than {median} unit-days are unmet, one time in twenty more than {bad};"
                " the chance of a shortfall longer than {days:g} days is {share}.",
                name=self._label(name),
                median=_range(tail.median),
                bad=_range(tail.p95),
                days=self.longer_than_days,
                share=centre + (f" ({interval})" if interval else ""),
            )
            lines.append(told)
        return lines

    def _same_crises(self) -> list[str]:
        """What it was worth that all options met the same crises; nothing unless every difference gained by it."""
        own = self.ranking.standings
        apart = [self._label(name) for name in with_crises_of_their_own(self.comparison) if name in own]
        if apart:
            told = phrase_n(
                "{names} meets other crises, or missions at other times, as the change says.",
                "{names} meet other crises, or missions at other times, as the change says.",
                len(apart),
                names=listed(apart),
            )
            return [told]
        gains = sorted(gain for gain in self.variance_reduction.values() if math.isfinite(gain))
        if not gains or gains[0] < LEAST_GAIN:
            return []
        reference = self._label(self.comparison.reference)
        low, high = (number(gain, 2) for gain in (gains[0], gains[-1]))
        times = low if low == high else phrase("{low} to {high}", low=low, high=high)
        return [(ALIKE if len(self.rankings) == 1 else ALIKE_IN_GROUP)(times=times, reference=reference)]

    def _caution(self) -> str:
        n, sure = self.comparison.replications, percent(self.comparison.confidence)
        over = phrase_n("{n:,} replication", "{n:,} replications", n, n=n)
        said = CAUTION[worlds_of(self.comparison) is not None, self.comparison.every_look]
        return said(sure=sure, over=over)


def see_days(longer_than_days: float) -> None:
    """UsageError where no shortfall could be as long."""
    if not 0 <= longer_than_days < math.inf:
        raise UsageError(f"--longer-than: must be a number of days, 0 or more, not {longer_than_days:g}")


def judge(comparison: Comparison, longer_than_days: float = 30) -> Verdict:
    """Judge the options of a comparison, which must know its results, by their unmet need."""
    results, confidence = comparison.results, comparison.confidence
    if results is None:
        raise UsageError("a verdict needs the results that were compared")
    see_days(longer_than_days)
    unmet = {name: results.sample(name, UNMET) for name in comparison.options}
    by_set = {name: results.sets.means(sample) for name, sample in unmet.items()}
    longest = {name: results.sample(name, "longest_short_days") for name in comparison.options}
    return Verdict(
        comparison=comparison,
        rankings=tuple(
            rank(
                {name: by_set[name] for name in names}, comparison.by.exposed, comparison.cannot_vary.alike_among(names)
            )
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


def _range(found: Interval) -> str:
    low, high = ("?" if math.isnan(end) else unit_days(end) for end in (found.low, found.high))
    return phrase("{value} ({low} to {high})", value=unit_days(found.mean), low=low, high=high)
