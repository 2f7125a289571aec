"""Whether the names that a scenario uses are the names of something in it.

Works on the plain file rather than on the checked model, so that a wrong name is reported together with everything else
that is wrong; whatever does not have its proper shape is passed over here, since validation reports it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from sim.scenario.nouns.scenario import UNNAMED
from sim.scenario.positions import Finding, Path, did_you_mean

MOST_RESOURCES = 50

Block = dict[str, Any]
Found = Iterator[Finding]


def misreferences(plain: Block, rules: Collection[str] = ()) -> Found:
    """Every name in the resolved, source-free file that refers to nothing, and every sum that cannot be."""
    missions = entries(plain, "missions") or _listed_by_mistake(plain.get("missions"))
    for finding in _misreferences(plain, missions, rules):
        if missions or not finding.what.startswith("no mission "):  # else what they are called is not known
            yield finding


def _misreferences(plain: Block, missions: dict[str, Block], rules: Collection[str]) -> Found:
    named = resources_named(plain)
    if len(named) > MOST_RESOURCES:
        yield Finding(("resources",), f"at most {MOST_RESOURCES} resources, not {len(named)}", at_key=True)
    for name, mission in missions.items():
        at: Path = ("missions", name)
        yield from _keys((*at, "reception_per_day"), mission.get("reception_per_day"), "resource", named)
        yield from _withdrawals(at, mission)
    regions = [mission["region"] for mission in missions.values() if isinstance(mission.get("region"), str)]
    yield from _crises(plain, missions)
    yield from _paper(plain, missions, named, regions)
    for place, route in enumerate(_items(plain.get("routes"))):
        yield from _words(("routes", place, "between"), route.get("between"), "mission", missions)
        yield from _keys(("routes", place, "days"), route.get("days"), "resource", named)
    for name, entry in entries(plain, "history").items():
        for word, kind, known in (
            ("from", "mission", missions),
            ("to", "mission", missions),
            ("resource",) * 2 + (named,),
        ):
            yield from _word(("history", name, word), entry.get(word), kind, known)
    yield from _options(plain, named, (*policies("offers"), *rules))


def entries(block: Any, word: str) -> dict[str, Block]:
    """The entries of the map by name at `word` that are blocks."""
    value = block.get(word)
    return {key: each for key, each in value.items() if isinstance(each, dict)} if isinstance(value, dict) else {}


def _listed_by_mistake(missions: Any) -> dict[str, Block]:
    """Names that stand in a list instead of a block: reported there, and known elsewhere."""
    return {each: {} for each in missions if isinstance(each, str)} if isinstance(missions, list) else {}


def resources_named(plain: Block) -> dict[str, None]:
    """Every resource that is described, or that a mission or a crisis names, in the file's order."""
    named = dict.fromkeys(_names(plain.get("resources")))
    for mission in entries(plain, "missions").values():
        for block in (mission, *_items(mission.get("changes"))):
            named |= dict.fromkeys((*_names(block.get("holds")), *_names(block.get("routine"))))
    for crisis in entries(plain, "crises").values():
        for block in (crisis, *_items(crisis.get("phases")), *_items(crisis.get("spills_over"))):
            named |= dict.fromkeys(_names(block.get("needs")))
    return named


@cache
def policies(kind: str) -> tuple[str, ...]:
    """The policies in `sim/policies` that rank lenders ("rank") or decide by themselves ("offers"), by their text.

    Read, not imported: a scenario never makes the program run anything.
    """
    drawer = sorted((FilePath(__file__).parents[2] / "policies").glob("[!_]*.py"))
    found = [path for path in drawer if re.search(rf"^def {kind}\(", path.read_text(encoding="utf-8"), re.MULTILINE)]
    return tuple(path.stem.replace("_", " ") for path in found)


def _names(value: Any) -> Iterable[str]:
    return value if isinstance(value, dict) else ()


def _items(value: Any) -> list[Block]:
    """The items of a list, with an empty block for each that is not a block, so that places stay true."""
    return [each if isinstance(each, dict) else {} for each in value] if isinstance(value, list) else []


def _word(path: Path, value: Any, kind: str, known: Iterable[str]) -> Found:
    if isinstance(value, str) and value not in known:
        yield Finding(path, f"no {kind} {value!r}{did_you_mean(value, known)}")


def _words(path: Path, value: Any, kind: str, known: Iterable[str]) -> Found:
    for place, each in enumerate(value if isinstance(value, list) else ()):
        yield from _word((*path, place), each, kind, known)


def _keys(path: Path, value: Any, kind: str, known: Iterable[str]) -> Found:
    for name in _names(value):
        for finding in _word((*path, name), name, kind, known):
            yield finding._replace(at_key=True)


def _crises(plain: Block, missions: dict[str, Block]) -> Found:
    for name, crisis in entries(plain, "crises").items():
        yield from _word(("crises", name, "mission"), crisis.get("mission"), "mission", missions)
        for place, spill in enumerate(_items(crisis.get("spills_over"))):
            yield from _word(("crises", name, "spills_over", place, "to"), spill.get("to"), "mission", missions)


def _paper(plain: Block, missions: dict[str, Block], named: dict[str, None], regions: list[str]) -> Found:
    """Agreements, lifts and consents."""
    somewhere = (*missions, *dict.fromkeys(regions))
    for name, agreement in entries(plain, "agreements").items():
        at: Path = ("agreements", name)
        yield from _between((*at, "between"), agreement.get("between"), missions, regions)
        yield from _words((*at, "resources"), agreement.get("resources"), "resource", named)
        yield from _keys((*at, "at_most"), agreement.get("at_most"), "resource", named)
    for name, lift in entries(plain, "lifts").items():
        yield from _words(("lifts", name, "for"), lift.get("for"), "mission or region", somewhere)
    for name, contributor in entries(plain, "contributors").items():
        for place, consent in enumerate(_items(contributor.get("consent_given"))):
            at = ("contributors", name, "consent_given", place, "resources")
            yield from _words(at, consent.get("resources"), "resource", named)


def _between(at: Path, between: Any, missions: dict[str, Block], regions: list[str]) -> Found:
    """Whom an agreement binds: missions in a list, or a region."""
    if isinstance(between, str) and between not in ("any", *regions):
        both = re.split(" and |, ?|/", between)
        if between in missions:
            yield Finding(at, f"must name two missions or more, not one: [{between}, …]")
        elif set(both) <= set(missions):
            yield Finding(at, f"must be a list of missions: [{', '.join(both)}]")
        else:
            yield from _word(at, between, "region", ("any", *dict.fromkeys(regions)))
    yield from _words(at, between, "mission", missions)
    if isinstance(between, list) and len(between) > len(set(map(str, between))):
        yield Finding(at, "must name each mission once")


def _options(plain: Block, named: dict[str, None], rules: Collection[str]) -> Found:
    said: dict[str, str] = {}
    for name, option in entries(plain, "options").items():
        at: Path = ("options", name)
        for word in ("reference", "record"):
            if option.get(word) is True and said.setdefault(word, name) != name:
                yield Finding((*at, word), f"only one option can say so, and {said[word]!r} does already")
        policy = option.get("policy")
        if not isinstance(policy, dict):
            continue
        yield from _word((*at, "policy", "lenders"), policy.get("lenders"), "order of lenders", policies("rank"))
        for finding in _word((*at, "policy", "rule"), policy.get("rule"), "rule", rules):
            hint = "" if did_you_mean(policy["rule"], rules) else "; a rule is a function in the file named by --rules"
            yield finding._replace(what=finding.what + hint)
        keep = policy.get("keep")
        if isinstance(keep, dict) and not set(keep) <= {"units", "share"}:
            yield from _keys((*at, "policy", "keep"), keep, "resource", {**named, "*": None})


def _withdrawals(at: Path, mission: Block) -> Found:
    """Changes that take more than there is, in the order of their dates."""
    held = dict(_units(mission.get("holds")))
    routine = dict(_numbers(mission.get("routine")))
    suppliers = {resource: [whose for kind, whose in held if kind == resource] for resource, _ in held}
    changes = enumerate(_items(mission.get("changes")))
    for place, change in sorted(changes, key=lambda each: str(each[1].get("on", ""))):
        here = (*at, "changes", place)
        for (resource, whose), units in _units(change.get("holds")):
            by_name = isinstance(change["holds"][resource], dict)
            known = suppliers.get(resource, [])
            supplier = known[0] if not by_name and len(known) == 1 else whose
            left = held.get((resource, supplier), 0) + units
            held[resource, supplier] = max(0, left)
            if left < 0:
                which = f"; say whose: {{{known[0]}: {units}}}" if len(known) > 1 and not by_name else ""
                path = (*here, "holds", resource, *((supplier,) if by_name else ()))
                yield Finding(path, f"withdraws {-units} units where {left - units} are held by then{which}")
        for resource, units in _numbers(change.get("routine")):
            left = routine.get(resource, 0) + units
            routine[resource] = max(0, left)
            if left < 0:
                yield Finding((*here, "routine", resource), f"takes {-units} units from a routine of {left - units}")


def _numbers(value: Any) -> Iterator[tuple[str, int]]:
    for key in _names(value):
        if type(value[key]) is int:
            yield key, value[key]


def _units(holds: Any) -> Iterator[tuple[tuple[str, str], int]]:
    """((resource, contributor), units) of a `holds`."""
    for resource, units in _numbers(holds):
        yield (resource, UNNAMED), units
    for resource in _names(holds):
        for contributor, units in _numbers(holds[resource]):
            yield (resource, contributor), units
