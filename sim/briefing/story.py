"""The brief itself: situation, answer, why, price and risk, what would change our mind, and what is asked for.

Every page is about one pair of options, the answer's; no chart of the atlas is needed to follow it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

from sim.briefing.actions import actions
from sim.briefing.annex import CONFIDENCES
from sim.briefing.page import Page, Table, left_out
from sim.briefing.pictures import Picture
from sim.charts import doubts as draw_doubts
from sim.charts.house import words
from sim.charts.house.drawer import chart_of
from sim.charts.situation import beside_a_table
from sim.comparison.answer import Answer, answer
from sim.comparison.answer_words import price_in_words
from sim.comparison.comparison import Comparison
from sim.comparison.pair import Pair
from sim.comparison.titles import answer_title, beyond, beyond_title, smallest_step
from sim.comparison.verdict import judge
from sim.errors import UsageError
from sim.measures.catalogue import UNMET
from sim.measures.figures import figure
from sim.questions.doubts.doubts import doubts
from sim.questions.doubts.result import Doubts
from sim.scenario.nouns.scenario import Crisis
from sim.words.dates import date_in_words
from sim.words.language import phrase
from sim.words.names import capital, in_a_row, listed

MOST_CHANGES = 9
"""Changes that a decision lists; of more, how many are left out."""


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
        has = listed([words.units(scenario, count, each) for each, count in holds.items() if count]) or phrase(
            "nothing"
        )
        comes = [_crisis(called, crisis) for called, crisis in scenario.crises.items() if crisis.mission == name]
        rows.append((words.label(scenario, name), has, in_a_row(comes) or "–"))
    rows.sort(key=lambda row: row[2] == "–")
    chart, period = chart_of("situation"), scenario.period
    picture = Picture("situation", beside_a_table(comparison))
    begins, ends = (date_in_words(each) for each in (period.from_, period.to))
    shown = phrase("Who has what, and what may come, {begins} to {ends}", begins=begins, ends=ends)
    about = " ".join((scenario.about or "").split())
    return Page(
        name="situation",
        finding=picture.finding,
        subtitle=shown,
        caption=words.caption(comparison) if picture.empty else picture.caption,
        alt=f"{shown}. {picture.finding}." if picture.empty else picture.alt,
        remarks=(about,) if about else (),
        table=Table((phrase("Mission"), phrase("Has"), phrase("What may come")), tuple(rows)),
        beside=picture,
        alone=Picture("situation", chart.draw(comparison)),
        rows=tuple(chart.rows(comparison)),
    )


def _crisis(name: str, crisis: Crisis) -> str:
    label = " ".join((crisis.label or name).split())
    if crisis.on is not None:
        return f"{label} ({date_in_words(crisis.on)})" if isinstance(crisis.on, dt.date) else f"{label} ({crisis.on})"
    every = crisis.every_days
    if not isinstance(every, int | float):
        return label
    return phrase("{crisis} (every {n:,.0f} days or so)", crisis=label, n=every)


# -- the answer, why, its price ------------------------------------------------------------------------------------


def _chart(comparison: Comparison, name: str, remarks: tuple[str, ...] = ()) -> Page | None:
    chart = chart_of(name)
    picture = Picture(name, chart.draw(comparison))
    return None if picture.empty else Page.of_picture(picture, lambda: chart.rows(comparison), remarks=remarks)


def _open(found: Answer) -> Iterator[str]:
    for line in found.cannot_be_said:
        yield phrase("Cannot be said: {what}.", what=line)


def _price(comparison: Comparison, found: Answer, first: Pair) -> Page | None:
    chart = chart_of("risk")
    picture = Picture("price", chart.draw(comparison))
    if picture.empty:
        return None
    price = "" if found.price is None else capital(price_in_words(found.price))
    said = [each for each in (beyond_title(found), price, picture.finding) if each]
    bad = _bad_case(comparison, first)
    shown = " ".join(each for each in (f"{price}." if price and price != said[0] else bad, picture.subtitle) if each)
    remarks = (bad,) if bad else ()
    return Page.of_picture(picture, lambda: chart.rows(comparison), finding=said[0], subtitle=shown, remarks=remarks)


def _bad_case(comparison: Comparison, first: Pair) -> str:
    tails = judge(comparison).tails
    after, before = (tails[name].p95.mean for name in (first.option, first.against))
    if not (math.isfinite(after) and math.isfinite(before)):
        return ""
    names = [words.quoted(comparison.options[name].label) for name in (first.option, first.against)]
    return phrase(
        "One time in twenty more than {after} unit-days are unmet under {option}, more than {before} under {against}.",
        after=figure(UNMET, after),
        option=names[0],
        before=figure(UNMET, before),
        against=names[1],
    )


def _more_to_decide(found: Answer, first: Pair) -> Iterator[str]:
    """At what price; which smaller step earns nearly all of it, and which option more."""
    if first.better and smallest_step(found, first) is not None:
        yield f"{answer_title(found)}."
    if found.price is not None:
        yield f"{capital(price_in_words(found.price))}."
    if more := beyond_title(found):
        yield f"{more}."


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
    return Page.of_picture(picture, found.rows, finding=first.removesuffix("."), remarks=more)


def _found_out(comparison: Comparison) -> Doubts | None:
    if comparison.results is None or not comparison.scenario.doubts:
        return None
    try:
        return doubts(comparison.results)
    except UsageError:  # one option was run, or a question that compares no two: nothing to choose
        return None


def _doubts_in_words(comparison: Comparison, found: Doubts) -> Page:
    """What nobody knows, where there are too few worlds to say what finding it out is worth."""
    known = {
        each.path.partition(".")[2]: each for each in comparison.scenario.sources if each.path.startswith("doubts.")
    }
    rows = []
    for name in comparison.scenario.doubts:
        its = known.get(name)
        sure = CONFIDENCES[(its and its.confidence) or "assumed"]()
        rows.append((name, sure, " ".join(((its and its.source) or "–").split())))
    finding = phrase("What is worth finding out first cannot be said yet: too few courses of events were played")
    shown = phrase("What nobody knows for sure, and what is assumed of it")
    table = Table((phrase("Not known"), phrase("How sure"), phrase("Where it is from")), tuple(rows))
    return Page("doubts", finding, shown, words.caption(comparison), f"{shown}. {finding}.", table=table,
                remarks=tuple(found.sentences()))  # fmt: skip


def _decision(comparison: Comparison, found: Answer, first: Pair) -> Page | None:
    remarks = (*found.sentences[:1], *_more_to_decide(found, first))
    more_yet = beyond(found) if comparison.scenario.options[first.option].record else None
    first = more_yet or first  # what was done is decided already
    rows = [(each.what, each.consent or "–") for each in actions(comparison, first.option, first.against)]
    if not rows:
        return None
    more = max(0, len(rows) - MOST_CHANGES)
    rows = rows[:MOST_CHANGES]
    option, against = (words.quoted(comparison.options[name].label) for name in (first.option, first.against))
    if first.better and more_yet is None and len(found.leaders) > 1:
        finding = phrase(
            "To decide: {option} instead of {against}, though which is best cannot be said yet",
            option=option,
            against=against,
        )
    elif first.better and more_yet is None and (best := beyond(found)) is not None:
        finding = phrase(
            "To decide: {option} instead of {against}, though {best} leaves less unmet",
            option=option,
            against=against,
            best=words.quoted(comparison.options[best.option].label),
        )
    elif first.better:
        finding = phrase("To decide: {option} instead of {against}", option=option, against=against)
    else:
        finding = phrase(
            "Nothing to decide yet: {option} is not shown to be better than {against}", option=option, against=against
        )
    about = " ".join((comparison.scenario.options[first.option].about or "").split())
    shown = about or phrase("What would have to be decided")
    head = (phrase("What is asked for") if first.better else phrase("What it would take"), phrase("Whose consent"))
    return Page("decision", finding, shown, words.caption(comparison), f"{finding}. {shown}",
                remarks=remarks, table=left_out(Table(head, tuple(rows)), more), more=more)  # fmt: skip
