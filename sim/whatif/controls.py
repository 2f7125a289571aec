"""What can be set on the what-if page: words of the scenario, the values they take there, and what people call them.

From the command line (`--vary`), else from the scenario's `page:` block, else a few that planners ask for first: who
has agreed beforehand, how long the authority lasts, what a lender keeps, and how much is held.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.agreements.terms import ANY, NAMED, REGIONAL
from sim.errors import UsageError
from sim.questions.sweep.inputs import Input, fitted, varied
from sim.scenario.files.patch import get_path
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.distributions import FAMILIES
from sim.scenario.nouns.scenario import GATES, Agreement, Gate
from sim.words.language import Phrase, figure_marks, phrase, phrase_n
from sim.words.names import capital, listed, quoted

MOST_DEFAULTS = 4
MOST_CONTROLS = 5
AUTHORITIES: dict[Gate, Phrase] = {
    "council": Phrase("the Council"),
    "contributor": Phrase("the contributor"),
    "host": Phrase("the host"),
}
SHARES = ("share", "chance", "likelihood", "refuses")
"""Words that hold a share, said in per cent."""


@dataclass(frozen=True)
class Control:
    """One question, and the answers that are computed."""

    label: str
    path: str
    values: tuple[Any, ...]
    names: tuple[str, ...]
    """What each value is called."""
    about: str = ""
    own: int | None = None
    """Index of the value that the scenario itself has; None where it is none of them."""
    says_own: bool = False
    """Whether the name of that value says already that it is the scenario's."""

    @property
    def is_scale(self) -> bool:
        """Whether the values are numbers in rising order."""
        numbers = [each for each in self.values if isinstance(each, (int, float)) and not isinstance(each, bool)]
        return len(numbers) == len(self.values) and numbers == sorted(numbers)


def controls_of(scenario: LoadedScenario, vary: Sequence[str] = ()) -> tuple[Control, ...]:
    """One to five controls. UsageError where a value makes no scenario, or nothing is there to vary."""
    if vary:
        asked = [fitted(scenario, Input.said(text)) for text in vary]
        found = [Control(each.path, each.path, each.values, _value_names(each.path, each.values)) for each in asked]
    elif scenario.page is not None:
        found = list(_from_page(scenario))
    else:
        found = list(_default_controls(scenario))[:MOST_DEFAULTS]
    if not found:
        raise UsageError("nothing to vary here: say what, in a block `page:` of the scenario or by --vary PATH=v1,v2")
    if len(found) > MOST_CONTROLS:
        raise UsageError(f"at most {MOST_CONTROLS} inputs can vary on a page, not {len(found)}")
    if len({each.path for each in found}) < len(found):
        raise UsageError("an input can be varied only once")
    found = [_find_own_value(scenario, each) for each in found]
    found = [each if each.own is not None else _add_own_value(scenario, each) for each in found]
    if any(len(each.values) < 2 for each in found):
        raise UsageError("an input needs two values at least, or there is nothing to set")
    return tuple(found)


def _from_page(scenario: LoadedScenario) -> Iterator[Control]:
    assert scenario.page is not None
    for label, said in scenario.page.inputs.items():
        by_name = said.values if isinstance(said.values, dict) else None
        values = tuple(by_name.values() if by_name else said.values)
        names = tuple(by_name) if by_name else _value_names(said.path, values)
        yield Control(label, said.path, values, names, said.about or "")


def _find_own_value(scenario: LoadedScenario, control: Control) -> Control:
    """The control with the index of the scenario's own value, whichever way that is written (or left out)."""
    for index, value in enumerate(control.values):
        if _same_scenario(scenario, varied(scenario, {control.path: value})):
            own = index
            break
    else:
        own = None
    for value in control.values[(0 if own is None else own) + 1 :]:
        varied(scenario, {control.path: value})  # what is wrong with any shows before anything is run
    return replace(control, own=own)


def _add_own_value(scenario: LoadedScenario, control: Control) -> Control:
    """The control with the scenario's own value among the others: in its place on a scale, else before them."""
    try:
        own = get_path(scenario.raw, control.path)
    except UsageError:  # it is left out there; a default can only be named
        return control
    values, names = [own, *control.values], [_name_of_own_value(control.path, own), *control.names]
    says_own = not (control.is_scale and Control("", "", (own,), ("",)).is_scale)
    if not says_own:
        names[0] = _value_names(control.path, [own])[0]
        order = sorted(range(len(values)), key=lambda index: values[index])
        values, names = [values[index] for index in order], [names[index] for index in order]
    return replace(control, values=tuple(values), names=tuple(names), own=values.index(own), says_own=says_own)


def _name_of_own_value(path: str, own: Any) -> str:
    """What the scenario's own value is called: "As in the scenario: 30 days on average, give or take 10 days"."""
    said = isinstance(own, (int, float, str)) or (isinstance(own, dict) and not FAMILIES.keys().isdisjoint(own))
    told = _value_names(path, [own])[0] if said else ""
    return phrase("As in the scenario: {value}", value=told) if told else phrase("As in the scenario")


def _same_scenario(one: LoadedScenario, other: LoadedScenario) -> bool:
    """Whether two scenarios have the same numbers, whatever is asked of them, and doubted."""
    aside = ("page", "question", "doubts")
    nouns = [word for word, field in LoadedScenario.model_fields.items() if word not in aside and not field.exclude]
    return all(getattr(one, word) == getattr(other, word) for word in nouns)


def _value_names(path: str, values: Sequence[Any]) -> tuple[str, ...]:
    word = path.rsplit(".", 1)[-1]
    names = tuple(_value_name(word, value) for value in values)
    if len(set(names)) == len(names):
        return names
    return tuple(f"{name} ({value})" for name, value in zip(names, values, strict=True))


def _value_name(word: str, value: Any) -> str:
    """A value as a planner says it: 28 days, 15 %, council and host, 17 days on average, give or take 6 days."""
    if isinstance(value, bool):
        return phrase("yes") if value else phrase("no")
    if isinstance(value, (int, float)):
        return _number_name(word, value)
    if isinstance(value, dict):
        families = [family for family in value if family in FAMILIES]
        if families:
            return _distribution_name(word, value[families[0]])
        inside = ", ".join(f"{key} {_value_name('', each)}" for key, each in value.items())
        return inside or phrase("none")
    if isinstance(value, (list, tuple)):
        return ", ".join(_value_name("", each) for each in value) or phrase("none")
    return str(value)


def _number_name(word: str, value: float) -> str:
    if word in SHARES:
        return phrase("{figure} %", figure=figure_marks(f"{100 * value:g}"))
    figure = figure_marks(f"{value:,g}")
    return phrase_n("{figure} day", "{figure} days", value, figure=figure) if word.endswith("days") else figure


def _distribution_name(word: str, numbers: Any) -> str:
    """A distribution without the trade's name for it: by its mean and spread, or by its ends."""
    known = numbers if isinstance(numbers, dict) else {}
    said = {part: _number_name(word, number) for part, number in known.items() if isinstance(number, (int, float))}
    if "mean" in said and "sd" in said:
        return phrase("{mean} on average, give or take {sd}", **said)
    if "mean" in said:
        return phrase("{mean} on average", mean=said["mean"])
    if "low" in said and "high" in said:
        ends = {"low": figure_marks(f"{known['low']:,g}"), "high": said["high"]}
        return (
            phrase("{low} to {high}, most often {mode}", **ends, mode=said["mode"])
            if "mode" in said
            else phrase("{low} to {high}", **ends)
        )
    return phrase("not always the same")


def _default_controls(scenario: LoadedScenario) -> Iterator[Control]:
    """The questions of every planning meeting, as far as the scenario has something to ask them of."""
    closest = sorted(scenario.agreements.items(), key=lambda each: _closeness(each[1]))
    yield from _standing_consent(closest)
    yield from _window(closest)
    yield from _holding(scenario)
    yield from _reserve(scenario)


def _closeness(agreement: Agreement) -> int:
    if isinstance(agreement.between, tuple):
        return NAMED
    return ANY if agreement.between == "any" else REGIONAL


def _standing_consent(closest: Sequence[tuple[str, Agreement]]) -> Iterator[Control]:
    gates = next((list(each.gates) for _, each in closest if each.gates), [])
    if not gates:
        return
    name, agreement = closest[0]
    steps: list[tuple[Gate, ...]] = [(), ("contributor",), ("contributor", "host"), GATES]
    choices = [agreement.standing, *(tuple(gate for gate in GATES if gate in step and gate in gates) for step in steps)]
    values = sorted({tuple(sorted(choice)): choice for choice in choices}.values(), key=len)
    names = [listed([AUTHORITIES[gate]() for gate in choice]) if choice else phrase("Nobody") for choice in values]
    yield Control(
        phrase("Who has agreed beforehand ({agreement})", agreement=name),
        f"agreements.{_path_part(name)}.standing",
        tuple(list(choice) for choice in values),
        tuple(map(capital, names)),
        phrase("They are not asked again and do not refuse."),
    )


def _window(closest: Sequence[tuple[str, Agreement]]) -> Iterator[Control]:
    for name, agreement in closest:
        days = agreement.window_days
        if isinstance(days, (int, float)):
            values = tuple(
                int(each) if float(each).is_integer() else each
                for each in (round(days / 2) or days / 2, days, 2 * days)
            )
            path = f"agreements.{_path_part(name)}.window_days"
            label = phrase("How long the authority lasts ({agreement})", agreement=name)
            about = phrase("From the vote until the units must have left, before any renewal.")
            yield Control(label, path, values, _value_names(path, values), about)
            return


def _holding(scenario: LoadedScenario) -> Iterator[Control]:
    """The contingent with the largest share to spare of something that a crisis elsewhere needs."""
    needed: dict[str, set[str]] = {}
    for crisis in scenario.crises.values():
        for stage in crisis.stages:
            for resource, _, _ in scenario.parts(stage.needs):
                needed.setdefault(resource, set()).add(crisis.mission)
    able = []
    for name, mission in scenario.missions.items():
        for resource, where in needed.items():
            by_contributor = mission.holdings(resource)
            held = sum(by_contributor.values())
            if held and where - {name}:
                contributor = max(by_contributor, key=lambda each: by_contributor[each])
                if any(contributor in change.by_contributor(mission, resource) for change in mission.changes):
                    continue  # what is withdrawn later must still be there
                able.append(((held - mission.routine.get(resource, 0)) / held, name, resource, contributor))
    if not able:
        return
    _, name, resource, contributor = max(able, key=lambda each: each[0])
    held = scenario.missions[name].holdings(resource)[contributor]
    plain = isinstance(scenario.missions[name].holds[resource], int)
    path = f"missions.{_path_part(name)}.holds.{_path_part(resource)}" + (
        "" if plain else f".{_path_part(contributor)}"
    )
    step = max(1, math.floor(held / 10 + 0.5))
    values = tuple(sorted({max(0, held - step), held, held + step}))
    slots = {"units": scenario.units_name(resource), "mission": name, "contributor": scenario.label(contributor)}
    label = (
        phrase("{units} held by {mission}", **slots)
        if plain
        else phrase("{units} held by {mission} ({contributor})", **slots)
    )
    yield Control(capital(label), path, values, _value_names(path, values))


def _reserve(scenario: LoadedScenario) -> Iterator[Control]:
    """What the first option that keeps a number of units keeps."""
    for name, option in scenario.options.items():
        kept = next(((resource, keep.units) for resource, keep in option.policy.keep.items() if keep.units), None)
        if kept is None or "options" not in scenario.raw:
            continue
        resource, units = kept
        path = f"options.{_path_part(name)}.policy.keep"
        path += "" if resource == "*" else f".{_path_part(resource)}"
        path += ".units" if isinstance(get_path(scenario.raw, path), dict) else ""
        values = tuple(sorted({0, 1, 2, units}))
        what = phrase("units") if resource == "*" else scenario.units_name(resource)
        label = phrase("{units} that lenders keep under {option}", units=what, option=quoted(scenario.label(name)))
        about = phrase("Of each contingent; they are never lent.")
        yield Control(capital(label), path, values, _value_names(path, values), about)
        return


def _path_part(name: str) -> str:
    return f'"{name}"' if "." in name else name
