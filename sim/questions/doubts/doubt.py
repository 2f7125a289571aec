"""One thing that nobody knows: what it does to the answer, and what finding it out is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.statistics.value_of_information import Line, Worth
from sim.words.language import Phrase, phrase
from sim.words.names import quoted
from sim.words.numbers import days, finite, finite_values, number

PLAIN = ("shape", "share", "weight", "p")
"""Parts of a distribution that are not in its unit."""
WORTH = ("value", "low", "high")
"""What JSON says of a worth."""
BEYOND = {
    "above": Phrase("above {value}"),
    "below": Phrase("below {value}"),
    "from": Phrase("from {value}"),
    "up to": Phrase("up to {value}"),
}


@dataclass(frozen=True)
class Doubt:
    """What one thing that nobody knows does to the answer."""

    name: str
    paths: tuple[str, ...]
    factor: bool
    """Whether its values are factors on what is written."""
    choices: tuple[float, ...] | None
    """Its values, where they are few and taken one by one."""
    evppi: Worth
    """What finding it out is worth, in the unit of the measure; nan where there are too few worlds."""
    leads: float
    """How sure it is that no other is worth as much, 0 to 1."""
    share_of_spread: float
    """Of the answer over sets, what it explains by itself."""
    line: Line | None
    """What the answer gains along it; `best` counts the options."""
    switches_at: float | None
    """The value beyond which another option is the best; None where there is none."""
    best_after: str | None
    """That option."""
    above: bool
    """Whether it is the best above that value, rather than below; of choices: from that one on, or up to it."""

    def as_json(self) -> dict[str, Any]:
        """Plain maps and numbers, None where undefined."""
        return {
            "path": self.paths[0] if len(self.paths) == 1 else list(self.paths),
            "share_of_spread": finite(self.share_of_spread),
            "evppi": finite_values(self.evppi, *WORTH),
            "switches_at": self.switches_at,
            "best_after": self.best_after,
        }

    @property
    def side(self) -> str | None:
        """On which side of the switching value the other option is the best, in a word or two."""
        if self.switches_at is None:
            return None
        if self.choices is None:
            return "above" if self.above else "below"
        return "from" if self.above else "up to"

    def beyond(self) -> str:
        """Where another option is the best: above 5 days, up to 3; empty without such a place."""
        return "" if self.switches_at is None else BEYOND[self.side or ""](value=self.said(self.switches_at))

    def where(self) -> str:
        """Beyond which value another option is the best: "‘Consent of Ukraine’ is below 5 days"; empty without one."""
        if self.switches_at is None:
            return ""
        slots = {"name": quoted(self.name), "value": self.said(self.switches_at)}
        if self.choices is None:
            return (
                phrase("{name} is above {value}", **slots) if self.above else phrase("{name} is below {value}", **slots)
            )
        if self.switches_at in (self.choices[0], self.choices[-1]):
            return phrase("{name} is {value}", **slots)
        return (
            phrase("{name} is at least {value}", **slots)
            if self.above
            else phrase("{name} is at most {value}", **slots)
        )

    def said(self, value: float) -> str:
        """One of its values: 5 days, 0.7 times what is written, 12."""
        if self.factor:
            return phrase("{figure} times what is written", figure=number(value, 2))
        return days(value) if self.in_days else number(value)

    @property
    def in_days(self) -> bool:
        """Whether it is a length of time."""
        return not self.factor and all(_in_days(path.split(".")) for path in self.paths)


def _in_days(steps: list[str]) -> bool:
    """Whether a path ends in a length of time, or in a part of its distribution that is one."""
    return steps[-1] not in PLAIN and any(step == "days" or step.endswith("_days") for step in steps)


def worth_row(worth: Worth) -> dict[str, float | None]:
    """As a CSV row has it."""
    return {"evppi": finite(worth.value), "evppi_low": finite(worth.low), "evppi_high": finite(worth.high)}
