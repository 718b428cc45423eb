"""A table is exported as it is shown."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from qtui.entities import PARENT_RUN_TAG
from qtui.query import parse_filter, parse_order
from qtui.query.ast import Aggregate
from qtui.runs import export
from qtui.runs.arrange import arrange
from qtui.runs.column_specs import RUN_COLUMNS, curve_column, logged_column
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableView
from tests.unit.runs.build import metric, param, run

FRAME = RunsFrame.from_runs(
    [
        run("a", params={"lr": "0.1"}, metrics={"ic": 0.25}, start_time=1_000, end_time=61_000),
        run("b", params={"lr": "0.2"}, metrics={"ic": float("nan")}, start_time=2_000),
        run("c", params={"lr": "0.1"}, metrics={"ic": 0.75}, start_time=3_000, name='two\n"words"|'),
    ]
)
COLUMNS = (
    RUN_COLUMNS["name"],
    RUN_COLUMNS["age"],
    RUN_COLUMNS["started"],
    logged_column(FRAME, param("lr")),
    logged_column(FRAME, metric("ic")),
)


def view_of(frame: RunsFrame = FRAME, filter: str = "", sort: str = "", **layout: Any) -> TableView:
    order = (parse_order(sort),) if sort else ()
    query = parse_filter(filter, now=0)
    return arrange(frame, TableLayout(**{"columns": COLUMNS, "order_by": order, **layout}), query, now=100_000)


def rows_of(view: TableView) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(export.export_csv(view)))))


def objects_of(view: TableView) -> Any:
    return json.loads("".join(export.export_json(view)))


def test_csv_has_raw_values_with_the_names_that_the_commands_know() -> None:
    rows = rows_of(view_of(sort="metrics.ic"))

    assert list(rows[0]) == ["run_id", "name", "start_time", "params.lr", "metrics.ic"]
    assert rows[0] == {"run_id": "a", "name": "a", "start_time": "1000", "params.lr": "0.1", "metrics.ic": "0.25"}
    assert [row["metrics.ic"] for row in rows] == ["0.25", "0.75", "NaN"]
    assert rows[1]["name"] == 'two\n"words"|'


def test_the_filter_and_the_order_are_those_of_the_table() -> None:
    assert [row["run_id"] for row in rows_of(view_of(filter="params.lr = '0.1'", sort="metrics.ic DESC"))] == ["c", "a"]


def test_json_is_strict_and_has_null_for_missing_values() -> None:
    frame = FRAME.with_runs([run("d", start_time=0)])
    first, *_, last = objects_of(view_of(frame))

    assert first == {
        "run_id": "c",
        "name": 'two\n"words"|',
        "start_time": 3_000,
        "params.lr": "0.1",
        "metrics.ic": 0.75,
    }
    assert last["params.lr"] is None and last["metrics.ic"] is None
    assert objects_of(view_of(filter="metrics.ic != 1"))[1]["metrics.ic"] == "NaN"


def test_groups_come_as_lines_of_their_own_with_their_size_mean_and_spread() -> None:
    rows = rows_of(view_of(group_by=(param("lr"),)))

    group = next(row for row in rows if not row["run_id"] and row["group"] == "0.1")
    assert (group["runs"], group["metrics.ic"]) == ("2", "0.5")
    assert float(group["std(metrics.ic)"]) > 0.35
    assert next(row for row in rows if row["run_id"] == "a")["group"] == "0.1"


def test_a_group_that_is_closed_gives_only_its_own_line() -> None:
    view = view_of(group_by=(param("lr"),))
    folded = frozenset(head.key for head in view.lines.heads)

    assert [row["runs"] for row in rows_of(view_of(group_by=(param("lr"),), folded=folded))] == ["2", "1"]


def test_summaries_have_the_name_that_a_filter_gives_them_and_curves_are_no_value() -> None:
    columns = (logged_column(FRAME, metric("ic", Aggregate.BEST)), curve_column("ic"))
    assert list(rows_of(view_of(columns=columns))[0]) == ["run_id", "best(metrics.ic)"]


def test_a_parent_that_only_gives_context_is_left_out() -> None:
    child = run("child", tags={PARENT_RUN_TAG: "a"}, start_time=5_000)
    orphan = run("orphan", tags={PARENT_RUN_TAG: "nowhere"}, start_time=6_000)
    view = view_of(FRAME.with_runs([child, orphan]), filter="run_name IN ('child', 'orphan')")

    assert len(view) == 4
    assert [row["run_id"] for row in rows_of(view)] == ["orphan", "child"]


def test_markdown_shows_the_cells_with_the_best_in_bold_and_bars_escaped() -> None:
    lines = "".join(export.export_markdown(view_of(sort="metrics.ic DESC"))).splitlines()

    assert lines[0] == "| name | age | started | lr | ic |"
    assert lines[1] == "| --- | ---: | --- | ---: | ---: |"
    assert lines[2].startswith("| two") and "\\|" in lines[2] and lines[2].endswith("| **0.75** |")
    assert len(lines) == 5
