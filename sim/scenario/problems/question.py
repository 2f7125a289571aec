"""What is wrong with the scenario's question: options and places that are not there, or not to be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.files.blocks import entries, resource_names
from sim.scenario.groups import Groups
from sim.scenario.nouns.scenario import Scenario
from sim.scenario.positions import Finding, Path
from sim.words.names import quoted
from sim.words.suggestions import unknown


def question_names(plain: dict[str, Any], removed: Mapping[Path, str]) -> Iterator[Finding]:
    """Options, missions, resources and teams that the question names and that are not there, of what nobody checked."""
    question = plain.get("question")
    if not isinstance(question, dict):
        return
    at: Path = ("question",)
    options = entries(plain, "options") or {"no sharing": {}, "full pooling": {}}
    before: set[tuple[bool, str]] = set()
    for path, name in _options_named(question):
        yield from _missing((*at, *path), name, "option", options, removed)
        if isinstance(name, str):
            said = (path[0] == "compare", name)  # that both are said is told elsewhere
            if said in before:
                yield Finding((*at, *path), f"must name each option once, and {name!r} is named before")
            before.add(said)
    where = question.get("where")
    if isinstance(where, dict):
        yield from _missing((*at, "where", "mission"), where.get("mission"), "mission", plain.get("missions"), removed)
        named = {**resource_names(plain), **entries(plain, "teams")}
        yield from _missing((*at, "where", "resource"), where.get("resource"), "resource", named, removed)


def _options_named(question: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    for word in ("compare", "one_by_one"):
        said = question.get(word)
        yield from (((word, place), name) for place, name in enumerate(said if isinstance(said, list) else ()))
    yield ("against",), question.get("against")


def _missing(path: Path, name: Any, kind: str, known: Any, removed: Mapping[Path, str]) -> Iterator[Finding]:
    if not isinstance(name, str) or not isinstance(known, dict) or name in known:
        return
    gone = removed.get(("options" if kind == "option" else f"{kind}s", name))
    yield Finding(path, f"no {kind} {name!r}: removed in {gone}" if gone else unknown(kind, name, known))


def question_groups(scenario: Scenario, groups: Groups) -> Iterator[Finding]:
    """Options that the question holds against one of another group."""
    question = scenario.question
    group = {name: each for each, names in groups.items() for name in names}
    pairs: list[tuple[Path, str, str]] = []
    if question.compare:
        pairs = [(("compare", 1), question.compare[1], question.compare[0])]
    elif question.one_by_one:
        against = question.against or scenario.reference
        pairs = [(("one_by_one", place), name, against) for place, name in enumerate(question.one_by_one)]
        if question.against is None and scenario.reference in question.one_by_one:
            place = question.one_by_one.index(scenario.reference)
            what = f"{quoted(scenario.reference)} is the reference, which the others are held against; say against: …"
            yield Finding(("question", "one_by_one", place), what)
    for path, name, other in pairs:
        if group[name] != group[other]:
            others = [each for each in groups[group[name]] if each != name]
            hint = f"; {quoted(name)} can be held against {quoted(others[0])}" if others else ""
            why = f"{quoted(name)} is in group {quoted(group[name])} and {quoted(other)} in {quoted(group[other])}"
            what = f"{why}: options are compared within their group{hint}, or say one group: for both"
            yield Finding(("question", *path), what)
