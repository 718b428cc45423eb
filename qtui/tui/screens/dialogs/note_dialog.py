"""The dialog that shows a note as Markdown and edits it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import getters, on
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Markdown, Static, TextArea

from qtui.errors import UsageError
from qtui.text import display
from qtui.tui.commands.dialogs import EditText, OpenEditor, SaveText
from qtui.tui.screens.dialogs.dialog import Dialog
from qtui.tui.terminal.clipboard import strip_controls
from qtui.tui.terminal.safe_fields import SafeTextArea
from qtui.tui.terminal.terminal_app import TerminalApp
from qtui.user_programs import edit_text


class NoteDialog(Dialog[str]):
    """Shows a note rendered; `enter` edits it, `esc` renders it again, and `ctrl+s` answers the text."""

    DEFAULT_CSS = """
    NoteDialog > #box {
        width: 100;
        height: 80%;
        & > #warning { color: $warning; height: auto; display: none; }
        & > #warning.-shown { display: block; }
        & > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        & > TextArea, & > TextArea:focus { height: 1fr; border: none; padding: 0; display: none; }
        &.-editing > TextArea { display: block; }
        &.-editing > VerticalScroll { display: none; }
        & Markdown { padding: 0; margin: 0; background: transparent; }
        & MarkdownH1, & MarkdownH2, & MarkdownH3 { content-align: left middle; margin: 0; color: $foreground; }
        & MarkdownParagraph { margin: 0 0 1 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        EditText.binding(),
        # Before the text editor, for which the key means the end of the line.
        replace(OpenEditor.binding(), priority=True),
        SaveText.binding(),
        # Before the text editor, for which the key means to leave its indentation.
        Binding("escape,ctrl+c", "cancel", show=False, id="back", priority=True),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
    ]
    app = getters.app(TerminalApp)

    def __init__(self, title: str, text: str, warning: str = "") -> None:
        super().__init__(title)
        self._saved = strip_controls(text)
        self._warning = warning
        self.is_editing = not self._saved
        """Whether the editor is shown, not the rendered note."""
        self._area = SafeTextArea(self._saved, tab_behavior="indent", soft_wrap=True)
        self._area.cursor_blink = False

    def body(self) -> list[Widget]:
        warning = Static(Content(self._warning), id="warning", classes="-shown" if self._warning else None)
        note = VerticalScroll(Markdown(display(self._saved, one_line=False), open_links=False), can_focus=False)
        return [warning, note, self._area]

    def on_mount(self) -> None:
        """Edit at once if there is no note yet."""
        self._set_editing(editing=self.is_editing)

    @property
    def is_changed(self) -> bool:
        """Whether the text differs from the note."""
        return self._area.text != self._saved

    def keys_text(self) -> str:
        """Return the keys that work now."""
        save = "{save-text} save   " if self.is_changed else ""
        if self.is_editing:
            leave = "show" if self._area.text else "cancel"
            return self._fill_keys(f"{save}{{open-editor}} open in $EDITOR   {{back}} {leave}")
        leave = "discard the changes" if save else "close"
        return self._fill_keys(f"{save}{{edit-text}} edit   {{open-editor}} open in $EDITOR   {{back}} {leave}")

    def _set_editing(self, *, editing: bool) -> None:
        self.is_editing = editing
        self.query_one("#box").set_class(editing, "-editing")
        self.set_focus(self._area if editing else None)
        self.explain(None)

    async def _render_note(self) -> None:
        await self.query_one(Markdown).update(display(self._area.text, one_line=False))

    @on(TextArea.Changed)
    def _show_keys(self) -> None:
        self.explain(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the printable keys to the editor while it is shown."""
        return not (self.is_editing and action in ("edit_text", "scroll"))

    def action_edit_text(self) -> None:
        """Edit the note here."""
        self._set_editing(editing=True)

    async def action_open_editor(self) -> None:
        """Edit the note in the user's editor."""
        try:
            text = self.app.run_suspended(partial(edit_text, self._area.text, ".md"))
        except SuspendNotSupported:
            self.explain("qtui cannot be suspended in this terminal.")
            return
        except UsageError as error:
            self.explain(str(error))
            return
        self._area.text = strip_controls(text)
        await self._render_note()
        self._set_editing(editing=False)

    def action_save_text(self) -> None:
        """Answer the text."""
        self.dismiss(strip_controls(self._area.text) if self.is_changed else None)

    async def action_cancel(self) -> None:  # type: ignore[override]
        """Render the edited text, or close without it."""
        if self.is_editing and self._area.text:
            await self._render_note()
            self._set_editing(editing=False)
        else:
            self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        """Scroll the rendered note."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
