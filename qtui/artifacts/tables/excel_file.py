"""Sheets of Excel workbooks as tables, if openpyxl is installed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import dropwhile
from typing import Any
from zipfile import BadZipFile, ZipFile

from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.tables.frame_table import FrameTable
from qtui.artifacts.tables.numpy_file import check_zip_directory
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable
from qtui.formatting import format_size

ZIP_START = b"PK\x03\x04"
EXCEL_SUFFIXES = (".xlsx", ".xlsm")
MAX_UNPACKED_BYTES = 1 << 28
"""The largest workbook, before it was compressed."""
MAX_LIST_BYTES = 1 << 20
"""Bytes of the list of sheets."""
MAX_SHEETS = 200
MAX_CELLS = 5_000_000
SHEET = re.compile(r'<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"')


class ExcelViewer(Viewer):
    """A workbook."""

    name = "Excel"

    def recognises(self, sample: Sample) -> bool:
        """Return whether the file is a zip archive with a workbook, or named as one."""
        return sample.head.startswith(ZIP_START) and (sample.suffix in EXCEL_SUFFIXES or b"xl/workbook" in sample.head)

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        names = _sheet_names(source) or ["table"]
        return [View(name, partial(open_sheet, source, number)) for number, name in enumerate(names)]


def _sheet_names(source: Source) -> list[str]:
    """Return the names of the sheets; none if the workbook is damaged, as opening one will say."""
    try:
        check_zip_directory(source)
        with ZipFile(source.reader()) as archive, archive.open("xl/workbook.xml") as file:
            text = file.read(MAX_LIST_BYTES).decode("utf-8", "replace")
    except (ArtifactUnreadable, BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return []
    return [html.unescape(name) for name in SHEET.findall(text)[:MAX_SHEETS]]


def open_sheet(source: Source, number: int) -> FrameTable:
    """Return a sheet as a table with the stored results of its formulas; raises ArtifactUnreadable."""
    try:
        import openpyxl
    except ImportError:
        raise ArtifactUnreadable("Excel files need openpyxl: pip install 'qtui[excel]'") from None
    check_zip_directory(source)
    try:
        with ZipFile(source.reader()) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > MAX_UNPACKED_BYTES:
            raise ArtifactUnreadable(
                f"{source.path} unpacks to {format_size(size)}; the limit is {format_size(MAX_UNPACKED_BYTES)}."
            )
        book = openpyxl.load_workbook(source.reader(), read_only=True, data_only=True)
        rows = list(_rows(book.worksheets[number]))
    except ArtifactUnreadable:
        raise
    except Exception as error:
        # openpyxl raises whatever the first unexpected part of a damaged workbook leads to.
        reason = str(error).partition("\n")[0][:200].rstrip(".") or type(error).__name__
        raise ArtifactUnreadable(f"{source.path} is no complete workbook: {reason}.") from None
    return FrameTable(_frame(rows), [f"Only the first {MAX_CELLS:,} cells are shown."] * _is_cut(rows))


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a sheet up to the limit of cells; the size that the sheet announces is ignored."""
    sheet.reset_dimensions()
    left = MAX_CELLS
    for row in sheet.iter_rows(values_only=True):
        left -= max(1, len(row))
        yield row
        if left <= 0:
            return


def _is_cut(rows: Sequence[Sequence[Any]]) -> bool:
    return sum(max(1, len(row)) for row in rows) >= MAX_CELLS


def _frame(rows: list[tuple[Any, ...]]) -> Any:
    """Return the rows as a frame; a first row of texts, before which an index has no names, names the columns."""
    import pandas as pd

    width = max(map(len, rows), default=0)
    names = list(map(str, range(width)))
    first = list(dropwhile(lambda cell: cell is None, rows[0])) if rows else []
    if first and all(isinstance(cell, str) for cell in first):
        names = [cell or "" for cell in rows.pop(0)]
        names += [""] * (width - len(names))
    columns = {number: [row[number] if number < len(row) else None for row in rows] for number in range(width)}
    frame = pd.DataFrame(columns, index=range(len(rows)))
    return frame.set_axis(names, axis="columns")
