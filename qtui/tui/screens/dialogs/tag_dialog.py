"""The dialog that edits the tags of runs or experiments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from qtui.formatting import format_count
from qtui.tui.commands.dialogs import NextChoice, PreviousChoice, RemoveTag, ShowSystemTags
from qtui.tui.present.tag_editor import TagCompletion, TagEditor, TagRow
from qtui.tui.screens.dialogs.dialog import MIN_TALL_LINES, Dialog
from qtui.tui.widgets.hint import wrap_keys
from qtui.tui.widgets.row_list import RowList
from qtui.tui.widgets.text_field import TextField

MAX_LIST_LINES = 14
MAX_PREVIEW_LINES = 4
OTHER_LINES_TALL, OTHER_LINES_SHORT = 9, 4
"""The height of everything but list and preview, with blank lines and without."""


class TagDialog(Dialog[Mapping[str, str | None]]):
    """Edits tags: a typed `key=value` becomes a pending change, and `enter` in the empty field answers all of them."""

    DEFAULT_CSS = """
    TagDialog > #box {
        width: 90;
        & > RowList { margin-top: 1; }
        & > #preview { margin-top: 1; height: auto; color: $accent; display: none; }
        & > #preview.-shown { display: block; }
    }
    TagDialog.-short > #box > RowList, TagDialog.-short > #box > #preview { margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        PreviousChoice.binding(),
        NextChoice.binding(),
        Binding("tab", "complete", show=False),
        replace(RemoveTag.binding(), priority=True),
        replace(ShowSystemTags.binding(), priority=True),
    ]

    def __init__(self, title: str, editor: TagEditor) -> None:
        super().__init__(title)
        self._editor = editor
        self._field = TextField(placeholder="key=value")
        self.list = RowList[TagRow | TagCompletion](editor.render_row, _row_key, editor.rows(), is_menu=True)

    def body(self) -> list[Widget]:
        return [self._field, self.list, Static(id="preview")]

    def keys_text(self) -> str:
        """Return the keys that work with the present text and row."""
        return self._fill_keys(self._hint_of(self.list.current, self._field.value))

    def _hint_of(self, row: TagRow | TagCompletion | None, text: str) -> str:
        if text:
            complete = ("tab complete",) if isinstance(row, TagCompletion) else ()
            return "   ".join(("enter add to the changes", *complete, "{back} cancel"))
        count = len(self._editor.preview())
        write = (f"enter write {format_count(count, 'change')}",) if count else ()
        edit = ("tab edit", "{remove-tag} remove") if isinstance(row, TagRow) and not row.why_not else ()
        hidden = self._editor.system_count
        verb = "hide" if self._editor.shows_system else "show"
        system = (f"{{show-system-tags}} {verb} {format_count(hidden, 'system tag')}",) if hidden else ()
        return "   ".join((*write, "type key=value", *edit, *system, "{back} cancel"))

    def on_mount(self) -> None:
        """Show the keys."""
        self._show_keys()

    def on_resize(self) -> None:
        """Fit the list into the height."""
        cells = max(1, min(86, self.size.width - 4))
        other = OTHER_LINES_TALL if self.size.height >= MIN_TALL_LINES else OTHER_LINES_SHORT
        other += len(wrap_keys(self.keys_text(), cells)) - 1 + min(MAX_PREVIEW_LINES, len(self._editor.preview()))
        self.list.styles.max_height = max(1, min(MAX_LIST_LINES, self.size.height - other))

    def _show_keys(self) -> None:
        text, row = self._field.value, self.list.current
        problem = self._editor.problem(text) if "=" in text else None
        reason = row.why_not if isinstance(row, TagRow) and not text else ""
        self.explain(problem or reason or None)

    def _show_rows(self, *, reset_cursor: bool) -> None:
        text = self._field.value
        rows = self._editor.completions(text) if text else self._editor.rows()
        self.list.set_rows(rows, reset_cursor=reset_cursor)
        lines = self._editor.preview()
        more = [f"… and {len(lines) - MAX_PREVIEW_LINES + 1} more"] if len(lines) > MAX_PREVIEW_LINES else []
        preview = self.query_one("#preview", Static)
        preview.update(Content("\n".join([*lines[: MAX_PREVIEW_LINES - len(more)], *more])))
        preview.set_class(bool(lines), "-shown")
        self._show_keys()
        self.on_resize()

    @on(Input.Changed)
    def _complete_typed(self) -> None:
        self._show_rows(reset_cursor=True)

    @on(RowList.RowHighlighted)
    def _explain_row(self) -> None:
        self._show_keys()

    @on(RowList.RowSelected)
    def _take_clicked(self) -> None:
        self.action_complete()

    @on(Input.Submitted)
    def _submit(self) -> None:
        text = self._field.value.strip()
        if not text and self._editor.has_changes:
            self.dismiss(self._editor.changes)
        elif not text:
            self.action_complete()
        elif problem := self._editor.problem(text):
            self.explain(problem)
        else:
            self._editor.set(text)
            self._clear()

    def _clear(self) -> None:
        with self.prevent(Input.Changed):
            self._field.value = ""
        self._show_rows(reset_cursor=False)

    def action_complete(self) -> None:
        """Put the completion, or the tag under the cursor, into the field."""
        match self.list.current:
            case TagCompletion(text=text):
                self._field.value = text
            case TagRow() as row if not row.why_not:
                self._field.value = self._editor.text_of(row)
        self._field.cursor_position = len(self._field.value)

    def action_remove_tag(self) -> None:
        row = self.list.current
        if isinstance(row, TagRow):
            self._editor.toggle_removal(row.key)
            self._show_rows(reset_cursor=False)

    def action_show_system_tags(self) -> None:
        self._editor.shows_system = not self._editor.shows_system
        self._show_rows(reset_cursor=False)

    def action_move(self, by: int) -> None:
        """Move the cursor of the list."""
        self.list.cursor += by

    def action_cancel(self) -> None:
        """Empty the field, or answer None."""
        if self._field.value:
            self._clear()
        else:
            super().action_cancel()


def _row_key(row: TagRow | TagCompletion) -> str:
    return row.key if isinstance(row, TagRow) else row.text
