"""Child runs below their parents."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from qtui.entities import PARENT_RUN_TAG
from qtui.query.ast import Field, Kind
from qtui.runs.column_data import NO_CODE, CodedColumn
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_view import HAS_CHILDREN, IS_CONTEXT, IS_FOLDED, MissingParent, TableLines

PARENT_FIELD = Field(Kind.TAG, PARENT_RUN_TAG)
MAX_DEPTH = 200
"""How far lines are indented at most; no store nests so deep but a hostile one."""

Node: TypeAlias = int | str
"""A run by its row, or a missing one by its id."""


def nest_lines(frame: RunsFrame, rows: Sequence[int], closed: Collection[str]) -> TableLines:
    """The rows as a forest in their order; a parent that is not among them comes as context above its first child."""
    parents = _parents(frame)
    if not parents:
        return TableLines(array("i", rows))
    wanted = set(rows)
    top: list[Node] = []
    below: dict[Node, list[Node]] = defaultdict(list)
    context: set[Node] = set()
    for row in rows:
        node: Node = row
        while (parent := parents.get(node)) is not None:
            below[parent].append(node)
            # A parent that is wanted takes its own turn; one that is not is placed once, by its first child.
            if parent in wanted or parent in context:
                break
            context.add(parent)
            node = parent
        else:
            top.append(node)
    return _build_lines(frame, top, below, context, closed)


@lru_cache(1)
def _parents(frame: RunsFrame) -> Mapping[Node, Node]:
    """The parent of every run that has one; what a damaged store ties into a circle is cut open."""
    column = frame.column(PARENT_FIELD)
    if not isinstance(column, CodedColumn):
        return {}
    found: dict[Node, Node] = {}
    for row, code in enumerate(column.codes):
        if code != NO_CODE:
            found[row] = _node(frame, column.pool.values[code])
    _cut_circles(found)
    return found


def _cut_circles(parents: dict[Node, Node]) -> None:
    """Take one run of every circle from its parent."""
    safe: set[Node] = set()
    for start in tuple(parents):
        path: dict[Node, None] = {}
        node = start
        while node in parents and node not in safe and node not in path:
            path[node] = None
            node = parents[node]
        if node in path:
            del parents[node]
        safe.update(path)


def _node(frame: RunsFrame, run_id: str) -> Node:
    row = frame.row(run_id)
    return run_id if row is None else row


def _build_lines(
    frame: RunsFrame,
    top: Sequence[Node],
    below: Mapping[Node, Sequence[Node]],
    context: Collection[Node],
    closed: Collection[str],
) -> TableLines:
    """The forest line by line."""
    places, depths, flags, heads = array("i"), bytearray(), bytearray(), list[MissingParent]()
    waiting = [(node, 0) for node in reversed(top)]
    while waiting:
        node, depth = waiting.pop()
        flag = IS_CONTEXT if node in context else 0
        if children := below.get(node):
            key = node if isinstance(node, str) else frame.infos[node].run_id
            flag |= HAS_CHILDREN | IS_FOLDED if key in closed else HAS_CHILDREN
            if key not in closed:
                waiting += [(child, depth + 1) for child in reversed(children)]
        if isinstance(node, str):
            heads.append(MissingParent(node))
            node = -len(heads)
        places.append(node)
        depths.append(min(depth, MAX_DEPTH))
        flags.append(flag)
    return TableLines(places, tuple(heads), bytes(depths), bytes(flags))
