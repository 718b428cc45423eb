"""A line of tab names with the number of items in every tab."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from qtui.value_classes import dataclass

WIDE_GAP, NARROW_GAP = "  ", " "


class TabLine(Widget, can_focus=False):
    """Shows the names of the tabs, the current one highlighted; a click chooses one."""

    DEFAULT_CSS = """
    TabLine { height: 1; padding: 0 1; color: $text-muted; }
    """

    current: reactive[int] = reactive(0)
    """The index of the current tab."""

    counts: reactive[tuple[int | None, ...]] = reactive(())
    """The number of items in every tab; None is not shown."""

    hidden: reactive[frozenset[int]] = reactive(frozenset())
    """The indexes of tabs that are not offered."""

    @dataclass
    class Chosen(Message):
        """A tab was clicked."""

        index: int

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = names

    def render(self) -> Content:
        """Render the tabs; names are shortened where they do not fit."""
        labels = zip(self._visible, self._labels(), strict=True)
        return Content(self._gap).join(self._tab(index, label) for index, label in labels)

    @property
    def _visible(self) -> list[int]:
        return [index for index in range(len(self.names)) if index not in self.hidden]

    def _tab(self, index: int, label: tuple[str, str]) -> Content:
        name, count = label
        style = "bold underline $accent" if index == self.current else "$text-muted"
        return Content.assemble((name, style), (count, "$text-muted"))

    @property
    def _gap(self) -> str:
        """Return the gap between two tabs; the narrow one where not even their names fit."""
        return WIDE_GAP if self._fits([(self.names[index], "") for index in self._visible], WIDE_GAP) else NARROW_GAP

    def _fits(self, labels: list[tuple[str, str]], gap: str) -> bool:
        needed = sum(len(name) + len(count) for name, count in labels)
        return needed + len(gap) * (len(labels) - 1) <= self.content_size.width

    def _labels(self) -> list[tuple[str, str]]:
        """Return names and counts that fit: in full, without the counts, or with the longest names shortened."""
        counts = [f" {count:,}" if count else "" for count in self.counts] or [""] * len(self.names)
        visible = self._visible
        full = [(self.names[index], counts[index]) for index in visible]
        if self._fits(full, WIDE_GAP):
            return full
        for length in range(max(map(len, self.names)), 0, -1):
            labels = [(self._shorten(index, length), "") for index in visible]
            if self._fits(labels, self._gap):
                break
        return labels

    def _shorten(self, index: int, length: int) -> str:
        """Cut the name of a tab to this length; that of the current tab is never cut."""
        name = self.names[index]
        return name if index == self.current else name[:length]

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse."""
        end = self.gutter.left
        for index, (name, count) in zip(self._visible, self._labels(), strict=True):
            end += len(name) + len(count) + len(self._gap)
            if event.x < end:
                self.post_message(self.Chosen(index))
                return
