"""The house stands as its map says: imports go only down, each foreign library has its room, and rooms stay small."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import sim

HOUSE = Path(sim.__file__).parent
FILES = sorted(HOUSE.rglob("*.py"))

FLOORS = {
    "errors": 0,
    "scenario": 0,
    "agreements": 1,
    "chance": 1,
    "policies": 2,
    "operations": 3,
    "study": 4,
    "charts": 5,
    "briefing": 6,
    "filing": 7,
    "terminal": 7,
    "commands": 8,
    "cli": 9,
    "__main__": 10,
}
"""Floor of every room, as in the docstring of `sim`."""

ROOMS = {
    "yaml": {"scenario"},
    "pydantic": {"scenario"},
    "pydantic_core": {"scenario"},
    "annotated_types": {"scenario"},
    "numpy": {"scenario", "chance", "study", "charts", "briefing"},
    "simpy": {"operations"},
    "scipy": {"study", "scenario"},
    "loky": {"study"},
    "cloudpickle": {"study"},
    "pandas": {"study"},
    "distributed": {"study"},
    "matplotlib": {"charts"},
    "PIL": {"charts", "briefing"},
    "jinja2": {"briefing"},
    "pptx": {"briefing"},
    "typst": {"briefing"},
    "imageio_ffmpeg": {"briefing"},
    "rich": {"terminal"},
    "click": {"cli", "commands"},
}
"""Rooms in which a foreign library may be imported. NumPy counts time and money nowhere below the study: in a scenario
only distributions use it, and SciPy, for their quantiles."""

MOST_LINES = 350
MOST_FUNCTION_LINES = 60


class Import(NamedTuple):
    room: str
    file: str
    line: int
    module: str
    for_types_only: bool


def room_of(file: Path) -> str:
    return file.relative_to(HOUSE).parts[0].removesuffix(".py")


def imports() -> Iterator[Import]:
    for file in FILES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        typing_only = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{file}:{node.lineno}: imports say the whole name"
                modules = [node.module or ""]
                if node.module == "sim":
                    modules = [f"sim.{alias.name}" for alias in node.names]
            for module in modules:
                name = str(file.relative_to(HOUSE))
                yield Import(room_of(file), name, node.lineno, module, id(node) in typing_only)


@pytest.fixture(scope="module")
def found() -> list[Import]:
    return list(imports())


def test_every_room_has_a_floor() -> None:
    assert {room_of(file) for file in FILES} - {"__init__"} <= set(FLOORS)


def test_the_map_names_every_room() -> None:
    for room in FLOORS:
        assert room == "__main__" or f"{room}/" in sim.__doc__ or f"{room}.py" in sim.__doc__, room


def test_imports_go_only_down(found: list[Import]) -> None:
    wrong = [
        f"{one.file}:{one.line} imports {one.module}"
        for one in found
        if one.module.startswith("sim.") and one.room != "__init__" and not one.for_types_only
        if FLOORS[one.module.split(".")[1]] > FLOORS[one.room]
    ]
    assert wrong == []


def test_each_foreign_library_has_its_room(found: list[Import]) -> None:
    own = {*sys.stdlib_module_names, "sim"}
    wrong = [
        f"{one.file}:{one.line} imports {one.module}"
        for one in found
        if (library := one.module.split(".")[0]) not in own
        if not one.for_types_only and one.room not in ROOMS.get(library, set())
    ]
    assert wrong == []


def test_rooms_stay_small() -> None:
    big = []
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        if text.count("\n") > MOST_LINES:
            big.append(f"{file.name}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > MOST_FUNCTION_LINES:
                big.append(f"{file.name}:{node.lineno}: {node.name} has {node.end_lineno - node.lineno + 1} lines")
    assert big == []


def test_no_room_is_called_after_nothing() -> None:
    nothing = {"utils", "util", "helpers", "helper", "core", "base", "common", "manager", "misc"}
    assert [str(file) for file in FILES if nothing & set(file.relative_to(HOUSE).with_suffix("").parts)] == []


def test_every_public_word_is_there() -> None:
    for word in sim.__all__:
        assert getattr(sim, word) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = sim.nothing
