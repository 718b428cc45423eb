"""Any file as bytes in hexadecimal with their characters."""

from __future__ import annotations

from collections.abc import Sequence

from qtui.artifacts.content import RowCount, TextContent
from qtui.artifacts.source import Source
from qtui.plot.pieces import Piece, Row

ROW_BYTES = 16
PRINTABLE = bytes(code if 0x20 <= code < 0x7F else 0x2E for code in range(256))
"""Maps a byte to its ASCII character, or to a dot."""


class HexDump(TextContent):
    """Sixteen bytes in a row, with the offset before and the characters after them."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def row_count(self) -> RowCount:
        return RowCount(-(-self._source.size // ROW_BYTES))

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        data = self._source.read(start * ROW_BYTES, (stop - start) * ROW_BYTES)
        digits = max(8, len(f"{self._source.size:x}"))
        return [
            self._row(start * ROW_BYTES + offset, data[offset : offset + ROW_BYTES], digits)
            for offset in range(0, len(data), ROW_BYTES)
        ]

    def _row(self, offset: int, data: bytes, digits: int) -> Row:
        half = ROW_BYTES // 2
        numbers = f"{data[:half].hex(' '):<{half * 3}} {data[half:].hex(' ')}"
        return (
            Piece(f"{offset:0{digits}x}  ", "muted"),
            Piece(f"{numbers:<{ROW_BYTES * 3}}  "),
            Piece(data.translate(PRINTABLE).decode("ascii"), "muted"),
        )
