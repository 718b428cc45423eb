"""The launch of the full screen, for `qtui` and `qtui demo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtui import settings
from qtui.cli.global_options import GlobalOptions
from qtui.entities import ViewType

if TYPE_CHECKING:
    from subprocess import Popen


def open_screen(
    options: GlobalOptions,
    *,
    view: ViewType = ViewType.ACTIVE,
    refresh: float | None = None,
    theme: str | None = None,
    ascii_only: bool = False,
    helper: Popen[bytes] | None = None,
) -> int:
    """Show the store until the user quits, and return the exit code; `helper` is the process that reads it ahead."""
    if names := settings.current().columns:
        from qtui.query.column_names import is_bare_key, parse_column

        for name in names:
            if not is_bare_key(name):
                parse_column(name)
    with options.library() as library:
        library.read_ahead(view, helper)
        from qtui.tui.launch import run_screen
        from qtui.tui.options import Options

        screen_options = Options.from_settings(
            settings.current(), view=view, refresh=refresh, theme=theme, ascii_only=ascii_only
        )
        return run_screen(library, screen_options)
