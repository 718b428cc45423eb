"""`qtui artifacts`: the artifacts of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qtui.entities import Artifact


def artifacts(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run ID, the start of one, or EXPERIMENT/NAME.")],
    path: Annotated[str, typer.Argument(metavar="[PATH]", help="A directory of artifacts.")] = "",
    recursive: Annotated[bool, typer.Option("-r", "--recursive", help="Include the contents of directories.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
) -> None:
    """List the artifacts of a run."""
    from qtui import stderr
    from qtui.cli.formats import write_json_array
    from qtui.cli.global_options import report_problems
    from qtui.cli.json_objects import artifact_json
    from qtui.cli.terminal import write_lines

    with ctx.obj.library() as library:
        info = library.find_run(run)
        listing = library.artifacts(info, path.strip("/"), recursive=recursive)
    if json:
        write_json_array(map(artifact_json, listing.items))
    elif listing.items:
        write_lines(_lines(listing.items, path.strip("/")))
    else:
        stderr.print_message("There are no artifacts here.")
    report_problems(listing.problems, {info.run_id})


def _lines(artifacts: Sequence[Artifact], parent: str) -> list[str]:
    """Return size and name of every artifact, indented below its directory."""
    from qtui.formatting import format_count, format_size
    from qtui.text import display, pad

    base_depth = parent.count("/") + 1 if parent else 0
    sizes = ["" if artifact.is_dir else format_size(artifact.size) for artifact in artifacts]
    size_cells = max(map(len, sizes))
    lines = []
    for artifact, size in zip(artifacts, sizes, strict=True):
        indent = "  " * (artifact.path.count("/") - base_depth)
        name = display(artifact.path.rpartition("/")[2]) + ("/" if artifact.is_dir else "")
        lines.append(f"{pad(size, size_cells, '>')}  {indent}{name}")
    files = [artifact for artifact in artifacts if not artifact.is_dir]
    total = sum(artifact.size or 0 for artifact in files)
    return [*lines, "", f"{format_count(len(files), 'file')}, {format_size(total)}"]
