"""`qtui cat`: an artifact as a table, a tree or text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from qtui import stderr
from qtui.cli.formats import EscapeFormulas, check_escape_formulas, chosen_format
from qtui.errors import ArtifactUnreadable, UsageError

if TYPE_CHECKING:
    from qtui.artifacts.content import Content
    from qtui.artifacts.source import Source
    from qtui.artifacts.viewers import Views


def cat(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run ID, the start of one, or EXPERIMENT/NAME.")],
    path: Annotated[str, typer.Argument(metavar="PATH", help="The path of an artifact, as qtui artifacts lists it.")],
    rows: Annotated[int | None, typer.Option(min=0, help="Maximum number of rows or lines to print.")] = None,
    view: Annotated[str, typer.Option("--as", metavar="VIEW", help="View to print: text, tree, table, hex, ...")] = "",
    as_hex: Annotated[bool, typer.Option("--hex", help="Print the bytes in hexadecimal.")] = False,
    at: Annotated[str, typer.Option(metavar="I,J,...", help="The slice of an array with more than two axes.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print a table as a JSON array.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print a table as CSV.")] = False,
    md: Annotated[bool, typer.Option("--md", help="Print a table in Markdown.")] = False,
    escape_formulas: EscapeFormulas = False,
) -> None:
    """Print an artifact as a table, a tree or text.

    A terminal shows the first rows of a table. A pipe gets all of them, and text and unknown files byte by byte.
    Pickles are decoded, never run.
    """
    from qtui.artifacts.remote_source import open_source
    from qtui.artifacts.viewers import views_of
    from qtui.cli.progress_line import ProgressLine

    output_format = chosen_format(json=json, csv=csv, md=md)
    check_escape_formulas(escape_formulas, output_format)
    if as_hex and view:
        raise UsageError("--hex and --as are mutually exclusive.")
    title = "hex" if as_hex else view
    with ctx.obj.library() as library:
        info = library.find_run(run)
        path = path.strip("/")
        line = ProgressLine()
        with open_source(library, info, path, on_progress=lambda progress: line.update(progress.text)) as source:
            views = views_of(source)
            if output_format is None and not title and not at and _passes_bytes_through(views):
                line.close()
                _copy(source, rows)
                return
            content = _open(views, title, path)
            line.close()
            _print(content, path, rows, output_format, at, escape_formulas)


def _passes_bytes_through(views: Views) -> bool:
    """Return whether the bytes are written unchanged: text and unknown files, if stdout is a pipe or a file."""
    return not sys.stdout.isatty() and (views.is_text or views.views[0].title == "hex")


def _copy(source: Source, rows: int | None) -> None:
    """Write the bytes, or the first lines of them."""
    sys.stdout.flush()
    file = source.reader()
    if rows is not None:
        for _ in range(rows):
            sys.stdout.buffer.write(file.readline())
        return
    while chunk := file.read(1 << 20):
        sys.stdout.buffer.write(chunk)


def _open(views: Views, title: str, path: str) -> Content:
    """Open the view with this title, or the best one that can be printed."""
    from qtui.artifacts.content import DrawingContent, ImageContent

    if title:
        for view in views.views:
            if view.title.casefold() == title.casefold():
                return view.open()
        titles = ", ".join(view.title for view in views.views)
        raise UsageError(f"{path} has no view {title!r}; it has {titles}.")
    for view in views.views:
        if view.title == "hex":
            break
        content = view.open()
        if not isinstance(content, DrawingContent | ImageContent):
            return content
    raise ArtifactUnreadable(f"{path} is binary: --hex prints its bytes, qtui get saves it.")


def _print(
    content: Content, path: str, rows: int | None, output_format: str | None, at: str, escape_formulas: bool
) -> None:
    from qtui.artifacts.content import TableContent, TextContent, TreeContent
    from qtui.cli import content_output

    if isinstance(content, TableContent):
        if content.outer_shape and not at:
            first = ",".join("0" for _ in content.outer_shape)
            stderr.print_message(f"The slice {first} is printed; --at prints another.")
        content_output.write_table(content.at(_indices(at)) if at else content, rows, output_format, escape_formulas)
    elif output_format is not None or at:
        option = "--at" if at else f"--{output_format}"
        raise UsageError(f"{option} works with tables only; {path} is not a table.")
    elif isinstance(content, TreeContent):
        content_output.write_tree(content, rows)
    elif isinstance(content, TextContent):
        content_output.write_text(content, rows)
    else:
        raise ArtifactUnreadable(f"{path} has a view that cannot be printed.")


def _indices(at: str) -> list[int]:
    try:
        return [int(index) for index in at.split(",")]
    except ValueError:
        raise UsageError(f"{at!r} is not a list of indices, such as 0,3.") from None
