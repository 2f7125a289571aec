"""What a patch asks of what it is laid over that cannot be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.errors import UsageError
from sim.scenario.files.patch import by_contributor, is_change, is_holding, whose
from sim.scenario.files.yaml_typos import empty_key
from sim.scenario.positions import Finding, Path, dotted
from sim.words.suggestions import nearest


def patch_problems(
    base: Mapping[str, Any], over: Mapping[str, Any], *, removed: Mapping[Path, str] | None = None, path: Path = ()
) -> list[Finding]:
    """Every null in `over` that removes nothing from `base`, and numbers of units of which it is not clear whose.

    A null that removes nothing is an empty block, most often, that was meant to be one. `removed` tells where a file
    removed something before.
    """
    findings: list[Finding] = []
    for key, value in over.items():
        here = (*path, key)
        held = base.get(key)
        if value is None and key not in base:
            findings.append(Finding(here, _nothing_to_remove(key, base, over, here, removed or {}), at_key=True))
        elif isinstance(value, dict) and not is_change(here):
            inside = held if isinstance(held, dict) else {}
            findings += patch_problems(inside, value, removed=removed, path=here)
        elif is_holding(here) and held and type(value) is int and by_contributor(held, value) is None:
            findings += [Finding(here, whose(held, value))] if isinstance(held, dict) else []
    return findings


def why_nowhere(path: str, error: UsageError, removed: Mapping[Path, str]) -> str:
    """What is wrong with a dotted path that leads nowhere: that it was removed, or else what the error says."""
    gone = (where for at, where in removed.items() if f"{path}.".startswith(f"{dotted(at)}."))
    return next((f"{path} was removed in {where}" for where in gone), str(error))


def _nothing_to_remove(
    key: str, base: Mapping[str, Any], over: Mapping[str, Any], path: Path, removed: Mapping[Path, str]
) -> str:
    if slip := empty_key(key, dict(over), path):
        return slip
    if path in removed:
        return f"there is no {key!r} to remove: it was removed in {removed[path]}"
    close = nearest(key, base)
    if close is not None:
        return f"there is no {key!r} to remove; did you mean {close!r}?"
    return "is empty, and there is nothing to remove; write {} for an empty block, or leave it out"
