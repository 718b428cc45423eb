"""The launch of the full screen, for `qtui` and `qtui demo`."""

from __future__ import annotations

from qtui import settings
from qtui.cli.session import Session
from qtui.entities import ViewType


def open_screen(
    session: Session,
    *,
    view: ViewType = ViewType.ACTIVE,
    refresh: float | None = None,
    theme: str | None = None,
    ascii_only: bool = False,
) -> int:
    """Show the store until the user quits, and return the exit code."""
    if names := settings.current().columns:
        from qtui.query.column_names import is_bare_key, parse_column

        for name in names:
            if not is_bare_key(name):
                parse_column(name)
    with session.library() as library:
        library.read_ahead(view)
        from qtui.tui.launch import run_screen
        from qtui.tui.options import Options

        options = Options.chosen(settings.current(), view=view, refresh=refresh, theme=theme, ascii_only=ascii_only)
        return run_screen(library, options)
