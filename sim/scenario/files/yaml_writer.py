"""From a scenario, or a patch of one, back to a file that says it and reads back as the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from sim.scenario.files.yaml import scalar


class _Dumper(yaml.CSafeDumper):
    """Writes everything out (no anchors), and quotes text that would be read as something else."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (its signature is PyYAML's)
        return True


def _text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    try:
        plain = isinstance(scalar(text), str)
    except ValueError:
        plain = False
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Dumper.add_representer(str, _text)


class _BlockDumper(_Dumper):
    """Writes a line a word, and lists in brackets."""


def _list(dumper: yaml.CSafeDumper, values: list[Any]) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=True)


_BlockDumper.add_representer(list, _list)


def to_yaml(raw: Mapping[str, Any], *, line_a_word: bool = False) -> str:
    """Plain maps and lists in the scenario language: keys in their order.

    Innermost blocks stand in braces, or, with `line_a_word`, every word has a line of its own.
    """
    return yaml.dump(
        _plain(raw),
        Dumper=_BlockDumper if line_a_word else _Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=120,
        default_flow_style=False if line_a_word else None,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value
