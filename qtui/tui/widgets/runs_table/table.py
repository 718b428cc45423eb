"""The table of runs."""

from __future__ import annotations

from typing import ClassVar

from qtui.tui.commands import CommandHost
from qtui.tui.commands.moving import MOVES, Open
from qtui.tui.commands.runs import Fold, FoldAll, Mark, MarkAll, MarkDown, MarkUp, ScrollLeft, ScrollRight
from qtui.tui.widgets.runs_table.palette import CLASSES, CSS
from qtui.tui.widgets.runs_table.pointing import Pointing


class RunsTable(CommandHost, Pointing, can_focus=True, inherit_bindings=False):
    """Shows runs and says what is done to them; it reads nothing and changes no run."""

    HEADING = "Runs"
    OWN_COMMANDS = (Open, Mark, MarkDown, MarkUp, MarkAll, Fold, FoldAll, ScrollLeft, ScrollRight, *MOVES)
    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = set(CLASSES)
    DEFAULT_CSS = f"""
    RunsTable {{
        height: 1fr;
        background: transparent;
{CSS}
    }}
    """

    def action_cursor_down(self) -> None:
        """Go one line down."""
        self.go_to(self.cursor + 1)

    def action_cursor_up(self) -> None:
        """Go one line up."""
        self.go_to(self.cursor - 1)

    def action_first(self) -> None:
        """Go to the first line."""
        self.go_to(0)

    def action_last(self) -> None:
        """Go to the last line."""
        self.go_to(len(self.view) - 1)

    def action_page_down(self) -> None:
        """Go a page down."""
        self._turn(self.page)

    def action_page_up(self) -> None:
        """Go a page up."""
        self._turn(-self.page)

    def action_half_page_down(self) -> None:
        """Go half a page down."""
        self._turn(self.page // 2)

    def action_half_page_up(self) -> None:
        """Go half a page up."""
        self._turn(-(self.page // 2))

    def _turn(self, lines: int) -> None:
        """Move the lines and the cursor with them."""
        self.top += lines
        self.go_to(self.cursor + lines)

    def action_scroll_left(self) -> None:
        """Go one column to the left."""
        self.column -= 1

    def action_scroll_right(self) -> None:
        """Go one column to the right."""
        self.column += 1
