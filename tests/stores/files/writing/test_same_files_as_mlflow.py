"""The file writer writes byte for byte the same files as MLflow's own store, except for `run_uuid`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qtui.entities import Point, ViewType
from qtui.store import open_store
from qtui.store.edits import SetStatus, apply_edits
from qtui.store.files.writing.writer import FileWriter
from qtui.store.search import collect_batches
from qtui.store.writer import Metric
from tests.stores.files.tree import Tree
from tests.stores.sides import START, Ours, Side, Theirs

POINTS = [1.0, -0.5, 5e-324, 1e300, math.nan, math.inf, -math.inf, 3]
RECENT = re.compile(rb"\b(?:1[6-9]|[2-9][0-9])[0-9]{11}\b")


class StoreRecorder:
    """A store under test; it records the ids that the store makes, to compare two stores."""

    def __init__(self, side: Side, root: Path) -> None:
        self.side = side
        self.root = root
        self.ids: dict[bytes, bytes] = {}

    def experiment(self, name: str, location: str = "", tags: dict[str, str] | None = None) -> str:
        return self._record(self.side.create(name, location, tags), f"experiment{len(self.ids):013}")

    def run(self, experiment_id: str, name: str, tags: dict[str, str] | None = None) -> str:
        return self._record(self.side.start(experiment_id, name, tags or {}), f"run{len(self.ids):029}")

    def _record(self, text: str, name: str) -> str:
        self.ids[text.encode()] = name.encode()
        return text

    def contents(self) -> dict[str, bytes | None]:
        """Return the content of every file, with ids, recent times and paths replaced by placeholders."""
        contents = {}
        for path in sorted(self.root.rglob("*")):
            content = None if path.is_dir() else self._plain(path.read_bytes())
            contents[self._plain(str(path.relative_to(self.root)).encode()).decode()] = content
        return contents

    def _plain(self, data: bytes) -> bytes:
        for text, name in self.ids.items():
            data = data.replace(b"'" + text + b"'", name).replace(text, name)
        data = re.sub(rb"run_uuid: .*\n", b"", data).replace(str(self.root).encode(), b"ROOT")
        return RECENT.sub(b"RECENTLY", data)


def one_experiment(recorder: StoreRecorder) -> None:
    recorder.experiment("alpha")


def experiments(recorder: StoreRecorder) -> None:
    recorder.experiment("量化/β: #1", "s3://bucket/a?v=1", {"a": "b", "c/d": "line\nline"})
    recorder.experiment("yes")
    recorder.experiment("123", "relative/folder")
    recorder.experiment("0x10", "file:relative/folder")


def runs(recorder: StoreRecorder) -> None:
    experiment = recorder.experiment("alpha")
    recorder.run(experiment, "first 名", {"mlflow.user": "quant", "a/b": "c\r\n"})
    recorder.run(experiment, "null")
    recorder.run(experiment, "a: b")
    recorder.run(experiment, "line\nline and tab\t")
    recorder.run(recorder.experiment("far", "s3://bucket/a?v=1"), "far")


def values(recorder: StoreRecorder) -> None:
    run = recorder.run(recorder.experiment("alpha"), "r")
    points = [Metric("odd", Point(step, START + step, value)) for step, value in enumerate(POINTS)]
    recorder.side.log(
        run, [*points, Metric("nested/ic", Point(-3, START, 0.1))], {"lr": "0.1", "n/d": "a\r\nb"}, {"t": "1"}
    )
    recorder.side.log(run, [Metric("odd", Point(0, START, 0.5))], {"lr": "0.1", "empty": ""}, {"t": "2", "名": "值"})
    recorder.side.untag(run, "t")


def renamed(recorder: StoreRecorder) -> None:
    run = recorder.run(recorder.experiment("alpha"), "r")
    recorder.side.log(run, [], {}, {"mlflow.runName": "by tag"})
    other = recorder.run(recorder.experiment("beta"), "r")
    recorder.side.update(other, None, None, "by call")


def statuses(recorder: StoreRecorder) -> None:
    experiment = recorder.experiment("alpha")
    for status in ("FINISHED", "FAILED", "KILLED"):
        recorder.side.update(recorder.run(experiment, status), status, START + 5, None)
    resumed = recorder.run(experiment, "resumed")
    recorder.side.update(resumed, "FINISHED", START + 5, None)
    recorder.side.update(resumed, "RUNNING", None, None)
    recorder.side.update(recorder.run(experiment, "waiting"), "SCHEDULED", None, None)


def deleted_runs(recorder: StoreRecorder) -> None:
    experiment = recorder.experiment("alpha")
    recorder.side.delete(recorder.run(experiment, "gone"))
    back = recorder.run(experiment, "back")
    recorder.side.delete(back)
    recorder.side.restore(back)


def deleted_experiment(recorder: StoreRecorder) -> None:
    experiment = recorder.experiment("alpha", tags={"team": "red"})
    recorder.run(experiment, "active")
    recorder.side.delete(recorder.run(experiment, "deleted before"))
    recorder.side.delete_experiment(experiment)


def restored_experiment(recorder: StoreRecorder) -> None:
    deleted_experiment(recorder)
    recorder.side.restore_experiment(next(iter(recorder.ids)).decode())


def artifacts(recorder: StoreRecorder) -> None:
    source = recorder.root.parent / "source"
    (source / "deep").mkdir(parents=True)
    (source / "a.bin").write_bytes(b"0123")
    (source / "deep" / "名.txt").write_bytes(b"x")
    run = recorder.run(recorder.experiment("alpha"), "r")
    recorder.side.save(run, source / "a.bin", "")
    recorder.side.save(run, source / "a.bin", "b/c")
    recorder.side.save(run, source, "model")
    recorder.side.save(run, source, "")


@pytest.mark.parametrize(
    "scenario",
    [
        one_experiment,
        experiments,
        runs,
        values,
        renamed,
        statuses,
        deleted_runs,
        deleted_experiment,
        restored_experiment,
        artifacts,
    ],
)
def test_both_writers_write_the_same_files(
    scenario: Callable[[StoreRecorder], None], tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.chdir(tmp_path)
    trees = []
    for name, side in (("ours", Ours), ("theirs", Theirs)):
        root = tmp_path / name / "mlruns"
        recorder = StoreRecorder(side(f"file:{root}"), root)
        scenario(recorder)
        trees.append(recorder.contents())
    assert trees[0] == trees[1]


def test_mlflow_reads_a_store_of_qtui(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    root = tmp_path / "mlruns"
    ours = Ours(f"file:{root}")
    experiment = ours.create("量化", tags={"team": "red"})
    run_id = ours.start(experiment, "名", {"mlflow.user": "quant"})
    ours.log(run_id, [Metric("m", Point(1, START, 0.5)), Metric("m", Point(0, START, 7.0))], {"p": "v"}, {"t": "w"})
    ours.update(run_id, "FINISHED", START + 9, None)
    client = Theirs(f"file:{root}").client
    [run] = client.search_runs([experiment])
    assert client.get_experiment_by_name("量化").tags["team"] == "red"
    assert (run.info.run_name, run.info.status, run.info.end_time) == ("名", "FINISHED", START + 9)
    assert (run.data.metrics, run.data.params) == ({"m": 0.5}, {"p": "v"})
    assert run.data.tags == {"mlflow.runName": "名", "mlflow.user": "quant", "t": "w"}
    assert [(point.step, point.value) for point in client.get_metric_history(run_id, "m")] == [(1, 0.5), (0, 7.0)]


def test_a_run_of_mlflow_1_keeps_its_fields(tree: Tree) -> None:
    folder = tree.run("aaa", run_uuid="aaa", run_id=None, name="''", experiment_id="1", source_type=3)
    writer = FileWriter(tree.root)
    [info] = collect_batches(tree.store().infos())[0]
    apply_edits(writer, SetStatus([info], "RUNNING"))
    text = (folder / "meta.yaml").read_text()
    assert "run_uuid: aaa\n" in text
    assert "run_id: aaa\n" in text
    assert "source_type: 3\n" in text
    assert "name: ''\n" in text


def test_a_run_has_run_id_and_run_uuid(tmp_path: Path) -> None:
    ours = Ours(f"file:{tmp_path / 'mlruns'}")
    run_id = ours.start(ours.create("alpha"), "r", {})
    [meta] = tmp_path.glob("mlruns/*/*/meta.yaml")
    assert f"run_id: {run_id}\n" in meta.read_text()
    assert f"run_uuid: {run_id}\n" in meta.read_text()


def test_new_runs_of_a_moved_store_keep_their_artifacts_in_it(tmp_path: Path) -> None:
    ours = Ours(f"file:{tmp_path / 'mlruns'}")
    experiment = ours.create("alpha")
    (tmp_path / "mlruns").rename(tmp_path / "moved")
    there = Ours(f"file:{tmp_path / 'moved'}")
    run_id = there.start(experiment, "r", {})
    (tmp_path / "x").write_bytes(b"x")
    there.save(run_id, tmp_path / "x", "")
    assert there.infos[run_id].artifact_uri == (tmp_path / "moved" / experiment / run_id / "artifacts").as_uri()
    assert not (tmp_path / "mlruns").exists()


def test_old_runs_of_a_moved_store_save_artifacts_in_the_moved_store(tmp_path: Path) -> None:
    ours = Ours(f"file:{tmp_path / 'mlruns'}")
    experiment = ours.create("alpha")
    run_id = ours.start(experiment, "r", {})
    (tmp_path / "mlruns").rename(tmp_path / "moved")
    (tmp_path / "x").write_bytes(b"x")
    there = Ours(f"file:{tmp_path / 'moved'}")
    there.infos = ours.infos
    there.save(run_id, tmp_path / "x", "sub")
    assert (tmp_path / "moved" / experiment / run_id / "artifacts" / "sub" / "x").read_bytes() == b"x"
    assert not (tmp_path / "mlruns").exists()


def test_a_written_store_is_read_without_problems(tmp_path: Path) -> None:
    ours = Ours(f"file:{tmp_path / 'mlruns'}")
    ours.start(ours.create("alpha"), "r", {})
    store = open_store(f"file:{tmp_path / 'mlruns'}")
    assert {experiment.name for experiment in store.experiments(ViewType.ALL).items} == {"Default", "alpha"}
    assert list(store.examine()) == []
