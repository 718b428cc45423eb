"""A line of tabs with how much is in each."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

GAP = "  "


class TabLine(Widget, can_focus=False):
    """Shows the names of the tabs, the one in front bright; a click chooses one."""

    DEFAULT_CSS = """
    TabLine { height: 1; padding: 0 1; color: $text-muted; }
    """

    current: reactive[int] = reactive(0)
    """The tab in front."""

    amounts: reactive[tuple[int | None, ...]] = reactive(())
    """How much is in each tab; None is not shown."""

    @dataclass
    class Chosen(Message):
        """A tab was clicked."""

        index: int

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = names

    def render(self) -> Content:
        """The tabs in a line; where they do not fit, the names get shorter."""
        return Content(self._gap).join(self._tab(index, label) for index, label in enumerate(self._labels()))

    def _tab(self, index: int, label: tuple[str, str]) -> Content:
        name, amount = label
        front = index == self.current
        return Content.assemble((name, "bold underline $accent" if front else "$text-muted"), (amount, "$text-muted"))

    @property
    def _gap(self) -> str:
        """What stands between two tabs; less where not even their names fit."""
        return GAP if self._fits([(name, "") for name in self.names], GAP) else " "

    def _fits(self, labels: list[tuple[str, str]], gap: str) -> bool:
        needed = sum(len(name) + len(amount) for name, amount in labels)
        return needed + len(gap) * (len(labels) - 1) <= self.content_size.width

    def _labels(self) -> list[tuple[str, str]]:
        """The names and amounts as they fit: in full, without the amounts, or the longest names shortened."""
        amounts = [f" {each:,}" if each else "" for each in self.amounts] or [""] * len(self.names)
        full = list(zip(self.names, amounts, strict=True))
        if self._fits(full, GAP):
            return full
        for letters in range(max(map(len, self.names)), 0, -1):
            labels = [(self._shortened(index, letters), "") for index in range(len(self.names))]
            if self._fits(labels, self._gap):
                break
        return labels

    def _shortened(self, index: int, letters: int) -> str:
        """The name of a tab in so many letters, that of the one in front in full."""
        name = self.names[index]
        return name if index == self.current else name[:letters]

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse."""
        end = self.gutter.left
        for index, (name, amount) in enumerate(self._labels()):
            end += len(name) + len(amount) + len(self._gap)
            if event.x < end:
                self.post_message(self.Chosen(index))
                return
