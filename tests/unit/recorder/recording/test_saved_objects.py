"""Objects and files go among the artifacts of a run and come back, and nothing is left behind on the way."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas
import pytest

from qtui.errors import ArtifactNotFound, BadValue, LoadObjectError, UsageError
from qtui.recorder import QlibRecorder


class Hostile:
    """Makes a file when it is unpickled by somebody who trusts it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files, which must be empty in the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def active(recording: QlibRecorder) -> QlibRecorder:
    recording.start_exp()
    return recording


def test_objects_are_loaded_by_their_names(active: QlibRecorder, temporary: Path) -> None:
    frame = pandas.DataFrame({"score": [0.1, 0.2]})
    active.save_objects(**{"pred.pkl": frame, "task": {"a": 1}, "deep/er.pkl": [1]})
    active.save_objects(artifact_path="portfolio/analysis", **{"report.pkl": "r"})
    recorder = active.get_recorder()
    assert recorder.load_object("pred.pkl").equals(frame)
    assert active.load_object("task") == {"a": 1}
    assert recorder.load_object("deep/er.pkl") == [1]
    assert recorder.load_object("portfolio/analysis/report.pkl") == "r"
    assert recorder.list_artifacts() == ["deep", "portfolio", "pred.pkl", "task"]
    assert recorder.list_artifacts("portfolio") == ["portfolio/analysis"]
    assert list(temporary.iterdir()) == []


def test_objects_are_pickled_so_that_qlib_can_read_them(active: QlibRecorder) -> None:
    active.save_objects(a=[1])
    content = Path(active.download_artifact("a")).read_bytes()
    assert content[:2] == b"\x80\x04"


def test_files_and_folders_are_saved_from_a_path(active: QlibRecorder, tmp_path: Path) -> None:
    source = tmp_path / "results"
    (source / "sub").mkdir(parents=True)
    (source / "a.txt").write_text("a")
    (source / "sub" / "b.txt").write_text("b")
    active.save_objects(local_path=str(source), artifact_path="all")
    active.save_objects(str(source / "a.txt"))
    active.log_artifact(str(source), "named")
    active.log_artifact(str(source / "a.txt"), "file")
    recorder = active.get_recorder()
    assert recorder.list_artifacts() == ["a.txt", "all", "file", "named"]
    assert recorder.list_artifacts("all") == ["all/a.txt", "all/sub"]
    assert recorder.list_artifacts("named/results/sub") == ["named/results/sub/b.txt"]
    assert recorder.list_artifacts("file") == ["file/a.txt"]


def test_it_is_objects_or_a_path_not_both(active: QlibRecorder, tmp_path: Path) -> None:
    for recorder in (active, active.get_recorder()):
        with pytest.raises(ValueError, match="not both"):
            recorder.save_objects(local_path=str(tmp_path), a=1)


def test_a_missing_file_cannot_be_saved(active: QlibRecorder, tmp_path: Path) -> None:
    with pytest.raises(ArtifactNotFound, match="does not exist"):
        active.save_objects(local_path=str(tmp_path / "nothing"))


def test_a_pipe_or_a_broken_link_in_a_folder_is_refused_at_once(active: QlibRecorder, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "broken").symlink_to("nothing")
    with pytest.raises(BadValue, match="broken cannot be read: No such file or directory"):
        active.log_artifact(str(folder))
    (folder / "broken").unlink()
    os.mkfifo(folder / "pipe")
    with pytest.raises(BadValue, match="pipe is not a regular file"):
        active.save_objects(local_path=str(folder))
    assert active.get_recorder().list_artifacts() == []


@pytest.mark.parametrize("name", ["../out.pkl", "/abs.pkl", "a/../../out.pkl", ""])
def test_no_name_leads_out_of_the_artifacts(active: QlibRecorder, name: str) -> None:
    with pytest.raises(BadValue):
        active.save_objects(**{name: 1})


def test_when_one_object_cannot_be_pickled_none_is_saved(active: QlibRecorder, temporary: Path) -> None:
    with pytest.raises((pickle.PicklingError, AttributeError)):
        active.save_objects(good=1, bad=lambda: None)
    assert active.get_recorder().list_artifacts() == []
    assert list(temporary.iterdir()) == []


def test_every_failure_of_loading_is_the_same_error(active: QlibRecorder, tmp_path: Path) -> None:
    (tmp_path / "broken.pkl").write_bytes(b"no pickle")
    active.save_objects(str(tmp_path / "broken.pkl"))
    for name in ("broken.pkl", "missing.pkl", "../out.pkl"):
        with pytest.raises(LoadObjectError, match=name):
            active.load_object(name)


def test_objects_can_be_loaded_with_another_unpickler(active: QlibRecorder) -> None:
    class Strict(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> object:
            raise pickle.UnpicklingError(f"{name} is not wanted")

    active.save_objects(plain=[1], path=Path("/a"))
    assert active.load_object("plain", Strict) == [1]
    with pytest.raises(LoadObjectError, match="is not wanted"):
        active.get_recorder().load_object("path", unpickler=Strict)


def test_safe_loading_runs_nothing(active: QlibRecorder, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    frame = pandas.DataFrame({"score": [0.1, 0.2]})
    active.save_objects(hostile=Hostile(ran), frame=frame)
    assert active.load_object("frame", safe=True).equals(frame)
    active.load_object("hostile", safe=True)
    assert not ran.exists()
    active.load_object("hostile")
    assert ran.exists()


def test_half_a_pickle_is_no_object_even_when_loading_is_safe(active: QlibRecorder, tmp_path: Path) -> None:
    (tmp_path / "half.pkl").write_bytes(pickle.dumps(list(range(100)))[:50])
    active.save_objects(str(tmp_path / "half.pkl"))
    with pytest.raises(LoadObjectError, match=r"half\.pkl"):
        active.load_object("half.pkl", safe=True)


def test_downloading_returns_the_path_of_the_artifact(active: QlibRecorder, tmp_path: Path, temporary: Path) -> None:
    active.save_objects(artifact_path="deep", a=[1])
    there = Path(active.download_artifact("deep/a"))
    copied = Path(active.download_artifact("deep/a", str(tmp_path / "here")))
    folder = Path(active.download_artifact("deep", str(tmp_path / "all")))
    everything = Path(active.download_artifact("", str(tmp_path / "everything")))
    assert copied == tmp_path / "here" / "deep" / "a"
    assert copied.read_bytes() == there.read_bytes() == (folder / "a").read_bytes()
    assert (everything / "deep" / "a").is_file()
    assert list(temporary.iterdir()) == []
    with pytest.raises(ArtifactNotFound, match="'nothing'"):
        active.download_artifact("nothing")


def test_a_recorder_is_pickled_once_it_has_ended(active: QlibRecorder) -> None:
    recorder = active.get_recorder()
    with pytest.raises(UsageError, match="before it starts or after it ends"):
        pickle.dumps(recorder)
    active.log_metrics(m=1)
    active.end_exp()
    again = pickle.loads(pickle.dumps(recorder))
    assert again == recorder
    assert again.list_metrics() == {"m": 1.0}


def test_a_download_without_a_folder_is_deleted_with_its_process(temporary: Path) -> None:
    loads = "from qtui.recorder.reading.artifact_files import temporary_folder"
    code = f"{loads}; folder = temporary_folder(); print(folder, folder.exists())"
    environ = {**os.environ, "TMPDIR": str(temporary)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ)
    assert done.stdout.endswith("True\n")
    assert list(temporary.iterdir()) == []
