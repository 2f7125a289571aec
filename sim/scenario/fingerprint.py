"""A scenario's fingerprint: the same for the same numbers, whatever people call or say about them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sim.scenario.nouns import Scenario
from sim.scenario.sourcing import without_sources

TALK = ("about", "label", "why")
"""Words for people only, in any block."""
UNREAD = ("name", "about", "history", "experiment", "language")
"""Words of the whole file that no replication reads: seed and number of replications are told apart elsewhere."""


def fingerprint(scenario: Scenario) -> str:
    """`sha256:…` of all that the model reads. The order of names counts: it decides what is compared with what."""
    read = {word: value for word, value in scenario.raw.items() if word not in UNREAD}
    plain, _, _ = without_sources(read)
    told = json.dumps(_without_talk(plain), ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(told.encode()).hexdigest()}"


def _without_talk(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_talk(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {word: _without_talk(each) for word, each in value.items() if not (word in TALK and isinstance(each, str))}
