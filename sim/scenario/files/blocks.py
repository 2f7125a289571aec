"""Reads plain blocks of a file that nobody has checked yet: what does not have its proper shape is passed over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.scenario.nouns.values import UNNAMED

Block = dict[str, Any]


def entries(block: Any, word: str) -> dict[str, Block]:
    """The entries of the map by name at `word` that are blocks."""
    value = block.get(word) if isinstance(block, dict) else None
    return {key: inside for key, inside in value.items() if isinstance(inside, dict)} if isinstance(value, dict) else {}


def items(value: Any) -> list[Block]:
    """The items of a list, with an empty block for each that is not a block, so that places in the list stay true."""
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, (list, tuple)) else []


def names(value: Any) -> Iterable[str]:
    """The names of a map."""
    return value if isinstance(value, dict) else ()


def numbers(value: Any) -> list[tuple[str, int]]:
    """The names of a map under which whole numbers stand, with these."""
    return [(key, inside) for key, inside in value.items() if type(inside) is int] if isinstance(value, dict) else []


def units_held(holds: Any) -> list[tuple[tuple[str, str], int]]:
    """((resource, contributor), units) of a `holds`."""
    found = [((resource, UNNAMED), units) for resource, units in numbers(holds)]
    for resource in names(holds):
        found += [((resource, contributor), units) for contributor, units in numbers(holds[resource])]
    return found


def resource_names(plain: Block) -> dict[str, None]:
    """Every resource that is described, or that a mission or a crisis names, in the file's order."""
    named = dict.fromkeys(names(plain.get("resources")))
    for mission in entries(plain, "missions").values():
        for block in (mission, *items(mission.get("changes"))):
            named |= dict.fromkeys((*names(block.get("holds")), *names(block.get("routine"))))
    teams = entries(plain, "teams")
    for crisis in entries(plain, "crises").values():
        for block in (crisis, *items(crisis.get("phases")), *items(crisis.get("spills_over"))):
            for name in names(block.get("needs")):
                named |= dict.fromkeys(names(teams[name])) if name in teams else {name: None}
    return named
