"""From a file (or a mapping) to a `LoadedScenario`, or to every problem at once."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Mapping
from typing import Any

from sim.scenario.files.layers import read_layers
from sim.scenario.loaded import LoadedScenario, from_raw, laid_over

log = logging.getLogger("sim")


def load(path: str | os.PathLike[str], *, rules: Collection[str] = ()) -> LoadedScenario:
    """The scenario in the file at `path`; ScenarioError with every problem otherwise. Warnings are logged.

    `rules` are the names of lending rules from elsewhere that its policies may use, besides those in `sim/policies`; or
    a map from their names to the rules, and what they are told `with` is checked, too. UsageError for one text.
    """
    scenario = read(path, rules=rules)
    for warning in scenario.warnings:
        log.warning("%s", warning)
    return scenario


def read(path: str | os.PathLike[str], *, rules: Collection[str] = ()) -> LoadedScenario:
    """As `load`, without logging the warnings, which are in `warnings` all the same."""
    layers = read_layers(path)
    return from_raw(layers.raw, layers.positions, layers.problems, rules=rules, removed=layers.removed)


def from_mapping(mapping: Mapping[str, Any], name: str = "scenario", *, rules: Collection[str] = ()) -> LoadedScenario:
    """The scenario that plain Python maps, lists and scalars describe, with the checks of `load`.

    Problems name `name` as their file, and line 0. Dates may be text or `datetime.date`; keys are taken as text.
    """
    return laid_over({}, mapping, name, instead="load the file instead", rules=rules)
