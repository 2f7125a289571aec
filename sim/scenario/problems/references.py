"""Whether the names that a scenario uses are the names of something in it.

Works on the plain file rather than on the checked model, so that a wrong name is reported together with everything else
that is wrong; whatever does not have its proper shape is passed over here, since validation reports it.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path as FilePath
from typing import Any

from sim.scenario.files.blocks import Block, entries, items, names, numbers, resource_names, units_held
from sim.scenario.positions import Finding, Path
from sim.words.suggestions import did_you_mean

MOST_RESOURCES = 50

Parameters = tuple[tuple[str, bool], ...] | None
"""What a rule may be told `with`: (name, whether it must be told); None where that is not known."""
_SECTIONS = {"mission": "missions", "mission or region": "missions"}
"""Where the things of a kind stand, for kinds that have names of their own."""


def reference_problems(
    plain: Block, rules: Collection[str] = (), removed: Mapping[Path, str] | None = None
) -> Iterator[Finding]:
    """Every name in the resolved, source-free file that refers to nothing, and every sum that cannot be.

    `rules` are names of rules, or a map from names to the rules themselves, whose parameters are then known. `removed`
    tells where something was removed: a name that is missed says so.
    """
    references = _References(plain, rules, removed or {})
    for finding in references.wrong():
        if references.missions or not finding.what.startswith("no mission "):  # else what they are called is not known
            yield finding


@cache
def policies(kind: str) -> dict[str, Parameters]:
    """The policies in `sim/policies` that rank lenders ("rank") or decide by themselves ("offers"), by their text.

    Read, not imported: a scenario never makes the program run anything.
    """
    drawer = sorted((FilePath(__file__).parents[2] / "policies").glob("[!_]*.py"))
    texts = {path.stem.replace("_", " "): path.read_text(encoding="utf-8") for path in drawer}
    defined = re.compile(rf"^def {kind}\(", re.MULTILINE)
    return {name: _parameters_in(text, kind) for name, text in texts.items() if defined.search(text)}


def _parameters_in(text: str, function: str) -> Parameters:
    """The parameters of a function in a file, after the first."""
    found = next(each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef) and each.name == function)
    said = found.args
    plain = [*said.posonlyargs, *said.args]
    must = [True] * (len(plain) - len(said.defaults)) + [False] * len(said.defaults)
    by_name = [(each.arg, default is None) for each, default in zip(said.kwonlyargs, said.kw_defaults, strict=True)]
    in_order = [(each.arg, one) for each, one in zip(plain, must, strict=True)][1:]
    return None if said.kwarg else (*in_order, *by_name)


def _parameters_of(rule: Any) -> Parameters:
    """The parameters of a rule, after the first."""
    try:
        said = list(inspect.signature(rule).parameters.values())[1:]
    except (TypeError, ValueError):
        return None
    if any(each.kind in (each.VAR_KEYWORD, each.VAR_POSITIONAL) for each in said):
        return None
    return tuple((each.name, each.default is each.empty) for each in said)


def _missions_in_a_list(missions: Any) -> dict[str, Block]:
    """Names that stand in a list instead of a block: reported there, and known elsewhere."""
    return {name: {} for name in missions if isinstance(name, str)} if isinstance(missions, list) else {}


@dataclass(frozen=True)
class _References:
    plain: Block
    rules: Collection[str]
    removed: Mapping[Path, str]

    @cached_property
    def missions(self) -> dict[str, Block]:
        return entries(self.plain, "missions") or _missions_in_a_list(self.plain.get("missions"))

    @cached_property
    def resources(self) -> dict[str, None]:
        return resource_names(self.plain)

    @cached_property
    def contributors(self) -> dict[str, None]:
        """Those that are described, and those that only stand at the units that they supply."""
        blocks = [each for mission in self.missions.values() for each in (mission, *items(mission.get("changes")))]
        named = dict.fromkeys(names(self.plain.get("contributors")))
        return named | {whose: None for block in blocks for (_, whose), _ in units_held(block.get("holds"))}

    @cached_property
    def regions(self) -> list[str]:
        said = [mission.get("region") for mission in self.missions.values()]
        return list(dict.fromkeys(region for region in said if isinstance(region, str)))

    def wrong(self) -> Iterator[Finding]:
        """Every finding, in the order in which a file is read aloud."""
        if len(self.resources) > MOST_RESOURCES:
            what = f"at most {MOST_RESOURCES} resources, not {len(self.resources)}"
            yield Finding(("resources",), what, at_key=True)
        for name, mission in self.missions.items():
            at: Path = ("missions", name)
            yield from self._keys((*at, "reception_per_day"), mission.get("reception_per_day"), "resource")
            for place, change in enumerate(items(mission.get("changes"))):
                rates = (*at, "changes", place, "reception_per_day")
                yield from self._keys(rates, change.get("reception_per_day"), "resource")
            yield from withdrawals(at, mission)
        for name, crisis in entries(self.plain, "crises").items():
            yield from self._word(("crises", name, "mission"), crisis.get("mission"), "mission")
            for place, spill in enumerate(items(crisis.get("spills_over"))):
                yield from self._word(("crises", name, "spills_over", place, "to"), spill.get("to"), "mission")
        yield from self._legal()
        for place, route in enumerate(items(self.plain.get("routes"))):
            yield from self._words(("routes", place, "between"), route.get("between"), "mission")
            yield from self._keys(("routes", place, "days"), route.get("days"), "resource")
        for name, entry in entries(self.plain, "history").items():
            for word, kind in (("from", "mission"), ("to", "mission"), ("resource", "resource")):
                yield from self._word(("history", name, word), entry.get(word), kind)
            yield from self._word(("history", name, "contributor"), entry.get("contributor"), "contributor")
        yield from self._teams()
        yield from self._options()

    def _known(self, kind: str) -> Iterable[str]:
        known: dict[str, Iterable[str]] = {
            "mission": self.missions,
            "resource": self.resources,
            "contributor": self.contributors,
            "region": ("any", *self.regions),
            "mission or region": (*self.missions, *self.regions),
        }
        return known[kind]

    def _word(self, path: Path, value: Any, kind: str, known: Iterable[str] | None = None) -> Iterator[Finding]:
        known = self._known(kind) if known is None else known
        if isinstance(value, str) and value not in known:
            gone = self._removed(value, kind)
            hint = f": removed in {gone}" if gone else did_you_mean(value, known)
            yield Finding(path, f"no {kind} {value!r}{hint}")

    def _removed(self, name: str, kind: str) -> str | None:
        """Where the file removed what is missed."""
        for path, where in self.removed.items():
            if path[-1] == name and (path[:-1] == (_SECTIONS.get(kind),) or kind == "resource"):
                return where
        return None

    def _words(self, path: Path, value: Any, kind: str) -> Iterator[Finding]:
        for place, word in enumerate(value if isinstance(value, list) else ()):
            yield from self._word((*path, place), word, kind)

    def _keys(self, path: Path, value: Any, kind: str, known: Iterable[str] | None = None) -> Iterator[Finding]:
        for name in names(value):
            for finding in self._word((*path, name), name, kind, known):
                yield finding._replace(at_key=True)

    def _legal(self) -> Iterator[Finding]:
        """Agreements, lifts and consents."""
        for name, agreement in entries(self.plain, "agreements").items():
            at: Path = ("agreements", name)
            yield from self._between((*at, "between"), agreement.get("between"))
            yield from self._words((*at, "resources"), agreement.get("resources"), "resource")
            yield from self._keys((*at, "at_most"), agreement.get("at_most"), "resource")
        for name, lift in entries(self.plain, "lifts").items():
            yield from self._words(("lifts", name, "for"), lift.get("for"), "mission or region")
        for name, contributor in entries(self.plain, "contributors").items():
            for place, consent in enumerate(items(contributor.get("consent_given"))):
                at = ("contributors", name, "consent_given", place, "resources")
                yield from self._words(at, consent.get("resources"), "resource")
            yield from self._keys(("contributors", name, "prepare_days"), contributor.get("prepare_days"), "resource")

    def _teams(self) -> Iterator[Finding]:
        """Names of teams that are those of resources, too, or parts that are teams themselves."""
        teams = entries(self.plain, "teams")
        for name, parts in teams.items():
            if name in self.resources:
                what = f"{name!r} is a resource, too: a team needs a name of its own"
                yield Finding(("teams", name), what, at_key=True)
            for part in names(parts):
                if part in teams:
                    what = f"{part!r} is a team itself: a team is made of resources"
                    yield Finding(("teams", name, part), what, at_key=True)

    def _between(self, at: Path, between: Any) -> Iterator[Finding]:
        """Whom an agreement binds: missions in a list, or a region."""
        if isinstance(between, str) and between not in ("any", *self.regions):
            both = re.split(" and |, ?|/", between)
            if between in self.missions:
                yield Finding(at, f"must name two missions or more, not one: [{between}, …]")
            elif set(both) <= set(self.missions):
                yield Finding(at, f"must be a list of missions: [{', '.join(both)}]")
            else:
                yield from self._word(at, between, "region")
        yield from self._words(at, between, "mission")
        if isinstance(between, list) and len(between) > len(set(map(str, between))):
            yield Finding(at, "must name each mission once")

    def _options(self) -> Iterator[Finding]:
        said: dict[str, str] = {}
        for name, option in entries(self.plain, "options").items():
            at: Path = ("options", name)
            for word in ("reference", "record"):
                if option.get(word) is True and said.setdefault(word, name) != name:
                    yield Finding((*at, word), f"only one option can say so, and {said[word]!r} does already")
            policy = option.get("policy")
            if not isinstance(policy, dict):
                continue
            yield from self._lenders((*at, "policy", "lenders"), policy.get("lenders"), option)
            yield from self._keys((*at, "policy", "may_go_short"), policy.get("may_go_short"), "resource")
            yield from self._rule((*at, "policy"), policy)
            keep = policy.get("keep")
            if isinstance(keep, dict) and not set(keep) <= {"units", "share"}:
                yield from self._keys((*at, "policy", "keep"), keep, "resource", {**self.resources, "*": None})

    def _lenders(self, at: Path, lenders: Any, option: Block) -> Iterator[Finding]:
        """An order of lenders, or lenders by name: missions, those that the option's own change adds included."""
        known = [*self.missions, *entries(entries(option, "change"), "missions")]
        if isinstance(lenders, str) and lenders in known:
            yield Finding(at, f"must be an order of lenders (nearest), or a list of missions: [{lenders}]")
        elif isinstance(lenders, str):
            yield from self._word(at, lenders, "order of lenders", policies("rank"))
        for place, name in enumerate(lenders if isinstance(lenders, list) else ()):
            yield from self._word((*at, place), name, "mission", known)
            if name in lenders[:place]:
                yield Finding((*at, place), f"must name each mission once, and {name!r} is named before")

    def _rule(self, at: Path, policy: Block) -> Iterator[Finding]:
        """The rule's name, and what it is told `with`."""
        rule, told = policy.get("rule"), policy.get("with")
        known = {**policies("offers"), **dict.fromkeys(self.rules)}
        for finding in self._word((*at, "rule"), rule, "rule", known):
            hint = "" if did_you_mean(str(rule), known) else "; a rule is a function in the file named by --rules"
            yield finding._replace(what=finding.what + hint)
        if rule is None and told and isinstance(told, dict):
            what = "has no effect: these are the parameters of a rule, and no rule is named; write rule: NAME"
            yield Finding((*at, "with"), what, at_key=True)
        own = self.rules.get(rule) if isinstance(self.rules, Mapping) else None
        parameters = _parameters_of(own) if own is not None else policies("offers").get(str(rule))
        if parameters is None or not isinstance(told, dict | None):
            return
        words = [word for word, _ in parameters]
        for word in told or ():
            if word not in words:
                hint = did_you_mean(word, words) or "; it takes none" * (not words)
                yield Finding((*at, "with", word), f"rule {rule!r} has no parameter {word!r}{hint}", at_key=True)
        missing = [word for word, must in parameters if must and word not in (told or ())]
        if missing:
            path = (*at, "with") if told else (*at, "rule")
            yield Finding(path, f"rule {rule!r} must be told {', '.join(missing)}; write with: {{{missing[0]}: …}}")


def withdrawals(at: Path, mission: Block) -> Iterator[Finding]:
    """Changes that take more than there is, in the order of their dates."""
    held = dict(units_held(mission.get("holds")))
    routine = dict(numbers(mission.get("routine")))
    suppliers = {resource: [whose for kind, whose in held if kind == resource] for resource, _ in held}
    changes = enumerate(items(mission.get("changes")))
    for place, change in sorted(changes, key=lambda numbered: str(numbered[1].get("on", ""))):
        here = (*at, "changes", place)
        for (resource, whose), units in units_held(change.get("holds")):
            by_name = isinstance(change["holds"][resource], dict)
            known = suppliers.get(resource, [])
            supplier = known[0] if not by_name and len(known) == 1 else whose
            left = held.get((resource, supplier), 0) + units
            held[resource, supplier] = max(0, left)
            if left < 0:
                which = f"; say whose: {{{known[0]}: {units}}}" if len(known) > 1 and not by_name else ""
                path = (*here, "holds", resource, *((supplier,) if by_name else ()))
                yield Finding(path, f"withdraws {-units} units where {left - units} are held by then{which}")
        for resource, units in numbers(change.get("routine")):
            left = routine.get(resource, 0) + units
            routine[resource] = max(0, left)
            if left < 0:
                yield Finding((*here, "routine", resource), f"takes {-units} units from a routine of {left - units}")
