"""The commands: parse, ask the recorder library, print. What is heavy is imported inside the commands."""

from __future__ import annotations

import gc
import sys

from qtui import UNSUPPORTED_PLATFORM


def main() -> None:
    """Run the program `qtui`."""
    if sys.platform == "win32":
        sys.exit(f"qtui: {UNSUPPORTED_PLATFORM}")
    # A command builds what it prints and ends: looking for garbage took 7 to 14 % of the time of `qtui runs --json`.
    gc.disable()
    from qtui import crash
    from qtui.cli import quick

    crash.install()
    asked = quick.wanted(sys.argv[1:])
    if asked is not None:
        sys.exit(quick.show(asked))
    from typer.main import get_command

    from qtui.cli.app import program

    get_command(program())(prog_name="qtui")
