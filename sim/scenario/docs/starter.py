"""The commented scenario that a planner starts from."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from sim.errors import UsageError
from sim.scenario.files.new_file import see_folder


def starter() -> str:
    """The text of a small scenario, with remarks, that runs as it is."""
    return files("sim.scenario.docs").joinpath("starter.yaml").read_text(encoding="utf-8")


def write_starter(path: str | os.PathLike[str]) -> None:
    """Writes the starter to a new file at `path`; UsageError where there is something already, or it cannot be."""
    see_folder(path)
    try:
        with Path(path).open("x", encoding="utf-8", newline="\n") as file:
            file.write(starter())
    except FileExistsError:
        raise UsageError(f"{path}: exists already; give the name of a new file") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from None
