"""What is odd about when crises happen, and when they are known: said as warnings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from sim.scenario.nouns.distributions import mean_of
from sim.scenario.nouns.scenario import Crisis, Scenario
from sim.scenario.positions import Finding, Path, dotted


def timing_warnings(scenario: Scenario, noted: Collection[str]) -> Iterator[Finding]:
    """Scheduled crises, and their spill-overs, of which little or nothing counts; warnings that nobody uses."""
    for name, crisis in scenario.crises.items():
        if crisis.on and scenario.period.from_ <= crisis.on <= scenario.period.to:
            yield from _scheduled(scenario, ("crises", name), crisis, crisis.on)
    yield from _unused_warnings(scenario, noted)


def _scheduled(scenario: Scenario, at: Path, crisis: Crisis, on: dt.date) -> Iterator[Finding]:
    lasts = sum(mean_of(phase.lasts_days) for phase in crisis.stages)
    absent = _absence(scenario, crisis.mission, on, lasts)
    left = (scenario.period.to - on).days + 1
    if absent:
        yield Finding((*at, "on"), absent)
    elif lasts > 2 * left:  # that the last days are cut off is no mistake, as long as most of it counts
        expected = "" if all(isinstance(phase.lasts_days, int | float) for phase in crisis.stages) else "expected "
        what = f"ends after the period: only {left} of its {expected}{round(lasts, 1):,g} days count"
        yield Finding((*at, "on"), what)
    for place, spill in enumerate(crisis.spills_over):
        onset = on + dt.timedelta(days=mean_of(spill.after_days))
        absent = _absence(scenario, spill.to, onset, mean_of(spill.lasts_days)) if spill.to in scenario.missions else ""
        if absent and onset <= scenario.period.to:
            yield Finding((*at, "spills_over", place, "to"), absent)


def _absence(scenario: Scenario, mission: str, onset: dt.date, lasts: float) -> str:
    """What is wrong with a crisis that begins while its mission is not there; empty where it is."""
    active = scenario.missions[mission].active
    if active.to and onset > active.to:
        return f"{mission} is active to {active.to} only: nothing is needed there on {onset}"
    if not active.from_ or onset >= active.from_:
        return ""
    before = (active.from_ - onset).days
    if lasts <= before:
        return f"{mission} is active from {active.from_} on only: nothing is needed there on {onset}"
    return f"{mission} is active from {active.from_} on only: nothing is needed there in the first {before} days"


def _unused_warnings(scenario: Scenario, noted: Collection[str]) -> Iterator[Finding]:
    """Warnings of crises that no option acts upon. What is noted with its source describes, and is left alone."""
    policies = [option.policy for option in scenario.options.values()]
    heeded = any(each.prevent_days or each.foresee_days or each.rule for each in policies)
    heeded |= any(each.lenders == "least at risk" for each in policies)
    asked = scenario.page.inputs.values() if scenario.page else ()
    if heeded or any("prevent_days" in each.path or "foresee_days" in each.path for each in asked):
        return
    idle = [
        name
        for name, crisis in scenario.crises.items()
        if crisis.warning_days != 0 and dotted(("crises", name)) not in noted
    ]
    if idle:
        more = f" (nor that of {len(idle) - 1} more)" if idle[1:] else ""
        what = "has no effect" + more + ": no option has prevent_days or foresee_days in its policy"
        yield Finding(("crises", idle[0], "warning_days"), what)
