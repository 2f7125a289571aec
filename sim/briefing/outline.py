"""What a briefing says, whatever its format: a page a finding, every sentence computed from the numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.briefing.annex import Annex, annex
from sim.briefing.page import Page, Table
from sim.briefing.pictures import Picture
from sim.briefing.story import story
from sim.charts.house import words
from sim.charts.house.drawer import chart_of, of_a_comparison
from sim.charts.house.episode import kept_replications
from sim.comparison import findings
from sim.comparison.answer import answer, in_one_comparison
from sim.comparison.common_random_numbers import with_crises_of_their_own
from sim.comparison.titles import answer_title, lenders_title
from sim.comparison.verdict import judge
from sim.errors import UsageError
from sim.measures.figures import in_figures
from sim.words import numbers
from sim.words.language import phrase, phrase_n
from sim.words.names import in_a_row, labelled
from sim.words.suggestions import unknown

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison, OptionSummary

PAGES = ("coverage", "differences", "causes", "timeline", "map", "frontier", "exposure", "gantt")
"""The findings of a briefing that was not asked for others: with title, question and annex, twelve slides at most."""
EXPOSURE = "exposure"
"""The one page that is no chart of the drawer: what lending costs the lender, as a table."""
ChartArguments = dict[str, Any]
"""What a chart is asked for, by its parameters' names."""
EXPOSURE_DAYS = "exposure_unit_days"


@dataclass(frozen=True)
class Briefing:
    """All that a briefing says."""

    comparison: Comparison
    pages: tuple[Page, ...]
    """The charts; those that were asked for, or after the story in its annex."""
    annex: Annex
    story: tuple[Page, ...] = ()
    """The pages that tell the answer; none where others were asked for, or results are not known."""

    @property
    def shown(self) -> tuple[Page, ...]:
        """All pages, as a report has them: the story, and the charts in its annex."""
        return self.story + self.pages

    @property
    def title(self) -> str:
        """The scenario's name."""
        return " ".join(self.comparison.scenario.name.split())

    @cached_property
    def question(self) -> str:
        """The question that the scenario asks, or its `about`, or else how many options were compared."""
        if self.comparison.scenario.question.ask:
            return " ".join(self.comparison.scenario.question.ask.split())
        asked: list[str] = re.findall(r"[^.!?]+\?", self.about)
        if asked:
            return str(asked[-1]).strip()
        n, many = len(self.comparison.options), self.comparison.replications
        options = phrase_n("{n:,} option", "{n:,} options", n)
        replications = phrase_n("{n:,} replication", "{n:,} replications", many)
        return phrase("{options}, {replications}", options=options, replications=replications)

    @property
    def about(self) -> str:
        """What the scenario is about, in its own words."""
        return " ".join((self.comparison.scenario.about or "").split())

    @cached_property
    def answer(self) -> tuple[str, ...]:
        """The question that is answered, and what the comparison says to it in one to three sentences; nothing where
        results are not known."""
        if self.comparison.results is None:
            return ()
        found = answer(self.comparison)
        return (found.question, *found.sentences)

    @property
    def lead(self) -> str:
        """The first thing to know: question and answer, or the first finding where results are not known."""
        if self.answer:
            return " ".join(self.answer)
        telling = [page for page in self.pages if page.visible_picture or page.table] or self.pages
        return telling[0].finding if telling else ""

    @cached_property
    def in_short(self) -> tuple[str, ...]:
        """The findings in a few sentences, with how sure they are; the first is about what the question asks."""
        asked = [f"{answer_title(answer(self.comparison))}."] if self.comparison.results is not None else []
        said = [f"{page.finding}." for page in self.pages if page.name in ("coverage", "causes", EXPOSURE)]
        best = [phrase("By unmet need: {sentence}", sentence=sentence) for sentence in self.verdict[:1]]
        return tuple(asked + said[:1] + best + said[1:] + self.verdict[-1:])

    @cached_property
    def verdict(self) -> list[str]:
        """Which options can be told apart, and which not."""
        comparison = self.comparison
        return judge(comparison).sentences() if comparison.results and len(comparison.options) > 1 else []

    @cached_property
    def facts(self) -> str:
        """How large the scenario is, and how much chance was drawn."""
        scenario, n = self.comparison.scenario, self.comparison.replications
        missions, resources, crises = len(scenario.missions), len(scenario.all_resources), len(scenario.crises)
        counts = (
            phrase_n("{n:,} mission", "{n:,} missions", missions),
            phrase_n("{n:,} resource", "{n:,} resources", resources),
            phrase_n("{n:,} crisis", "{n:,} crises", crises),
        )
        slots = {"counts": ", ".join(counts), "n": n}
        if len(self.comparison.options) == 1 or with_crises_of_their_own(self.comparison):
            return phrase_n("{counts}; {n:,} replication", "{counts}; {n:,} replications", n, **slots)
        return phrase_n(
            "{counts}; every option met the same crises in {n:,} replication",
            "{counts}; every option met the same crises in each of {n:,} replications",
            n,
            **slots,
        )

    @cached_property
    def options(self) -> Table:
        """What was compared."""
        plan = self.comparison.scenario.options
        rows = []
        for name, option in self.comparison.options.items():
            marks = [phrase("reference")] * (name == self.comparison.reference)
            marks += [phrase("what happened")] * plan[name].record
            rows.append((" ".join(option.label.split()), " ".join((plan[name].about or "").split()), ", ".join(marks)))
        return Table((phrase("Option"), phrase("What it is"), phrase("Role")), tuple(rows))


def outline(
    comparison: Comparison,
    only: Iterable[str] | None = None,
    *,
    option: str | None = None,
    replication: int | None = None,
) -> Briefing:
    """The briefing on a comparison; `only` names its pages (default: `PAGES` where there is something to draw).

    `option` and `replication` are those shown where a chart has room for one. UsageError for what is not there.
    """
    if option is not None and option not in comparison.options:
        raise UsageError(unknown("option", option, comparison.options))
    shown = {"option": option, "replication": replication}
    told: tuple[Page, ...] = ()
    if only is None:
        comparison = in_one_comparison(comparison)
        told = story(comparison)
        pages = [page for page in _default_pages(comparison, shown) if page is not None]
    else:
        wanted = [only] if isinstance(only, str) else list(dict.fromkeys(only))
        pages = [page for name in wanted for page in _requested_pages(comparison, name, shown)]
    return Briefing(comparison, tuple(pages), annex(comparison), told)


def names() -> tuple[str, ...]:
    """What `only` can name."""
    return tuple(sorted([*of_a_comparison("all"), EXPOSURE]))


def _default_pages(comparison: Comparison, shown: ChartArguments) -> Iterator[Page | None]:
    """The pages that say something; a matrix of lending stands in for the map where there is none."""
    needless = set() if comparison.differences else {"differences", "frontier"}
    if not any(option.measures["loans"].mean for option in comparison.options.values()):
        needless |= {"map", EXPOSURE, "gantt"}
    if not any(option.measures["cost_usd"].mean > 0 for option in comparison.options.values()):
        needless |= {"frontier"}
    if not kept_replications(comparison):
        needless |= {"timeline", "map", "gantt"}
    for name in PAGES:
        if name in needless:
            continue
        if name == EXPOSURE:
            yield _exposure_page(comparison)
            continue
        page = _chart_page(comparison, name, shown)
        if name == "map" and not page.visible_picture:
            page = _chart_page(comparison, "lending", shown)
        yield page if page.visible_picture else None


def _requested_pages(comparison: Comparison, name: str, shown: ChartArguments) -> Iterator[Page]:
    if name not in names():
        raise UsageError(unknown("page", name, names(), most=len(names())))
    if name == EXPOSURE:
        yield _exposure_page(comparison)
        return
    for ending, ask in chart_of(name).variants(comparison).items():
        yield _chart_page(comparison, name, shown | ask, ending)


def _chart_page(comparison: Comparison, name: str, ask: ChartArguments, ending: str = "") -> Page:
    """A page with a chart of the drawer, asked for as far as it can be asked."""
    chart = chart_of(name)
    ask = {word: wanted for word, wanted in ask.items() if word in chart.asks}
    whole = f"{name}_{ending}" if ending else name
    picture = Picture(whole, chart.draw(comparison, **ask))
    return Page.of_picture(picture, lambda: chart.rows(comparison, **ask), remarks=_remarks(comparison, name))


def _remarks(comparison: Comparison, name: str) -> Sequence[str]:
    """Sentences that go with a chart."""
    if name == "differences":
        return findings.not_significant(comparison)
    return findings.what_a_unit_day_costs(comparison) if name == "frontier" else ()


def _exposure_page(comparison: Comparison) -> Page:
    """What lending costs the lenders: need that it caused, by option."""
    lines, headline = findings.what_it_costs_the_lender(comparison), _exposure_finding(comparison)
    rows = []
    for option in comparison.options.values():
        mean, interval = in_figures(EXPOSURE_DAYS, option.measures[EXPOSURE_DAYS])
        unmet, by_lender = option.measures["unmet_unit_days"].mean, _exposure_by_lender(option)
        share = words.percent(option.measures[EXPOSURE_DAYS].mean / unmet) if unmet > 0 else "–"
        lender = max(by_lender, key=lambda each: by_lender[each], default="")
        most = "–"
        if lender:
            days = numbers.number(by_lender[lender])
            most = labelled(words.label(comparison.scenario, lender), days)
        rows.append((" ".join(option.label.split()), mean, interval or "–", share, most))
    head = (
        phrase("Option"),
        phrase("Unit-days"),
        words.interval(comparison.confidence),
        phrase("Share of unmet need"),
        phrase("Most exposed lender"),
    )
    return Page(
        name=EXPOSURE,
        finding=headline,
        subtitle=phrase("Lenders' exposure: unit-days that a mission was short while its own units were away on loan"),
        caption=words.caption(comparison, words.means(comparison, phrase("in the table"))),
        alt=phrase(
            "Lenders' exposure by option, in unit-days. {finding}. {options}.",
            finding=headline,
            options=in_a_row(lines),
        ),
        table=Table(head, tuple(rows)),
        rows=tuple(
            {"option": name, "lender": lender, EXPOSURE_DAYS: days}
            for name, option in comparison.options.items()
            for lender, days in _exposure_by_lender(option).items()
        ),
    )


def _exposure_finding(comparison: Comparison) -> str:
    """The headline on exposure."""
    if sparing := lenders_title(comparison):
        return sparing
    most = findings.most_exposed(comparison)
    if most is None:
        return phrase("Lending left no lender short of anything in any replication")
    option = comparison.options[most]
    days, unmet = (numbers.number(option.measures[measure].mean) for measure in (EXPOSURE_DAYS, "unmet_unit_days"))
    return phrase(
        "Under {name} lending itself caused {days} of the {unmet} unit-days unmet, at the lenders",
        name=words.quoted(words.label(comparison.scenario, most)),
        days=days,
        unmet=unmet,
    )


def _exposure_by_lender(option: OptionSummary) -> dict[str, float]:
    """Exposure of each mission that has any, in unit-days over all its resources."""
    found: dict[str, float] = {}
    for (mission, _), measures in option.cells.items():
        found[mission] = found.get(mission, 0.0) + measures[EXPOSURE_DAYS].mean
    return {mission: days for mission, days in found.items() if days > 0}
