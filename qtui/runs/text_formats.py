"""Write tables as CSV, JSON, Markdown and LaTeX, in chunks of text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from qtui.text import csv_text, escape_formula

T = TypeVar("T")

CHUNK_ROWS = 500
"""Rows per chunk of text."""


def json_number(value: float | None) -> float | str | None:
    """Return a number for strict JSON: NaN and infinities as text."""
    if value is None or math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def format_csv(titles: Sequence[str], rows: Iterable[Sequence[Any]], *, escape_formulas: bool = False) -> Iterator[str]:
    """Yield a table of raw values as RFC 4180 CSV with plain line ends; None is an empty cell.

    `escape_formulas` keeps spreadsheets from evaluating a text as a formula.
    """
    cell = _escaped_cell if escape_formulas else _raw_cell
    yield csv_text([[cell(title) for title in titles]])
    for chunk in _chunks(rows):
        yield csv_text([cell(value) for value in row] for row in chunk)


class _JsonEscapes(dict[int, str]):
    """A table for `str.translate` that escapes characters that are not printable, computed on first use."""

    def __missing__(self, code: int) -> str:
        from json import dumps

        character = chr(code)
        self[code] = character if character.isprintable() else dumps(character)[1:-1]
        return self[code]


_JSON_ESCAPES = _JsonEscapes({0x0A: "\n"})


def format_json_value(value: Any) -> str:
    """Return one JSON document with indentation."""
    from json import dumps

    text = dumps(value, indent=2, allow_nan=False, ensure_ascii=False)
    return _escape_unprintable(text) + "\n"


def format_json(items: Iterable[Any]) -> Iterator[str]:
    """Yield a JSON array with one item per line."""
    from json import JSONEncoder

    encode = JSONEncoder(allow_nan=False, check_circular=False, ensure_ascii=False).encode
    has_items = False
    for chunk in _chunks(items):
        lines = _escape_unprintable(",\n".join(map(encode, chunk)))
        yield (",\n" if has_items else "[\n") + lines
        has_items = True
    yield "\n]\n" if has_items else "[]\n"


def _escape_unprintable(text: str) -> str:
    """Escape what a terminal would execute, hide or reorder, and lone surrogates, in a JSON text."""
    return text if text.isascii() and "\x7f" not in text else text.translate(_JSON_ESCAPES)


def format_markdown(titles: Sequence[str], right: Sequence[bool], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table of texts as GitHub Markdown, line by line; `right` says which columns are right-aligned."""
    yield _markdown_row(titles)
    yield _markdown_row("---:" if is_right else "---" for is_right in right)
    yield from map(_markdown_row, rows)


_LATEX_ESCAPES = str.maketrans(
    {
        **{char: f"\\{char}" for char in "&%$#_{}"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
    }
)


def format_latex(titles: Sequence[str], right: Sequence[bool], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table of texts as a LaTeX `tabular` with the rules of the package `booktabs`."""
    yield f"\\begin{{tabular}}{{{''.join('r' if is_right else 'l' for is_right in right)}}}\n\\toprule\n"
    yield _latex_row(titles)
    yield "\\midrule\n"
    yield from map(_latex_row, rows)
    yield "\\bottomrule\n\\end{tabular}\n"


def _latex_row(cells: Iterable[str]) -> str:
    return " & ".join(cell.translate(_LATEX_ESCAPES) for cell in cells) + " \\\\\n"


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _raw_cell(value: Any) -> Any:
    return json_number(value) if isinstance(value, float) else value


def _escaped_cell(value: Any) -> Any:
    return escape_formula(value) if isinstance(value, str) else _raw_cell(value)


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK_ROWS)):
        yield chunk
