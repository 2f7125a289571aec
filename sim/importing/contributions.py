"""The UN's monthly table of uniformed contributions, as it is downloaded, to a library of missions and what they hold.

Two sets of columns are read: that of the Peace and Security Data Hub since 2010 (one row per contributor, mission,
personnel type and date: `isocode3, contributing_country, mission_acronym, personnel_type, female_personnel,
male_personnel, last_reporting_date`), and that of before (`Contributor, Contributor_ISO-3, Mission, Date, Troops`: a
column per type). Only rows of the missions and the date that are asked for are read closely.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import UsageError
from sim.importing.cells import BadCell, TableError
from sim.importing.contribution_table import ContributionTable, Count, Month, find_table
from sim.importing.library import Library, aligned, digest, located, weakest, without_place
from sim.importing.reference import UnitSize, places, resource_of_type, type_key, unit_sizes
from sim.importing.tables import read_sheets
from sim.words.suggestions import did_you_mean

Holdings = dict[str, dict[str, dict[str, "Held"]]]
"""People and units by mission, resource and contributor."""


class Held(NamedTuple):
    """What a contributor's people in a mission make: whole units, and people over."""

    people: int
    units: int
    over: int


@dataclass
class Contributions:
    """What the missions held on a date: the library is made of it."""

    file: str
    date: dt.date
    sizes: dict[str, UnitSize]
    held: Holdings
    said: list[str] = field(default_factory=list)
    """What was left out, or read in one of two ways, sentence by sentence."""
    called: Mapping[str, str] = field(default_factory=dict)
    """What the table calls the missions, by their names here."""

    def library(self) -> Library:
        """The library, in the scenario language."""
        counted = [each for each in self.sizes.values() if any(each.resource in of for of in self.held.values())]
        resources = {each.resource: _described(each) for each in counted}
        missions = {mission: self._mission(mission) for mission in self.held}
        return Library({"resources": resources, "missions": missions}, tuple(self._remarks(counted)))

    def _mission(self, mission: str) -> dict[str, Any]:
        holds = {resource: self._holding(resource, of) for resource, of in self.held[mission].items()}
        return {**located(mission, self.called.get(mission, "")), "holds": holds}

    def _holding(self, resource: str, of: Mapping[str, Held]) -> dict[str, Any]:
        size = self.sizes[resource]
        people = ", ".join(f"{name} {held.people:,}" for name, held in of.items())
        over = ", ".join(f"{name} {held.over:,}" for name, held in of.items() if held.over)
        told = f"UN contributions of {self.date} ({Path(self.file).name}): {people} people, / {size.people} a unit"
        return {
            **{name: held.units for name, held in of.items() if held.units},
            "source": told + (f"; over: {over}" if over else ""),
            "confidence": weakest("secondary", size.confidence),
        }

    def _remarks(self, counted: Iterable[UnitSize]) -> Iterator[str]:
        name = Path(self.file).name
        yield (
            f"Missions and what they hold on {self.date}, from the UN's table of uniformed contributions ({name}, "
            f"SHA-256 {digest(self.file)}…). A scenario that extends this file has its missions, and may override them."
        )
        yield (
            "The table does not say, and so neither does this file: routine, consent_days of contributors, travel, "
            "preparation, cost. A line `extends: FILE` here takes them from another library."
        )
        yield "People per unit:"
        for size in counted:
            yield f"- {size.resource}: {size.people} people; {size.source}"
        yield "What was left out or read in one of two ways:" if self.said else "Nothing was left out."
        for told in self.said:
            yield f"- {told}"

    def shared(self) -> dict[str, dict[str, dict[str, int]]]:
        """Contributors with units in two missions or more, most units first: units by mission and resource."""
        units: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        for mission, resources in self.held.items():
            for resource, of in resources.items():
                for name, held in of.items():
                    if held.units:
                        units[name][mission][resource] = held.units
        several = {name: dict(of) for name, of in units.items() if len(of) > 1}
        return dict(sorted(several.items(), key=lambda item: (-_all_units(item[1]), item[0])))

    def lines(self) -> list[str]:
        """What a terminal shows."""
        rows: list[tuple[str, ...]] = [("mission", "resource", "people", "units", "people over")]
        for mission, resources in self.held.items():
            for resource, of in resources.items():
                sums = [sum(getattr(held, word) for held in of.values()) for word in ("people", "units", "over")]
                rows.append((mission, resource, *(f"{number:,}" for number in sums)))
        several = self.shared()
        told = "Contributors with units in two or more missions: loans between these one consent could cover"
        return [
            f"UN contributions of {self.date}",
            *aligned(rows),
            "",
            told if several else "No contributor has units in two or more of these missions.",
            *(f"  {name}: {_in_words(of)}" for name, of in several.items()),
        ]

    def as_json(self) -> dict[str, Any]:
        """The same as plain maps and lists."""
        missions = {
            mission: {
                resource: {name: held._asdict() for name, held in of.items()} for resource, of in resources.items()
            }
            for mission, resources in self.held.items()
        }
        several = [{"contributor": name, "units": of} for name, of in self.shared().items()]
        return {
            "date": self.date.isoformat(),
            "people_per_unit": {name: size.people for name, size in self.sizes.items() if size.people},
            "missions": missions,
            "in_several_missions": several,
            "said": self.said,
        }


def read_contributions(
    path: str | os.PathLike[str], *, on: str, missions: Iterable[str], people: Mapping[str, int] | None = None
) -> Contributions:
    """What the missions held on a date, by the table of contributions at `path`.

    `on` is a day (2010-10-31) or a month with one day in the table (2010-10). `missions` are acronyms as in the table;
    `NEW=OLD` imports OLD's rows as NEW. `people` are people per unit by resource, instead of the package's own.
    UsageError (TableError with every bad cell at once) where that cannot be.
    """
    when, wanted, sizes = month(on), _wanted(missions), sizes_with(people or {})
    read = read_sheets(path)
    table = find_table(os.fspath(path), read.sheets)
    table.said += read.said
    table.leave_out_totals()
    day = table.select(when, wanted)
    held = _units(table, table.counts(), sizes)
    table.said += without_place(name for name, old in wanted.items() if old not in places())
    table.said.append(
        "`routine` is not in such a table: every unit counts as spare until a scenario says what tasks take"
    )
    missions_held = {name: held.get(name, {}) for name in wanted}
    return Contributions(os.fspath(path), day, sizes, missions_held, table.said, wanted)


def month(text: str) -> Month:
    """What `--date` says; UsageError where it is neither a day nor a month."""
    parts = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text)
    try:
        if parts is None:
            raise ValueError
        found = Month(int(parts[1]), int(parts[2]), int(parts[3] or 0))
        dt.date(found.year, found.month, found.day or 1)
    except ValueError:
        raise UsageError(f"--date: must be a day like 2010-10-31 or a month like 2010-10, not {text!r}") from None
    return found


def sizes_with(people: Mapping[str, int]) -> dict[str, UnitSize]:
    """Sizes of units, with the user's own; UsageError for a resource that the table of contributions cannot give."""
    sizes = dict(unit_sizes())
    for resource, number in people.items():
        if resource not in sizes:
            raise UsageError(f"--people: no personnel type gives {resource!r}{did_you_mean(resource, sizes)}")
        if number < 1:
            raise UsageError(f"--people {resource}={number}: must be 1 or more people")
        told = "as given with --people"
        sizes[resource] = sizes[resource]._replace(people=number, source=told, confidence="assumed")
    return sizes


def _wanted(missions: Iterable[str]) -> dict[str, str]:
    """Acronyms in the table by the names that missions get."""
    wanted: dict[str, str] = {}
    for each in missions:
        name, _, old = (part.strip() for part in each.partition("="))
        if not name or ("=" in each and not old):
            raise UsageError(f"--missions: {each!r} names no mission; write acronyms with commas between them")
        if name in wanted or (old or name) in wanted.values():
            raise UsageError(f"--missions: {old or name!r} stands there twice")
        wanted[name] = old or name
    if not wanted:
        raise UsageError("--missions: name one mission at least")
    return wanted


def _units(table: ContributionTable, counts: list[Count], sizes: Mapping[str, UnitSize]) -> Holdings:
    """Units by mission, resource and contributor; what makes no units is told."""
    names, new = _contributors(table, counts), {old: name for name, old in table.wanted.items()}
    people: dict[str, dict[str, dict[str, int]]] = {}
    left: Counter[tuple[str, str]] = Counter()
    for count in counts:
        resource = resource_of_type().get(type_key(count.type), "")
        if not resource or not sizes[resource].people:
            left[resource, count.type] += count.people
        elif count.people:
            of = people.setdefault(new[count.mission], {}).setdefault(resource, {})
            of[names[count.iso]] = of.get(names[count.iso], 0) + count.people
    for (resource, kind), number in left.items():
        if not number:
            continue
        told = "not a personnel type known here, left out"
        if resource:
            told = f"they come one by one, left out (--people {resource}=10 counts ten as a unit)"
        table.said.append(f"{kind}, {number:,} people: {told}")
    held = {
        mission: {
            resource: {name: _divided(number, sizes[resource]) for name, number in sorted(resources[resource].items())}
            for resource in sizes
            if resource in resources
        }
        for mission, resources in people.items()
    }
    _tell_over(table, held)
    return held


def _tell_over(table: ContributionTable, held: Holdings) -> None:
    for mission, resources in held.items():
        over = {resource: sum(each.over for each in of.values()) for resource, of in resources.items()}
        people = ", ".join(f"{number:,} ({resource})" for resource, number in over.items() if number)
        if people:
            table.said.append(f"{mission}: people who make no whole unit of their contributor are left out: {people}")


def _divided(people: int, size: UnitSize) -> Held:
    assert size.people
    return Held(people, people // size.people, people % size.people)


def _contributors(table: ContributionTable, counts: Iterable[Count]) -> dict[str, str]:
    """Names by ISO code (or by name, where there is none); several spellings of one are told, a shared name is bad."""
    bad: list[BadCell] = []
    spelt: dict[str, dict[str, int]] = {}
    for count in counts:
        spelt.setdefault(count.iso, {}).setdefault(count.contributor, count.row)
    names: dict[str, str] = {}
    for iso, rows in spelt.items():
        name = next((each for each in rows if each != iso), iso)
        others = [each for each in rows if each not in (name, iso)]
        if others:
            table.said.append(f"{iso}: called {', '.join(map(repr, others))} too; {name!r} is used")
        if name in names.values():
            other = next(code for code, each in names.items() if each == name)
            what = f"{name} has the code {iso} here and {other} in row {spelt[other][name]}: which is right?"
            bad.append(BadCell(table.sheet.name, rows[name], table.title(table.iso), what))
        names[iso] = name
    if bad:
        raise TableError(table.file, bad)
    return names


def _described(size: UnitSize) -> dict[str, Any]:
    return {
        "label": size.label,
        "component": size.component,
        "people": size.people,
        "source": f"{size.people} people of the UN's table count as one unit: {size.source}",
        "confidence": size.confidence,
    }


def _all_units(of: Mapping[str, Mapping[str, int]]) -> int:
    return sum(sum(units.values()) for units in of.values())


def _in_words(of: Mapping[str, Mapping[str, int]]) -> str:
    return "; ".join(
        f"{mission} " + ", ".join(f"{units:,} {resource}" for resource, units in units_of.items())
        for mission, units_of in of.items()
    )
