"""The forms in which a command can give its data: JSON, CSV, Markdown."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qtui.cli.table import Column
from qtui.cli.terminal import write_data
from qtui.errors import UsageError
from qtui.text import display


def only_one(**chosen: bool) -> str | None:
    """The form that was chosen, if any was; two at once are refused."""
    names = [name for name, wanted in chosen.items() if wanted]
    if len(names) > 1:
        raise UsageError(f"{' and '.join('--' + name for name in names)} exclude each other.")
    return names[0] if names else None


def write_json(value: Any) -> None:
    """Write one JSON document."""
    import json

    write_data(json.dumps(value, indent=2, allow_nan=False) + "\n")


def write_json_array(items: Iterable[Any]) -> None:
    """Write a JSON array with an item on each line, as the items come."""
    import json

    opened = False
    for chunk in _chunks(items, 500):
        lines = ",\n".join(json.dumps(item, allow_nan=False) for item in chunk)
        write_data((",\n" if opened else "[\n") + lines)
        opened = True
    write_data("\n]\n" if opened else "[]\n")


def plain(value: float | None) -> float | str | None:
    """A number as strict JSON takes it: what is not finite as a text."""
    if value is None or math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def write_csv(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table as RFC 4180 has it but with plain line ends; raw values, unless a terminal would obey them."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows([_raw(value) for value in row] for row in rows)
    write_data(display(text.getvalue(), one_line=False) if sys.stdout.isatty() else text.getvalue())


def markdown(columns: Sequence[Column]) -> Iterator[str]:
    """A table as GitHub's Markdown."""
    yield _markdown_row(column.title for column in columns)
    yield _markdown_row("---:" if column.align == ">" else "---" for column in columns)
    for row in zip(*(column.cells for column in columns), strict=True):
        yield _markdown_row(row)


def _markdown_row(cells: Iterable[str]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _raw(value: Any) -> Any:
    """A value as CSV takes it: nothing is an empty cell."""
    return plain(value) if isinstance(value, float) else value


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The items, so many at a time."""
    chunk: list[Any] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
