"""Writing a file store: concurrent processes, full disks, killed writers, and blocked paths."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from qtui.entities import RUN_NAME_TAG, ExperimentInfo, Point, RunInfo
from qtui.errors import BadValue, StoreUnwritable
from qtui.recorder import Library
from qtui.store import open_store, open_writer
from qtui.store.changes import Target
from qtui.store.edits import Delete, Rename, SetStatus, apply_edits
from qtui.store.files.reading.infos import InfoReader
from qtui.store.files.writing.writer import FileWriter
from qtui.store.search import collect_batches
from qtui.store.writer import Batch, Metric
from tests.stores.conftest import ROOT
from tests.stores.files.tree import Tree, file_contents
from tests.stores.processes import run_together, start_task

START = 1_700_000_000_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the root of the store."""
    return tmp_path / "mlruns"


@pytest.fixture
def writer(root: Path) -> FileWriter:
    """Return a writer of the store."""
    return FileWriter(root)


@pytest.fixture
def info(writer: FileWriter) -> RunInfo:
    """Return a run in the store."""
    return writer.create_run(writer.create_experiment("alpha"), name="r", start_time=START)


@pytest.fixture
def folder(root: Path, info: RunInfo) -> Path:
    """Return the folder of the run."""
    return root / info.experiment_id / info.run_id


def metric(*values: float, key: str = "m") -> Batch:
    """Return a batch of points of one metric."""
    return Batch([Metric(key, Point(step, START, value)) for step, value in enumerate(values)])


def test_one_of_eight_processes_creates_the_experiment(root: Path) -> None:
    answers = run_together([start_task("create_experiment", f"file:{root}", "alpha") for _ in range(8)])
    assert Counter(answers)["ExperimentExists"] == 7
    [experiment_id] = [answer for answer in answers if answer != "ExperimentExists"]
    stored, problems = collect_batches([open_store(f"file:{root}").experiments()])
    assert {experiment.name: experiment.experiment_id for experiment in stored} == {
        "alpha": experiment_id,
        "Default": "0",
    }
    assert problems == ()


def test_processes_that_log_one_metric_write_whole_lines(root: Path, info: RunInfo) -> None:
    answers = run_together([start_task("log_points", f"file:{root}", info.run_id, place, 200) for place in range(4)])
    assert answers == ["done"] * 4
    history, problems = open_store(f"file:{root}").history(info, "m")
    assert problems == ()
    assert sorted(history.points()) == sorted(Point(step, place, 0.5) for place in range(4) for step in range(400))


def test_one_of_eight_processes_sets_the_param(root: Path, info: RunInfo) -> None:
    answers = run_together([start_task("log_param", f"file:{root}", info.run_id, place) for place in range(8)])
    assert Counter(answers)["ParamConflict"] == 7
    [winner] = [place for place, answer in enumerate(answers) if answer == "done"]
    [[run]] = [listing.items for listing in open_store(f"file:{root}").runs([info])]
    assert run.params == {"p": str(winner)}


def test_a_killed_writer_leaves_no_damage(root: Path, info: RunInfo) -> None:
    for _ in range(5):
        with start_task("log_for_ever", f"file:{root}", info.run_id) as process:
            assert process.stdout is not None
            for _ in range(20):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            assert process.stdin is not None
    store = open_store(f"file:{root}")
    assert list(store.examine()) == []
    [[run]] = [listing.items for listing in store.runs([info])]
    assert run.metrics["m"].step >= 19


@pytest.mark.parametrize("room", [1, 50, 3000])
def test_nothing_is_written_when_the_disk_is_full(root: Path, info: RunInfo, room: int) -> None:
    open_writer(f"file:{root}").log(info, metric(1.0, key="a"))
    before = file_contents(root)
    [answer] = run_together([start_task("log_with_little_room", f"file:{root}", info.run_id, room)])
    assert answer == "StoreUnwritable"
    assert file_contents(root) == before


def test_a_point_without_a_newline_is_completed(writer: FileWriter, info: RunInfo, folder: Path) -> None:
    (folder / "metrics" / "m").write_bytes(b"10 0.25 0\n11 0.5 1")
    writer.log(info, metric(7.0))
    assert (folder / "metrics" / "m").read_bytes() == b"10 0.25 0\n11 0.5 1\n%d 7.0 0\n" % START


@pytest.mark.parametrize("torn", [b"1", b"11 ", b"11 0.", b"11 0.5", b"11 0.5 ", b"11 0.5 -"])
def test_a_truncated_line_is_removed(writer: FileWriter, info: RunInfo, folder: Path, torn: bytes) -> None:
    (folder / "metrics" / "m").write_bytes(b"10 0.25 0\n" + torn)
    writer.log(info, metric(7.0))
    assert (folder / "metrics" / "m").read_bytes() == b"10 0.25 0\n%d 7.0 0\n" % START


@pytest.mark.parametrize("garbage", [b"PK\x03\x04", b"10 0.5 0\nsome notes", b"x" * 10_000])
def test_a_file_that_is_not_a_metric_is_not_changed(
    writer: FileWriter, info: RunInfo, folder: Path, garbage: bytes
) -> None:
    (folder / "metrics" / "m").write_bytes(garbage)
    with pytest.raises(StoreUnwritable, match="not a metric line"):
        writer.log(info, Batch(metric(7.0).metrics, {"p": "v"}, {"t": "v"}))
    assert (folder / "metrics" / "m").read_bytes() == garbage
    assert not (folder / "params" / "p").exists()
    assert not (folder / "tags" / "t").exists()


def a_linked_folder(folder: Path, outside: Path) -> None:
    (folder / "metrics").rmdir()
    (folder / "metrics").symlink_to(outside)


def a_linked_file(folder: Path, outside: Path) -> None:
    (outside / "m").write_bytes(b"")
    (folder / "metrics" / "m").symlink_to(outside / "m")


def a_pipe(folder: Path, outside: Path) -> None:
    os.mkfifo(folder / "metrics" / "m")


def a_file(folder: Path, outside: Path) -> None:
    (folder / "metrics").rmdir()
    (folder / "metrics").write_bytes(b"")


def a_folder(folder: Path, outside: Path) -> None:
    (folder / "metrics" / "m" / "deep").mkdir(parents=True)


@pytest.mark.parametrize("block", [a_linked_folder, a_linked_file, a_pipe, a_file, a_folder])
def test_nothing_is_written_through_a_blocked_path(
    writer: FileWriter, info: RunInfo, folder: Path, tmp_path: Path, block: Callable[[Path, Path], None]
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    block(folder, outside)
    before = file_contents(tmp_path)
    with pytest.raises(BadValue, match="in the way"):
        writer.log(info, Batch(metric(1.0).metrics, {"p": "v"}, {"t": "v"}))
    assert file_contents(tmp_path) == before


def test_one_key_cannot_be_the_folder_of_another(writer: FileWriter, info: RunInfo, root: Path) -> None:
    before = file_contents(root)
    with pytest.raises(BadValue, match="'a/b/c' and 'a'"):
        writer.log(info, Batch(params={"a": "1", "a/b/c": "2"}))
    with pytest.raises(BadValue, match="too long"):
        writer.log(info, Batch(params={"名" * 100: "1"}))
    assert file_contents(root) == before


def test_params_are_written_once_without_hard_links(
    writer: FileWriter, info: RunInfo, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **named: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    writer.log(info, Batch(params={"p": "v"}))
    writer.log(info, Batch(params={"p": "v"}))
    assert (folder / "params" / "p").read_bytes() == b"v"
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_folder_without_write_permission_is_an_error(writer: FileWriter, info: RunInfo, monkeypatch) -> None:
    def refuse(*arguments: object, **named: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("qtui.store.files.writing.run_directory.os.rename", refuse)
    with pytest.raises(StoreUnwritable, match="Permission denied"):
        apply_edits(writer, SetStatus([info], "FINISHED"))


def test_a_damaged_meta_yaml_is_not_overwritten(writer: FileWriter, info: RunInfo, folder: Path) -> None:
    (folder / "meta.yaml").write_text("artifact_uri: [")
    before = file_contents(folder)
    for write in (
        lambda: apply_edits(writer, SetStatus([info], "FINISHED")),
        lambda: apply_edits(writer, Delete([info])),
        lambda: writer.log(info, metric(1.0)),
    ):
        with pytest.raises(StoreUnwritable, match=r"meta\.yaml"):
            write()
    assert file_contents(folder) == before


def test_a_rename_keeps_an_end_time_that_another_process_writes(
    writer: FileWriter, info: RunInfo, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = InfoReader.read

    def read_before_the_end(self: InfoReader, run: tuple[str, str]) -> object:
        stored = read(self, run)
        monkeypatch.undo()
        apply_edits(FileWriter(root), SetStatus([info], "FINISHED", START + 5))
        return stored

    monkeypatch.setattr(InfoReader, "read", read_before_the_end)
    apply_edits(writer, Rename([info], "new"))
    [stored] = collect_batches(open_store(str(root)).infos())[0]
    assert (stored.status, stored.end_time, stored.name) == ("FINISHED", START + 5, "new")


@contextmanager
def closing_barrier(barrier: threading.Barrier) -> Iterator[None]:
    """Release the threads that wait at a barrier when the test fails."""
    try:
        yield
    except BaseException:
        barrier.abort()
        raise


def test_threads_that_change_one_meta_yaml_lose_no_change(root: Path, writer: FileWriter, info: RunInfo) -> None:
    rounds = range(60)
    start = threading.Barrier(3)

    def change(update: Callable[[int], object]) -> None:
        for turn in rounds:
            start.wait()
            update(turn)
            start.wait()

    updates: list[Callable[[int], object]] = [
        lambda turn: apply_edits(FileWriter(root), SetStatus([info], "RUNNING", START + turn)),
        lambda turn: FileWriter(root).log(info, Batch(tags={RUN_NAME_TAG: f"name {turn}"})),
    ]
    with ThreadPoolExecutor(2) as pool:
        threads = [pool.submit(change, update) for update in updates]
        with closing_barrier(start):
            for turn in rounds:
                start.wait()
                start.wait()
                [[stored], _] = collect_batches(open_store(str(root)).infos())
                assert (stored.end_time, stored.name) == (START + turn, f"name {turn}")
        for thread in threads:
            thread.result()


def test_a_run_is_renamed_on_a_file_system_without_locks(
    root: Path, writer: FileWriter, info: RunInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refuse)
    apply_edits(writer, Rename([info], "new"))
    assert collect_batches(open_store(str(root)).infos())[0][0].name == "new"


def test_a_renamed_experiment_frees_its_name(writer: FileWriter, root: Path) -> None:
    first = writer.create_experiment("alpha")
    meta = root / first.experiment_id / "meta.yaml"
    meta.write_text(meta.read_text().replace("name: alpha", "name: beta"))
    second = writer.create_experiment("alpha")
    assert second.experiment_id != first.experiment_id
    assert {experiment.name for experiment in open_store(f"file:{root}").experiments().items} == {
        "Default",
        "alpha",
        "beta",
    }


def test_an_experiment_that_a_killed_process_began_can_be_created(writer: FileWriter, root: Path) -> None:
    begun = writer.create_experiment("alpha")
    (root / begun.experiment_id / "meta.yaml").unlink()
    assert writer.create_experiment("alpha").experiment_id == begun.experiment_id


def test_experiment_ids_have_18_digits(writer: FileWriter) -> None:
    experiments = [writer.create_experiment(f"experiment {place}") for place in range(20)]
    assert {len(experiment.experiment_id) for experiment in experiments} == {18}
    assert len({experiment.experiment_id for experiment in experiments}) == 20


def test_the_default_experiment_cannot_be_deleted(tree: Tree) -> None:
    writer = FileWriter(tree.root)
    tree.experiment("0")
    with pytest.raises(Exception, match="default experiment"):
        apply_edits(writer, Delete([ExperimentInfo("0", "Default")]))
    assert (tree.root / "0").exists()


def test_deleting_the_default_experiment_with_an_edit_changes_none_of_its_runs(tmp_path: Path) -> None:
    writer = FileWriter(tmp_path / "mlruns")
    other = writer.create_experiment("other")
    default = ExperimentInfo("0", "Default")
    info = writer.create_run(default, name="r", start_time=1)
    with Library(f"file:{tmp_path}/mlruns") as library:
        result = library.apply(Delete([other, default]))
        assert [str(failure.target) for failure in result.failures] == ["experiment 0"]
        assert result.targets == {Target(other.experiment_id)}
        assert library.find_run(info.run_id).lifecycle_stage == "active"


def test_opening_a_writer_creates_nothing(tmp_path: Path) -> None:
    open_writer(f"file:{tmp_path / 'mlruns'}").close()
    assert list(tmp_path.iterdir()) == []


def test_writing_leaves_no_temporary_files(root: Path, tmp_path: Path, monkeypatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    writer = open_writer(f"file:{root}")
    writer.log(writer.create_run(writer.create_experiment("a"), name="r", start_time=START), metric(1.0))
    assert list(here.iterdir()) == []
    assert [path for path in root.rglob("*") if path.name.startswith(".qtui")] == []


def test_a_file_store_is_written_without_mlflow(root: Path) -> None:
    code = (
        "import sys; from qtui.store import open_writer; from qtui.store.writer import *; "
        f"w = open_writer('file:{root}'); "
        "i = w.create_run(w.create_experiment('a'), name='r', start_time=1); "
        "w.log(i, Batch(params={'p': 'v'})); "
        "print(sorted({'mlflow', 'pandas', 'numpy', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"
