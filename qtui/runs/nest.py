"""Child runs below their parents."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

from qtui.entities import PARENT_RUN_TAG
from qtui.query.ast import Field, Kind
from qtui.runs.frame import RunsFrame
from qtui.runs.values import Coded
from qtui.runs.view import ABOVE, CLOSED, CONTEXT, Lines, Missing

PARENT = Field(Kind.TAG, PARENT_RUN_TAG)
DEEPEST = 200
"""How far lines are indented at most; no store nests so deep but a hostile one."""

Node: TypeAlias = int | str
"""A run by its row, or a missing one by its id."""


def nested(frame: RunsFrame, rows: Sequence[int], closed: Collection[str]) -> Lines:
    """The rows as a forest in their order; a parent that is not among them comes as context above its first child."""
    parents = _parents(frame, rows)
    if not any(parent is not None for parent in parents.values()):
        return Lines(array("i", rows))
    wanted = set(rows)
    top: list[Node] = []
    below: dict[Node, list[Node]] = defaultdict(list)
    context: set[Node] = set()
    for row in rows:
        node: Node | None = row
        while node is not None:
            parent = parents.get(node)
            (top if parent is None else below[parent]).append(node)
            # A parent that is wanted takes its own turn; one that is not is placed once, by its first child.
            node = None if parent in wanted or parent in context else parent
            if node is not None:
                context.add(node)
    return _written(frame, top, below, context, closed)


def _parents(frame: RunsFrame, rows: Sequence[int]) -> Mapping[Node, Node | None]:
    """The parent of each row and of each parent; what a damaged store ties into a circle is cut open."""
    column = frame.column(PARENT)
    found: dict[Node, Node | None] = {}
    if not isinstance(column, Coded):
        return found
    for row in rows:
        path: set[Node] = set()
        node: Node | None = row
        while isinstance(node, int) and node not in found:
            path.add(node)
            name = column[node]
            parent = None if name is None else _node(frame, name)
            found[node] = None if parent in path else parent
            node = found[node]
    return found


def _node(frame: RunsFrame, run_id: str) -> Node:
    row = frame.row(run_id)
    return run_id if row is None else row


def _written(
    frame: RunsFrame,
    top: Sequence[Node],
    below: Mapping[Node, Sequence[Node]],
    context: Collection[Node],
    closed: Collection[str],
) -> Lines:
    """The forest line by line."""
    places, depths, flags, heads = array("i"), bytearray(), bytearray(), list[Missing]()
    waiting = [(node, 0) for node in reversed(top)]
    while waiting:
        node, depth = waiting.pop()
        key = node if isinstance(node, str) else frame.infos[node].run_id
        if isinstance(node, str):
            heads.append(Missing(node))
        places.append(node if isinstance(node, int) else -len(heads))
        depths.append(min(depth, DEEPEST))
        children = below.get(node, ())
        flags.append((node in context) * CONTEXT | bool(children) * ABOVE | (bool(children) and key in closed) * CLOSED)
        if key not in closed:
            waiting += ((child, depth + 1) for child in reversed(children))
    return Lines(places, tuple(heads), bytes(depths), bytes(flags))
