"""What a hub lends while it is filled: whose units come to it, and whether an option lets them go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sim.errors import UsageError
from sim.operations.theatre import Theatre
from sim.policies import own_rules
from sim.questions.sizing.scaled_holdings import Holding
from sim.scenario.loaded import LoadedScenario, with_option
from sim.scenario.nouns.scenario import UNNAMED, Mission
from sim.words.names import listed


class HubLoans(NamedTuple):
    """What one option permits of loans from the hub."""

    permitted: bool
    """Whether any mission may borrow there."""
    at_most: int | None
    """Units on loan at one time under the agreements that govern it; None without a ceiling."""
    there: bool = True
    """Whether the option has the hub at all."""


def supplier_of(scenario: LoadedScenario, resource: str, hub: str) -> str:
    """The contributor of units at the hub, so that every option adds units with the same paper.

    The one that the scenario itself names at the hub, be it with 0 units; else that of the hub's contingent in
    whichever option has one; else the only one that supplies the resource anywhere. UsageError where the scenario
    leaves it open.
    """
    named = list(_suppliers(scenario.missions[hub], resource)) if hub in scenario.missions else []
    if len(named) == 1:
        return named[0]
    at_hub: dict[str, None] = {}
    anywhere: dict[str, None] = {}
    for option in scenario.options:
        for name, mission in with_option(scenario, option).missions.items():
            found = dict.fromkeys(_suppliers(mission, resource))
            anywhere |= found
            if name == hub:
                at_hub |= found
    known = list(at_hub or anywhere)
    if len(known) > 1:
        example = next(name for name in known if name != UNNAMED)
        raise UsageError(
            f"{hub}: the scenario does not say who would supply more {resource}, as {listed(known)} do elsewhere; "
            f"say it there: holds: {{{resource}: {{{example}: 0}}}}"
        )
    return known[0] if known else UNNAMED


def _suppliers(mission: Mission, resource: str) -> Iterator[str]:
    """Who has units there at any time; a name with 0 units says who would."""
    for contributor, units in mission.holdings(resource).items():
        if units or contributor != UNNAMED:
            yield contributor
    for change in mission.changes:
        yield from (name for name, units in change.by_contributor(mission, resource).items() if units > 0)


def hub_loans(holding: Holding, hub: str | None, rules: Any = None) -> HubLoans | None:
    """Whether the units that are added may be lent, and the ceiling of the agreements on such loans; None without a
    hub."""
    if hub is None:
        return None
    if not holding.scaled:
        return HubLoans(False, None, there=False)
    world = holding.with_total(holding.total + 1)
    theatre = Theatre.of(world, holding.option, own_rules(rules))
    cell = theatre.cell(hub, holding.resource)
    terms = [link.terms for links in theatre.links for link in links if link.lender == cell]
    ceilings = {each.agreement: each.at_most for each in terms}
    limited = [most for most in ceilings.values() if most is not None]
    return HubLoans(bool(terms), sum(limited) if terms and len(limited) == len(ceilings) else None)


def holdings_of(scenario: LoadedScenario, names: Sequence[str], resource: str, hub: str | None) -> dict[str, Holding]:
    """By option, what grows: everywhere, or at the hub, by units of the same contributor where an option has none."""
    if hub is None:
        return {name: Holding.of(scenario, name, resource, None) for name in names}
    supplier: str | None = None
    found = {}
    for name in names:
        mission = with_option(scenario, name).missions.get(hub)
        if mission is not None and not mission.units(resource):
            supplier = supplier or supplier_of(scenario, resource, hub)
        found[name] = Holding.of(scenario, name, resource, hub, supplier=supplier)
    return found
