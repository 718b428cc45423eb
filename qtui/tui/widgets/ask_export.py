"""The dialog that exports a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from textual.message import Message

from qtui.tui.messages import ChooseOne, CopyExport, SaveFile
from qtui.tui.present.choices import Choice

FILE_EXTENSIONS: Mapping[str, str] = {"CSV": "csv", "Markdown": "md", "JSON": "json", "LaTeX": "tex"}
NO_NOTES: Mapping[str, str] = MappingProxyType({})


def ask_export(
    post: Callable[[Message], object],
    title: str,
    file_name: str,
    formats: Mapping[str, Callable[[], Iterable[str]]],
    amount: Callable[[], str],
    notes: Mapping[str, str] = NO_NOTES,
) -> None:
    """Ask for a format; export a table to a file or the clipboard.

    `formats` has the functions that make the text by the name of the format; `amount` returns how much is exported,
    such as "3 lines".
    """

    def export(choice: tuple[str, bool]) -> None:
        name, to_file = choice

        def make_text() -> str:
            return "".join(formats[name]())

        if to_file:
            post(SaveFile(f"Write {name} to", file_name, FILE_EXTENSIONS[name], make_text, amount()))
        else:
            post(CopyExport(make_text, f"{amount()} as {name}"))

    choices = [
        Choice((name, to_file), f"{name} to {'a file' if to_file else 'the clipboard'}", note=notes.get(name, ""))
        for to_file in (True, False)
        for name in formats
    ]
    post(ChooseOne(title, choices, on_answer=export))
