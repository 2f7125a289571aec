"""What identifies a scenario's results: everything that the model reads, and nothing that only people read."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sim.scenario.files.sources import without_sources
from sim.scenario.loaded import LoadedScenario
from sim.scenario.positions import Path

UNREAD = ("name", "about", "language", "history", "experiment", "page", "question")
"""Words at the top that the model does not read."""
FOR_PEOPLE = ("label", "about", "why", "group")
"""Words in any block that the model does not read, where they hold text."""


def fingerprint(scenario: LoadedScenario) -> str:
    """`sha256:` and 64 hexadecimal digits: the same for scenarios that only differ in notes, labels or history.

    Taken over canonical JSON: keys sorted (but for doubts and an agreement's gates, whose order means something), whole
    floats as integers, no spaces.
    """
    plain, _, _ = without_sources(scenario.raw)
    read = {word: _canonical(value, (word,)) for word, value in plain.items() if word not in UNREAD}
    if scenario.experiment.sampling != "even":  # of the experiment, the one word that makes other traces of a seed
        read["sampling"] = scenario.experiment.sampling
    text = json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _canonical(value: Any, path: Path) -> Any:
    if isinstance(value, dict):
        for_people = FOR_PEOPLE if "with" not in path else ()  # a rule's parameters may be called anything
        inside = {
            key: _canonical(each, (*path, key))
            for key, each in value.items()
            if not (key in for_people and isinstance(each, str))
        }
        ordered = path == ("doubts",) or (path[-1] == "gates" and "agreements" in path)
        return list(inside.items()) if ordered else inside
    if isinstance(value, list):
        return [_canonical(each, (*path, place)) for place, each in enumerate(value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value
