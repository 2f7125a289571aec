"""The answer to the scenario's question: what is asked, what was found, how sure it is, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.comparison.answer_words import Telling
from sim.comparison.comparison import Comparison, against
from sim.comparison.pair import EVERYWHERE, NOT_ADDED, Pair, by_set, column_at, pair, worlds_of
from sim.comparison.price import Price, counted, price
from sim.errors import UsageError
from sim.measures.catalogue import MEASURES, OVERALL, UNMET, Measure
from sim.scenario.resolved_question import ResolvedQuestion
from sim.statistics.selection import Ranking, rank
from sim.words.language import phrase
from sim.words.names import quoted
from sim.words.numbers import finite

NBSP = "\u00a0"


@dataclass(frozen=True)
class Answer:
    """What the options of a comparison say to the scenario's question."""

    comparison: Comparison
    asked: ResolvedQuestion
    """What is asked, of the options that were run."""
    pairs: tuple[Pair, ...]
    """Each option that the question is about, held against the other; single steps before packages, the one that gains
    most first."""
    rankings: Mapping[str, Ranking]
    """By group of options: which may be best by the measure that is asked for (less is better there)."""

    @property
    def question(self) -> str:
        """The question in a sentence; one made from what is compared where the scenario has none."""
        if self.asked.text:
            return " ".join(self.asked.text.split())
        if self.asked.kind == "compare":
            one, other = map(self.label, self.comparison.scenario.asked.pairs[0])  # also of options that were not run
            return phrase("What does {one} change against {other}?", one=one, other=other)
        if self.asked.kind == "one by one":
            return phrase("Which of these steps first?")
        if self.measure.more_is_better:
            return phrase("Which option has the most {measure}?", measure=self.measure.name.lower())
        return phrase("Which option has the least {measure}?", measure=self.measure.name.lower())

    @property
    def measure(self) -> Measure:
        """What is compared."""
        return MEASURES[self.asked.measure]

    @property
    def first(self) -> Pair | None:
        """The pair that the answer is about; None where nothing could be compared."""
        return self.pairs[0] if self.pairs else None

    @cached_property
    def price(self) -> Price | None:
        """What each unit-day costs that the first option saves; None where it saves none for sure."""
        return price(self.comparison, self.first, self.asked.place) if self.first is not None else None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer, in one to three sentences; figures and units are joined by no-break spaces."""
        return tuple(self._telling.sentences())

    @property
    def _telling(self) -> Telling:
        return Telling(self.comparison, self.asked, self.pairs, self.leaders, self.price, self.worlds_first)

    @property
    def where(self) -> str:
        """Of which units and where the question is, to be put behind a noun: " of patrols in UNSMIS"; else nothing."""
        return self._telling.where()

    @property
    def cannot_be_said(self) -> tuple[str, ...]:
        """What the intervals leave open, and what is not compared, a line each."""
        return tuple(self._telling.open_questions())

    @property
    def text(self) -> str:
        """The sentences as plain text."""
        return " ".join(self.sentences).replace(NBSP, " ")

    @property
    def leaders(self) -> tuple[str, ...]:
        """Options that may be the best of those that the question is about, best first."""
        names = self._steps
        if self.asked.kind == "best" and self.pairs:
            names.append(self.pairs[0].against)
        return _rank(self.comparison, names, self.asked).may_be_best if names else ()

    @property
    def _steps(self) -> list[str]:
        """The options that the question is about, without packages of several."""
        return [found.option for found in self.pairs if found.option not in self.asked.packages]

    @property
    def worlds_first(self) -> int | None:
        """In how many worlds the first option is ahead of the others that it is chosen from: single steps, or the
        options of its group; None without doubts, or where two options only are compared."""
        if self.first is None or self.asked.kind == "compare" or worlds_of(self.comparison) is None:
            return None
        return self._worlds_ahead(self.first.option, self._steps)

    def label(self, option: str) -> str:
        """An option's name in a sentence."""
        return quoted(self.comparison.options[option].label if option in self.comparison.options else option)

    def worlds_best(self, option: str) -> int | None:
        """In how many worlds the option is the best of its group; None without doubts, or where it stands alone."""
        group = next((ranking for ranking in self.rankings.values() if option in ranking.standings), None)
        if group is None or worlds_of(self.comparison) is None:
            return None
        return self._worlds_ahead(option, group.standings)

    def _worlds_ahead(self, option: str, rivals: Iterable[str]) -> int:
        """In how many worlds the option is no worse than any of its rivals, but for rounding."""
        values = [_to_lessen(self.comparison, name, self.asked) for name in dict.fromkeys([option, *rivals])]
        scale = float(np.nanmax(np.abs(values), initial=0.0))
        return int((values[0] <= np.min(values, axis=0) + 1e-9 * scale).sum())

    def counted(self, option: str) -> bool:
        """Whether the option's costs are counted."""
        return counted(self.comparison, option)

    def __str__(self) -> str:
        return f"{self.question}\n{self.text}"

    def __repr__(self) -> str:
        return f"<Answer to {self.question!r}: {self.text!r}>"

    def as_json(self) -> dict[str, Any]:
        """Plain maps, lists and numbers; None where there is none."""
        first = self.first
        told = None if first is None else first.as_json()
        return {
            "question": self.question,
            "text": self.text,
            "measure": self.asked.measure,
            "difference": told,
            "holds_in_worlds": None if told is None else told["holds_in_worlds"],
            "first_in_worlds": self.worlds_first,
            "others": [found.as_json() for found in self.pairs[1:]],
            "may_be_best": list(self.leaders),
            "price": self._price_as_json(),
        }

    def _price_as_json(self) -> dict[str, float | None] | None:
        if self.price is None:
            return None
        dollars = None if self.price.dollars is None else finite(self.price.dollars)
        return {"usd_per_unit_day": dollars, "lenders_lack_per_unit_day": finite(self.price.lenders_lack)}


def answer(comparison: Comparison) -> Answer:
    """Answer the question of the comparison's scenario; UsageError where it does not know its results.

    Options are held against others of their group only. Of options that were not run nothing is said.
    """
    if comparison.results is None:
        raise UsageError("an answer needs the results that were compared")
    asked = _as_run(comparison)
    if asked.measure in NOT_ADDED and asked.place != OVERALL and EVERYWHERE in asked.place:
        return Answer(comparison, asked, (), {})
    found = [pair(comparison, one, other, asked.measure, asked.place) for one, other in asked.pairs]
    if asked.kind != "compare":
        found.sort(key=lambda each: (each.option in asked.packages, -each.gain))
    groups = comparison.groups.items()
    rankings = {group: _rank(comparison, names, asked) for group, names in groups if len(names) > 1}
    return Answer(comparison, asked, tuple(found), rankings)


def in_one_comparison(comparison: Comparison) -> Comparison:
    """The comparison with the answer's own reference, so that every page and chart speaks of the same two options.

    The same object where that is its reference already, or where it was asked for another by name.
    """
    results = comparison.results
    if results is None or comparison.reference != comparison.scenario.reference:
        return comparison
    first = answer(comparison).first
    if first is None or first.against == comparison.reference:
        return comparison
    return against(comparison, first.against)


def _as_run(comparison: Comparison) -> ResolvedQuestion:
    """What the scenario is asked, as far as it was run: with the reference that the comparison has."""
    asked = comparison.scenario.asked
    if asked.kind == "best":
        return asked._replace(pairs=tuple((name, comparison.reference) for name in comparison.differences))
    run = tuple(each for each in asked.pairs if set(each) <= set(comparison.options))
    return asked._replace(pairs=run, packages=tuple(each for each in asked.packages if each in comparison.options))


def _rank(comparison: Comparison, names: Sequence[str], asked: ResolvedQuestion) -> Ranking:
    samples = {name: _to_lessen(comparison, name, asked) for name in names}
    terms = comparison.by.exposed if asked.measure == UNMET else comparison.by.terms
    return rank(samples, terms, comparison.cannot_vary.alike_among(names))


def _to_lessen(comparison: Comparison, option: str, asked: ResolvedQuestion) -> Any:
    """The measure by set, turned where more of it is better."""
    measure = MEASURES[asked.measure]
    values = by_set(comparison, column_at(comparison, option, asked.place), measure)
    return -values if measure.more_is_better else values
