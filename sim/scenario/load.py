"""From a file (or a mapping) to a `Scenario`, or to every problem at once."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Mapping
from itertools import islice
from typing import Any

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError, UsageError
from sim.scenario.files import plain as mappings
from sim.scenario.files.layers import nothing_to_remove, read_layers
from sim.scenario.files.patch import merge, set_path, unchanged_parts
from sim.scenario.files.sources import without_sources
from sim.scenario.nouns.scenario import Scenario
from sim.scenario.positions import Finding, Path, Places, did_you_mean, dotted
from sim.scenario.problems.near_names import SECTIONS
from sim.scenario.problems.pydantic_messages import findings_of
from sim.scenario.problems.references import entries, misreferences
from sim.scenario.problems.warnings import cautions

log = logging.getLogger("sim")

MOST_PROBLEMS = 100
"""More than these nobody reads; and finding them, with suggestions, takes time."""
MOST_OPTIONS = 100
UNCHANGING = {
    "period": "all options are compared over the same period",
    "experiment": "all options are compared with the same replications",
    "options": "an option changes the scenario, not the options",
    "history": "what really happened is the same for all options",
    "page": "the page asks the same of all options",
    "extends": "only a file extends another",
    "language": "a file is written in one language",
}
"""What no option's change may touch, and why."""


def load(path: str | os.PathLike[str], *, rules: Collection[str] = ()) -> Scenario:
    """The scenario in the file at `path`; ScenarioError with every problem otherwise. Warnings are logged.

    `rules` are the names of lending rules from elsewhere that its policies may use, besides those in `sim/policies`.
    UsageError where they are given as one text.
    """
    scenario = read(path, rules=rules)
    for warning in scenario._warnings:
        log.warning("%s", warning)
    return scenario


def read(path: str | os.PathLike[str], *, rules: Collection[str] = ()) -> Scenario:
    """As `load`, without logging the warnings: ask `warnings_of` for them."""
    raw, places, problems = read_layers(path)
    return _scenario(raw, places, problems, rules)


def from_mapping(mapping: Mapping[str, Any], name: str = "scenario", *, rules: Collection[str] = ()) -> Scenario:
    """The scenario that plain Python maps, lists and scalars describe, with the checks of `load`.

    Problems name `name` as their file, and line 0. Dates may be text or `datetime.date`; keys are taken as text.
    """
    places = Places(name)
    raw, findings = mappings.plain(mapping)
    if not findings and "extends" in raw:
        findings = [Finding(("extends",), "only a file extends another; load the file instead")]
    if findings:
        raise ScenarioError(places.problems(findings))
    return _scenario(merge({}, raw), places, places.problems(nothing_to_remove({}, raw)), rules)


def warnings_of(scenario: Scenario) -> list[Problem]:
    """What is odd in the scenario, though harmless or possibly meant."""
    return list(scenario._warnings)


def _scenario(raw: dict[str, Any], places: Places, problems: list[Problem], rules: Collection[str]) -> Scenario:
    """Checks the resolved `raw` in every way; raises all problems, or makes the scenario."""
    plain, sources, findings = without_sources(raw)
    if isinstance(rules, (str, os.PathLike)):
        raise UsageError(f"rules: must be the names of rules, like ['my rule'], not {rules!r}; `run` takes their file")
    checks = _Checks(plain, rules)
    findings += checks.findings
    changed: dict[str, dict[str, Any]] = {}
    options = plain.get("options")
    for name, option in islice(options.items() if isinstance(options, dict) else (), MOST_OPTIONS):
        change = option.get("change") if isinstance(option, dict) else None
        if isinstance(change, dict) and change and len(findings) < MOST_PROBLEMS:
            findings += checks.change(name, change)
            changed[name] = raw["options"][name]["change"]
    problems = problems + _without_echoes(places.problems(findings), problems)
    if problems or checks.model is None:
        raise ScenarioError(_limited(places.ordered(problems)))
    scenario = checks.model
    scenario._raw, scenario._sources = raw, tuple(sources)
    for name, change in changed.items():
        variant = checks.variants[name]
        variant._raw, variant._sources = merge(raw, change), scenario._sources
        scenario._variants[name] = variant
    scenario._warnings = tuple(places.problems(cautions(scenario, scenario._variants, places)))
    return scenario


class _Checks:
    """Everything that is wrong with a resolved, source-free scenario, and with it under the changes of its options."""

    def __init__(self, plain: dict[str, Any], rules: Collection[str]) -> None:
        self.plain = plain
        self.rules = rules
        self.variants: dict[str, Scenario] = {}
        self.model, self.findings = self._check(plain, plain)
        self.findings += _lost_inputs(plain)
        self._known = {(finding.path, finding.what) for finding in self.findings}

    def _check(self, plain: dict[str, Any], shaped: dict[str, Any]) -> tuple[Scenario | None, list[Finding]]:
        """The model, and what is wrong; `shaped` is `plain`, or the same with parts that are checked already."""
        model, findings = None, []
        try:
            model = Scenario.model_validate(shaped)
        except ValidationError as error:
            findings = list(islice(findings_of(error, plain), MOST_PROBLEMS))
        return model, findings + list(islice(misreferences(plain, self.rules), MOST_PROBLEMS))

    def change(self, option: str, change: dict[str, Any]) -> list[Finding]:
        """What is wrong under an option's change that is not wrong without it, placed in the change."""
        at: Path = ("options", option, "change")
        findings = [
            Finding((*at, word), f"cannot be part of a change: {why}", at_key=True)
            for word, why in UNCHANGING.items()
            if word in change
        ]
        allowed = {key: value for key, value in change.items() if key not in UNCHANGING}
        nothing = nothing_to_remove(self.plain, allowed)
        merged = merge(self.plain, allowed)
        shaped = unchanged_parts(self.model, self.plain, merged) if self.model else merged
        model, wrong = self._check(merged, shaped)
        if model is not None:
            self.variants[option] = model
        new = [finding for finding in wrong if (finding.path, finding.what) not in self._known]
        return findings + [_inside(at, _misspelt(finding, self.plain), change) for finding in (*nothing, *new)]


def _lost_inputs(plain: dict[str, Any]) -> list[Finding]:
    """The inputs of the what-if page whose path leads to nothing that could be set."""
    findings = []
    page = plain.get("page")
    for name, asked in entries(page if isinstance(page, dict) else {}, "inputs").items():
        path = asked.get("path")
        try:
            set_path(plain, path, 0) if isinstance(path, str) else None
        except UsageError as error:
            findings.append(Finding(("page", "inputs", name, "path"), str(error)))
    return findings


def _misspelt(finding: Finding, plain: dict[str, Any]) -> Finding:
    """Something new that lacks what it must say is most often something old under a wrong name."""
    section, name = (*map(str, finding.path[:2]), "", "")[:2]
    known = plain.get(section)
    if section not in SECTIONS or not isinstance(known, dict) or name in known or "must say" not in finding.what:
        return finding
    return finding._replace(what=f"{finding.what}: it is a new {SECTIONS[section]}{did_you_mean(name, known)}")


def _inside(at: Path, finding: Finding, change: dict[str, Any]) -> Finding:
    """The finding where the change says it; at the change as a whole where it follows from what it leaves out."""
    here: Any = change
    step: Any
    for step in finding.path:
        if not ((isinstance(here, list) and isinstance(step, int)) or (isinstance(here, dict) and step in here)):
            return Finding(at, f"makes {dotted(finding.path)} wrong: {finding.what}", at_key=True)
        here = here[step]
    return finding._replace(path=(*at, *finding.path))


def _without_echoes(problems: list[Problem], first: list[Problem]) -> list[Problem]:
    """Without what only follows from a value that was refused before (as an alias, as a word said twice, …)."""
    refused = {(each.file, each.path) for each in first if each.path}
    return [each for each in problems if (each.file, each.path) not in refused]


def _limited(problems: list[Problem]) -> list[Problem]:
    if len(problems) <= MOST_PROBLEMS:
        return problems
    last = problems[MOST_PROBLEMS]
    return [*problems[:MOST_PROBLEMS], Problem(last.file, last.line, last.column, "", "more problems from here on")]
