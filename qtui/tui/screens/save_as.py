"""Where to save a file: asked with a line of text, and once more before another file is replaced."""

from __future__ import annotations

from typing import Any

from textual.app import App

from qtui.tui.screens.ask import Ask
from qtui.tui.screens.confirm import Confirm
from qtui.tui.screens.saving import Target, complaint, path_of


async def ask_where(app: App[Any], title: str, suggestion: str) -> Target | None:
    """The place that the user chose, if any; called from a worker of the screen."""
    text = await app.push_screen_wait(Ask(title, value=suggestion, complaint=complaint))
    if text is None:
        return None
    path = path_of(text)
    if not path.exists() and not path.is_symlink():
        return Target(path)
    if not await app.push_screen_wait(Confirm(f"Replace {path.name}?", "There is such a file already.")):
        return None
    return Target(path, replace=True)
