"""At how many sets of replications a results folder was looked at: `looks.json`.

Intervals for one look are right once. Who tops a run up and looks again must know that, so a run that was printed
leaves a note of its sets.
"""

from __future__ import annotations

import json
from pathlib import Path

from sim.results.disk import disk_trouble, read_whole
from sim.results.manifest import write_whole

LOOKS = "looks.json"


def note_look(folder: Path, run: str, sets: int) -> list[int]:
    """Note that the results of `run` were looked at after so many sets; the numbers at which they were before.

    `run`: what the results depend on (`Manifest.run`); notes on others, or that cannot be read, are no looks at these.
    """
    looks = _noted(folder, run)
    if sets not in looks:
        with disk_trouble(folder):
            write_whole(folder / LOOKS, json.dumps({"run": run, "sets": sorted({*looks, sets})}) + "\n")
    return [look for look in looks if look != sets]


def _noted(folder: Path, run: str) -> list[int]:
    try:
        words = json.loads(read_whole(folder / LOOKS) or b"{}")
    except ValueError:
        return []
    if not isinstance(words, dict) or words.get("run") != run or not isinstance(words.get("sets"), list):
        return []
    return [look for look in words["sets"] if isinstance(look, int)]
