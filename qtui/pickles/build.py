"""Builds the values of a graph from the innermost to the outermost, without recursion, cycles and sharing kept."""

from __future__ import annotations

from array import array
from collections import Counter
from itertools import compress
from typing import Any

from qtui.errors import PickleRefused, PickleUnreadable
from qtui.pickles import wire
from qtui.pickles.graph import Graph
from qtui.pickles.hashing import fill_dict, fill_set, frozen
from qtui.pickles.limits import Limits
from qtui.pickles.make import make
from qtui.pickles.node import Node, refill
from qtui.pickles.values import constants
from qtui.pickles.values.table import PIECES, SHELLS, Path

PENDING: Any = object()
"""The place of a value that is being made while something inside of it refers to it."""
SHELLED: dict[int, type] = {wire.LIST: list, wire.DICT: dict, wire.SET: set}
CALLS = frozenset((wire.CALL, wire.CHANGE))
IS_NODE = bytes(kind in wire.NODES for kind in range(256))


class Builder:
    """Turns the nodes of one graph into values."""

    def __init__(self, graph: Graph, limits: Limits) -> None:
        self._graph = graph
        self._limits = limits
        self._values = graph.values
        self._nodes = graph.kinds.translate(IS_NODE)
        self._entered = bytearray(len(graph.kinds))
        self._left = bytearray(len(graph.kinds))
        self._heights = array("I", bytes(4 * len(graph.kinds)))
        self._weights = array("Q", [1]) * len(graph.kinds)
        self._late: dict[int, None] = {}
        self.opaque: Counter[tuple[str, str]] = Counter()
        """How many objects of each class are shown by their parts for each reason."""

    def build(self) -> Any:
        """The value of the whole pickle."""
        path = [number for number in (0,) if self._nodes[number]]
        while path:
            number = path[-1]
            if self._entered[number]:
                path.pop()
                self._leave(number)
            elif inner := self._enter(number):
                path.extend(part for part in inner if not self._entered[part])
            else:
                path.pop()
                self._make_leaf(number)
        for number in self._late:
            self._fill(number)
        return self._values[0]

    def _inner(self, number: int) -> list[int]:
        """The numbers of the nodes that a node holds."""
        parts = self._graph.parts(number)
        return list(compress(parts, map(self._nodes.__getitem__, parts)))

    def _enter(self, number: int) -> list[int]:
        """Begin with a node, and tell which nodes it holds."""
        self._entered[number] = 1
        shell = SHELLED.get(self._graph.kinds[number])
        self._values[number] = shell() if shell else PENDING
        return self._inner(number)

    def _make_leaf(self, number: int) -> None:
        """Give a node its value that holds no other: most of them, and so without a look around."""
        self._left[number] = self._heights[number] = 1
        if parts := self._graph.parts(number):
            self._weights[number] = 1 + len(parts)
            self._fill(number)
        elif self._values[number] is PENDING:
            self._fill(number)

    def _leave(self, number: int) -> None:
        """Give a node its value, for all that it holds has one, or is around it."""
        if self._left[number]:
            return
        self._left[number] = 1
        inner = self._inner(number)
        self._measure(number, inner)
        for part in inner:
            if self._values[part] is PENDING:
                self._promise(part)
        if self._waits(number, inner) and self._can_wait(number):
            self._late[number] = None
        else:
            self._fill(number)

    def _waits(self, number: int, inner: list[int]) -> bool:
        """Whether something that a node holds has no value yet, or what is given to an object is not all there yet."""
        if any(self._values[part] is PENDING for part in inner):
            return True
        return self._graph.kinds[number] in CALLS and any(part in self._late for part in inner)

    def _can_wait(self, number: int) -> bool:
        """Whether a value can be given out now and filled later; a call becomes a node then."""
        kind = self._graph.kinds[number]
        if kind in SHELLED:
            return True
        if kind in CALLS:
            if self._values[number] is PENDING:
                self._values[number] = Node("", "")
            return isinstance(self._values[number], Node)
        return False

    def _promise(self, number: int) -> None:
        """Give an object that is referred to from inside of itself a value that can be filled later."""
        if self._graph.kinds[number] in CALLS:
            shell = SHELLS.get(self._path(number))
            self._values[number] = shell() if shell else Node("", "")

    def _path(self, number: int) -> Path:
        function = self._graph.parts(number)[0]
        if self._graph.kinds[function] != wire.SYMBOL:
            return "", ""
        module, name = self._graph.parts(function)
        return self._values[module], self._values[name]

    def _measure(self, number: int, inner: list[int]) -> None:
        """Note how deep and how heavy a node is, and refuse what is too deep to be walked by anybody."""
        height = 1 + max(map(self._heights.__getitem__, inner), default=0)
        if height > self._limits.depth:
            raise PickleRefused(f"The values lie more than {self._limits.depth:,} deep in one another.")
        self._heights[number] = height
        atoms = len(self._graph.parts(number)) - len(inner)
        weight = 1 + atoms + sum(map(self._weights.__getitem__, inner))
        if weight > self._limits.written_out:
            raise PickleRefused("The values refer to one another so often that writing them out would never end.")
        self._weights[number] = weight

    def _fill(self, number: int) -> None:
        parts = list(map(self._values.__getitem__, self._graph.parts(number)))
        FILLERS[self._graph.kinds[number]](self, number, parts)

    def _weighted(self, number: int) -> list[int]:
        return list(map(self._weights.__getitem__, self._graph.parts(number)))

    def fill_list(self, number: int, parts: list[Any]) -> None:
        """Put its items into a list."""
        self._values[number].extend(parts)

    def make_tuple(self, number: int, parts: list[Any]) -> None:
        """Make a tuple; one that holds itself with no list or object between cannot be."""
        if any(part is PENDING for part in parts):
            raise PickleUnreadable("A tuple in the pickle holds itself.")
        self._values[number] = tuple(parts)

    def fill_dict(self, number: int, parts: list[Any]) -> None:
        """Put its pairs into a dict."""
        fill_dict(self._values[number], parts[::2], parts[1::2], self._weighted(number)[::2])

    def fill_set(self, number: int, parts: list[Any]) -> None:
        """Put its items into a set."""
        fill_set(self._values[number], parts, self._weighted(number))

    def make_frozenset(self, number: int, parts: list[Any]) -> None:
        """Make a frozenset."""
        if any(part is PENDING for part in parts):
            raise PickleUnreadable("A frozenset in the pickle holds itself.")
        self._values[number] = frozen(parts, self._weighted(number))

    def make_symbol(self, number: int, parts: list[Any]) -> None:
        """Make a bare name."""
        module, name = parts
        if not isinstance(module, str) or not isinstance(name, str):
            raise PickleUnreadable("A name in the pickle is no text.")
        constant = constants().get((module, name))
        self._values[number] = constant() if constant else Node(module, name)

    def make_persistent(self, number: int, parts: list[Any]) -> None:
        """Make what stands for something kept elsewhere."""
        self._values[number] = Node("", "persistent id", tuple(parts), reason="It is kept outside of the pickle.")

    def make_object(self, number: int, parts: list[Any]) -> None:
        """Make an object by the table, or a node of its parts."""
        shell = self._values[number]
        value = make(parts, None if shell is PENDING else shell, self._limits, self._graph.kinds[number])
        if isinstance(value, Node) and value.args is not None and (value.module, value.name) not in PIECES:
            self.opaque[value.title, value.reason] += 1
        if isinstance(shell, Node) and isinstance(value, Node):
            refill(shell, value)
        elif shell is PENDING:
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
