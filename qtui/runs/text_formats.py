"""The forms in which a table is given away: CSV, JSON, Markdown; each comes in pieces of text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from qtui.text import csv_text, escape_formula

T = TypeVar("T")

CHUNK_ROWS = 500
"""How many rows make a piece."""


def json_number(value: float | None) -> float | str | None:
    """A number as strict JSON takes it: what is not finite as a text."""
    if value is None or math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def format_csv(titles: Sequence[str], rows: Iterable[Sequence[Any]], *, escape_formulas: bool = False) -> Iterator[str]:
    """A table of raw values as RFC 4180 has it but with plain line ends; nothing is an empty cell.

    With `escape_formulas` no spreadsheet takes a text for a formula.
    """
    cell = _escaped if escape_formulas else _raw
    yield csv_text([[cell(title) for title in titles]])
    for piece in _chunks(rows):
        yield csv_text([cell(value) for value in row] for row in piece)


def format_json(items: Iterable[Any]) -> Iterator[str]:
    """A JSON array with an item on each line."""
    from json import JSONEncoder

    encode = JSONEncoder(allow_nan=False, check_circular=False).encode
    opened = False
    for piece in _chunks(items):
        lines = ",\n".join(map(encode, piece))
        yield (",\n" if opened else "[\n") + lines
        opened = True
    yield "\n]\n" if opened else "[]\n"


def format_markdown(titles: Sequence[str], right: Sequence[bool], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table of texts as GitHub's Markdown, line by line; `right` says which columns lean to that side."""
    yield _markdown_row(titles)
    yield _markdown_row("---:" if each else "---" for each in right)
    yield from map(_markdown_row, rows)


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _raw(value: Any) -> Any:
    return json_number(value) if isinstance(value, float) else value


def _escaped(value: Any) -> Any:
    return escape_formula(value) if isinstance(value, str) else _raw(value)


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while piece := list(islice(rest, CHUNK_ROWS)):
        yield piece
