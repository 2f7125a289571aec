"""The question of a scenario, resolved: which pairs of options are to be held against one another, and by what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from sim.scenario.nouns.scenario import Option, Scenario

EVERYWHERE = "*"
"""Stands for all missions, and for all resources, as in the tables of a comparison."""

Step = tuple[tuple[str, ...], str]


class ResolvedQuestion(NamedTuple):
    """The question, with its defaults filled in."""

    kind: Literal["compare", "one by one", "best"]
    """Two options; several against one, ranked; or which of a group is best, where nothing is asked."""
    pairs: tuple[tuple[str, str], ...]
    """(option, the one it is held against): the difference is the first less the second. Never across groups."""
    packages: tuple[str, ...]
    """Of "one by one" the options that take two or more of the others' steps: told apart from single steps."""
    measure: str
    place: tuple[str, str]
    """(mission, resource); "*" for all."""
    coverage: float | None
    """The coverage to be reached."""
    text: str | None
    """The question in a sentence, where the scenario says it."""


def resolve_question(scenario: Scenario, group: tuple[str, ...]) -> ResolvedQuestion:
    """What `scenario` is asked; `group` are the options that may be compared with its reference, itself among them."""
    question = scenario.question
    kind: Literal["compare", "one by one", "best"] = "best"
    pairs: tuple[tuple[str, str], ...] = ()
    packages: tuple[str, ...] = ()
    if question.compare:
        kind, pairs = "compare", (question.compare,)
    elif question.one_by_one:
        against = question.against or scenario.reference
        kind, pairs = "one by one", tuple((name, against) for name in question.one_by_one)
        packages = _packages(scenario, question.one_by_one, against)
    else:
        pairs = tuple((name, scenario.reference) for name in group if name != scenario.reference)
    where = question.where
    place = ((where and where.mission) or EVERYWHERE, (where and where.resource) or EVERYWHERE)
    coverage = question.target.coverage if question.target else None
    return ResolvedQuestion(kind, pairs, packages, question.measure, place, coverage, question.ask)


def _packages(scenario: Scenario, names: tuple[str, ...], against: str) -> tuple[str, ...]:
    """The options that do all that two others or more do, each beyond the one that they are held against.

    One of the two that does all that the other does is no second step: it goes on from it.
    """
    usual = set(_steps(scenario.options[against]))
    own = {name: set(_steps(scenario.options[name])) - usual for name in names}

    def taken(name: str) -> list[set[Step]]:
        within = [own[other] for other in names if own[other] and own[other] < own[name]]
        return [each for each in within if not any(each < other for other in within)]

    return tuple(name for name in names if len(taken(name)) >= 2)


def _steps(option: Option) -> Iterator[Step]:
    """Each thing that an option says, by its path; of a list of words each word is one."""
    yield from _leaves(option.policy.model_dump(), ("policy",))
    yield from _leaves(option.change, ("change",))


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[Step]:
    if isinstance(value, Mapping) and value:
        for key, inside in value.items():
            if key not in ("source", "confidence", "why"):
                yield from _leaves(inside, (*path, str(key)))
    elif isinstance(value, (list, tuple)) and value and all(isinstance(each, str) for each in value):
        yield from ((path, each) for each in value)
    else:
        yield path, repr(value)
