"""`qtui doctor`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from qtui.cli.commands.doctor import examine_store
from qtui.entities import ExperimentInfo, Listing, Problem, Run, RunInfo, ViewType
from qtui.recorder import Library
from qtui.store.defaults import StoreDefaults
from qtui.store.files.writing.sample import write_experiment, write_run
from qtui.store.memory import MemoryStore
from tests.unit.cli.conftest import Call


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A store with one good run and seven empty descriptions."""
    root = tmp_path / "mlruns"
    folder = write_experiment(root, ExperimentInfo("1", "x"))
    for number in range(8):
        run = write_run(folder, Run(RunInfo(f"{number}" * 32, "1", "x", "FINISHED", start_time=1)))
        if number:
            (run / "meta.yaml").write_text("")
    return root


def install(folder: Path, versions: Mapping[str, str]) -> None:
    """Put the metadata of packages into a folder."""
    for name, version in versions.items():
        metadata = folder / f"{name.replace('-', '_')}-{version}.dist-info" / "METADATA"
        metadata.parent.mkdir(parents=True)
        metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def test_json_has_the_shape_that_scripts_rely_on(qtui: Call, broken: Path) -> None:
    report = json.loads(qtui("doctor", "--json", uri=broken).out)
    assert list(report) == ["uri", "kind", "experiments", "runs", "problems", "stale", "moved"]
    assert (report["kind"], report["experiments"], report["runs"]) == ("files", 1, 1)
    assert [list(problem) for problem in report["problems"]] == [["path", "reason"]] * 7


def test_similar_problems_are_grouped_and_a_terminal_shows_a_few(on_terminal: Call, qtui: Call, broken: Path) -> None:
    piped = qtui("doctor", uri=broken)
    assert piped.code == 0
    assert piped.out.count("meta.yaml") >= 7
    output = on_terminal("doctor", "--uri", str(broken), width=200).out
    assert "and 2 more" in output
    assert "7 damaged parts" in output


def test_a_stale_run_and_a_moved_store_are_reported(qtui: Call, sample: Path, tmp_path: Path) -> None:
    shutil.copytree(sample, tmp_path / "new")
    report = json.loads(qtui("doctor", "--json", uri=tmp_path / "new").out)
    assert len(report["stale"]) == 1
    assert list(report["stale"][0]) == ["run_id", "last_write"]
    assert {tuple(run) for run in report["moved"]} == {("run_id", "recorded", "found")}
    text = qtui("doctor", uri=tmp_path / "new").out
    assert "1 run with status RUNNING and no recent write" in text
    assert f"{sample.as_uri()} -> {tmp_path / 'new'}" in text


def test_a_store_without_faults_is_one_more_line(qtui: Call, tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, ExperimentInfo("1", "x"))
    write_run(folder, Run(RunInfo("a" * 32, "1", "x", "FINISHED", start_time=1)))
    lines = qtui("doctor", uri=tmp_path).out.splitlines()
    assert len(lines) == 2
    assert lines[1] == "Nothing is damaged, no run has died, nothing was moved."


def test_a_store_that_cannot_be_read_at_all_is_a_failure(qtui: Call, tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"SQLite format 3\0" + b"\0" * 4000)
    assert qtui("doctor", uri=tmp_path / "mlflow.db").code == 1


def test_the_settings_say_how_long_a_run_may_be_silent(
    qtui: Call, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QTUI_STALE_AFTER_MINUTES", "100000")
    assert json.loads(qtui("doctor", "--json", uri=sample).out)["stale"] == []


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_packages_of_mlflow_in_different_versions_are_named(
    qtui: Call, broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    install(tmp_path / "packages", {"mlflow": "2.12.2", "mlflow-skinny": "3.17.2"})
    monkeypatch.syspath_prepend(tmp_path / "packages")
    ended = qtui("doctor", *form, uri=broken)
    assert ended.code == 0
    assert "mlflow 2.12.2 and mlflow-skinny 3.17.2 are installed together" in ended.err
    assert "pip install --force-reinstall mlflow==2.12.2 mlflow-skinny==2.12.2" in ended.err


def test_packages_of_mlflow_in_one_version_are_no_finding(
    qtui: Call, broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "packages", {"mlflow": "2.12.2", "mlflow-skinny": "2.12.2"})
    monkeypatch.syspath_prepend(tmp_path / "packages")
    assert "installed together" not in qtui("doctor", uri=broken).err


def test_only_a_terminal_gets_the_notice_that_many_runs_take_a_while(
    on_terminal: Call, process: Call, tmp_path: Path
) -> None:
    folder = write_experiment(tmp_path / "mlruns", ExperimentInfo("1", "x"))
    for number in range(500):
        write_run(folder, Run(RunInfo(f"{number:032x}", "1", "x", "FINISHED", start_time=1)))
    call = ("--uri", str(tmp_path / "mlruns"), "doctor")
    assert "Examining 500 runs and their artifacts" in on_terminal(*call).out
    assert process(*call).err == ""


def test_running_runs_of_deleted_experiments_are_not_stale() -> None:
    experiments = [ExperimentInfo("1", "alpha"), ExperimentInfo("2", "gone", "deleted")]
    runs = [
        Run(RunInfo("silent", "1")),
        Run(RunInfo("forgotten", "2")),
        Run(RunInfo("removed", "1", "", "RUNNING", "deleted")),
    ]
    findings = examine_store(Library.over(MemoryStore(experiments, runs)))
    assert [stale.info.run_id for stale in findings.stale] == ["silent"]
    assert (findings.experiments, findings.runs) == (2, 3)


class CountingStore(MemoryStore):
    """A store that counts how often its runs are listed."""

    listings = 0

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        self.listings += 1
        return super().infos(experiment_ids, view)

    def examine(self, listings: Iterable[Listing[RunInfo]] | None = None) -> Iterator[Problem]:
        return StoreDefaults.examine(self, listings)


def test_the_runs_are_listed_once_for_all_checks() -> None:
    store = CountingStore(
        [ExperimentInfo("1", "alpha")], [Run(RunInfo("a", "1")), Run(RunInfo("b", "1", "", "FINISHED"))]
    )
    assert examine_store(Library.over(store)).runs == 2
    assert store.listings == 1
