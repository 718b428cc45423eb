"""Whatever is written into a tree of files, MLflow's own store would have written to the byte, `run_uuid` aside."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qtui.entities import Point, View
from qtui.store import open_store
from qtui.store.files.writing.writer import FileWriter
from qtui.store.search import gathered
from qtui.store.writer import Changes, Metric
from tests.stores.files.tree import Tree
from tests.stores.sides import START, Ours, Side, Theirs

POINTS = [1.0, -0.5, 5e-324, 1e300, math.nan, math.inf, -math.inf, 3]
RECENT = re.compile(rb"\b(?:1[6-9]|[2-9][0-9])[0-9]{11}\b")


class Story:
    """Does things to a store and remembers which ids it gave, so that two stores can be compared."""

    def __init__(self, side: Side, root: Path) -> None:
        self.side = side
        self.root = root
        self.ids: dict[bytes, bytes] = {}

    def experiment(self, name: str, location: str = "", tags: dict[str, str] | None = None) -> str:
        return self._known(self.side.create(name, location, tags), f"experiment{len(self.ids):013}")

    def run(self, experiment_id: str, name: str, tags: dict[str, str] | None = None) -> str:
        return self._known(self.side.start(experiment_id, name, tags or {}), f"run{len(self.ids):029}")

    def _known(self, given: str, name: str) -> str:
        self.ids[given.encode()] = name.encode()
        return given

    def told(self) -> dict[str, bytes | None]:
        """Every file and folder, ids and recent times and places replaced by what they stand for."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            content = None if path.is_dir() else self._plain(path.read_bytes())
            found[self._plain(str(path.relative_to(self.root)).encode()).decode()] = content
        return found

    def _plain(self, data: bytes) -> bytes:
        for given, name in self.ids.items():
            data = data.replace(b"'" + given + b"'", name).replace(given, name)
        data = re.sub(rb"run_uuid: .*\n", b"", data).replace(str(self.root).encode(), b"ROOT")
        return RECENT.sub(b"RECENTLY", data)


def alone(story: Story) -> None:
    story.experiment("alpha")


def described(story: Story) -> None:
    story.experiment("量化/β: #1", "s3://bucket/a?v=1", {"a": "b", "c/d": "line\nline"})
    story.experiment("yes")
    story.experiment("123", "relative/folder")
    story.experiment("0x10", "file:relative/folder")


def runs(story: Story) -> None:
    experiment = story.experiment("alpha")
    story.run(experiment, "first 名", {"mlflow.user": "quant", "a/b": "c\r\n"})
    story.run(experiment, "null")
    story.run(experiment, "a: b")
    story.run(experiment, "line\nline and tab\t")
    story.run(story.experiment("far", "s3://bucket/a?v=1"), "far")


def values(story: Story) -> None:
    run = story.run(story.experiment("alpha"), "r")
    points = [Metric("odd", Point(step, START + step, value)) for step, value in enumerate(POINTS)]
    story.side.log(
        run, [*points, Metric("nested/ic", Point(-3, START, 0.1))], {"lr": "0.1", "n/d": "a\r\nb"}, {"t": "1"}
    )
    story.side.log(run, [Metric("odd", Point(0, START, 0.5))], {"lr": "0.1", "empty": ""}, {"t": "2", "名": "值"})
    story.side.untag(run, "t")


def named(story: Story) -> None:
    run = story.run(story.experiment("alpha"), "r")
    story.side.log(run, [], {}, {"mlflow.runName": "by tag"})
    other = story.run(story.experiment("beta"), "r")
    story.side.update(other, None, None, "by call")


def ended(story: Story) -> None:
    experiment = story.experiment("alpha")
    for status in ("FINISHED", "FAILED", "KILLED"):
        story.side.update(story.run(experiment, status), status, START + 5, None)
    resumed = story.run(experiment, "resumed")
    story.side.update(resumed, "FINISHED", START + 5, None)
    story.side.update(resumed, "RUNNING", None, None)
    story.side.update(story.run(experiment, "waiting"), "SCHEDULED", None, None)


def deleted(story: Story) -> None:
    experiment = story.experiment("alpha")
    story.side.delete(story.run(experiment, "gone"))
    back = story.run(experiment, "back")
    story.side.delete(back)
    story.side.restore(back)


def thrown_away(story: Story) -> None:
    experiment = story.experiment("alpha", tags={"team": "red"})
    story.run(experiment, "active")
    story.side.delete(story.run(experiment, "deleted before"))
    story.side.delete_experiment(experiment)


def brought_back(story: Story) -> None:
    thrown_away(story)
    story.side.restore_experiment(next(iter(story.ids)).decode())


def artifacts(story: Story) -> None:
    source = story.root.parent / "source"
    (source / "deep").mkdir(parents=True)
    (source / "a.bin").write_bytes(b"0123")
    (source / "deep" / "名.txt").write_bytes(b"x")
    run = story.run(story.experiment("alpha"), "r")
    story.side.save(run, source / "a.bin", "")
    story.side.save(run, source / "a.bin", "b/c")
    story.side.save(run, source, "model")
    story.side.save(run, source, "")


@pytest.mark.parametrize(
    "tell", [alone, described, runs, values, named, ended, deleted, thrown_away, brought_back, artifacts]
)
def test_the_trees_are_the_same(tell: Callable[[Story], None], tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.chdir(tmp_path)
    told = []
    for name, side in (("ours", Ours), ("theirs", Theirs)):
        root = tmp_path / name / "mlruns"
        story = Story(side(f"file:{root}"), root)
        tell(story)
        told.append(story.told())
    assert told[0] == told[1]


def test_mlflow_reads_what_we_wrote(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    root = tmp_path / "mlruns"
    ours = Ours(f"file:{root}")
    experiment = ours.create("量化", tags={"team": "red"})
    run_id = ours.start(experiment, "名", {"mlflow.user": "quant"})
    ours.log(run_id, [Metric("m", Point(1, START, 0.5)), Metric("m", Point(0, START, 7.0))], {"p": "v"}, {"t": "w"})
    ours.update(run_id, "FINISHED", START + 9, None)
    client = Theirs(f"file:{root}").client
    [found] = client.search_runs([experiment])
    assert client.get_experiment_by_name("量化").tags["team"] == "red"
    assert (found.info.run_name, found.info.status, found.info.end_time) == ("名", "FINISHED", START + 9)
    assert (found.data.metrics, found.data.params) == ({"m": 0.5}, {"p": "v"})
    assert found.data.tags == {"mlflow.runName": "名", "mlflow.user": "quant", "t": "w"}
    assert [(point.step, point.value) for point in client.get_metric_history(run_id, "m")] == [(1, 0.5), (0, 7.0)]


def test_a_run_that_mlflow_1_wrote_keeps_what_it_says(tree: Tree) -> None:
    folder = tree.run("aaa", run_uuid="aaa", run_id=None, name="''", experiment_id="1", source_type=3)
    writer = FileWriter(tree.root)
    [info] = gathered(tree.store().infos())[0]
    writer.update_run(info, Changes(status="RUNNING"))
    text = (folder / "meta.yaml").read_text()
    assert "run_uuid: aaa\n" in text
    assert "run_id: aaa\n" in text
    assert "source_type: 3\n" in text
    assert "name: ''\n" in text


def test_a_run_carries_both_of_its_ids(tmp_path: Path) -> None:
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


def test_old_runs_of_a_moved_store_take_artifacts_where_they_are_now(tmp_path: Path) -> None:
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


def test_the_store_reads_as_it_was_written(tmp_path: Path) -> None:
    ours = Ours(f"file:{tmp_path / 'mlruns'}")
    ours.start(ours.create("alpha"), "r", {})
    store = open_store(f"file:{tmp_path / 'mlruns'}")
    assert {each.name for each in store.experiments(View.ALL).items} == {"Default", "alpha"}
    assert list(store.examine()) == []
