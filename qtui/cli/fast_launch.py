"""A fast path to the screen for common command lines, without the import of Typer.

That import takes a tenth of the time until the first runs are shown. All other command lines are left to Typer, which
knows all options and reports errors.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from subprocess import Popen

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


def start_prefetch(uri: str | None) -> Popen[bytes] | None:
    """Start the process that reads the store ahead; None for a server. It imports what it needs while this one does."""
    scheme, colon, _ = (uri or os.environ.get("MLFLOW_TRACKING_URI", "")).partition(":")
    if colon and scheme not in ("file", "sqlite"):
        return None
    from qtui.helper_process import has_second_core, start_helper

    if has_second_core():
        with suppress(OSError):
            return start_helper("qtui.store.prefetch")
    return None


def open_fast(arguments: ScreenArguments) -> int:
    """Open the screen, and return the exit code."""
    helper = start_prefetch(arguments.uri)
    from qtui import crash

    crash.install()
    from qtui.cli.error_report import EXPECTED, report_error
    from qtui.cli.global_options import GlobalOptions
    from qtui.cli.screen import open_screen

    try:
        options = GlobalOptions(arguments.uri, arguments.read_only)
        return open_screen(options, theme=arguments.theme, ascii_only=arguments.ascii_only, helper=helper)
    except EXPECTED as error:
        return report_error(error)
