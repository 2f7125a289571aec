"""`summary.csv`: the comparison as one table for spreadsheets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from sim.comparison.comparison import Comparison
from sim.measures.catalogue import MEASURES
from sim.questions.decision.decision import Decision
from sim.results.disk import SUMMARY
from sim.results.manifest import write_whole
from sim.words.cells import csv_text

HEAD = (
    "option",
    "measure",
    "mean",
    "sd",
    "low",
    "high",
    "difference",
    "difference_low",
    "difference_high",
    "significant",
)
"""A row is one measure of one option; the difference is from the reference, empty for the reference itself."""


def write_summary(found: Decision, folder: Path) -> Path:
    """Write the comparison, with the bad cases and the bound, into the folder; the file's path."""
    path = folder / SUMMARY
    write_whole(path, csv_text([HEAD, *summary_rows(found)]))
    return path


def summary_rows(found: Decision) -> Iterator[list[Any]]:
    """The rows under HEAD; "" where there is no number."""
    yield from _rows(found.comparison)
    yield from _judged(found)


def _rows(comparison: Comparison) -> Iterator[list[Any]]:
    for name, option in comparison.options.items():
        for measure in MEASURES:
            found = option.measures[measure]
            row: list[Any] = [name, measure, *_plain(found.mean, found.sd, found.low, found.high)]
            apart = comparison.differences.get(name, {}).get(measure)
            if apart is None:
                yield [*row, "", "", "", ""]
            else:
                yield [*row, *_plain(apart.mean, apart.low, apart.high), "yes" if apart.significant else "no"]
        for cause, found in option.unmet_by_cause.items():
            numbers = _plain(found.mean, found.sd, found.low, found.high)
            yield [name, f"unmet_unit_days: {cause}", *numbers, "", "", "", ""]


def _judged(found: Decision) -> Iterator[list[Any]]:
    """The cases and the bound of every option; they have no difference."""
    for name, tail in found.verdict.tails.items():
        cases = {
            "unmet_unit_days: P5": tail.p5,
            "unmet_unit_days: median": tail.median,
            "unmet_unit_days: P95": tail.p95,
        }
        cases[f"chance of a shortfall > {found.verdict.longer_than_days:g} days"] = tail.longer
        regret = found.regrets.get(name)
        if regret is not None:
            cases |= {field.name: getattr(regret, field.name) for field in fields(regret)}
        for measure, each in cases.items():
            yield [name, measure, *_plain(each.mean, each.sd, each.low, each.high), "", "", "", ""]


def _plain(*values: float) -> list[float | str]:
    return [value if math.isfinite(value) else "" for value in values]
