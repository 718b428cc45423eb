"""The footer: the keys that work now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, NamedTuple

from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from qtui.column_fit import ColumnNeed, fit_columns
from qtui.text import width
from qtui.tui import keymap

GAP_CELLS = 3
"""The width between two hints."""

HELP_ID = "help"
"""The command whose hint is always shown, at the end."""


class KeyHint(NamedTuple):
    """A key that works now, and its command."""

    key: str
    """The key as Textual names it."""

    key_text: str
    """The key as users read it."""

    text: str

    @property
    def cells(self) -> int:
        """Return the width of the hint."""
        return width(self.key_text) + 1 + width(self.text)


class Footer(Widget, can_focus=False):
    """Shows as many of the keys that work now as fit, and always the one for help; a click presses a key."""

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

    _is_stale = False

    def on_mount(self) -> None:
        """Subscribe to changes of the active bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow_bindings)

    def _follow_bindings(self, _: Screen[Any]) -> None:
        """Update the hints once, after the screen has painted what changed the bindings."""
        if not self._is_stale:
            self._is_stale = True
            self.call_after_refresh(self._update_hints)

    def _update_hints(self) -> None:
        self._is_stale = False
        if self.is_attached and self.screen.is_current:
            self.hints = hints_for(self.screen.active_bindings.values())

    def render(self) -> Content:
        """Render the hints that fit."""
        return Content(" " * GAP_CELLS).join(
            Content.assemble((hint.key_text, "$accent"), (f" {hint.text}", "$text-muted"))
            for hint in fit_hints(self.hints, self.content_size.width)
        )

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        start = self.gutter.left
        for hint in fit_hints(self.hints, self.content_size.width):
            if start <= event.x < start + hint.cells:
                self.app.simulate_key(hint.key)
            start += hint.cells + GAP_CELLS


def hints_for(bindings: Iterable[ActiveBinding]) -> tuple[KeyHint, ...]:
    """Return the hints of the bindings that work now, in their order; the one for help comes last."""
    hints: dict[str, KeyHint] = {}
    help_hint: KeyHint | None = None
    for active in bindings:
        binding = active.binding
        hint = KeyHint(binding.key, keymap.format_key_name(binding.key), binding.description)
        if binding.id == HELP_ID:
            help_hint = help_hint or hint
        elif binding.show and active.enabled:
            hints.setdefault(binding.action, hint)
    return (*hints.values(), *([help_hint] if help_hint else []))


def fit_hints(hints: Sequence[KeyHint], cells: int) -> tuple[KeyHint, ...]:
    """Return the hints that fit the width, the first ones first; the last one is always kept."""
    needs = [ColumnNeed(hint.cells, hint.cells, hint.cells, rank) for rank, hint in enumerate(hints, 1)]
    widths = fit_columns([*needs[:-1], *(need._replace(rank=0) for need in needs[-1:])], cells, GAP_CELLS)
    return tuple(hint for hint, width in zip(hints, widths, strict=True) if width is not None)
