"""What an option costs beside another: dollars, where somebody priced it, and what the lenders then lack."""

from __future__ import annotations

from dataclasses import dataclass

from sim.comparison.comparison import Comparison
from sim.comparison.pair import Pair, pair
from sim.measures.catalogue import OVERALL, UNMET
from sim.results.tables import Cell
from sim.words.numbers import money


@dataclass(frozen=True)
class Price:
    """Of each unit-day of need that an option saves."""

    dollars: float | None
    """US dollars of loans; None where the option is not counted."""
    sure: bool
    """Whether the dollars can be told from nothing."""
    lenders_lack: float
    """Unit-days that lenders are short by lending; 0 where that cannot be told from chance."""
    counted_in: bool = False
    """Whether what is saved is what is left after these: not where the question is about one place only."""


def counted(comparison: Comparison, option: str) -> bool:
    """Whether the costs of an option are counted."""
    return option not in comparison.not_counted


def in_dollars(amount: float) -> str:
    """A price as people read it: two digits of it are known at best."""
    return money(float(f"{amount:.2g}"))


def price(comparison: Comparison, found: Pair, place: Cell) -> Price | None:
    """What the unit-days that one option saves against another at a place cost; None where it saves none for sure."""
    if found.measure.key != UNMET or not found.better:
        return None
    cost, lack = (
        pair(comparison, found.option, found.against, each, OVERALL).difference
        for each in ("cost_usd", "exposure_unit_days")
    )
    known = counted(comparison, found.option) and counted(comparison, found.against)
    dollars = cost.mean / found.gain if known else None
    lenders_lack = lack.mean / found.gain if lack.significant else 0.0
    return Price(dollars, cost.significant or cost.nothing, lenders_lack, place == OVERALL)
