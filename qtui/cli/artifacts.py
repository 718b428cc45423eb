"""`qtui artifacts`: what files a run left behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qtui.entities import Artifact


def artifacts(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="An id, the beginning of one, or EXPERIMENT/NAME.")],
    path: Annotated[str, typer.Argument(metavar="[PATH]", help="A folder among them.")] = "",
    recursive: Annotated[bool, typer.Option("-r", "--recursive", help="With all that is in the folders.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
) -> None:
    """List the files a run left behind."""
    from qtui import crash
    from qtui.cli.formats import write_json_array
    from qtui.cli.session import tell_problems
    from qtui.cli.shapes import artifact_shape
    from qtui.cli.terminal import write_lines

    with ctx.obj.library() as library:
        info = library.find_run(run)
        listing = library.artifacts(info, path.strip("/"), recursive=recursive)
    if json:
        write_json_array(map(artifact_shape, listing.items))
    elif listing.items:
        write_lines(_lines(listing.items, path.strip("/")))
    else:
        crash.say("There are no artifacts here.")
    tell_problems(listing.problems, {info.run_id})


def _lines(found: Sequence[Artifact], above: str) -> list[str]:
    """Size and name of each; what lies in a folder is set further in."""
    from qtui.formatting import format_count, format_size
    from qtui.text import display, pad

    base = above.count("/") + 1 if above else 0
    sizes = ["" if each.is_dir else format_size(each.size) for each in found]
    room = max(map(len, sizes))
    lines = []
    for each, amount in zip(found, sizes, strict=True):
        inset = "  " * (each.path.count("/") - base)
        name = display(each.path.rpartition("/")[2]) + ("/" if each.is_dir else "")
        lines.append(f"{pad(amount, room, '>')}  {inset}{name}")
    files = [each for each in found if not each.is_dir]
    total = sum(each.size or 0 for each in files)
    return [*lines, "", f"{format_count(len(files), 'file')}, {format_size(total)}"]
