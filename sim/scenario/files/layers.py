"""Finds the files that a scenario extends, and lays them over one another.

They lie in the folder of the one that is run, or in the folder `library` beside that folder: so a folder of scenarios
works wherever it is copied to, and no file of somebody else's reads anything further up.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path as FilePath
from pathlib import PureWindowsPath
from typing import Any, NamedTuple

from sim.errors import Problem, ScenarioError
from sim.scenario.files.patch import additions, merge, removals
from sim.scenario.files.patch_problems import patch_problems
from sim.scenario.files.yaml import MOST_BYTES, parse
from sim.scenario.positions import Finding, Layer, Path, Positions, dotted, shown
from sim.words.suggestions import nearest

LONGEST_CHAIN = 10
LIBRARY = "library"
"""Folder beside that of a scenario, whose files it may extend, too."""


class Layers(NamedTuple):
    """A file laid over all that it extends."""

    raw: dict[str, Any]
    positions: Positions
    problems: list[Problem]
    """What is wrong with the files as such."""
    removed: dict[Path, str]
    """Where null removed what: `line 14 of west_africa.yaml`."""


def read_layers(path: str | os.PathLike[str]) -> Layers:
    """The file over all that it extends, where each part stands, and what is wrong with the files as such.

    Raises ScenarioError where a file cannot be read at all. Where only a part is refused the rest is returned all the
    same, so that everything that is wrong can be reported at once.
    """
    shown_path = os.fspath(path)
    folders = _folders(shown_path)
    layers: list[Layer] = []
    values: list[dict[str, Any]] = []
    problems: list[Problem] = []
    seen: list[str] = []
    while True:
        layer, value = _read(shown_path, layers, problems)
        layers.append(layer)
        values.append(value)
        seen.append(os.path.realpath(shown_path))
        target = value.pop("extends", None)
        if "extends" not in [step for path in layer.marks for step in path[:1]]:
            break
        refusal, following = _target(target, shown_path, folders, seen)
        if refusal:
            problem = Positions(shown_path, (layer,)).problem(Finding(("extends",), refusal))
            if problem.path not in [said.path for said in problems if said.file == shown_path]:
                problems.append(problem)
            raise ScenarioError(problems)
        shown_path = following
    merged: dict[str, Any] = {}
    removed: dict[Path, str] = {}
    for place, value in reversed(list(enumerate(values))):
        layer = layers[place]
        alone = Positions(layer.file, (layer,))
        refused = {problem.path for problem in problems if problem.file == layer.file}
        wrong = (alone.problem(finding) for finding in patch_problems(merged, value, removed=removed))
        problems += [problem for problem in wrong if problem.path not in refused]
        removed |= {at: alone.line(at) + f" of {layer.file}" for at in removals(merged, value)}
        layers[place] = layer.shifted(dict(additions(merged, value)))
        merged = merge(merged, value)
    return Layers(merged, Positions(layers[0].file, tuple(layers)), problems, removed)


def shipped_folder() -> FilePath:
    """Where the scenarios of the package lie: in it once installed, or in the checkout that it is run from."""
    package = FilePath(__file__).parents[2]
    installed = package / "shipped"
    return installed if installed.is_dir() else package.parent / "scenarios"


def _folders(path: str) -> list[str]:
    """The folders that no file a scenario extends may lie outside of: its own, and the library beside that.

    The library is asked for by its listing, so that where names differ by more than their case to nobody but the disk
    (`Library` of a home folder) it is not found.
    """
    own = FilePath(os.path.realpath(FilePath(path).parent))
    try:
        beside = [str(each) for each in own.parent.iterdir() if each.name == LIBRARY]
    except OSError:  # the folder above may not be listed: then nothing beside is read
        beside = []
    return [str(own), *beside]


def _read(path: str, below: list[Layer], problems: list[Problem]) -> tuple[Layer, dict[str, Any]]:
    """One file; adds to `problems`, and raises them where nothing can be made of it."""
    data, refusal = _bytes(path)
    if refusal:
        if below:  # said where it is extended
            problems.append(
                Positions(below[-1].file, (below[-1],)).problem(Finding(("extends",), f"{path}: {refusal}"))
            )
        else:
            problems.append(Problem(path, 1, 1, "", refusal))
        raise ScenarioError(problems)
    document = parse(data)
    layer = Layer(path, document.marks)
    for finding in document.findings:
        line, column = finding.place or (1, 1)
        problems.append(Problem(path, line, column, dotted(finding.path), finding.what))
    if document.fatal:
        problems.append(Problem(path, *document.fatal[:2], "", document.fatal[2]))
        raise ScenarioError(problems)
    if not isinstance(document.value, dict):
        said = f"a scenario is a block of words (period, missions, crises, …), not {shown(document.value)}"
        problems.append(Problem(path, 1, 1, "", said))
        raise ScenarioError(problems)
    return layer, document.value


def _bytes(path: str) -> tuple[bytes, str]:
    """What the file holds, up to a byte more than allowed, or why it cannot be read."""
    file = FilePath(path)
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return b"", "is not a file" + (" but a folder" if file.is_dir() else "")
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1), ""
    except FileNotFoundError:
        files = [str(each) for each in file.parent.glob("*.y*ml")] if file.parent.is_dir() else []
        close = nearest(path, files, cutoff=0.8)
        return b"", "no such file" + (f"; did you mean {close!r}?" if close else "")
    except (OSError, ValueError) as error:
        return b"", f"cannot be read: {getattr(error, 'strerror', None) or error}"


def _target(target: Any, file: str, folders: list[str], seen: list[str]) -> tuple[str, str]:
    """(why not, "") or ("", the path of the file that `file` extends)."""
    if not isinstance(target, str) or not target or "\0" in target:
        return f"must be the path of a file, not {shown(target)}", ""
    if FilePath(target).is_absolute() or PureWindowsPath(target).drive or target.startswith(("/", "\\")):
        return f"must be a path relative to this file, not {shown(target)}", ""
    following = os.path.normpath(FilePath(file).parent / target)
    real = os.path.realpath(following)
    why = ""
    if not any(FilePath(real).is_relative_to(folder) for folder in folders):
        out = f"{shown(target)} leads out of both"
        why = f"must stay inside the folder of the scenario, or of a {LIBRARY!r} beside it; {out}"
    elif real in seen:
        why = f"{shown(target)} again: the files would extend one another for ever"
    elif len(seen) >= LONGEST_CHAIN:
        why = f"at most {LONGEST_CHAIN} files may extend one another"
    return why, following
