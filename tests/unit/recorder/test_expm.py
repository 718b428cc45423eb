"""The manager gives Qlib's answers, and those for many runs at once."""

from __future__ import annotations

from datetime import timedelta

import pandas
import pytest

from qtui.entities import Artifact, RunInfo, View
from qtui.errors import ExperimentNotFound, QuerySyntaxError, RunNotFound, StoreNotFound, UsageError
from qtui.query.wanted import NOTHING
from qtui.recorder import ExpManager
from qtui.store.points import points_of
from tests.unit.recorder.conftest import HOUR, MINUTE, NOW


def ids(runs) -> list[str]:
    """The ids of some runs."""
    return [run.info.run_id for run in runs]


def test_active_experiments_are_listed_by_name_newest_first(manager: ExpManager) -> None:
    experiments = manager.list_experiments()
    assert list(experiments) == ["team/alpha", "1", "alpha158", "Default"]
    assert experiments["alpha158"].id == "1"


def test_an_experiment_is_got_by_an_id_of_either_type_or_by_its_name(manager: ExpManager) -> None:
    assert manager.get_exp(experiment_id=1).name == "alpha158"
    assert manager.get_exp(experiment_id="1").name == "alpha158"
    assert manager.get_exp(experiment_name="alpha158").id == "1"


def test_without_a_name_the_default_experiment_is_got_and_never_made(manager: ExpManager) -> None:
    with pytest.raises(ExperimentNotFound, match="There is no experiment 'Experiment'"):
        manager.get_exp()
    assert "Experiment" not in manager.list_experiments()


def test_a_deleted_experiment_is_not_got(manager: ExpManager) -> None:
    with pytest.raises(ExperimentNotFound):
        manager.get_exp(experiment_id=4)


def test_records_are_a_table_with_a_column_for_every_value(manager: ExpManager) -> None:
    table = manager.search_records([1], "metrics.ic > 0", order_by=["metrics.ic ASC"])
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


def test_records_of_every_view_can_be_asked_for_as_in_mlflow(manager: ExpManager) -> None:
    assert set(manager.search_records(run_view_type=2)["run_id"]) == {"cccc1111", "cccc2222"}
    assert len(manager.search_records(run_view_type=3)) == 6
    with pytest.raises(UsageError, match="must be 1"):
        manager.search_records(run_view_type=4)


def test_no_records_are_an_empty_table(manager: ExpManager) -> None:
    table = manager.search_records(["1"], "metrics.ic > 9")
    assert (len(table), table.columns[0]) == (0, "run_id")


def test_a_search_takes_names_or_ids_of_experiments_and_text(manager: ExpManager) -> None:
    page = manager.search(["alpha158", "3", "alpha158"], "status != failed", ["start_time ASC"], limit=2, offset=1)
    assert ids(page.runs) == ["aaaa1111", "bbbb1111"]
    assert page.total == 4


def test_a_search_without_experiments_means_all_of_the_view(manager: ExpManager) -> None:
    assert len(manager.search(wanted=NOTHING).runs) == 4
    assert len(manager.search(view=View.ALL, wanted=NOTHING).runs) == 6


def test_a_search_in_no_experiments_finds_nothing(manager: ExpManager) -> None:
    assert manager.search([]).runs == ()


def test_a_wrong_filter_points_at_its_mistake(manager: ExpManager) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        manager.search(filter="metrics.ic >")
    assert caught.value.text == "metrics.ic >"


def test_one_run_is_read_with_everything(manager: ExpManager) -> None:
    run = manager.run("alpha158/lgbm")
    assert (run.params["lr"], run.metrics["ic"].value) == ("0.2", 0.05)


def test_a_run_that_is_gone_is_told_so(manager: ExpManager) -> None:
    with pytest.raises(RunNotFound, match=r"^The run ffff is gone\.$"):
        manager.run(RunInfo("ffff", "1"))


def test_the_history_of_a_metric_is_in_the_order_it_was_logged(manager: ExpManager) -> None:
    history, problems = manager.history("aaaa1111", "ic")
    assert [point.step for point in points_of(history)] == [1, 0]
    assert problems == ()


def test_artifacts_are_listed_by_level_or_all_the_way_down(manager: ExpManager) -> None:
    assert [each.path for each in manager.artifacts("aaaa1111").items] == ["pred.pkl", "sig_analysis"]
    assert manager.artifacts("aaaa1111", recursive=True).items == (
        Artifact("pred.pkl", False, 100),
        Artifact("sig_analysis", True),
        Artifact("sig_analysis/deep", True),
        Artifact("sig_analysis/deep/ric.pkl", False, 20),
        Artifact("sig_analysis/ic.pkl", False, 10),
    )


def test_a_run_that_is_running_but_silent_for_an_hour_is_stale(manager: ExpManager) -> None:
    [stale] = manager.stale(NOW)
    assert (stale.info.run_id, stale.last_write) == ("aaaa2222", NOW - 2 * HOUR)


def test_what_counts_as_silent_can_be_said(manager: ExpManager) -> None:
    stale = manager.stale(NOW + MINUTE, timedelta(minutes=1))
    assert {each.info.run_id for each in stale} == {"aaaa2222", "bbbb1111"}
    assert manager.stale(NOW, timedelta(days=1)) == ()


@pytest.mark.parametrize("text", ["status = stale", "status in (stale, scheduled) and status != scheduled"])
def test_a_filter_finds_the_stale_runs(manager: ExpManager, text: str) -> None:
    stale = {each.info.run_id for each in manager.stale()}
    assert {run.info.run_id for run in manager.search(filter=text).runs} == stale != set()
    assert set(manager.search_records(filter_string=text)["run_id"]) == stale
    ever = timedelta(days=10_000)
    assert manager.store.search(manager.query(filter=text, silence=ever)).runs == ()


def test_a_manager_opens_its_store_only_when_it_is_asked(tmp_path) -> None:
    manager = ExpManager(str(tmp_path / "nowhere"))
    assert manager.uri == str(tmp_path / "nowhere")
    with pytest.raises(StoreNotFound, match="There is nothing at"):
        manager.experiments()
    assert list(tmp_path.iterdir()) == []


def test_a_password_does_not_show_in_a_manager() -> None:
    manager = ExpManager("postgresql://me:secret@host/db")
    assert "secret" not in repr(manager)
    assert manager.uri == "postgresql://me:secret@host/db"
