"""PDF documents: title, number of pages, and the text that is not encoded as glyphs; without a PDF library."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from qtui.artifacts.content import TextContent
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.text.text_rows import TextRows
from qtui.artifacts.viewer import View, Viewer
from qtui.plot.pieces import Piece, Row

MAX_PDF_BYTES = 1 << 25
MAX_STREAM_BYTES = 1 << 22
"""Bytes that are decompressed from one stream."""
MAX_TOTAL_STREAM_BYTES = 1 << 23
"""Bytes that are decompressed from all streams."""
MAX_TEXT_LINES = 5_000
INFO_KEYS = (("Title", "title"), ("Author", "author"), ("Subject", "subject"), ("Creator", "creator"))
STREAM = re.compile(rb"stream\r?\n")
PAGE = re.compile(rb"/Type\s*/Page(?![\w])")
TOKEN = re.compile(rb"[()]|\\.|T[Jj](?!\w)|[^()\\T]+|T", re.DOTALL)
"""Parts of a stream; the text in parentheses before Tj or TJ is shown."""
VALUE = re.compile(rb"((?:[^()\\]|\\.){0,2000})\)", re.DOTALL)
MAX_CANDIDATES = 5
"""Occurrences of a key that are tried."""
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b""}
MIN_PRINTABLE_SHARE = 0.9
"""The share of printable characters of a string that is text, not a sequence of glyph IDs."""


class PdfViewer(Viewer):
    """PDF documents."""

    name = "PDF"

    def recognises(self, sample: Sample) -> bool:
        return sample.head.startswith(b"%PDF-")

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("document", partial(open_pdf, source)),)


def open_pdf(source: Source) -> TextContent:
    """Return the metadata of a PDF document and its text."""
    data = source.read_all(MAX_PDF_BYTES, "PDF documents")
    streams = list(_streams(data))
    return TextRows(_rows(data, streams))


def _rows(data: bytes, streams: Sequence[bytes]) -> Iterator[Row]:
    parts = (data, *streams)
    yield (Piece("format   ", "muted"), Piece(f"PDF {data[5:8].decode('latin-1')}"))
    yield (Piece("pages    ", "muted"), Piece(f"{sum(len(PAGE.findall(part)) for part in parts):,}"))
    for key, name in INFO_KEYS:
        if text := next(filter(None, (_info_value(part, key.encode()) for part in parts)), ""):
            yield (Piece(f"{name:<9}", "muted"), Piece(text))
    texts = (line for stream in streams if b"T" in stream for line in _text_lines(stream))
    lines = list(islice(texts, MAX_TEXT_LINES + 1))
    yield ()
    if not lines:
        yield (Piece("The document has no plain text. Download it to see its pages.", "muted"),)
    for line in lines[:MAX_TEXT_LINES]:
        yield (Piece(line),)
    if len(lines) > MAX_TEXT_LINES:
        yield (Piece("… the rest is not shown", "muted"),)


def _streams(data: bytes) -> Iterator[bytes]:
    """Yield the streams, decompressed with zlib where they are compressed so."""
    left = MAX_TOTAL_STREAM_BYTES
    end = 0
    while left > 0 and end >= 0 and (match := STREAM.search(data, end)):
        end = data.find(b"endstream", match.end())
        limit = min(left, MAX_STREAM_BYTES)
        content = data[match.end() : end if end >= 0 else len(data)]
        if b"/FlateDecode" in data[max(0, match.start() - 500) : match.start()]:
            try:
                content = zlib.decompressobj().decompress(content, limit)
            except zlib.error:
                continue
        content = content[:limit]
        left -= len(content)
        yield content


def _info_value(data: bytes, key: bytes) -> str:
    """Return the first value of a key that is a string."""
    for match in islice(re.finditer(rb"/" + key + rb"\s{0,9}\(", data), MAX_CANDIDATES):
        if value := VALUE.match(data, match.end()):
            return _decode_string(value[1])
    return ""


def _text_lines(stream: bytes) -> Iterator[str]:
    """Yield the texts that a stream shows."""
    strings: list[bytes] = []
    depth = 0
    for match in TOKEN.finditer(stream):
        token = match[0]
        if token == b"(":
            depth += 1
        elif token == b")":
            depth = max(0, depth - 1)
        elif depth:
            strings.append(token)
        elif token in (b"Tj", b"TJ"):
            text = _decode_string(b"".join(strings)).strip()
            strings = []
            if text and sum(map(str.isprintable, text)) >= MIN_PRINTABLE_SHARE * len(text):
                yield text


def _decode_string(content: bytes) -> str:
    """Return a string of a PDF document: UTF-16 with a byte order mark, else Latin-1."""
    content = ESCAPE.sub(_escape, content)
    if content.startswith(b"\xfe\xff"):
        return content[2:].decode("utf-16-be", "replace")
    return content.decode("latin-1")


def _escape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) & 0xFF]) if code[0] in b"01234567" else ESCAPES.get(code, code)
