"""The rows of a run's details."""

from datetime import timedelta

from qtui.entities import Artifact, Point, Run, RunInfo, Summary
from qtui.text import width
from qtui.tui.present.details import detail_rows
from qtui.tui.present.details.detail_rows import TEXT_COLUMNS, DetailRow
from qtui.tui.present.details.detail_table import fit_sections, fit_table

MINUTE = 60_000
HOUR = timedelta(hours=1)
NOW = 1_700_000_000_000
RUNNING = RunInfo("r1", "7", "hopeful", "RUNNING", start_time=NOW - 90 * MINUTE, user="li")


def test_system_metrics_come_last() -> None:
    points = {"system/cpu": Point(1, 1, 0.5), "loss": Point(9, 1, 0.25)}
    rows = detail_rows.metric_rows(points, {"loss": Summary(1.0, 0.25, 0.2, 1.0, 10, 2)}, {"loss": "█▁"})
    assert [row.key for row in rows] == ["loss", "system/cpu"]
    assert rows[0].cells == ("0.25", "0.2", "0.2", "1", "1", "10", "2", "█▁")


def test_the_best_value_of_a_metric_to_maximise_is_its_maximum() -> None:
    rows = detail_rows.metric_rows({"ic": Point(1, 1, 0.1)}, {"ic": Summary(0.0, 0.1, -0.1, 0.3, 5, 0)}, {})
    assert rows[0].cells[1] == "0.3"


def test_the_note_is_not_among_the_tags() -> None:
    assert [row.key for row in detail_rows.tag_rows(Run(RUNNING, tags={"mlflow.note.content": "x", "team": "a"}))] == [
        "team"
    ]


def test_params_sort_numbers_before_words_and_empty_values_last() -> None:
    rows = detail_rows.value_rows({"a": "0.5", "b": "adam", "c": "10", "d": ""})
    assert [row.key for row in detail_rows.filter_and_sort(rows, 0, "")] == ["c", "a", "b", "d"]


def test_a_search_matches_names_and_values() -> None:
    rows = detail_rows.value_rows({"lr": "0.5", "model": "LGB"})
    assert [row.key for row in detail_rows.filter_and_sort(rows, None, "lgb")] == ["model"]


def test_artifacts_are_a_tree_of_the_open_folders() -> None:
    levels = {
        "": (Artifact("model", True), Artifact("pred.pkl", False, 2048)),
        "model": (Artifact("model/weights", False, 1),),
    }
    rows = tuple(detail_rows.artifact_rows(levels))
    assert [(row.depth, row.key.strip(), row.cells[0]) for row in rows] == [
        (0, "▾ model/", ""),
        (1, "weights", "1 B"),
        (0, "pred.pkl", "2.0 kB"),
    ]


def test_artifacts_that_match_a_search_or_are_sorted_are_named_with_their_folder() -> None:
    levels = {
        "": (Artifact("pred.pkl", False, 2048), Artifact("sig", True)),
        "sig": (Artifact("sig/deep", True), Artifact("sig/ic.pkl", False, 4096)),
        "sig/deep": (Artifact("sig/deep/ic.csv", False, 5),),
    }
    rows = tuple(detail_rows.artifact_rows(levels))
    matches = detail_rows.filter_and_sort(rows, None, "ic.")
    assert [(row.depth, row.key) for row in matches] == [(0, "  sig/deep/ic.csv"), (0, "  sig/ic.pkl")]
    largest_first = detail_rows.filter_and_sort(rows, 0, "")
    assert [row.key for row in largest_first] == [
        *("  sig/ic.pkl", "  pred.pkl", "  sig/deep/ic.csv"),
        *("▾ sig/", "▾ sig/deep/"),
    ]


def test_columns_of_high_rank_are_left_out_first() -> None:
    rows = detail_rows.metric_rows(
        {"loss": Point(1, 1, 0.123)}, {"loss": Summary(1, 0.123, 0.1, 1, 9, 0)}, {"loss": "█▃▁"}
    )
    narrow = fit_table(rows, detail_rows.METRIC_COLUMNS, 24)
    assert [c.title for c, w in zip(narrow.columns, narrow.widths, strict=True) if w] == ["last", "curve"]
    wide = fit_table(rows, detail_rows.METRIC_COLUMNS, 100)
    titles = [c.title for c, w in zip(wide.columns, wide.widths, strict=True) if w]
    assert titles == ["last", "best", "min", "max", "first", "points", "curve"]


def test_no_row_is_wider_than_the_table() -> None:
    rows = detail_rows.value_rows({"中文参数" * 9: "值" * 99, "lr": "0.1"})
    for cells in (10, 33, 80):
        table = fit_table(rows, detail_rows.TEXT_COLUMNS, cells)
        assert all(width("".join(p.text for p in table.render_row(row))) <= cells for row in rows)


def test_long_names_keep_their_distinct_ends() -> None:
    rows = [
        DetailRow("1day.excess_return_with_cost.mean", ("1",)),
        DetailRow("1day.excess_return_with_cost.std", ("2",)),
    ]
    table = fit_table(rows, TEXT_COLUMNS, 40)
    first, second = ("".join(piece.text for piece in table.render_row(row)) for row in rows)
    assert ".mean" in first
    assert ".std" in second


def test_names_that_do_not_fit_lose_the_prefixes_they_share() -> None:
    rows = [DetailRow(f"1day.excess_return_{cost}_cost.max_drawdown", ("-0.25",)) for cost in ("with", "without")]

    def keys(cells: int) -> list[str]:
        table = fit_table(rows, TEXT_COLUMNS, cells, are_names=True)
        return ["".join(piece.text for piece in table.render_row(row)).split()[0] for row in rows]

    assert keys(60) == [row.key for row in rows]
    assert keys(44) == ["with_cost.max_drawdown", "without_cost.max_drawdown"]


def test_a_long_name_in_a_section_below_takes_no_room_from_the_values_above() -> None:
    above = DetailRow("run id", ("0123456789abcdef" * 2,))
    below = DetailRow("an_unusually_long_name_of_a_metric", ("1",), section="metrics")
    tables = fit_sections([above, below], TEXT_COLUMNS, 50)

    assert "0123456789abcdef" * 2 in "".join(piece.text for piece in tables[""].render_row(above))
