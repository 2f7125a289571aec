"""How fast crises are answered: the share of their needs that was met within so many days of the onset, by option.

A crisis that ended before its need was met never counts as answered. Where the period ended first nobody knows: that
need is censored, and the share is the cumulative incidence with the crisis's end as the competing event (Aalen and
Johansen, *Scandinavian Journal of Statistics* 5, 1978). Without such needs it is the plain share.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance.sets import SIZE
from sim.charts.house import words
from sim.charts.house.cache import cached
from sim.charts.house.episode import NO_LOGS, Steps, kept_replications
from sim.charts.house.line_labels import end_labels
from sim.charts.house.marks import looks, weight_of
from sim.charts.house.scale import scaled_axis
from sim.charts.house.sheet import axes_in, sheet, statement
from sim.charts.house.style import Chart, house_style
from sim.comparison.comparison import Comparison
from sim.results.reader import Results
from sim.statistics.discordance import least_discordant
from sim.statistics.intervals import Terms, mean_of
from sim.words.language import phrase, phrase_n
from sim.words.names import in_a_row, labelled

ANSWERED, ENDED, CUT_OFF = 1, 2, 0
LATER = 3
"""Times the days within which options are compared first, after which it is looked whether their order has turned."""


class Answers(NamedTuple):
    """What became of every need of a crisis, in the kept replications: arrays of one length."""

    replication: NDArray[np.int64]
    days: NDArray[np.float64]
    """From the onset."""
    outcome: NDArray[np.int64]
    """ANSWERED, ENDED (unanswered) or CUT_OFF (by the period's end)."""


def _of_replication(results: Results, option: str, replication: int, end: float) -> list[tuple[int, float, int]]:
    steps = {cell: Steps.of(levels) for cell, levels in results.levels(option, replication).items()}
    table = []
    for crisis in results.crises(option, replication):
        stop = end if crisis.end_day is None else min(crisis.end_day, end)
        for resource in crisis.needs() if crisis.happened else ():
            onset = min((day for _, day, needs in crisis.phases if needs.get(resource)), default=crisis.onset_day)
            cell = steps.get((crisis.mission, resource))
            if stop <= onset or cell is None:
                continue
            met = _first_met(cell, onset)
            if met < stop:
                table.append((replication, met - onset, ANSWERED))
            else:
                table.append((replication, stop - onset, CUT_OFF if stop >= end else ENDED))
    return table


def _first_met(steps: Steps, onset: float) -> float:
    """The first day from `onset` on which nothing is short; infinite where there is none."""
    start = int(np.searchsorted(steps.day, onset, side="right")) - 1
    later = np.flatnonzero(steps.shortfall[start:] == 0)
    return max(onset, float(steps.day[start + later[0]])) if later.size else math.inf


@cached
def _answers(comparison: Comparison) -> dict[str, Answers]:
    assert comparison.results is not None
    by_option = {}
    for option in comparison.options:
        results, days = comparison.results, comparison.scenario.days
        kept = kept_replications(comparison)
        table = [row for replication in kept for row in _of_replication(results, option, replication, days)]
        columns = np.array(table, dtype=float).reshape(-1, 3).T
        by_option[option] = Answers(columns[0].astype(int), columns[1], columns[2].astype(int))
    return by_option


def answered(days: NDArray[np.float64], outcome: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The share answered within x days as steps: the days at which it rises and the share from then on."""
    times, which = np.unique(days, return_inverse=True)
    risk = len(days) - np.searchsorted(np.sort(days), times)
    done, out = (np.bincount(which, weights=outcome == each, minlength=len(times)) for each in (ANSWERED, ENDED))
    still = np.concatenate(([1.0], np.cumprod(1 - (done + out) / risk)[:-1]))
    return times, np.cumsum(still * done / risk)


def _share(answers: Answers, within: float, without: int | None = None) -> float:
    """Share answered within so many days, of all sets or without one of them."""
    keep = answers.replication // SIZE != without if without is not None else np.ones(len(answers.days), dtype=bool)
    if not keep.any():
        return math.nan
    times, share = answered(answers.days[keep], answers.outcome[keep])
    count = int(np.searchsorted(times, within, side="right"))
    return float(share[count - 1]) if count else 0.0


def _surely_more(comparison: Comparison, one: str, other: str, within: float) -> bool:
    """Whether one option's share within so many days is larger beyond chance: paired, by the jackknife over sets."""
    numbers = _sets(comparison)
    if len(numbers) < 2:
        return False

    def ahead(without: int | None = None) -> float:
        first, second = (_share(_answers(comparison)[name], within, without) for name in (one, other))
        return first - second

    left = np.array([ahead(number) for number in numbers])
    found = mean_of(len(numbers) * ahead() - (len(numbers) - 1) * left, Terms(comparison.confidence))
    return found.low > 0


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per option and step of its curve: the share answered within so many days of the onset."""
    if not kept_replications(comparison):
        return []
    table: list[words.Row] = []
    for option, answers in _answers(comparison).items():
        if len(answers.days):
            times, share = answered(answers.days, answers.outcome)
            for k in np.flatnonzero(np.diff(share, prepend=0.0) > 0):
                table.append({"option": option, "within_days": float(times[k]), "share_answered": float(share[k])})
    return table


def finding(comparison: Comparison) -> str:
    if not kept_replications(comparison):
        return NO_LOGS()
    by_option = _answers(comparison)
    if not any(len(answers.days) for answers in by_option.values()):
        return phrase("No crisis asked for anything, so there was nothing to answer")
    within = 30 if comparison.scenario.days >= 60 else 7
    few = len(_sets(comparison)) < least_discordant(comparison.confidence)
    if few or len(comparison.options) < 2:
        share = words.percent(_share(by_option[comparison.reference], within))
        slots = {"name": _quoted(comparison, comparison.reference), "share": share, "within": within}
        if len(comparison.options) < 2:
            return phrase("Under {name} {share} of crises' needs are met within {within} days", **slots)
        return phrase_n(
            "Under {name} {share} of crises' needs are met within {within} days; {n:,} log is too few to compare",
            "Under {name} {share} of crises' needs are met within {within} days; {n:,} logs are too few to compare",
            len(kept_replications(comparison)),
            **slots,
        )
    best = _fastest(comparison, within)
    return _none_faster(comparison, within) if best is None else _faster(comparison, best, within)


def _faster(comparison: Comparison, best: str, within: int) -> str:
    """What an option answers beyond the reference within so many days, and from when on it is the other way round."""
    by_option, reference = _answers(comparison), comparison.reference
    high, low = words.both("coverage", _share(by_option[best], within), _share(by_option[reference], within))
    slots = {"within": within, "high": high, "low": low}
    slots |= {"name": _quoted(comparison, best), "reference": _quoted(comparison, reference)}
    far = LATER * within
    if not _surely_more(comparison, reference, best, far):
        return phrase(
            "Within {within} days {high} of crises' needs are met under {name}, {low} under {reference}", **slots
        )
    days = range(within, far + 1)
    ahead = [day for day in days if _share(by_option[best], day) >= _share(by_option[reference], day)]
    return phrase(
        "Within {within} days {high} of crises' needs are met under {name}, {low} under {reference}; after {turn} days"
        " it is the other way round",
        turn=ahead[-1],
        **slots,
    )


def _none_faster(comparison: Comparison, within: int) -> str:
    """That no option is ahead of the reference within so many days, and which one is later."""
    far = LATER * within
    best, slots = _fastest(comparison, far), {"within": within, "reference": _quoted(comparison, comparison.reference)}
    if best is None:
        return phrase(
            "No option answers a significantly larger share of needs within {within} days than {name}",
            within=within,
            name=slots["reference"],
        )
    by_option = _answers(comparison)
    high, low = words.both("coverage", _share(by_option[best], far), _share(by_option[comparison.reference], far))
    return phrase(
        "No option is ahead of {reference} within {within} days; in {far} days {high} of crises' needs are met under"
        " {name} instead of {low}",
        far=far,
        high=high,
        low=low,
        name=_quoted(comparison, best),
        **slots,
    )


def _fastest(comparison: Comparison, within: int) -> str | None:
    """The option that answers the largest share of needs within so many days, where that is surely more than the
    reference's."""
    by_option, reference = _answers(comparison), comparison.reference
    best = max(comparison.options, key=lambda name: _share(by_option[name], within))
    return best if best != reference and _surely_more(comparison, best, reference, within) else None


def _quoted(comparison: Comparison, option: str) -> str:
    return words.quoted(comparison.options[option].label)


def _sets(comparison: Comparison) -> list[int]:
    """Numbers of the sets of which a replication's log was kept."""
    return sorted({number // SIZE for number in kept_replications(comparison)})


def alt(comparison: Comparison) -> str:
    if not kept_replications(comparison):
        return NO_LOGS() + "."
    by_option = _answers(comparison)
    options = in_a_row(
        labelled(
            comparison.options[name].label,
            ", ".join(
                phrase("{share} within {within} days", share=words.percent(_share(answers, days)), within=days)
                for days in (7, 30, 90)
            ),
        )
        for name, answers in by_option.items()
    )
    return phrase(
        "Curves of the share of crises' needs met within so many days. {finding}. {options}.",
        finding=finding(comparison),
        options=options,
    )


def _last(by_option: dict[str, Answers]) -> float:
    """The day after which no curve rises by a point more; the long flat ends would squeeze what came before."""
    days = [1.0]
    for answers in by_option.values():
        if (answers.outcome == ANSWERED).any():
            times, share = answered(answers.days, answers.outcome)
            days.append(float(times[int(np.argmax(share >= share[-1] - 0.01))]))
    return 1.2 * max(days)


def _fact(count: int, kept: int) -> str:
    """The caption's fact on what was counted; nothing where no log was kept."""
    if not kept:
        return ""
    where = phrase_n("{n:,} replication", "{n:,} replications", kept)
    return phrase_n(
        "{n:,} need of crises in {replications}", "{n:,} needs of crises in {replications}", count, replications=where
    )


@house_style
def response(comparison: Comparison) -> Chart:
    """A rising step curve per option, named at its end."""
    said = finding(comparison)
    kept = kept_replications(comparison)
    by_option = _answers(comparison) if kept else {}
    count = max((len(answers.days) for answers in by_option.values()), default=0)
    how = phrase(
        "Crises over before their need was met count as unanswered; those that the period's end cut off are censored"
    )
    caption = words.caption(comparison, _fact(count, len(kept)), how)
    if not count:
        return statement(said, caption)
    shown = phrase("Share of crises' needs (a crisis and a resource) met within so many days of the onset")
    chart, area = sheet(said, shown, caption, alt=alt(comparison))
    area = area.inset(left=0.75, bottom=0.55, right=3.3)
    axes = axes_in(chart, area)
    last = _last(by_option)
    axes.set_xlim(0, last * 1.02)
    axes.set_ylim(0, 1)
    ends = []
    for look, (name, answers) in zip(looks(comparison), by_option.items(), strict=True):
        times, share = answered(answers.days, answers.outcome) if len(answers.days) else (np.zeros(1), np.zeros(1))
        drawn = times <= last * 1.02
        times, share = (times[drawn], share[drawn]) if drawn.any() else (np.zeros(1), np.zeros(1))
        x, y = np.concatenate(([0.0], times, [last * 1.02])), np.concatenate(([0.0], share, share[-1:]))
        marks: dict[str, Any] = {"marker": look.marker, "markevery": max(1, len(x) // 7), "ms": 7, "mec": "white"}
        axes.step(x, y, where="post", color=look.colour, ls=look.dashes, lw=weight_of(look), **marks)
        ends.append((comparison.options[name].label, float(y[-1]), look))
    scaled_axis(axes, "%", phrase("Needs met"), which="y")
    scaled_axis(axes, phrase("days"), phrase("Days since the onset"), ticks=8)
    end_labels(chart, area, ends, axes.get_ylim())
    return chart
