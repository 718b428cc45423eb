"""Nest child runs below their parents."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from qtui.entities import PARENT_RUN_TAG
from qtui.query.ast import Field, FieldKind
from qtui.runs.column_data import NO_CODE, CategoricalColumn
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_view import HAS_CHILDREN, IS_CONTEXT, IS_FOLDED, MissingParent, TableLines

PARENT_FIELD = Field(FieldKind.TAG, PARENT_RUN_TAG)
MAX_DEPTH = 200
"""Maximum depth of a line, against hostile stores; it must fit into a byte."""

RunNode: TypeAlias = int | str
"""A run by its row, or a run that the frame does not have by its ID."""


def nest_lines(frame: RunsFrame, rows: Sequence[int], folded: Collection[str]) -> TableLines:
    """Return the rows as a forest in their order; a parent outside `rows` is context above its first child."""
    parents = _parents(frame)
    if not parents:
        return TableLines(array("i", rows))
    matches = set(rows)
    roots: list[RunNode] = []
    children: dict[RunNode, list[RunNode]] = defaultdict(list)
    context: set[RunNode] = set()
    for row in rows:
        node: RunNode = row
        while (parent := parents.get(node)) is not None:
            children[parent].append(node)
            # A parent that matches is placed by its own row; any other one once, by its first child.
            if parent in matches or parent in context:
                break
            context.add(parent)
            node = parent
        else:
            roots.append(node)
    return _build_lines(frame, roots, children, context, folded)


@lru_cache(1)
def _parents(frame: RunsFrame) -> Mapping[RunNode, RunNode]:
    """Return the parent of every child run, without the cycles that a damaged store can have."""
    column = frame.column(PARENT_FIELD)
    if not isinstance(column, CategoricalColumn):
        return {}
    parents: dict[RunNode, RunNode] = {}
    for row, code in enumerate(column.codes):
        if code != NO_CODE:
            parents[row] = _node(frame, column.pool.values[code])
    _break_cycles(parents)
    return parents


def _break_cycles(parents: dict[RunNode, RunNode]) -> None:
    """Remove the parent of one run in every cycle."""
    acyclic: set[RunNode] = set()
    for start in tuple(parents):
        path: dict[RunNode, None] = {}
        node = start
        while node in parents and node not in acyclic and node not in path:
            path[node] = None
            node = parents[node]
        if node in path:
            del parents[node]
        acyclic.update(path)


def _node(frame: RunsFrame, run_id: str) -> RunNode:
    row = frame.row(run_id)
    return run_id if row is None else row


def _build_lines(
    frame: RunsFrame,
    roots: Sequence[RunNode],
    children: Mapping[RunNode, Sequence[RunNode]],
    context: Collection[RunNode],
    folded: Collection[str],
) -> TableLines:
    """Flatten the forest into lines, depth first."""
    entries, depths, flags, heads = array("i"), bytearray(), bytearray(), list[MissingParent]()
    stack = [(node, 0) for node in reversed(roots)]
    while stack:
        node, depth = stack.pop()
        flag = IS_CONTEXT if node in context else 0
        if own_children := children.get(node):
            key = node if isinstance(node, str) else frame.infos[node].run_id
            flag |= HAS_CHILDREN | IS_FOLDED if key in folded else HAS_CHILDREN
            if key not in folded:
                stack += [(child, depth + 1) for child in reversed(own_children)]
        if isinstance(node, str):
            heads.append(MissingParent(node))
            node = -len(heads)
        entries.append(node)
        depths.append(min(depth, MAX_DEPTH))
        flags.append(flag)
    return TableLines(entries, tuple(heads), bytes(depths), bytes(flags))
