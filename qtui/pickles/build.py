"""Build the values of a graph bottom-up, without recursion, preserving cycles and shared references."""

from __future__ import annotations

from array import array
from collections import Counter
from itertools import compress
from typing import Any

from qtui.errors import PickleRefused, PickleUnreadable
from qtui.pickles import wire
from qtui.pickles.graph import Graph
from qtui.pickles.hashing import fill_dict, fill_set, frozenset_of
from qtui.pickles.limits import PickleLimits
from qtui.pickles.make_object import make
from qtui.pickles.node import Node, refill
from qtui.pickles.values import constants
from qtui.pickles.values.registry import EMPTY_VALUES, PART_NAMES, Path

PENDING: Any = object()
"""Placeholder for a value under construction that one of its own parts refers to."""
EMPTY_CONTAINERS: dict[int, type] = {wire.LIST: list, wire.DICT: dict, wire.SET: set}
CALLS = frozenset((wire.CALL, wire.CHANGE))
IS_NODE = bytes(kind in wire.NODES for kind in range(256))


class Builder:
    """Turns the nodes of one graph into values."""

    def __init__(self, graph: Graph, limits: PickleLimits) -> None:
        self._graph = graph
        self._limits = limits
        self._values = graph.values
        self._nodes = graph.kinds.translate(IS_NODE)
        self._is_entered = bytearray(len(graph.kinds))
        self._is_left = bytearray(len(graph.kinds))
        self._heights = array("I", bytes(4 * len(graph.kinds)))
        self._weights = array("Q", [1]) * len(graph.kinds)
        self._late: dict[int, None] = {}
        self.opaque: Counter[tuple[str, str]] = Counter()
        """The number of objects represented as nodes, by class and reason."""

    def build(self) -> Any:
        """Build and return the root value."""
        path = [number for number in (0,) if self._nodes[number]]
        while path:
            number = path[-1]
            if self._is_entered[number]:
                path.pop()
                self._leave(number)
            elif inner := self._enter(number):
                path.extend(part for part in inner if not self._is_entered[part])
            else:
                path.pop()
                self._make_leaf(number)
        for number in self._late:
            self._fill(number)
        return self._values[0]

    def _inner(self, number: int) -> list[int]:
        """Return the numbers of the child nodes of a node."""
        parts = self._graph.parts(number)
        return list(compress(parts, map(self._nodes.__getitem__, parts)))

    def _enter(self, number: int) -> list[int]:
        """Start a node and return the numbers of its child nodes."""
        self._is_entered[number] = 1
        empty = EMPTY_CONTAINERS.get(self._graph.kinds[number])
        self._values[number] = empty() if empty else PENDING
        return self._inner(number)

    def _make_leaf(self, number: int) -> None:
        """Build a node without child nodes; the most frequent case, so it skips all checks for cycles."""
        self._is_left[number] = self._heights[number] = 1
        if parts := self._graph.parts(number):
            self._weights[number] = 1 + len(parts)
            self._fill(number)
        elif self._values[number] is PENDING:
            self._fill(number)

    def _leave(self, number: int) -> None:
        """Build a node whose children are built, or are its own ancestors."""
        if self._is_left[number]:
            return
        self._is_left[number] = 1
        inner = self._inner(number)
        self._measure(number, inner)
        for part in inner:
            if self._values[part] is PENDING:
                self._create_empty(part)
        if self._has_unbuilt_children(number, inner) and self._can_fill_later(number):
            self._late[number] = None
        else:
            self._fill(number)

    def _has_unbuilt_children(self, number: int, inner: list[int]) -> bool:
        """Return whether a child has no value yet, or an argument of a call is not filled yet."""
        if any(self._values[part] is PENDING for part in inner):
            return True
        return self._graph.kinds[number] in CALLS and any(part in self._late for part in inner)

    def _can_fill_later(self, number: int) -> bool:
        """Return whether the value can be created empty now and filled later; a call then becomes a Node."""
        kind = self._graph.kinds[number]
        if kind in EMPTY_CONTAINERS:
            return True
        if kind in CALLS:
            if self._values[number] is PENDING:
                self._values[number] = Node("", "")
            return isinstance(self._values[number], Node)
        return False

    def _create_empty(self, number: int) -> None:
        """Create the value of an object that refers to itself, to be filled later."""
        if self._graph.kinds[number] in CALLS:
            empty = EMPTY_VALUES.get(self._path(number))
            self._values[number] = empty() if empty else Node("", "")

    def _path(self, number: int) -> Path:
        function = self._graph.parts(number)[0]
        if self._graph.kinds[function] != wire.SYMBOL:
            return "", ""
        module, name = self._graph.parts(function)
        return self._values[module], self._values[name]

    def _measure(self, number: int, inner: list[int]) -> None:
        """Compute a node's height and weight; raise PickleRefused above the limits."""
        height = 1 + max(map(self._heights.__getitem__, inner), default=0)
        if height > self._limits.depth:
            raise PickleRefused(f"The values are nested more than {self._limits.depth:,} levels deep.")
        self._heights[number] = height
        atoms = len(self._graph.parts(number)) - len(inner)
        weight = 1 + atoms + sum(map(self._weights.__getitem__, inner))
        if weight > self._limits.expanded_values:
            raise PickleRefused(
                f"Written out in full the pickle has more than {self._limits.expanded_values:,} values, because values "
                "refer to one another."
            )
        self._weights[number] = weight

    def _fill(self, number: int) -> None:
        parts = list(map(self._values.__getitem__, self._graph.parts(number)))
        FILLERS[self._graph.kinds[number]](self, number, parts)

    def _part_weights(self, number: int) -> list[int]:
        return list(map(self._weights.__getitem__, self._graph.parts(number)))

    def fill_list(self, number: int, parts: list[Any]) -> None:
        self._values[number].extend(parts)

    def make_tuple(self, number: int, parts: list[Any]) -> None:
        """Build a tuple; raise PickleUnreadable if it contains itself directly."""
        if any(part is PENDING for part in parts):
            raise PickleUnreadable("A tuple in the pickle contains itself.")
        self._values[number] = tuple(parts)

    def fill_dict(self, number: int, parts: list[Any]) -> None:
        fill_dict(self._values[number], parts[::2], parts[1::2], self._part_weights(number)[::2])

    def fill_set(self, number: int, parts: list[Any]) -> None:
        fill_set(self._values[number], parts, self._part_weights(number))

    def make_frozenset(self, number: int, parts: list[Any]) -> None:
        """Build a frozenset."""
        if any(part is PENDING for part in parts):
            raise PickleUnreadable("A frozenset in the pickle contains itself.")
        self._values[number] = frozenset_of(parts, self._part_weights(number))

    def make_symbol(self, number: int, parts: list[Any]) -> None:
        """Build the constant of a global name, or a node for it."""
        module, name = parts
        if not isinstance(module, str) or not isinstance(name, str):
            raise PickleUnreadable("A global name in the pickle is not a string.")
        constant = constants().get((module, name))
        self._values[number] = constant() if constant else Node(module, name)

    def make_persistent(self, number: int, parts: list[Any]) -> None:
        """Build a node for a persistent ID."""
        self._values[number] = Node("", "persistent id", tuple(parts), reason="It is stored outside the pickle.")

    def make_object(self, number: int, parts: list[Any]) -> None:
        """Build an object of a supported class, or a node."""
        empty = self._values[number]
        value = make(parts, None if empty is PENDING else empty, self._limits, self._graph.kinds[number])
        if isinstance(value, Node) and value.args is not None and (value.module, value.name) not in PART_NAMES:
            self.opaque[value.title, value.reason] += 1
        if isinstance(empty, Node) and isinstance(value, Node):
            refill(empty, value)
        elif empty is PENDING:
            self._values[number] = value


FILLERS = {
    wire.LIST: Builder.fill_list,
    wire.TUPLE: Builder.make_tuple,
    wire.DICT: Builder.fill_dict,
    wire.SET: Builder.fill_set,
    wire.FROZENSET: Builder.make_frozenset,
    wire.SYMBOL: Builder.make_symbol,
    wire.PERSISTENT: Builder.make_persistent,
    wire.CALL: Builder.make_object,
    wire.CHANGE: Builder.make_object,
}
