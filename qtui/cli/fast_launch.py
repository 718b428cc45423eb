"""A fast path to the screen for common command lines, without the import of Typer.

That import takes a tenth of the time until the first runs are shown. All other command lines are left to Typer, which
knows all options and reports errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

VALUES = {"--uri": "uri", "--theme": "theme"}
FLAGS = {"--read-only": "read_only", "--ascii": "ascii_only"}


class ScreenArguments(NamedTuple):
    """The options of the screen on the command line."""

    uri: str | None = None
    theme: str | None = None
    read_only: bool = False
    ascii_only: bool = False


def parse_screen_arguments(args: Sequence[str]) -> ScreenArguments | None:
    """Return the options of the screen; None for any other command line."""
    options: dict[str, Any] = {}
    remaining = iter(args)
    for arg in remaining:
        option, equals, value = arg.partition("=")
        if "uri" in options and (VALUES.get(option) == "uri" or is_store_path(arg)):
            return None
        if option in VALUES and equals:
            options[VALUES[option]] = value
        elif arg in VALUES and (following := next(remaining, None)) is not None:
            options[VALUES[arg]] = following
        elif arg in FLAGS:
            options[FLAGS[arg]] = True
        elif is_store_path(arg):
            options["uri"] = arg
        else:
            return None
    return ScreenArguments(**options)


def is_store_path(arg: str) -> bool:
    """Return whether an argument can only be a store: a path or a URI, and no command or option."""
    return not arg.startswith("-") and ("/" in arg or arg in (".", "..") or arg.endswith(".db"))


def open_fast(arguments: ScreenArguments) -> int:
    """Open the screen, and return the exit code."""
    from qtui.cli.error_report import EXPECTED, report_error
    from qtui.cli.screen import open_screen
    from qtui.cli.session import Session

    try:
        return open_screen(
            Session(arguments.uri, arguments.read_only), theme=arguments.theme, ascii_only=arguments.ascii_only
        )
    except EXPECTED as error:
        return report_error(error)
