"""The widget for a tree of values."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.strip import Strip

from qtui.artifacts.content import TreeContent
from qtui.plot.pieces import Piece
from qtui.plot.rows import fit_row
from qtui.tui.commands import Command
from qtui.tui.commands.artifacts import (
    CloseNode,
    OpenAllNodes,
    OpenNode,
    ScrollTextLeft,
    ScrollTextRight,
    ShowNode,
    ToggleNode,
)
from qtui.tui.messages import ShowValue
from qtui.tui.present.artifact.row_cells import crop_row, mark_matches
from qtui.tui.present.artifact.value_tree_rows import NodePath, TreeItem, ValueTree, next_path, tree_item_row
from qtui.tui.widgets.artifact.content_widget import TaskSteps
from qtui.tui.widgets.artifact.row_viewport import Place
from qtui.tui.widgets.artifact.rows_widget import RowsWidget
from qtui.tui.widgets.row_painter import ROLES, RowCursor

SIDEWAYS_CELLS = 8


class TreeWidget(RowsWidget[TreeItem]):
    """Shows the open nodes of a tree; children are loaded in the background when a node is opened."""

    OWN_COMMANDS: ClassVar[tuple[type[Command[Any]], ...]] = (
        ShowNode,
        ToggleNode,
        OpenNode,
        CloseNode,
        OpenAllNodes,
        ScrollTextLeft,
        ScrollTextRight,
    )

    def __init__(self, content: TreeContent) -> None:
        super().__init__(content.notes)
        self._tree = ValueTree(content)
        self.left = 0
        """Cells that are scrolled out at the left."""
        self._needle = ""
        self._pattern: re.Pattern[str] | None = None
        self._matches: list[NodePath] | None = None
        self._search_start: NodePath = ()

    def on_mount(self) -> None:
        """Open the top nodes if they are few."""
        self.show_rows()
        if len(self._tree.top) == 1 and self._tree.top[0].can_open:
            self._open(self._tree.top[0])

    # Rows

    def show_rows(self, path: NodePath | None = None) -> None:
        """Show the open nodes; the cursor goes to the node at a path, or stays on its node."""
        current = self.current_item
        path = path or (current.path if current else ())
        rows = self._tree.rows()
        self.set_rows(rows)
        index = next((index for index, item in enumerate(rows) if item.path == path), None)
        self._rendered.clear()
        if index is not None:
            self.viewport.go_to(Place(index), is_centred=True)
        self.update_view()
        self.refresh()

    def read_appended(self) -> None:
        """Leave the tree as it is: a parsed file does not grow."""

    @property
    def current_item(self) -> TreeItem | None:
        """The node under the cursor."""
        return self.window.row(self.viewport.cursor.row)

    @property
    def position(self) -> str:
        """The labels of the nodes from the top to the cursor."""
        item = self.current_item
        return " › ".join(filter(None, self._tree.labels(item.path))) if item else "empty"

    @property
    def copy_text(self) -> tuple[str, str] | None:
        """The value of the node under the cursor."""
        item = self.current_item
        if item is None:
            return None
        node = item.node
        return (node.value() if node.value else node.text), node.label or "the value"

    def paint_line(self, place: Place, row: TreeItem, cells: int, cursor: RowCursor) -> Strip:
        """Return the line of a node."""
        pieces = [Piece(text, role if role in ROLES else "text") for text, role in tree_item_row(row)]
        line = crop_row(pieces, self.left, cells)
        if self._pattern is not None:
            line = mark_matches(line, self._pattern)
        return self.painter.paint(fit_row(cells, *line), cells, cursor)

    # Opening nodes

    def _open(self, item: TreeItem) -> None:
        item.is_open = True
        if item.is_loaded:
            self.show_rows()
        else:
            self.run_task("open", partial(_load_children, item), self._show_children, "loading")

    def _show_children(self, item: TreeItem) -> None:
        self.show_rows()

    def _close(self, item: TreeItem) -> None:
        item.is_open = False
        self.show_rows()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked node; a click on the node of the cursor opens or closes it."""
        before = self.current_item
        super().on_click(event)
        if event.x < self.body_cells and before is not None and self.current_item is before:
            self.action_toggle_node()

    def action_toggle_node(self) -> None:
        item = self.current_item
        if item is not None and item.can_open:
            self._close(item) if item.is_open else self._open(item)

    def action_show_node(self) -> None:
        item = self.current_item
        if item is not None and item.can_open:
            self.action_toggle_node()
        elif self.copy_text is not None:
            value, label = self.copy_text
            self.post_message(ShowValue(label, value))

    def action_open_node(self) -> None:
        item = self.current_item
        if item is None or not item.can_open:
            return
        if item.is_open:
            self.move_cursor(1)
        else:
            self._open(item)

    def action_close_node(self) -> None:
        """Close the node; in a closed one, go to the node that contains it."""
        item = self.current_item
        if item is None:
            return
        if item.is_open:
            self._close(item)
        elif len(item.path) > 1:
            self.show_rows(item.path[:-1])

    def action_open_all_nodes(self) -> None:
        item = self.current_item
        if item is None or not item.can_open:
            return
        if item.is_open and any(child.is_open for child in item.children()):
            self._tree.close_all(item)
            self.show_rows()
        else:
            self.run_task("open", partial(self._open_all_steps, item), self._show_opened, "opening")

    def _open_all_steps(self, item: TreeItem) -> TaskSteps[bool]:
        return (yield from self._tree.open_all(item))

    def _show_opened(self, is_complete: bool) -> None:
        self.notice = "" if is_complete else "too many nodes: the first ones are open"
        self.show_rows()

    # Search

    @property
    def why_no_search(self) -> str | None:
        """A tree can always be searched."""
        return None

    def search(self, text: str) -> None:
        """Go to the next node that matches; closed nodes are searched too, and opened."""
        if not self._needle:
            item = self.current_item
            self._search_start = item.path if item else ()
        self._needle = text
        self._pattern = re.compile(re.escape(text), re.IGNORECASE) if text else None
        self._matches = None
        self.notice = ""
        self.cancel_task("search")
        self.relayout()
        if text:
            self._search(lambda: self._go_to_match(self._search_start, 0))

    def find_next(self, step: int) -> None:
        """Go to the next or the previous match."""
        item = self.current_item
        if item is not None and self._needle:
            self._search(lambda: self._go_to_match(item.path, step))

    def _search(self, go: Callable[[], None]) -> None:
        if self._matches is not None:
            go()
            return

        def keep(matches: list[NodePath]) -> None:
            self._matches = matches
            go()

        self.run_task("search", lambda: self._tree.search(self._needle), keep, "searching")

    def _go_to_match(self, current: NodePath, step: int) -> None:
        matches = self._matches or []
        path, is_beyond_end = next_path(matches, current, step)
        if path is None:
            self.notice = "no match"
            self.changed()
            return
        number = matches.index(path) + 1
        self.notice = f"match {number:,} of {len(matches):,}" + (", from the other end" if is_beyond_end else "")
        self._tree.open_path(path)
        self.show_rows(path)

    # Sideways

    def scroll_sideways(self, direction: int) -> None:
        """Scroll horizontally by a step."""
        self.left = max(0, self.left + direction * SIDEWAYS_CELLS)
        self.refresh_changed()


def _load_children(item: TreeItem) -> TaskSteps[TreeItem]:
    yield None
    item.children()
    return item
