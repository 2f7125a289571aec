"""What is worth finding out before one chooses: as JSON, as rows, and in words that say no more than the intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.measures.catalogue import MEASURES, Measure
from sim.questions.doubts.doubt import WORTH, Doubt, worth_row
from sim.scenario.loaded import LoadedScenario
from sim.statistics.value_of_information import FEWEST, Worth
from sim.words.language import Phrase, phrase, phrase_n
from sim.words.names import listed, quoted
from sim.words.numbers import finite, finite_values, money, number, percent

SURE = 0.9
"""How sure it must be that a doubt is worth most, for it to be named alone."""
RIVAL = 0.1
"""How likely another must be worth most, to be named beside it."""
WORTH_SAYING = 0.05
"""The share of the spread below which a doubt is not named."""

PART = Phrase("{name} ({share} of the spread)")
DEPENDS = Phrase("How much {first} gains over {second} depends on {parts}.")
DEPENDS_AMONG_OTHERS = Phrase(
    "How much {first} gains over {second} depends on {parts}; the rest is chance and what several doubts do together."
)


@dataclass(frozen=True)
class Doubts:
    """What is worth finding out before one chooses."""

    scenario: LoadedScenario
    seed: int
    replications: int
    confidence: float
    question: str
    measure: str
    """A gain is less of it, or more where more is better."""
    options: tuple[str, ...]
    """Between which one chooses."""
    compared: tuple[str, str]
    """The two options of the answer: what the first gains over the second."""
    best: str
    """The option that is best on average."""
    worlds: int
    evpi: Worth
    """What finding out all of them is worth."""
    doubts: Mapping[str, Doubt] = field(repr=False)
    """By name, in the scenario's order."""

    def __str__(self) -> str:
        """What it says, a line each."""
        return "\n".join(self.sentences())

    @property
    def known(self) -> bool:
        """Whether there are worlds enough to say anything."""
        return self.worlds >= FEWEST

    @property
    def unit(self) -> Measure:
        """The measure: how its values are said."""
        return MEASURES[self.measure]

    def ranked(self) -> list[Doubt]:
        """The doubts, the most worth finding out first; of equals the one that explains more of the answer."""
        if not self.known:
            return list(self.doubts.values())
        return sorted(
            self.doubts.values(), key=lambda each: (-each.evppi.value, -each.evppi.high, -each.share_of_spread)
        )

    def first(self) -> list[Doubt]:
        """What to find out first: one doubt, or several where these worlds do not tell which is worth more.

        None where no worth is clearly more than nothing.
        """
        sure = [each for each in self.ranked() if each.evppi.low > 0] if self.known else []
        if not sure or sure[0].leads >= SURE:
            return sure[:1]
        return [sure[0], *(each for each in sure[1:] if each.leads >= RIVAL)]

    def movers(self) -> list[Doubt]:
        """The doubts that move the answer, the one that explains most of its spread first."""
        named = [each for each in self.doubts.values() if each.share_of_spread >= WORTH_SAYING]
        return sorted(named, key=lambda each: -each.share_of_spread)

    def plain(self, value: float) -> str:
        """A gain in figures, without its unit but for % and $: two digits count, where intervals are this wide."""
        unit = self.unit.unit
        return percent(value, 1) if unit == "%" else money(value, 2) if unit == "$" else number(value, 2)

    def amount(self, value: float) -> str:
        """A gain with its unit: 29 unit-days."""
        return self.plain(value) if self.unit.unit in "%$" else f"{self.plain(value)} {self.unit.unit_said}"

    def label(self, option: str) -> str:
        """An option's name in a sentence."""
        return quoted(self.scenario.label(option))

    def as_json(self) -> dict[str, Any]:
        """Plain maps and numbers; the same results are the same bytes."""
        return {
            "question": self.question,
            "worlds": self.worlds,
            "evpi": finite_values(self.evpi, *WORTH),
            "doubts": {name: each.as_json() for name, each in self.doubts.items()},
        }

    def first_as_json(self) -> dict[str, Any]:
        """What to find out first, beside an answer: the sentence, and each doubt with its worth; none where no worth
        is clearly more than nothing."""
        first = [{"doubt": each.name, "evppi": finite_values(each.evppi, *WORTH)} for each in self.first()]
        return {"text": first_to_find_out(self), "doubts": first}

    def rows(self) -> list[dict[str, Any]]:
        """One row for each doubt, the most worth finding out first, and one for all together."""
        each = [
            {"doubt": doubt.name, "path": "; ".join(doubt.paths), **worth_row(doubt.evppi)}
            | {"share_of_spread": finite(doubt.share_of_spread), "best": self.best, "switches_at": doubt.switches_at}
            | {"side": doubt.side, "best_after": doubt.best_after}
            for doubt in self.ranked()
        ]
        return [*each, {**dict.fromkeys(each[0]), "doubt": "all together", **worth_row(self.evpi), "best": self.best}]

    def line_rows(self) -> list[dict[str, Any]]:
        """One row for each point along each doubt: what the answer gains there, its band, and which option is best."""
        return [
            {"doubt": doubt.name, "value": value, "gain": mean, "gain_low": low, "gain_high": high}
            | {"best": self.options[best]}
            for doubt in self.doubts.values()
            if doubt.line is not None
            for value, mean, low, high, best in zip(
                doubt.line.at.tolist() if doubt.choices is None else doubt.choices,
                doubt.line.mean.tolist(),
                doubt.line.low.tolist(),
                doubt.line.high.tolist(),
                doubt.line.best.tolist(),
                strict=True,
            )
        ]

    def sentences(self, *, flag: bool = False) -> list[str]:
        """What is worth finding out, in plain words; the first says what to find out first.

        `flag`: with what to type where there are too few worlds, for a terminal.
        """
        if not self.known:
            return [first_to_find_out(self, flag=flag)]
        return [first_to_find_out(self), *_all_together(self), *_switches(self), *_spread(self)]


def first_to_find_out(found: Doubts, *, flag: bool = False) -> str:
    """The sentence that may stand below an answer; `flag`: with what to type where there are too few worlds."""
    if not found.known:
        return _too_few(found, flag=flag)
    first = found.first()
    if not first:
        return _nothing_sure(found)
    slots = {"doubt": first[0].name, "worth": found.amount(first[0].evppi.value)}
    if len(first) == 1:
        return phrase("First to find out: {doubt} (worth up to {worth}).", **slots)
    return phrase(
        "First to find out: {doubt} (worth up to {worth}), or {others}: these worlds do not tell which is worth more.",
        others=listed([f"{each.name} ({found.amount(each.evppi.value)})" for each in first[1:]], "or"),
        **slots,
    )


def _too_few(found: Doubts, *, flag: bool) -> str:
    enough = math.ceil(found.replications / max(1, found.worlds)) * FEWEST
    slots = {"n": found.worlds, "least": FEWEST, "enough": enough}
    if flag:
        return phrase_n(
            "What is worth finding out first cannot be said of {n:,} world: {least} are needed"
            " (--replications {enough:,}).",
            "What is worth finding out first cannot be said of {n:,} worlds: {least} are needed"
            " (--replications {enough:,}).",
            found.worlds,
            **slots,
        )
    return phrase_n(
        "What is worth finding out first cannot be said of {n:,} world: {least} are needed, so {enough:,}"
        " replications.",
        "What is worth finding out first cannot be said of {n:,} worlds: {least} are needed, so {enough:,}"
        " replications.",
        found.worlds,
        **slots,
    )


def _nothing_sure(found: Doubts) -> str:
    most = max(found.ranked(), key=lambda each: each.evppi.high)
    best = found.label(found.best)
    if most.evppi.high <= 0 and found.evpi.high <= 0:
        return phrase(
            "Nothing has to be found out before one chooses: {option} is the best choice all along.", option=best
        )
    if most.evppi.high <= 0:
        return phrase("No number alone changes the choice, which is {option}.", option=best)
    return phrase(
        "No number is clearly worth finding out before one chooses {option}; the most that one may be worth,"
        " at {sure}, is {worth} ({doubt}).",
        option=best,
        sure=percent(found.confidence),
        worth=found.amount(most.evppi.high),
        doubt=most.name,
    )


def _all_together(found: Doubts) -> Iterator[str]:
    many = len(found.ranked())
    if many < 2 or found.evpi.low <= 0:
        return
    slots = {
        "worth": found.amount(found.evpi.value),
        "interval": phrase("{low} to {high}", low=found.plain(found.evpi.low), high=found.plain(found.evpi.high)),
    }
    if many == 2:
        yield phrase("Both together are worth {worth} ({interval}): no study of them is worth more.", **slots)
    else:
        yield phrase(
            "All {n} together are worth {worth} ({interval}): no study of them is worth more.", n=many, **slots
        )


def _switches(found: Doubts) -> Iterator[str]:
    """Where another option is the best, of doubts that are worth finding out: of others a switch may be chance."""
    for each in found.ranked():
        if each.switches_at is not None and each.best_after is not None and each.evppi.low > 0:
            yield phrase(
                "{one} is a better choice than {other} where {where}.",
                one=found.label(each.best_after),
                other=found.label(found.best),
                where=each.where(),
            )


def _spread(found: Doubts) -> Iterator[str]:
    """Which doubts move the answer, whether or not they change what to choose."""
    named = found.movers()[:3]
    first, second = (found.label(name) for name in found.compared)
    if not named:
        yield phrase(
            "No doubt by itself explains how much {first} gains over {second} from world to world.",
            first=first,
            second=second,
        )
        return
    parts = listed([PART(name=quoted(each.name), share=percent(each.share_of_spread)) for each in named])
    rest = sum(each.share_of_spread for each in found.doubts.values()) < 1 - WORTH_SAYING
    told = DEPENDS_AMONG_OTHERS if rest else DEPENDS
    yield told(first=first, second=second, parts=parts)
