"""What the answer is in a title, and the steps beside it: one choice of what to compare, for every page that tells it.

A title states the tested contrast that the question is about. An option under which nobody lends is never the news, and
where a smaller step brings nearly all of what a larger one does, the title names the smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.comparison.answer import Answer
from sim.comparison.comparison import Comparison
from sim.comparison.counted_costs import COST
from sim.comparison.pair import Pair, column_at, name_of, pair
from sim.comparison.price import in_dollars, price
from sim.measures.catalogue import OVERALL, UNMET
from sim.measures.figures import figure, unit_days
from sim.operations.log import CAUSES
from sim.scenario.loaded import with_option
from sim.statistics.estimates import Estimate
from sim.words.language import Phrase, phrase
from sim.words.numbers import apart, number

NEARLY_ALL = 0.8
"""Share of a larger step's gain that a smaller one must have for the credit to be the smaller one's."""
LENDERS = "exposure_unit_days"
NOTHING = Phrase("{option} changes nothing against {against}")
NOTHING_THERE = Phrase("{option} changes nothing in {measure}{where} against {against}")
NOT_TOLD = Phrase("No answer yet: {option} cannot be told from {against}")
NOT_TOLD_THERE = Phrase("No answer yet: {option} cannot be told from {against} by {measure}{where}")
HAS_MORE = Phrase("{option} has {by} more {measure}{where} than {against}")
HAS_LESS = Phrase("{option} has {by} less {measure}{where} than {against}")
SAVES = Phrase("{option} saves {days} of {before} unit-days of unmet need{where} against {against}")
SAVES_AMONG = Phrase(
    "Which step is best cannot be said yet; "
    "{option} saves {days} of {before} unit-days of unmet need{where} against {against}"
)


@dataclass(frozen=True)
class Step:
    """One option in the decisive picture, held against the one that the question is about."""

    pair: Pair
    label: str
    gain: Estimate
    """What it saves (of a measure of which more is better: adds), with its interval."""
    plausible: list[float] | None
    """In nine worlds of ten; None where there are too few worlds, or no doubts."""
    price: str
    """US dollars of each unit-day saved, as people read it."""
    lack: str
    """Unit-days that lenders lack beyond those under the other option, as people read it."""
    aside: bool
    """Whether it is there for comparison only: a package, or an option that the question is not about."""


def steps(found: Answer) -> tuple[Step, ...]:
    """The single steps, the one that gains most first, and after them what stands there for comparison."""
    if found.first is None:
        return ()
    asked = [_step(found, each, aside=each.option in found.asked.packages) for each in found.pairs]
    others = [_step(found, each, aside=True) for each in _others(found)]
    return tuple(sorted([*asked, *others], key=lambda each: (each.aside, -each.gain.mean)))


def answer_title(found: Answer) -> str:
    """The answer in a title: never more than its interval allows, and never an option of another group."""
    first = found.first
    if first is None:
        return found.sentences[0].removesuffix(".")
    option, against = (name_of(found.comparison, each) for each in (first.option, first.against))
    slots = {"option": option, "against": against, "where": found.where}
    measure = first.measure.name.lower()
    if not first.difference.significant:
        plain, there = (NOTHING, NOTHING_THERE) if first.difference.nothing else (NOT_TOLD, NOT_TOLD_THERE)
        return there(measure=measure, **slots) if found.where else plain(option=option, against=against)
    if first.measure.key != UNMET:
        said = HAS_MORE if first.difference.mean > 0 else HAS_LESS
        return said(by=figure(first.measure.key, abs(first.difference.mean)), measure=measure, **slots)
    if not first.better:
        return phrase(
            "{option} leaves {days} unit-days{where} more unmet than {against}", days=unit_days(-first.gain), **slots
        )
    return _what_is_saved(found, first, option, against)


def _what_is_saved(found: Answer, first: Pair, option: str, against: str) -> str:
    """Of an answer that saves something for sure: by the smallest step that earns it."""
    small = smallest_step(found, first)
    if small is not None:
        name = name_of(found.comparison, small.option)
        some, whole = apart(small.gain, first.gain, number, 3)
        return phrase(
            "{name} alone saves {some} of the {whole} unit-days{where} that {option} saves against {against}",
            name=name,
            some=some,
            whole=whole,
            where=found.where,
            option=option,
            against=against,
        )
    said = SAVES_AMONG if len(found.leaders) > 1 else SAVES
    return said(
        option=option, days=unit_days(first.gain), before=unit_days(first.before), where=found.where, against=against
    )


def smallest_step(found: Answer, first: Pair) -> Pair | None:
    """The option that changes no more things than the answer's, gains less and yet nearly all of it; None without.

    It must lend: an option under which nobody does is no step.
    """
    own = changed(found.comparison, first.option, first.against).keys()

    def smaller(each: Pair) -> bool:
        less = each.better and NEARLY_ALL * first.gain <= each.gain < first.gain
        return less and changed(found.comparison, each.option, each.against).keys() <= own

    able = [each for each in (*found.pairs[1:], *_others(found)) if smaller(each)]
    return min(able, key=lambda each: each.gain, default=None)


def beyond(found: Answer) -> Pair | None:
    """The option that the question leaves out and that saves most beyond the answer's own, held against that; None
    where none does for sure, or something else than unmet need is asked for."""
    first = found.first
    if first is None or not first.better or first.measure.key != UNMET:
        return None
    tried = [pair(found.comparison, each.option, first.option, UNMET, found.asked.place) for each in _others(found)]
    return max((each for each in tried if each.better), key=lambda each: each.gain, default=None)


def beyond_title(found: Answer) -> str:
    """What more another option would save, and for how much more or less money where that is known and sure.

    Money is counted for the whole scenario only: of a place the title says what is saved there, and nothing of money.
    """
    more = beyond(found)
    if more is None:
        return ""
    option, other = (name_of(found.comparison, each) for each in (more.option, more.against))
    cost = pair(found.comparison, more.option, more.against, COST, OVERALL).difference
    slots = {"option": option, "days": unit_days(more.gain), "other": other}
    if found.where or not cost.significant:
        return phrase("{option} leaves {days} unit-days{where} less unmet than {other}", where=found.where, **slots)
    dollars = in_dollars(abs(cost.mean))
    if cost.mean > 0:
        return phrase(
            "{option} leaves {days} unit-days less unmet than {other} and costs {dollars} more",
            dollars=dollars,
            **slots,
        )
    return phrase(
        "{option} leaves {days} unit-days less unmet than {other} and costs {dollars} less", dollars=dollars, **slots
    )


def lenders_title(comparison: Comparison) -> str:
    """Which option surely spares the lenders at least half of the unit-days that they lack under the option where they
    lack most, of those of its group under which anybody lends, and what more or less stays unmet where that is sure.

    All of the whole scenario; empty where none spares as much, or the results are not at hand.
    """
    if comparison.results is None:
        return ""
    lack = {name: option.measures[LENDERS].mean for name, option in comparison.options.items()}
    most = max(lack, key=lambda name: lack[name])
    able = [
        name
        for name in comparison.beside(most)
        if comparison.options[name].measures["loans"].mean and lack[name] <= lack[most] / 2
    ]
    tried = [pair(comparison, name, most, LENDERS, OVERALL) for name in able]
    sparing = [pair(comparison, each.option, most, UNMET, OVERALL) for each in tried if each.better]
    if not sparing:
        return ""
    best = max(sparing, key=lambda each: each.gain)
    option, other = (name_of(comparison, each) for each in (best.option, most))
    few, many = (figure(LENDERS, lack[name]) for name in (best.option, most))
    slots = {"option": option, "few": few, "many": many, "other": other, "days": unit_days(abs(best.gain))}
    if not best.difference.significant:
        return phrase("Under {option} lenders lack {few} unit-days instead of {many} under {other}", **slots)
    if best.gain < 0:
        return phrase(
            "Under {option} lenders lack {few} unit-days instead of {many} under {other}, and {days} more stay unmet",
            **slots,
        )
    return phrase(
        "Under {option} lenders lack {few} unit-days instead of {many} under {other}, and {days} less stay unmet",
        **slots,
    )


def causes_of(comparison: Comparison, found: Pair, place: tuple[str, str]) -> Mapping[str, tuple[float, float]]:
    """Mean unit-days of each cause at a mission and resource ("*": all), as (under the option that the answer is held
    against, under the answer's); without causes of which there is none under either."""
    before, after = (column_at(comparison, name, place) for name in (found.against, found.option))
    mean = comparison.by.mean
    both = {each: (mean(before(f"cause:{each}")).mean, mean(after(f"cause:{each}")).mean) for each in CAUSES}
    return {cause: values for cause, values in both.items() if any(values)}


def _others(found: Answer) -> Iterator[Pair]:
    """Options of the same group that the question leaves out, held against the same one; without those that lend
    nothing, of which everybody knows beforehand."""
    assert found.first is not None
    against, named = found.first.against, {each.option for each in found.pairs} | {found.first.against}
    for name in found.comparison.beside(against):
        if name not in named and found.comparison.scenario.options[name].policy.share != "none":
            yield pair(found.comparison, name, against, found.asked.measure, found.asked.place)


def _step(answer: Answer, found: Pair, *, aside: bool) -> Step:
    comparison, over, gain = answer.comparison, found.worlds, found.difference
    ends = None if over is None else over.plausible
    if not found.measure.more_is_better:
        gain = gain.turned()
        ends = None if ends is None else [-ends[1], -ends[0]]
    label = " ".join(comparison.options[found.option].label.split())
    return Step(found, label, gain, ends, _price(answer, found), _lack(comparison, found), aside)


def _price(answer: Answer, found: Pair) -> str:
    its = price(answer.comparison, found, answer.asked.place)
    if its is None:
        return "–"
    if its.dollars is None:
        return phrase("not counted")
    return in_dollars(its.dollars) if its.sure else phrase("not sure")


def _lack(comparison: Comparison, found: Pair) -> str:
    """In the answer's words: none where it cannot be told from nothing."""
    lack = pair(comparison, found.option, found.against, LENDERS, OVERALL).difference
    return figure(LENDERS, lack.mean, sign=True) if lack.significant else phrase("none")


def changed(comparison: Comparison, option: str, against: str) -> dict[tuple[str, ...], tuple[Any, Any]]:
    """What an option changes against another: path → the value under the other, and under the option; None: not said.

    A path is of the policy, or of the world as the scenario language has it.
    """
    before, after = (_flat(_plain(comparison, name)) for name in (against, option))
    paths = dict.fromkeys([*before, *after])
    both = {path: (before.get(path), after.get(path)) for path in paths}
    return {path: values for path, values in both.items() if values[0] != values[1]}


def _plain(comparison: Comparison, name: str) -> dict[str, Any]:
    world = with_option(comparison.scenario, name).model_dump(mode="json", by_alias=True, exclude={"options"})
    return {"policy": comparison.scenario.options[name].policy.model_dump(mode="json"), **world}


def _flat(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    if isinstance(value, Mapping) and value:
        kept = {key: inside for key, inside in value.items() if key not in ("source", "confidence")}
        parts = [_flat(inside, (*path, str(key))) for key, inside in kept.items()]
        return {key: each for part in parts for key, each in part.items()}
    return {path: value or None if isinstance(value, (list, dict)) else value}
