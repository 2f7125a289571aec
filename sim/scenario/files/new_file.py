"""Where a new file of a scenario is to lie."""

from __future__ import annotations

import os
from pathlib import Path

from sim.errors import UsageError


def see_folder(file: str | os.PathLike[str]) -> None:
    """UsageError where the folder that `file` is to lie in is not there: it may be a slip, so it is not made."""
    folder = Path(file).parent
    if not folder.exists():
        raise UsageError(f"{file}: there is no folder {folder}; make it first, or name another place")
