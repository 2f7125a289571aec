"""How two scenarios, or two options, differ: as a patch in the scenario language."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Any

from sim.errors import UsageError
from sim.scenario.files.patch import difference
from sim.scenario.load import load
from sim.scenario.loaded import LoadedScenario, with_option
from sim.words.suggestions import unknown


def differ(one: str, other: str, *, rules: Collection[str] = ()) -> dict[str, Any]:
    """The patch that makes `other` of `one`; each is FILE or FILE#option. Empty where they say the same.

    Two files: what is merged over the first to say what the second says. With an option on either side: what an
    option's block would say, a `policy` and a `change`, to get from the one way of doing things to the other.
    `rules`: as for `load`. ScenarioError for a bad file, UsageError for an option that is not there.
    """
    (first, option), (second, rival) = _scenario_and_option(one, rules), _scenario_and_option(other, rules)
    if option is None and rival is None:
        return difference(first.raw, second.raw)
    option, rival = option or first.reference, rival or second.reference
    change = difference(_world(first, option), _world(second, rival))
    policy = difference(_policy(first, option), _policy(second, rival))
    return {word: patch for word, patch in (("policy", policy), ("change", change)) if patch}


def _scenario_and_option(what: str, rules: Collection[str]) -> tuple[LoadedScenario, str | None]:
    """The scenario, and the option, of FILE or FILE#option."""
    file, mark, option = what.rpartition("#")
    if not mark or os.path.exists(what):  # noqa: PTH110 (Path.exists raises where a name is too long)
        return load(what, rules=rules), None
    scenario = load(file, rules=rules)
    if option not in scenario.options:
        raise UsageError(f"{file}: {unknown('option', option, scenario.options)}")
    return scenario, option


def _world(scenario: LoadedScenario, option: str) -> dict[str, Any]:
    return {word: said for word, said in with_option(scenario, option).raw.items() if word != "options"}


def _policy(scenario: LoadedScenario, option: str) -> dict[str, Any]:
    found = (scenario.raw.get("options") or {}).get(option) or {}
    return dict(found.get("policy") or {})
