"""Artifacts of the sample runs: JSON, CSV and PNG files."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from random import Random


def json_bytes(value: object) -> bytes:
    """Return a JSON document."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def csv_bytes(columns: Mapping[str, Iterable[object]]) -> bytes:
    """Return a CSV table with a header."""
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def confusion_matrix_csv(rng: Random, labels: list[str], accuracy: float) -> bytes:
    """Return a confusion matrix as CSV."""
    table: dict[str, list[object]] = {"label": list(labels)}
    for column, name in enumerate(labels):
        table[name] = [
            round(1000 * accuracy) if row == column else round(rng.random() * 2000 * (1 - accuracy) / len(labels))
            for row in range(len(labels))
        ]
    return csv_bytes(table)


HEAT_COLOURS = [bytes((level, level // 3, 255 - level)) for level in range(256)]


def heat_map_png(rng: Random, side: int = 48) -> bytes:
    """Return a small heat map as PNG."""
    centre = (rng.uniform(0.2, 0.8) * side, rng.uniform(0.2, 0.8) * side)
    lines = b""
    for y in range(side):
        distances = (((x - centre[0]) ** 2 + (y - centre[1]) ** 2) ** 0.5 for x in range(side))
        lines += b"\0" + b"".join(HEAT_COLOURS[max(0, 255 - int(9 * distance))] for distance in distances)
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
