"""The output formats of the commands: JSON, CSV, Markdown."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any

import typer

from qtui.cli.table import Column
from qtui.cli.terminal import write_data
from qtui.errors import UsageError
from qtui.runs import text_formats
from qtui.text import display


def chosen_format(**chosen: bool) -> str | None:
    """Return the chosen format, or None; raise UsageError for two."""
    names = [name for name, is_chosen in chosen.items() if is_chosen]
    if len(names) > 1:
        raise UsageError(f"{' and '.join('--' + name for name in names)} are mutually exclusive.")
    return names[0] if names else None


def write_json(value: Any) -> None:
    """Write one JSON document."""
    write_data(text_formats.format_json_value(value))


def write_json_array(items: Iterable[Any]) -> None:
    """Write a JSON array, an item on a line, while the items arrive."""
    for piece in text_formats.format_json(items):
        write_data(piece)


EscapeFormulas = Annotated[
    bool,
    typer.Option("--escape-formulas", help="With --csv, put ' before text that a spreadsheet takes for a formula."),
]
"""The option of every command that prints CSV."""


def check_escape_formulas(escape_formulas: bool, format_name: str | None) -> None:
    """Raise UsageError for the option without --csv."""
    if escape_formulas and format_name != "csv":
        raise UsageError("--escape-formulas works with --csv only.")


def write_csv(titles: Sequence[str], rows: Iterable[Sequence[Any]], escape_formulas: bool) -> None:
    """Write a table of raw values as CSV."""
    write_csv_text(text_formats.format_csv(titles, rows, escape_formulas=escape_formulas))


def write_csv_text(texts: Iterable[str]) -> None:
    """Write CSV; on a terminal control characters are made visible."""
    is_terminal = sys.stdout.isatty()
    for text in texts:
        write_data(display(text, one_line=False) if is_terminal else text)


def markdown_lines(columns: Sequence[Column]) -> Iterator[str]:
    """Return a table in GitHub's Markdown."""
    rows = zip(*(column.cells for column in columns), strict=True)
    lines = text_formats.format_markdown(
        [column.title for column in columns], [column.align == ">" for column in columns], rows
    )
    return (line.removesuffix("\n") for line in lines)
