"""The filter: a field that applies while one types, with what it could go on with and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import Static

from qtui.errors import QuerySyntaxError
from qtui.query import parse_filter
from qtui.query.ast import Filter
from qtui.text import display, pad, width
from qtui.tui.completion import Completions, Vocabulary, completions
from qtui.tui.widgets.choice_list import Choice, ChoiceList
from qtui.tui.widgets.field import Field

HINT = "enter keep   esc clear   ↑ ↓ earlier ones   tab complete"
PROMPT = "/ "


class QueryBar(Vertical):
    """Says which filter is wanted. It is hidden while it is empty and not in use."""

    DEFAULT_CSS = """
    QueryBar {
        height: auto;
        display: none;
        &.-used, &:focus-within { display: block; }
        & > Horizontal {
            height: 1;
            & > #prompt { width: 2; color: $accent; }
            & > Field, & > Field:focus { width: 1fr; padding: 0; background: transparent; }
            & > #found { width: auto; padding: 0 1; color: $text-muted; }
        }
        & > #below { height: auto; max-height: 3; display: none; color: $text-muted; }
        &:focus-within > Horizontal { background: $panel; }
        &:focus-within > #below { display: block; }
        & > ChoiceList {
            overlay: screen;
            constrain: inside inside;
            display: none;
            width: 40;
            max-height: 8;
            background: $panel;
            scrollbar-background: $panel;
        }
        &.-completing > ChoiceList { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("tab", "complete", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    vocabulary: var[Vocabulary] = var(Vocabulary())
    """What can be completed."""

    history: var[tuple[str, ...]] = var(())
    """Filters that were used before, the latest last."""

    found: var[str] = var("")
    """How much matches: `12 of 240`."""

    @dataclass
    class Changed(Message):
        """Another filter is wanted; None is no filter. A wrong one is never sent."""

        text: str
        filter: Filter | None

    @dataclass
    class Submitted(Message):
        """The filter is to stay, and the focus to go back to what is filtered."""

        text: str

    class Left(Message):
        """The focus is to go back to what is filtered."""

    def __init__(self, now: Callable[[], int] | None = None) -> None:
        """Ages in a filter are counted from `now` (ms); by default from the clock."""
        super().__init__()
        self._now = now
        self._at: int | None = None
        self._draft = ""
        self._offered = Completions(0, ())
        self._sent = ""

    def compose(self) -> ComposeResult:
        """The field with its prompt and what is found, the line below, the completions over what lies below."""
        with Horizontal():
            yield Static(Content(PROMPT), id="prompt")
            yield Field(placeholder="metrics.ic > 0.05 and params.model = 'lgb', or any word")
            yield Static(id="found")
        yield Static(Content(HINT), id="below")
        yield ChoiceList[str]([])

    @property
    def field(self) -> Field:
        """The field itself."""
        return self.query_one(Field)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.field.value

    def show(self, text: str) -> None:
        """Put a filter into the field, as if it were typed."""
        self.field.value = text
        self.field.cursor_position = len(text)

    def enter(self) -> None:
        """Take the focus."""
        self.add_class("-used")
        self.screen.set_focus(self.field)

    def watch_found(self, found: str) -> None:
        """Show how much matches."""
        self.query_one("#found", Static).update(Content(found))

    @on(Field.Changed)
    def _apply(self, event: Field.Changed) -> None:
        """Send a filter that can be understood, and say what is wrong with any other."""
        event.stop()
        self._offer()
        self._send(event.value, hold=is_becoming_a_key(event.value, self._offered))

    def _send(self, text: str, *, hold: bool = False) -> None:
        try:
            parsed = parse_filter(text, now=self._now() if self._now else None)
        except QuerySyntaxError as error:
            self._say(complaint(error, self.field.cursor_position, self.size.width))
            return
        self._say(Content(HINT))
        if text.strip() != self._sent and not hold:
            self._sent = text.strip()
            self.post_message(self.Changed(text, parsed))

    @on(Field.Submitted)
    def _submit(self, event: Field.Submitted) -> None:
        event.stop()
        self._close_completions()
        self._send(event.value)
        self.post_message(self.Submitted(event.value))

    @on(ChoiceList.Clicked)
    def _take_click(self, event: ChoiceList.Clicked) -> None:
        event.stop()
        self.action_complete()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Hide the completions, and the bar when it is empty."""
        self._close_completions()
        self._at = None
        self.set_class(bool(self.text), "-used")

    def action_leave(self) -> None:
        """Close the completions, else clear the filter, else leave."""
        if self.has_class("-completing"):
            self._close_completions()
        elif self.text:
            self.show("")
        else:
            self.post_message(self.Left())

    def action_complete(self) -> None:
        """Put the completion under the cursor in the place of the word."""
        choice = self.query_one(ChoiceList).current
        if not self.has_class("-completing") or choice is None:
            return
        text, cursor = self.text, self.field.cursor_position
        self.field.value = f"{text[: self._offered.start]}{choice.value} {text[cursor:].lstrip()}"
        self.field.cursor_position = self._offered.start + len(choice.value) + 1
        self._close_completions()

    def action_move(self, by: int) -> None:
        """Move among the completions while they are shown, else through the history."""
        if self.has_class("-completing"):
            self.query_one(ChoiceList).move(by)
        else:
            self._recall(by)

    def _recall(self, by: int) -> None:
        """Show an earlier filter, or a later one, and at the end what was being typed."""
        if self._at is None:
            self._draft, self._at = self.text, len(self.history)
        self._at = max(0, min(len(self.history), self._at + by))
        with self.prevent(Field.Changed):
            self.show(self.history[self._at] if self._at < len(self.history) else self._draft)
        self._close_completions()
        self.post_message(Field.Changed(self.field, self.text))

    def _offer(self) -> None:
        """Show what the word before the cursor could become."""
        offered = completions(self.text, self.field.cursor_position, self.vocabulary)
        popup = self.query_one(ChoiceList)
        self._offered = offered
        popup.show("", [Choice(each, each) for each in offered.texts])
        popup.styles.offset = (len(PROMPT) + width(self.text[: offered.start]) - 2, 0)
        self.set_class(bool(offered.texts) and self.field.has_focus, "-completing")

    def _close_completions(self) -> None:
        self.remove_class("-completing")

    def _say(self, text: Content) -> None:
        self.query_one("#below", Static).update(text)


def is_becoming_a_key(text: str, offered: Completions) -> bool:
    """Whether the last word is the beginning of a key: as a word of its own it would match next to nothing. One that
    nothing stands before is rather looked for, unless the key has a dot: nobody means `metri` who goes on."""
    word, follows = text[offered.start :], bool(text[: offered.start].strip())
    return any(each.startswith(word) and (follows or "." in each) for each in offered.texts if word)


def complaint(error: QuerySyntaxError, cursor: int, cells: int) -> Content:
    """What is wrong, beside a mark under the character; muted while the filter is only not finished."""
    unfinished = error.position >= len(error.text.rstrip()) and cursor >= error.position
    column = len(PROMPT) + width(display(error.text[: error.position]))
    reason, mark = display(error.reason), "^" * max(1, error.length)
    if column + len(mark) + 1 + width(reason) <= cells:
        text = f"{' ' * column}{mark} {reason}"
    elif width(reason) < column:
        text = f"{pad(reason, column - 1, '>')} {mark}"
    else:
        text = f"{' ' * min(column, cells - 1)}{mark}\n{reason}"
    return Content.styled(text, "$text-muted" if unfinished else "$error")
