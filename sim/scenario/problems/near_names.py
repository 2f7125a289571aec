"""Names that are not described, or that are new, but nearly are those of something else: probably misspelt."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from sim.scenario.files.blocks import entries, names
from sim.scenario.nouns.scenario import UNNAMED, Scenario
from sim.scenario.positions import Finding, Path
from sim.words.suggestions import MOST_CANDIDATES, one_letter_apart

SECTIONS = {
    "missions": "mission",
    "crises": "crisis",
    "agreements": "agreement",
    "contributors": "contributor",
    "resources": "resource",
    "lifts": "lift",
    "teams": "team",
}
"""Words at the top under which names stand, and what each name is that of."""

COMPASS = r"\b(north|south|east|west|central|upper|lower)(ern)?\b"
COUNT = r"[0-9]+|\b[A-Za-z]\b|\b[IVX]+\b"


def near_names(scenario: Scenario) -> Iterator[Finding]:
    """Names in use that are nearly those of something described."""
    needed = _needed(scenario)
    first: dict[str, str] = {}
    for name, mission in scenario.missions.items():
        other = first.setdefault(name.casefold(), name)
        if other != name:
            yield Finding(("missions", name), f"differs from {other!r} only in capitals: they are two", at_key=True)
        for resource, units in mission.holds.items():
            at: Path = ("missions", name, "holds", resource)
            said = list(_nearly(at, resource, scenario.resources, "resource"))
            close = None if said or resource in scenario.resources or resource in needed else similar(resource, needed)
            yield from said
            if close is not None:
                yield Finding(at, f"nothing needs any {resource!r}; did you mean {close!r}?", at_key=True)
            for contributor in units if isinstance(units, dict) else ():
                if contributor != UNNAMED:
                    yield from _nearly((*at, contributor), contributor, scenario.contributors, "contributor")
    for name, described in scenario.resources.items():
        for word, modes in described.travels.items():
            for place, travel in enumerate(modes):
                at = ("resources", name, *word, place, "by")
                yield from (each._replace(at_key=False) for each in _nearly(at, travel.by, scenario.lifts, "lift"))


def near_regions(scenario: Scenario) -> Iterator[Finding]:
    """Regions whose name is nearly that of another: nobody lends across, though one region was probably meant."""
    missions: dict[str, list[str]] = {}
    for name, mission in scenario.missions.items():
        if mission.region is not None:
            missions.setdefault(mission.region, []).append(name)
    often = sorted(missions, key=lambda region: -len(missions[region]))
    for place, region in enumerate(often):
        close = next((other for other in often[:place] if _near(region, other)), None)
        if close is not None:
            what = f"{region!r} is another region than {close!r}; did you mean that?"
            yield from (Finding(("missions", name, "region"), what) for name in missions[region])


def _near(region: str, other: str) -> bool:
    one, two = region.casefold().strip(), other.casefold().strip()
    apart = [re.sub(COMPASS, "", each) for each in (one, two)]
    if one == two:
        return True
    if apart[0] == apart[1] or _counted(region, other):  # West Africa and East Africa; Zone 1 and Zone 2
        return False
    return len(one) > 2 and (one_letter_apart(one, two) or similar(region, [other]) is not None)


def _needed(scenario: Scenario) -> dict[str, None]:
    """Resources that a crisis or a routine needs and some mission holds."""
    needed = dict.fromkeys(resource for each in scenario.missions.values() for resource in each.routine)
    for crisis in scenario.crises.values():
        for _, needs in crisis.needs_by_mission:
            needed |= {resource: None for resource, _, _ in scenario.parts(needs)}
    return {each: None for each in needed if any(each in mission.holds for mission in scenario.missions.values())}


def new_names(scenario: Scenario, option: str, variant: Scenario) -> Iterator[Finding]:
    """Names that an option's change makes up though they are nearly those of what is there already."""
    change = scenario.options[option].change
    at: Path = ("options", option, "change")
    for section, kind in SECTIONS.items():
        before = scenario.all_resources if section == "resources" else getattr(scenario, section)
        for name in names(change.get(section)):
            yield from _new((*at, section, name), name, before, kind)
    for mission, patch in entries(change, "missions").items():
        for word in ("holds", "routine"):
            for resource in names(patch.get(word)):
                if resource not in scenario.resources and resource in variant.all_resources:
                    yield from _new(
                        (*at, "missions", mission, word, resource), resource, scenario.all_resources, "resource"
                    )


def _new(at: Path, name: str, known: Iterable[str], kind: str) -> Iterator[Finding]:
    near = (other for other in islice(known, MOST_CANDIDATES) if _one_letter(name, other))
    close = None if name in known else similar(name, known) or next(near, None)
    if close is not None:
        yield Finding(at, f"a new {kind}; did you mean {close!r}?", at_key=True)


def _nearly(at: Path, word: str, described: Iterable[str], kind: str) -> Iterator[Finding]:
    if word not in described:
        close = difflib.get_close_matches(word, described, n=1, cutoff=0.85)
        if close:
            yield Finding(at, f"no {kind} {word!r} is described; did you mean {close[0]!r}?", at_key=True)


def _one_letter(one: str, other: str) -> bool:
    """Whether two names differ in one letter, and are long enough for that to be a slip."""
    return len(one) > 3 and one_letter_apart(one.casefold(), other.casefold()) and not _counted(one, other)


def similar(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is nearly; names that only differ in a number or a single letter are meant so."""
    folded = {each.casefold(): each for each in islice(known, MOST_CANDIDATES) if not _counted(each, name)}
    word = name.casefold()[:200]
    same_letters = [each for each in folded if sorted(each) == sorted(word)]
    found = same_letters or difflib.get_close_matches(word, folded, n=1, cutoff=0.82)
    return folded[found[0]] if found else None


def _counted(one: str, other: str) -> bool:
    """Whether the two count things of one kind: hub, hub 2; company A, company B."""
    return re.sub(COUNT, "", one).strip() == re.sub(COUNT, "", other).strip()
