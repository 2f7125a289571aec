"""From a file (or a mapping) to a `Scenario`, or to every problem at once."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError
from sim.scenario.cautions import cautions
from sim.scenario.extending import nothing_to_remove, read_layers
from sim.scenario.nouns import Scenario
from sim.scenario.patch import merge
from sim.scenario.places import Finding, Path, Places, dotted, shown
from sim.scenario.references import misreferences
from sim.scenario.sourcing import without_sources
from sim.scenario.wording import findings_of
from sim.scenario.yaml_events import MOST_DEPTH, MOST_NODES

log = logging.getLogger("sim")

UNCHANGING = {
    "period": "all options are compared over the same period",
    "experiment": "all options are compared with the same replications",
    "options": "an option changes the scenario, not the options",
    "history": "what really happened is the same for all options",
    "extends": "only a file extends another",
    "language": "a file is written in one language",
}
"""What no option's change may touch, and why."""


def load(path: str | os.PathLike[str], *, rules: Collection[str] = ()) -> Scenario:
    """The scenario in the file at `path`; ScenarioError with every problem otherwise. Warnings are logged.

    `rules` are the names of lending rules from elsewhere that its policies may use, besides those in `sim/policies`.
    """
    raw, places, problems = read_layers(path)
    return _scenario(raw, places, problems, rules)


def from_mapping(mapping: Mapping[str, Any], name: str = "scenario", *, rules: Collection[str] = ()) -> Scenario:
    """The scenario that plain Python maps, lists and scalars describe, with the checks of `load`.

    Problems name `name` as their file, and line 0. Dates may be text or `datetime.date`; keys are taken as text.
    """
    places = Places(name)
    raw, findings = _plain_mapping(mapping)
    if findings:
        raise ScenarioError(places.problems(findings))
    if "extends" in raw:
        raise ScenarioError([places.problem(Finding(("extends",), "only a file extends another: use sim.load"))])
    return _scenario(raw, places, places.problems(nothing_to_remove({}, raw)), rules)


def warnings_of(scenario: Scenario) -> list[Problem]:
    """What is odd in the scenario, though harmless or possibly meant."""
    return list(scenario._warnings)


def changed(scenario: Scenario, option: str) -> Scenario:
    """The scenario with the change of one of its options applied; kept, so that asking again costs nothing."""
    made = scenario._changed.get(option)
    if made is None:
        change = scenario.raw.get("options", {}).get(option, {}).get("change", {})
        raw = merge(scenario.raw, change)
        plain, sources, _ = without_sources(raw)
        made = _made(Scenario.model_validate(plain), raw, sources) if change else scenario
        scenario._changed[option] = made
    return made


def _scenario(raw: dict[str, Any], places: Places, problems: list[Problem], rules: Collection[str]) -> Scenario:
    """Checks the resolved `raw` in every way; raises all problems, or makes the scenario."""
    plain, sources, findings = without_sources(raw)
    model, wrong = _checked(plain, rules)
    findings += wrong
    changed: dict[str, Scenario] = {}
    for name, option in _blocks(plain.get("options")).items():
        change = option.get("change")
        if isinstance(change, dict) and change:
            found, made = _checked_change(raw, plain, name, set(wrong), places, rules)
            findings += found
            if made is not None:
                changed[name] = made
    problems = problems + _without_echoes(places.problems(findings), problems)
    if problems or model is None:
        order = {layer.file: place for place, layer in enumerate(places.layers)}
        raise ScenarioError(sorted(problems, key=lambda each: (order.get(each.file, 0), each.line, each.column)))
    scenario = _made(model, raw, sources)
    scenario._changed.update(changed)
    scenario._warnings = tuple(places.problems(cautions(scenario, changed)))
    for warning in scenario._warnings:
        log.warning("%s", warning)
    return scenario


def _checked(plain: dict[str, Any], rules: Collection[str]) -> tuple[Scenario | None, list[Finding]]:
    model, findings = None, []
    try:
        model = Scenario.model_validate(plain)
    except ValidationError as error:
        findings = list(findings_of(error, plain))
    return model, findings + list(misreferences(plain, rules))


def _checked_change(
    raw: dict[str, Any], plain: dict[str, Any], option: str, known: set[Finding], places: Places, rules: Collection[str]
) -> tuple[list[Finding], Scenario | None]:
    """What is wrong with the scenario under an option's change that is not wrong without it, placed in the change."""
    at: Path = ("options", option, "change")
    change = plain["options"][option]["change"]
    refused = [
        Finding((*at, word), f"cannot be part of a change: {why}", at_key=True)
        for word, why in UNCHANGING.items()
        if word in change
    ]
    allowed = {key: value for key, value in change.items() if key not in UNCHANGING}
    findings = [_inside(at, finding, places) for finding in nothing_to_remove(plain, allowed)]
    merged = merge(raw, {key: raw["options"][option]["change"][key] for key in allowed})
    stripped, sources, _ = without_sources(merged)
    model, wrong = _checked(stripped, rules)
    findings += [_inside(at, finding, places, allowed) for finding in wrong if finding not in known]
    made = _made(model, merged, sources) if model is not None else None
    return refused + findings, made


def _inside(at: Path, finding: Finding, places: Places, change: dict[str, Any] | None = None) -> Finding:
    """The finding where the change says it; at the change as a whole where it follows from what the change leaves out."""
    here: Any = change
    for step in finding.path if change is not None else ():
        within = (isinstance(here, dict) and step in here) or (isinstance(here, list) and isinstance(step, int))
        if not within:
            return Finding(at, f"makes {dotted(finding.path)} wrong: {finding.what}", at_key=True)
        here = here[step]
    return finding._replace(path=(*at, *finding.path))


def _made(model: Scenario, raw: dict[str, Any], sources: Iterable[Any]) -> Scenario:
    model._raw = raw
    model._sources = tuple(sources)
    return model


def _without_echoes(problems: list[Problem], first: list[Problem]) -> list[Problem]:
    """Without what only follows from a value that was refused before (as an alias, as a word said twice, …)."""
    refused = {(each.file, each.path) for each in first if each.path}
    return [each for each in problems if (each.file, each.path) not in refused]


def _blocks(value: Any) -> dict[str, dict[str, Any]]:
    """The entries of a map by name that are blocks, whatever else is wrong with it."""
    return {key: each for key, each in value.items() if isinstance(each, dict)} if isinstance(value, dict) else {}


def _plain_mapping(mapping: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """Maps, lists, text, numbers and true or false only, as a file would hold them."""
    import datetime as dt
    import math

    findings: list[Finding] = []
    count = 0

    def plain(value: Any, path: Path) -> Any:
        nonlocal count
        count += 1
        if len(path) > MOST_DEPTH or count > MOST_NODES:
            raise RecursionError
        if isinstance(value, Mapping):
            return {_key(key): plain(each, (*path, _key(key))) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(each, (*path, place)) for place, each in enumerate(value)]
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value.isoformat()
        if hasattr(value, "item") and callable(value.item):  # a scalar of NumPy
            value = value.item()
        if isinstance(value, float) and not math.isfinite(value):
            findings.append(Finding(path, f"must be a finite number, not {value}"))
        elif value is not None and not isinstance(value, (str, int, float, bool)):
            findings.append(Finding(path, f"must be text, a number, a list or a mapping, not a {type(value).__name__}"))
        return value

    try:
        if not isinstance(mapping, Mapping):
            return {}, [Finding((), f"a scenario is a mapping (period, missions, crises, …), not {shown(mapping)}")]
        return plain(mapping, ()), findings
    except RecursionError:
        return {}, [Finding((), f"more than {MOST_DEPTH} levels deep or {MOST_NODES:,} values")]


def _key(key: Any) -> str:
    return key if isinstance(key, str) else f"{key:g}" if isinstance(key, float) else str(key)
