"""The layout editor, the actions on selected runs and the export, without a screen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.message import Message

from qtui.query.ast import Field, FieldKind
from qtui.runs.table_layout import TableLayout
from qtui.tui.messages import ChooseOne, ChooseSeveral, CopyExport, CopyText, OpenChart, OpenResume, SaveFile
from qtui.tui.present.runs.run_selection import RunSelection
from qtui.tui.present.runs.runs_model import RunsModel
from qtui.tui.state import State
from qtui.tui.widgets.ask_export import ask_export
from qtui.tui.widgets.runs_pane.layout_editor import LayoutEditor
from qtui.tui.widgets.runs_pane.run_actions import RunActions
from qtui.tui.widgets.runs_pane.saved_views import SavedViews
from qtui.tui.widgets.runs_table.viewport import Viewport
from tests.unit.runs.build import run

RUNS = (
    run("a", start_time=2, metrics={"ic": 1.0}, params={"seed": "1", "lr": "x"}),
    run("b", start_time=1, params={"seed": "2", "lr": "y"}),
)


class Pane:
    """A runs pane without a widget."""

    def __init__(self) -> None:
        self.posted: list[Any] = []
        self.notices: list[str] = []
        self.model = RunsModel(lambda: 0, timedelta(minutes=1))
        self.model.add_infos((), complete=True)
        self.model.add_values(RUNS)
        self.viewport = Viewport()
        self.viewport.resize(20)
        self.show(self.model.layout)
        table: Any = self
        self.layouts = LayoutEditor(table, self.model, table, self.show)
        self.run_actions = RunActions(table, self.model, self.selection)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.viewport, name)

    def show(self, layout: TableLayout) -> None:
        self.model.layout = layout
        self.viewport.show(self.model.view())

    def post_message(self, message: Message) -> None:
        self.posted.append(message)

    def notify(self, text: str, **_: object) -> None:
        self.notices.append(text)

    def fill_keys(self, text: str) -> str:
        return text.replace("{", "").replace("}", "")

    def refresh_bindings(self) -> None:
        pass

    @property
    def column_width(self) -> int:
        return 4

    def selection(self) -> RunSelection:
        line = self.viewport.line
        at_cursor = frozenset({line.key} if line else ())
        return RunSelection(self.viewport.view, at_cursor=at_cursor, line=line, column=self.viewport.current_column)

    @property
    def titles(self) -> list[str]:
        return [column.title for column in self.viewport.view.columns]


@pytest.fixture
def pane() -> Pane:
    return Pane()


def test_a_column_moves_until_the_edge_of_the_table(pane: Pane) -> None:
    before = pane.titles
    pane.viewport.go_to_column(1)
    pane.layouts.move_column(1)
    assert pane.titles[1:3] == [before[2], before[1]] and pane.viewport.column == 2
    pane.viewport.go_to_column(99)
    pane.layouts.move_column(1)
    assert pane.titles[1:3] == [before[2], before[1]]


def test_a_column_keeps_a_minimum_width(pane: Pane) -> None:
    pane.viewport.go_to_column(1)
    pane.layouts.resize_column(2)
    column = pane.viewport.current_column
    assert column is not None and column.width == 6
    pane.layouts.resize_column(-2)
    column = pane.viewport.current_column
    assert column is not None and column.width == 3


def test_an_added_column_gets_the_cursor(pane: Pane) -> None:
    pane.layouts.choose_columns()
    request = pane.posted.pop()
    assert isinstance(request, ChooseSeveral)
    added = next(choice.value for choice in request.choices if choice.value not in request.chosen)
    request.on_answer((*request.chosen, added))
    assert pane.viewport.current_column is not None and pane.viewport.current_column.key == added


def test_groups_by_all_params_ask_which_params_to_leave_out(pane: Pane) -> None:
    pane.layouts.group_by()
    pane.posted.pop().on_answer((None,))
    seed = Field(FieldKind.PARAM, "seed")
    assert seed in [choice.value for choice in pane.posted[0].choices]
    pane.posted.pop().on_answer((seed,))
    assert pane.model.layout.group_all_but == (seed,)


def test_the_better_direction_of_a_metric_is_switched_and_named(pane: Pane) -> None:
    pane.viewport.go_to_field(Field(FieldKind.METRIC, "ic"))
    assert pane.viewport.at_metric
    pane.layouts.toggle_direction()
    assert not pane.model.layout.is_higher_better("ic")
    assert pane.notices == ["The lowest value is best now."]


def test_the_selected_runs_are_drawn_unless_they_have_no_metric(pane: Pane) -> None:
    pane.run_actions.draw_chart()
    assert isinstance(pane.posted.pop(), OpenChart)
    pane.viewport.move_cursor(1)
    pane.run_actions.draw_chart()
    assert pane.posted == [] and pane.notices == ["The selected runs have no metrics."]


def test_the_run_under_the_cursor_is_resumed_and_its_id_copied(pane: Pane) -> None:
    pane.run_actions.resume()
    pane.run_actions.copy_id()
    resume, copy = pane.posted
    assert isinstance(resume, OpenResume) and resume.run.run_id == "a"
    assert isinstance(copy, CopyText) and copy.text == "a"


class Bar:
    """A query bar without a widget."""

    text = ""

    def show(self, text: str) -> None:
        self.text = text


def test_a_view_is_saved_with_its_filter_and_layout_and_opened_again(pane: Pane, tmp_path: Path) -> None:
    bar: Any = Bar()
    table: Any = pane
    state = State(tmp_path / "state.json").store("memory:")
    views = SavedViews(table, state, table, bar, pane.show)
    bar.text = "metrics.ic > 1"
    pane.show(pane.model.layout.sort_by(Field(FieldKind.METRIC, "ic")))
    views.ask_save()
    pane.posted.pop().on_answer(" best ")
    assert list(state.views) == ["best"] and pane.notices == ["Saved the view 'best': open-view opens it."]
    bar.text = ""
    pane.show(TableLayout())
    views.ask_open()
    pane.posted.pop().on_answer("best")
    assert bar.text == "metrics.ic > 1"
    assert [order.field.key for order in pane.model.layout.order_by] == ["ic"]


def test_a_table_is_exported_to_a_file_or_to_the_clipboard() -> None:
    posted: list[Any] = []
    formats = {"CSV": lambda: iter(("a", "b"))}
    ask_export(posted.append, "Export", "runs", formats, lambda: "2 lines")
    request = posted.pop()
    assert isinstance(request, ChooseOne) and len(request.choices) == 2
    request.on_answer(("CSV", True))
    request.on_answer(("CSV", False))
    save, copy = posted
    assert isinstance(save, SaveFile) and (save.name, save.suffix, save.what) == ("runs", "csv", "2 lines")
    assert isinstance(copy, CopyExport) and (copy.make_text(), copy.what) == ("ab", "2 lines as CSV")
