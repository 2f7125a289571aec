"""The workbook behind a chart of a deck: names in it are text, never formulas, and intervals stand beside the means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pptx.chart import xlsx as _xlsx
from pptx.chart.data import CategoryChartData, XyChartData

TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""A name from a scenario that begins with = must not run when somebody edits the chart's data."""
xlsx: Any = _xlsx  # python-pptx has no types for what follows
_category_data: Any = CategoryChartData
_xy_data: Any = XyChartData
_category_writer: Any = xlsx.CategoryWorkbookWriter
_xy_writer: Any = xlsx.XyWorkbookWriter


@contextmanager
def _open(_: Any, file: Any) -> Iterator[tuple[Any, Any]]:
    book = xlsx.Workbook(file, TEXT)
    yield book, book.add_worksheet()
    book.close()


class _Rows(_category_writer):  # type: ignore[misc]
    """A row a category, and what stands beside its values."""

    _open_worksheet = _open

    def _populate_worksheet(self, workbook: Any, worksheet: Any) -> None:
        super()._populate_worksheet(workbook, worksheet)
        for column, (head, values) in enumerate(self._chart_data.beside.items(), 1 + len(list(self._chart_data))):
            worksheet.write(0, column, head)
            worksheet.write_column(1, column, values)


class _Points(_xy_writer):  # type: ignore[misc]
    _open_worksheet = _open


class Rows(_category_data):  # type: ignore[misc]
    """Data of bars: names, one or more series, and columns that stand beside them."""

    def __init__(self, names: Sequence[str], figures: str, beside: Mapping[str, Sequence[float]] | None = None) -> None:
        super().__init__(number_format=figures)
        self.categories = list(names)
        self.beside = beside or {}

    @property
    def _workbook_writer(self) -> Any:
        return _Rows(self)


class Points(_xy_data):  # type: ignore[misc]
    """Data of marks."""

    @property
    def _workbook_writer(self) -> Any:
        return _Points(self)
