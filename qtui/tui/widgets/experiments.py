"""The pane of experiments: a tree to choose from, and a field to search it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from qtui.entities import Experiment, RunCounts
from qtui.tui.commands.everywhere import Back, Filter
from qtui.tui.commands.experiments import (
    CollapseFolder,
    CopyExperimentId,
    CopyExperimentName,
    ExpandFolder,
    FoldExperiments,
    SortExperiments,
)
from qtui.tui.messages import CopyText
from qtui.tui.present.experiment_tree import ALL, Node, Outline, draw
from qtui.tui.widgets.field import Field
from qtui.tui.widgets.lines import Lines
from qtui.tui.widgets.searchable_pane import SearchablePane


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The experiments of a store and how many runs each has."""

    experiments: tuple[Experiment, ...] = ()
    counts: Mapping[str, RunCounts] = field(default_factory=dict)


class ExperimentsPane(SearchablePane):
    """Shows the experiments as a tree and says which of them have the cursor."""

    PLACE = "Experiments"
    OFFERS = (
        Filter,
        SortExperiments,
        FoldExperiments,
        CollapseFolder,
        ExpandFolder,
        CopyExperimentId,
        CopyExperimentName,
        Back,
    )
    DEFAULT_CSS = """
    ExperimentsPane {
    }
    """

    catalogue: var[Catalogue] = var(Catalogue(), init=False)
    """What is shown, set by the screen."""

    by_name: var[bool] = var(False, init=False)
    """Sorted by name, and not the latest first."""

    closed: var[frozenset[str]] = var(frozenset(), init=False)
    """The branches whose experiments are hidden."""

    wanted: var[str] = var("", init=False)
    """Only experiments whose name holds this are shown."""

    @dataclass
    class Highlighted(Message):
        """Another line has the cursor: these experiments are to be shown."""

        node: Node

    @dataclass
    class Opened(Message):
        """An experiment was opened: its runs are wanted."""

        node: Node

    def compose(self) -> ComposeResult:
        """The field, hidden until it is wanted, and the tree."""
        yield Field(placeholder="a part of a name")
        yield Lines[Node](draw, lambda node: node.key)

    @property
    def lines(self) -> Lines[Node]:
        """The lines of the tree."""
        lines: Lines[Node] = self.query_one(Lines)
        return lines

    @property
    def front(self) -> Widget:
        """The tree."""
        return self.lines

    def narrow(self) -> None:
        """Show the experiments whose names hold what is searched for."""
        self.wanted = self.searched

    def enter_found(self) -> None:
        """Go to the first experiment that was found, rather than to all of them."""
        super().enter_found()
        if self.wanted and self.current and self.current.key == ALL:
            self.lines.cursor = 1

    @property
    def current(self) -> Node | None:
        """The line under the cursor."""
        return self.lines.current

    def watch_catalogue(self) -> None:
        """Show the new experiments."""
        self._lay_out()

    def watch_by_name(self) -> None:
        """Show them in the other order."""
        self._lay_out()

    def watch_closed(self) -> None:
        """Hide or show what is below a branch."""
        self._lay_out()

    def watch_wanted(self) -> None:
        """Show what matches."""
        self._lay_out()

    def _lay_out(self) -> None:
        outline = Outline(self.catalogue.counts, self.by_name, self.closed, self.wanted)
        self.lines.show(outline.nodes(self.catalogue.experiments))

    @on(Lines.Highlighted)
    def _say_which(self, event: Lines.Highlighted) -> None:
        event.stop()
        if event.row is not None:
            self.post_message(self.Highlighted(event.row))

    @on(Lines.Opened)
    def _open(self, event: Lines.Opened) -> None:
        event.stop()
        node: Node = event.row
        if node.closed is None:
            self.post_message(self.Opened(node))
        else:
            self._fold(node, fold=not node.closed)

    def _fold(self, node: Node, *, fold: bool) -> None:
        self.closed = self.closed | {node.key} if fold else self.closed - {node.key}

    def _go_to_folder(self) -> None:
        """Go to the folder that contains the line under the cursor; a line outside of folders stays."""
        rows, cursor = self.lines.rows, self.lines.cursor
        above = (index for index in range(cursor - 1, -1, -1) if rows[index].depth < rows[cursor].depth)
        self.lines.cursor = next(above, cursor)

    def action_fold_experiments(self) -> None:
        """Fold or unfold the folder; on an experiment, fold the folder it is in."""
        if self.current is not None and self.current.closed is None:
            self._go_to_folder()
        if self.current is not None and self.current.closed is not None:
            self._fold(self.current, fold=not self.current.closed)

    def action_collapse_folder(self) -> None:
        """Fold the folder, or go to the folder that contains the line."""
        if self.current is not None and self.current.closed is False:
            self._fold(self.current, fold=True)
        elif self.current is not None:
            self._go_to_folder()

    def action_expand_folder(self) -> None:
        """Unfold the folder, or go to its first experiment."""
        if self.current is not None and self.current.closed:
            self._fold(self.current, fold=False)
        elif self.current is not None and self.current.closed is False:
            self.lines.cursor += 1

    def action_sort_experiments(self) -> None:
        """Sort by name, or the latest first."""
        self.by_name = not self.by_name

    def action_copy_experiment_id(self) -> None:
        """Copy the ids of the experiments on the line."""
        self._copy(lambda each: each.experiment_id, "id")

    def action_copy_experiment_name(self) -> None:
        """Copy the names of the experiments on the line."""
        self._copy(lambda each: each.name, "name")

    def _copy(self, of: Callable[[Experiment], str], what: str) -> None:
        if self.current is not None:
            ids = set(self.current.ids)
            copied = [of(each) for each in self.catalogue.experiments if each.experiment_id in ids]
            self.post_message(CopyText("\n".join(copied), what if len(copied) == 1 else f"{len(copied)} {what}s"))
