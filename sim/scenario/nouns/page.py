"""What the what-if page asks: which words of the scenario vary there, and which values each of them takes."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from sim.scenario.nouns.distributions import Block
from sim.scenario.nouns.frozen import DEEPLY_FROZEN, FROZEN
from sim.scenario.nouns.values import Name
from sim.scenario.positions import shown

MOST_VALUES = 20


def _several(value: Any) -> Any:
    """A list of values, or a block of them by name; one at least, and none of them empty."""
    if not isinstance(value, (list, tuple, dict)):
        raise ValueError(f"must be a list of values, or a block of them by name, not {shown(value)}")
    if not 1 <= len(value) <= MOST_VALUES:
        raise ValueError(f"must be 1 to {MOST_VALUES} values, not {len(value)}")
    if any(each is None for each in (value.values() if isinstance(value, dict) else value)):
        raise ValueError("must not hold an empty value")
    return value if isinstance(value, dict) else tuple(value)


class PageInput(Block):
    path: Annotated[str, Field(min_length=1, max_length=1000)]
    """The word that varies, as error messages write it: `missions.UNMIL.holds.attack_helicopter.Ukraine`."""
    values: Annotated[
        Any, BeforeValidator(_several, json_schema_input_type=tuple[Any, ...] | dict[Name, Any]), DEEPLY_FROZEN
    ]
    """The values it takes besides its own: a list, or a block in which each stands under what the page calls it."""
    about: str | None = None
    """What the question is, in a sentence."""


class Page(Block):
    inputs: Annotated[dict[Name, PageInput], Field(min_length=1, max_length=5), FROZEN]
    """What can be set on the page, under its plain-language label."""
