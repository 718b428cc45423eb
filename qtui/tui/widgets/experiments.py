"""The pane of experiments: a tree, and a search field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from qtui.entities import ExperimentInfo
from qtui.tui.commands.edits import (
    DeleteOrRestoreExperiment,
    EditExperimentName,
    EditExperimentNote,
    EditExperimentTags,
    NewExperiment,
    PurgeExperiments,
)
from qtui.tui.commands.everywhere import Back, FilterPane
from qtui.tui.commands.experiments import (
    CollapseFolder,
    CopyExperimentId,
    CopyExperimentName,
    ExpandFolder,
    FoldExperiments,
    SortExperiments,
)
from qtui.tui.messages import CopyText
from qtui.tui.present.experiment_tree import ALL, ExperimentList, ExperimentNode, ExperimentTree, render_node
from qtui.tui.widgets.edit_actions import EditActions
from qtui.tui.widgets.row_list import FocusableList, RowList
from qtui.tui.widgets.searchable_pane import SearchablePane
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.store.edits import Item
    from qtui.tui.present.edit_selection import EditSelection


class ExperimentsPane(SearchablePane):
    """The pane with the tree of experiments."""

    HEADING = "Experiments"
    SEARCH_PLACEHOLDER = "a part of a name"
    SEARCH_BEFORE = "FocusableList"
    OWN_COMMANDS = (
        FilterPane,
        SortExperiments,
        FoldExperiments,
        CollapseFolder,
        ExpandFolder,
        CopyExperimentId,
        CopyExperimentName,
        EditExperimentTags,
        EditExperimentNote,
        EditExperimentName,
        NewExperiment,
        DeleteOrRestoreExperiment,
        PurgeExperiments,
        Back,
    )

    listing: var[ExperimentList] = var(ExperimentList(), init=False)
    """The experiments, set by the screen."""

    by_name: var[bool] = var(False, init=False)
    """Whether the experiments are sorted by name, and not newest first."""

    closed: var[frozenset[str]] = var(frozenset(), init=False)
    """The keys of the folders that hide their contents."""

    search: var[str] = var("", init=False)
    """The text that the names of the experiments must contain."""

    @dataclass
    class NodeHighlighted(Message):
        """The cursor moved to another line."""

        node: ExperimentNode

    @dataclass
    class NodeOpened(Message):
        """An experiment was opened, to go to its runs."""

        node: ExperimentNode

    def __init__(self) -> None:
        super().__init__()
        self.read_only_reason = ""
        """Why the store cannot be edited; empty if it can."""
        self.edits = EditActions(self, self._edit_selection, self._await_experiment)
        self._awaited = ""
        """The name of the experiment that the user creates; empty for none."""

    def compose(self) -> ComposeResult:
        """Compose the tree."""
        yield FocusableList[ExperimentNode](render_node, lambda node: node.key)

    @property
    def lines(self) -> FocusableList[ExperimentNode]:
        """The lines of the tree."""
        lines: FocusableList[ExperimentNode] = self.query_one(FocusableList)
        return lines

    @property
    def front(self) -> Widget:
        """The tree."""
        return self.lines

    @property
    def current(self) -> ExperimentNode | None:
        """The line under the cursor."""
        return self.lines.current

    @property
    def edit_count(self) -> int:
        """The number of experiments that an edit changes: none on the line of all experiments."""
        return 0 if self.current is None or self.current.key == ALL else len(self.current.ids)

    @property
    def edits_deleted(self) -> bool:
        """Whether all experiments that an edit changes are deleted."""
        return all(experiment.lifecycle_stage != "active" for experiment in self._edit_selection().items)

    def _edit_selection(self) -> EditSelection:
        """Return the experiment under the cursor, or the experiments of the folder."""
        from qtui.tui.present.edit_selection import EditSelection

        ids = set(self.current.ids) if self.current is not None and self.edit_count else set()
        experiments = tuple(item for item in self.listing.experiments if item.experiment_id in ids)
        run_count = self.current.counts.total if self.current is not None else 0

        def tags_of(item: Item) -> Mapping[str, str] | None:
            return item.tags if isinstance(item, ExperimentInfo) else None

        return EditSelection(experiments, tags_of, self._tag_vocabulary, run_count=run_count)

    def _tag_vocabulary(self) -> Mapping[str, Sequence[str]]:
        values: dict[str, dict[str, None]] = {}
        for experiment in self.listing.experiments:
            for key, value in experiment.tags.items():
                values.setdefault(key, {})[value] = None
        return {key: tuple(known) for key, known in values.items()}

    def apply_search(self) -> None:
        """Show the experiments whose names match the search."""
        self.search = self.search_text

    def focus_content(self) -> None:
        """Go to the first match rather than to all experiments."""
        super().focus_content()
        if self.search and self.current and self.current.key == ALL:
            self.lines.cursor = 1

    def _await_experiment(self, name: str) -> None:
        """Go to an experiment as soon as the listing has it."""
        self._awaited = name

    def watch_listing(self) -> None:
        """Show other experiments."""
        self._show_tree()
        node = next(
            (
                node
                for node in self.lines.rows
                if self._awaited and node.experiment and node.experiment.name == self._awaited
            ),
            None,
        )
        if node is not None:
            self._awaited = ""
            self.lines.go_to(node.key)

    def watch_by_name(self) -> None:
        """Sort again."""
        self._show_tree()

    def watch_closed(self) -> None:
        """Hide or show the contents of folders."""
        self._show_tree()

    def watch_search(self) -> None:
        """Show the matches."""
        self._show_tree()

    def _show_tree(self) -> None:
        tree = ExperimentTree(self.listing.counts, self.by_name, self.closed, self.search)
        self.lines.set_rows(tree.nodes(self.listing.experiments))

    @on(RowList.RowHighlighted)
    def _follow_cursor(self, event: RowList.RowHighlighted) -> None:
        event.stop()
        if event.row is not None:
            self.post_message(self.NodeHighlighted(event.row))

    @on(RowList.RowSelected)
    def _open(self, event: RowList.RowSelected) -> None:
        event.stop()
        node: ExperimentNode = event.row
        if node.is_closed is None:
            self.post_message(self.NodeOpened(node))
        else:
            self._fold(node, fold=not node.is_closed)

    def _fold(self, node: ExperimentNode, *, fold: bool) -> None:
        self.closed = self.closed | {node.key} if fold else self.closed - {node.key}

    def _go_to_folder(self) -> None:
        """Go to the folder that contains the line under the cursor, if any."""
        rows, cursor = self.lines.rows, self.lines.cursor
        above = (index for index in range(cursor - 1, -1, -1) if rows[index].depth < rows[cursor].depth)
        self.lines.cursor = next(above, cursor)

    def action_fold_experiments(self) -> None:
        if self.current is not None and self.current.is_closed is None:
            self._go_to_folder()
        if self.current is not None and self.current.is_closed is not None:
            self._fold(self.current, fold=not self.current.is_closed)

    def action_collapse_folder(self) -> None:
        if self.current is not None and self.current.is_closed is False:
            self._fold(self.current, fold=True)
        elif self.current is not None:
            self._go_to_folder()

    def action_expand_folder(self) -> None:
        if self.current is not None and self.current.is_closed:
            self._fold(self.current, fold=False)
        elif self.current is not None and self.current.is_closed is False:
            self.lines.cursor += 1

    def action_sort_experiments(self) -> None:
        self.by_name = not self.by_name

    def action_copy_experiment_id(self) -> None:
        self._copy(lambda experiment: experiment.experiment_id, "id")

    def action_copy_experiment_name(self) -> None:
        self._copy(lambda experiment: experiment.name, "name")

    def _copy(self, text_of: Callable[[ExperimentInfo], str], label: str) -> None:
        if self.current is not None:
            ids = set(self.current.ids)
            texts = [text_of(experiment) for experiment in self.listing.experiments if experiment.experiment_id in ids]
            self.post_message(CopyText("\n".join(texts), label if len(texts) == 1 else f"{len(texts)} {label}s"))
