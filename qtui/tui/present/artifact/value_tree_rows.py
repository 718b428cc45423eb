"""The open nodes of a tree of values as rows, and a search in all its nodes."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TypeAlias

from qtui.artifacts.content import TreeContent, TreeNode
from qtui.plot.pieces import Piece, Row
from qtui.text import display_within

NodePath: TypeAlias = tuple[int, ...]
"""The indices of the children on the way from the top to a node; sorted paths are in the order of the rows."""

MAX_TEXT_CELLS = 4096
"""Cells of the text of a node that can be scrolled to."""
MAX_OPEN_NODES = 10_000
"""Nodes that are open after all nodes are opened at once."""
MAX_SEARCHED_NODES = 1_000_000
"""Nodes in which a search looks for a text."""
NODES_PER_STEP = 256
"""Nodes that are searched between two moments at which the search can be cancelled."""

OPEN_SIGN, CLOSED_SIGN, LEAF_SIGN = "▾ ", "▸ ", "  "


class TreeItem:
    """A node with its children, as far as they were loaded, and whether it is open."""

    def __init__(self, node: TreeNode, path: NodePath) -> None:
        self.node = node
        self.path = path
        self.is_open = False
        self._children: tuple[TreeItem, ...] | None = None

    @property
    def can_open(self) -> bool:
        """Whether it has children."""
        return self.node.children is not None

    @property
    def is_loaded(self) -> bool:
        """Whether the children are known."""
        return self._children is not None or not self.can_open

    def children(self) -> tuple[TreeItem, ...]:
        """Return the children, which are loaded at the first call; that may take long."""
        if self._children is None:
            nodes = self.node.children() if self.node.children else ()
            self._children = tuple(TreeItem(node, (*self.path, index)) for index, node in enumerate(nodes))
        return self._children


class ValueTree:
    """A tree of values of which some nodes are open."""

    def __init__(self, content: TreeContent) -> None:
        self.top = tuple(TreeItem(node, (index,)) for index, node in enumerate(content.top))

    def rows(self) -> tuple[TreeItem, ...]:
        """Return the visible nodes from the top."""
        rows: list[TreeItem] = []
        pending = list(reversed(self.top))
        while pending:
            item = pending.pop()
            rows.append(item)
            if item.is_open and item.is_loaded:
                pending.extend(reversed(item.children()))
        return tuple(rows)

    def open_path(self, path: NodePath) -> None:
        """Open the nodes above a node."""
        items = self.top
        for index in path[:-1]:
            items[index].is_open = True
            items = items[index].children()

    def labels(self, path: NodePath) -> list[str]:
        """Return the labels of the nodes from the top to a node."""
        labels: list[str] = []
        items = self.top
        for index in path:
            labels.append(items[index].node.label)
            items = items[index].children() if items[index].is_loaded else ()
        return labels

    def open_all(self, item: TreeItem) -> Generator[None, None, bool]:
        """Open a node and all nodes below it; if there are too many, open the first ones and return False."""
        count = 0
        pending = [item]
        while pending:
            following = pending.pop()
            if not following.can_open:
                continue
            count += len(following.children())
            if count > MAX_OPEN_NODES:
                return False
            following.is_open = True
            pending.extend(reversed(following.children()))
            yield None
        return True

    def close_all(self, item: TreeItem) -> None:
        """Close a node and all nodes below it."""
        pending = [item]
        while pending:
            following = pending.pop()
            following.is_open = False
            if following.can_open and following.is_loaded:
                pending.extend(following.children())

    def search(self, text: str) -> Generator[None, None, list[NodePath]]:
        """Return the paths of the nodes whose label or text holds a text, ignoring case, in the order of the rows."""
        needle = text.casefold()
        matches: list[NodePath] = []
        for count, item in enumerate(self._walk(), 1):
            node = item.node
            if needle in node.label.casefold() or needle in node.text.casefold():
                matches.append(item.path)
            if count >= MAX_SEARCHED_NODES:
                break
            if not count % NODES_PER_STEP:
                yield None
        return matches

    def _walk(self) -> Iterator[TreeItem]:
        pending = list(reversed(self.top))
        while pending:
            item = pending.pop()
            yield item
            if item.can_open:
                pending.extend(reversed(item.children()))


def tree_item_row(item: TreeItem) -> Row:
    """Return the row of a node: its sign, label and text, indented by its depth."""
    sign = LEAF_SIGN if not item.can_open else OPEN_SIGN if item.is_open else CLOSED_SIGN
    label = display_within(item.node.label, MAX_TEXT_CELLS)
    text = display_within(item.node.text, MAX_TEXT_CELLS)
    gap = "  " if label and text else ""
    pieces = (
        Piece(" " * (1 + 2 * (len(item.path) - 1)) + sign, "muted"),
        Piece(label, "accent" if item.can_open else "muted"),
        Piece(gap + text, item.node.role),
    )
    return tuple(piece for piece in pieces if piece.text)


def next_path(paths: Sequence[NodePath], current: NodePath, step: int) -> tuple[NodePath | None, bool]:
    """Return the next path after the current one in a direction, and whether it is beyond the end of the sorted paths.

    A step of 0 means the current path or the next one after it.
    """
    if not paths:
        return None, False
    if step < 0:
        before = [path for path in paths if path < current]
        return (before[-1], False) if before else (paths[-1], True)
    for path in paths:
        if path > current or (path == current and step == 0):
            return path, False
    return paths[0], True
