"""The answer in sentences: never more than its intervals and its worlds allow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from sim.chance.sets import SIZE
from sim.comparison.comparison import Comparison
from sim.comparison.pair import EVERYWHERE, LEAST_WORLDS, NOT_ADDED, Pair, by_set, column_at, is_at, name_of, worlds_of
from sim.comparison.price import Price, in_dollars
from sim.measures.catalogue import MEASURES, OVERALL, UNMET
from sim.measures.causes import CAUSE_NAMES
from sim.measures.figures import figure, unit_days
from sim.operations.log import CAUSES
from sim.scenario.resolved_question import ResolvedQuestion
from sim.statistics.discordance import Refusal, least_discordant
from sim.words.language import Phrase, PhraseN, phrase, phrase_n
from sim.words.names import capital, listed, quoted
from sim.words.numbers import fixed, money, percent

NBSP = "\u00a0"
REFUSALS = {
    Refusal.FEW_WEIGH: Phrase("a few sets make the whole spread"),
    Refusal.UNDEFINED: Phrase("undefined in too many sets"),
    Refusal.UNSEEN: Phrase("what the traces may bring has not been seen"),
}
HAS_MORE = Phrase("has {by} more {measure}{where} than {against} ({after} instead of {before})")
HAS_LESS = Phrase("has {by} less {measure}{where} than {against} ({after} instead of {before})")
NONE = {
    (True, True): PhraseN("None of {n:,} step saves anything", "None of {n:,} steps saves anything"),
    (True, False): PhraseN("None of {n:,} other option saves anything", "None of {n:,} other options saves anything"),
    (False, True): PhraseN("None of {n:,} step has {what}", "None of {n:,} steps has {what}"),
    (False, False): PhraseN("None of {n:,} other option has {what}", "None of {n:,} other options has {what}"),
}
"""By whether unmet need is asked for, and whether of steps."""
MOST_OF_IT = 0.5
"""Share of a saving that one place must make before it is named."""
SOME = 0.05
"""Unit-days, below which a figure would be 0.0."""
MOST_NAMED = 3
"""Options that are named where it cannot be said which of them is best; of more, their number."""


@dataclass(frozen=True)
class Telling:
    """What is told of the pairs of options that the question is about."""

    comparison: Comparison
    asked: ResolvedQuestion
    pairs: tuple[Pair, ...]
    leaders: tuple[str, ...]
    price: Price | None
    worlds_first: int | None = None
    """In how many worlds the first option is ahead of the others; None without worlds, or with two options only."""

    def sentences(self) -> Iterator[str]:
        """One to three sentences."""
        if not self.pairs:
            yield phrase("No answer: {why}.", why=self._why_nothing())
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
            names, other = [self._name(each.option) for each in unclear], self._name(unclear[0].against)
            if few:
                yield phrase("whether {names} changes anything against {other}", names=listed(names, "or"), other=other)
            else:
                yield phrase("whether {n:,} others change anything against {other}", n=len(unclear), other=other)
        own = self.comparison.beside(self.pairs[0].option) if self.pairs else ()
        apart = [name for name in self.comparison.options if own and name not in own]
        if apart:
            told = listed([self._name(name) for name in apart])
            if len(apart) >= 3:
                told = phrase("{n:,} options apart", n=len(apart))
            yield phrase(
                "how {names} would do beside the others, with whom crises or units are not the same", names=told
            )

    def _why_nothing(self) -> str:
        place = self.asked.place
        if self.asked.measure in NOT_ADDED and place != OVERALL and EVERYWHERE in place:
            return phrase(
                "{measure} of several places do not add up; ask for one mission and one resource", measure=self._measure
            )
        lacking = [name for each in self.comparison.scenario.asked.pairs for name in each]
        lacking = [name for name in dict.fromkeys(lacking) if name not in self.comparison.options]
        if lacking:
            names = listed([quoted(name) for name in lacking])
            return phrase_n("{names} was not run", "{names} were not run", len(lacking), names=names)
        name = self._name(self.comparison.reference)
        return phrase("there is nothing that {name} could be compared with", name=name)

    # -- what was found ------------------------------------------------------------------------------------------

    def _best(self, found: Pair) -> str:
        single = [each for each in self.pairs if each.option not in self.asked.packages]
        first, rest = self._name(found.option), self.leaders[1:]
        claim = self._claim(found)
        if not found.better:
            return phrase(
                "{none}: the nearest to it, {first}, {claim}.", none=self._none(single), first=first, claim=claim
            )
        if rest and len(self.leaders) <= MOST_NAMED:
            names = listed([self._name(name) for name in self.leaders], "or")
            return phrase(
                "{names} is best, which of them cannot be said: {first} {claim}.", names=names, first=first, claim=claim
            )
        if rest:
            return phrase(
                "One of {n:,} is best, which of them cannot be said: {first} {claim}.",
                n=len(self.leaders),
                first=first,
                claim=claim,
            )
        if len(single) == 1:
            return f"{first} {claim}."
        if self.asked.kind == "one by one":
            return phrase(
                "Of the {n:,} steps, {first} gains most{ahead}: it {claim}.",
                n=len(single),
                ahead=self._ahead(),
                first=first,
                claim=claim,
            )
        return phrase(
            "{first} is best of {n:,} options{ahead}: it {claim}.",
            n=len(single) + 1,
            ahead=self._ahead(),
            first=first,
            claim=claim,
        )

    def _none(self, single: list[Pair]) -> str:
        """That no option does what is asked for."""
        n, step = len(single), self.asked.kind == "one by one"
        return NONE[self._saves, step](n, n=n, what=f"{self._word(better=True)} {self._measure}")

    def _ahead(self) -> str:
        """In how many worlds the first is ahead of the others; nothing where it is in nine of ten."""
        over = worlds_of(self.comparison)
        if self.worlds_first is None or not over or 10 * self.worlds_first >= 9 * over:
            return ""
        return phrase(", but ahead of the others in only {n:,} of {worlds:,} worlds", n=self.worlds_first, worlds=over)

    def _claim(self, found: Pair) -> str:
        """What an option does, with its interval and in how many worlds."""
        slots = {"where": self.where(), "against": self._name(found.against)}
        if self._saves and found.better:
            gain, before = unit_days(found.gain), unit_days(found.before)
            told = phrase(
                "saves {gain} of {before}\u00a0unit-days of unmet need{where} against {against}",
                gain=gain,
                before=before,
                **slots,
            )
        elif self._saves:
            told = phrase(
                "leaves {more}\u00a0unit-days more unmet{where} than the {before} of {against}",
                more=unit_days(-found.gain),
                before=self._level(found.before),
                **slots,
            )
        else:
            told = (HAS_MORE if found.difference.mean > 0 else HAS_LESS)(
                by=self._amount(abs(found.difference.mean)),
                measure=self._measure,
                after=self._level(found.after),
                before=self._level(found.before),
                **slots,
            )
        return f"{told} ({self._ends(found, found.difference.mean > 0)}){self._worlds(found)}"

    def _nothing_found(self, found: Pair) -> str:
        one, other = self._name(found.option), self._name(found.against)
        slots = {"one": one, "other": other, "what": self._measure}
        level = self._level(found.before)
        if found.difference.nothing:
            return phrase(
                "None: {one} and {other} leave {what} the same in every replication, {level}.", level=level, **slots
            )
        if found.difference.refused is not None or not math.isfinite(found.difference.low):
            why = self._why_refused(found.difference.refused)
            return phrase(
                "No answer: whether {one} changes {what} against {other} cannot be said; {why}.", why=why, **slots
            )
        ends = phrase(
            "between {less} less and {more} more {what} by chance, beside {level}{range}",
            less=self._amount(-found.difference.low),
            more=self._amount(found.difference.high),
            level=level,
            range=self._range(found, up=True),
            what=self._measure,
        )
        if self.asked.kind == "compare":
            return phrase("No answer: {one} cannot be told from {other} ({ends}).", one=one, other=other, ends=ends)
        return phrase(
            "No answer: none is known to change {what}; the nearest to it, {one},"
            " cannot be told from {other} ({ends}).",
            ends=ends,
            **slots,
        )

    def _why_refused(self, refused: Refusal | None) -> str:
        n = self.comparison.replications
        if refused is Refusal.ALL_EQUAL:
            return phrase("nothing differed in {n:,} replications, which does not prove that nothing can", n=n)
        if refused is Refusal.FEW_DIFFER:
            return phrase("they differed in too few of {n:,} replications", n=n)
        if refused in (None, Refusal.FEW_SETS):
            least = SIZE * least_discordant(self.comparison.confidence)
            if n == 1:
                return phrase("one is too few")
            return phrase("{n:,} replications are too few (it takes {least} or more)", n=n, least=least)
        return phrase("{why}, of {size} replications each", why=REFUSALS[refused](), size=SIZE)

    def _ends(self, found: Pair, up: bool) -> str:
        """The interval by chance, and the plausible range, of the difference or, where it falls, of the fall."""
        low, high = found.difference.low, found.difference.high
        ends = (low, high) if up else (-high, -low)
        sure = percent(self.comparison.confidence).replace(" ", NBSP)
        return phrase(
            "by chance {interval} at {sure} confidence{range}",
            interval=self._between(*ends),
            sure=sure,
            range=self._range(found, up=up),
        )

    def _range(self, found: Pair, *, up: bool) -> str:
        over = found.worlds
        if over is None:
            return ""
        ends = (over.low, over.high) if up else (-over.high, -over.low)
        interval = self._between(*ends)
        if over.count >= LEAST_WORLDS:
            return phrase("; in nine worlds of ten {interval}", interval=interval)
        return phrase_n(
            "; over {n:,} world {interval}",
            "; over {n:,} worlds {interval}",
            over.count,
            n=over.count,
            interval=interval,
        )

    def _worlds(self, found: Pair) -> str:
        over = found.worlds
        if over is None:
            return ""
        if over.holds == over.count:
            return phrase(", in every world") if over.count > 1 else ""
        if over.nine_of_ten:
            return phrase(", in {n:,} of {worlds:,} worlds", n=over.holds, worlds=over.count)
        return phrase(", but only in {n:,} of {worlds:,} worlds", n=over.holds, worlds=over.count)

    def _then(self) -> str:
        """The other steps, and the packages, of which the first is the answer."""
        if self.asked.kind != "one by one":
            return ""
        steps = [each for each in self.pairs[1:] if each.option not in self.asked.packages and each.better]
        packages = [each for each in self.pairs[1:] if each.option in self.asked.packages and each.better]
        told, wholes = (
            [f"{self._name(each.option)} {self._amount(each.gain)}" for each in some] for some in (steps, packages)
        )
        parts = [phrase_n("by itself {steps}", "by themselves {steps}", len(told), steps=listed(told))] if told else []
        parts += [phrase("as a package {packages}", packages=listed(wholes))] if wholes else []
        if not parts:
            return ""
        if self._saves:
            return phrase("What the others save: {parts}", parts=", ".join(parts))
        return phrase("What the others gain: {parts}", parts=", ".join(parts))

    def _most_of_it(self, found: Pair) -> str:
        """Where most of a saving lies, and how much of the need is met there, before and after."""
        if not (self._saves and found.better) or self.asked.kind == "one by one":
            return ""
        place, name = self._main_place(found)
        met = self._met(found, place)
        if name and met:
            return phrase("Most of it is {what}, of which {after} is met instead of {before}", what=name, **met)
        if name:
            return phrase("Most of it is {what}", what=name)
        if not met:
            return ""
        return phrase("In all, of the need{where} {after} is met instead of {before}", where=self.where(), **met)

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
                units = scenario.units_name(place[1])
                if place[0] == EVERYWHERE:
                    return place, units
                return place, phrase("{units} in {mission}", units=units, mission=place[0])
        return self.asked.place, ""

    def _cells(self, found: Pair) -> list[tuple[str, str]]:
        options = [self.comparison.options[name] for name in (found.against, found.option)]
        both = (each.teams if self.asked.place[1] in self.comparison.scenario.teams else each.cells for each in options)
        return [
            cell for cell in dict.fromkeys(cell for cells in both for cell in cells) if is_at(cell, self.asked.place)
        ]

    def _unmet(self, option: str, cell: tuple[str, str]) -> float:
        found = self.comparison.options[option]
        measures = found.cells.get(cell) or found.teams.get(cell)
        return measures[UNMET].mean if measures else 0.0

    def _met(self, found: Pair, place: tuple[str, str]) -> dict[str, str]:
        """How much of the need is met at a place; nothing where routine tasks lack more than crises need."""
        measure = MEASURES["coverage"]
        columns = (column_at(self.comparison, name, place) for name in (found.against, found.option))
        before, after = (measure.estimate(column, self.comparison.by).mean for column in columns)
        if not (0 <= before <= 1 and 0 <= after <= 1):
            return {}
        return {"after": _share(after), "before": _share(before)}

    def _cost(self, found: Pair) -> str:
        if self.price is None:
            return ""
        return price_in_words(self.price, self._name(found.option) if self.asked.kind == "one by one" else None)

    def _in_the_way(self, found: Pair) -> str:
        """The largest cause that the option removes for sure, in unit-days before and after."""
        if not (self._saves and found.better):
            return ""
        one, other = (column_at(self.comparison, name, self.asked.place) for name in (found.option, found.against))
        removed = {}
        never = self.comparison.cannot_vary.difference(found.option, found.against, UNMET)
        for cause in CAUSES:
            columns = one(f"cause:{cause}"), other(f"cause:{cause}")
            removed[cause] = self.comparison.by.difference(*columns, fixed=never)
        if self.comparison.scenario.options[found.against].policy.share == "none":
            del removed["not permitted"]  # where nobody shares, that says nothing
        cause = min(removed, key=lambda each: removed[each].mean)
        if not removed[cause].high < 0:
            return ""
        before, after = (self.comparison.by.mean(column(f"cause:{cause}")).mean for column in (other, one))
        what, figure_before = CAUSE_NAMES[cause](), unit_days(before)
        if after < SOME:
            return phrase(
                "What stood in the way: {what}, {before}\u00a0unit-days, of which none is left",
                what=what,
                before=figure_before,
            )
        return phrase(
            "What stood in the way: {what}, {before}\u00a0unit-days, of which {after} are left",
            what=what,
            before=figure_before,
            after=unit_days(after),
        )

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
        told = phrase(
            "{share} of the need{where} is met in {n:,} of {all:,} replications instead of {before:,}",
            share=_share(target, 0),
            where=self.where(),
            n=often[0],
            all=self.comparison.replications,
            before=often[1],
        )
        over = worlds_of(self.comparison)
        if not over:
            return told
        return told + phrase(
            " (by a world's mean in {n:,} of {all:,} worlds instead of {before:,})",
            n=worlds[0],
            all=over,
            before=worlds[1],
        )

    # -- words ---------------------------------------------------------------------------------------------------

    @property
    def _saves(self) -> bool:
        return self.asked.measure == UNMET

    @property
    def _measure(self) -> str:
        return MEASURES[self.asked.measure].name[:1].lower() + MEASURES[self.asked.measure].name[1:]

    def _word(self, *, better: bool) -> str:
        return phrase("more") if MEASURES[self.asked.measure].more_is_better is better else phrase("less")

    def where(self) -> str:
        """Of which units and where, to be put behind a noun; nothing where the whole scenario is meant."""
        mission, resource = self.asked.place
        units = "" if resource == EVERYWHERE else self.comparison.scenario.units_name(resource)
        if units and mission != EVERYWHERE:
            return phrase(" of {units} in {mission}", units=units, mission=mission)
        if units:
            return phrase(" of {units}", units=units)
        return "" if mission == EVERYWHERE else phrase(" in {mission}", mission=mission)

    def _name(self, option: str) -> str:
        return name_of(self.comparison, option)

    def _level(self, value: float) -> str:
        """A value of the measure with its unit."""
        return _share(value) if MEASURES[self.asked.measure].unit == "%" else self._amount(value)

    def _amount(self, value: float, *, unit: bool = True) -> str:
        """A difference in the measure with its unit."""
        measure = MEASURES[self.asked.measure]
        if measure.unit == "%":
            return fixed(100 * value, 1) + (NBSP + phrase("points") if unit else "")
        if measure.unit == "$":
            return money(value).replace(" ", NBSP)
        return figure(measure.key, value) + (f"{NBSP}{measure.unit_said}" if unit else "")

    def _between(self, low: float, high: float) -> str:
        ends = phrase("{low} to {high}", low=self._amount(low, unit=False), high=self._amount(high, unit=False))
        return ends.replace(" ", NBSP)


PRICES = {
    ("not counted", True): Phrase("{saved} costs {lenders} (dollars: not counted)"),
    ("not counted", False): Phrase("{saved} costs no lender's day (dollars: not counted)"),
    ("not sure", True): Phrase("what {saved} costs in dollars cannot be said; it costs {lenders}"),
    ("not sure", False): Phrase("what {saved} costs in dollars cannot be said; it costs no lender's day"),
    ("spares", True): Phrase("{saved} spares {dollars} and {lenders}"),
    ("spares", False): Phrase("{saved} spares {dollars} and costs no lender's day"),
    ("costs", True): Phrase("{saved} costs {dollars} and {lenders}"),
    ("costs", False): Phrase("{saved} costs {dollars} and no lender's day"),
}
"""By what is said of the dollars, and whether lenders lack more or less; sentences of their own where they do not, as
many a language denies in its verb."""


def price_in_words(price: Price, option: str | None = None) -> str:
    """What each unit-day saved (by an option, where there are several) costs in dollars and in lenders' unit-days; it
    begins small, and has no full stop."""
    saved = phrase("each unit-day saved") if option is None else phrase("each unit-day saved by {name}", name=option)
    lenders = _lenders_lack(price.lenders_lack) if price.lenders_lack else ""
    if price.counted_in and price.lenders_lack > 0:
        lenders = phrase("{lenders} (already counted)", lenders=lenders)
    if price.dollars is None or not price.sure:
        said, dollars = "not counted" if price.dollars is None else "not sure", ""
    else:
        said, dollars = "spares" if price.dollars < 0 else "costs", in_dollars(abs(price.dollars)).replace(" ", NBSP)
    return PRICES[said, bool(lenders)](saved=saved, lenders=lenders, dollars=dollars)


def _lenders_lack(lack: float) -> str:
    """What the lenders lack, more or less, for a unit-day that is saved."""
    few = fixed(abs(lack), 1) if abs(lack) >= SOME else phrase("under 0.1")
    if lack > 0:
        return phrase("{few}\u00a0unit-days that lenders then lack", few=few)
    return phrase("{few}\u00a0unit-days that lenders no longer lack", few=few)


def _sentence(parts: list[str]) -> Iterator[str]:
    """The parts that are there, as one sentence."""
    told = [part for part in parts if part]
    if told:
        whole = told[0]
        for part in told[1:]:
            whole = phrase("{first}; {then}", first=whole, then=part[:1].lower() + part[1:])
        yield capital(whole) + "."


def _share(value: float, places: int = 1) -> str:
    return percent(value, places).replace(" ", NBSP)
