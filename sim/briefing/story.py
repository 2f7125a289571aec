"""The brief itself: situation, answer, why, price and risk, what would change our mind, and what is asked for.

Every page is about one pair of options, the answer's; no chart of the atlas is needed to follow it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from sim.briefing.page import Page, Table, number_table
from sim.briefing.pictures import Picture
from sim.charts import doubts as draw_doubts
from sim.charts.house import words
from sim.charts.house.drawer import chart_of
from sim.comparison.answer import Answer, answer
from sim.comparison.comparison import Comparison, compare
from sim.comparison.pair import Pair
from sim.comparison.titles import changed
from sim.comparison.verdict import judge
from sim.errors import UsageError
from sim.measures.catalogue import UNMET
from sim.measures.figures import figure
from sim.questions.doubts.doubts import doubts
from sim.questions.doubts.found import Doubts
from sim.scenario.nouns.scenario import Crisis
from sim.words.names import listed, plural
from sim.words.numbers import money

NAMES = ("situation", "answer", "why", "price", "doubts", "decision")
"""The pages of the story, in order; each is left out where there is nothing to tell."""
MOST_CHANGES = 9
"""Changes that a decision lists; of more, how many are left out."""


def in_one_comparison(comparison: Comparison) -> Comparison:
    """The comparison with the answer's own reference, so that every page speaks of the same two options.

    The same object where that is its reference already, or where it was asked for another by name.
    """
    results = comparison.results
    if results is None or comparison.reference != comparison.scenario.reference:
        return comparison
    first = answer(comparison).first
    if first is None or first.against == comparison.reference:
        return comparison
    return compare(results, first.against, comparison.confidence, every_look=comparison.every_look)


def story(comparison: Comparison) -> tuple[Page, ...]:
    """The pages that tell the answer; none where its question has none, or the results are not at hand."""
    if comparison.results is None:
        return ()
    found = answer(comparison)
    if found.first is None:
        return ()
    pages = [
        _situation(comparison),
        _chart(comparison, "answer", (*found.sentences, *_open(found))),
        _chart(comparison, "why"),
        _price(comparison, found, found.first),
        _doubts(comparison),
        _decision(comparison, found, found.first),
    ]
    return tuple(page for page in pages if page is not None)


# -- the situation -------------------------------------------------------------------------------------------------


def _situation(comparison: Comparison) -> Page:
    scenario = comparison.scenario
    rows = []
    for name, mission in scenario.missions.items():
        holds = {resource: sum(mission.holdings(resource).values()) for resource in mission.holds}
        has = listed([words.units(scenario, count, each) for each, count in holds.items() if count]) or "nothing"
        comes = [_crisis(called, crisis) for called, crisis in scenario.crises.items() if crisis.mission == name]
        rows.append((words.label(scenario, name), has, "; ".join(comes) or "–"))
    rows.sort(key=lambda row: row[2] == "–")
    finding = f"{plural(len(scenario.missions), 'mission')} meet {plural(len(scenario.crises), 'crisis', 'crises')}"
    if len(scenario.missions) == 1:
        finding = f"One mission meets {plural(len(scenario.crises), 'crisis', 'crises')}"
    until = f"{scenario.period.from_.isoformat()} to {scenario.period.to.isoformat()}"
    shown = f"Who has what, and what may come, {until}"
    about = " ".join((scenario.about or "").split())
    return Page(
        name="situation",
        finding=finding,
        subtitle=shown,
        caption=words.caption(comparison),
        alt=f"{shown}. {finding}.",
        remarks=(about,) if about else (),
        table=Table(("Mission", "Has", "What may come"), tuple(rows)),
    )


def _crisis(name: str, crisis: Crisis) -> str:
    label = " ".join((crisis.label or name).split())
    if crisis.on is not None:
        return f"{label} ({crisis.on})"
    every = crisis.every_days
    return f"{label} (every {every:,.0f} days or so)" if isinstance(every, int | float) else label


# -- the answer, why, its price ------------------------------------------------------------------------------------


def _chart(comparison: Comparison, name: str, remarks: tuple[str, ...] = ()) -> Page | None:
    chart = chart_of(name)
    picture = Picture(name, chart.draw(comparison))
    if picture.empty:
        return None
    rows = tuple(chart.rows(comparison))
    return Page(name, picture.finding, picture.subtitle, picture.caption, picture.alt, remarks,
                picture, number_table(rows), rows)  # fmt: skip


def _open(found: Answer) -> Iterator[str]:
    for line in found.cannot_be_said:
        yield f"Cannot be said: {line}."


def _price(comparison: Comparison, found: Answer, first: Pair) -> Page | None:
    chart = chart_of("risk")
    picture = Picture("price", chart.draw(comparison))
    said = _price_sentence(found) if found.price is not None else picture.finding
    if picture.empty:
        return None
    rows = tuple(chart.rows(comparison))
    return Page("price", said, picture.subtitle, picture.caption, picture.alt, (_bad_case(comparison, first),),
                picture, number_table(rows), rows)  # fmt: skip


def _price_sentence(found: Answer) -> str:
    """What a unit-day saved costs, in dollars where they are counted, and in lenders' unit-days."""
    price = found.price
    assert price is not None
    lack = price.lenders_lack
    few = f"{figure(UNMET, abs(lack))} unit-days" if abs(lack) >= 0.05 else "under 0.1 unit-days"
    lender = "no lender's day" if not lack else f"{few} that lenders {'then' if lack > 0 else 'no longer'} lack"
    if price.dollars is None:
        return f"Each unit-day saved costs {lender}; its price in dollars is not counted"
    if not price.sure:
        return f"Each unit-day saved costs {lender}; what it costs in dollars cannot be said"
    verb = "spares" if price.dollars < 0 else "costs"
    return f"Each unit-day saved {verb} {money(float(f'{abs(price.dollars):.2g}'))} and {lender}"


def _bad_case(comparison: Comparison, first: Pair) -> str:
    tails = judge(comparison).tails
    after, before = (tails[name].p95.mean for name in (first.option, first.against))
    if not (math.isfinite(after) and math.isfinite(before)):
        return ""
    names = [words.quoted(comparison.options[name].label) for name in (first.option, first.against)]
    told = f"One time in twenty more than {figure(UNMET, after)} unit-days are unmet under {names[0]}"
    return f"{told}, more than {figure(UNMET, before)} under {names[1]}."


# -- doubts, and the decision --------------------------------------------------------------------------------------


def _doubts(comparison: Comparison) -> Page | None:
    found = _found_out(comparison)
    if found is None:
        return None
    if not found.known:
        return _doubts_in_words(comparison, found)
    picture = Picture("doubts", draw_doubts(found))
    if picture.empty:
        return None
    first, *more = found.sentences()
    rows = tuple(found.rows())
    return Page("doubts", first.removesuffix("."), picture.subtitle, picture.caption, picture.alt, tuple(more),
                picture, number_table(rows), rows)  # fmt: skip


def _found_out(comparison: Comparison) -> Doubts | None:
    if comparison.results is None or not comparison.scenario.doubts:
        return None
    try:
        found = doubts(comparison.results)
    except UsageError:  # one option was run, or a question that compares no two: nothing to choose
        return None
    return found


def _doubts_in_words(comparison: Comparison, found: Doubts) -> Page:
    """What nobody knows, where there are too few worlds to say what finding it out is worth."""
    known = {
        each.path.partition(".")[2]: each for each in comparison.scenario.sources if each.path.startswith("doubts.")
    }
    rows = []
    for name in comparison.scenario.doubts:
        its = known.get(name)
        said = ("assumed", "–") if its is None else (its.confidence or "assumed", " ".join((its.source or "–").split()))
        rows.append((name, *said))
    finding = found.sentences()[0].removesuffix(".")
    shown = "What nobody knows for sure, and what is assumed of it"
    table = Table(("Not known", "How sure", "Where it is from"), tuple(rows))
    return Page("doubts", finding, shown, words.caption(comparison), f"{shown}. {finding}.", table=table)


def _decision(comparison: Comparison, found: Answer, first: Pair) -> Page | None:
    changes = changed(comparison, first.option, first.against)
    rows = [(_path(path), _value(before), _value(after)) for path, (before, after) in changes.items()]
    if not rows:
        return None
    more = len(rows) - MOST_CHANGES
    if more > 0:
        rows = [*rows[:MOST_CHANGES], (f"and {more} more", "", "")]
    names = [words.quoted(comparison.options[name].label) for name in (first.option, first.against)]
    if first.better:
        finding = f"To decide: {names[0]} instead of {names[1]}"
    else:
        finding = f"Nothing to decide yet: {names[0]} is not shown to be better than {names[1]}"
    about = " ".join((comparison.scenario.options[first.option].about or "").split())
    shown = about or "What would have to be written otherwise"
    return Page("decision", finding, shown, words.caption(comparison), f"{finding}. {shown}",
                remarks=found.sentences[:1], table=Table(("What changes", "Now", "Then"), tuple(rows)))  # fmt: skip


def _path(path: tuple[str, ...]) -> str:
    return " · ".join(each.replace("_", " ") for each in path)


def _value(value: Any) -> str:
    """A value of the scenario language in words."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(each)}".replace("_", " ") for key, each in value.items() if each is not None)
    if isinstance(value, list):
        return listed([_value(each) for each in value])
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
