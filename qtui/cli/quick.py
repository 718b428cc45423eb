"""The shortest way to the screen, for the command lines that open it most often.

The import of Typer takes a tenth of the time until the first runs are seen. Whatever is not plainly one of these
command lines is left to it, so that there is one place that knows all options and says what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

VALUES = {"--uri": "uri", "--theme": "theme"}
FLAGS = {"--read-only": "read_only", "--ascii": "ascii_only"}


class Wanted(NamedTuple):
    """What a command line says of the screen."""

    uri: str | None = None
    theme: str | None = None
    read_only: bool = False
    ascii_only: bool = False


def wanted(args: Sequence[str]) -> Wanted | None:
    """What these arguments ask of the screen; None when they ask for anything else."""
    found: dict[str, Any] = {}
    waiting = iter(args)
    for arg in waiting:
        option, equals, value = arg.partition("=")
        if option in VALUES and equals:
            found[VALUES[option]] = value
        elif arg in VALUES and (following := next(waiting, None)) is not None:
            found[VALUES[arg]] = following
        elif arg in FLAGS:
            found[FLAGS[arg]] = True
        elif is_place(arg) and "uri" not in found:
            found["uri"] = arg
        else:
            return None
    return Wanted(**found)


def is_place(arg: str) -> bool:
    """Whether an argument can only be a store: a path or a URI; no command and no option looks like that."""
    return not arg.startswith("-") and ("/" in arg or arg in (".", "..") or arg.endswith(".db"))


def show(asked: Wanted) -> int:
    """Open the screen, and give the exit code."""
    from qtui.cli.ending import EXPECTED, tell
    from qtui.cli.screen import open_screen
    from qtui.cli.session import Session

    try:
        return open_screen(Session(asked.uri, asked.read_only), theme=asked.theme, ascii_only=asked.ascii_only)
    except EXPECTED as error:
        return tell(error)
