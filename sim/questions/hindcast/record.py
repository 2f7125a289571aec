"""A fact of the record beside the model, and what many of them say together."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.questions.hindcast.documented import FEWEST, Documented, others
from sim.questions.hindcast.facts import Fact
from sim.scenario.nouns.history import FactKind
from sim.statistics.scores import Skill, brier, crps, crps_log_uniform, pit, skill
from sim.words.language import Phrase, phrase, phrase_n
from sim.words.names import in_a_row, listed
from sim.words.numbers import fixed, percent

BAND = (10.0, 50.0, 90.0)
"""Percentiles of the model's band, and its median."""
ENDS = (0.05, 0.95)
"""A fact whose PIT lies beyond was all but ruled out."""
FEWEST_FOR_A_VERDICT = 8
"""Independent facts below which figures are given, and no verdict."""


@dataclass(frozen=True)
class Recorded:
    """One fact beside what the model gives for it."""

    fact: Fact
    values: tuple[float, ...]
    """Of every replication that has one: days, units, or days from the period's start for a date."""
    made: int
    """Replications in which the loan was made at all."""
    of: int
    """All replications."""
    start: dt.date
    """First day of the period."""
    why: str = ""
    """Why it is an input though the history does not say so; "" where it is not."""

    @property
    def name(self) -> str:
        """The entry's name."""
        return self.fact.name

    @property
    def quantity(self) -> str:
        """What was recorded."""
        return self.fact.quantity

    @property
    def unit(self) -> str:
        """days, units, date or chance."""
        return self.fact.unit

    @property
    def kind(self) -> FactKind:
        """What it is to the model: only what is independent judges it."""
        return "input" if self.why else self.fact.kind

    @property
    def fitted(self) -> bool:
        """Whether a number was fitted to it, so that agreement proves nothing."""
        return self.kind == "fitted"

    @property
    def recorded(self) -> tuple[float, float]:
        """Least and most that it can have been."""
        return self.fact.recorded

    @cached_property
    def band(self) -> tuple[float, float, float]:
        """The model's 10, 50 and 90 % points over the replications that have a value; nan where none has."""
        if not self.values:
            return (math.nan,) * 3
        low, median, high = np.percentile(self.values, BAND).tolist()
        return low, median, high

    @property
    def low(self) -> float:
        """The 10 % point."""
        return self.band[0]

    @property
    def median(self) -> float:
        """The median."""
        return self.band[1]

    @property
    def high(self) -> float:
        """The 90 % point."""
        return self.band[2]

    @property
    def share_made(self) -> float:
        """The model's chance that the loan is made."""
        return self.made / self.of if self.of else math.nan

    @property
    def came(self) -> bool:
        """Whether the loan was made in reality."""
        return self.unit != "chance" or self.recorded[0] == 1

    @property
    def missed(self) -> bool:
        """Whether the loan is made in fewer than half of the replications, though it was made; or the other way."""
        return self.share_made < 0.5 if self.came else self.share_made > 0.5

    @property
    def inside(self) -> bool:
        """Whether the record and the model's band overlap, to the whole day or unit, and the loan is mostly made."""
        if self.missed:
            return False
        if self.unit == "chance":
            return True
        if math.isnan(self.low):
            return False
        return self.recorded[0] <= math.ceil(self.high) and self.recorded[1] >= math.floor(self.low)

    @property
    def scored(self) -> bool:
        """Whether it has a CRPS: a date alone has none, since it is not said from when its days count."""
        return bool(self.values) and self.unit in ("days", "units")

    @cached_property
    def crps(self) -> float:
        """Score of the model's values by log(1 + days), or units; nan where it has none."""
        return crps(self.values, *self.recorded) if self.scored else math.nan

    @cached_property
    def pit(self) -> float:
        """Where among the model's values the record lies; nan where it has none."""
        return pit(self.values, *self.recorded) if self.scored else math.nan

    @property
    def brier(self) -> float:
        """Score of the model's chance that the loan is made."""
        return brier(self.share_made, self.came)

    @property
    def delay(self) -> bool:
        """Whether it counts for the skill: a delay until something began, not a stay or a size."""
        return self.scored and self.unit == "days" and self.fact.word in ("authorised", "arrived")

    def date(self, value: float) -> dt.date:
        """The date of a day of the period."""
        return self.start + dt.timedelta(days=math.floor(value))

    def date_or_none(self, value: float) -> dt.date | None:
        """The date of a day of the period; None for a bound that is not known."""
        return self.date(value) if math.isfinite(value) else None

    def as_json(self) -> dict[str, Any]:
        """The row of the table: dates as ISO text, None where there is no value or no bound."""
        return {
            "name": self.name,
            "quantity": self.quantity,
            "recorded": self._recorded(),
            "dates": self.fact.dates and _one_or_both(*(date and date.isoformat() for date in self.fact.dates)),
            "low": self._plain(self.low),
            "median": self._plain(self.median),
            "high": self._plain(self.high),
            "inside": self.inside,
            "fitted": self.fitted,
            "kind": self.kind,
            "why_input": self.why or None,
            "made": round(self.share_made, 6),
            "of": self.of,
            "values": len(self.values),
            "crps": _rounded(self.crps),
            "pit": _rounded(self.pit),
            "brier": _rounded(self.brier),
        }

    def _recorded(self) -> Any:
        if self.unit == "chance":
            return "made" if self.came else "never"
        return _one_or_both(*map(self._plain, self.recorded))

    def _plain(self, value: float) -> float | str | None:
        if not math.isfinite(value):
            return None
        return self.date(value).isoformat() if self.unit == "date" else round(value, 2)


@dataclass(frozen=True)
class Judgement:
    """What the facts of one or more scenarios say about the model together."""

    facts: tuple[Recorded, ...]
    known: tuple[Documented, ...]
    """Documented delays, from which a planner would guess without a model."""

    def of_kind(self, *kinds: FactKind) -> list[Recorded]:
        """The facts of some kinds."""
        return [fact for fact in self.facts if fact.kind in kinds]

    @cached_property
    def independent(self) -> list[Recorded]:
        """The facts that judge the model."""
        return self.of_kind("independent")

    @cached_property
    def against_others(self) -> Skill:
        """Skill against the other documented delays of the same kind, the fact's own case left out."""
        told = [(fact, found) for fact in self._delays if len(found := others(fact.fact, self.known)) >= FEWEST]
        return skill([fact.crps for fact, _ in told], [crps(found, *fact.recorded) for fact, found in told])

    @cached_property
    def against_log_uniform(self) -> Skill:
        """Skill against the guess without shape, from 1 to 120 days."""
        return skill([fact.crps for fact in self._delays], [crps_log_uniform(*fact.recorded) for fact in self._delays])

    @property
    def _delays(self) -> list[Recorded]:
        return [fact for fact in self.independent if fact.delay]

    @property
    def at_the_ends(self) -> list[Recorded]:
        """Independent facts that the model all but ruled out."""
        return [fact for fact in self.independent if fact.pit < ENDS[0] or fact.pit > ENDS[1]]

    @property
    def scored(self) -> list[Recorded]:
        """Independent facts that have a score."""
        return [fact for fact in self.independent if fact.scored]

    @property
    def missed(self) -> list[Recorded]:
        """Facts of which the model makes the loan in fewer than half of the replications."""
        return [fact for fact in self.facts if fact.missed]

    def as_json(self) -> dict[str, Any]:
        """Counts, both skills, and the share of independent facts that the model all but ruled out."""
        scores = [fact.brier for fact in self.facts]
        return {
            "facts": len(self.facts),
            "independent": len(self.independent),
            "skill": {"others": self.against_others.as_json(), "loguniform": self.against_log_uniform.as_json()},
            "pit_at_the_ends": len(self.at_the_ends) / len(self.scored) if self.scored else None,
            "brier": _rounded(float(np.mean(scores))) if scores else None,
            "made_in_fewer_than_half": len(self.missed),
            "verdict": self.verdict,
        }

    @property
    def verdict(self) -> str | None:
        """What can be said of the model; None below eight independent delays, from which both skills are."""
        if len(self._delays) < FEWEST_FOR_A_VERDICT:
            return None
        skills = ((_VERDICTS_OTHERS, self.against_others), (_VERDICTS_GUESS, self.against_log_uniform))
        parts = [said[_side(found)]() for said, found in skills if math.isfinite(found.low)]
        return phrase("The model is {parts}.", parts=listed(parts)) if parts else None

    def band(self) -> str:
        """How many facts agree with the model's band, each kind apart."""
        if not self.facts:
            return phrase("The scenario's history says nothing that the model could be held against.")
        kinds: tuple[FactKind, ...] = ("fitted", "input")
        told = {kind: found for kind in kinds if (found := self.of_kind(kind))}
        inside, of = _inside(self.independent), len(self.independent)
        if not of:
            return phrase(
                "All that was recorded was {known}, so agreement proves nothing: {inside:,} of {n:,} agree with the"
                " model's 10–90 % band.",
                known=listed([_KNOWN[kind]() for kind in told], "or"),
                inside=_inside(self.facts),
                n=len(self.facts),
            )
        if not told:
            return phrase_n(
                "{inside:,} of {n:,} recorded facts agrees with the model's 10–90 % band.",
                "{inside:,} of {n:,} recorded facts agree with the model's 10–90 % band.",
                inside,
                inside=inside,
                n=of,
            )
        return phrase_n(
            "Independent: {inside:,} of {n:,} facts agrees with the model's 10–90 % band; {others}.",
            "Independent: {inside:,} of {n:,} facts agree with the model's 10–90 % band; {others}.",
            inside,
            inside=inside,
            n=of,
            others=in_a_row(_SAID[kind](inside=_inside(found), n=len(found)) for kind, found in told.items()),
        )

    def skills(self) -> list[str]:
        """Both skills in a sentence; nothing without independent delays."""
        skills = ((_AGAINST_OTHERS, self.against_others), (_AGAINST_GUESS, self.against_log_uniform))
        told = [said(skill=_skill(found)) for said, found in skills if math.isfinite(found.value)]
        n = len(self._delays)
        said = phrase_n(
            "Skill over {n:,} independent delay: {skills}.",
            "Skill over {n:,} independent delays: {skills}.",
            n,
            n=n,
            skills=listed(told),
        )
        return [said] if told else []

    def sentences(self) -> list[str]:
        """What can be said, in sentences: the band, the skill, the verdict, what the model missed."""
        said = [self.band(), *self.skills()]
        if self._delays:
            n = len(self.at_the_ends)
            said.append(
                phrase_n(
                    "{n:,} independent fact of {all:,} all but ruled out (PIT under 0.05 or over 0.95).",
                    "{n:,} independent facts of {all:,} all but ruled out (PIT under 0.05 or over 0.95).",
                    n,
                    n=n,
                    all=len(self.scored),
                )
            )
        few = phrase("Fewer than {n} independent delays: figures, and no verdict.", n=FEWEST_FOR_A_VERDICT)
        if self.facts:
            said.append(self.verdict or few)
        missed = {fact.name: f"{fact.fact.called} ({percent(fact.share_made)})" for fact in self.missed if fact.came}
        if missed:
            facts = listed(list(missed.values()))
            said.append(phrase("Made in fewer than half of the replications: {facts}.", facts=facts))
        return said


KINDS_SAID: dict[FactKind, Phrase] = {
    "independent": Phrase("independent"),
    "input": Phrase("input"),
    "fitted": Phrase("fitted"),
}
"""What a fact is to the model, in a word."""
_SAID: dict[FactKind, Phrase] = {
    "fitted": Phrase("fitted: {inside:,} of {n:,}"),
    "input": Phrase("inputs: {inside:,} of {n:,}"),
}
_KNOWN: dict[FactKind, Phrase] = {"fitted": Phrase("used in fitting"), "input": Phrase("an input of the scenario")}
_AGAINST_OTHERS = Phrase("{skill} against the other documented delays")
_AGAINST_GUESS = Phrase("{skill} against a guess of 1 to 120 days")
_VERDICTS_OTHERS = {
    1: Phrase("better than the other documented delays"),
    0: Phrase("not to be told from the other documented delays"),
    -1: Phrase("worse than the other documented delays"),
}
_VERDICTS_GUESS = {
    1: Phrase("better than a guess without shape"),
    0: Phrase("not to be told from a guess without shape"),
    -1: Phrase("worse than a guess without shape"),
}


def _inside(facts: Sequence[Recorded]) -> int:
    """How many of some facts agree."""
    return sum(fact.inside for fact in facts)


def _side(found: Skill) -> int:
    """1 where the model is surely better, −1 where it is surely worse, otherwise 0."""
    return (found.low > 0) - (found.high < 0)


def _skill(found: Skill) -> str:
    if not math.isfinite(found.low):
        return fixed(found.value, 2)
    between = phrase("{low} to {high}", low=fixed(found.low, 2), high=fixed(found.high, 2))
    return f"{fixed(found.value, 2)} ({between})"


def _rounded(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None


def _one_or_both(first: Any, last: Any) -> Any:
    return first if first == last else [first, last]
