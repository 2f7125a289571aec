"""The STRESS-DES checklist on a simulation study (Monks et al. 2019, doi 10.1080/17477778.2018.1442155), filled in.

What the scenario, its sources and the manifest say is told; what they do not say is marked and listed, not made up.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.briefing.annex import annex
from sim.comparison.answer import answer
from sim.comparison.comparison import Comparison
from sim.errors import UsageError
from sim.measures.catalogue import MEASURES
from sim.operations.log import CAUSES
from sim.results.manifest import Manifest
from sim.results.reader import Results
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.doubts import Doubt
from sim.words.names import listed, plural
from sim.words.numbers import percent

NOT_STATED = "**Not stated.**"
MARKUP = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|&~"})
"""Signs of Markdown, which in a name of a scenario are nothing but text."""


def stress(comparison: Comparison) -> str:
    """The checklist, in Markdown. UsageError where the comparison is of no results folder: it is filled from one."""
    if comparison.results is None:
        raise UsageError("the checklist is filled from a results folder, and this comparison is of none")
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # Markdown, not HTML: `plain` takes care of names
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    results, scenario = comparison.results, comparison.scenario
    gaps: list[str] = []
    words = (
        _objectives(comparison, scenario, gaps)
        | _logic(results, scenario)
        | _data(comparison, scenario, gaps)
        | _experiment(comparison, results)
        | _code(results, gaps)
    )
    return environment.get_template("stress.md").render(**words, gaps=gaps).strip() + "\n"


def plain(text: str | None) -> str:
    """Text of a scenario on one line, none of it markup."""
    return " ".join((text or "").split()).translate(MARKUP)


def _objectives(comparison: Comparison, scenario: LoadedScenario, gaps: list[str]) -> dict[str, Any]:
    if not scenario.about:
        gaps.append("1.1: the scenario has no `about`, which would say what it is for.")
    found = answer(comparison)
    options = [_option(scenario, name, gaps) for name in comparison.options]
    return {
        "name": plain(scenario.name),
        "about": plain(scenario.about) or NOT_STATED,
        "period": f"{scenario.period.from_} to {scenario.period.to} ({scenario.days:,.0f} days)",
        "measures": list(MEASURES.values()),
        "intervals": f"{percent(comparison.confidence)} confidence, over sets of 20 replications",
        "question": plain(found.question),
        "answer": plain(" ".join(found.sentences)),
        "options": options,
    }


def _option(scenario: LoadedScenario, name: str, gaps: list[str]) -> dict[str, Any]:
    option, raw = scenario.options[name], dict(scenario.raw.get("options", {}).get(name) or {})
    if not option.about:
        gaps.append(f"1.3: option ‘{plain(name)}’ has no `about`, which would say why it is compared.")
    return {
        "name": plain(option.label or name),
        "about": plain(option.about) or NOT_STATED,
        "reference": name == scenario.reference,
        "record": option.record,
        "policy": _as_written(raw.get("policy", {})) if raw.get("policy") else f"share: {option.policy.share}",
        "changes": _as_written(raw["change"]) if raw.get("change") else "",
    }


def _as_written(block: Any) -> str:
    """A block of a scenario as code on one line."""
    written = json.dumps(block, ensure_ascii=False, default=_thawed)
    fence = "``" if "`" in written else "`"
    return f"{fence}{written}{fence}"


def _thawed(value: Any) -> Any:
    """What JSON does not know: frozen maps as maps, dates as they are written."""
    return dict(value) if hasattr(value, "items") else str(value)


def _logic(results: Results, scenario: LoadedScenario) -> dict[str, Any]:
    return {
        "causes": ", ".join(CAUSES),
        "bounded": results.bounded,
        "crises": f"{plural(len(scenario.crises), 'crisis', 'crises')}: {_names(scenario, scenario.crises)}",
        "resources": _names(scenario, scenario.all_resources),
        "missions": _names(scenario, scenario.missions),
        "lifts": _names(scenario, scenario.lifts) if scenario.lifts else "",
    }


def _names(scenario: LoadedScenario, names: Any) -> str:
    return listed([plain(scenario.label(name)) for name in names]) if names else "none"


def _data(comparison: Comparison, scenario: LoadedScenario, gaps: list[str]) -> dict[str, Any]:
    found = annex(comparison)
    if not found.notes:
        gaps.append("3.1: no number of the scenario has a `source`.")
    unsaid = [note for note in found.notes if not note.source]
    if unsaid:
        gaps.append(f"3.1: {plural(len(unsaid), 'note')} on confidence without a source.")
    gaps.append("3.2: a scenario records where its numbers come from, not how they were worked out from there.")
    assumed = found.of(recorded=False)
    return {
        "sources": f"{found.headline}." if found.notes else NOT_STATED,
        "notes": [{**note._asdict(), "what": plain(note.what), "source": plain(note.source)} for note in found.notes],
        "preprocessing": f"{NOT_STATED} What is known of it stands in the sources above.",
        "fingerprint": comparison.fingerprint,
        "doubts": [_doubt(name, doubt) for name, doubt in scenario.doubts.items()],
        "assumptions": f"The {plural(len(assumed), 'line')} of 3.1 that rest on judgement or memory (a line "
        "may stand for several notes). Those of the model itself are in `docs/explanation/model.md`.",
    }


def _doubt(name: str, doubt: Doubt) -> dict[str, str]:
    paths = [doubt.path] if isinstance(doubt.path, str) else list(doubt.path)
    low, high = doubt.at(0.05), doubt.at(0.95)
    kind = "a factor of" if doubt.times is not None else ""
    spread = f"{kind} {low:.4g} to {high:.4g} in nine worlds of ten".strip()
    return {"name": plain(name), "path": ", ".join(paths), "range": spread, "about": plain(doubt.about)}


def _experiment(comparison: Comparison, results: Results) -> dict[str, Any]:
    worlds = ", each in a world of its own, in which what nobody knows was drawn" if results.worlds() else ""
    failed = f" {results.failed} that failed are left out." if results.failed else ""
    even = comparison.scenario.experiment.sampling == "even"
    sets = f"{plural(results.sets.count, 'set')} of 20{worlds}"
    drawn = f"{comparison.replications:,} replications of every option, in {sets}."
    told = "Means, paired differences and ratios have intervals over sets; none is given where the sets are too few."
    spread = "Within a set every named draw is spread evenly over its 20 replications."
    return {
        "estimation": f"{drawn}{failed} {told}",
        "sampling": spread if even else "Every draw is independent.",
        "seeds": ", ".join(map(str, results.seeds)),
    }


def _code(results: Results, gaps: list[str]) -> dict[str, Any]:
    gaps.append(
        "5.4: a results folder records no machine and no running time, so that the same results are the same bytes."
    )
    gaps.append("6.1: where the code can be had is for whoever publishes the results to say.")
    return {
        "software": f"Python, intermission; the versions are in `manifest.json`, code {results.manifests[0].code}.",
        "system": f"{NOT_STATED} Any system with Python 3.11 or newer gives the same results.",
        "sharing": "intermission is free software under the MIT licence.",
        "commands": Manifest.commands(results.manifests),
    }
