"""The text field of dialogs and search bars."""

from __future__ import annotations

from qtui.tui.terminal.safe_fields import SafeInput


class TextField(SafeInput):
    """A one-line text field without a border."""

    DEFAULT_CSS = """
    TextField, TextField:focus {
        border: none;
        height: 1;
        padding: 0 1;
        background: $panel;
    }
    """

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(value, placeholder=placeholder, compact=True, select_on_focus=False)
        self.cursor_blink = False
