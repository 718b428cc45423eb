"""Cells say what was logged, in few letters, and are safe to show."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.entities import NOTE_TAG, PARENT_RUN_TAG, STAR_TAG, Run, RunInfo, Status, Summary
from qtui.query import parse_filter
from qtui.query.ast import Aggregate
from qtui.runs.arrange import arrange
from qtui.runs.cells import (
    ABSENT_CELL,
    EMPTY_CELL,
    TableCell,
    Tone,
    fitted_number_format,
    is_star,
    line_name,
    raw_text,
    table_cell,
)
from qtui.runs.column_specs import RUN_COLUMNS, ColumnFormat, ColumnSpec, curve_column, logged_column
from qtui.runs.column_widths import name_indent, natural_width
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.sparkline import BLOCKS, sparkline
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableView
from qtui.text import width
from tests.unit.runs.build import info_of, metric, param, run

NOW = 1_600_000_000_000
HOSTILE = ["\x1b]52;c;aGk=\x07", "\x9b31m", "[@click=app.quit]x[/]", "a\nb", "\u202egnp", "\ud800", "\x00", "x\u200b"]


def view_of(*runs: Run, layout: TableLayout | None = None, **more: Any) -> TableView:
    return arrange(RunsFrame.from_runs(runs), layout or TableLayout(), now=NOW, **more)


def drawn(view: TableView, column: ColumnSpec, cells: int = 20, index: int = 0) -> TableCell:
    return table_cell(view, view[index], column, cells)


def test_a_status_is_a_sign_and_a_short_word_and_a_sign_alone_where_it_is_narrow() -> None:
    view = view_of(run("a", status="FAILED"), run("b", status="FINISHED"), run("c", status="SCHEDULED"))

    assert [drawn(view, RUN_COLUMNS["status"], index=index).text for index in range(3)] == [
        "✗ failed",
        "✓ done",
        "◦ queued",
    ]

    assert drawn(view, RUN_COLUMNS["status"]) == TableCell("✗ failed", Tone.FAILED)
    assert drawn(view, RUN_COLUMNS["status"], 1) == TableCell("✗", Tone.FAILED)


def test_deleted_runs_are_marked_among_active_ones_and_not_where_all_are_deleted() -> None:
    deleted = [run(name, status="FAILED", lifecycle_stage="deleted") for name in "ab"]
    mixed = view_of(*deleted, run("c"))
    assert drawn(mixed, RUN_COLUMNS["status"]) == TableCell("✗ deleted", Tone.FAINT)
    assert drawn(mixed, RUN_COLUMNS["status"], index=2).text == "✓ done"
    assert natural_width(mixed, RUN_COLUMNS["status"]) == len("✗ deleted")
    assert drawn(view_of(*deleted), RUN_COLUMNS["status"]) == TableCell("✗ failed", Tone.FAILED)


def test_an_unknown_status_is_shown_unchanged() -> None:
    assert drawn(view_of(run("a", status="PAUSED\x1b")), RUN_COLUMNS["status"]) == TableCell("? paused␛")


def test_every_status_has_a_shape_of_its_own() -> None:
    signs = {drawn(view_of(run("a", status=status.value)), RUN_COLUMNS["status"], 1).text for status in Status}
    assert len(signs) == len(Status)


def test_ages_and_durations_count_up_to_now() -> None:
    view = view_of(run("a", status="RUNNING", start_time=NOW - 7_200_000))

    assert drawn(view, RUN_COLUMNS["age"]).text == "2h ago"
    assert drawn(view, RUN_COLUMNS["duration"]).text == "2h 00m"


def test_a_time_that_is_not_known_is_absent() -> None:
    assert drawn(view_of(run("a")), RUN_COLUMNS["age"]) == ABSENT_CELL


def test_the_best_value_of_a_metric_says_so() -> None:
    view = view_of(run("a", metrics={"ic": 0.5}), run("b", metrics={"ic": 0.25}))
    column = logged_column(view.frame, metric("ic"))

    assert drawn(view, column) == TableCell("0.50", Tone.BEST)
    assert drawn(view, column, index=1) == TableCell("0.25")


def test_the_ends_of_a_history_have_columns_of_their_own() -> None:
    summary = Summary(first=1, last=2, min=0.5, max=4, count=4, non_finite=0)
    view = view_of(run("a", metrics={"loss": 2}, summaries={"loss": summary}))
    texts = {
        aggregate: drawn(view, logged_column(view.frame, metric("loss", aggregate))).text for aggregate in Aggregate
    }

    assert texts == {"last": "2", "first": "1", "min": "0.5", "max": "4", "best": "0.5"}


def test_values_that_are_not_loaded_are_blank_and_missing_ones_a_dash() -> None:
    frame = RunsFrame().with_infos([info_of("a"), info_of("b")]).with_runs([run("b")])
    view = arrange(frame, TableLayout(), now=NOW)
    column = ColumnSpec(param("lr"))

    assert [drawn(view, column, index=index) for index in (0, 1)] == [EMPTY_CELL, ABSENT_CELL]


def test_an_empty_param_is_not_an_absent_one() -> None:
    assert drawn(view_of(run("a", params={"lr": ""})), ColumnSpec(param("lr"))) == TableCell("")


def test_an_experiment_is_called_by_its_name() -> None:
    view = view_of(run("a", experiment_id="7"), experiments={"7": "momentum\n"})
    assert drawn(view, RUN_COLUMNS["experiment"]).text == "momentum⏎"


def test_a_curve_is_drawn_once_its_points_are_there() -> None:
    frame = [run("a"), run("b")]
    view = view_of(*frame, curves={"ic": {"a": [0, 1, 2, 3]}})

    assert drawn(view, curve_column("ic")) == TableCell("▁▃▆█", Tone.CURVE)
    assert drawn(view, curve_column("ic"), index=1) == EMPTY_CELL


def test_a_group_shows_mean_and_spread_and_the_ends_under_their_columns() -> None:
    runs = [
        run(str(value), metrics={"ic": value}, summaries={"ic": Summary(0, 0, value, value + 1, 1, 0)})
        for value in (1, 3)
    ]
    view = view_of(*runs, layout=TableLayout(group_by=(param("lr"),)))
    column = logged_column(view.frame, metric("ic"))

    assert line_name(view, view[0]) == "lr – (2)"
    assert drawn(view, column).text == "2 ±1.4 ↑3"
    assert drawn(view, column, 7).text == "2 ±1.4"
    assert drawn(view, column, 3).text == "2"
    assert drawn(view, logged_column(view.frame, metric("ic", Aggregate.MAX))).text == "4"
    assert drawn(view, logged_column(view.frame, metric("ic", Aggregate.MIN))).text == "1"
    assert drawn(view, RUN_COLUMNS["status"]) == EMPTY_CELL


def test_a_group_is_called_by_its_params_their_values_and_its_size() -> None:
    one = run("a", params={"model.kwargs.num_leaves": "210", "lr": "0.1"})
    fields = (param("model.kwargs.num_leaves"), param("lr"))
    view = view_of(one, layout=TableLayout(group_by=fields))
    assert line_name(view, view[0]) == "num_leaves 210 · lr 0.1 (1)"
    both = run("a", params={"model.lr": "1", "optimizer.lr": "2"})
    view = view_of(both, layout=TableLayout(group_by=(param("model.lr"), param("optimizer.lr"))))
    assert line_name(view, view[0]) == "model.lr 1 · optimizer.lr 2 (1)"


def test_the_best_value_of_a_group_is_its_least_where_less_is_better() -> None:
    view = view_of(
        *(run(str(loss), metrics={"loss": loss}) for loss in (1, 3)), layout=TableLayout(group_by=(param("lr"),))
    )
    assert drawn(view, logged_column(view.frame, metric("loss"))).text == "2 ±1.4 ↓1"


def test_a_run_without_a_name_is_called_by_the_beginning_of_its_id() -> None:
    view = view_of(run("0123456789abcdef", name=""))
    assert line_name(view, view[0]) == "01234567"


def test_a_parent_that_is_not_here_is_called_by_its_id() -> None:
    view = view_of(run("a", tags={PARENT_RUN_TAG: "0123456789"}))
    assert line_name(view, view[0]) == "01234567 (missing)"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless_in_every_cell(text: str) -> None:
    info = RunInfo(text, text, text, text, text, NOW, None, text, text)
    view = view_of(run("x", params={"p": text}, tags={"t": text, PARENT_RUN_TAG: text}), experiments={text: text})
    view = arrange(view.frame.with_infos([info]), TableLayout(), now=NOW, experiments={text: text})
    for index in range(len(view)):
        texts = [drawn(view, column, index=index).text for column in (*RUN_COLUMNS.values(), ColumnSpec(param("p")))]
        assert "".join((*texts, line_name(view, view[index]))).isprintable()


def test_the_logged_value_is_copied() -> None:
    view = view_of(run("a", params={"p": "\x1b[31m"}))
    assert raw_text(view, 0, param("p")) == "\x1b[31m"


@given(st.floats(allow_nan=True), st.integers(7, 20))
def test_a_number_fits_its_column(value: float, cells: int) -> None:
    assert width(fitted_number_format(cells)(value)) <= cells


def test_a_sparkline_has_gaps_where_there_is_no_number() -> None:
    assert sparkline([0, math.nan, 1], 5) == f"{BLOCKS[0]} {BLOCKS[-1]}"


def test_a_sparkline_of_a_constant_runs_in_the_middle() -> None:
    assert sparkline([5, 5], 5) == "▅▅"


def test_a_sparkline_without_numbers_is_empty() -> None:
    assert sparkline([], 5) == sparkline([math.inf, math.nan], 5) == ""


@given(st.lists(st.floats(), max_size=40), st.integers(1, 12))
def test_a_sparkline_never_overflows_its_cells(values: list[float], cells: int) -> None:
    assert width(sparkline(values, cells)) <= cells


def test_columns_are_as_wide_as_their_values_within_limits() -> None:
    view = view_of(run("a", name="x" * 90, params={"p": "y" * 90, "q": "1"}))
    columns = (
        RUN_COLUMNS["name"],
        ColumnSpec(param("p"), title="p"),
        ColumnSpec(param("q"), title="q"),
        RUN_COLUMNS["age"],
    )

    assert [natural_width(view, column) for column in columns] == [36, 24, 4, 8]
    assert natural_width(view, RUN_COLUMNS["age"].with_width(3)) == 3
    assert [natural_width(view, RUN_COLUMNS[name], narrow=True) for name in ("name", "status")] == [20, 6]


def test_the_status_column_has_room_for_a_status_that_few_runs_have() -> None:
    finished = [run(f"r{number:03}", status="FINISHED") for number in range(200)]
    view = view_of(*finished[:101], run("one", status="RUNNING"), *finished[101:])

    assert natural_width(view, RUN_COLUMNS["status"]) == len("▸ running")
    assert natural_width(view_of(*finished), RUN_COLUMNS["status"]) == len("✓ done")


def test_neither_a_sort_nor_a_filter_changes_a_width() -> None:
    view = view_of(run("a", params={"p": "short"}), run("b", params={"p": "rather long a text"}))
    filtered = arrange(view.frame, TableLayout(), parse_filter("params.p = 'short'"), now=NOW)
    column = ColumnSpec(param("p"))

    assert natural_width(filtered, column) == natural_width(view, column) == 18


def test_names_have_room_for_their_indent() -> None:
    runs = [run("a"), run("b", tags={PARENT_RUN_TAG: "a"})]

    assert name_indent(view_of(*runs)) == 4
    assert name_indent(view_of(*runs, layout=TableLayout(nested=False))) == 0


def baseline_view(*runs: Run, **more: Any) -> TableView:
    """Return the view of runs with the run `a` as the baseline."""
    return view_of(*runs, layout=TableLayout(baseline="a", **more))


IC_DELTA = ColumnSpec(metric("ic"), ColumnFormat.DELTA)


def test_a_difference_from_the_baseline_has_its_percentage_and_is_coloured_by_the_direction_of_the_metric() -> None:
    view = baseline_view(run("a", metrics={"ic": 0.05}), run("b", metrics={"ic": 0.06}), run("c", metrics={"ic": 0.04}))
    assert [drawn(view, IC_DELTA, index=index) for index in range(3)] == [
        TableCell("baseline", Tone.FAINT),
        TableCell("+0.01 +20.0%", Tone.BETTER),
        TableCell("-0.01 -20.0%", Tone.WORSE),
    ]
    lower = baseline_view(*RUNS_WITH_LOSS)
    loss = ColumnSpec(metric("loss"), ColumnFormat.DELTA)
    assert drawn(lower, loss, index=1).tone is Tone.BETTER


RUNS_WITH_LOSS = (run("a", metrics={"loss": 2.0}), run("b", metrics={"loss": 1.0}))


def test_a_difference_without_room_for_its_percentage_stands_alone() -> None:
    view = baseline_view(*RUNS_WITH_LOSS)
    assert drawn(view, ColumnSpec(metric("loss"), ColumnFormat.DELTA), 6, 1).text == "-1"


def test_a_baseline_of_zero_has_no_percentage_and_says_so() -> None:
    view = baseline_view(run("a", metrics={"ic": 0.0}), run("b", metrics={"ic": 1.0}), run("c", metrics={"ic": 0.0}))
    assert drawn(view, IC_DELTA, index=1).text == "+1 baseline is 0"
    assert drawn(view, IC_DELTA, index=2).text == "="


def test_no_difference_is_shown_without_two_numbers() -> None:
    view = baseline_view(run("a", metrics={"ic": math.nan}), run("b", metrics={"ic": 1.0}), run("c"))
    assert [drawn(view, IC_DELTA, index=index).text for index in range(3)] == ["baseline", "", ""]


def test_a_group_shows_the_difference_of_its_mean_from_the_baseline() -> None:
    runs = [
        run(name, params={"lr": lr}, metrics={"ic": ic})
        for name, lr, ic in (("a", "1", 1.0), ("b", "2", 2.0), ("c", "2", 4.0))
    ]
    view = baseline_view(*runs, group_by=(param("lr"),))
    index = next(number for number in range(len(view)) if line_name(view, view[number]) == "lr 2 (2)")
    assert drawn(view, IC_DELTA, index=index) == TableCell("+2 +200%", Tone.BETTER)


def test_a_note_is_cut_to_its_first_line_and_a_star_needs_room_before_the_name() -> None:
    noted = run("a", tags={NOTE_TAG: "\n# 结论\n\n- more", STAR_TAG: "1"})
    assert drawn(view_of(noted), RUN_COLUMNS["note"]).text == "结论"
    assert name_indent(view_of(noted)) - name_indent(view_of(run("b"))) == 2
    assert [is_star(value) for value in ("1", "yes", "0", "False", "", None)] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
