"""Everything that is wrong with a scenario, and with what the changes of its options make of it."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError, UsageError
from sim.scenario.files.blocks import entries
from sim.scenario.files.patch import is_addition, merge, removals, set_path, unchanged_parts
from sim.scenario.files.patch_problems import patch_problems, why_nowhere
from sim.scenario.files.sources import without_sources
from sim.scenario.groups import groups
from sim.scenario.nouns.history import Sourced
from sim.scenario.nouns.scenario import Question, Scenario
from sim.scenario.positions import Finding, Path, Positions, dotted
from sim.scenario.problems.doubts import DoubtEnds, doubt_paths
from sim.scenario.problems.near_names import SECTIONS
from sim.scenario.problems.pydantic_messages import findings_of
from sim.scenario.problems.question import question_groups, question_names
from sim.scenario.problems.record import impossible
from sim.scenario.problems.references import reference_problems
from sim.scenario.problems.sizes import too_large
from sim.words.suggestions import did_you_mean

MOST_PROBLEMS = 100
"""More than these nobody reads; and finding them, with suggestions, takes time."""
MOST_OPTIONS = 100
UNCHANGING = {
    "period": "all options are compared over the same period",
    "experiment": "all options are compared with the same replications",
    "options": "an option changes the scenario, not the options",
    "history": "what really happened is the same for all options",
    "page": "the page asks the same of all options",
    "question": "one question is asked of all options",
    "doubts": "what nobody knows is the same for all options",
    "extends": "only a file extends another",
    "language": "a file is written in one language",
}
"""What no option's change may touch, and why."""


@dataclass(frozen=True)
class SoundScenario:
    """A sound scenario and what it was made of."""

    scenario: Scenario
    raw: Mapping[str, Any]
    sources: tuple[Sourced, ...]
    variants: dict[str, Scenario]
    """The scenario as each option with a change has it."""
    ends: DoubtEnds | None
    """The scenario at the ends of its doubts, where it has any."""


def check(
    raw: dict[str, Any],
    positions: Positions,
    problems: list[Problem],
    *,
    rules: Collection[str],
    removed: Mapping[Path, str],
) -> SoundScenario:
    """The resolved `raw`, checked; ScenarioError with every problem, those found before among them."""
    if isinstance(rules, (str, os.PathLike)):
        raise UsageError(f"rules: must be the names of rules, like ['my rule'], not {rules!r}; `run` takes their file")
    plain, sources, findings = without_sources(raw)
    checks = _Checks(plain, rules, removed, positions)
    findings += checks.findings
    for name, option in islice(entries(plain, "options").items(), MOST_OPTIONS):
        change = option.get("change")
        if isinstance(change, dict) and change and len(findings) < MOST_PROBLEMS:
            findings += checks.change(name, change)
    findings += checks.together() if not (findings or problems) else []
    problems = problems + _without_echoes(positions.problems(findings), problems)
    if problems or checks.model is None:
        raise ScenarioError(_first_problems(positions.ordered(problems)))
    return SoundScenario(checks.model, raw, tuple(sources), checks.variants, checks.ends)


@dataclass
class _Checks:
    """What is wrong with a resolved, source-free scenario, and with it under the changes of its options."""

    plain: dict[str, Any]
    rules: Collection[str]
    removed: Mapping[Path, str]
    positions: Positions
    variants: dict[str, Scenario] = field(default_factory=dict)
    ends: DoubtEnds | None = None

    def __post_init__(self) -> None:
        self.model, self.findings = self._check(self.plain, self.plain, self.removed)
        self.findings += _page_inputs(self.plain, self.removed)
        self.findings += [*question_names(self.plain, self.removed), *doubt_paths(self.plain, self.removed)]
        self._known = {(finding.path, finding.what) for finding in self.findings}

    def _check(
        self, plain: dict[str, Any], shaped: dict[str, Any], removed: Mapping[Path, str]
    ) -> tuple[Scenario | None, list[Finding]]:
        """The model, and what is wrong; `shaped` is `plain`, or the same with parts that are checked already."""
        model, findings = None, []
        try:
            model = Scenario.model_validate(shaped)
        except ValidationError as error:
            findings = list(islice(findings_of(error, plain), MOST_PROBLEMS))
        else:
            findings = [*too_large(model), *impossible(model)]
        return model, findings + list(islice(reference_problems(plain, self.rules, removed), MOST_PROBLEMS))

    def change(self, option: str, change: dict[str, Any]) -> list[Finding]:
        """What is wrong under an option's change that is not wrong without it, placed in the change."""
        at: Path = ("options", option, "change")
        findings = [
            Finding((*at, word), f"cannot be part of a change: {why}", at_key=True)
            for word, why in UNCHANGING.items()
            if word in change
        ]
        allowed = {key: value for key, value in change.items() if key not in UNCHANGING}
        as_patch = patch_problems(self.plain, allowed, removed=self.removed)
        gone = {path: self.positions.line((*at, *path)) for path in removals(self.plain, allowed)}
        merged = merge(self.plain, allowed)
        shaped = unchanged_parts(self.model, self.plain, merged) if self.model else merged
        model, wrong = self._check(merged, shaped, {**self.removed, **gone})
        if model is not None:
            self.variants[option] = model
        new = [
            finding
            for finding in wrong
            if (finding.path, finding.what) not in self._known
            and (finding.path[:1] != ("options",) or finding.path[1:2] == (option,))  # what it removes, others may name
        ]
        said = (_with_near_name(finding, self.plain, self.removed) for finding in (*as_patch, *new))
        return findings + [inside_change(at, finding, change, self.plain) for finding in said]

    def together(self) -> list[Finding]:
        """What is wrong with a scenario that is sound by itself and under every option: ends of doubts, groups."""
        assert self.model is not None
        model, variants = self.model, self.variants
        self.ends = DoubtEnds(self.plain, model, variants) if model.doubts else None
        found = [*self.ends.wrong()] if self.ends else []
        if model.question != Question():
            found += question_groups(model, groups(model, lambda name: variants.get(name, model)))
        return found[:MOST_PROBLEMS]


def _page_inputs(plain: dict[str, Any], removed: Mapping[Path, str]) -> list[Finding]:
    """The inputs of the what-if page whose path leads to nothing that could be set."""
    findings = []
    for name, asked in entries(plain.get("page"), "inputs").items():
        path = asked.get("path")
        if not isinstance(path, str):
            continue
        values = asked.get("values")
        try:
            for value in values.values() if isinstance(values, dict) else values if isinstance(values, list) else [0]:
                set_path(plain, path, value)
        except UsageError as error:
            findings.append(Finding(("page", "inputs", name, "path"), why_nowhere(path, error, removed)))
    return findings


def _with_near_name(finding: Finding, plain: dict[str, Any], removed: Mapping[Path, str]) -> Finding:
    """Something new that lacks what it must say is most often something old under a wrong name."""
    section, name = (*map(str, finding.path[:2]), "", "")[:2]
    known = plain.get(section)
    if section not in SECTIONS or not isinstance(known, dict) or name in known or "must say" not in finding.what:
        return finding
    gone = removed.get((section, name))
    hint = f"; {name!r} was removed in {gone}" if gone else did_you_mean(name, known)
    return finding._replace(what=f"{finding.what}: it is a new {SECTIONS[section]}{hint}")


def _place_in_change(path: Path, change: Mapping[str, Any], base: Mapping[str, Any]) -> Path | None:
    """Where the change of a scenario `base` says what stands at `path` with it; None where it does not say that."""
    said: Any = change
    held: Any = base
    within: Path = ()
    step: Any
    for place, whole_step in enumerate(path):
        step = whole_step
        if isinstance(step, int) and is_addition(said, path[:place]):
            before = len(held) if isinstance(held, (list, tuple)) else 0
            step, said, held, within = step - before, said["add"], None, (*within, "add")
        known = 0 <= step < len(said) if isinstance(said, (list, tuple)) and isinstance(step, int) else None
        if not (known or (isinstance(said, Mapping) and step in said)):
            return None
        said, within = said[step], (*within, step)
        held = held.get(step) if isinstance(held, Mapping) else None
    return within


def inside_change(at: Path, finding: Finding, change: Mapping[str, Any], base: Mapping[str, Any]) -> Finding:
    """The finding where the change says it; at the change as a whole where it follows from what it leaves out."""
    within = _place_in_change(finding.path, change, base)
    if within is None:
        return Finding(at, f"makes {dotted(finding.path)} wrong: {finding.what}", at_key=True)
    return finding._replace(path=(*at, *within))


def _without_echoes(problems: list[Problem], first: list[Problem]) -> list[Problem]:
    """Without what only follows from a value that was refused before (as an alias, as a word said twice, …)."""
    refused = {(problem.file, problem.path) for problem in first if problem.path}
    return [problem for problem in problems if (problem.file, problem.path) not in refused]


def _first_problems(problems: list[Problem]) -> list[Problem]:
    if len(problems) <= MOST_PROBLEMS:
        return problems
    last = problems[MOST_PROBLEMS]
    return [*problems[:MOST_PROBLEMS], Problem(last.file, last.line, last.column, "", "more problems from here on")]
