"""Lines of text files of any size: only the visible windows are read, the rest is scanned for line breaks."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import ClassVar

from qtui.artifacts.content import RowCount, TextContent
from qtui.artifacts.source import Source
from qtui.errors import ArtifactUnreadable
from qtui.plot.pieces import Piece, Row

BLOCK_BYTES = 1 << 16
"""The index has one entry for a block."""
MAX_CONVERTED_BYTES = 1 << 28
"""The largest text that is converted to UTF-8 for reading."""
MAX_LINE_BYTES = 1 << 14
"""Bytes of a line that are shown; the rest of a longer line is left out and counted."""
MAX_LINE_SCAN_BYTES = 1 << 23
"""Bytes in which the end of a long line is searched before it is taken for the last one."""
SCAN_BYTES = 1 << 24
"""Bytes that are scanned between two reports of the progress."""


class LineIndex:
    """Finds the offset of a line: it remembers the first line that begins in each block of the file.

    One thread can scan while another one reads.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines = [0]
        self._offsets = [0]
        self._scanned = 0
        self._newlines = 0
        self._lock = Lock()

    @property
    def scanned(self) -> int:
        """The offset up to which the file is indexed."""
        return self._scanned

    def row_count(self) -> RowCount:
        """Return the number of lines that begin in the indexed part; a last line break ends a line and begins none."""
        is_complete = not self._source.has_more(self._scanned)
        if not self._scanned:
            return RowCount(0, is_complete)
        ends_with_break = self._source.read(self._scanned - 1, 1) == b"\n"
        return RowCount(self._newlines + (not ends_with_break), is_complete)

    def scan_block(self) -> bool:
        """Index one more block; return False at the end of the file."""
        with self._lock:
            block = self._source.read(self._scanned, BLOCK_BYTES)
            if not block:
                return False
            first, count = self.line_ends(block)
            if count:
                self._lines.append(self._newlines + 1)
                self._offsets.append(self._scanned + first)
            self._newlines += count
            self._scanned += len(block)
            return True

    def line_ends(self, block: bytes) -> tuple[int, int]:
        """Return the place after the first end of a line in the next block, 0 without one, and the number of ends."""
        return block.find(b"\n") + 1, block.count(b"\n")

    def scan_to_line(self, line: int) -> None:
        """Index the file until a line begins in the indexed part."""
        while self._newlines < line and self.scan_block():
            pass

    def line_before(self, line: int) -> tuple[int, int]:
        """Return the last remembered line up to `line`, and its offset."""
        with self._lock:
            place = bisect_right(self._lines, line) - 1
            return self._lines[place], self._offsets[place]

    def scan_to_offset(self, offset: int) -> None:
        """Index the file at least up to an offset."""
        while self._scanned < offset and self.scan_block():
            pass

    def next_offset(self, offset: int) -> int | None:
        """Return the offset after the next line break, or the size of the file where its last line has none.

        Returns None if no line break follows within `MAX_LINE_SCAN_BYTES`.
        """
        end = offset + MAX_LINE_SCAN_BYTES
        while offset < end and (block := self._source.read(offset, BLOCK_BYTES)):
            if (place := block.find(b"\n")) >= 0:
                return offset + place + 1
            offset += len(block)
        return None if self._source.has_more(offset) else offset


def open_text(source: Source, encoding: str, language: str = "") -> TextFile:
    """Return the lines of a text; raises ArtifactUnreadable if it has to be converted and is too large for that."""
    return TextFile(*utf8_source(source, encoding), language)


def utf8_source(source: Source, encoding: str) -> tuple[Source, str]:
    """Return a source whose bytes can be split at line breaks, and its encoding.

    A text in UTF-16 or UTF-32 is converted into a temporary file; raises ArtifactUnreadable if it is too large.
    """
    if not encoding.startswith(("utf-16", "utf-32")):
        return source, encoding
    if source.size > MAX_CONVERTED_BYTES:
        raise ArtifactUnreadable(
            f"{source.path} has {source.size:,} bytes of {encoding.upper()} text; the limit is {MAX_CONVERTED_BYTES:,}."
        )
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    offsets = range(0, source.size, SCAN_BYTES)
    chunks = (decoder.decode(source.read(offset, SCAN_BYTES)).encode("utf-8", "replace") for offset in offsets)
    return Source.of_chunks(chunks, source.path), "utf-8"


class TextFile(TextContent):
    """The lines of a text."""

    has_line_numbers: ClassVar[bool] = True

    def __init__(self, source: Source, encoding: str, language: str = "") -> None:
        self._source = source
        self._encoding = encoding
        self.language = language
        self._index = LineIndex(source)

    def row_count(self) -> RowCount:
        return self._index.row_count()

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Return the lines from `start` to `stop`; a line that is too long ends with the number of its other bytes."""
        return [self._row(line, extra) for line, extra in self.lines(start, stop)]

    def lines(self, start: int, stop: int) -> Iterator[tuple[bytes, int]]:
        """Yield the bytes of lines without their ends, and how many more bytes a line has than are read of it."""
        self._index.scan_to_line(start)
        line, offset = self._index.line_before(start)
        file = self._source.reader()
        file.seek(offset)
        while line < stop and (content := file.readline(MAX_LINE_BYTES + 1)):
            extra = 0
            if len(content) > MAX_LINE_BYTES and not content.endswith(b"\n"):
                position = file.tell()
                following = self._index.next_offset(position)
                end = self._source.size if following is None else following
                extra = end - position + 1 - (self._source.read(end - 1, 1) == b"\n")
                file.seek(end)
                content = content[:MAX_LINE_BYTES]
            if line >= start:
                yield content.removesuffix(b"\n").removesuffix(b"\r"), extra
            line += 1
        self._index.scan_to_offset(min(file.tell(), offset + MAX_LINE_SCAN_BYTES))

    def scan(self) -> Iterator[float]:
        reported = self._index.scanned
        while self._index.scan_block():
            if self._index.scanned - reported >= SCAN_BYTES:
                reported = self._index.scanned
                yield self._source.progress(reported)
        yield 1.0

    def _row(self, line: bytes, extra: int) -> Row:
        text = Piece(line.decode(self._encoding, "replace"))
        return (text, Piece(f" … {extra:,} more bytes", "muted")) if extra else (text,)
