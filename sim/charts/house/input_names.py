"""Inputs of a sweep as people say them: a path of the scenario, `crises.border raids.every_days`, turned into words."""

from __future__ import annotations

from sim.charts.house.words import label
from sim.errors import UsageError
from sim.scenario.files.patch import steps_of
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.distributions import FAMILIES
from sim.words.language import Phrase, phrase
from sim.words.names import labelled, small

SAID = {
    "every_days": Phrase("days from one to the next"),
    "lasts_days": Phrase("days that it lasts"),
    "warning_days": Phrase("days of warning"),
    "consent_days": Phrase("days to consent"),
    "prepare_days": Phrase("days to prepare"),
    "recover_days": Phrase("days to recover"),
    "window_days": Phrase("days that the authority lasts"),
    "notice_days": Phrase("days of notice"),
    "prevent_days": Phrase("days that units are asked for ahead"),
    "patience_days": Phrase("days until the request is dropped"),
    "turnaround_days": Phrase("days from one journey to the next"),
    "repair_days": Phrase("days to repair"),
    "refuses": Phrase("chance of a refusal"),
    "severity": Phrase("severity"),
    "holds": Phrase("held"),
    "routine": Phrase("routine need"),
    "needs": Phrase("need"),
    "keep": Phrase("kept back"),
    "may_go_short": Phrase("that lenders may lack"),
    "by_severity": Phrase("factor on days for severity"),
    "reception_per_day": Phrase("units received a day"),
    "speed_kmh": Phrase("km/h"),
    "cost_per_sortie": Phrase("US$ a journey"),
}
"""Words of the language, as an axis calls them; any other loses its underscores only."""
SILENT = frozenset({"policy", "change", "units", "gates", "travel"})
"""Words that say no more than those around them."""
BY_RESOURCE = frozenset({"holds", "routine", "needs", "keep", "may_go_short", "prepare_days"})
"""Words under which something is said by resource."""
PARTS = {
    "mean": Phrase("on average"),
    "sd": Phrase("standard deviation"),
    "low": Phrase("at least"),
    "high": Phrase("at most"),
    "mode": Phrase("most often"),
}
"""Parts of a distribution."""


def input_name(scenario: LoadedScenario, path: str) -> str:
    """The label that the scenario's page gives an input, or its path in words: "border raids: days of warning"."""
    for name, asked in scenario.page.inputs.items() if scenario.page else ():
        if asked.path == path:
            in_days = path.rpartition(".")[2] == "days" or path.endswith("_days")
            return phrase("{name} (days)", name=name) if in_days else name
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
            rest[k : k + 2] = [phrase("{word} {severity}", word=SAID[step](), severity=rest[k + 1])]
            break
    called = ", ".join(_word(scenario, step) for step in rest)
    return labelled(whose, called) if called else whose


def _word(scenario: LoadedScenario, step: str) -> str:
    if step.isdecimal():
        return phrase("no. {n}", n=int(step) + 1)
    if step in scenario.all_resources:
        return small(label(scenario, step))
    if step in SAID or step in PARTS:
        return (SAID.get(step) or PARTS[step])()
    known = {**scenario.missions, **scenario.contributors, **scenario.agreements, **scenario.options}
    if step in known:
        return label(scenario, step)
    words = step.removesuffix("_days").replace("_", " ")
    return phrase("{name} (days)", name=words) if step.endswith("_days") else words
