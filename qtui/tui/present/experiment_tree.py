"""Experiments as the lines of a tree, grouped into folders by the slashes in their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, fields

from qtui.entities import ExperimentInfo, RunCounts
from qtui.plot.pieces import Piece
from qtui.text import display, pad, truncate, truncate_start, width
from qtui.value_classes import dataclass

ALL = "all"
"""The key of the line for all experiments."""

MAX_DEPTH = 6
"""Levels of folders; below the deepest one, names keep their slashes."""

NO_RUNS = RunCounts()


@dataclass(frozen=True, slots=True)
class ExperimentList:
    """The experiments of a store, and how many runs each has."""

    experiments: tuple[ExperimentInfo, ...] = ()
    counts: Mapping[str, RunCounts] = field(default_factory=dict)

    @property
    def run_count(self) -> int:
        """The runs of all experiments."""
        counts = (self.counts.get(experiment.experiment_id) for experiment in self.experiments)
        return sum(count.total for count in counts if count)


@dataclass(frozen=True, slots=True)
class ExperimentNode:
    """A line of the tree: all experiments, a folder, or an experiment."""

    key: str
    title: str
    ids: tuple[str, ...]
    """The IDs of the experiments that the line stands for."""

    counts: RunCounts
    depth: int = 0
    experiment: ExperimentInfo | None = None
    is_closed: bool | None = None
    """Whether a folder hides its contents; None for other lines."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """An experiment, and the part of its name below the folders that contain it."""

    path: tuple[str, ...]
    experiment: ExperimentInfo


@dataclass(frozen=True, slots=True)
class ExperimentTree:
    """The order of the tree, its closed folders and its search."""

    counts: Mapping[str, RunCounts]
    by_name: bool = False
    closed: frozenset[str] = frozenset()
    search: str = ""

    def nodes(self, experiments: Sequence[ExperimentInfo]) -> tuple[ExperimentNode, ...]:
        """Return the lines: all experiments, then the tree of those whose names contain the search."""
        matches = [item for item in experiments if self.search.casefold() in item.name.casefold()]
        if self.by_name:
            matches.sort(key=lambda experiment: experiment.name.casefold())
        entries = [_Entry(tuple(experiment.name.split("/")), experiment) for experiment in matches]
        ids = tuple(experiment.experiment_id for experiment in experiments)
        return (ExperimentNode(ALL, "All experiments", ids, self._total(ids)), *self._level(entries, "", 0))

    def _level(self, entries: Sequence[_Entry], folder: str, depth: int) -> Iterator[ExperimentNode]:
        """Yield the lines of a folder, in the order of the first experiment of each."""
        groups: dict[str, list[_Entry]] = {}
        for entry in entries:
            key = entry.path[0] if len(entry.path) > 1 else f"/{entry.experiment.experiment_id}"
            groups.setdefault(key, []).append(entry)
        for members in groups.values():
            if len(members) > 1 and depth < MAX_DEPTH:
                yield from self._folder(members, folder, depth)
            else:
                yield from (self._leaf(entry, depth) for entry in members)

    def _folder(self, members: Sequence[_Entry], parent: str, depth: int) -> Iterator[ExperimentNode]:
        shared = _shared_segments(members)
        title = "/".join(members[0].path[:shared]) + "/"
        key, ids = parent + title, tuple(entry.experiment.experiment_id for entry in members)
        closed = key in self.closed and not self.search
        yield ExperimentNode(key, title, ids, self._total(ids), depth, is_closed=closed)
        if not closed:
            yield from self._level([_Entry(entry.path[shared:], entry.experiment) for entry in members], key, depth + 1)

    def _leaf(self, entry: _Entry, depth: int) -> ExperimentNode:
        experiment = entry.experiment
        counts = self.counts.get(experiment.experiment_id, NO_RUNS)
        key = f"={experiment.experiment_id}"
        return ExperimentNode(key, "/".join(entry.path), (experiment.experiment_id,), counts, depth, experiment)

    def _total(self, ids: Sequence[str]) -> RunCounts:
        counts = [self.counts.get(experiment_id, NO_RUNS) for experiment_id in ids]
        return RunCounts(
            **{part.name: sum(getattr(count, part.name) for count in counts) for part in fields(RunCounts)}
        )


def _shared_segments(members: Sequence[_Entry]) -> int:
    """Return how many leading segments all paths share; the last segment of a path is never shared."""
    shortest = min(len(entry.path) for entry in members) - 1
    for index in range(shortest):
        if len({entry.path[index] for entry in members}) > 1:
            return index
    return shortest


def render_node(node: ExperimentNode, cells: int) -> list[Piece]:
    """Return a line of the tree: the name, then the running, failed and all runs as far as they fit."""
    counts = [Piece(str(node.counts.total), "muted")]
    if node.counts.failed:
        counts.insert(0, Piece(f"✗{node.counts.failed} ", "error"))
    if node.counts.running:
        counts.insert(0, Piece(f"▸{node.counts.running} ", "good"))
    if node.experiment is not None and node.experiment.lifecycle_stage != "active":
        counts.insert(0, Piece("deleted ", "muted"))
    available = cells - 2
    while len(counts) > 1 and sum(width(piece.text) for piece in counts) > available // 2:
        counts.pop(0)
    mark = {None: "", True: "▸ ", False: "▾ "}[node.is_closed]
    title_cells = max(0, available - sum(width(piece.text) for piece in counts) - 1)
    indent = "  " * node.depth + mark
    is_path = node.experiment is not None and "/" in node.title
    shorten = truncate_start if is_path else truncate  # The end of a path says the most.
    title = truncate(indent + shorten(display(node.title), max(0, title_cells - width(indent))), title_cells)
    return [Piece(" " + pad(title, title_cells + 1), _role(node)), *counts, Piece(" ")]


def _role(node: ExperimentNode) -> str:
    if node.experiment is None:
        return "strong" if node.key == ALL else "text"
    return "muted" if node.experiment.lifecycle_stage != "active" or not node.counts.total else "text"
