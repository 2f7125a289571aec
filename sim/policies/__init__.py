"""The drawer of policies: one file, one rule, found by its file name; no registry to edit.

A file either ranks lenders, `rank(lender) -> tuple` (smallest first; `STATIC = True` where the rank depends only on
what never changes), and is then a word for `lenders:`; or it decides by itself, `offers(situation, **parameters) ->
[(lender, units), …]`, and is then a name for `rule:`. Both are pure: they see what may be known and return what they
want; the world acts, and refuses what is impossible.

A rule may ask each lender for whole units up to its `can_offer`; more is a bug of the rule. What lenders may offer can
hang together, since contingents of one mission share its spare units, and agreements have ceilings: offers are taken
in their order, and a later one gets what the earlier ones, and the need, have left of it.
"""

from __future__ import annotations

import importlib.util
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from sim.errors import UsageError


class Lender(NamedTuple):
    """One contingent that could be asked, with what the desk may know of it."""

    mission: str
    contributor: str
    can_offer: int
    """Most units that it may offer now, if no other of its mission or agreement offers any."""
    spare: int
    """Units beyond its mission's requirement now, before any reserve or foresight."""
    present: int
    """Units of the resource in its mission."""
    requirement: int
    """What its mission needs of the resource now."""
    km: float
    journey_days: float
    consent_days: float
    """Expected days of the contributor's consent."""
    is_hub: bool
    """Its mission has no requirement of its own."""
    risk_days: float
    """Days of known crises in the next 30 at its mission."""


class Situation(NamedTuple):
    """One open need, and who could be asked."""

    day: float
    borrower: str
    resource: str
    units: int
    """Units still missing."""
    severity: int
    """Of the gravest crisis behind the need; 0 for routine tasks."""
    lenders: tuple[Lender, ...]
    """Those that may offer at least one unit now, by mission and contributor."""


Rank = Callable[[Lender], tuple[Any, ...]]
"""What a policy ranks lenders by, smallest first."""
Rule = Callable[..., Iterable[tuple[Lender, int]]]
"""What decides by itself: of a situation and the scenario's own words for it, the lenders to ask and for how much."""


def names() -> list[str]:
    """Every policy in the drawer, as scenarios spell it (spaces for underscores)."""
    return sorted(module.name.replace("_", " ") for module in pkgutil.iter_modules(__path__))


def words(kind: str) -> list[str]:
    """The policies of one kind: "rank" (words for `lenders`) or "offers" (names for `rule`)."""
    return [name for name in names() if hasattr(_module(name), kind)]


def ranking(lenders: str | Sequence[str]) -> tuple[Rank, bool]:
    """The ranking that a policy's `lenders` mean, and whether it is static: by its name, or missions in their order."""
    if isinstance(lenders, str):
        module = _module(lenders)
        return module.rank, getattr(module, "STATIC", False)
    places = {name: place for place, name in enumerate(lenders)}

    def rank(lender: Lender) -> tuple[Any, ...]:
        """As named, then by distance."""
        return (places.get(lender.mission, len(places)), lender.km, lender.journey_days)

    return rank, True


def whole_rank(rank: Rank, lender: Lender) -> tuple[object, ...]:
    """A lender's rank, and what decides between equals: mission, days of consent, contributor. No two are alike."""
    return (*rank(lender), lender.mission, lender.consent_days, lender.contributor)


def rule_named(name: str, rules: dict[str, Rule] | None = None) -> Rule:
    """The rule of that name: the user's own first, then the drawer's. UsageError where there is none."""
    if rules and name in rules:
        return rules[name]
    if name.replace("_", " ") not in words("offers"):
        raise UsageError(f"no rule {name!r}: give the file, or the functions, in which it is as `rules`")
    rule: Rule = _module(name).offers
    return rule


def fitting(rule: Rule, name: str, said: Mapping[str, Any]) -> None:
    """UsageError where a rule does not take a situation and the words `said` for it (`with:`)."""
    try:
        signature = inspect.signature(rule)
    except ValueError:  # written in C, it does not say
        return
    try:
        signature.bind(None, **said)
    except TypeError as error:
        given = ", ".join(["a situation", *said])
        raise UsageError(f"rule {name!r} cannot be asked with {given}: {error}") from None


def own_rules(given: str | Path | Mapping[str, Rule] | None) -> dict[str, Rule]:
    """A user's own rules, by name: those of a Python file (see `rules_in`), or functions that are there already."""
    if given is None:
        return {}
    return dict(given) if isinstance(given, Mapping) else rules_in(given)


def rules_in(path: str | Path) -> dict[str, Rule]:
    """The rules that a user's own Python file defines: its public functions, and `offers` under the file's name.

    Only a file named on the command line or in a call is ever executed; a scenario cannot name one. UsageError where
    the file is not there or does not run.
    """
    path = Path(path)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path}: rules are a Python file, whose name ends in .py")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        told = error.strerror if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
        raise UsageError(f"{path}: cannot be used as rules: {told}") from error
    found = {
        name.replace("_", " "): value
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    }
    if "offers" in found:
        found[path.stem.replace("_", " ")] = found.pop("offers")
    return found | {name.replace(" ", "_"): rule for name, rule in found.items()}


def _module(name: str) -> ModuleType:
    return import_module(f"{__name__}.{name.replace(' ', '_')}")
