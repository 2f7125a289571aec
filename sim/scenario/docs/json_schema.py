"""The JSON Schema of the language, from which editors complete words and underline mistakes."""

from __future__ import annotations

from typing import Any

from sim.scenario.docs.meanings import meanings
from sim.scenario.files.sources import CONFIDENCES
from sim.scenario.nouns import distributions
from sim.scenario.nouns.distributions import Block
from sim.scenario.nouns.scenario import Scenario
from sim.scenario.nouns.vocabulary import words_of

Schema = dict[str, Any]

_NOTES: Schema = {
    "source": {"type": "string", "description": "Where the numbers of this block come from; shown in the annex."},
    "confidence": {"enum": list(CONFIDENCES), "description": "How sure the numbers of this block are."},
}
_WHOLE = (
    *("Travel", "ConsentGiven", "MissionChange", "Route", "Phase", "Spill", "DateRange", "Arrival", "Between"),
    "OneOf",
)
"""Blocks that stand in lists or for one value, so that no patch can leave out what they require."""


def schema() -> Schema:
    """The language as a JSON Schema (draft 2020-12).

    It is more lenient than reading. Blocks that a file may patch (through `extends` and the `change` of an option)
    require nothing in it, since what they leave out may be said elsewhere; and it knows no names.
    """
    made = Scenario.model_json_schema(by_alias=True, mode="validation")
    definitions: Schema = {name: _block(name, each) for name, each in made.pop("$defs").items()}
    root = _block("Scenario", made)
    root["properties"]["extends"] = {
        "type": "string",
        "description": "A file that this one is laid over: a relative path inside the same folder.",
    }
    unchanging = ("period", "experiment", "options", "history", "page", "language", "question", "doubts")
    definitions["Option"]["properties"]["change"] |= {
        "properties": {word: {"$ref": f"#/properties/{word}"} for word in made["properties"] if word not in unchanging},
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario for intermission",
        **root,
        "$defs": definitions,
    }


def _kinds(kind: type[Block] = Block) -> dict[str, type[Block]]:
    """Every kind of block, by its name."""
    return {each.__name__: each for child in kind.__subclasses__() for each in (child, *_kinds(child).values())}


def _block(name: str, made: Schema) -> Schema:
    """The schema of one kind of block, with the meaning of its words."""
    kind = _kinds()[name]
    said = meanings(kind)
    keep_required = name in _WHOLE or kind.__module__ == distributions.__name__
    block = {key: value for key, value in made.items() if key not in ("title", "description", "required", "$defs")}
    block["properties"] = {**_NOTES}
    for word, field in words_of(kind).items():
        described = _value(made["properties"][word])
        if not keep_required:
            described = _addable(described)
        if not keep_required and {"type": "null"} not in described.get("anyOf", ()):
            described = {"anyOf": [described, {"type": "null"}]}
        block["properties"][word] = {**described, "description": said[field]}
    if keep_required and "required" in made:
        block["required"] = made["required"]
    return block


def _addable(described: Schema) -> Schema:
    """A list may also be added to, as `{add: [...]}`."""
    if described.get("type") != "array" or "items" not in described:
        return described
    added = {key: value for key, value in described.items() if key not in ("default", "description")}
    adding = {"type": "object", "properties": {"add": added}, "required": ["add"], "additionalProperties": False}
    return {"anyOf": [described, adding]}


def _value(made: Any) -> Any:
    """The schema of a value: without titles and defaults of null, and with notes and null where a map by name is."""
    if isinstance(made, list):
        return [_value(each) for each in made]
    if not isinstance(made, dict):
        return made
    value = {key: _value(each) for key, each in made.items() if key not in ("title", "propertyNames")}
    if value.get("default", 0) in (None, {}, []):
        del value["default"]
    entries = value.get("additionalProperties")
    if isinstance(entries, dict):
        removable = {"anyOf": [entries, {"type": "null"}]}
        names = made.get("propertyNames", {}).get("enum")
        value["properties"] = {**_NOTES, **dict.fromkeys(names or (), removable)}
        value["additionalProperties"] = False if names else removable
    return value
