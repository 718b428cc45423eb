"""Tables over CSV files of any size: only the visible rows are read; sorting and filtering read one column."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import ColumnStatistics, RowCount, TableColumn, TableContent
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.tables.csv_dialect import CsvDialect, detect_dialect, parse_record
from qtui.artifacts.tables.csv_rows import RowIndex, UnclosedQuote, records_at, records_of, row_offsets
from qtui.artifacts.tables.frame_filter import comparison_mask, parse_comparison
from qtui.artifacts.tables.frame_statistics import RunningStatistics, series_statistics
from qtui.artifacts.tables.table_limits import MAX_FRAME_BYTES, check_loadable
from qtui.artifacts.text.text_file import SCAN_BYTES, LineIndex, utf8_source
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import Series

MAX_LOADED_COLUMNS = 4
"""Columns that are kept in memory."""
MAX_PLOTTED_ROWS = 1_000_000
"""Rows that are read for a plot of a part of a large file."""
CHUNK_ROWS = 200_000
"""Rows that are read between two reports of the progress."""
SEARCH_CHUNK_ROWS = 10_000
"""Rows that are searched at a time."""
ROWS_AROUND = 100
"""Rows before and after a window that are read with it, so that the cursor can move on without reading."""
UNCLOSED_QUOTE_NOTE = "Unclosed quote: quotes are read as text, each line as a row."


class CsvTable(TableContent):
    """The rows of a CSV file, or those of them that a filter selects, in the order of a sort."""

    def __init__(self, source: Source, encoding: str, dialect: CsvDialect) -> None:
        self._source = source
        self._encoding = encoding
        self._dialect = dialect
        self._has_quotes = True
        self._index: LineIndex = RowIndex(source, dialect.delimiter)
        self._row_order: NDArray[Any] | None = None
        self._row_offsets: NDArray[Any] | None = None
        """The offset of every row of a sorted table, whose rows are scattered over the file."""
        self._around: tuple[int, list[str]] = (0, [])
        self._column_cache: OrderedDict[int, Series[Any]] = OrderedDict()
        self.columns = [
            TableColumn(name, kind, kind in ("integer", "number"))
            for name, kind in zip(dialect.names, dialect.types, strict=True)
        ]
        # The first column is an index, as that of a frame, if it has no name.
        self.index_columns = int(dialect.has_header and len(self.columns) > 1 and not self.columns[0].name)

    def row_count(self) -> RowCount:
        if self._row_order is not None:
            return RowCount(len(self._row_order))
        return self._file_rows()

    def _file_rows(self) -> RowCount:
        known = self._index.row_count()
        return RowCount(max(0, known.count - self._dialect.has_header), known.is_complete)

    def cells(self, start: int, stop: int, columns: Sequence[int]) -> Sequence[Sequence[str]]:
        """Return the texts of a window as they are in the file; further values of a longer row are in its last cell."""
        rows = [self._values_of(record) for record in self._records(start, stop)]
        return [tuple(row[column] for column in columns) for row in rows]

    def scan(self) -> Iterator[float]:
        reported = self._index.scanned
        while self._scan_block():
            if self._index.scanned - reported >= SCAN_BYTES:
                reported = self._index.scanned
                yield self._source.progress(reported)
        yield 1.0

    def statistics(self, column: int) -> ColumnStatistics | None:
        if self._source.size > MAX_FRAME_BYTES:
            return None
        return series_statistics(self._column_values(column))

    def scan_statistics(self, column: int) -> Iterator[float | ColumnStatistics]:
        if (quick := self.statistics(column)) is not None:
            yield quick
            return
        running, file = RunningStatistics(), self._source.reader()
        with self._read_csv(file, column, chunksize=CHUNK_ROWS) as chunks:
            for chunk in chunks:
                running.add(chunk.iloc[:, 0])
                yield self._source.progress(file.tell())
        yield running.result()

    def numbers(self, column: int, start: int = 0, stop: int | None = None) -> Sequence[float]:
        """Return numbers of a column; a part of a large file is read alone."""
        import pandas as pd

        if not self.columns[column].is_number:
            return super().numbers(column, start, stop)
        if self._source.size > MAX_FRAME_BYTES and stop is not None and stop - start <= MAX_PLOTTED_ROWS:
            texts = [row[0] for row in self.cells(start, stop, (column,))]
            values = pd.Series(texts, dtype=object)
        else:
            check_loadable(self._source.size, self._source.path, "plotted whole")
            values = self._column_values(column).iloc[start:stop]
        numbers: list[float] = pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64").tolist()
        return numbers

    def sort(self, column: int, *, descending: bool) -> CsvTable:
        check_loadable(self._source.size, self._source.path, "sorted")
        self._offsets()
        values = self._column_values(column).reset_index(drop=True)
        order = values.sort_values(ascending=not descending, kind="stable").index.to_numpy()
        return self._with_rows(order)

    def filter(self, text: str) -> CsvTable:
        import numpy as np

        check_loadable(self._source.size, self._source.path, "filtered")
        comparison = parse_comparison(text, self._dialect.names)
        if comparison is not None:
            name = self._dialect.names[comparison.column]
            return self._with_rows(
                np.flatnonzero(comparison_mask(self._column_values(comparison.column), comparison, name))
            )
        row_numbers = np.arange(self._complete_count()) if self._row_order is None else self._row_order
        by_number = np.argsort(row_numbers)
        matches = np.fromiter(self._matches(text.strip().casefold(), row_numbers[by_number]), bool)
        return self._with_rows(np.sort(by_number[np.flatnonzero(matches)]))

    def _matches(self, needle: str, row_numbers: NDArray[Any]) -> Iterator[bool]:
        """Yield whether a cell of a row holds a text, for rows in ascending order."""
        # A cell is a part of its row, except for doubled quotes, so that most rows need not be parsed.
        is_plain = '"' not in needle
        for start in range(0, len(row_numbers), SEARCH_CHUNK_ROWS):
            for record in self._records_at(row_numbers[start : start + SEARCH_CHUNK_ROWS].tolist()):
                yield (not is_plain or needle in record.casefold()) and any(
                    needle in cell.casefold() for cell in self._values_of(record)
                )

    def _with_rows(self, order: NDArray[Any]) -> CsvTable:
        """Return a table of some rows, which shares the index and the loaded columns."""
        table = CsvTable(self._source, self._encoding, self._dialect)
        table._has_quotes, table._index, table._column_cache = self._has_quotes, self._index, self._column_cache
        table._row_offsets, table.notes = self._row_offsets, self.notes
        table._row_order = order if self._row_order is None else self._row_order[order]
        return table

    def _values_of(self, record: str) -> list[str]:
        """Return the values of a row, as many as there are columns."""
        dialect, width = self._dialect, len(self.columns)
        values = parse_record(record, dialect.delimiter, has_quotes=self._has_quotes)
        if len(values) > width:
            values[width - 1 :] = [dialect.delimiter.join(values[width - 1 :])]
        return values + [""] * (width - len(values))

    def _records(self, start: int, stop: int) -> list[str]:
        """Return the texts of the rows of a window."""
        if self._row_order is not None:
            return self._scattered_records(self._row_order[start:stop].tolist())
        first, around = self._around
        if not first <= start <= stop <= first + len(around):
            first = max(0, start - ROWS_AROUND)
            self._scan_to_row(start + self._dialect.has_header)
            around = self._records_at(range(first, stop + ROWS_AROUND))
            # The last row of a growing file may be longer when it is read again.
            self._around = first, around[:-1]
        return around[start - first : stop - first]

    def _scattered_records(self, row_numbers: Sequence[int]) -> list[str]:
        """Return the texts of rows anywhere in the file."""
        offsets = self._offsets()
        numbers = [number + self._dialect.has_header for number in row_numbers]
        return [row.decode(self._encoding, "replace") for row in records_of(self._source, offsets, numbers)]

    def _offsets(self) -> NDArray[Any]:
        """Return the offset of every row; the first time, the whole file is read."""
        while self._row_offsets is None:
            try:
                self._row_offsets = row_offsets(self._source, self._dialect.delimiter, has_quotes=self._has_quotes)
            except UnclosedQuote:
                self._ignore_quotes()
        return self._row_offsets

    def _records_at(self, row_numbers: Sequence[int]) -> list[str]:
        """Return the texts of the rows with these numbers."""
        record_numbers = [number + self._dialect.has_header for number in row_numbers]
        delimiter = self._dialect.delimiter
        try:
            rows = records_at(self._source, self._index, record_numbers, delimiter, has_quotes=self._has_quotes)
        except UnclosedQuote:
            self._ignore_quotes()
            return self._records_at(row_numbers)
        return [row.decode(self._encoding, "replace") for row in rows]

    def _scan_block(self) -> bool:
        try:
            return self._index.scan_block()
        except UnclosedQuote:
            self._ignore_quotes()
            return True

    def _scan_to_row(self, row: int) -> None:
        while self._index.row_count().count <= row and self._scan_block():
            pass

    def _ignore_quotes(self) -> None:
        """Index the file again by its lines."""
        self._has_quotes = False
        self.notes = (UNCLOSED_QUOTE_NOTE,)
        self._index = LineIndex(self._source)
        self._column_cache.clear()
        self._around = (0, [])
        self._row_offsets = None

    def _complete_count(self) -> int:
        """Return the number of rows in the file, which is indexed to its end."""
        if self._row_offsets is not None:
            return max(0, len(self._row_offsets) - 1 - self._dialect.has_header)
        while self._scan_block():
            pass
        return self._file_rows().count

    def _column_values(self, column: int) -> Series[Any]:
        """Return the values of a column in the order of the rows."""
        values = self._series(column)
        return values if self._row_order is None else values.iloc[self._row_order]

    def _series(self, column: int) -> Series[Any]:
        """Return all values of a column; the last few columns are kept."""
        if column not in self._column_cache:
            self._column_cache[column] = self._load(column)
            while len(self._column_cache) > MAX_LOADED_COLUMNS:
                self._column_cache.popitem(last=False)
        self._column_cache.move_to_end(column)
        return self._column_cache[column]

    def _load(self, column: int) -> Series[Any]:
        import pandas as pd

        count = self._complete_count()
        try:
            values: Series[Any] = self._read_csv(self._source.reader(), column).iloc[:, 0]
            if len(values) == count:
                return values
        except (ValueError, OverflowError):
            pass
        # pandas and the index disagree about a row that is not well-formed: the index is right, and slower.
        texts = pd.Series([self._values_of(record)[column] for record in self._records_at(range(count))], dtype=object)
        if self.columns[column].is_number:
            return pd.to_numeric(texts, errors="coerce")
        return texts.where(texts != "", None)

    def _read_csv(self, file: Any, column: int, **options: Any) -> Any:
        """Read one column with pandas; a column of texts keeps them, also `NA` and leading zeros."""
        import csv
        import warnings

        import pandas as pd

        dialect = self._dialect
        is_text = dialect.types[column] in ("text", "time")
        if is_text:
            options |= {"keep_default_na": False, "na_values": [""], "dtype": str}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.ParserWarning)
            return pd.read_csv(
                file,
                sep=dialect.delimiter,
                header=0 if dialect.has_header else None,
                names=list(range(len(dialect.names))),
                usecols=[column],
                index_col=False,
                quoting=csv.QUOTE_MINIMAL if self._has_quotes else csv.QUOTE_NONE,
                skip_blank_lines=False,
                encoding=self._encoding,
                encoding_errors="replace",
                low_memory=False,
                **options,
            )


class CsvViewer(Viewer):
    """Delimited text as a table."""

    name = "CSV"

    def recognises(self, sample: Sample) -> bool:
        """Return whether the text is a table by its suffix, or by rows that are alike."""
        return detect_dialect(sample) is not None

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("table", partial(open_csv, source, sample)),)


def open_csv(source: Source, sample: Sample) -> CsvTable:
    """Return the table of a CSV file; raises ArtifactUnreadable."""
    dialect = detect_dialect(sample)
    if dialect is None:
        raise ArtifactUnreadable(f"{source.path} is not a table.")
    return CsvTable(*utf8_source(source, sample.encoding), dialect)
