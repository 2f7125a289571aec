"""What nobody knows: numbers of the scenario that are drawn once a world, the same for every option."""

from __future__ import annotations

import math
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from sim.scenario.nouns.distributions import FAMILIES, Block, Discrete, Empirical, Mixture, Random, Triangular, Uniform
from sim.scenario.nouns.values import as_tuple
from sim.scenario.positions import shown

if TYPE_CHECKING:
    from sim.scenario.nouns.distributions import Probabilities

CUT = 1e-4
"""Of a distribution without an end so much is left out on either side: no world is one in ten thousand."""
_EDGE = 2.0**-33
"""So near to 0 and 1 is where the first and the last of some listed values is found."""
_DIGITS = 9
"""So many digits of a drawn value are kept, so that it is the same on every machine."""

Number = Annotated[float, Field(ge=-1e12, le=1e12)]


class Between(Block):
    between: Annotated[tuple[Number, Number], BeforeValidator(as_tuple)]
    """Anything from the first number to the second, equally likely; of whole units each from the first to the last."""

    @model_validator(mode="after")
    def _ordered(self) -> Between:
        low, high = self.between
        if not low < high:
            raise ValueError(f"between must name the lower number first, and two that differ, not [{low:g}, {high:g}]")
        return self

    def quantile(self, probability: Probabilities) -> Probabilities:
        """As in a distribution."""
        low, high = self.between
        return low + (high - low) * probability


class OneOf(Block):
    one_of: Annotated[tuple[Number, ...], BeforeValidator(as_tuple), Field(min_length=2, max_length=10_000)]
    """One of the numbers listed, each equally likely; one that is likelier is said twice."""

    def quantile(self, probability: Probabilities) -> Probabilities:
        """As in a distribution."""
        import numpy as np

        found: Probabilities = np.sort(self.one_of)[(probability * len(self.one_of)).astype(int)]
        return found


Spread = Random | Between | OneOf
_MIXTURE = "‹mixture›"
"""One of several numbers is a list of these, one of several distributions a list of blocks."""
_SPREADS: dict[str, type[Block]] = {**FAMILIES, "between": Between, "one_of": OneOf, _MIXTURE: Mixture}
_LISTED = (Empirical, Discrete, OneOf)
_BOUNDED = (*_LISTED, Uniform, Triangular, Between)


def _spelling(value: Any) -> str:
    if isinstance(value, Block):
        return _MIXTURE if isinstance(value, Mixture) else next(iter(type(value).model_fields))
    word = next((key for key in value if key in _SPREADS), "unknown family")
    several = value[word] if word == "one_of" and isinstance(value[word], (list, tuple)) else ()
    return _MIXTURE if any(isinstance(each, (dict, Block)) for each in several) else word


def _a_spread(value: Any) -> Any:
    if not isinstance(value, (dict, Block)):
        what = "a distribution, {between: [low, high]} or {one_of: [one, other]}"
        raise ValueError(f"must be {what}, not {shown(value)}")
    return value


if TYPE_CHECKING:
    Doubted = Spread
    Paths = tuple[str, ...]
else:
    Doubted = Annotated[
        reduce(or_, [Annotated[kind, Tag(word)] for word, kind in _SPREADS.items()]),
        Discriminator(_spelling),
        BeforeValidator(_a_spread),
    ]
    Paths = Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=1000)], ...],
        BeforeValidator(lambda value: (value,) if isinstance(value, str) else as_tuple(value),
                        json_schema_input_type=str | tuple[str, ...]),
        Field(min_length=1, max_length=1000),
    ]  # fmt: skip


class Doubt(Block):
    path: Paths
    """The number that nobody knows, as error messages write it: `contributors.Ghana.consent_days`. `*` stands for every
    name, or every item, under which the rest is said. A list of paths moves together."""
    is_: Annotated[Doubted | None, Field(alias="is")] = None
    """What it may be: takes its place. Either this or times must be said."""
    times: Doubted | None = None
    """A factor on what stands there: a distribution is stretched in proportion, units are rounded."""
    about: str | None = None
    """Note for people."""

    @model_validator(mode="after")
    def _either(self) -> Doubt:
        if (self.is_ is None) == (self.times is None):
            raise ValueError("must say either is (what it may be) or times (a factor on what stands there)")
        listed = self.times.one_of if isinstance(self.times, OneOf) else ()
        least = min((*getattr(self.times, "between", ()), *listed), default=0)
        if least < 0:
            raise ValueError(f"times must be 0 or more, not {least:g}")
        return self

    @property
    def spread(self) -> Spread:
        """What is drawn from: of the value itself, or of the factor on it."""
        found = self.is_ if self.times is None else self.times
        assert found is not None
        return found

    def at(self, share: float, *, whole: bool = False) -> float:
        """The value below which `share` (0 to 1) of all worlds lie; whole where only whole units can be.

        Kept to nine digits. Of a distribution without an end the outermost ten-thousandths are left out.
        """
        import numpy as np

        spread = self.spread
        if whole and self.times is None and isinstance(spread, Between):
            first, last = (math.ceil(spread.between[0]), math.floor(spread.between[1]))
            return float(min(last, first + math.floor(share * (last - first + 1))))
        inside = share if isinstance(spread, _BOUNDED) else CUT + (1 - 2 * CUT) * share
        drawn = float(f"{float(spread.quantile(np.array([inside]))[0]):.{_DIGITS}g}")
        return float(math.floor(drawn + 0.5)) if whole and self.times is None else drawn

    def ends(self, *, whole: bool = False) -> tuple[float, float]:
        """The least and the greatest value of any world, or what these come close to."""
        low, high = (_EDGE, 1 - _EDGE) if isinstance(self.spread, _LISTED) else (0.0, 1.0)
        return self.at(low, whole=whole), self.at(high, whole=whole)


assert set(_SPREADS) - {_MIXTURE} == {word for kind in get_args(Spread) for word in kind.model_fields}
