"""Sources and contents of artifacts for tests."""

from __future__ import annotations

from collections.abc import Sequence

from qtui.artifacts.content import Content, TextContent, TreeContent, TreeNode
from qtui.artifacts.source import Source
from qtui.artifacts.viewers import Views, views_of
from qtui.plot.pieces import Row


def source_of(data: bytes, path: str = "file") -> Source:
    """Return a source of these bytes."""
    return Source.of_chunks([data], path)


def views_for(data: bytes, path: str = "file") -> Views:
    """Return the views of a file with these bytes."""
    return views_of(source_of(data, path))


def open_view(data: bytes, title: str, path: str = "file") -> Content:
    """Open the view with this title."""
    return {view.title: view for view in views_for(data, path).views}[title].open()


def open_rows(data: bytes, title: str, path: str = "file") -> TextContent:
    """Open a view that is text."""
    content = open_view(data, title, path)
    assert isinstance(content, TextContent)
    return content


def open_tree(data: bytes, path: str = "file", title: str = "tree") -> TreeContent:
    """Open a view that is a tree."""
    content = open_view(data, title, path)
    assert isinstance(content, TreeContent)
    return content


def texts(rows: Sequence[Row]) -> list[str]:
    """Return the texts of rows."""
    return ["".join(piece.text for piece in row) for row in rows]


def outline(nodes: Sequence[TreeNode], depth: int = 0) -> list[str]:
    """Return the opened tree as lines with indents."""
    lines = []
    for node in nodes:
        lines.append("  " * depth + " ".join(part for part in (node.label, node.text) if part))
        if node.children is not None:
            lines += outline(node.children(), depth + 1)
    return lines
