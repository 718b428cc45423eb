"""Looking again at runs that are known already."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from qtui.entities import ExperimentInfo, Point, Run, RunInfo
from qtui.recorder import Library
from qtui.store.files.writing import sample

EXPERIMENT = ExperimentInfo("7", "watched")


def run(name: str, status: str = "FINISHED") -> Run:
    info = RunInfo(name * 32, "7", name, status, start_time=1_700_000_000_000, user="li")
    return Run(info, metrics={"loss": Point(0, 1_700_000_000_000, 0.5)})


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = sample.write_experiment(tmp_path, EXPERIMENT)
    for item in (run("a"), run("b", "RUNNING")):
        sample.write_run(folder, item)
    return tmp_path


def rewrite(store: Path, name: str, old: str, new: str) -> None:
    """Change what a run's meta.yaml says."""
    meta = store / "7" / (name * 32) / "meta.yaml"
    assert old in meta.read_text()
    meta.write_text(meta.read_text().replace(old, new))


def known(library: Library) -> dict[str, RunInfo]:
    return {info.run_id: info for batch in library.infos() for info in batch.items}


def test_a_poll_without_changes_reports_nothing(store: Path) -> None:
    library = Library(f"file:{store}")
    watch, runs = library.watch(), known(library)
    assert not watch.poll(runs)
    assert not watch.poll(runs)


def test_new_runs_changed_runs_and_runs_that_are_gone_are_news(store: Path) -> None:
    library = Library(f"file:{store}")
    watch, runs = library.watch(), known(library)
    watch.poll(runs)
    sample.write_run(store / "7", run("c"))
    rewrite(store, "b", "status: 1", "status: 3")
    shutil.rmtree(store / "7" / ("a" * 32))
    news = watch.poll(runs)
    assert {item.name: item.status for item in news.infos} == {"b": "FINISHED", "c": "FINISHED"}
    assert news.gone == {"a" * 32}


def test_a_running_run_that_writes_is_news_and_only_then(store: Path) -> None:
    library = Library(f"file:{store}")
    watch, runs = library.watch(), known(library)
    watch.poll(runs)
    metric = store / "7" / ("b" * 32) / "metrics" / "loss"
    with metric.open("a") as file:
        file.write("1700000001000 0.25 1\n")
    later = metric.stat().st_mtime_ns + 5_000_000_000
    os.utime(metric, ns=(later, later))
    assert [item.name for item in watch.poll(runs).written] == ["b"]
    assert not watch.poll(runs)


def test_a_run_whose_file_is_being_rewritten_is_not_called_gone(store: Path) -> None:
    library = Library(f"file:{store}")
    watch, runs = library.watch(), known(library)
    watch.poll(runs)
    (store / "7" / ("a" * 32) / "meta.yaml").write_text("")
    assert watch.poll(runs).gone == frozenset()


def test_the_watched_view_follows_the_lifecycle(store: Path) -> None:
    library = Library(f"file:{store}")
    watch, runs = library.watch(["7"]), known(library)
    watch.poll(runs)
    rewrite(store, "a", "lifecycle_stage: active", "lifecycle_stage: deleted")
    assert watch.poll(runs).gone == {"a" * 32}
