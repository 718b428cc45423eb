"""A run has the same duration wherever it is shown, sorted or filtered by."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qtui.entities import Run, RunInfo
from qtui.formatting import ABSENT, format_duration
from qtui.query.ast import Field, FieldKind
from qtui.query.field_values import field_getter
from qtui.runs.arrange import arrange
from qtui.runs.cells import table_cell
from qtui.runs.column_specs import RUN_COLUMNS
from qtui.runs.run_overview import RunContext, overview_rows
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout

NOW = 1_700_000_000_000
MINUTE = 60_000

RUNS = {
    "finished": (RunInfo("a", "1", status="FINISHED", start_time=NOW - 9 * MINUTE, end_time=NOW - MINUTE), 8),
    "running": (RunInfo("b", "1", status="RUNNING", start_time=NOW - 9 * MINUTE), 9),
    "resumed and running": (
        RunInfo("c", "1", status="RUNNING", start_time=NOW - 95 * MINUTE, end_time=NOW - 2 * MINUTE),
        2,
    ),
    "scheduled": (RunInfo("d", "1", status="SCHEDULED", start_time=NOW - 9 * MINUTE), None),
    "failed without an end": (RunInfo("e", "1", status="FAILED", start_time=NOW - 9 * MINUTE), None),
    "without a start": (RunInfo("f", "1", status="FINISHED", end_time=NOW), None),
}


@pytest.mark.parametrize("which", RUNS)
def test_table_details_filter_and_sort_count_the_same_duration(which: str) -> None:
    info, minutes = RUNS[which]
    expected = None if minutes is None else minutes * MINUTE
    text = ABSENT if expected is None else format_duration(expected)
    frame = RunsFrame.from_runs([Run(info)])
    view = arrange(frame, TableLayout(), now=NOW)
    rows = {row.label: row.text for row in overview_rows(Run(info), RunContext(), NOW, timedelta(hours=1))}

    assert info.duration(NOW) == expected
    assert table_cell(view, view[0], RUN_COLUMNS["duration"], 12).text == text
    assert rows["duration"] == text
    assert field_getter(Field(FieldKind.ATTRIBUTE, "duration"), NOW)(Run(info)) == expected
    assert frame.infos.durations(NOW)[0] == expected


def test_the_end_before_a_resume_is_not_called_the_end_of_a_running_run() -> None:
    info, _ = RUNS["resumed and running"]
    keys = [row.label for row in overview_rows(Run(info), RunContext(), NOW, timedelta(hours=1))]

    assert "last ended" in keys and "ended" not in keys
