"""The command line: global options, and the commands, which are imported when they are called."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from qtui import __version__
from qtui.cli.error_report import EXPECTED, report_error
from qtui.cli.fast_launch import is_store_path
from qtui.cli.global_options import GlobalOptions
from qtui.cli.time_limit import TimeLimit, check_time_limit
from qtui.entities import ViewType

MODULES = (
    *("experiments", "runs", "show", "history", "plot", "compare", "leaderboard", "check", "artifacts", "cat", "get"),
    *("resume", "run", "edits", "purge", "undo", "doctor", "demo"),
)
"""The modules of the commands, in the order of the help."""

SHARED_MODULES = ("edits", "undo")
"""The modules with several commands, listed in their `COMMANDS`; each other module has the command of its name."""

GLOBAL_FLAGS = ("--read-only",)
GLOBAL_OPTIONS = ("--uri", "--timeout")
SCREEN_OPTIONS = ("--view", "--refresh", "--theme")
"""Options before a command that take a value."""


class LazyCommands(TyperGroup):
    """The group of all commands; it imports a command when it is called, and reports its errors."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands in the order of the help."""
        return command_names()

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import and return a command; None if there is none of this name."""
        module = module_of(cmd_name)
        if module is None:
            return None
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(cmd_name)(getattr(import_module(f"qtui.cli.commands.{module}"), cmd_name))
        return typer.main.get_command(single)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Accept global options after the name of the command."""
        return super().parse_args(ctx, move_global_options(args))

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error becomes a message and an exit code."""
        try:
            with TimeLimit(ctx.params["timeout"]):
                result = super().invoke(ctx)
                sys.stdout.flush()
        except EXPECTED as error:
            raise typer.Exit(report_error(error)) from None
        return result


def command_names() -> list[str]:
    """Return the names of all commands in the order of the help."""
    return [name for module in MODULES for name in _commands_in(module)]


def module_of(command: str) -> str | None:
    """Return the module with the function of a command; None if there is no such command."""
    candidates = (command,) if command in MODULES else SHARED_MODULES
    return next((module for module in candidates if command in _commands_in(module)), None)


def _commands_in(module: str) -> Sequence[str]:
    return import_module(f"qtui.cli.commands.{module}").COMMANDS if module in SHARED_MODULES else (module,)


def program() -> typer.Typer:
    """Return the Typer app."""
    app = typer.Typer(
        cls=LazyCommands,
        help="MLflow and Qlib experiments in the terminal, read directly from their store.",
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
        list[str] | None,
        typer.Option(
            "--uri",
            metavar="URI",
            help="The store: a directory, a database file, or any MLflow URI. Repeat it for several stores at once.",
        ),
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Refuse to change the store.")] = False,
    timeout: Annotated[
        float | None,
        typer.Option(metavar="S", help="Stop a command that takes longer than S seconds, with exit code 4."),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    view: Annotated[
        ViewType, typer.Option(help="The runs that the screen shows first, by lifecycle stage.")
    ] = ViewType.ACTIVE,
    refresh: Annotated[
        float | None,
        typer.Option(min=0, metavar="S", help="Seconds between two polls of the store; 0 turns them off."),
    ] = None,
    theme: Annotated[
        str | None, typer.Option(metavar="T", help="The theme of the screen; auto follows the terminal.")
    ] = None,
    ascii_only: Annotated[bool, typer.Option("--ascii", help="Draw the screen in ASCII only.")] = False,
) -> None:
    """Open the full screen if no command is given: `qtui ./mlruns` shows that store."""
    ctx.obj = options = GlobalOptions(_one_uri(uri or []), read_only)
    if version:
        sys.stdout.write(f"qtui {__version__}\n")
        raise typer.Exit
    check_time_limit(timeout, ctx.invoked_subcommand)
    if ctx.invoked_subcommand is None:
        from qtui.cli.screen import open_screen

        raise typer.Exit(open_screen(options, view=view, refresh=refresh, theme=theme, ascii_only=ascii_only))


def _one_uri(uris: Sequence[str]) -> str | None:
    """Return the address of the store, or of several stores as one; None for the default store."""
    if len(uris) < 2:
        return next(iter(uris), None)
    from qtui.store.addresses import combined_uri

    return combined_uri(uris)


def move_global_options(args: Sequence[str]) -> list[str]:
    """Move the global options before the name of the command; a positional store becomes `--uri`."""
    front: list[str] = []
    rest: list[str] = []
    has_command = False
    remaining = iter(args)
    for arg in remaining:
        if arg == "--":
            return [*front, *rest, arg, *remaining]
        if arg in GLOBAL_FLAGS or arg.partition("=")[0] in GLOBAL_OPTIONS:
            front.append(arg)
            front += [value for value in [next(remaining, None)] if value is not None] if arg in GLOBAL_OPTIONS else []
        elif arg in SCREEN_OPTIONS and not has_command:
            rest += [arg, *(value for value in [next(remaining, None)] if value is not None)]
        elif not has_command and _is_store(arg):
            front += ["--uri", arg]
        else:
            has_command = has_command or not arg.startswith("-")
            rest.append(arg)
    return [*front, *rest]


def _is_store(arg: str) -> bool:
    """Return whether an argument before the command is a store: a path, a URI, or an existing file."""
    return is_store_path(arg) or (not arg.startswith("-") and os.path.exists(arg) and module_of(arg) is None)
