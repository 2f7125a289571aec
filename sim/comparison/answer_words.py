"""The answer in sentences: never more than its intervals and its worlds allow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from sim.chance.sets import SIZE
from sim.comparison.comparison import Comparison
from sim.comparison.pair import EVERYWHERE, LEAST_WORLDS, NOT_ADDED, Pair, by_set, column_at, is_at, worlds_of
from sim.comparison.price import Price
from sim.measures.catalogue import MEASURES, OVERALL, UNMET
from sim.measures.figures import figure
from sim.operations.log import CAUSES
from sim.scenario.asked import Asked
from sim.statistics.discordance import Refusal, least_discordant
from sim.words.names import listed, plural, quoted
from sim.words.numbers import fixed, money, percent

NBSP = "\u00a0"
IN_THE_WAY = {
    "in repair": "repairs",
    "in transit": "the journey",
    "lift": "waiting for a lift",
    "no way there": "no way to bring them",
    "preparing": "preparing to leave",
    "council": "the Council's vote",
    "contributor": "the contributor's consent",
    "host": "the host's agreement",
    "refused": "refusals",
    "kept": "reserves held back",
    "ceiling": "the agreement's ceiling",
    "not permitted": "loans that nothing permitted",
    "given up": "need that was given up",
    "nobody had any": "that nobody had units to spare",
}
"""Causes of unmet need, as what stood in the way."""
MOST_OF_IT = 0.5
"""Share of a saving that one place must make before it is named."""
SOME = 0.05
"""Unit-days, below which a figure would be 0.0."""
MOST_NAMED = 3
"""Options that are named where it cannot be said which of them is best; of more, their number."""
LONGEST = 60
"""Letters of an option's name in a sentence."""


@dataclass(frozen=True)
class Telling:
    """What is told of the pairs of options that the question is about."""

    comparison: Comparison
    asked: Asked
    pairs: tuple[Pair, ...]
    leaders: tuple[str, ...]
    price: Price | None
    worlds_first: int | None = None
    """In how many worlds the first option is ahead of the others; None without worlds, or with two options only."""

    def sentences(self) -> Iterator[str]:
        """One to three sentences."""
        if not self.pairs:
            yield f"No answer: {self._why_nothing()}."
            return
        found = self.pairs[0]
        if not found.difference.significant:
            yield self._nothing_found(found)
        elif self.asked.kind == "compare":
            yield f"{self._name(found.option)} {self._claim(found)}."
        else:
            yield self._best(found)
        others = [self._then(), self._most_of_it(found), self._cost(found)]
        yield from _sentence(others)
        yield from _sentence([self._in_the_way(found), self._reached()])

    def open_questions(self) -> Iterator[str]:
        """What the intervals leave open, and which options stand apart."""
        sure = bool(self.pairs) and self.pairs[0].difference.significant
        unclear = [each for each in self.pairs[1:] if sure and not each.difference.significant]
        if unclear and not all(each.difference.nothing for each in unclear):
            few = len(unclear) <= MOST_NAMED
            names = listed([self._name(each.option) for each in unclear], "or") if few else f"{len(unclear)} others"
            yield f"whether {names} {'changes' if few else 'change'} anything against {self._name(unclear[0].against)}"
        named = {name for each in self.pairs for name in (each.option, each.against)}
        own = next((set(names) for names in self.comparison.scenario.groups.values() if named & set(names)), set())
        apart = [name for name in self.comparison.options if own and name not in own]
        if apart:
            told = listed([self._name(name) for name in apart]) if len(apart) < 3 else f"{len(apart)} options apart"
            yield f"how {told} would do beside the others, with whom crises or units are not the same"

    def _why_nothing(self) -> str:
        place = self.asked.place
        if self.asked.measure in NOT_ADDED and place != OVERALL and EVERYWHERE in place:
            return f"{self._measure} of several places do not add up; ask for one mission and one resource"
        lacking = [name for each in self.comparison.scenario.asked.pairs for name in each]
        lacking = [name for name in dict.fromkeys(lacking) if name not in self.comparison.options]
        if lacking:
            were = "was not run" if len(lacking) == 1 else "were not run"
            return f"{listed([quoted(name) for name in lacking])} {were}"
        return f"there is nothing that {self._name(self.comparison.reference)} could be compared with"

    # -- what was found ------------------------------------------------------------------------------------------

    def _best(self, found: Pair) -> str:
        single = [each for each in self.pairs if each.option not in self.asked.packages]
        first, rest = self._name(found.option), self.leaders[1:]
        if not found.better:
            what = "saves anything" if self._saves else f"has {self._word(better=True)} {self._measure}"
            told = (
                f"None of {plural(len(single), 'step' if self.asked.kind == 'one by one' else 'other option')} {what}"
            )
            return f"{told}: the nearest to it, {first}, {self._claim(found)}."
        if rest:
            few = len(self.leaders) <= MOST_NAMED
            names = listed([self._name(name) for name in self.leaders], "or") if few else f"One of {len(self.leaders)}"
            return f"{names} is best, which of them cannot be said: {first} {self._claim(found)}."
        if len(single) == 1:
            return f"{first} {self._claim(found)}."
        if self.asked.kind == "one by one":
            return f"{first} first, of {len(single)} steps{self._ahead()}: it {self._claim(found)}."
        return f"{first} is best of {len(single) + 1} options{self._ahead()}: it {self._claim(found)}."

    def _ahead(self) -> str:
        """In how many worlds the first is ahead of the others; nothing where it is in nine of ten."""
        over = worlds_of(self.comparison)
        if self.worlds_first is None or not over or 10 * self.worlds_first >= 9 * over:
            return ""
        return f", but ahead of the others in only {self.worlds_first:,} of {over:,} worlds"

    def _claim(self, found: Pair) -> str:
        """What an option does, with its interval and in how many worlds."""
        before = self._level(found.before)
        against = self._name(found.against)
        if self._saves:
            where = self._where()
            if found.better:
                of = f"of {_figure(found.before)}{NBSP}unit-days of unmet need{where}"
                told = f"saves {_figure(found.gain)} {of} against {against}"
            else:
                more = f"{_figure(-found.gain)}{NBSP}unit-days more unmet{where}"
                told = f"leaves {more} than the {before} of {against}"
        else:
            way = "more" if found.difference.mean > 0 else "less"
            by = self._amount(abs(found.difference.mean))
            told = f"has {by} {way} {self._measure}{self._where()} than {against}"
            told += f" ({self._level(found.after)} instead of {before})"
        return f"{told} ({self._ends(found, found.difference.mean > 0)}){self._worlds(found)}"

    def _nothing_found(self, found: Pair) -> str:
        one, other = self._name(found.option), self._name(found.against)
        what = "unmet need" if self._saves else self._measure
        if found.difference.nothing:
            return f"None: {one} and {other} leave {what} the same in every replication, {self._level(found.before)}."
        if found.difference.refused is not None or not math.isfinite(found.difference.low):
            why = self._why_refused(found.difference.refused)
            return f"No answer: whether {one} changes {what} against {other} cannot be said; {why}."
        which = "" if self.asked.kind == "compare" else f"none is known to change {what}; the nearest to it, "
        low, high = found.difference.low, found.difference.high
        ends = f"between {self._amount(-low)} less and {self._amount(high)} more {what}"
        told = f"No answer: {which}{one}, cannot be told from {other}" if which else ""
        told = told or f"No answer: {one} cannot be told from {other}"
        return f"{told} ({ends} by chance, beside {self._level(found.before)}{self._range(found, up=True)})."

    def _why_refused(self, refused: Refusal | None) -> str:
        n = self.comparison.replications
        if refused is Refusal.ALL_EQUAL:
            return f"nothing differed in {n:,} replications, which does not prove that nothing can"
        if refused is Refusal.FEW_DIFFER:
            return f"they differed in too few of {n:,} replications"
        if refused in (None, Refusal.FEW_SETS):
            least = SIZE * least_discordant(self.comparison.confidence)
            return f"{plural(n, 'replication')} are too few (it takes {least} or more)" if n > 1 else "one is too few"
        return f"{refused.value}, of {SIZE} replications each"

    def _ends(self, found: Pair, up: bool) -> str:
        """The interval by chance, and the plausible range, of the difference or, where it falls, of the fall."""
        low, high = found.difference.low, found.difference.high
        ends = (low, high) if up else (-high, -low)
        sure = percent(self.comparison.confidence).replace(" ", NBSP)
        return f"by chance {self._between(*ends)} at {sure} confidence{self._range(found, up=up)}"

    def _range(self, found: Pair, *, up: bool) -> str:
        over = found.worlds
        if over is None:
            return ""
        ends = (over.low, over.high) if up else (-over.high, -over.low)
        where = "in nine worlds of ten" if over.count >= LEAST_WORLDS else f"over {plural(over.count, 'world')}"
        return f"; {where} {self._between(*ends)}"

    def _worlds(self, found: Pair) -> str:
        over = found.worlds
        if over is None:
            return ""
        if over.holds == over.count:
            return ", in every world" if over.count > 1 else ""
        return f", {'' if over.nine_of_ten else 'but only '}in {over.holds:,} of {over.count:,} worlds"

    def _then(self) -> str:
        """The other steps, and the packages, of which the first is the answer."""
        if self.asked.kind != "one by one":
            return ""
        steps = [each for each in self.pairs[1:] if each.option not in self.asked.packages and each.better]
        packages = [each for each in self.pairs[1:] if each.option in self.asked.packages and each.better]
        told, wholes = (
            [f"{self._name(each.option)} {self._amount(each.gain)}" for each in some] for some in (steps, packages)
        )
        parts = [f"by {'itself' if len(told) == 1 else 'themselves'} {listed(told)}"] if told else []
        parts += [f"as a package {listed(wholes)}"] if wholes else []
        return f"What the others {'save' if self._saves else 'gain'}: {', '.join(parts)}" if parts else ""

    def _most_of_it(self, found: Pair) -> str:
        """Where most of a saving lies, and how much of the need is met there, before and after."""
        if not (self._saves and found.better) or self.asked.kind == "one by one":
            return ""
        place, name = self._main_place(found)
        met = self._met(found, place)
        if name:
            return f"Most of it is {name}" + (f", of which {met}" if met else "")
        return f"In all, of the need{self._where()} {met}" if met else ""

    def _main_place(self, found: Pair) -> tuple[tuple[str, str], str]:
        """The mission and resource, or else the resource, that most of the saving is made of; with its name."""
        saved: dict[tuple[str, str], float] = {}
        for cell in self._cells(found):
            apart = self._unmet(found.against, cell) - self._unmet(found.option, cell)
            for place in dict.fromkeys((cell, (self.asked.place[0], cell[1]))):
                saved[place] = saved.get(place, 0.0) + apart
        scenario = self.comparison.scenario
        for place in sorted(saved, key=lambda each: (EVERYWHERE in each, -saved[each])):
            if saved[place] >= MOST_OF_IT * found.gain and place != self.asked.place:
                mission = "" if place[0] == EVERYWHERE else f" in {place[0]}"
                return place, f"{scenario.units_name(place[1])}{mission}"
        return self.asked.place, ""

    def _cells(self, found: Pair) -> list[tuple[str, str]]:
        both = (self.comparison.options[name].cells for name in (found.against, found.option))
        return [
            cell for cell in dict.fromkeys(cell for cells in both for cell in cells) if is_at(cell, self.asked.place)
        ]

    def _unmet(self, option: str, cell: tuple[str, str]) -> float:
        measures = self.comparison.options[option].cells.get(cell)
        return measures[UNMET].mean if measures else 0.0

    def _met(self, found: Pair, place: tuple[str, str]) -> str:
        """How much of the need is met at a place; nothing where routine tasks lack more than crises need."""
        measure = MEASURES["coverage"]
        columns = (column_at(self.comparison, name, place) for name in (found.against, found.option))
        before, after = (measure.estimate(column, self.comparison.by).mean for column in columns)
        if not (0 <= before <= 1 and 0 <= after <= 1):
            return ""
        return f"{_share(after)} is met instead of {_share(before)}"

    def _cost(self, found: Pair) -> str:
        if self.price is None:
            return ""
        lack = self.price.lenders_lack
        lender = "no lender's day"
        if lack:
            few = fixed(abs(lack), 1) if abs(lack) >= SOME else "under 0.1"
            lender = f"{few}{NBSP}unit-days that lenders {'then' if lack > 0 else 'no longer'} lack"
        saved = f"each unit-day saved{f' by {self._name(found.option)}' if self.asked.kind == 'one by one' else ''}"
        if self.price.dollars is None:
            return f"{saved} costs {lender} (dollars: not counted)"
        if not self.price.sure:
            return f"what {saved} costs in dollars cannot be said; it costs {lender}"
        dollars = float(f"{abs(self.price.dollars):.2g}")
        verb = "spares" if self.price.dollars < 0 else "costs"
        return f"{saved} {verb} {money(dollars).replace(' ', NBSP)} and {lender}"

    def _in_the_way(self, found: Pair) -> str:
        """The largest cause that the option removes for sure, in unit-days before and after."""
        if not (self._saves and found.better):
            return ""
        one, other = (column_at(self.comparison, name, self.asked.place) for name in (found.option, found.against))
        removed = {}
        for cause in CAUSES:
            fixed_ = self.comparison.certain.difference(found.option, found.against, UNMET)
            columns = one(f"cause:{cause}"), other(f"cause:{cause}")
            removed[cause] = self.comparison.by.difference(*columns, fixed=fixed_)
        cause = min(removed, key=lambda each: removed[each].mean)
        if not removed[cause].high < 0:
            return ""
        before, after = (self.comparison.by.mean(column(f"cause:{cause}")).mean for column in (other, one))
        left = f"{_figure(after)} are left" if after >= SOME else "none is left"
        what = IN_THE_WAY.get(cause, cause)
        return f"What stood in the way: {what}, {_figure(before)}{NBSP}unit-days, of which {left}"

    def _reached(self) -> str:
        """In how many replications, and worlds, the target is reached."""
        target = self.asked.coverage
        if target is None or not self.pairs:
            return ""
        measure, often, worlds = MEASURES["coverage"], [], []
        for name in (self.pairs[0].option, self.pairs[0].against):
            column = column_at(self.comparison, name, self.asked.place)
            unmet, needed = column(UNMET), column("requirement_unit_days")
            often.append(int((unmet <= (1 - target + 1e-9) * needed).sum()))
            worlds.append(int((by_set(self.comparison, column, measure) >= target - 1e-9).sum()))
        what = f"{_share(target, 0)} of the need{self._where()} is met"
        told = f"{what} in {often[0]:,} of {self.comparison.replications:,} replications, before in {often[1]:,}"
        over = worlds_of(self.comparison)
        return told + (
            f" (by a world's mean in {worlds[0]:,} of {over:,} worlds, before in {worlds[1]:,})" if over else ""
        )

    # -- words ---------------------------------------------------------------------------------------------------

    @property
    def _saves(self) -> bool:
        return self.asked.measure == UNMET

    @property
    def _measure(self) -> str:
        return MEASURES[self.asked.measure].name[:1].lower() + MEASURES[self.asked.measure].name[1:]

    def _word(self, *, better: bool) -> str:
        return "more" if MEASURES[self.asked.measure].more_is_better is better else "less"

    def _where(self) -> str:
        mission, resource = self.asked.place
        what = "" if resource == EVERYWHERE else f" of {self.comparison.scenario.units_name(resource)}"
        return what + ("" if mission == EVERYWHERE else f" in {mission}")

    def _name(self, option: str) -> str:
        return quoted(" ".join(self.comparison.options[option].label.split()), LONGEST)

    def _level(self, value: float) -> str:
        """A value of the measure with its unit."""
        measure = MEASURES[self.asked.measure]
        if measure.unit == "%":
            return _share(value)
        if measure.unit == "$":
            return money(value).replace(" ", NBSP)
        return f"{figure(measure.key, value)}{NBSP}{measure.unit}"

    def _amount(self, value: float, *, unit: bool = True) -> str:
        """A difference in the measure with its unit."""
        measure = MEASURES[self.asked.measure]
        if measure.unit == "%":
            return fixed(100 * value, 1) + (f"{NBSP}points" if unit else "")
        if measure.unit == "$":
            return money(value).replace(" ", NBSP)
        return figure(measure.key, value) + (f"{NBSP}{measure.unit}" if unit else "")

    def _between(self, low: float, high: float) -> str:
        return f"{self._amount(low, unit=False)} to {self._amount(high, unit=False)}".replace(" ", NBSP)


def _sentence(parts: list[str]) -> Iterator[str]:
    """The parts that are there, as one sentence."""
    told = [part for part in parts if part]
    if told:
        whole = "; ".join([told[0], *(part[:1].lower() + part[1:] for part in told[1:])])
        yield whole[:1].upper() + whole[1:] + "."


def _figure(value: float) -> str:
    return figure(UNMET, value)


def _share(value: float, places: int = 1) -> str:
    return percent(value, places).replace(" ", NBSP)
