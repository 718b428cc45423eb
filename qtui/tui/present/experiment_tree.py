"""Experiments as the lines of a tree, grouped by the slashes in their names where that helps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from qtui.entities import Experiment, RunCounts
from qtui.text import display, pad, truncate, width
from qtui.tui.present.rows import Piece

ALL = "all"
"""The key of the line that stands for every experiment."""

DEEPEST = 6
"""How many branches lie within each other; what lies deeper keeps the rest of its name on one line."""

NO_RUNS = RunCounts()


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the tree: everything, a branch, or an experiment."""

    key: str
    title: str
    ids: tuple[str, ...]
    """The experiments that it stands for."""

    counts: RunCounts
    depth: int = 0
    experiment: Experiment | None = None
    closed: bool | None = None
    """Whether what is below a branch is hidden; None for what has nothing below it."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """An experiment, and what is left of its name below the branches that it hangs on."""

    rest: tuple[str, ...]
    experiment: Experiment


@dataclass(frozen=True, slots=True)
class Outline:
    """How experiments are laid out as a tree."""

    counts: Mapping[str, RunCounts]
    by_name: bool = False
    closed: frozenset[str] = frozenset()
    wanted: str = ""

    def nodes(self, experiments: Sequence[Experiment]) -> tuple[Node, ...]:
        """The lines: everything first, then the tree of the experiments whose names hold what is wanted."""
        shown = [each for each in experiments if self.wanted.casefold() in each.name.casefold()]
        if self.by_name:
            shown.sort(key=lambda each: each.name.casefold())
        entries = [_Entry(tuple(each.name.split("/")), each) for each in shown]
        ids = tuple(each.experiment_id for each in experiments)
        everything = Node(ALL, "All experiments", ids, self._total(ids))
        return (everything, *self._level(entries, "", 0))

    def _level(self, entries: Sequence[_Entry], path: str, depth: int) -> Iterator[Node]:
        """The lines below a branch, in the order in which the first of each comes."""
        heads: dict[str, list[_Entry]] = {}
        for entry in entries:
            heads.setdefault(entry.rest[0] if len(entry.rest) > 1 else f"/{entry.experiment.experiment_id}", []).append(
                entry
            )
        for members in heads.values():
            if len(members) > 1 and depth < DEEPEST:
                yield from self._branch(members, path, depth)
            else:
                yield from (self._leaf(each, depth) for each in members)

    def _branch(self, members: Sequence[_Entry], path: str, depth: int) -> Iterator[Node]:
        shared = _shared(members)
        title = "/".join(members[0].rest[:shared]) + "/"
        key, ids = path + title, tuple(each.experiment.experiment_id for each in members)
        closed = key in self.closed and not self.wanted
        yield Node(key, title, ids, self._total(ids), depth, closed=closed)
        if not closed:
            yield from self._level([_Entry(each.rest[shared:], each.experiment) for each in members], key, depth + 1)

    def _leaf(self, entry: _Entry, depth: int) -> Node:
        own = entry.experiment
        counts = self.counts.get(own.experiment_id, NO_RUNS)
        return Node(f"={own.experiment_id}", "/".join(entry.rest), (own.experiment_id,), counts, depth, own)

    def _total(self, ids: Sequence[str]) -> RunCounts:
        parts = [self.counts.get(each, NO_RUNS) for each in ids]
        return RunCounts(**{each.name: sum(getattr(part, each.name) for part in parts) for each in fields(RunCounts)})


def _shared(members: Sequence[_Entry]) -> int:
    """How many segments all of them begin with; the last one of each is its own."""
    shortest = min(len(each.rest) for each in members) - 1
    for index in range(shortest):
        if len({each.rest[index] for each in members}) > 1:
            return index
    return shortest


def draw(node: Node, cells: int) -> list[Piece]:
    """A line of the tree: the name, then how many runs it has, with those that run or failed apart."""
    figures = [Piece(str(node.counts.total), "muted")]
    if node.counts.failed:
        figures.insert(0, Piece(f"✗{node.counts.failed} ", "error"))
    if node.counts.running:
        figures.insert(0, Piece(f"▸{node.counts.running} ", "good"))
    room = cells - 2
    while len(figures) > 1 and sum(width(each.text) for each in figures) > room // 2:
        figures.pop(0)
    mark = {None: "", True: "▸ ", False: "▾ "}[node.closed]
    taken = sum(width(each.text) for each in figures) + 1
    title = truncate("  " * node.depth + mark + display(node.title), max(0, room - taken))
    return [Piece(" " + pad(title, max(0, room - taken) + 1), _role(node)), *figures, Piece(" ")]


def _role(node: Node) -> str:
    if node.experiment is None:
        return "strong" if node.key == ALL else "text"
    return "muted" if node.experiment.lifecycle_stage != "active" or not node.counts.total else "text"
