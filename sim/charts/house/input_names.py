"""Inputs of a sweep as people say them: a path of the scenario, `crises.border raids.every_days`, turned into words."""

from __future__ import annotations

from sim.charts.house.words import label
from sim.errors import UsageError
from sim.scenario.files.patch import steps_of
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.distributions import FAMILIES
from sim.words.names import small

SAID = {
    "every_days": "days from one to the next",
    "lasts_days": "days that it lasts",
    "warning_days": "days of warning",
    "consent_days": "days to consent",
    "prepare_days": "days to prepare",
    "recover_days": "days to recover",
    "window_days": "days that the authority lasts",
    "notice_days": "days of notice",
    "prevent_days": "days that units are asked for ahead",
    "patience_days": "days until the request is dropped",
    "turnaround_days": "days from one journey to the next",
    "repair_days": "days to repair",
    "refuses": "chance of a refusal",
    "severity": "severity",
    "holds": "held",
    "routine": "routine need",
    "needs": "need",
    "keep": "kept back",
    "may_go_short": "that lenders may lack",
    "by_severity": "factor on days for severity",
    "reception_per_day": "units received a day",
    "speed_kmh": "km/h",
    "cost_per_sortie": "US$ a journey",
}
"""Words of the language, as an axis calls them; any other loses its underscores only."""
SILENT = frozenset({"policy", "change", "units", "gates", "travel"})
"""Words that say no more than those around them."""
BY_RESOURCE = frozenset({"holds", "routine", "needs", "keep", "may_go_short", "prepare_days"})
"""Words under which something is said by resource."""
PARTS = {"mean": "on average", "sd": "standard deviation", "low": "at least", "high": "at most", "mode": "most often"}
"""Parts of a distribution."""


def input_name(scenario: LoadedScenario, path: str) -> str:
    """The label that the scenario's page gives an input, or its path in words: "border raids: days of warning"."""
    for name, asked in scenario.page.inputs.items() if scenario.page else ():
        if asked.path == path:
            return f"{name} (days)" if path.rpartition(".")[2] == "days" or path.endswith("_days") else name
    try:
        _, *steps = steps_of(scenario.raw, path)
    except (UsageError, ValueError):
        return path
    if not steps:
        return path.replace("_", " ")
    whose = label(scenario, str(steps[0]))
    rest = [str(step) for step in steps[1:] if str(step) not in SILENT | FAMILIES.keys()]
    for k, step in enumerate(rest[:-1]):
        if step in BY_RESOURCE and rest[k + 1] in scenario.all_resources:
            rest[k : k + 2] = [rest[k + 1], step]  # formed police units, held
        elif step == "by_severity":
            rest[k : k + 2] = [f"{SAID[step]} {rest[k + 1]}"]
            break
    called = ", ".join(_word(scenario, step) for step in rest)
    return f"{whose}: {called}" if called else whose


def _word(scenario: LoadedScenario, step: str) -> str:
    if step.isdecimal():
        return f"no. {int(step) + 1}"
    if step in scenario.all_resources:
        return small(label(scenario, step))
    if step in SAID or step in PARTS:
        return SAID.get(step) or PARTS[step]
    known = {**scenario.missions, **scenario.contributors, **scenario.agreements, **scenario.options}
    if step in known:
        return label(scenario, step)
    words = step.removesuffix("_days").replace("_", " ")
    return f"{words} (days)" if step.endswith("_days") else words
