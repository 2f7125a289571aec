"""What a terminal's tables hold, as text: figures with their intervals, `–` where there is none."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

from sim.comparison.verdict import Verdict
from sim.measures.figures import chance_in_figures, difference_in_figures, figure, in_figures
from sim.questions.doubts.result import Doubts
from sim.questions.hindcast.record import KINDS_SAID, Recorded
from sim.questions.regret.regret import Regret
from sim.questions.sizing.sizing import OptionSize, Range, Sizing
from sim.questions.sweep.sweep import Sweep
from sim.statistics.estimates import Estimate
from sim.statistics.selection import RESAMPLES, Standing
from sim.statistics.value_of_information import Worth
from sim.words.dates import date_in_words
from sim.words.language import figure_marks, phrase
from sim.words.numbers import fixed, percent

UNMET = "unmet_unit_days"
Cell = tuple[str, str]
"""A figure and its interval."""


def together_in_figures(verdict: Verdict, name: str) -> list[str]:
    """One option against the best of the others, and its good and bad cases, each with its interval."""
    standing, tail = verdict.of(name).standings[name], verdict.tails[name]
    if len(verdict.of(name).standings) < 2:
        against, chance_best = "", ""  # there is nothing to compare it with
    else:
        against = _against(standing.low, standing.high)
        chance_best = _chance_best(verdict, standing)
    cases = ("\n".join(in_figures(UNMET, found)) for found in (tail.median, tail.p5, tail.p95))
    return [against, chance_best, *cases, "\n".join(filter(None, chance_in_figures(tail.longer)))]


def _chance_best(verdict: Verdict, standing: Standing) -> str:
    if not standing.may_be_best:
        return phrase("ruled out")
    if math.isfinite(standing.chance_best):
        return _of_resamples(standing.chance_best)
    ranking = verdict.of(standing.name)
    return phrase("over {share}", share=percent(ranking.confidence)) if len(ranking.may_be_best) == 1 else "–"


def _of_resamples(share: float) -> str:
    """A share of resamples: none of them, or all, is no certainty."""
    least = 3 / RESAMPLES
    if share < least:
        return phrase("under {share}", share=percent(least, 1))
    return percent(share) if share <= 1 - least else phrase("over {share}", share=percent(1 - least, 1))


def _against(low: float, high: float) -> str:
    """How far an option may lie from the best of the others in unmet need, in words: less is better."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    if low == high == 0:
        return phrase("the same")
    better, worse = figure(UNMET, -low), figure(UNMET, high)
    if low >= 0:
        return phrase("worse by up to {days}", days=worse)
    if high <= 0:
        return phrase("better by up to {days}", days=better)
    return phrase("{better} better\nto {worse} worse", better=better, worse=worse)


def regret_in_figures(regret: Regret) -> list[Cell]:
    """Bound, regret and share of the gap closed."""
    bound, apart = (in_figures(UNMET, each) for each in (regret.clairvoyant_unmet_unit_days, regret.regret_unit_days))
    return [bound, apart, _share(regret.gap_closed)]


def record_in_figures(entry: Recorded) -> list[str]:
    """What was recorded (its dates under it), the model's 10, 50 and 90 % points, whether it is in the band, what it is
    to the model, and its scores."""

    def said(value: float) -> str:
        if not math.isfinite(value):
            return "–"
        return date_in_words(entry.date(value)) if entry.unit == "date" else _plainly(value)

    told = entry.fact.told
    what = "  " + (phrase("{name} (days)", name=told) if entry.unit == "days" else told)
    scores = (fixed(score, 2) if math.isfinite(score) else "–" for score in (entry.crps, entry.pit))
    band = map(said, (entry.low, entry.median, entry.high))
    agrees = phrase("yes") if entry.inside else phrase("no")
    return [what, recorded_in_words(entry), *band, agrees, KINDS_SAID[entry.kind](), *scores]


def recorded_in_words(entry: Recorded) -> str:
    """What was recorded: a value, from one to another, at least or at most one; the dates of days under them."""
    if entry.unit == "chance":
        return phrase("made") if entry.came else phrase("never came")
    if entry.unit == "date":
        return _between(*map(entry.date_or_none, entry.recorded), say=date_in_words)
    low, high = (value if math.isfinite(value) else None for value in entry.recorded)
    said = _between(low, high, say=_plainly)
    return said if entry.fact.dates is None else f"{said}\n{_between(*entry.fact.dates, say=date_in_words)}"


def _between(first: Any, last: Any, *, say: Callable[[Any], str]) -> str:
    if first is None:
        return phrase("at most {figure}", figure=say(last))
    if last is None:
        return phrase("at least {figure}", figure=say(first))
    low, high = say(first), say(last)
    if low == high:
        return low
    if isinstance(first, dt.date):
        return phrase("{first} to {last}", first=low, last=high)
    return phrase("{low} to {high}", low=low, high=high)


def _plainly(value: float) -> str:
    """A number with one decimal place, where it has any."""
    return figure_marks(f"{value:.1f}".removesuffix(".0"))


def size_in_figures(sizing: Sizing, option: OptionSize) -> list[Cell]:
    """Units held now and their coverage, units needed, and what that saves in units, people and US dollars a year;
    nothing saved by the reference."""
    now = [(fixed(option.held, 0), ""), in_figures("coverage", option.now)]
    most = max(option.curve)
    needed = _range(option.needed, most) if option.needed.units is not None else (phrase("more than {n:,}", n=most), "")
    if option.needed.units is None and option.hub is not None and not option.hub.permitted:
        needed = (phrase("may not borrow\nfrom the hub"), "")
    if option.name == sizing.reference:
        return [*now, needed, ("", ""), ("", ""), ("", "")]
    people, cost = sizing.people_per_unit, sizing.cost_per_unit_year
    saved = [option.saved, sizing.worth(option, people)]
    worth = [sizing.worth(each, cost) for each in sizing.options.values()]
    millions = any(abs(end or 0) >= 1e6 for each in worth for end in (each.units, each.low, each.high))
    say = _millions if millions else _count
    return [*now, needed, *map(_range, saved), _range(sizing.worth(option, cost), say=say)]


def worth_in_figures(found: Doubts) -> list[tuple[str, list[Cell]]]:
    """A row for each doubt, the most worth finding out first, and one for all together: its name; what it is worth,
    with interval; its share of the spread; from where on another option is the best, and which."""

    def worth(each: Worth) -> Cell:
        if math.isnan(each.value):
            return "–", ""
        interval = phrase("{low} to {high}", low=found.plain(each.low), high=found.plain(each.high))
        return found.plain(each.value), "" if each.low == each.high else interval

    rows = []
    for doubt in found.ranked():
        switch: Cell = ("–", "")
        if doubt.switches_at is not None and doubt.best_after is not None and doubt.evppi.value > 0:
            where = doubt.beyond()
            perhaps = where if doubt.evppi.low > 0 else phrase("perhaps {where}", where=where)
            switch = perhaps, found.scenario.label(doubt.best_after)
        rows.append((doubt.name, [worth(doubt.evppi), (_plain_share(doubt.share_of_spread), ""), switch]))
    together: list[tuple[str, list[Cell]]] = [(phrase("all together"), [worth(found.evpi), ("", ""), ("", "")])]
    return rows + (together if len(rows) > 1 else [])


def setting_rows(sweep: Sweep) -> list[list[str]]:
    """Head and a row for each setting: inputs, the reference's unmet need, the differences of the others."""
    label = sweep.scenario.label
    others = sweep.compared
    rows = [[*sweep.paths, label(sweep.reference), *map(label, others)]]
    for setting in sweep.settings:
        inputs = [
            figure_marks(f"{value:g}") if isinstance(value, float) else str(value) for value in setting.inputs.values()
        ]
        mean = figure(UNMET, setting.measures[sweep.reference][UNMET].mean)
        apart = ("\n".join(difference_in_figures(UNMET, setting.differences[name][UNMET])) for name in others)
        rows.append([*inputs, mean, *apart])
    return rows


def sensitivity_rows(sweep: Sweep) -> list[list[str]]:
    """Head and a row for each input: what every option's outcome owes to it; last, how far that can be trusted."""
    found = sweep.sensitivities
    rows = [[phrase("Input"), *(sweep.scenario.label(name) for name in found)]]
    for path in sweep.paths:
        shares = ((each.first_order[path], each.total[path]) for each in found.values())
        rows.append([path, *(" / ".join(map(_plain_share, pair)) for pair in shares)])
    rows.append([phrase("(of unseen points, predicted)"), *(_plain_share(each.predicted) for each in found.values())])
    return rows


def _share(found: Estimate) -> Cell:
    """A share of one in per cent, and its interval."""
    interval = phrase("{low} to {high}", low=_plain_share(found.low), high=_plain_share(found.high))
    return _plain_share(found.mean), "" if found.low == found.high or math.isnan(found.low) else interval


def _plain_share(value: float) -> str:
    return percent(value).replace("-", "−") if math.isfinite(value) else "–"


def _count(value: float) -> str:
    return fixed(value, 0)


def _millions(value: float) -> str:
    return figure("cost_usd", value, millions=True)


def _range(found: Range, most: int | None = None, say: Callable[[float], str] = _count) -> Cell:
    return ("–", "") if found.units is None else (say(found.units), found.reach(say, most))
