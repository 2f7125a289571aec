"""A number, or one of nine distributions: what a scenario may say wherever days or units vary.

All are drawn by inversion, from one number between 0 and 1 each: so the same number gives a little more where a mean is
a little larger, in whatever family, and what a comparison shows is the change and not another draw.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from sim.scenario.nouns.frozen import FROZEN
from sim.scenario.positions import shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.statistics.mixtures import MixtureQuantiles

    Probabilities = NDArray[np.float64]

_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")

MOST_DAYS = 36_500.0
MOST_UNITS = 1_000_000.0
LEAST_MEAN = 1e-6
"""A tenth of a second, where it is of days: what varies around less is lost in rounding, and then is no number."""
MOST_WEIGHT = 1e12


class Block(BaseModel):
    """What every block of a scenario shares: frozen, strict, and no word that is not known."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


Amount = Annotated[float, Field(ge=0, le=MOST_UNITS)]


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


def _not_tiny(mean: float) -> float:
    if 0 < mean < LEAST_MEAN:
        raise ValueError(f"must be {LEAST_MEAN:f} or more, not {mean:g}")
    return mean


PositiveMean = Annotated[float, Field(gt=0, le=MOST_UNITS), AfterValidator(_not_tiny)]


class Mean(Block):
    mean: PositiveMean
    """Mean of the variable."""


class Moments(Block):
    mean: PositiveMean
    """Mean of the variable itself (not of its logarithm)."""
    sd: Amount
    """Standard deviation of the variable itself."""


class MeanAndShape(Block):
    mean: PositiveMean
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

    def quantile(self, probability: Probabilities) -> Probabilities:
        import numpy as np

        return -self.exponential.mean * np.log1p(-probability)

    def below(self, values: Probabilities) -> Probabilities:
        import numpy as np

        return -np.expm1(-values / self.exponential.mean)


class Uniform(Block):
    uniform: Bounds
    """Anything between low and high, equally likely."""

    def mean(self) -> float:
        return (self.uniform.low + self.uniform.high) / 2

    def quantile(self, probability: Probabilities) -> Probabilities:
        return self.uniform.low + (self.uniform.high - self.uniform.low) * probability

    def below(self, values: Probabilities) -> Probabilities:
        import numpy as np

        return np.clip((values - self.uniform.low) / (self.uniform.high - self.uniform.low), 0, 1)


class Triangular(Block):
    triangular: Corners
    """Between low and high, most often near mode: an expert's three numbers."""

    def mean(self) -> float:
        corners = self.triangular
        return (corners.low + corners.mode + corners.high) / 3

    def quantile(self, probability: Probabilities) -> Probabilities:
        import numpy as np

        corners = self.triangular
        if corners.low == corners.high:
            return np.full_like(probability, corners.low)
        width, rise = corners.high - corners.low, corners.mode - corners.low
        up = corners.low + np.sqrt(probability * width * rise)
        down = corners.high - np.sqrt((1 - probability) * width * (corners.high - corners.mode))
        return np.where(probability < rise / width, up, down)

    def below(self, values: Probabilities) -> Probabilities:
        import numpy as np

        corners = self.triangular
        width, rise, fall = corners.high - corners.low, corners.mode - corners.low, corners.high - corners.mode
        from_low, to_high = np.clip(values - corners.low, 0, width), np.clip(corners.high - values, 0, width)
        up, down = from_low**2 / (width * rise or 1), 1 - to_high**2 / (width * fall or 1)
        return np.where(values < corners.mode, up, down)


class Lognormal(Block):
    lognormal: Moments
    """Skewed to the right; mean and sd are those of the variable itself."""

    def mean(self) -> float:
        return self.lognormal.mean

    def quantile(self, probability: Probabilities) -> Probabilities:
        import numpy as np
        from scipy.special import ndtri

        variance = math.log1p((self.lognormal.sd / self.lognormal.mean) ** 2)
        times: Probabilities = np.exp(math.sqrt(variance) * ndtri(probability) - variance / 2)
        return self.lognormal.mean * times

    def below(self, values: Probabilities) -> Probabilities:
        import numpy as np
        from scipy.special import ndtr

        variance = math.log1p((self.lognormal.sd / self.lognormal.mean) ** 2)
        with np.errstate(divide="ignore"):  # nothing lies below 0
            logs = np.log(values / self.lognormal.mean)
        share: Probabilities = ndtr((logs + variance / 2) / math.sqrt(variance))
        return share


class Gamma(Block):
    gamma: Moments
    """Skewed to the right, lighter in the tail than the lognormal."""

    def mean(self) -> float:
        return self.gamma.mean

    def quantile(self, probability: Probabilities) -> Probabilities:
        import numpy as np
        from scipy.special import gammaincinv

        mean, sd = self.gamma.mean, self.gamma.sd
        if sd == 0:
            return np.full_like(probability, mean)
        times: Probabilities = gammaincinv((mean / sd) ** 2, probability)
        return sd**2 / mean * times

    def below(self, values: Probabilities) -> Probabilities:
        from scipy.special import gammainc

        mean, sd = self.gamma.mean, self.gamma.sd
        share: Probabilities = gammainc((mean / sd) ** 2, values * mean / sd**2)
        return share


class Weibull(Block):
    weibull: MeanAndShape
    """A lifetime whose chance of ending rises or falls with its age."""

    def mean(self) -> float:
        return self.weibull.mean

    def quantile(self, probability: Probabilities) -> Probabilities:
        import numpy as np

        scale = self.weibull.mean / math.gamma(1 + 1 / self.weibull.shape)
        times: Probabilities = (-np.log1p(-probability)) ** (1 / self.weibull.shape)
        return scale * times

    def below(self, values: Probabilities) -> Probabilities:
        import numpy as np

        scale = self.weibull.mean / math.gamma(1 + 1 / self.weibull.shape)
        return -np.expm1(-((values / scale) ** self.weibull.shape))


class Empirical(Block):
    empirical: Annotated[tuple[Amount, ...], Field(min_length=1, max_length=10_000, strict=False)]
    """One of the values listed, each equally likely: what was observed."""

    def mean(self) -> float:
        return sum(self.empirical) / len(self.empirical)

    def quantile(self, probability: Probabilities) -> Probabilities:
        import numpy as np

        values: Probabilities = np.sort(self.empirical)
        found: Probabilities = values[(probability * len(values)).astype(int)]
        return found


class Discrete(Block):
    discrete: Annotated[
        dict[Amount, Annotated[float, Field(ge=0, le=MOST_WEIGHT)]],
        BeforeValidator(_numeric_keys),
        Field(min_length=1, max_length=10_000),
        FROZEN,
    ]
    """Each value with its weight; the weights need not add up to 1."""

    @model_validator(mode="after")
    def _weighs_something(self) -> Discrete:
        if not sum(self.discrete.values()) > 0:
            raise ValueError("at least one weight of discrete must be more than 0")
        return self

    def mean(self) -> float:
        return sum(value * weight for value, weight in self.discrete.items()) / sum(self.discrete.values())

    def quantile(self, probability: Probabilities) -> Probabilities:
        import numpy as np

        values, weights = np.array(sorted(each for each in self.discrete.items() if each[1] > 0)).T
        chances = np.cumsum(weights)
        found: Probabilities = values[np.searchsorted(chances[:-1] / chances[-1], probability, side="right")]
        return found


_Simple = Exponential | Uniform | Triangular | Lognormal | Gamma | Weibull | Empirical | Discrete


def _words(families: tuple[type[Block], ...]) -> dict[str, type[Block]]:
    return {name: family for family in families for name in family.model_fields}


def _family(value: Any) -> str:
    """Which member of the union a raw value means: its only key, else a plain number."""
    if isinstance(value, dict):
        return next((key for key in value if key in FAMILIES), "unknown family")
    return next(iter(type(value).model_fields)) if isinstance(value, Block) else "number"


def _either(number: Any, families: dict[str, type[Block]]) -> Any:
    """The union of a plain `number` and every family, told apart by the key, so that errors name one family only."""
    tagged = [Annotated[family, Tag(name)] for name, family in families.items()]
    return Annotated[reduce(or_, tagged, Annotated[number, Tag("number")]), Discriminator(_family)]


if TYPE_CHECKING:
    _PartOf = float | _Simple
else:
    _PartOf = _either(Amount, _words(get_args(_Simple)))


class Part(Block):
    weight: Annotated[float, Field(ge=0, le=MOST_WEIGHT)]
    """How often this part is the one, against the weights of the others."""
    is_: Annotated[_PartOf, Field(alias="is")]
    """What then varies: a number, or a distribution that is no mixture itself."""


def _parts(value: Any) -> Any:
    if isinstance(value, list) and value and all(type(each) in (int, float) for each in value):
        listed = ", ".join(f"{each:g}" for each in value)
        raise ValueError(f"must be a list of {{weight: …, is: …}}, not of numbers (write {{empirical: [{listed}]}})")
    return tuple(value) if isinstance(value, list) else value


class Mixture(Block):
    one_of: Annotated[tuple[Part, ...], BeforeValidator(_parts), Field(min_length=1, max_length=100)]
    """A mixture: one of the parts, each as often as its weight says, and then what that part `is`."""

    @model_validator(mode="after")
    def _weighs_something(self) -> Mixture:
        if not sum(part.weight for part in self.one_of) > 0:
            raise ValueError("at least one weight of one_of must be more than 0")
        return self

    @property
    def parts(self) -> list[Part]:
        """Those that have weight."""
        return [part for part in self.one_of if part.weight > 0]

    def mean(self) -> float:
        weight = sum(part.weight for part in self.parts)
        return sum(part.weight * mean_of(part.is_) for part in self.parts) / weight

    def quantile(self, probability: Probabilities) -> Probabilities:
        return self._quantiles.quantile(probability)

    @cached_property
    def _quantiles(self) -> MixtureQuantiles:
        from sim.statistics.mixtures import MixtureQuantiles, Smooth

        points: list[tuple[float, float]] = []
        smooth: list[Smooth] = []
        for part in self.parts:
            values = _points(part.is_)
            points += [(value, part.weight * share) for value, share in values.items()]
            if not values:
                smooth.append(Smooth(part.weight, part.is_.quantile, part.is_.below))  # type: ignore[union-attr]
        return MixtureQuantiles(points, smooth)


def _points(amount: float | _Simple) -> dict[float, float]:
    """The values, each with its share, of a number or a distribution that has only so many; else none."""
    if isinstance(amount, Discrete):
        return {value: weight / sum(amount.discrete.values()) for value, weight in amount.discrete.items() if weight}
    if isinstance(amount, Empirical):
        return {value: amount.empirical.count(value) / len(amount.empirical) for value in set(amount.empirical)}
    if not isinstance(amount, Block):
        return {float(amount): 1.0}
    said = getattr(amount, next(iter(type(amount).model_fields)))
    fixed = said.low == said.high if isinstance(said, Bounds) else 0 in (getattr(said, "sd", 1), said.mean)
    return {mean_of(amount): 1.0} if fixed else {}


Random = _Simple | Mixture

FAMILIES: dict[str, type[Block]] = _words(get_args(Random))
"""Every distribution, by the word that says it: the only field of its block."""


def _numbers(amount: Random) -> dict[str, float]:
    """The numbers of a distribution that are values of the variable, by what a message calls them."""
    if isinstance(amount, Mixture):
        inside = [_numbers(part.is_) if isinstance(part.is_, Block) else {"": part.is_} for part in amount.parts]
        said: Any = [value for each in inside for value in each.values()]
    else:
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
    values = [part.is_ for part in amount.parts] if isinstance(amount, Mixture) else [amount]
    if any(not isinstance(each, Block) or isinstance(each, (Empirical, Discrete)) for each in values):
        listed = [value for each in values for value in (_points(each) if not isinstance(each, Mixture) else ())]
        if 0 in listed:
            raise ValueError("must be more than 0 days, but may be 0")
    return amount


if TYPE_CHECKING:
    Days = float | Random
    MoreThanZeroDays = float | Random
    Units = int | Random
else:
    Days = Annotated[_either(Annotated[float, Field(ge=0, le=MOST_DAYS)], FAMILIES), AfterValidator(_countable)]
    """Days: a number from 0 to 36,500, or a distribution."""
    MoreThanZeroDays = Annotated[
        _either(Annotated[float, Field(gt=0, le=MOST_DAYS)], FAMILIES),
        AfterValidator(_countable),
        AfterValidator(_more_than_zero),
    ]
    """Days, more than 0: a number, or a distribution."""
    Units = _either(Annotated[int, Field(ge=0, le=int(MOST_UNITS))], FAMILIES)
    """Whole units from 0 to 1,000,000, or a distribution whose draws are rounded to the nearest whole number."""


def mean_of(amount: float | Random) -> float:
    """The expected value of a number or of a distribution."""
    return amount.mean() if isinstance(amount, Block) else float(amount)


def whole(values: Iterable[float]) -> list[int]:
    """Each rounded to the nearest whole number (halves up)."""
    return [math.floor(value + 0.5) for value in values]


Share = Annotated[float, Field(ge=0, le=1)]
