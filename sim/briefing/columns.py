"""The columns of a chart's numbers as people read them: the heads of a CSV, and its words, in the language spoken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.charts.gantt import ENDED
from sim.charts.house.loan_steps import STEP_NAMES
from sim.charts.waterfall import FROM_REQUEST
from sim.measures.catalogue import ALL_MEASURES
from sim.measures.causes import CAUSE_NAMES
from sim.scenario.nouns.values import UNNAMED
from sim.words import numbers
from sim.words.language import Phrase, phrase

HEADS = {
    "label": Phrase("label"),
    "gain": Phrase("gain"),
    "against": Phrase("against"),
    "measure": Phrase("measure"),
    "price": Phrase("price"),
    "lenders_lack_more": Phrase("lenders lack more"),
    "for_comparison": Phrase("for comparison"),
    "plausible": Phrase("plausible"),
    "cause": Phrase("cause"),
    "share": Phrase("share"),
    "unmet_unit_days": Phrase("unmet unit days"),
    "coverage": Phrase("coverage"),
    "difference": Phrase("difference"),
    "significant": Phrase("significant"),
    "cost_usd": Phrase("cost usd"),
    "efficient": Phrase("efficient"),
    "row": Phrase("row"),
    "from": Phrase("from"),
    "to": Phrase("to"),
    "resource": Phrase("resource"),
    "contributor": Phrase("contributor"),
    "units": Phrase("units"),
    "step": Phrase("step"),
    "from_day": Phrase("from day"),
    "to_day": Phrase("to day"),
    "from_date": Phrase("from date"),
    "to_date": Phrase("to date"),
    "window_day": Phrase("window day"),
    "why_ended": Phrase("why ended"),
    "lender": Phrase("lender"),
    "borrower": Phrase("borrower"),
    "unit_days": Phrase("unit days"),
    "what": Phrase("what"),
    "latitude": Phrase("latitude"),
    "longitude": Phrase("longitude"),
    "units_held": Phrase("units held"),
    "within_days": Phrase("within days"),
    "share_answered": Phrase("share answered"),
    "mean": Phrase("mean"),
    "median": Phrase("median"),
    "p5": Phrase("p5"),
    "p95": Phrase("p95"),
    "mission": Phrase("mission"),
    "day": Phrase("day"),
    "date": Phrase("date"),
    "requirement": Phrase("requirement"),
    "present": Phrase("present"),
    "borrowed": Phrase("borrowed"),
    "shortfall": Phrase("shortfall"),
    "mean_days": Phrase("mean days"),
    "median_days": Phrase("median days"),
    "p10_days": Phrase("p10 days"),
    "p90_days": Phrase("p90 days"),
    "start": Phrase("start"),
    "change": Phrase("change"),
    "exposure_unit_days": Phrase("exposure unit days"),
    "doubt": Phrase("doubt"),
    "path": Phrase("path"),
    "evppi": Phrase("worth of finding out"),
    "share_of_spread": Phrase("share of spread"),
    "best": Phrase("best"),
    "switches_at": Phrase("switches at"),
    "side": Phrase("side"),
    "best_after": Phrase("best after"),
    "share_of_units": Phrase("share of units"),
    "share_of_need": Phrase("share of need"),
}
"""Column -> what it is called."""
ENDS = {
    "_low": Phrase("{what} low"),
    "_high": Phrase("{what} high"),
    "_mean": Phrase("{what} mean"),
    "_p10": Phrase("{what} p10"),
    "_p90": Phrase("{what} p90"),
}
"""Ends of names of columns: of the interval of what another holds, or its mean and spread over replications."""
SAID: Mapping[str, Mapping[str, Phrase]] = {
    "cause": CAUSE_NAMES,
    "contributor": {UNNAMED: Phrase("unnamed")},
    "measure": {key: measure.title for key, measure in ALL_MEASURES.items()},
    "step": STEP_NAMES | {"request to arrival": FROM_REQUEST},
    "what": {"loans": Phrase("loans"), "mission": Phrase("mission")},
    "why_ended": ENDED | {"released": Phrase("released"), "refused": Phrase("refused")},
    "side": {
        "above": Phrase("above"),
        "below": Phrase("below"),
        "from": Phrase("from there on"),
        "up to": Phrase("up to there"),
    },
    "doubt": {"all together": Phrase("all together")},
}
"""Column -> words of the program in it, as they are read; any other text is a scenario's."""


def head(column: str) -> str:
    """What a column is called; that of an end, a mean or a tenth by what it is one of."""
    for suffix, named in ENDS.items():
        of = column.removesuffix(suffix)
        if of != column and of in HEADS:
            return named(what=HEADS[of]())
    return HEADS[column]() if column in HEADS else column.replace("_", " ")


def cell(column: str, value: Any) -> str:
    """A value of a column."""
    if isinstance(value, str) and value in SAID.get(column, {}):
        return SAID[column][value]()
    if isinstance(value, bool):
        return phrase("yes") if value else phrase("no")
    if isinstance(value, int | float):
        return numbers.in_full(float(value), 4)  # a column has one unit
    return numbers.UNKNOWN if value is None else str(value)
