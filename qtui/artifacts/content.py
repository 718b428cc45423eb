"""The contents of artifact views: lines of text, a tree, a table, a drawing or an image.

A content is opened and read in a background thread; its methods may take long and are safe to call from one thread at a
time. Texts are raw: the widget or command that shows them passes them through `qtui.text.display`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, TypeAlias

from qtui.errors import BadValue
from qtui.plot.picture import Picture
from qtui.plot.pieces import Row
from qtui.plot.rows import plain_text
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class RowCount:
    """The number of rows known so far, and whether all rows are counted."""

    count: int
    is_complete: bool = True


class TextContent(ABC):
    """Lines of text; a large file is indexed as far as it was scanned."""

    has_line_numbers: ClassVar[bool] = False
    language: str = ""
    """The name of the language for syntax colours, such as `python`; empty for plain text."""

    @abstractmethod
    def row_count(self) -> RowCount:
        """Return the number of lines known so far."""

    @abstractmethod
    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Return the lines from `start` to `stop`, fewer at the end; earlier lines are scanned if they were not."""

    def scan(self) -> Iterator[float]:
        """Scan the rest of the file, and yield the part that is done, from 0 to 1, at short intervals."""
        yield 1.0

    def search(self, text: str, start: int, step: int) -> Iterator[int | None]:
        """Search for a text, ignoring case, from line `start` on, forwards or backwards.

        Yields None at short intervals, so that the search can be cancelled, and then the line that matches; ends
        without a line if there is none.
        """
        needle = text.casefold()
        chunk = 256
        index = start
        while index >= 0:
            first, stop = (index, index + chunk) if step > 0 else (max(0, index - chunk + 1), index + 1)
            rows = self.rows(first, stop)
            numbered = list(enumerate(rows, first))
            for number, row in numbered if step > 0 else reversed(numbered):
                if needle in plain_text(row).casefold():
                    yield number
                    return
            if step > 0 and len(rows) < chunk:
                return
            index = stop if step > 0 else first - 1
            yield None


class TimedContent(TextContent):
    """Lines with times, which ascend."""

    @abstractmethod
    def time_at(self, line: int) -> int | None:
        """Return the time of a line, or of the next line with one, in milliseconds since the epoch; None without."""

    @abstractmethod
    def find_time(self, time_ms: int) -> Iterator[int | None]:
        """Find the first line at or after a time.

        Yields None at short intervals, so that the search can be cancelled, and then the line; ends without a line if
        all times are earlier, or there are none.
        """

    @abstractmethod
    def parse_time(self, text: str, line: int) -> int:
        """Return the time that a user means, in milliseconds since the epoch; raises BadValue for another text.

        A time of day or a step such as `+10m` counts from a line.
        """


class LogContent(TimedContent):
    """Lines of a log, with their levels and times."""

    @property
    @abstractmethod
    def levels(self) -> Sequence[str]:
        """The levels for `at_least`, the lowest first."""

    @abstractmethod
    def at_least(self, level: str) -> TimedContent:
        """Return the entries of this level and above, with their lines in the log."""


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A value in a tree: a label such as a key, a short text of its value, and its children, if it can be opened."""

    label: str
    text: str = ""
    role: str = "text"
    """The role that colours the text."""
    children: Callable[[], Sequence[TreeNode]] | None = None
    """Returns the children; None for a value without any."""
    value: Callable[[], str] | None = None
    """Returns the whole value as text, to be shown or copied; by default it is `text`."""


@dataclass(frozen=True, slots=True)
class TreeContent:
    """A tree of values. The top nodes are shown open."""

    top: tuple[TreeNode, ...]
    notes: tuple[str, ...] = ()
    """Sentences about the value, such as that a part of the file is damaged."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table, with the name of its type as the library that read it names it."""

    name: str
    type: str = ""
    is_number: bool = False
    """Whether the cells are aligned to the right and can be plotted."""


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """Statistics of a column as rows of (name, text), and the finite numbers of a sample for a histogram."""

    facts: tuple[tuple[str, str], ...]
    sample: tuple[float, ...] = ()
    is_metadata: bool = False
    """Whether they are the file's own, which have no quantiles and no sample."""


class TableContent(ABC):
    """A table of which only the visible part is read."""

    columns: Sequence[TableColumn]
    """The columns; the first `index_columns` of them stay visible."""
    index_columns: int = 0
    """The number of columns that name the rows, such as the index of a frame."""
    has_row_values: ClassVar[bool] = False
    """Whether `value` is that of the row in every column."""
    notes: Sequence[str] = ()
    """Sentences about the table, such as that a part of the file is damaged."""
    outer_shape: tuple[int, ...] = ()
    """The lengths of the axes before the last two of an array; `at` chooses an index of each."""

    def at(self, indices: Sequence[int]) -> TableContent:
        """Return the slice of an array at these indices of its outer axes; raises BadValue for others."""
        if indices:
            raise BadValue("The table has no other slices.")
        return self

    @abstractmethod
    def row_count(self) -> RowCount:
        """Return the number of rows known so far."""

    @abstractmethod
    def cells(self, start: int, stop: int, columns: Sequence[int]) -> Sequence[Sequence[str]]:
        """Return the texts of a window: for each row those of the chosen columns."""

    def value(self, row: int, column: int) -> str:
        """Return the whole value of a cell."""
        return self.cells(row, row + 1, (column,))[0][0]

    def raw_values(self, start: int, stop: int, columns: Sequence[int]) -> Sequence[Sequence[Any]]:
        """Return the values of a window for export: for each row those of the chosen columns."""
        return self.cells(start, stop, columns)

    def statistics(self, column: int) -> ColumnStatistics | None:
        """Return the statistics of a column that are cheap, such as the file's own; None if there are none."""
        return None

    def scan_statistics(self, column: int) -> Iterator[float | ColumnStatistics]:
        """Yield the part of a column that is read, from 0 to 1, at short intervals, and then its full statistics."""
        if (statistics := self.statistics(column)) is not None:
            yield statistics

    def numbers(self, column: int, start: int = 0, stop: int | None = None) -> Sequence[float]:
        """Return numbers of a column for a plot; raises BadValue for a column of another type."""
        raise BadValue(f"{self.columns[column].name} has no numbers.")

    def sort(self, column: int, *, descending: bool) -> TableContent | None:
        """Return the table sorted by a column; None if no table of this kind can be sorted.

        Raises ArtifactUnreadable if this one is too large, BadValue if the values have no order.
        """
        return None

    def filter(self, text: str) -> TableContent | None:
        """Return the rows with a cell that contains the text, or that satisfy `column OP value`; None if unsupported.

        Raises ArtifactUnreadable if the table is too large, BadValue if the value does not fit the column.
        """
        return None

    def scan(self) -> Iterator[float]:
        """Read the rest of the rows, and yield the part that is done, from 0 to 1, at short intervals."""
        yield 1.0


class DrawingContent(ABC):
    """A picture that is drawn for a number of cells, such as a histogram."""

    @abstractmethod
    def draw(self, cells: int, rows: int, *, ascii_only: bool = False) -> Picture:
        """Return the picture in exactly this size."""


class ImageContent(ABC):
    """An image of pixels."""

    caption: str
    """The format and size in words."""

    @property
    @abstractmethod
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    @abstractmethod
    def pixels(self, width: int, height: int, background: tuple[int, int, int] = (0, 0, 0)) -> bytes:
        """Return the image scaled to this size as RGB bytes, row by row; transparent parts show the background."""

    @abstractmethod
    def png(self, size: tuple[int, int], canvas: tuple[int, int], background: tuple[int, int, int]) -> bytes:
        """Return the image scaled to a size, in the middle of a canvas of the background, as a PNG file."""

    @abstractmethod
    def palette_pixels(
        self, size: tuple[int, int], canvas: tuple[int, int], background: tuple[int, int, int]
    ) -> tuple[bytes, bytes]:
        """Return a palette as RGB bytes, and the image on its canvas with one index of the palette for each pixel."""


Content: TypeAlias = TextContent | TreeContent | TableContent | DrawingContent | ImageContent
