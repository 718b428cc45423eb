"""The commands: parse, ask the recorder library, print. What is heavy is imported inside the commands."""

from __future__ import annotations


def main() -> None:
    """The program `qtui`."""
    from qtui import crash

    crash.install()
    from typer.main import get_command

    from qtui.cli.app import program

    get_command(program())(prog_name="qtui")
