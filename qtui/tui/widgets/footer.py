"""The last line: the keys that work now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, NamedTuple

from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from qtui.text import width
from qtui.tui import keymap


class KeyHint(NamedTuple):
    """A key that works now, and what it does."""

    key: str
    written: str
    text: str

    @property
    def cells(self) -> int:
        """How wide it is drawn."""
        return width(self.written) + 1 + width(self.text)


class Footer(Widget, can_focus=False):
    """Shows as many of the keys that work now as fit, and always how to see the others; a click presses a key."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    Footer {
        dock: bottom;
        height: 1;
        padding: 0 1;
        background: $background;
        color: $text-muted;
    }
    """

    hints: reactive[tuple[KeyHint, ...]] = reactive(())
    """The keys that work now, the most useful first."""

    def on_mount(self) -> None:
        """Follow what works now."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, screen: Screen[Any]) -> None:
        if self.is_attached and screen is self.screen and screen.is_current:
            self.hints = hints(screen.active_bindings.values())

    def render(self) -> Content:
        """The hints, with the colour on the keys."""
        gap = " " * GAP
        shown = fitting(self.hints, self.content_size.width)
        return Content(gap).join(
            Content.assemble((hint.written, "$accent"), (f" {hint.text}", "$text-muted")) for hint in shown
        )

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        start = self.gutter.left
        for hint in fitting(self.hints, self.content_size.width):
            if start <= event.x < start + hint.cells:
                self.app.simulate_key(hint.key)
            start += hint.cells + GAP


GAP = 3
LAST = "help"
"""The command whose hint is always shown, at the end."""


def hints(bindings: Iterable[ActiveBinding]) -> tuple[KeyHint, ...]:
    """The hints for the keys that work now: those of the place with the focus first, the way to the others last."""
    found: dict[str, KeyHint] = {}
    last: dict[str, KeyHint] = {}
    for active in bindings:
        binding = active.binding
        hint = KeyHint(binding.key, keymap.written(binding.key), binding.description)
        if binding.id == LAST:
            last.setdefault(LAST, hint)
        elif binding.show and active.enabled:
            found.setdefault(binding.action, hint)
    return (*found.values(), *last.values())


def fitting(hints: Sequence[KeyHint], cells: int) -> tuple[KeyHint, ...]:
    """As many hints as fit into so many cells; the last one is kept."""
    *others, last = hints or (None,)
    if last is None:
        return ()
    room = cells - last.cells
    shown: list[KeyHint] = []
    for hint in others:
        room -= hint.cells + GAP
        if room < 0:
            break
        shown.append(hint)
    return (*shown, last)
