"""The scenarios that come with the package: found by name from anywhere, and copied to start from."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

import sim
from sim.errors import Problem, ScenarioError, UsageError
from sim.scenario.files.layers import read_layers, shipped_folder
from sim.scenario.files.new_file import see_folder
from sim.scenario.files.yaml_writer import to_yaml
from sim.scenario.load import read
from sim.words.suggestions import did_you_mean, nearest


class Shipped(NamedTuple):
    """A scenario that comes with the package."""

    name: str
    path: Path
    title: str
    """What the scenario calls itself."""
    asks: str
    """What it is about, as far as the question that it asks."""


RECORD = "record"
"""Folder of the scenarios that hold one loan of the record each, and its part of their names."""


_FOUND = re.compile(rb"^# Found by the model\b.*\n(?:#.*\n)*", re.MULTILINE)
"""The remark on what a scenario was found to answer, by docs/answers.py; it is not true of a changed copy."""


def paths() -> dict[str, Path]:
    """Files by the names of the scenarios, those of the record (`record/NAME`) last; none where only the package itself
    was copied."""
    folder = shipped_folder()
    asked = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    return asked | {f"{RECORD}/{path.stem}": path for path in sorted(folder.glob(f"{RECORD}/*.yaml"))}


def shipped() -> list[Shipped]:
    """All of them, in the order of their names, those of the record last."""
    found = []
    for name, path in paths().items():
        raw = read_layers(path).raw
        about = " ".join(str(raw.get("about", "")).split())
        question, mark, _ = about.partition("?")
        found.append(Shipped(name, path, str(raw.get("name", name)), question + mark))
    return found


def path_of(name: str) -> Path:
    """The file of a scenario that comes with the package; UsageError with the nearest name where there is none."""
    known = paths()
    if name in known:
        return known[name]
    offered = known if nearest(name, known) else [each for each in known if RECORD not in Path(each).parts]
    raise UsageError(f"no scenario {name!r} comes with intermission{did_you_mean(name, offered)}")


def find(file: str) -> Path | None:
    """The scenario that comes with the package which `file` names; None where it names a file.

    A file of that name goes first. ScenarioError where there is no such file, and the name is or nearly is one of ours,
    or is no file's (it has no ending); UsageError where it is empty.
    """
    if not file:
        raise UsageError("a scenario's file, or the name of one that comes with intermission, must be said, not ''")
    named, known = Path(file), paths()
    if named.is_file() or not named.name:  # `.` and `/`: whoever reads them says that they are folders
        return None
    if file in known:
        return known[file]
    bare = named.with_suffix("").as_posix()
    if named.name != file and not bare.startswith(f"{RECORD}/"):
        return None
    near = bare if bare in known else nearest(bare, known, cutoff=0.8)
    if named.exists() or (near is None and named.suffix):
        return None
    ours = "no scenario of that name comes with intermission"
    if near is not None:
        ours = f"a scenario that comes with intermission is called {near!r}"
    raise ScenarioError([Problem(file, 1, 1, "", f"no such file; {ours} (`intermission new --list`)")])


def copy(name: str, to: str | os.PathLike[str], *, flat: bool = False) -> list[Path]:
    """Copy a scenario to a new file, with the library files that it extends beside it, but without the
    remark on what was found; the files written.

    `flat`: everything in the one file, without remarks. Library files that are there already must say the same.
    UsageError where one does not, where `to` is there already, or where nothing can be written.
    """
    source, target = path_of(name), Path(to)
    see_folder(target)
    if flat:
        head = f"# The scenario {name} of intermission {sim.__version__}, with all that it extends in one file.\n"
        texts = {target: (head + to_yaml(read(source).raw)).encode()}
    else:
        layers = [Path(layer.file) for layer in read_layers(source).positions.layers]
        places = {target.parent / layer.relative_to(shipped_folder()): layer for layer in layers[1:]}
        texts = {place: layer.read_bytes() for place, layer in places.items()}
        text = _FOUND.sub(b"", source.read_bytes())
        texts[target] = text.replace(b"\nextends: ../", b"\nextends: ")  # the library is beside it now
        for place in places:
            if place.exists() and (not place.is_file() or place.read_bytes() != texts[place]):
                raise UsageError(f"{place}: is there already and is another one; use another folder, or --flat")
    if target.exists():
        raise UsageError(f"{target}: exists already; give the name of a new file")
    new = {place: text for place, text in texts.items() if not place.exists()}
    try:
        for place, text in new.items():
            if place != target:
                place.parent.mkdir(exist_ok=True)
            with place.open("xb") as file:
                file.write(text)
    except (OSError, ValueError) as error:
        raise UsageError(f"{place}: cannot be written: {getattr(error, 'strerror', None) or error}") from None
    return list(new)
