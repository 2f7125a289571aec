"""The language reference: one Markdown page, from the docstrings of the nouns, to write a scenario from."""

from __future__ import annotations

from importlib.resources import files

from sim.scenario.docs.meanings import anchor, annotation_of, default_in_words, in_words, lengths, meanings
from sim.scenario.docs.starter import starter
from sim.scenario.nouns import scenario as nouns
from sim.scenario.nouns.distributions import FAMILIES, Block, Part
from sim.scenario.nouns.doubts import Between, OneOf
from sim.scenario.nouns.history import Arrival, DateRange
from sim.scenario.nouns.vocabulary import words_of

_ORDER: tuple[tuple[type[Block], str], ...] = (
    (nouns.Scenario, "The whole file"),
    (nouns.Span, "period"),
    (nouns.Mission, "A mission, in `missions`"),
    (nouns.Active, "active"),
    (nouns.MissionChange, "A change of a mission, in `changes`"),
    (nouns.Crisis, "A crisis, in `crises`"),
    (nouns.Phase, "A phase, in `phases`"),
    (nouns.Spill, "A spill-over, in `spills_over`"),
    (nouns.Escalation, "escalates"),
    (nouns.Resource, "A resource, in `resources`"),
    (nouns.Serviceable, "serviceable"),
    (nouns.Equipment, "equipment"),
    (nouns.Travel, "A mode of travel, in `travel`"),
    (nouns.Cost, "cost"),
    (nouns.Lift, "A lift, in `lifts`"),
    (nouns.Contributor, "A contributor, in `contributors`"),
    (nouns.ConsentGiven, "A consent given beforehand, in `consent_given`"),
    (nouns.Route, "A route, in `routes`"),
    (nouns.Agreement, "An agreement, in `agreements`"),
    (nouns.GateTerms, "The terms of a gate, in `gates`"),
    (nouns.Renewals, "renewals"),
    (nouns.Option, "An option, in `options`"),
    (nouns.Policy, "policy"),
    (nouns.Keep, "keep"),
    (nouns.Recall, "recall"),
    (nouns.Question, "question"),
    (nouns.Where, "where"),
    (nouns.Target, "target"),
    (nouns.Doubt, "A doubt, in `doubts`"),
    (Between, "What a doubt may be: a range"),
    (OneOf, "What a doubt may be: some numbers"),
    (Part, "A part of a mixture, in `one_of`"),
    (nouns.Experiment, "experiment"),
    (nouns.HistoryEntry, "An entry of `history`"),
    (Arrival, "An arrival, in `arrived`"),
    (DateRange, "A date known within bounds, in `history`"),
    (nouns.Page, "page"),
    (nouns.PageInput, "An input of the page, in `inputs`"),
)
"""The blocks, in the order in which a planner meets them."""


def reference() -> str:
    """The whole page; `scenarios/README.md` holds the same text."""
    text = files("sim.scenario.docs").joinpath("reference.md").read_text(encoding="utf-8")
    parts = {
        "{{distributions}}": _distributions(),
        "{{blocks}}": "\n\n".join(_block(kind, title) for kind, title in _ORDER),
        "{{starter}}": f"```yaml\n{starter()}```",
    }
    for mark, part in parts.items():
        text = text.replace(mark, part)
    return text


def _block(kind: type[Block], title: str) -> str:
    heading = title if " " in title else f"`{title}`"
    rows = ["| word | what it holds | where left out | meaning |", "| --- | --- | --- | --- |"]
    said = meanings(kind)
    for word, field_name in words_of(kind).items():
        field = kind.model_fields[field_name]
        holds = ", ".join(filter(None, (in_words(annotation_of(field)), lengths(field))))
        rows.append(f"| `{word}` | {holds} | {default_in_words(field)} | {_cell(said[field_name])} |")
    return f'<a id="{anchor(kind)}"></a>\n\n### {heading}\n\n' + "\n".join(rows)


def _distributions() -> str:
    rows = ["| written | meaning |", "| --- | --- |"]
    for name, family in FAMILIES.items():
        rows.append(f"| `{{{name}: {_SPELLINGS[name]}}}` | {_cell(meanings(family)[name])} |")
    return "\n".join(rows)


_SPELLINGS = {
    "exponential": "{mean: 30}",
    "uniform": "{low: 7, high: 21}",
    "triangular": "{low: 1, mode: 5, high: 12}",
    "lognormal": "{mean: 17, sd: 6}",
    "gamma": "{mean: 20, sd: 12}",
    "weibull": "{mean: 40, shape: 1.5}",
    "empirical": "[12, 19, 17, 31]",
    "discrete": "{1: 3, 2: 1}",
    "one_of": "[{weight: 2, is: 1}, {weight: 1, is: {lognormal: {mean: 60, sd: 40}}}]",
}
"""An example of each family."""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
