"""The commands: parse the arguments, call the library, print. Heavy modules are imported inside the commands."""

from __future__ import annotations

import gc
import sys

from qtui import UNSUPPORTED_PLATFORM


def main() -> None:
    """Run the program `qtui`."""
    if sys.platform == "win32":
        sys.exit(f"qtui: {UNSUPPORTED_PLATFORM}")
    # A command ends soon: garbage collection took 7 to 14 % of the time of `qtui runs --json`.
    gc.disable()
    from qtui.cli import fast_launch

    arguments = fast_launch.parse_screen_arguments(sys.argv[1:])
    if arguments is not None:
        sys.exit(fast_launch.open_fast(arguments))
    from qtui import crash

    crash.install()
    from typer.main import get_command

    from qtui.cli.app import program

    get_command(program())(prog_name="qtui")
