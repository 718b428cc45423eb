"""Print the contents of artifacts: tables, trees and text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from qtui import stderr
from qtui.artifacts.content import TableContent, TextContent, TreeContent, TreeNode
from qtui.cli import formats, table
from qtui.cli.cell_export import csv_value, json_value
from qtui.cli.table import Column
from qtui.cli.terminal import Terminal, detect_terminal, write_data, write_lines
from qtui.formatting import format_count
from qtui.plot.rows import plain_text
from qtui.runs import text_formats
from qtui.text import display, display_within

Value = TypeVar("Value")

TERMINAL_ROWS = 20
"""Rows of a table on a terminal, unless --rows says otherwise."""
TERMINAL_TREE_LINES = 500
MAX_TREE_LINES = 100_000
MAX_TREE_LEVELS = 30
"""Levels of a tree; a pickled value can contain itself."""
CHUNK_VALUES = 50_000
"""Values of a table that are read at a time."""
CHUNK_LINES = 200
MIN_COLUMN_WIDTH = 3
"""The least width of a column with its gap in terminal columns, which limits the columns that are laid out."""


def write_table(content: TableContent, rows: int | None, output_format: str | None, escape_formulas: bool) -> None:
    """Write a table, by default as aligned columns; print notes and the number of omitted rows to stderr."""
    terminal = detect_terminal()
    limit = TERMINAL_ROWS if rows is None and terminal.width is not None and output_format is None else rows
    for note in content.notes:
        stderr.print_message(note)
    titles = _unique_titles([column.name for column in content.columns])
    if output_format == "json":
        values = _rows(content.raw_values, content, limit)
        formats.write_json_array(dict(zip(titles, map(json_value, row), strict=True)) for row in values)
    elif output_format == "csv":
        values = ([csv_value(value) for value in row] for row in _rows(content.raw_values, content, limit))
        formats.write_csv([column.name for column in content.columns], values, escape_formulas)
    elif output_format == "md":
        right = [column.is_number for column in content.columns]
        cells = (map(display, row) for row in _rows(content.cells, content, limit))
        for line in text_formats.format_markdown([display(title) for title in titles], right, map(list, cells)):
            write_lines([line.removesuffix("\n")])
    else:
        _write_columns(content, limit, terminal)
    _report_omitted_rows(content, limit)


def write_text(content: TextContent, rows: int | None) -> None:
    """Write the lines of a text; on a terminal control characters are made visible."""
    is_terminal = sys.stdout.isatty()
    start = 0
    while rows is None or start < rows:
        stop = start + CHUNK_LINES if rows is None else min(rows, start + CHUNK_LINES)
        lines = [plain_text(row) for row in content.rows(start, stop)]
        if is_terminal:
            write_lines(display(line) for line in lines)
        else:
            write_data("".join(f"{line}\n" for line in lines))
        if len(lines) < stop - start:
            return
        start = stop
    if content.rows(start, start + 1):
        stderr.print_message(f"… more lines follow the first {format_count(start, 'line')}.")


def write_tree(content: TreeContent, rows: int | None) -> None:
    """Write a tree as indented lines `label: text`."""
    is_terminal = sys.stdout.isatty()
    limit = rows if rows is not None else TERMINAL_TREE_LINES if is_terminal else MAX_TREE_LINES
    for note in content.notes:
        stderr.print_message(note)
    lines = tree_lines(content.top)
    while chunk := list(islice(lines, min(CHUNK_LINES, limit))):
        limit -= len(chunk)
        write_lines(map(display, chunk))
        if limit <= 0:
            break
    if next(lines, None) is not None:
        stderr.print_message("… more lines follow; --rows prints more.")


def tree_lines(nodes: Sequence[TreeNode]) -> Iterator[str]:
    """Yield the lines of a tree; a node that is nested too deeply is not opened."""
    stack = [iter(nodes)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
            continue
        indent = "  " * (len(stack) - 1)
        is_open = node.children is not None and len(stack) <= MAX_TREE_LEVELS
        if is_open and node.children is not None:
            yield f"{indent}{node.label}:  # {node.text}" if node.text else f"{indent}{node.label}:"
            stack.append(iter(node.children()))
        else:
            yield f"{indent}{node.label}: {node.text}" if node.label else f"{indent}{node.text}"


def _chunks(content: TableContent, limit: int | None, columns: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the parts of a table that are read at a time."""
    size = max(1, CHUNK_VALUES // max(1, columns))
    start = 0
    while limit is None or start < limit:
        stop = start + size if limit is None else min(limit, start + size)
        yield start, stop
        start = stop


def _rows(
    read: Callable[[int, int, Sequence[int]], Sequence[Sequence[Value]]], content: TableContent, limit: int | None
) -> Iterator[Sequence[Value]]:
    """Yield the rows of a table as `read`, its method for texts or for values, returns them."""
    columns = range(len(content.columns))
    for start, stop in _chunks(content, limit, len(columns)):
        rows = read(start, stop, columns)
        yield from rows
        if len(rows) < stop - start:
            return


def _write_columns(content: TableContent, limit: int | None, terminal: Terminal) -> None:
    """Write aligned columns: those that fit on a terminal, else all, as wide as the first rows are."""
    total = len(content.columns)
    count = total if terminal.width is None else min(total, terminal.width // MIN_COLUMN_WIDTH + content.index_columns)
    fitting: list[int] | None = None
    widths: list[int] = []
    for start, stop in _chunks(content, limit, count):
        rows = content.cells(start, stop, range(count) if fitting is None else fitting)
        chunk = _columns(content, range(count) if fitting is None else fitting, rows, terminal.width)
        if fitting is None:
            columns, widths = table.fit(chunk, terminal.width)
            fitting = [next(index for index, column in enumerate(chunk) if column is fitted) for fitted in columns]
            write_lines(table.lines(columns, terminal, widths))
        else:
            write_lines(table.body_lines(chunk, widths, terminal))
        if len(rows) < stop - start:
            break
    if fitting is not None and len(fitting) < total:
        stderr.print_message(f"{len(fitting):,} of {total:,} columns are shown; --csv prints all.")


def _columns(
    content: TableContent, column_indices: Iterable[int], rows: Sequence[Sequence[str]], max_width: int | None
) -> list[Column]:
    columns = []
    for number, index in enumerate(column_indices):
        column = content.columns[index]
        cells = [display_within(row[number], max_width) for row in rows]
        align, is_index = ">" if column.is_number else "<", index < max(1, content.index_columns)
        columns.append(Column(display(column.name), cells, align, not column.is_number, not is_index))  # type: ignore[arg-type]
    return columns


def _report_omitted_rows(content: TableContent, limit: int | None) -> None:
    """Print to stderr how many rows were omitted."""
    row_count = content.row_count()
    if limit is None or (row_count.is_complete and row_count.count <= limit):
        return
    if row_count.is_complete:
        stderr.print_message(f"… {format_count(row_count.count - limit, 'more row')}; --rows prints more.")
    elif content.cells(limit, limit + 1, (0,)):
        stderr.print_message("… more rows follow; --rows prints more.")


def _unique_titles(names: Sequence[str]) -> list[str]:
    """Return the names with a number after those that repeat, so that no column is lost in an object."""
    titles: dict[str, None] = {}
    for name in names:
        title, number = name, 1
        while title in titles:
            title, number = f"{name}.{number}", number + 1
        titles[title] = None
    return list(titles)
