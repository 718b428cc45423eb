"""The dialect of a CSV file, recognised from its first rows: delimiter, header and the types of the columns."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence

from qtui.artifacts.sample import Sample
from qtui.value_classes import dataclass

DELIMITERS = (",", "\t", ";", "|")
CSV_SUFFIXES = (".csv", ".tsv", ".tab", ".psv")
"""Files with these suffixes are always tables."""
PLAIN_SUFFIXES = ("", ".txt", ".dat", ".data")
"""Files with these suffixes are tables if their rows have the same number of values."""
MIN_EQUAL_LENGTH_ROWS = 5
"""Rows that such a file must have."""
SAMPLE_ROWS = 200
"""Rows by which the dialect is recognised."""
MISSING_TEXTS = frozenset(("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "<NA>"))
INTEGER = re.compile(r"[+-]?(0|[1-9]\d{0,17})")
NUMBER = re.compile(r"[+-]?(0|[1-9]\d*|(?=\.\d))(\.\d*)?([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)
TIME = re.compile(r"\d{4}[-/]\d\d?[-/]\d\d?([ T]\d\d?:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?")
BOOLEANS = frozenset(("true", "false"))


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How the values of a file are separated, and the columns that they make."""

    delimiter: str
    has_header: bool
    names: tuple[str, ...]
    types: tuple[str, ...]
    """For each column integer, number, boolean, time or text."""


def parse_record(text: str, delimiter: str, *, has_quotes: bool = True) -> list[str]:
    """Return the values of a row; one that is not well-formed is split at the delimiters."""
    if not has_quotes or '"' not in text:
        return text.split(delimiter)
    try:
        return next(csv.reader([text], delimiter=delimiter), [""])
    except csv.Error:
        return text.split(delimiter)


def detect_dialect(sample: Sample) -> CsvDialect | None:
    """Return the dialect of a text that is a table by its suffix, or by rows of equal length; else None."""
    if not sample.is_text or not sample.text.strip():
        return None
    has_table_suffix = sample.suffix in CSV_SUFFIXES
    is_plain = sample.suffix in PLAIN_SUFFIXES and not sample.text.lstrip().startswith(("{", "[", "<"))
    if not has_table_suffix and not is_plain:
        return None
    delimiter, rows = _best_split(sample)
    if not has_table_suffix and not _have_equal_lengths(rows):
        return None
    has_header = _has_header(rows)
    body = rows[1:] if has_header else rows
    width = max(map(len, rows))
    names = [*rows[0], *("" for _ in range(width - len(rows[0])))] if has_header else map(str, range(width))
    types = (_column_type([row[column] for row in body if column < len(row)]) for column in range(width))
    return CsvDialect(delimiter, has_header, tuple(names), tuple(types))


def _best_split(sample: Sample) -> tuple[str, list[list[str]]]:
    """Return the delimiter that splits most rows into the same number of values, and the rows."""
    best: tuple[float, int, str, list[list[str]]] = (-1.0, 0, ",", [])
    for delimiter in DELIMITERS:
        rows = _sample_rows(sample, delimiter)
        width, times = Counter(map(len, rows)).most_common(1)[0]
        share = times / len(rows) if width > 1 else 0.0
        is_better = (round(share, 1), width) > (round(best[0], 1), best[1])
        if is_better or not best[3]:
            best = (share, width, delimiter, rows)
    return best[2], best[3]


def _sample_rows(sample: Sample, delimiter: str) -> list[list[str]]:
    lines = sample.text.splitlines(keepends=True)
    if sample.is_part and len(lines) > 1:
        lines.pop()
    rows = []
    try:
        for row in csv.reader(lines[: SAMPLE_ROWS * 4], delimiter=delimiter):
            rows.append(row or [""])
            if len(rows) == SAMPLE_ROWS:
                break
    except csv.Error:
        rows = [line.rstrip("\r\n").split(delimiter) for line in lines[:SAMPLE_ROWS]]
    return rows


def _have_equal_lengths(rows: Sequence[Sequence[str]]) -> bool:
    return len(rows) >= MIN_EQUAL_LENGTH_ROWS and len(rows[0]) > 1 and len(set(map(len, rows))) == 1


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row has names: none is a number, or they are the column numbers of a frame."""
    first, body = rows[0], rows[1:]
    if not body:
        return not any(_is_value(text) for text in first)
    if first[0] == "" and list(first[1:]) == [str(number) for number in range(len(first) - 1)]:
        return True
    return not any(_is_value(text) for text in first) and first[-1].strip() != ""


def _is_value(text: str) -> bool:
    return bool(NUMBER.fullmatch(text) or TIME.fullmatch(text))


def _column_type(texts: Sequence[str]) -> str:
    values = [text for text in texts if text not in MISSING_TEXTS]
    if not values:
        return "text"
    if all(map(INTEGER.fullmatch, values)):
        return "integer"
    if all(map(NUMBER.fullmatch, values)):
        return "number"
    if all(map(TIME.fullmatch, values)):
        return "time"
    return "boolean" if all(value.lower() in BOOLEANS for value in values) else "text"
