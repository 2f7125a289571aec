"""The house stands as its map says: one road, no circle, each foreign library in one room."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

import sim
from tests.conftest import LONGEST

HOUSE = Path(sim.__file__).parent
FILES = sorted(HOUSE.rglob("*.py"))
FACE = HOUSE / "__init__.py"

ROAD = (
    "errors",
    "extras",
    "words",
    "statistics",
    "scenario",
    "agreements",
    "chance",
    "policies",
    "operations",
    "measures",
    "results",
    "running",
    "comparison",
    "questions",
    "charts",
    "briefing",
    "whatif",
    "exporting",
    "importing",
    "commands",
    "cli",
    "__main__",
)
"""Every room, in the order in which a scenario passes through them: a file imports from its own room or from one above
it in this list, imports for types and inside functions included."""

ROOMS = {
    "yaml": {"scenario"},
    "pydantic": {"scenario"},
    "pydantic_core": {"scenario"},
    "annotated_types": {"scenario"},
    "simpy": {"operations"},
    "loky": {"running"},
    "cloudpickle": {"running"},
    "distributed": {"running"},
    "pandas": {"results"},
    "matplotlib": {"charts"},
    "babel": {"words"},
    "jinja2": {"briefing", "whatif"},
    "pptx": {"briefing"},
    "typst": {"briefing"},
    "imageio_ffmpeg": {"briefing"},
    "xlsxwriter": {"exporting"},
    "python_calamine": {"importing"},
    "rich": {"commands"},
    "click": {"cli", "commands"},
    "PIL": {"charts", "briefing"},
    "scipy": {"statistics", "scenario", "questions"},
    "numpy": set(ROAD) - {"errors", "extras", "words", "policies", "operations", "commands", "cli"},
}
"""Rooms in which a foreign library may be imported. Operations count time and units without NumPy."""

LAZY: dict[tuple[str, str], str] = {}
"""Arrows that would close a circle but for being imported when they are used: at most five, each with its reason."""


class Arrow(NamedTuple):
    importer: Path
    line: int
    module: str

    def __str__(self) -> str:
        return f"{self.importer.relative_to(HOUSE)}:{self.line} imports {self.module}"


def room_of(file: Path) -> str:
    return file.relative_to(HOUSE).parts[0].removesuffix(".py")


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(HOUSE.parent).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(file): file for file in FILES}


def imported(node: ast.AST) -> Iterator[str]:
    """The modules that a statement imports; of `from package import module`, the module."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports say the whole name"
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            yield inner if inner in MODULES else node.module or ""


@cache
def arrows() -> tuple[Arrow, ...]:
    """Every import of the house, wherever it stands."""
    return tuple(
        Arrow(file, node.lineno, module)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in imported(node)
    )


def inside() -> Iterator[tuple[Path, Path]]:
    """Importer and imported file, but for what the package's own face shows and what is documented as lazy."""
    for arrow in arrows():
        target = MODULES.get(arrow.module)
        if target not in {None, FACE, arrow.importer} and arrow.importer != FACE:
            assert target is not None
            if (module_of(arrow.importer), arrow.module) not in LAZY:
                yield arrow.importer, target


def circle(arrows: Iterable[tuple[Path, Path]]) -> list[str]:
    """The names along one circle; none where there is none."""
    graph: Mapping[Path, set[Path]] = defaultdict(set)
    for importer, target in arrows:
        if importer != target:
            graph[importer].add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(each.relative_to(HOUSE)) for each in error.args[1]]
    return []


def test_every_room_stands_on_the_road() -> None:
    assert {room_of(file) for file in FILES} - {"__init__"} == set(ROAD)


def test_the_map_names_every_room() -> None:
    for room in ROAD:
        assert room == "__main__" or f"{room}/" in sim.__doc__ or f"{room}.py" in sim.__doc__, room


def test_imports_go_only_down_the_road() -> None:
    wrong = [
        str(arrow)
        for arrow in arrows()
        if arrow.module in MODULES and arrow.importer != FACE and MODULES[arrow.module] != FACE
        if ROAD.index(room_of(MODULES[arrow.module])) > ROAD.index(room_of(arrow.importer))
    ]
    assert wrong == []


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circle(inside()) == []


@pytest.mark.parametrize("folder", sorted({file.parent for file in FILES}), ids=lambda each: each.name)
def test_inside_a_room_arrows_go_one_way_too(folder: Path) -> None:
    """Folders and files of a folder, each with all that it holds, stand in an order."""

    def child(file: Path) -> Path:
        return folder / file.relative_to(folder).parts[0]

    own = [pair for pair in inside() if all(folder in file.parents for file in pair)]
    assert circle((child(importer), child(target)) for importer, target in own) == []


def test_few_imports_are_lazy_for_the_sake_of_the_order() -> None:
    assert len(LAZY) <= 5
    assert set(LAZY) <= {(module_of(arrow.importer), arrow.module) for arrow in arrows()}


def test_each_foreign_library_has_its_room() -> None:
    own = {*sys.stdlib_module_names, "sim"}
    wrong = [
        str(arrow)
        for arrow in arrows()
        if (library := arrow.module.split(".")[0]) not in own
        if room_of(arrow.importer) not in ROOMS.get(library, set())
    ]
    assert wrong == []


def lines_of(function: ast.FunctionDef) -> int:
    """Its lines, but for those of its docstring."""
    first = function.body[0]
    docstring = first.end_lineno - first.lineno + 1 if ast.get_docstring(function) and first.end_lineno else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def test_functions_stay_small() -> None:
    """Ruff holds their arguments: more than five take a reason, beside the function or in `pyproject.toml`."""
    big = [
        f"{file.relative_to(HOUSE)}:{node.lineno}: {node.name} has {lines} lines"
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (lines := lines_of(node)) > 40
    ]
    assert big == []


def test_no_room_is_called_after_nothing() -> None:
    nothing = {"utils", "util", "helpers", "helper", "core", "base", "common", "manager", "misc"}
    assert [str(file) for file in FILES if nothing & set(file.relative_to(HOUSE).with_suffix("").parts)] == []


def test_python_pptx_is_touched_in_one_folder() -> None:
    """The library stands still: who swaps it has one folder to look at (docs/explanation/slides_library.md)."""
    users = {arrow.importer.parent for arrow in arrows() if arrow.module.partition(".")[0] == "pptx"}
    assert users == {HOUSE / "briefing" / "slides"}


def test_the_tests_that_take_longest_are_there() -> None:
    there = [path.name for place in ("tests", "notebooks") for path in (HOUSE.parent / place).iterdir()]
    assert set(LONGEST) <= set(there) and len(LONGEST) == len(set(LONGEST))


@pytest.mark.no_cover
def test_what_is_marked_so_is_not_traced() -> None:
    """With coverage, in several processes, too: the tracer takes two thirds of a long run's time."""
    assert sys.gettrace() is None
