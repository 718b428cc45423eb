"""Giving away what the table shows: in which form and whereto is asked, then it is written."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from qtui.errors import FileNotWritten
from qtui.formatting import format_count, format_size
from qtui.runs import export
from qtui.runs.table_view import TableView
from qtui.tui.app import QtuiApp
from qtui.tui.present.choices import Choice
from qtui.tui.screens.choice_dialog import ChoiceDialog
from qtui.tui.screens.save_dialog import ask_where
from qtui.tui.screens.saving import SaveTarget, save_file, suggest_file_name
from qtui.tui.terminal import clipboard


@dataclass(frozen=True, slots=True)
class Way:
    """A form, and whether it goes into a file or the clipboard."""

    form: str
    to_file: bool


NOTES = {"CSV": "raw values", "Markdown": "the cells as they are shown", "JSON": "raw values, an object a line"}


def ways() -> list[Choice[Way]]:
    """What can be chosen."""
    return [
        Choice(Way(form, to_file), f"{form} to {'a file' if to_file else 'the clipboard'}", note=NOTES[form])
        for to_file in (True, False)
        for form in export.EXPORT_FORMATS
    ]


async def export_view(app: QtuiApp, view: TableView, title: str) -> None:
    """Ask how, and give away what a table shows."""
    way = await app.push_screen_wait(ChoiceDialog("Export what is shown", ways()))
    if way is None:
        return
    if not way.to_file:
        await _into_the_clipboard(app, view, way.form)
    elif target := await ask_where(
        app, f"Write {way.form} to", suggest_file_name(title or "runs", export.FILE_EXTENSIONS[way.form])
    ):
        await _into_a_file(app, view, way.form, target)


async def _into_a_file(app: QtuiApp, view: TableView, form: str, target: SaveTarget) -> None:
    try:
        await asyncio.to_thread(lambda: save_file(target, _text(view, form).encode("utf-8", "backslashreplace")))
    except FileNotWritten as error:
        app.say(str(error), severity="error")
    else:
        app.say(f"Wrote {_lines(view)} to {target.path}.")


async def _into_the_clipboard(app: QtuiApp, view: TableView, form: str) -> None:
    text = await asyncio.to_thread(_text, view, form)
    if clipboard.fits(text):
        app.copy(text, f"{_lines(view)} as {form}")
    else:
        amount, limit = format_size(len(text.encode("utf-8", "replace"))), format_size(clipboard.MAX_CLIPBOARD_BYTES)
        app.say(f"{amount} are too much for a terminal's clipboard, which takes {limit}: write a file instead.")


def _text(view: TableView, form: str) -> str:
    return "".join(export.EXPORT_FORMATS[form](view))


def _lines(view: TableView) -> str:
    return format_count(sum(1 for _ in export.export_lines(view)), "line")
