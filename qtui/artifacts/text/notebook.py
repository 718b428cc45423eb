"""Jupyter notebooks: cells with their numbers, outputs and errors; images and rich outputs are named, not drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from qtui.artifacts.content import TextContent
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.text.markdown_text import markdown_rows
from qtui.artifacts.text.syntax import highlight_lines
from qtui.artifacts.text.text_rows import TextRows
from qtui.artifacts.trees.structured import parse_json
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable
from qtui.formatting import format_count, format_size
from qtui.plot.pieces import Piece, Row

MAX_NOTEBOOK_BYTES = 1 << 25
MAX_CELLS = 5000
MAX_OUTPUT_LINES = 200
"""Lines of an output that are shown; the others are counted."""
MAX_MARKDOWN_LENGTH = 20_000
"""Characters of a Markdown cell that are rendered; a longer one is shown as it is written."""
MAX_COLOURED_LENGTH = 500_000
"""Characters of the first cells that have syntax colours."""
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
LINE = "─" * 60


class NotebookViewer(Viewer):
    """Jupyter notebooks by their name."""

    name = "notebook"

    def recognises(self, sample: Sample) -> bool:
        return sample.suffix == ".ipynb" and sample.text.lstrip().startswith("{")

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("notebook", partial(open_notebook, source, sample.encoding)),)


def open_notebook(source: Source, encoding: str) -> TextContent:
    """Return the rows of a notebook; raises ArtifactUnreadable if it is none."""
    notebook = parse_json(source.read_text(encoding, MAX_NOTEBOOK_BYTES, "notebooks"))
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise ArtifactUnreadable("The notebook has no list of cells; notebooks before version 4 are not supported.")
    return TextRows(_notebook_rows(notebook, cells))


def _notebook_rows(notebook: Mapping[str, Any], cells: Sequence[Any]) -> Iterator[Row]:
    language = _text(_at(notebook, "metadata", "kernelspec", "display_name"))
    version = _text(_at(notebook, "metadata", "language_info", "version"))
    parts = (format_count(len(cells), "cell"), language, f"version {version}" if version else "")
    yield (Piece(", ".join(part for part in parts if part), "muted"),)
    lexer = _text(_at(notebook, "metadata", "language_info", "name")) or "python"
    coloured_length = 0
    for number, cell in enumerate(cells[:MAX_CELLS], 1):
        yield ()
        cell = cell if isinstance(cell, dict) else {}
        coloured_length += len(_text(cell.get("source")))
        yield from _cell_rows(number, cell, lexer if coloured_length <= MAX_COLOURED_LENGTH else "")
    if len(cells) > MAX_CELLS:
        yield (Piece(f"… {len(cells) - MAX_CELLS:,} more cells", "muted"),)


def _cell_rows(number: int, cell: Mapping[str, Any], language: str) -> Iterator[Row]:
    """Yield the rows of a cell, code in the colours of its language."""
    kind = _text(cell.get("cell_type"))
    source = _text(cell.get("source"))
    if kind == "markdown" and len(source) <= MAX_MARKDOWN_LENGTH:
        yield from markdown_rows(source)
        return
    count = cell.get("execution_count")
    label = f"[{count}]" if isinstance(count, int) else "[ ]" if kind == "code" else kind
    yield (Piece(f"{label} ", "accent"), Piece(f"cell {number} ", "muted"), Piece(LINE, "muted"))
    yield from highlight_lines(source, language if kind == "code" else "") if source else ()
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        yield from _output_rows(output if isinstance(output, dict) else {})


def _output_rows(output: Mapping[str, Any]) -> Iterator[Row]:
    kind = output.get("output_type")
    if kind == "stream":
        role = "warning" if output.get("name") == "stderr" else "text"
        yield from _lines(_text(output.get("text")), role)
    elif kind == "error":
        yield from _lines(f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}", "error")
        yield from _lines(_text(output.get("traceback"), "\n"), "muted")
    else:
        data = output.get("data")
        yield from _data_rows(data if isinstance(data, dict) else {})


def _data_rows(data: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the rows of an output in several formats: its plain text, and the names of the others."""
    if plain := _text(data.get("text/plain")):
        yield from _lines(plain, "text")
    for kind, value in data.items():
        if kind != "text/plain":
            text = _text(value)
            size = len(text) * 3 // 4 if kind.startswith("image/") and kind != "image/svg+xml" else len(text)
            yield (Piece("  │ ", "muted"), Piece(f"[{kind}, {format_size(size)}]", "accent"))


def _lines(text: str, role: str) -> Iterator[Row]:
    lines = ESCAPES.sub("", text).removesuffix("\n").split("\n")
    for line in lines[:MAX_OUTPUT_LINES]:
        yield (Piece("  │ ", "muted"), Piece(line.rpartition("\r")[2] or line, role))
    if len(lines) > MAX_OUTPUT_LINES:
        yield (Piece(f"  │ … {len(lines) - MAX_OUTPUT_LINES:,} more lines", "muted"),)


def _text(value: object, separator: str = "") -> str:
    """Return a text of a notebook, which is a string or a list of strings."""
    if isinstance(value, list):
        return separator.join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _at(value: object, *path: str) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
