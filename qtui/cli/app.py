"""The program as a whole: its global options, and its commands, each imported when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from qtui import __version__
from qtui.cli.ending import EXPECTED, tell
from qtui.cli.quick import is_place
from qtui.cli.session import Session
from qtui.entities import View

COMMANDS: Mapping[str, str] = {
    "experiments": "qtui.cli.experiments",
    "runs": "qtui.cli.runs",
    "show": "qtui.cli.show",
    "history": "qtui.cli.history",
    "plot": "qtui.cli.plot",
    "artifacts": "qtui.cli.artifacts",
    "doctor": "qtui.cli.doctor",
    "demo": "qtui.cli.demo",
}
"""Every command and the module that holds the function of its name."""

GLOBAL_FLAGS = ("--read-only",)
GLOBAL_OPTIONS = ("--uri",)
SCREEN_OPTIONS = ("--view", "--refresh", "--theme")
"""Options before a command that take a value."""


class Commands(TyperGroup):
    """Loads a command when it is asked for, and ends the process as every command of qtui ends."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name; the others stay unloaded."""
        if cmd_name not in COMMANDS:
            return None
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(cmd_name)(getattr(import_module(COMMANDS[cmd_name]), cmd_name))
        return typer.main.get_command(single)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the global options behind the command's name too."""
        return super().parse_args(ctx, hoisted(args))

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what goes wrong is one sentence and an exit code."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except EXPECTED as error:
            raise typer.Exit(tell(error)) from None
        return result


def program() -> typer.Typer:
    """The program: its options and its commands."""
    app = typer.Typer(
        cls=Commands,
        help="Experiments and runs of MLflow and Qlib, in the terminal, straight from the store that holds them.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        invoke_without_command=True,
        subcommand_metavar="[STORE] [COMMAND] [ARGS]...",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(qtui)
    return app


def qtui(
    ctx: typer.Context,
    uri: Annotated[
        str | None,
        typer.Option("--uri", metavar="URI", help="The store: a folder, a database file, or any MLflow URI."),
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Refuse whatever would change the store.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
    view: Annotated[View, typer.Option(help="Which runs the screen shows first.")] = View.ACTIVE,
    refresh: Annotated[
        float | None,
        typer.Option(min=0, metavar="S", help="Seconds between two looks of the screen for changes; 0 for none."),
    ] = None,
    theme: Annotated[
        str | None, typer.Option(metavar="T", help="The colours of the screen; auto follows yours.")
    ] = None,
    ascii_only: Annotated[bool, typer.Option("--ascii", help="Draw the screen with ASCII alone.")] = False,
) -> None:
    """Without a command, open the full screen: `qtui ./mlruns` opens it on that store."""
    ctx.obj = session = Session(uri, read_only)
    if version:
        sys.stdout.write(f"qtui {__version__}\n")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        from qtui.cli.screen import open_screen

        raise typer.Exit(open_screen(session, view=view, refresh=refresh, theme=theme, ascii_only=ascii_only))


def hoisted(args: Sequence[str]) -> list[str]:
    """The arguments with the global options before the command's name; a store in its place is an option, too."""
    front: list[str] = []
    rest: list[str] = []
    has_command = False
    waiting = iter(args)
    for arg in waiting:
        if arg == "--":
            return [*front, *rest, arg, *waiting]
        if arg in GLOBAL_FLAGS or arg.partition("=")[0] in GLOBAL_OPTIONS:
            front.append(arg)
            front += [value for value in [next(waiting, None)] if value is not None] if arg in GLOBAL_OPTIONS else []
        elif arg in SCREEN_OPTIONS and not has_command:
            rest += [arg, *(value for value in [next(waiting, None)] if value is not None)]
        elif not has_command and _is_store(arg):
            front += ["--uri", arg]
        else:
            has_command = has_command or not arg.startswith("-")
            rest.append(arg)
    return [*front, *rest]


def _is_store(arg: str) -> bool:
    """Whether an argument before any command is a store: a path, a URI, or the name of something that is there."""
    return is_place(arg) or (not (arg.startswith("-") or arg in COMMANDS) and os.path.exists(arg))
