"""A number, or one of eight distributions: what a scenario may say wherever days or units vary."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from sim.scenario.places import shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")

MOST_DAYS = 36_500.0
MOST_UNITS = 1_000_000.0


class Block(BaseModel):
    """What every block of a scenario shares: frozen, strict, and no word that is not known."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


Amount = Annotated[float, Field(ge=0, le=MOST_UNITS)]


class Mean(Block):
    mean: Amount
    """Mean of the variable."""


class Bounds(Block):
    low: Amount
    """Smallest value."""
    high: Amount
    """Largest value."""

    @model_validator(mode="after")
    def _ordered(self) -> Bounds:
        if self.low > self.high:
            raise ValueError(f"low must not be above high, but {self.low:g} is above {self.high:g}")
        return self


class Corners(Bounds):
    mode: Amount
    """Most likely value."""

    @model_validator(mode="after")
    def _peaked(self) -> Corners:
        if not self.low <= self.mode <= self.high:
            raise ValueError(f"mode must lie between low and high, not at {self.mode:g}")
        return self


class Moments(Block):
    mean: Annotated[float, Field(gt=0, le=MOST_UNITS)]
    """Mean of the variable itself (not of its logarithm)."""
    sd: Amount
    """Standard deviation of the variable itself."""


class MeanAndShape(Block):
    mean: Annotated[float, Field(gt=0, le=MOST_UNITS)]
    """Mean of the variable."""
    shape: Annotated[float, Field(gt=0.05, le=100)]
    """Weibull shape: 1 is exponential, above 1 ages, below 1 is heavy-tailed."""


def _numeric_keys(value: Any) -> Any:
    """YAML keys are read as words; those of `discrete` are numbers."""
    if not isinstance(value, dict):
        return value
    numbers: dict[float, Any] = {}
    for key, weight in value.items():
        if isinstance(key, str) and not _NUMBER.fullmatch(key):
            raise ValueError(f"each value of discrete must be a number, not {shown(key)}")
        number = float(key)
        if number in numbers:
            raise ValueError(f"{number:g} is said twice")
        numbers[number] = weight
    return numbers


class Exponential(Block):
    exponential: Mean
    """Memoryless, with the given mean."""

    def mean(self) -> float:
        return self.exponential.mean

    def draw(self, stream: np.random.Generator, count: int) -> NDArray[np.float64]:
        return stream.exponential(self.exponential.mean, count)


class Uniform(Block):
    uniform: Bounds
    """Anything between low and high, equally likely."""

    def mean(self) -> float:
        return (self.uniform.low + self.uniform.high) / 2

    def draw(self, stream: np.random.Generator, count: int) -> NDArray[np.float64]:
        return stream.uniform(self.uniform.low, self.uniform.high, count)


class Triangular(Block):
    triangular: Corners
    """Between low and high, most often near mode: an expert's three numbers."""

    def mean(self) -> float:
        corners = self.triangular
        return (corners.low + corners.mode + corners.high) / 3

    def draw(self, stream: np.random.Generator, count: int) -> NDArray[np.float64]:
        corners = self.triangular
        uniform = stream.random(count)
        if corners.low == corners.high:
            return uniform * 0 + corners.low
        # By inversion, so that the same luck gives a larger value wherever a corner is raised.
        width, rise = corners.high - corners.low, corners.mode - corners.low
        peak = rise / width
        up = corners.low + (uniform * width * rise) ** 0.5
        down = corners.high - ((1 - uniform) * width * (corners.high - corners.mode)) ** 0.5
        left = uniform < peak
        result: NDArray[np.float64] = up * left + down * ~left
        return result


class Lognormal(Block):
    lognormal: Moments
    """Skewed to the right; mean and sd are those of the variable itself."""

    def mean(self) -> float:
        return self.lognormal.mean

    def draw(self, stream: np.random.Generator, count: int) -> NDArray[np.float64]:
        variance = math.log1p((self.lognormal.sd / self.lognormal.mean) ** 2)
        return stream.lognormal(math.log(self.lognormal.mean) - variance / 2, math.sqrt(variance), count)


class Gamma(Block):
    gamma: Moments
    """Skewed to the right, lighter in the tail than the lognormal."""

    def mean(self) -> float:
        return self.gamma.mean

    def draw(self, stream: np.random.Generator, count: int) -> NDArray[np.float64]:
        mean, sd = self.gamma.mean, self.gamma.sd
        if sd == 0:
            return stream.random(count) * 0 + mean
        return stream.gamma((mean / sd) ** 2, sd**2 / mean, count)


class Weibull(Block):
    weibull: MeanAndShape
    """A lifetime whose chance of ending rises or falls with its age."""

    def mean(self) -> float:
        return self.weibull.mean

    def draw(self, stream: np.random.Generator, count: int) -> NDArray[np.float64]:
        scale = self.weibull.mean / math.gamma(1 + 1 / self.weibull.shape)
        return scale * stream.weibull(self.weibull.shape, count)


class Empirical(Block):
    empirical: Annotated[tuple[Amount, ...], Field(min_length=1, max_length=10_000, strict=False)]
    """One of the values listed, each equally likely: what was observed."""

    def mean(self) -> float:
        return sum(self.empirical) / len(self.empirical)

    def draw(self, stream: np.random.Generator, count: int) -> NDArray[np.float64]:
        drawn: NDArray[np.float64] = stream.choice(self.empirical, count)
        return drawn


class Discrete(Block):
    discrete: Annotated[
        dict[Amount, Annotated[float, Field(ge=0)]],
        BeforeValidator(_numeric_keys),
        Field(min_length=1, max_length=10_000),
    ]
    """Each value with its weight; the weights need not add up to 1."""

    @model_validator(mode="after")
    def _weighs_something(self) -> Discrete:
        if not sum(self.discrete.values()) > 0:
            raise ValueError("at least one weight of discrete must be more than 0")
        return self

    def mean(self) -> float:
        return sum(value * weight for value, weight in self.discrete.items()) / sum(self.discrete.values())

    def draw(self, stream: np.random.Generator, count: int) -> NDArray[np.float64]:
        total = sum(self.discrete.values())
        chances = [weight / total for weight in self.discrete.values()]
        drawn: NDArray[np.float64] = stream.choice(list(self.discrete), count, p=chances)
        return drawn


FAMILIES: dict[str, type[Block]] = {
    "exponential": Exponential,
    "uniform": Uniform,
    "triangular": Triangular,
    "lognormal": Lognormal,
    "gamma": Gamma,
    "weibull": Weibull,
    "empirical": Empirical,
    "discrete": Discrete,
}

Random = Exponential | Uniform | Triangular | Lognormal | Gamma | Weibull | Empirical | Discrete


def _family(value: Any) -> str:
    """Which member of the union a raw value means: its only key, else a plain number."""
    if isinstance(value, dict):
        return next((key for key in value if key in FAMILIES), "unknown family")
    if isinstance(value, Block):
        return type(value).__name__.lower()
    return "number"


def _either(number: Any) -> Any:
    """The union of a plain `number` and every family, told apart by the key, so that errors name one family only."""
    return Annotated[
        Annotated[number, Tag("number")]
        | Annotated[Exponential, Tag("exponential")]
        | Annotated[Uniform, Tag("uniform")]
        | Annotated[Triangular, Tag("triangular")]
        | Annotated[Lognormal, Tag("lognormal")]
        | Annotated[Gamma, Tag("gamma")]
        | Annotated[Weibull, Tag("weibull")]
        | Annotated[Empirical, Tag("empirical")]
        | Annotated[Discrete, Tag("discrete")],
        Discriminator(_family),
    ]


def _numbers(amount: Random) -> dict[str, float]:
    """The numbers of a distribution that are values of the variable, by what a message calls them."""
    said = getattr(amount, next(iter(type(amount).model_fields)))
    if isinstance(said, Block):
        return {word: value for word, value in said if word not in ("sd", "shape")}
    values = [value for value, weight in said.items() if weight] if isinstance(said, dict) else said
    return {"its largest value": max(values), "its smallest": min(values)}


def _countable(amount: float | Random) -> float | Random:
    """Days drawn have the bounds of days that are said."""
    for word, value in _numbers(amount).items() if isinstance(amount, Block) else ():
        if value > MOST_DAYS:
            raise ValueError(f"must be {MOST_DAYS:,.0f} days or less, but {word} is {value:,.15g}")
    return amount


def _more_than_zero(amount: float | Random) -> float | Random:
    if mean_of(amount) <= 0:
        raise ValueError("must be more than 0 days, but its mean is 0")
    if isinstance(amount, (Empirical, Discrete)) and 0 in _numbers(amount).values():
        raise ValueError("must be more than 0 days, but may be 0")
    return amount


if TYPE_CHECKING:
    Days = float | Random
    MoreThanZeroDays = float | Random
    Units = int | Random
else:
    Days = Annotated[_either(Annotated[float, Field(ge=0, le=MOST_DAYS)]), AfterValidator(_countable)]
    """Days: a number from 0 to 36,500, or a distribution."""
    MoreThanZeroDays = Annotated[
        _either(Annotated[float, Field(gt=0, le=MOST_DAYS)]),
        AfterValidator(_countable),
        AfterValidator(_more_than_zero),
    ]
    """Days, more than 0: a number, or a distribution."""
    Units = _either(Annotated[int, Field(ge=0, le=int(MOST_UNITS))])
    """Whole units from 0 to 1,000,000, or a distribution whose draws are rounded to the nearest whole number."""


def mean_of(amount: float | Random) -> float:
    """The expected value of a number or of a distribution."""
    return amount.mean() if isinstance(amount, Block) else float(amount)


def draws(amount: float | Random, stream: Callable[[], np.random.Generator], count: int) -> list[float]:
    """`count` draws as plain floats; `stream()` is only asked for where chance has a say."""
    if not isinstance(amount, Block):
        return [float(amount)] * count
    drawn: list[float] = amount.draw(stream(), count).tolist()
    return drawn


def whole_draws(amount: float | Random, stream: Callable[[], np.random.Generator], count: int) -> list[int]:
    """`count` draws rounded to the nearest whole number (halves up)."""
    return [math.floor(value + 0.5) for value in draws(amount, stream, count)]


Share = Annotated[float, Field(ge=0, le=1)]
