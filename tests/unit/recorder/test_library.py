"""The library reads experiments, runs, values and artifacts of a store."""

from __future__ import annotations

from datetime import timedelta

import pandas
import pytest

from qtui.entities import Artifact, RunInfo, ViewType
from qtui.errors import QuerySyntaxError, RunNotFound, StoreNotFound, UsageError
from qtui.query.projection import NO_VALUES
from qtui.recorder import Library
from tests.unit.recorder.conftest import HOUR, MINUTE, NOW


def ids(runs) -> list[str]:
    """The ids of some runs."""
    return [run.info.run_id for run in runs]


def test_records_are_a_table_with_a_column_for_every_value(library: Library) -> None:
    table = library.search_records([1], "metrics.ic > 0", order_by=["metrics.ic ASC"])
    assert list(table.columns) == [
        "run_id",
        "experiment_id",
        "status",
        "artifact_uri",
        "start_time",
        "end_time",
        "metrics.ic",
        "params.lr",
        "tags.mlflow.runName",
        "tags.team",
    ]
    assert list(table["run_id"]) == ["aaaa1111", "aaaa2222"]
    assert list(table["metrics.ic"]) == [0.04, 0.05]
    assert list(table["tags.team"]) == ["red", None]
    assert table["start_time"][0] == pandas.Timestamp(NOW - 5 * HOUR, unit="ms", tz="UTC")
    assert pandas.isna(table["end_time"][1])


def test_records_of_every_view_can_be_asked_for_as_in_mlflow(library: Library) -> None:
    assert set(library.search_records(run_view_type=2)["run_id"]) == {"cccc1111", "cccc2222"}
    assert len(library.search_records(run_view_type=3)) == 6
    with pytest.raises(UsageError, match="must be 1"):
        library.search_records(run_view_type=4)


def test_no_records_are_an_empty_table(library: Library) -> None:
    table = library.search_records(["1"], "metrics.ic > 9")
    assert (len(table), table.columns[0]) == (0, "run_id")


def test_a_search_takes_names_or_ids_of_experiments_and_text(library: Library) -> None:
    page = library.search(["alpha158", "3", "alpha158"], "status != failed", ["start_time ASC"], limit=2, offset=1)
    assert ids(page.runs) == ["aaaa1111", "bbbb1111"]
    assert page.total == 4


def test_a_search_without_experiments_means_all_of_the_view(library: Library) -> None:
    assert len(library.search(projection=NO_VALUES).runs) == 4
    assert len(library.search(view=ViewType.ALL, projection=NO_VALUES).runs) == 6


def test_a_search_in_no_experiments_finds_nothing(library: Library) -> None:
    assert library.search([]).runs == ()


def test_a_wrong_filter_points_at_its_mistake(library: Library) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        library.search(filter="metrics.ic >")
    assert caught.value.text == "metrics.ic >"


def test_one_run_is_read_with_everything(library: Library) -> None:
    run = library.run("alpha158/lgbm")
    assert (run.params["lr"], run.metrics["ic"].value) == ("0.2", 0.05)


def test_a_missing_run_is_an_error(library: Library) -> None:
    with pytest.raises(RunNotFound, match=r"The run ffff does not exist any more"):
        library.run(RunInfo("ffff", "1"))


def test_the_history_of_a_metric_is_in_the_order_it_was_logged(library: Library) -> None:
    history, problems = library.history("aaaa1111", "ic")
    assert [point.step for point in history.points()] == [1, 0]
    assert problems == ()


def test_artifacts_are_listed_by_level_or_all_the_way_down(library: Library) -> None:
    assert [item.path for item in library.artifacts("aaaa1111").items] == ["pred.pkl", "sig_analysis"]
    assert library.artifacts("aaaa1111", recursive=True).items == (
        Artifact("pred.pkl", False, 100),
        Artifact("sig_analysis", True),
        Artifact("sig_analysis/deep", True),
        Artifact("sig_analysis/deep/ric.pkl", False, 20),
        Artifact("sig_analysis/ic.pkl", False, 10),
    )


def test_a_run_that_is_running_but_silent_for_an_hour_is_stale(library: Library) -> None:
    [stale] = library.stale(NOW)
    assert (stale.info.run_id, stale.last_write) == ("aaaa2222", NOW - 2 * HOUR)


def test_the_silence_after_which_a_run_is_stale_can_be_set(library: Library) -> None:
    stale = library.stale(NOW + MINUTE, timedelta(minutes=1))
    assert {item.info.run_id for item in stale} == {"aaaa2222", "bbbb1111"}
    assert library.stale(NOW, timedelta(days=1)) == ()


@pytest.mark.parametrize("text", ["status = stale", "status in (stale, scheduled) and status != scheduled"])
def test_a_filter_finds_the_stale_runs(library: Library, text: str) -> None:
    stale = {item.info.run_id for item in library.stale()}
    assert {run.info.run_id for run in library.search(filter=text).runs} == stale != set()
    assert set(library.search_records(filter_string=text)["run_id"]) == stale
    ever = timedelta(days=10_000)
    assert library.store.search(library.query(filter=text, silence=ever)).runs == ()


def test_a_manager_opens_its_store_only_when_it_is_asked(tmp_path) -> None:
    library = Library(str(tmp_path / "nowhere"))
    assert library.uri == str(tmp_path / "nowhere")
    with pytest.raises(StoreNotFound, match="does not exist"):
        library.experiments()
    assert list(tmp_path.iterdir()) == []


def test_a_password_does_not_show_in_a_manager() -> None:
    library = Library("postgresql://me:secret@host/db")
    assert "secret" not in repr(library)
    assert library.uri == "postgresql://me:secret@host/db"
