"""What a decision asks for, in words: which clause of which agreement, whose consent, which units move where."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from sim.briefing.annex import word_of_path
from sim.charts.house import words
from sim.comparison.comparison import Comparison
from sim.comparison.titles import changed
from sim.scenario.loaded import LoadedScenario, with_option
from sim.words.dates import date_in_words
from sim.words.language import Phrase, phrase, phrase_n
from sim.words.names import listed, quoted

Path = tuple[str, ...]
Changes = dict[Path, tuple[Any, Any]]
MOST_NAMED = 6
"""Contributors or countries that are named; of more, their number."""
WHOSE = {
    "council": Phrase("the Council's consent"),
    "contributor": Phrase("the contributor's consent"),
    "host": Phrase("the host's consent"),
}
BEFOREHAND = Phrase("Agree beforehand, in the agreement {agreement}, that {consent} is given")
EACH_TIME = Phrase("Ask each time, under the agreement {agreement}, for {consent}")
SENT = Phrase("Send {units} more: {mission}")
WITHDRAWN = Phrase("Withdraw {units}: {mission}")
SHARED = {
    "none": Phrase("Let nobody lend"),
    "agreements": Phrase("Let missions lend to one another under their agreements"),
    "region": Phrase("Let missions lend to one another within their region"),
    "all": Phrase("Let every mission lend to every other"),
}


class Action(NamedTuple):
    """One thing that would have to be decided."""

    what: str
    consent: str = ""
    """Whose: by name where the scenario gives names; empty where nobody outside the missions must agree."""


def actions(comparison: Comparison, option: str, against: str) -> list[Action]:
    """What an option asks for beyond another, in sentences without a full stop; what has none is said by its path."""
    return list(_Decision(with_option(comparison.scenario, option), changed(comparison, option, against)).actions())


class _Decision:
    """What changes, sentence by sentence: each takes its changes away, and the rest is said by path."""

    def __init__(self, scenario: LoadedScenario, changes: Changes) -> None:
        self.scenario = scenario
        self.left = dict(changes)

    def actions(self) -> Iterator[Action]:
        yield from self._agreements()
        yield from self._consents()
        yield from self._moves()
        yield from self._policy()
        yield from self._kept()
        yield from self._ready()
        for path, (before, after) in self.left.items():
            yield Action(self._one(path, before, after))

    def _take(self, *start: str) -> Changes:
        found = {path: values for path, values in self.left.items() if path[: len(start)] == start}
        self.left = {path: values for path, values in self.left.items() if path not in found}
        return found

    # -- paper ---------------------------------------------------------------------------------------------------

    def _agreements(self) -> Iterator[Action]:
        names = dict.fromkeys(path[1] for path in self.left if path[0] == "agreements" and len(path) > 2)
        for name in names:
            between = self.left.get(("agreements", name, "between"))
            agreement = quoted(name)
            if between is not None and between[1] is None:
                self._take("agreements", name)
                yield Action(phrase("Do without the agreement {agreement}", agreement=agreement))
                continue
            if between is not None and between[0] is None:
                self._take("agreements", name, "between")
                among = listed([between[1]] if isinstance(between[1], str) else between[1])
                yield Action(phrase("Conclude an agreement {agreement}: {among}", agreement=agreement, among=among))
            yield from self._standing(name)
            yield from self._renewals(name)

    def _standing(self, name: str) -> Iterator[Action]:
        for values in self._take("agreements", name, "standing").values():
            before, after = (each or () for each in values)
            for gate in dict.fromkeys((*after, *before)):
                if gate not in before or gate not in after:
                    told = BEFOREHAND if gate in after else EACH_TIME
                    what = told(agreement=quoted(name), consent=WHOSE[gate]())
                    yield Action(what, self._authorities(name, gate))

    def _renewals(self, name: str) -> Iterator[Action]:
        found = self._take("agreements", name, "renewals")
        most = found.get(("agreements", name, "renewals", "most"))
        if most is not None and most[1] is not None:
            what = phrase_n(
                "Let the authority under {agreement} be renewed at most {n:,} time",
                "Let the authority under {agreement} be renewed at most {n:,} times",
                most[1],
                agreement=quoted(name),
            )
            yield Action(what)
        elif found:
            yield Action(phrase("Change how the authority under {agreement} is renewed", agreement=quoted(name)))

    def _authorities(self, name: str, gate: str) -> str:
        """Who they are, where the scenario names them."""
        agreement, missions = self.scenario.agreements[name], self.scenario.missions
        if gate == "council":
            return phrase("the Security Council")
        own = [each for called, each in missions.items() if agreement.between in ("any", each.region)
               or (not isinstance(agreement.between, str) and called in agreement.between)]  # fmt: skip
        if gate == "host":
            return _some([each.host for each in own if each.host])
        lent = agreement.resources
        held = [who for each in own for resource in each.holds if lent is None or resource in lent
                for who, count in each.holdings(resource).items() if count and who != "unnamed"]  # fmt: skip
        return _some(held)

    def _consents(self) -> Iterator[Action]:
        for path in [each for each in self.left if each[0] == "contributors" and each[2:] == ("consent_given",)]:
            for given in self._take(*path)[path][1] or ():
                begins, ends = (date_in_words(dt.date.fromisoformat(given[word])) for word in ("from", "to"))
                units = [self.scenario.units_name(each) for each in given.get("resources") or ()]
                told = phrase(
                    "Have consent given once for all, from {begins} to {ends}: {what}",
                    begins=begins,
                    ends=ends,
                    what=listed(units) if units else phrase("all its units"),
                )
                yield Action(told, path[1])

    # -- units ---------------------------------------------------------------------------------------------------

    def _moves(self) -> Iterator[Action]:
        """Units that one mission gains and another loses are moved; what is left over is added or withdrawn."""
        apart: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for path in [each for each in self.left if each[0] == "missions" and each[2:3] == ("holds",) and len(each) > 3]:
            before, after = self._take(*path)[path]
            apart[path[3]][path[1]] += (after or 0) - (before or 0)
        for resource, by_mission in apart.items():
            gains = {name: int(delta) for name, delta in by_mission.items() if delta > 0}
            losses = {name: int(-delta) for name, delta in by_mission.items() if delta < 0}
            for source, to in product(tuple(losses), tuple(gains)):
                count = min(losses[source], gains[to])
                losses[source], gains[to] = losses[source] - count, gains[to] - count
                if count:
                    units = words.units(self.scenario, count, resource)
                    yield Action(phrase("Move {units}: {source} → {to}", units=units, source=source, to=to))
            for told, left in ((SENT, gains), (WITHDRAWN, losses)):
                for mission in filter(left.get, left):
                    yield Action(told(units=words.units(self.scenario, left[mission], resource), mission=mission))

    # -- how missions lend ---------------------------------------------------------------------------------------

    def _policy(self) -> Iterator[Action]:
        for _, after in self._take("policy", "share").values():
            yield Action(SHARED[after]())
        for _, days in self._take("policy", "prevent_days").values():
            told = phrase("Ask for help {n:g} days before a known crisis", n=days)
            yield Action(told if days else phrase("Ask for help only once a crisis has begun"))
        for _, days in self._take("policy", "foresee_days").values():
            told = phrase("Let no lender give what it will need itself within {n:g} days", n=days)
            yield Action(told if days else phrase("Let lenders give without regard to their own crises to come"))
        for path, (_, days) in self._take("policy", "recall").items():
            if path[-1] == "notice_days" and days is not None:
                yield Action(phrase("Let a lender in need call its own units back, {n:g} days ahead", n=days))
            elif path[-1] == "notice_days":
                yield Action(phrase("Let no lender call its units back"))

    def _kept(self) -> Iterator[Action]:
        for path, (_, after) in self._take("policy", "keep").items():
            if len(path) < 4:
                continue
            what = phrase("units of every kind") if path[2] == "*" else self.scenario.units_name(path[2])
            if after is None:
                yield Action(phrase("Keep nothing back: {what}", what=what))
            elif path[3] == "share":
                share = words.percent(after)
                yield Action(phrase("Keep at home {share} of each contingent: {what}", share=share, what=what))
            else:
                yield Action(phrase("Keep at home {n:,} of each contingent: {what}", n=after, what=what))

    def _ready(self) -> Iterator[Action]:
        """How long units take to get ready, by the mean of its distribution, whose other numbers go with it."""
        for path in [each for each in self.left if each[0] == "resources" and each[2:3] == ("prepare_days",)]:
            before, after = self.left.get(path, (None, None))
            if path[-1] not in ("prepare_days", "mean") or not all(
                isinstance(each, int | float) for each in (before, after)
            ):
                continue
            self._take(*path[:3])
            what = phrase(
                "Have {units} ready in {n:g} days, on average, instead of {before:g}",
                units=self.scenario.units_name(path[1]),
                n=after,
                before=before,
            )
            yield Action(what)

    # -- one value -----------------------------------------------------------------------------------------------

    def _one(self, path: Path, before: Any, after: Any) -> str:
        slots = {"path": " · ".join(map(word_of_path, path)), "now": value(before)}
        told = self._of_an_agreement(path, after) or self._of_the_world(path, before, after)
        return told or phrase("{path}: {then} (now {now})", then=value(after), **slots)

    def _of_an_agreement(self, path: Path, after: Any) -> str:
        match path:
            case ("agreements", name, "resources") if after:
                units = listed([self.scenario.units_name(each) for each in after])
                return phrase("Let the agreement {agreement} cover only {units}", agreement=quoted(name), units=units)
            case ("agreements", name, "at_most", resource):
                slots = {"agreement": quoted(name), "units": self.scenario.units_name(resource)}
                if after is None:
                    return phrase("Set no limit to what is lent under {agreement}: {units}", **slots)
                return phrase("Let at most {n:,} be lent at one time under {agreement}: {units}", n=after, **slots)
            case ("agreements", name, "window_days") if isinstance(after, int | float):
                return phrase("Let the authority under {agreement} last {n:g} days", agreement=quoted(name), n=after)
        return ""

    def _of_the_world(self, path: Path, before: Any, after: Any) -> str:
        match path:
            case ("crises", crisis, "warning_days") if isinstance(after, int | float):
                slots = {"crisis": quoted(crisis), "n": after, "before": value(before)}
                return phrase("Know of {crisis} {n:g} days beforehand instead of {before}", **slots)
            case ("missions", mission, "reception_per_day", resource) if after is not None:
                units = words.units(self.scenario, int(after), resource)
                return phrase("Receive {units} a day: {mission}", units=units, mission=mission)
            case ("lifts", lift, "slots") if after is not None:
                return phrase("Have {n:,} at a time: {lift}", n=after, lift=quoted(lift))
        return ""


def value(given: Any) -> str:
    """A value of the scenario language in words."""
    if given is None:
        return "–"
    if isinstance(given, bool):
        return phrase("yes") if given else phrase("no")
    if isinstance(given, Mapping):
        return ", ".join(f"{word_of_path(str(key))} {value(each)}" for key, each in given.items() if each is not None)
    if isinstance(given, list):
        return listed([value(each) for each in given])
    return phrase("{n:g}", n=given) if isinstance(given, float) else word_of_path(str(given))


def _some(names: list[str]) -> str:
    kept = list(dict.fromkeys(names))
    if len(kept) > MOST_NAMED:
        return phrase("{names} and {n:,} others", names=", ".join(kept[:MOST_NAMED]), n=len(kept) - MOST_NAMED)
    return listed(kept) if kept else ""
