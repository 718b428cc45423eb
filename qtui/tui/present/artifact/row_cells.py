"""Rows of a text cut, wrapped and marked by cells of the terminal."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise

from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import plain_text
from qtui.text import cell_steps, display, pad, truncate, width

MATCH = "match"
"""The role of the parts of a row that a search matches."""


def visible_row(row: Iterable[Piece], roles: Container[str]) -> Row:
    """Return a row with its control characters visible; pieces with other roles are plain text."""
    return tuple(Piece(display(text), role if role in roles else "text") for text, role in row if text)


def crop_row(row: Iterable[Piece], start: int, cells: int) -> Row:
    """Return the part of a row in the cells from `start` on; a blank stands for half of a wide character."""
    end = start + cells
    position = 0
    parts: list[Piece] = []
    for text, role in row:
        if position >= end:
            break
        if text.isascii():
            part = text[max(0, start - position) : end - position]
            position += len(text)
        else:
            part, position = _crop_wide(text, position, start, end)
        if part:
            parts.append(Piece(part, role))
    return tuple(parts)


def _crop_wide(text: str, position: int, start: int, end: int) -> tuple[str, int]:
    """Return the part of a text at a position that is between two cells, and the position after the text or the end."""
    characters: list[str] = []
    for character, step in zip(text, cell_steps(text), strict=True):
        if position + step > end:
            characters.append(" " * (end - max(position, start)))
            return "".join(characters), end
        if position >= start:
            characters.append(character)
        elif position + step > start:
            characters.append(" " * (position + step - start))
        position += step
    return "".join(characters), position


def wrap_row(row: Sequence[Piece], cells: int) -> tuple[Row, ...]:
    """Return a row as lines of at most `cells` cells; an empty row is one line."""
    lines: list[Row] = []
    line: list[Piece] = []
    position = 0
    for piece in row:
        for text in _split_text(piece.text, cells - position, cells):
            if text is None:
                lines.append(tuple(line))
                line, position = [], 0
            elif text:
                line.append(Piece(text, piece.role))
                position += width(text)
    return (*lines, tuple(line)) if line or not lines else tuple(lines)


def _split_text(text: str, room: int, cells: int) -> Iterator[str | None]:
    """Yield the parts of a text that fit `room` cells and then `cells` cells, with None between two lines."""
    if text.isascii():
        yield text[:room]
        for start in range(room, len(text), cells):
            yield None
            yield text[start : start + cells]
        return
    start = 0
    for index, step in enumerate(cell_steps(text)):
        if step > room:
            yield text[start:index]
            yield None
            start, room = index, cells
        room -= step
    yield text[start:]


def mark_matches(row: Sequence[Piece], pattern: re.Pattern[str]) -> Row:
    """Return a row in which the parts that match have the role MATCH."""
    spans = [match.span() for match in pattern.finditer(plain_text(row)) if match.end() > match.start()]
    if not spans:
        return tuple(row)
    marked: list[Piece] = []
    position = 0
    for text, role in row:
        bounds = {0, len(text)}
        for span in spans:
            bounds.update(bound - position for bound in span if 0 < bound - position < len(text))
        for start, end in pairwise(sorted(bounds)):
            is_match = any(first <= position + start < last for first, last in spans)
            marked.append(Piece(text[start:end], MATCH if is_match else role))
        position += len(text)
    return tuple(marked)


def fit_cell(text: str, cells: int, *, is_right: bool = False) -> str:
    """Return a text in exactly this many cells."""
    return pad(truncate(text, cells), cells, ">" if is_right else "<")
