"""What a patch asks of what it is laid over that cannot be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.files.patch import is_change
from sim.scenario.files.yaml_typos import empty_key
from sim.scenario.positions import Finding, Path
from sim.words.suggestions import nearest


def patch_problems(base: Mapping[str, Any], over: Mapping[str, Any], path: Path = ()) -> list[Finding]:
    """Every null in `over` that removes nothing from `base`: an empty block, most often, that was meant to be one."""
    findings: list[Finding] = []
    for key, value in over.items():
        here = (*path, key)
        held = base.get(key)
        if value is None and key not in base:
            close = nearest(key, base)
            what = "is empty, and there is nothing to remove; write {} for an empty block, or leave it out"
            if close is not None:
                what = f"there is no {key!r} to remove; did you mean {close!r}?"
            what = empty_key(key, dict(over), here) or what
            findings.append(Finding(here, what, at_key=True))
        elif isinstance(value, dict) and not is_change(here):
            findings += patch_problems(held if isinstance(held, dict) else {}, value, here)
    return findings
