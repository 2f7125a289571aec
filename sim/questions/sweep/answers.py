"""Whether the answer changes over the settings of a sweep, in plain words: never more than the intervals allow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.questions.sweep.inputs import Input
from sim.scenario.files.patch import get_path
from sim.scenario.nouns.distributions import FAMILIES
from sim.words.names import listed, quoted
from sim.words.numbers import percent

if TYPE_CHECKING:
    from sim.questions.sweep.sweep import Setting, Sweep

UNMET = "unmet_unit_days"


def answers(found: Sweep) -> list[str]:
    """Each option against the reference, which leaves least and where that changes, and what a number replaced."""
    against = [_against(found, name) for name in found.options if name != found.reference]
    return [*against, *_best(found), *_replaced(found)]


def _against(found: Sweep, name: str) -> str:
    label, reference, count = found.scenario.label(name), quoted(found.scenario.label(found.reference)), _count(found)
    each = [setting.differences[name][UNMET] for setting in found.settings]
    less, more = (sum(one.significant and one.mean * sign > 0 for one in each) for sign in (-1, 1))
    if less == len(each):
        return f"{label}: leaves less unmet than {reference} at {'all ' * (less > 1)}{count}."
    if more:
        where = f"all {count}" if more == len(each) > 1 else f"{more:,} of {count}"
        told = f"{label}: leaves more unmet than {reference} at {where}" + (f", less at {less:,}" if less else "")
    elif less:
        return (
            f"{label}: leaves less unmet than {reference} at {less:,} of {count}, not significantly more at the others."
        )
    elif not found.losses(name).any() or found.replications > 1:
        return f"{label}: leaves not significantly more or less unmet than {reference} at any of {count}."
    else:  # a single replication has no interval
        told = f"{label}: leaves more unmet than {reference} at {int(found.losses(name).sum()):,} of {count}"
    return told + _region(found, name) + "."


def _count(found: Sweep) -> str:
    return f"{len(found.settings):,} setting{'' if len(found.settings) == 1 else 's'}"


def _region(found: Sweep, name: str) -> str:
    """Where the means are worse, as limits of the inputs."""
    box = found.fails.get(name)
    if box is None or not box.limits:
        return ""
    limits = " and ".join(_limit(path, low, high) for path, (low, high) in box.limits.items())
    shares = f"at {percent(box.density)} of them (which is {percent(box.coverage)} of all such settings)"
    return f"; on average where {limits}, {shares}"


def _limit(path: str, low: float | None, high: float | None) -> str:
    if low is None:
        return f"{path} is below {high:.3g}"
    return f"{path} is above {low:.3g}" if high is None else f"{path} is from {low:.3g} to {high:.3g}"


def _best(found: Sweep) -> Iterator[str]:
    """Which option leaves least on average, and from which value on another does."""
    if len(found.options) < 2:
        return
    settings = list(found.settings)
    ordered = len(found.inputs) == 1 and isinstance(found.inputs[0], Input) and found.inputs[0].is_numeric
    path = found.paths[0]
    if ordered:
        settings.sort(key=lambda setting: setting.inputs[path])
    names: list[str] = []
    for setting in settings:
        names.append(_least(setting, names[-1] if names and ordered else found.reference))
    label = {name: quoted(found.scenario.label(name)) for name in found.options}
    if len(set(names)) == 1:
        if len(found.options) > 2:
            yield f"On average {label[names[0]]} leaves least unmet, or as little as any, at every setting."
    elif ordered:
        yield f"On average least is left unmet, by {path}: {_spans(path, settings, names, label)}."
    else:
        each = [f"{label[name]} at {names.count(name):,}" for name in found.options if name in names]
        yield f"On average least is left unmet by {listed(each)} of {_count(found)}."


def _least(setting: Setting, before: str) -> str:
    """The option with the least unmet need; where several have it, the one that had it `before`."""
    means = {name: measures[UNMET].mean for name, measures in setting.measures.items()}
    known = {name: value for name, value in means.items() if math.isfinite(value)}
    least = min(known.values(), default=math.nan)
    if not known or known.get(before, math.inf) <= least + 1e-9:
        return before
    return min(known, key=lambda name: known[name])


def _spans(path: str, settings: list[Setting], names: list[str], label: dict[str, str]) -> str:
    """ "up to 20 ‘pooled’, from 25 ‘standing consent’"."""
    told = []
    together = zip(settings, names, strict=True)
    for number, (name, group) in enumerate(groupby(together, key=lambda each: each[1])):
        values = [setting.inputs[path] for setting, _ in group]
        told.append(f"{f'from {values[0]:g}' if number else f'up to {values[-1]:g}'} {label[name]}")
    return ", ".join(told)


def _replaced(found: Sweep) -> Iterator[str]:
    """What the scenario draws and the sweep fixes."""
    for each in found.inputs:
        try:
            own: Any = get_path(found.scenario.raw, each.path)
        except UsageError:
            continue
        family = next((word for word in own if word in FAMILIES), None) if isinstance(own, dict) else None
        fixed = not isinstance(each, Input) or any(isinstance(value, (int, float)) for value in each.values)
        if family and fixed:
            drawn = ", ".join(f"{word} {value}" for word, value in own[family].items())
            told = f"{each.path} is drawn in the scenario, {family} ({drawn})"
            yield f"{told}; a plain number here takes its place and does not vary."
