"""The JSON Schemas of what commands print with `--json`, a function a command: what other programs may rely on.

Objects that are keyed by names of the scenario (options, causes, doubts) have no fixed words; all others have exactly
those that are said here. A number that is not defined is null.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.measures.catalogue import MEASURES
from sim.operations.log import CAUSES

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

NUMBER: Schema = {"type": ["number", "null"]}
DAY: Schema = {"type": ["number", "null"], "description": "days from the period's start; null: it did not happen"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
TEXT: Schema = {"type": "string"}
NAME_OR_NULL: Schema = {"type": ["string", "null"]}
YES: Schema = {"type": "boolean"}
SHARE: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
SEED: Schema = {"anyOf": [WHOLE, {"type": "array", "items": WHOLE}], "description": "of several folders: a list"}
PLAUSIBLE: Schema = {
    "description": "5th and 95th percentile of the means of worlds; null where there are no doubts or too few worlds",
    "anyOf": [{"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}, {"type": "null"}],
}


def _object(optional: Schema | None = None, **words: Schema) -> Schema:
    """An object with exactly these words; those of `optional` may be missing."""
    properties = words | (optional or {})
    return {"type": "object", "properties": properties, "required": list(words), "additionalProperties": False}


def _or_null(shape: Schema) -> Schema:
    return {"anyOf": [shape, {"type": "null"}]}


def _by_name(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _range(**more: Schema) -> Schema:
    """A figure with its interval."""
    return _object(**more, low=NUMBER, high=NUMBER)


ESTIMATE = _range(mean=NUMBER, sd=NUMBER)
COUNTED = _object(mean=NUMBER, sd=NUMBER, low=NUMBER, high=NUMBER, n=WHOLE)
BY_CAUSE = {"type": "object", "properties": dict.fromkeys(CAUSES, ESTIMATE), "additionalProperties": False}
BOUND = ("clairvoyant_unmet_unit_days", "regret_unit_days", "gap_closed")


def _measured(estimate: Schema, **more: Schema) -> Schema:
    return _object(**more, **dict.fromkeys(MEASURES, estimate), unmet_by_cause=BY_CAUSE)


def _with_plausible(estimate: Schema) -> Schema:
    return {**estimate, "properties": estimate["properties"] | {"plausible": PLAUSIBLE}}


def _comparison() -> Schema:
    """What `run`, `compare` and `merge` print."""
    measures = _measured(_with_plausible(ESTIMATE))
    measures["properties"] |= dict.fromkeys(BOUND, ESTIMATE)
    option = _object(
        {"by_mission_and_team": _list(_measured(ESTIMATE, mission=TEXT, team=TEXT))},
        measures=measures,
        by_mission_and_resource=_list(_measured(ESTIMATE, mission=TEXT, resource=TEXT)),
    )
    difference = _with_plausible(_range(mean=NUMBER))
    return _object(
        {"every_look": YES, "precision": _precision(), "selection": _selection()},
        scenario=TEXT,
        fingerprint=TEXT,
        seed=SEED,
        replications=WHOLE,
        sets=WHOLE,
        confidence=SHARE,
        weights=_object(factor=NUMBER, declined=NAME_OR_NULL, unseen_unit_days=NUMBER),
        reference=TEXT,
        options=_by_name(option),
        differences=_by_name(_object(**dict.fromkeys(MEASURES, difference))),
        worlds={"type": ["integer", "null"], "description": "null where the scenario has no doubts"},
        answer=_answer(),
        verdict=_verdict(),
    )


def _answer() -> Schema:
    worth = _or_null(_range(value=NUMBER))
    pair = _range(
        option=TEXT, against=TEXT, mean=NUMBER, plausible=PLAUSIBLE, holds_in_worlds={"type": ["integer", "null"]}
    )
    return _object(
        question=TEXT,
        text=TEXT,
        measure=TEXT,
        difference=_or_null(pair),
        holds_in_worlds={"type": ["integer", "null"]},
        others=_list(pair),
        may_be_best=_list(TEXT),
        first_in_worlds={
            "type": ["integer", "null"],
            "description": "worlds in which the first option is ahead of all",
        },
        first_to_find_out=_or_null(_object(text=TEXT, doubts=_list(_object(doubt=TEXT, evppi=worth)))),
        price=_or_null(_object(usd_per_unit_day=NUMBER, lenders_lack_per_unit_day=NUMBER)),
    )


def _verdict() -> Schema:
    return _object(
        confidence=SHARE,
        may_be_best=_list(TEXT),
        against_the_best=_by_name(_range(may_be_best=YES, chance_best=SHARE)),
        pairs=_list(_range(one=TEXT, other=TEXT, mean=NUMBER, refused=NAME_OR_NULL)),
        longer_than_days=NUMBER,
        tails=_by_name(_object(p5=COUNTED, median=COUNTED, p95=COUNTED, chance_of_long_shortfall=COUNTED)),
        variance_reduction=_by_name(NUMBER),
    )


def _precision() -> Schema:
    return _object(
        half_width=NUMBER, relative=YES, reached=YES, replications=WHOLE, replications_saved={"type": "integer"}
    )


def _selection() -> Schema:
    return _object(
        scenario=TEXT,
        fingerprint=TEXT,
        seed=WHOLE,
        chosen=NAME_OR_NULL,
        alive=_list(TEXT),
        the_same=_by_name(TEXT),
        apart=_list(TEXT),
        indifference=NUMBER,
        confidence=SHARE,
        dropped=_list(_object(option=TEXT, replication=WHOLE, behind=TEXT)),
        unmet_unit_days=_by_name(COUNTED),
        replications_spent=WHOLE,
    )


def _story() -> Schema:
    """What `tell` prints: plain numbers of one replication."""
    crisis = _object(
        name=TEXT,
        mission=TEXT,
        onset_day=DAY,
        end_day=DAY,
        needs=_by_name(WHOLE),
        happened=YES,
        known_day=DAY,
        escalated_day=DAY,
        given_up=_by_name(WHOLE),
    )
    days = ("requested", "council", "contributor", "host", "departed", "arrived", "ended")
    home = ("left", "home", "recovered")
    lot = _object(
        **{"from": TEXT, "to": TEXT, "resource": TEXT, "contributor": TEXT, "units": WHOLE},
        **{f"{day}_day": DAY for day in (*days, *home)},
        why_ended=NAME_OR_NULL,
    )
    part = _object(
        **{"from": TEXT, "to": TEXT, "part": TEXT, "resource": TEXT, "units": WHOLE, "by": TEXT, "lift": NAME_OR_NULL},
        **{f"{day}_day": DAY for day in ("ready", "departed", "landed", "home")},
        sorties=WHOLE,
    )
    measures = {"type": "object", "additionalProperties": {"anyOf": [NUMBER, _by_name(NUMBER)]}}
    place = {**measures, "properties": {"mission": TEXT, "resource": TEXT}, "required": ["mission", "resource"]}
    team = {**measures, "properties": {"mission": TEXT, "team": TEXT}, "required": ["mission", "team"]}
    return _object(
        {"world": WHOLE, "doubts": _by_name(NUMBER), "parts": _list(part), "by_mission_and_team": _list(team)},
        scenario=TEXT,
        option=TEXT,
        replication=WHOLE,
        seed=WHOLE,
        crises=_list(crisis),
        loans=_list(lot),
        measures=measures,
        by_mission_and_resource=_list(place),
    )


def _doubts() -> Schema:
    worth = _or_null(_range(value=NUMBER))
    doubt = _object(
        path={"anyOf": [TEXT, _list(TEXT)]},
        share_of_spread=SHARE,
        evppi=worth,
        switches_at=NUMBER,
        best_after=NAME_OR_NULL,
    )
    return _object(question=TEXT, worlds=WHOLE, evpi=worth, doubts=_by_name(doubt))


def _hindcast() -> Schema:
    """Of one scenario; of several the facts are pooled, and `scenarios` has each by itself."""
    one_or_two = {"anyOf": [{"type": ["number", "string", "null"]}, _list({"type": ["number", "string"]})]}
    entry = _object(
        name=TEXT,
        quantity=TEXT,
        recorded=one_or_two,
        dates=one_or_two,
        **dict.fromkeys(("low", "median", "high"), one_or_two),
        inside={"type": ["boolean", "null"]},
        fitted=YES,
        kind={"enum": ["fitted", "input", "independent"]},
        why_input=NAME_OR_NULL,
        made=SHARE,
        of=WHOLE,
        values=WHOLE,
        crps=NUMBER,
        pit=SHARE,
        brier=NUMBER,
    )
    skill = _range(value=NUMBER, facts=WHOLE)
    judged: Schema = {
        **dict.fromkeys(("facts", "independent", "made_in_fewer_than_half"), WHOLE),
        "skill": _object(others=skill, loguniform=skill),
        "pit_at_the_ends": SHARE,
        "brier": NUMBER,
        "verdict": NAME_OR_NULL,
    }
    one = _object(
        **dict.fromkeys(("scenario", "fingerprint", "option"), TEXT),
        **dict.fromkeys(("inside", "of", "inside_not_fitted", "of_not_fitted", "replications", "seed"), WHOLE),
        entries=_list(entry),
        **judged,
    )
    return {"anyOf": [one, _object(**judged, scenarios=_list(one))]}


def _size() -> Schema:
    units = _range(units=NUMBER)
    saved = dict.fromkeys(("needed", "saved_units", "saved_people", "saved_usd_a_year"), units)
    curve = _list(_object(units=WHOLE, mean=NUMBER, sd=NUMBER, low=NUMBER, high=NUMBER, n=WHOLE))
    return _object(
        **dict.fromkeys(("scenario", "fingerprint", "resource", "scale", "reference"), TEXT),
        **dict.fromkeys(("held_units", "replications", "seed"), WHOLE),
        coverage=SHARE,
        hub=NAME_OR_NULL,
        confidence=SHARE,
        options=_by_name(_object(held_units=WHOLE, coverage_now=COUNTED, **saved, curve=curve)),
    )


def _sweep() -> Schema:
    measures = _by_name(_by_name(COUNTED))
    box = _object(
        limits=_by_name(_object(**{"from": NUMBER, "to": NUMBER})),
        density=SHARE,
        coverage=SHARE,
        points=WHOLE,
        cases=WHOLE,
    )
    shares = _by_name(NUMBER)
    return _object(
        **dict.fromkeys(("scenario", "fingerprint", "reference"), TEXT),
        **dict.fromkeys(("seed", "replications"), WHOLE),
        confidence=SHARE,
        inputs=_list(TEXT),
        vary=_by_name(_list({})),
        options=_list(TEXT),
        settings=_list(_object(inputs=_by_name({}), options=measures, differences=measures)),
        sensitivity=_by_name(_object(first_order=shares, total=shares, predicted_share=NUMBER)),
        fails=_by_name(_or_null(box)),
    )


def _diff() -> Schema:
    """A patch in the scenario language: whatever that allows."""
    return {"type": "object"}


def _contributions() -> Schema:
    """What missions held: people, whole units and people over, by mission, resource and contributor."""
    held = _object(people=WHOLE, units=WHOLE, over=WHOLE)
    return _object(
        date=TEXT,
        people_per_unit=_by_name(WHOLE),
        missions=_by_name(_by_name(_by_name(held))),
        in_several_missions=_list(_object(contributor=TEXT, units=_by_name(_by_name(WHOLE)))),
        said=_list(TEXT),
    )


def _holdings() -> Schema:
    where = dict.fromkeys(("mission", "resource", "source"), TEXT)
    return _object(
        holdings=_list(_object(**where, contributor=TEXT, units=WHOLE, confidence=TEXT)),
        routine=_list(_object(**where, units=WHOLE)),
        said=_list(TEXT),
    )


OUTPUTS: dict[str, Callable[[], Schema]] = {
    "run": _comparison,
    "compare": _comparison,
    "merge": _comparison,
    "tell": _story,
    "doubts": _doubts,
    "hindcast": _hindcast,
    "size": _size,
    "sweep": _sweep,
    "diff": _diff,
    "import contributions": _contributions,
    "import holdings": _holdings,
}
"""By command: every one that has --json."""


def output_schema(command: str) -> Schema:
    """The JSON Schema of what a command prints with `--json`."""
    return {"$schema": DRAFT, "title": f"intermission {command} --json", **OUTPUTS[command]()}
