"""A scenario that was read: what it says, what was read to say it, and what another way of saying it would be.

A `LoadedScenario` is a `Scenario`, so that whoever has one asks it for `missions` or `crises` without a detour; what it
adds are ordinary, frozen fields. Only reading makes one (`load`), since only reading checks everything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from pydantic import Field, PrivateAttr, ValidationError

from sim.errors import Problem, ScenarioError, UsageError
from sim.scenario.files.doubt_targets import Targets, all_whole, values_in_world, with_values
from sim.scenario.files.patch import get_path, merge, patch_at, set_path, unchanged_parts
from sim.scenario.files.patch_problems import patch_problems
from sim.scenario.files.plain import plain_copy
from sim.scenario.files.sources import without_sources
from sim.scenario.groups import Groups, groups
from sim.scenario.nouns.frozen import frozen
from sim.scenario.nouns.history import Sourced
from sim.scenario.nouns.scenario import Scenario
from sim.scenario.positions import Finding, Path, Positions
from sim.scenario.problems.checks import check
from sim.scenario.problems.doubts import targets_of
from sim.scenario.problems.pydantic_messages import findings_of
from sim.scenario.problems.warnings import warnings
from sim.scenario.resolved_question import ResolvedQuestion, resolve_question
from sim.words.suggestions import unknown


class LoadedScenario(Scenario):
    """A scenario with what was read: frozen all the way down, its maps and its `raw` form included."""

    raw: dict[str, Any] = Field(repr=False, exclude=True)
    """The resolved file as plain maps and lists (extends applied, sources kept): what `scenario.yaml` holds."""
    sources: tuple[Sourced, ...] = Field(default=(), repr=False, exclude=True)
    """Every `source` and `confidence` of the file, with the path of its block."""
    warnings: tuple[Problem, ...] = Field(default=(), repr=False, exclude=True)
    """What is odd in the scenario, though harmless or possibly meant."""

    _variants: dict[str, LoadedScenario] = PrivateAttr(default_factory=dict)
    """What `with_option` made of it: a memo, which workers do without."""
    _plain: dict[str, Any] | None = PrivateAttr(default=None)
    """`raw` without its notes: a memo, too."""
    _targets: dict[str, Targets] = PrivateAttr(default_factory=dict)
    """Where the numbers stand that a doubt is about: a memo, too."""

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        raw: Mapping[str, Any],
        *,
        sources: Sequence[Sourced] = (),
        warnings: Sequence[Problem] = (),
    ) -> LoadedScenario:
        """The checked `scenario`, with the plain maps that it was made of."""
        nouns = {name: getattr(scenario, name) for name in Scenario.model_fields}
        said = scenario.model_fields_set | {"raw"}
        read = {"raw": frozen(raw), "sources": tuple(sources), "warnings": tuple(warnings)}
        return cls.model_construct(_fields_set=said, **nouns, **read)

    def __getstate__(self) -> dict[Any, Any]:
        """Without what was made of it, as options' variants: workers are sent it once and not once an option."""
        state = super().__getstate__()
        return {**state, "__pydantic_private__": {"_variants": {}, "_plain": None, "_targets": {}}}

    @cached_property
    def groups(self) -> Groups:
        """The options that can be compared with one another, by the name of their group."""
        return groups(self, lambda name: with_option(self, name))

    def beside(self, option: str) -> tuple[str, ...]:
        """The options of its group, which it may be compared with, itself among them."""
        return next(names for names in self.groups.values() if option in names)

    @cached_property
    def asked(self) -> ResolvedQuestion:
        """What is asked, with its defaults filled in: the pairs of options, the measure, the place."""
        return resolve_question(self, self.beside(self.reference))

    @property
    def plain(self) -> dict[str, Any]:
        """`raw` without notes on sources: what the nouns are made of. Never to be changed."""
        if self._plain is None:
            self._plain = without_sources(self.raw)[0]
        return self._plain

    def change(self, patch: Mapping[str, Any], *, rules: Collection[str] = ()) -> LoadedScenario:
        """The scenario with a patch laid over it, checked like a file; this one stays as it is.

        Maps merge by name, `None` removes, anything else replaces, as with `extends`. `rules` as for `load`; those that
        the scenario uses already are known. ScenarioError with every problem, as lines of a file called "change".
        """
        instead = "a change is laid over what was loaded"
        return laid_over(self.raw, patch, "change", instead=instead, rules=rules_known(self, rules))


def change(scenario: LoadedScenario, path: str, value: Any, *, rules: Collection[str] = ()) -> LoadedScenario:
    """The scenario with `value` at a dotted path, as error messages write it: `missions.UNOCI.holds.infantry_company`.

    None removes what stands there. Checked like a file, with its own fingerprint; the one that is given stays as it is.
    UsageError where the path leads nowhere, ScenarioError where the value cannot stand there.
    """
    if value is None:
        get_path(scenario.raw, path)
        return scenario.change(patch_at(scenario.raw, path, None), rules=rules)
    holder, findings = plain_copy({"value": value})
    positions = Positions("change")
    if findings:
        raise ScenarioError(positions.problems(Finding((path,), finding.what) for finding in findings))
    raw = set_path(scenario.raw, path, holder["value"])
    return from_raw(raw, positions, [], rules=rules_known(scenario, rules))


def with_option(scenario: LoadedScenario, option_name: str) -> LoadedScenario:
    """The scenario with the option's change applied and checked again; the same object for the same question."""
    option = scenario.options.get(option_name)
    if option is None:
        raise UsageError(unknown("option", option_name, scenario.options))
    if not option.change:
        return scenario
    variant = scenario._variants.get(option_name)
    if variant is None:  # otherwise made while loading, with its checks; not carried along to other processes
        raw, plain = (merge(each, each["options"][option_name]["change"]) for each in (scenario.raw, scenario.plain))
        model = Scenario.model_validate(unchanged_parts(scenario, scenario.plain, plain))
        variant = scenario._variants[option_name] = LoadedScenario.of(model, raw, sources=scenario.sources)
    return variant


def in_world(scenario: LoadedScenario, values: Mapping[str, float]) -> LoadedScenario:
    """The scenario in the world in which each doubt that is named took the value given; it is no doubt there any more.

    A value is that of `Doubt.at`: of the number itself, or of the factor on it. Doubts that are not named stay. Only
    the numbers that change are checked again; loading checked both ends of each. UsageError for a doubt that is not
    there, ScenarioError where the values together make no scenario.
    """
    if not values:
        return scenario
    placed: dict[Path, Any] = {}
    for name, value in values.items():
        found = _targets(scenario, name)
        placed |= values_in_world(scenario.plain, scenario.doubts[name], found, value)
    raw, plain = (with_values(each, placed) for each in (scenario.raw, scenario.plain))
    for each in (raw, plain):
        each["doubts"] = {name: said for name, said in each["doubts"].items() if name not in values}
    try:
        model = Scenario.model_validate(unchanged_parts(scenario, scenario.plain, plain))
    except ValidationError as error:
        raise ScenarioError(Positions("world").problems(findings_of(error, plain))) from None
    world = LoadedScenario.of(model, raw, sources=scenario.sources)
    world._plain = plain
    return world


def is_whole(scenario: LoadedScenario, doubt: str) -> bool:
    """Whether only whole numbers can stand where the doubt is about; UsageError for one that is not there."""
    return all_whole(_targets(scenario, doubt))


def _targets(scenario: LoadedScenario, doubt: str) -> Targets:
    if doubt not in scenario.doubts:
        raise UsageError(unknown("doubt", doubt, scenario.doubts))
    if doubt not in scenario._targets:
        scenario._targets[doubt] = targets_of(scenario.plain, scenario, doubt)
    return scenario._targets[doubt]


def rules_known(scenario: Scenario, rules: Collection[str]) -> dict[str, Any]:
    """`rules`, and those that the options of a sound scenario use, wherever they came from."""
    used = [option.policy.rule for option in scenario.options.values() if option.policy.rule]
    return {**dict.fromkeys(used), **(rules if isinstance(rules, Mapping) else dict.fromkeys(rules))}


def laid_over(
    base: Mapping[str, Any], mapping: Mapping[str, Any], name: str, *, instead: str, rules: Collection[str]
) -> LoadedScenario:
    """The resolved `base` with plain Python maps, lists and scalars laid over it, checked like a file called `name`.

    ScenarioError with all that is wrong. `instead`: what to do where the mapping extends a file.
    """
    positions = Positions(name)
    plain, findings = plain_copy(mapping)
    if not findings and "extends" in plain:
        findings = [Finding(("extends",), f"only a file extends another; {instead}")]
    if findings:
        raise ScenarioError(positions.problems(findings))
    problems = positions.problems(patch_problems(base, plain))
    return from_raw(merge(base, plain), positions, problems, rules=rules)


def from_raw(
    raw: dict[str, Any],
    positions: Positions,
    problems: list[Problem],
    *,
    rules: Collection[str] = (),
    removed: Mapping[Path, str] | None = None,
) -> LoadedScenario:
    """The scenario that the resolved `raw` describes, checked in every way; ScenarioError with all that is wrong.

    `problems` were found before; `removed` tells where a file removed what is missed.
    """
    found = check(raw, positions, problems, rules=rules, removed=removed or {})
    scenario = LoadedScenario.of(
        found.scenario, raw, sources=found.sources, warnings=positions.problems(warnings(found, positions))
    )
    for name, variant in found.variants.items():
        whole = merge(raw, raw["options"][name]["change"])
        scenario._variants[name] = LoadedScenario.of(variant, whole, sources=found.sources)
    return scenario
