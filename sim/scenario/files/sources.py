"""Takes `source` and `confidence` out of every block: the model never reads them, the briefing's annex shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from sim.scenario.nouns.history import Confidence, Sourced
from sim.scenario.nouns.vocabulary import NOTES
from sim.scenario.positions import Finding, Path, dotted, shown
from sim.words.suggestions import did_you_mean

CONFIDENCES: tuple[str, ...] = get_args(Confidence)
"""From the strongest on."""


def without_sources(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Sourced], list[Finding]]:
    """`raw` without its notes, the notes, and what is wrong with them."""
    sources: list[Sourced] = []
    findings: list[Finding] = []

    def strip(value: Any, path: Path) -> Any:
        if isinstance(value, (list, tuple)):
            return [strip(each, (*path, place)) for place, each in enumerate(value)]
        if not isinstance(value, dict) or _is_free(path):
            return value
        notes = {key: value[key] for key in NOTES if _is_note(key, value, path)}
        if notes:
            wrong = _wrong(notes, path)
            findings.extend(wrong)
            if not wrong:
                sources.append(Sourced(path=dotted(path), **notes))
        return {key: strip(each, (*path, key)) for key, each in value.items() if key not in notes}

    stripped = strip(raw, ())
    assert isinstance(stripped, dict)
    return stripped, sources, findings


def _is_free(path: Path) -> bool:
    """Whether the block belongs to a rule written in Python, whose parameters may be called anything."""
    return "options" in path[:1] and path[-1:] == ("with",)


def _is_note(key: str, block: dict[str, Any], path: Path) -> bool:
    """A map by name may hold something called "source"; and `experiment` has a confidence of its own."""
    if key not in block or isinstance(block[key], (dict, list, tuple)):
        return False
    return not (key == "confidence" and path[-1:] == ("experiment",))


def _wrong(notes: dict[str, Any], path: Path) -> list[Finding]:
    findings = []
    if "source" in notes and not isinstance(notes["source"], str):
        findings.append(Finding((*path, "source"), f"must be text, not {shown(notes['source'])} (write it in quotes)"))
    word = notes.get("confidence", "assumed")
    if word not in CONFIDENCES:
        close = did_you_mean(word, CONFIDENCES) if isinstance(word, str) else ""
        what = f"must be one of {', '.join(CONFIDENCES)}, not {shown(word)}{close if 'mean' in close else ''}"
        findings.append(Finding((*path, "confidence"), what))
    return findings
