"""The rows of a CSV file of any size: an index of their offsets that knows quoted line breaks, and their bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qtui.artifacts.source import Source
from qtui.artifacts.text.text_file import BLOCK_BYTES, LineIndex
from qtui.errors import ArtifactUnreadable

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINE_BREAK = ord("\n")
MAX_ROW_BYTES = 1 << 20
"""Bytes in which a quoted value has to end; a longer row is cut."""
MAX_SKIPPED_ROWS = 100
"""Rows that are read over to the next one, rather than looked up in the index."""


class UnclosedQuote(ArtifactUnreadable):
    """A quoted value does not end within `MAX_ROW_BYTES`, so that the quotes mean something else."""


class RowIndex(LineIndex):
    """An index of rows, where a line break inside of quotes ends no row."""

    def __init__(self, source: Source, delimiter: str) -> None:
        super().__init__(source)
        separators = re.escape(delimiter.encode()) + rb"\r\n"
        # A pattern that begins with a quote is searched many times faster than one that begins with a lookbehind.
        self._quoted = re.compile(rb'"(?<![^' + separators + rb']")[^"]*(?:""[^"]*)*("|\Z)')
        self._rest = re.compile(rb'[^"]*(?:""[^"]*)*("|\Z)')
        self._last_byte = b"\n"
        self._open_bytes = 0
        self._ended_with_quote = False

    @property
    def is_open(self) -> bool:
        """Whether a quoted value goes on after the last block."""
        return self._open_bytes > 0

    def scan_block(self) -> bool:
        """Index one more block; return False at the end of the file. Raises UnclosedQuote."""
        has_more = super().scan_block()
        if not has_more and self.is_open:
            raise UnclosedQuote("A quoted value does not end.")
        return has_more

    def line_ends(self, block: bytes) -> tuple[int, int]:
        """Return the place after the first row's end in the next block, 0 without one, and the number of ends."""
        spans = self.unquoted_spans(block)
        places = (block.find(b"\n", *span) + 1 for span in spans)
        return next(filter(None, places), 0), sum(block.count(b"\n", *span) for span in spans)

    def unquoted_spans(self, block: bytes) -> list[tuple[int, int]]:
        """Return the parts of the next block that are outside of quotes, as (start, stop)."""
        if not self._open_bytes and b'"' not in block:
            self._ended_with_quote = False
            self._last_byte = block[-1:]
            return [(0, len(block))]
        # The last byte of the block before tells whether a quote is at the start of a value.
        data = self._last_byte + block
        spans: list[tuple[int, int]] = []
        position = 1
        if self._ended_with_quote and block.startswith(b'"'):
            self._open_bytes, position = 1, 2
        if self._open_bytes:
            position = self._close(self._rest.match(data, position), len(data))
        for match in self._quoted.finditer(data, position):
            spans.append((position - 1, match.start() - 1))
            position = self._close(match, len(data))
        spans.append((position - 1, len(block)))
        self._last_byte = data[-1:]
        return spans

    def _close(self, match: re.Match[bytes] | None, size: int) -> int:
        """Remember whether a quoted value goes on after the block, and return the place where it ends in it."""
        assert match is not None
        is_open = not match[1]
        self._open_bytes = self._open_bytes + match.end() - match.start() if is_open else 0
        if self._open_bytes > MAX_ROW_BYTES:
            raise UnclosedQuote("A quoted value does not end.")
        self._ended_with_quote = not is_open and match.end() == size
        return match.end()


def records(source: Source, offset: int, delimiter: str, *, has_quotes: bool = True) -> Iterator[bytes]:
    """Yield the rows from the offset of one of them, without their ends; a row that is too long is cut.

    Raises UnclosedQuote.
    """
    separators = re.escape(delimiter.encode()) + rb"\r\n"
    parts = re.compile(rb'"(?<![^' + separators + rb']")[^"]*(?:""[^"]*)*(?:"|(\Z))|\n')
    rest = b""
    while block := source.read(offset, BLOCK_BYTES):
        offset += len(block)
        rows, is_open = _split(rest + block, parts if has_quotes else None)
        rest = rows.pop()
        yield from (row.removesuffix(b"\r") for row in rows)
        if len(rest) > MAX_ROW_BYTES:
            if is_open:
                raise UnclosedQuote("A quoted value does not end.")
            yield rest
            following = LineIndex(source).next_offset(offset)
            rest = b""
            if following is None:
                return
            offset = following
    if rest:
        if has_quotes and _split(rest, parts)[1]:
            raise UnclosedQuote("A quoted value does not end.")
        yield rest.removesuffix(b"\r")


def _split(data: bytes, parts: re.Pattern[bytes] | None) -> tuple[list[bytes], bool]:
    """Return the rows in these bytes, the last one as far as it is there, and whether a quoted value is open."""
    if parts is None or b'"' not in data:
        return data.split(b"\n"), False
    rows: list[bytes] = []
    start, is_open = 0, False
    for match in parts.finditer(data):
        if match[0] == b"\n":
            rows.append(data[start : match.start()])
            start = match.end()
        is_open = match[1] is not None
    return [*rows, data[start:]], is_open


def row_offsets(source: Source, delimiter: str, *, has_quotes: bool) -> NDArray[Any]:
    """Return the offset of every row of a file, and that of its end. Raises UnclosedQuote."""
    import numpy as np

    index = RowIndex(source, delimiter)
    parts = [np.zeros(1, dtype=np.uint64)]
    offset = 0
    while block := source.read(offset, BLOCK_BYTES):
        breaks = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == LINE_BREAK)
        if has_quotes:
            edges = np.array(index.unquoted_spans(block)).ravel()
            breaks = breaks[np.searchsorted(edges, breaks, side="right") % 2 == 1]
        parts.append(np.uint64(offset + 1) + breaks.astype(np.uint64))
        offset += len(block)
    if index.is_open:
        raise UnclosedQuote("A quoted value does not end.")
    starts = np.concatenate(parts)
    return starts if starts[-1] == offset else np.append(starts, np.uint64(offset))


def records_of(source: Source, offsets: NDArray[Any], numbers: Sequence[int]) -> list[bytes]:
    """Return the rows with these numbers, without their ends; a row that is too long is cut."""
    starts, ends = offsets[numbers].tolist(), offsets[[number + 1 for number in numbers]].tolist()
    rows = (source.read(start, min(end - start, MAX_ROW_BYTES)) for start, end in zip(starts, ends, strict=True))
    return [row.removesuffix(b"\n").removesuffix(b"\r") for row in rows]


def records_at(
    source: Source, index: LineIndex, numbers: Sequence[int], delimiter: str, *, has_quotes: bool
) -> list[bytes]:
    """Return the rows with these numbers in this order; numbers that soon follow one another are read together."""
    rows: list[bytes] = []
    place = 0
    while place < len(numbers):
        start = numbers[place]
        known, offset = index.line_before(start)
        for number, row in enumerate(records(source, offset, delimiter, has_quotes=has_quotes), known):
            if number < numbers[place]:
                continue
            rows.append(row)
            place += 1
            if place == len(numbers) or not 0 < numbers[place] - number <= MAX_SKIPPED_ROWS:
                break
        else:
            return rows
    return rows
