"""The filter bar: an input that filters while typing, with completions and syntax errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import Static

from qtui.errors import QuerySyntaxError
from qtui.lazy_pattern import lazy_pattern
from qtui.plot.pieces import Piece
from qtui.query import KeyLookup, parse_filter
from qtui.query.ast import Filter
from qtui.text import display, pad, width
from qtui.tui.present.runs.completion import Completions, Vocabulary, completions, is_key_prefix
from qtui.tui.widgets.row_list import RowList
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from textual.widgets import Input

    from qtui.tui.widgets.text_field import TextField

HINT = "enter esc keep   esc esc clear   ↑ ↓ history   tab complete"
PLACEHOLDER = "such as Rank IC > 0.05 and status = finished, or any word"
PROMPT = "/ "

_UNFINISHED_CONNECTIVE = lazy_pattern(r"[^\s=<>~]\s+(?:an?|o|no?)$", re.I)
"""The beginning of `and`, `or` or `not` after a condition."""


class QueryBar(Vertical):
    """The field of the filter. It is hidden while it is empty and not in use, and mounted when it is first used.

    The line below is reserved while the field is in use; what needs more lines lies over the table, which never moves.
    """

    DEFAULT_CSS = """
    QueryBar {
        height: auto;
        display: none;
        &.-used, &:focus-within { display: block; }
        & > Horizontal {
            height: 1;
            & > #prompt { width: 2; color: $accent; }
            & > TextField, & > TextField:focus { width: 1fr; padding: 0; background: transparent; }
            & > #matches { width: auto; max-width: 75%; padding: 0 1; color: $text-muted; }
        }
        & > #reserved { height: 1; display: none; }
        & > #below {
            overlay: screen;
            height: auto;
            max-height: 3;
            display: none;
            color: $text-muted;
            background: $background;
        }
        &:focus-within > Horizontal { background: $panel; }
        &:focus-within > #reserved, &:focus-within > #below { display: block; }
        & > RowList {
            overlay: screen;
            constrain: inside inside;
            display: none;
            width: 40;
            max-height: 8;
            background: $panel;
            scrollbar-background: $panel;
        }
        &.-completing > RowList { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("tab", "complete", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    vocabulary: var[Vocabulary] = var(Vocabulary())
    """The keys and values to complete."""

    history: var[tuple[str, ...]] = var(())
    """Previous filters, the latest last."""

    summary: var[str] = var("")
    """The number of matches, and the keys that no run has: `12 of 240, no run has a metric 'ic'`."""

    @dataclass
    class Changed(Message):
        """The filter changed; None is no filter. An invalid one is never posted."""

        text: str
        filter: Filter | None

    @dataclass
    class Submitted(Message):
        """The user confirmed the filter; the focus goes back to the table."""

        text: str

    class Dismissed(Message):
        """The user left the field; the focus goes back to the table."""

    def __init__(self, now: Callable[[], int] | None = None) -> None:
        """Ages in a filter are counted from `now` (ms); by default from the clock."""
        super().__init__()
        self._now = now
        self._field: TextField | None = None
        self._history_index: int | None = None
        self._draft = ""
        self._completions = Completions(0, ())
        self.lookup: KeyLookup | None = None
        """Looks up the kinds of a key, for keys written without prefix."""
        self.applied = ""
        """The text of the filter that was posted last."""
        self._applied_filter: Filter | None = None
        self._error: QuerySyntaxError | None = None

    @property
    def field(self) -> TextField:
        """The input."""
        if self._field is None:
            self._field = self._mount_field()
            self.watch_summary()
        return self._field

    def _mount_field(self) -> TextField:
        """Mount the field with its prompt and the summary, the line below, and the completions over the table."""
        from qtui.tui.widgets.text_field import TextField

        line, field = Horizontal(), TextField(placeholder=PLACEHOLDER)
        self.mount(
            line,
            Static(Content(HINT), id="below"),
            Static(id="reserved"),
            RowList[str](lambda text, _: [Piece(f"  {display(text)}")], str, is_menu=True),
        )
        line.mount(Static(Content(PROMPT), id="prompt"), field, Static(id="matches"))  # now, so that it takes the focus
        return field

    @property
    def text(self) -> str:
        """The text in the field."""
        return self._field.value if self._field else ""

    def show(self, text: str) -> None:
        """Set the text of the filter, as if typed."""
        if text == self.text:
            return
        self.field.value = text
        self.field.cursor_position = len(text)

    def enter(self) -> None:
        """Focus the input."""
        self.add_class("-used")
        self.screen.set_focus(self.field)

    def watch_summary(self) -> None:
        """Show the number of matches, or why the filter is not applied."""
        if self._field is None:
            return
        text = Content(self.summary)
        if self._error is not None and not self.field.has_focus:
            text = Content.styled(display(f"not applied: {self._error.reason}"), "$error")
        self.query_one("#matches", Static).update(text)

    def parse_again(self) -> None:
        """Parse the filter again after the known keys changed; keep the applied filter if that fails."""
        if self.text.strip() != self.applied:
            self._apply()
        elif self._applied_filter is not None and self.lookup is not None:
            with suppress(QuerySyntaxError):
                parsed = parse_filter(self.text, now=self._applied_filter.now, lookup=self.lookup)
                self._post_filter(self.text, parsed)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Apply the filter while the user types."""
        event.stop()
        if not self.field.has_focus:
            self.set_class(bool(self.text), "-used")
        self._update_completions()
        self._apply()

    def _apply(self, *, finished: bool = False) -> bool:
        """Post the filter or show its error; a text that may become a key waits until it is `finished`."""
        text = self.text
        try:
            parsed = parse_filter(text, now=self._now() if self._now else None, lookup=self.lookup)
            self._error = None
        except QuerySyntaxError as error:
            self._error = error
        self.watch_summary()
        if self._error is not None:
            scrolled = self.field.scroll_offset.x
            self._show_hint(render_error(self._error, self.field.cursor_position, self.size.width, scrolled))
            return False
        self._show_hint(Content(HINT))
        if finished or not is_partial_key(text, self._completions):
            self._post_filter(text, parsed)
        return True

    def _post_filter(self, text: str, parsed: Filter | None) -> None:
        """Post a filter unless it is applied already."""
        old = self._applied_filter
        if text.strip() == self.applied and (parsed and parsed.expr) == (old and old.expr):
            return
        self.applied, self._applied_filter = text.strip(), parsed
        self.post_message(self.Changed(text, parsed))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Leave the input and keep the filter; with an invalid filter, stay."""
        event.stop()
        self._close_completions()
        if self._apply(finished=True):
            self.post_message(self.Submitted(event.value))

    @on(RowList.RowSelected)
    def _complete_clicked(self, event: RowList.RowSelected) -> None:
        event.stop()
        self.action_complete()

    def on_descendant_focus(self) -> None:
        """Show the number of matches."""
        self.watch_summary()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Hide the completions, and the bar if it is empty; restore the text of the applied filter."""
        self._close_completions()
        self._history_index = None
        if self.screen.is_current and self.app.app_focus and self.text.strip() != self.applied:
            self.show(self.applied)
        self.set_class(bool(self.text), "-used")
        self.watch_summary()

    def action_leave(self) -> None:
        """Leave the input; the filter stays."""
        self.post_message(self.Dismissed())

    def action_complete(self) -> None:
        """Replace the word with the completion under the cursor."""
        completion: str | None = self.query_one(RowList).current
        if not self.has_class("-completing") or completion is None:
            return
        text, cursor = self.text, self.field.cursor_position
        self.field.value = f"{text[: self._completions.start]}{completion} {text[cursor:].lstrip()}"
        self.field.cursor_position = self._completions.start + len(completion) + 1
        self._close_completions()

    def action_move(self, by: int) -> None:
        """Move in the completions if they are visible, else in the history."""
        if self.has_class("-completing"):
            self.query_one(RowList).cursor += by
        else:
            self._step_history(by)

    def _step_history(self, by: int) -> None:
        """Show an earlier or later filter of the history; after the last one, the unfinished text."""
        if self._history_index is None:
            self._draft, self._history_index = self.text, len(self.history)
        self._history_index = max(0, min(len(self.history), self._history_index + by))
        with self.prevent(self.field.Changed):
            self.show(self.history[self._history_index] if self._history_index < len(self.history) else self._draft)
        self._close_completions()
        self.post_message(self.field.Changed(self.field, self.text))

    def _update_completions(self) -> None:
        """Update the completions of the word before the cursor."""
        completed = completions(self.text, self.field.cursor_position, self.vocabulary)
        popup: RowList[str] = self.query_one(RowList)
        self._completions = completed
        popup.set_rows(completed.texts, reset_cursor=True)
        popup.styles.offset = (len(PROMPT) + width(self.text[: completed.start]) - 2, 0)
        self.set_class(bool(completed.texts) and self.field.has_focus, "-completing")

    def _close_completions(self) -> None:
        self.remove_class("-completing")

    def _show_hint(self, text: Content) -> None:
        self.query_one("#below", Static).update(text)


def is_partial_key(text: str, completed: Completions) -> bool:
    """Return whether the last word is the beginning of a known key or of `and`, so that the filter should wait.

    A single word is searched for at once, unless the key has a dot: `metri` is the beginning of `metrics.`.
    """
    if _UNFINISHED_CONNECTIVE.search(text):
        return True
    word, follows = text[completed.start :], bool(text[: completed.start].strip())
    return any(is_key_prefix(key, word.rstrip()) and (follows or "." in key) for key in completed.texts if word)


def render_error(error: QuerySyntaxError, cursor: int, cells: int, scrolled: int = 0) -> Content:
    """Return the error with a caret under its position; muted while the filter is merely unfinished.

    `scrolled` is the number of cells by which the text of the field is scrolled.
    """
    unfinished = error.position >= len(error.text.rstrip()) and cursor >= error.position
    column = len(PROMPT) + max(0, width(display(error.text[: error.position])) - scrolled)
    reason, mark = display(error.reason), "^" * max(1, error.length)
    if column + len(mark) + 1 + width(reason) <= cells:
        text = f"{' ' * column}{mark} {reason}"
    elif width(reason) < column:
        text = f"{pad(reason, column - 1, '>')} {mark}"
    else:
        text = f"{' ' * min(column, cells - 1)}{mark}\n{reason}"
    return Content.styled(text, "$text-muted" if unfinished else "$error")
