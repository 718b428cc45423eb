"""Damage to parts of a file store: which items are still listed, and which problems are reported."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from qtui.entities import Point, Problem, ViewType
from qtui.errors import StoreNotFound, StoreUnreadable
from tests.stores.files.tree import Tree, by_path, infos_of, meta_lines, reasons_by_path, runs_of


@pytest.fixture
def two_runs(tree: Tree) -> Tree:
    """A store with two runs with values: `good`, and `bad` for tests to damage."""
    for run_id in ("bad", "good"):
        folder = tree.run(run_id)
        (folder / "tags" / "mlflow.runName").write_text(f"tag of {run_id}")
        (folder / "params" / "lr").write_text("0.1")
        (folder / "metrics" / "loss").write_text("1 0.5 0\n2 0.25 1\n")
    return tree


def complete_meta(**changed: object) -> bytes:
    """Return the meta.yaml of the bad run with some fields changed."""
    fields = {
        "artifact_uri": "file:///gone",
        "end_time": 2000,
        "experiment_id": "'1'",
        "lifecycle_stage": "active",
        "run_id": "bad",
        "run_name": "name of bad",
        "start_time": 1000,
        "status": 3,
        "user_id": "quant",
    }
    return meta_lines(fields | changed).encode()


BOMB = b"a: &a [x, x]\n" + b"".join(
    f"{name}: &{name} [*{former}, *{former}]\n".encode() for former, name in zip("abcdefgh", "bcdefghi", strict=True)
)
UNREADABLE_METAS = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "only a comment": (b"# nothing\n", "is empty"),
    "cut off in a line": (complete_meta()[:72], "is not valid YAML: line 5, column 1"),
    "cut off after a line": (complete_meta()[:60], "is incomplete: it has no user_id, start_time, run_id"),
    "NULs": (b"\0" * 300, "is not valid YAML"),
    "NULs at the end": (complete_meta() + b"\0" * 10, "is not valid YAML"),
    "not UTF-8": (complete_meta(run_name="name").replace(b"name\n", b"\xff\xfe\n"), "is not UTF-8 text"),
    "too large": (complete_meta() + b"#" * 70_000, "is larger than 64 kB"),
    "two documents": (complete_meta() + b"---\na: 1\n", "contains more than one YAML document"),
    "a list": (b"- 1\n- 2\n", "is not a YAML mapping"),
    "a text": (b"hello\n", "is not a YAML mapping"),
    "a python tag": (
        complete_meta(run_name="!!python/object/apply:os.system ['true']"),
        "uses the unsupported YAML tag tag:yaml.org,2002:python/object/apply:os.system",
    ),
    "a tag of its own": (complete_meta(run_name="!x y"), "uses the unsupported YAML tag !x"),
    "deep nesting": (complete_meta(run_name="[" * 50_000), "is nested too deeply"),
    "deep nesting of blocks": (complete_meta(run_name="\n  " + "- " * 25_000 + "x"), "is nested too deeply"),
    "very many values": (complete_meta(run_name="[" + "a," * 20_000 + "]"), "contains too many values"),
    "a key that is a list": (b"? [1]\n: 2\n" + complete_meta(), "has a key that is not text"),
    "of another run": (complete_meta(run_id="other"), "belongs to another run: its run_id is other"),
    "of another experiment": (complete_meta(experiment_id=7), "belongs to another experiment: its experiment_id is 7"),
    "without an experiment": (complete_meta(experiment_id=None), "is incomplete: it has no experiment_id"),
    "an alias bomb": (complete_meta() + BOMB, "has an alias of a list or mapping"),
    "without a run": (complete_meta(run_id=None), "is incomplete: it has no run_id"),
}


@pytest.mark.parametrize(("data", "reason"), UNREADABLE_METAS.values(), ids=UNREADABLE_METAS)
def test_a_run_with_an_unreadable_meta_yaml_is_reported_with_its_name(two_runs: Tree, data: bytes, reason: str) -> None:
    (two_runs.root / "1" / "bad" / "meta.yaml").write_bytes(data)
    listing = infos_of(two_runs.store(), ViewType.ALL)
    assert [info.run_id for info in listing.items] == ["good"]
    expected = Problem("1/bad/meta.yaml", f'{reason} (run name: "tag of bad")', "1", "bad")
    assert listing.problems == (expected,)


def replacing(maker: Callable[[Path], object]) -> Callable[[Path], object]:
    """Return a function that replaces a file by what `maker` makes."""

    def put(path: Path) -> None:
        path.unlink(missing_ok=True)
        maker(path)

    return put


def make_socket(path: Path) -> None:
    """Create a socket with a relative path, because its address must be short."""
    here = os.getcwd()
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path.name)
    os.chdir(here)


OUT = "is a link to a target outside the store"
FOLDER = "is a folder, not a file"

STRANGE_FILES = {
    "a folder": (replacing(Path.mkdir), FOLDER),
    "a pipe": (replacing(os.mkfifo), "is a named pipe, not a file"),
    "a socket": (replacing(make_socket), "is a socket, not a file"),
    "a link to a device": (replacing(lambda path: path.symlink_to("/dev/zero")), OUT),
    "a link that leads out": (replacing(lambda path: path.symlink_to("/etc/hostname")), OUT),
    "a link that leads nowhere": (replacing(lambda path: path.symlink_to("nowhere")), "is a broken link"),
    "a link to itself": (replacing(lambda path: path.symlink_to(path.name)), "is a circular link"),
    "a link to a folder": (replacing(lambda path: path.symlink_to(path.parent)), FOLDER),
}


@pytest.mark.parametrize(("put", "reason"), STRANGE_FILES.values(), ids=STRANGE_FILES)
def test_a_meta_yaml_that_is_not_a_file_is_a_problem(
    two_runs: Tree, put: Callable[[Path], object], reason: str
) -> None:
    put(two_runs.root / "1" / "bad" / "meta.yaml")
    listing = infos_of(two_runs.store())
    assert [info.run_id for info in listing.items] == ["good"]
    assert reasons_by_path(listing) == {"1/bad/meta.yaml": f'{reason} (run name: "tag of bad")'}


@pytest.mark.parametrize("part", ["params", "metrics", "tags"])
@pytest.mark.parametrize(("put", "reason"), STRANGE_FILES.values(), ids=STRANGE_FILES)
def test_a_value_that_is_not_a_file_is_skipped(
    two_runs: Tree, part: str, put: Callable[[Path], object], reason: str
) -> None:
    path = two_runs.root / "1" / "bad" / part / "odd"
    put(path)
    listing = runs_of(two_runs.store())
    bad, good = listing.items
    assert bad.params == good.params
    assert bad.metrics == good.metrics
    assert set(bad.tags) == set(good.tags)
    if path.is_dir() and not path.is_symlink():
        assert listing.problems == ()
    else:
        assert listing.problems == (Problem(f"1/bad/{part}/odd", reason, "1", "bad"),)


STATUS = "has an unknown status"

ODD_METAS = {
    "an unknown status": ({"status": 99}, {"status": "99"}, "has an unknown status: 99"),
    "a status in words": (
        {"status": "FINISHED"},
        {"status": "FINISHED"},
        "has an unknown status: FINISHED",
    ),
    "a status of null": ({"status": "null"}, {"status": "RUNNING"}, "has an unknown status: None"),
    "no line of a start": ({"start_time": None}, {"start_time": None}, "is incomplete: it has no start_time"),
    "no start": ({"start_time": "null"}, {"start_time": None}, "has an invalid start_time: None"),
    "a start in words": (
        {"start_time": "yesterday"},
        {"start_time": None},
        "has an invalid start_time: yesterday",
    ),
    "a list for an end": ({"end_time": "[1, 2]"}, {"end_time": None}, None),
    "an endless end": ({"end_time": ".inf"}, {"end_time": None}, "has an invalid end_time: .inf"),
    "an unknown stage": (
        {"lifecycle_stage": "purged"},
        {"lifecycle_stage": "purged"},
        "has an unknown lifecycle stage: purged",
    ),
}


@pytest.mark.parametrize(("changed", "shown", "reason"), ODD_METAS.values(), ids=ODD_METAS)
def test_a_run_with_invalid_fields_is_listed_and_reported(
    two_runs: Tree, changed: dict, shown: dict, reason: str | None
) -> None:
    (two_runs.root / "1" / "bad" / "meta.yaml").write_bytes(complete_meta(**changed))
    listing = infos_of(two_runs.store(), ViewType.ALL)
    assert [info.run_id for info in listing.items] == ["bad", "good"]
    assert {key: getattr(listing.items[0], key) for key in shown} == shown
    assert reasons_by_path(listing) == ({"1/bad/meta.yaml": reason} if reason else {})


FINE_METAS = {
    "times in quotes": {"start_time": "'1000'"},
    "times with a fraction": {"start_time": "1000.0"},
    "no status": {"status": None},
    "only the old name of the id": {"run_id": None, "run_uuid": "bad"},
    "no stage": {"lifecycle_stage": None},
    "no name": {"run_name": None},
    "Windows line ends": {"user_id": "quant\r"},
    "keys in quotes": {"status": None, "'status'": 3},
    "unknown keys": {"whatever": "{a: [1, {b: 2}]}"},
    "aliases": {"run_name": "&a name of bad", "other": "*a"},
}


@pytest.mark.parametrize("changed", FINE_METAS.values(), ids=FINE_METAS)
def test_a_run_with_an_unusual_but_valid_meta_yaml_has_no_problems(two_runs: Tree, changed: dict) -> None:
    (two_runs.root / "1" / "bad" / "meta.yaml").write_bytes(complete_meta(**changed))
    listing = infos_of(two_runs.store())
    assert [(info.run_id, info.start_time) for info in listing.items] == [("bad", 1000), ("good", 1000)]
    assert listing.items[0].status == ("RUNNING" if changed == {"status": None} else "FINISHED")
    assert listing.problems == ()


def test_a_folder_without_a_meta_yaml_is_a_problem_only_if_it_looks_like_a_run(two_runs: Tree) -> None:
    (two_runs.root / "1" / "bad" / "meta.yaml").unlink()
    (two_runs.root / "1" / "artifacts of a database" / "artifacts").mkdir(parents=True)
    listing = infos_of(two_runs.store())
    assert [info.run_id for info in listing.items] == ["good"]
    assert listing.problems == (Problem("1/bad/meta.yaml", "is missing", "1", "bad"),)


def test_a_run_without_read_permission_is_a_problem(two_runs: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid(monkeypatch, two_runs.root / "1" / "bad" / "meta.yaml")
    listing = infos_of(two_runs.store())
    assert [info.run_id for info in listing.items] == ["good"]
    assert "cannot be read: permission denied" in reasons_by_path(listing)["1/bad/meta.yaml"]


def test_an_experiment_without_read_permission_is_a_problem(two_runs: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    two_runs.experiment("2")
    two_runs.run("c1", "2")
    store = two_runs.store()
    forbid(monkeypatch, two_runs.root / "1", "scandir")
    listing = infos_of(store)
    assert [info.run_id for info in listing.items] == ["c1"]
    assert reasons_by_path(listing) == {"1": "cannot be read: permission denied"}


def test_a_store_without_read_permission_is_an_error(two_runs: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    store = two_runs.store()
    forbid(monkeypatch, two_runs.root, "scandir")
    for question in (store.experiments, lambda: list(store.infos()), lambda: store.find("a")):
        with pytest.raises(StoreUnreadable, match="cannot be read: permission denied"):
            question()


def test_a_missing_store_is_an_error(two_runs: Tree) -> None:
    store = two_runs.store()
    [info, _] = infos_of(store).items
    shutil.rmtree(two_runs.root)
    questions = (
        store.experiments,
        lambda: list(store.infos()),
        lambda: list(store.infos(["1"])),
        lambda: store.find("a"),
    )
    for question in questions:
        with pytest.raises(StoreNotFound):
            question()
    assert next(store.runs([info])).items == ()


def test_values_without_read_permission_are_a_problem(two_runs: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid(monkeypatch, two_runs.root / "1" / "bad" / "params")
    listing = runs_of(two_runs.store())
    assert [dict(run.params) for run in listing.items] == [{}, {"lr": "0.1"}]
    assert reasons_by_path(listing) == {"1/bad/params": "cannot be read: permission denied"}


def forbid(monkeypatch: pytest.MonkeyPatch, path: Path, call: str = "open") -> None:
    """Make a system call fail for a path; permissions would not stop root, who may run the tests."""
    allowed = getattr(os, call)

    def guarded(name, *rest, **named):
        if name == str(path):
            raise PermissionError(13, "Permission denied", name)
        return allowed(name, *rest, **named)

    monkeypatch.setattr(os, call, guarded)


@pytest.mark.parametrize("part", ["params", "metrics", "tags", "artifacts"])
def test_a_run_without_one_of_its_folders_has_no_problems(two_runs: Tree, part: str) -> None:
    shutil.rmtree(two_runs.root / "1" / "bad" / part)
    store = two_runs.store()
    assert [info.run_id for info in infos_of(store).items] == ["bad", "good"]
    assert runs_of(store).problems == ()
    assert store.artifacts(store.find("bad")[0]).items == ()


@pytest.mark.parametrize("part", ["params", "metrics", "tags"])
def test_a_file_instead_of_a_folder_is_a_problem(two_runs: Tree, part: str) -> None:
    shutil.rmtree(two_runs.root / "1" / "bad" / part)
    (two_runs.root / "1" / "bad" / part).write_text("")
    listing = runs_of(two_runs.store())
    assert [run.info.run_id for run in listing.items] == ["bad", "good"]
    assert reasons_by_path(listing) == {f"1/bad/{part}": "is a file, not a folder"}


NO_TIME = "line 2 has a timestamp that is not an integer; it is skipped"
NO_STEP = "line 2 has a step that is not an integer; it is skipped"
NO_NUMBER = "line 2 has a value that is not a number; it is skipped"

METRICS = {
    "empty": (b"", [], "is empty"),
    "cut off in a value": (b"1 0.5 0\n2 0.", [(0, 1, 0.5)], "line 2 is truncated: it has no newline; it is skipped"),
    "cut off in a step": (b"1 0.5 0\n2 0.5 1", [(0, 1, 0.5)], "line 2 is truncated: it has no newline; it is skipped"),
    "cut off at once": (b"1", [], "line 1 is truncated: it has no newline; it is skipped"),
    "a blank line": (b"1 0.5 0\n\n2 0.25 1\n", [(0, 1, 0.5), (1, 2, 0.25)], "line 2 is blank; it is skipped"),
    "NULs at the end": (
        b"1 0.5 0\n" + b"\0" * 100,
        [(0, 1, 0.5)],
        "line 2 is truncated: it has no newline; it is skipped",
    ),
    "NULs within": (b"1 0.5 0\n\0\0\0\n2 0.25 1\n", [(0, 1, 0.5), (1, 2, 0.25)], "line 2 has 1 field; it is skipped"),
    "one field": (b"1 0.5 0\n7\n", [(0, 1, 0.5)], "line 2 has 1 field; it is skipped"),
    "four fields": (b"1 0.5 0\n2 0.5 1 run\n", [(0, 1, 0.5)], "line 2 has 4 fields; it is skipped"),
    "two blanks": (b"1 0.5 0\n2  0.5 1\n", [(0, 1, 0.5)], "line 2 has 4 fields; it is skipped"),
    "words": (b"1 0.5 0\na b c\n", [(0, 1, 0.5)], NO_TIME),
    "a step in words": (
        b"1 0.5 0\n1 2 c\n",
        [(0, 1, 0.5)],
        NO_STEP,
    ),
    "no number": (b"1 0.5 0\n2 fine 1\n", [(0, 1, 0.5)], NO_NUMBER),
    "two dots": (
        b"1 0.5 0\n2 1.2.3 1\n3 0.25 2\n",
        [(0, 1, 0.5), (2, 3, 0.25)],
        NO_NUMBER,
    ),
    "only a dot": (
        b"1 0.5 0\n2 . 1\n3 0.25 2\n",
        [(0, 1, 0.5), (2, 3, 0.25)],
        NO_NUMBER,
    ),
    "a time with a fraction": (
        b"1.5 0.5 0\n2 0.25 1\n",
        [(1, 2, 0.25)],
        "line 1 has a timestamp that is not an integer; it is skipped",
    ),
    "a line stuck to another": (
        b"1700000000000 0.5 31700000000001 0.25 1\n1 0.5 0\n",
        [(0, 1, 0.5)],
        "line 1 is joined with another line; it is skipped",
    ),
    "a number without end": (
        b"1 0.5 0\n" + b"9" * 5000 + b" 1 2\n",
        [(0, 1, 0.5)],
        NO_TIME,
    ),
    "several": (
        b"a\n\n1 0.5 0\nb\n",
        [(0, 1, 0.5)],
        "3 lines cannot be read and are skipped; the first, line 1, has 1 field",
    ),
    "not UTF-8": (
        b"1 0.5 0\n\xff\xfe 1 2\n",
        [(0, 1, 0.5)],
        NO_TIME,
    ),
}


@pytest.mark.parametrize(("data", "points", "reason"), METRICS.values(), ids=METRICS)
def test_a_metric_loses_only_its_bad_lines(two_runs: Tree, data: bytes, points: list, reason: str) -> None:
    (two_runs.root / "1" / "bad" / "metrics" / "odd").write_bytes(data)
    store = two_runs.store()
    listing = runs_of(store)
    bad, good = listing.items
    latest = {"odd": max(Point(*point) for point in points)} if points else {}
    assert bad.metrics == {**good.metrics, **latest}
    assert listing.problems == (Problem("1/bad/metrics/odd", reason, "1", "bad"),)
    history, problems = store.history(bad.info, "odd")
    assert history.points() == points
    assert problems == listing.problems


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bytes(range(256)) * 300, None),
        (b"x\n" * 100_000, "is not a metric file: more than 10000 lines cannot be read"),
        (b"1" * 3_000_000, "is not a metric file: a line is longer than 1 MB"),
    ],
)
def test_a_file_of_garbage_is_not_a_metric(two_runs: Tree, data: bytes, reason: str | None) -> None:
    (two_runs.root / "1" / "bad" / "metrics" / "odd").write_bytes(data)
    store = two_runs.store()
    listing = runs_of(store)
    assert listing.items[0].metrics == listing.items[1].metrics
    [problem] = listing.problems
    assert problem.path == "1/bad/metrics/odd"
    assert reason in (None, problem.reason)
    history, problems = store.history(listing.items[0].info, "odd")
    assert (len(history), [problem.path for problem in problems]) == (0, ["1/bad/metrics/odd"])


def test_a_huge_sparse_file_does_not_exhaust_the_memory(two_runs: Tree) -> None:
    path = two_runs.root / "1" / "bad" / "metrics" / "odd"
    for part in ("metrics", "params", "tags"):
        with (two_runs.root / "1" / "bad" / part / "odd").open("wb") as file:
            file.truncate(50 << 30)
    with path.open("r+b") as file:
        file.write(b"1 0.5 0\n")
    listing = runs_of(two_runs.store())
    assert reasons_by_path(listing) == {
        "1/bad/metrics/odd": "is not a metric file: a line is longer than 1 MB",
        "1/bad/params/odd": "is larger than 1024 kB",
        "1/bad/tags/odd": "is larger than 1024 kB",
    }


def test_texts_that_are_not_utf8_are_shown_with_escapes(two_runs: Tree) -> None:
    (two_runs.root / "1" / "bad" / "params" / "gbk").write_bytes("数".encode("gbk"))
    (two_runs.root / "1" / "bad" / "tags" / "half").write_bytes(b"a\xe6\x95")
    listing = runs_of(two_runs.store())
    bad, good = listing.items
    assert bad.params == {**good.params, "gbk": r"\xca\xfd"}
    assert bad.tags["half"] == r"a\xe6\x95"
    assert reasons_by_path(listing) == dict.fromkeys(
        ("1/bad/params/gbk", "1/bad/tags/half"), "is not valid UTF-8; invalid bytes are shown as escapes"
    )


def test_names_that_mlflow_rejects_are_shown_and_reported(two_runs: Tree) -> None:
    folder = os.fsencode(two_runs.root / "1" / "bad")
    for part, content in ((b"params", b"p"), (b"metrics", b"1 0.5 0\n"), (b"tags", b"t")):
        for name in (b"a;b", b"caf\xe9", b"new\nline"):
            with open(b"/".join((folder, part, name)), "wb") as file:
                file.write(content)
    store = two_runs.store()
    listing = runs_of(store)
    bad = listing.items[0]
    for values in (bad.params, bad.metrics, bad.tags):
        assert {"a;b", r"caf\xe9", "new\nline"} <= set(values)
    assert set(reasons_by_path(listing).values()) == {"has a name that MLflow rejects"}
    assert len(listing.problems) == 9
    for key in ("a;b", r"caf\xe9", "new\nline"):
        assert store.history(bad.info, key)[0].points() == [Point(0, 1, 0.5)]


def test_editor_backups_are_skipped_and_reported(two_runs: Tree) -> None:
    for name in ("loss~", "#loss#", ".loss.swp"):
        (two_runs.root / "1" / "bad" / "metrics" / name).write_text("1 0.5 0\n")
    listing = runs_of(two_runs.store())
    assert listing.items[0].metrics == listing.items[1].metrics
    assert set(reasons_by_path(listing).values()) == {"looks like an editor backup and is skipped"}
    assert len(listing.problems) == 3


def test_files_of_the_operating_system_are_no_problem(two_runs: Tree) -> None:
    for part in ("params", "metrics", "tags"):
        for name in (".DS_Store", "._loss", "Thumbs.db", ".nfs0000000004"):
            (two_runs.root / "1" / "bad" / part / name).write_bytes(b"\0\xff")
    listing = runs_of(two_runs.store())
    assert listing.items[0].metrics == listing.items[1].metrics
    assert listing.problems == ()


def test_linked_folders_are_not_followed_but_linked_runs_and_files_of_the_store_are(
    two_runs: Tree, tmp_path: Path
) -> None:
    (two_runs.root / "1" / "bad" / "params" / "linked").symlink_to("../../good/params/lr")
    shutil.copytree(two_runs.root / "1" / "good", tmp_path / "elsewhere")
    meta = tmp_path / "elsewhere" / "meta.yaml"
    meta.write_text(meta.read_text().replace("run_id: good", "run_id: far"))
    (tmp_path / "elsewhere" / "params" / "near").symlink_to("lr")
    (two_runs.root / "1" / "far").symlink_to(tmp_path / "elsewhere")
    (two_runs.root / "1" / "bad" / "params" / "loop").symlink_to(".")
    listing = runs_of(two_runs.store())
    bad, far, _ = listing.items
    assert bad.params == {"lr": "0.1", "linked": "0.1"}
    assert far.params == {"lr": "0.1", "near": "0.1"}
    assert reasons_by_path(listing) == {"1/bad/params/loop": "is a folder, not a file"}


def test_linked_value_folders_are_followed_only_inside_the_store(two_runs: Tree, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "secret").write_text("1 2 3\n")
    bad = two_runs.root / "1" / "bad"
    for part, target in (("params", "../good/params"), ("metrics", tmp_path / "out"), ("tags", "nowhere")):
        shutil.rmtree(bad / part)
        (bad / part).symlink_to(target)
    listing = runs_of(two_runs.store())
    assert (listing.items[0].params, dict(listing.items[0].metrics)) == ({"lr": "0.1"}, {})
    assert reasons_by_path(listing) == {
        "1/bad/metrics": "is a link to a target outside the store",
        "1/bad/tags": "is a broken link",
    }


@pytest.mark.parametrize("target", [".", "..", "/"])
def test_a_link_from_the_store_to_itself_is_not_an_experiment(two_runs: Tree, target: str) -> None:
    before = infos_of(two_runs.store())
    (two_runs.root / "loop").symlink_to(target)
    assert "loop" not in [experiment.name for experiment in two_runs.store().experiments().items]
    assert infos_of(two_runs.store()) == before


def test_a_run_that_is_a_broken_link_is_a_problem(two_runs: Tree) -> None:
    (two_runs.root / "1" / "loop").symlink_to("loop")
    (two_runs.root / "1" / "lost").symlink_to("/not/mounted")
    (two_runs.root / "1" / "note").symlink_to("meta.yaml")
    listing = infos_of(two_runs.store())
    assert [info.run_id for info in listing.items] == ["bad", "good"]
    assert reasons_by_path(listing) == {
        "1/loop/meta.yaml": "is a circular link",
        "1/lost": "is a broken link",
    }


def test_folders_nested_too_deeply_are_skipped(two_runs: Tree) -> None:
    deep = two_runs.root / "1" / "bad" / "params" / "/".join("d" * 200)
    deep.mkdir(parents=True)
    (deep / "p").write_text("x")
    listing = runs_of(two_runs.store())
    assert listing.items[0].params == listing.items[1].params
    [problem] = listing.problems
    assert problem.reason == "is nested too deeply"


EXPERIMENTS = {
    "empty": (b"", "is empty"),
    "no YAML": (b"{", "is not valid YAML: line 2, column 1"),
    "missing": (None, "is missing"),
}


@pytest.mark.parametrize(("data", "reason"), EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_runs_of_an_experiment_without_a_meta_yaml_are_listed_under_its_id(
    two_runs: Tree, data: bytes | None, reason: str
) -> None:
    two_runs.experiment("2")
    meta = two_runs.root / "1" / "meta.yaml"
    meta.unlink()
    if data is not None:
        meta.write_bytes(data)
    store = two_runs.store()
    listing = store.experiments()
    assert [(experiment.experiment_id, experiment.name) for experiment in listing.items] == [
        ("2", "experiment 2"),
        ("1", "1"),
    ]
    assert listing.problems == (Problem("1/meta.yaml", reason, "1"),)
    assert [info.run_id for info in infos_of(store).items] == ["bad", "good"]


def test_an_experiment_that_is_a_copy_of_another_is_a_problem(two_runs: Tree) -> None:
    shutil.copytree(two_runs.root / "1", two_runs.root / "2")
    store = two_runs.store()
    listing = store.experiments()
    assert [experiment.experiment_id for experiment in listing.items] == ["1"]
    assert reasons_by_path(listing) == {"2/meta.yaml": "belongs to another experiment: its experiment_id is 1"}
    assert [info.experiment_id for info in infos_of(store).items] == ["1", "1"]


def test_an_incomplete_experiment_is_listed_with_its_valid_fields(two_runs: Tree) -> None:
    (two_runs.root / "1" / "meta.yaml").write_text("creation_time: soon\nexperiment_id: '1'\n")
    listing = two_runs.store().experiments()
    assert [
        (experiment.name, experiment.lifecycle_stage, experiment.creation_time) for experiment in listing.items
    ] == [("1", "active", None)]
    assert {problem.reason for problem in listing.problems} == {
        "is incomplete: it has no name, artifact_location, lifecycle_stage",
        "has an invalid creation_time: soon",
    }


def test_unreadable_inputs_are_skipped(two_runs: Tree) -> None:
    inputs = two_runs.root / "1" / "bad" / "inputs"
    for name, text in (
        ("i1", "source_id: d1\nsource_type: DATASET\ntags: {}\n"),
        ("i2", ""),
        ("i3", "source_id: ../../../etc\nsource_type: DATASET\n"),
        ("i4", None),
    ):
        (inputs / name).mkdir(parents=True)
        if text is not None:
            (inputs / name / "meta.yaml").write_text(text)
    listing = runs_of(two_runs.store())
    assert listing.items[0].inputs == ()
    assert reasons_by_path(listing) == {
        "1/bad/inputs/i2/meta.yaml": "is empty",
        "1/bad/inputs/i3/meta.yaml": "does not name a dataset",
        "1/bad/inputs/i4/meta.yaml": "is missing",
        "1/datasets/d1/meta.yaml": "is missing",
    }


def test_examine_reports_every_problem_once(two_runs: Tree) -> None:
    two_runs.experiment("2", trashed=True)
    (two_runs.run("c1", "2", lifecycle_stage="deleted") / "metrics" / "odd").write_text("1.5 0.5 0\n2 0.5 1\n")
    (two_runs.root / "1" / "bad" / "meta.yaml").write_text("")
    (two_runs.root / "1" / "good" / "metrics" / "odd").write_text("1 2 3\nx\n")
    (two_runs.root / "1" / "good" / "params" / "odd").write_bytes(b"\xff")
    problems = by_path(two_runs.store().examine())
    assert [(problem.path, problem.run_id) for problem in problems] == [
        (".trash/2/c1/metrics/odd", "c1"),
        ("1/bad/meta.yaml", "bad"),
        ("1/good/metrics/odd", "good"),
        ("1/good/params/odd", "good"),
    ]


def test_an_undamaged_store_has_no_problems(two_runs: Tree) -> None:
    assert list(two_runs.store().examine()) == []


@pytest.mark.parametrize("trashed", [False, True])
@pytest.mark.parametrize(
    ("target", "reason"),
    [("nowhere", "is a broken link"), ("5", "is a circular link")],
)
def test_an_experiment_behind_a_broken_link_is_a_problem(tree: Tree, target: str, reason: str, trashed: bool) -> None:
    parent = ".trash/" if trashed else ""
    (tree.root / f"{parent}5").symlink_to(target)
    assert {problem.path: problem.reason for problem in tree.store().examine()} == {f"{parent}5": reason}


def test_a_deleted_experiment_without_a_meta_yaml_is_a_problem(tree: Tree) -> None:
    (tree.experiment("2", trashed=True) / "meta.yaml").unlink()
    assert [(problem.path, problem.reason) for problem in tree.store().examine()] == [
        (".trash/2/meta.yaml", "is missing")
    ]


def test_an_experiment_with_an_alias_bomb_is_a_problem_and_keeps_its_runs(tree: Tree) -> None:
    with (tree.root / "1" / "meta.yaml").open("ab") as file:
        file.write(BOMB)
    tree.run("r")
    listing = tree.store().experiments()
    assert [experiment.name for experiment in listing.items] == ["experiment 1"]
    assert reasons_by_path(listing) == {"1/meta.yaml": "has an alias of a list or mapping"}


def test_a_trash_without_read_permission_is_a_problem(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tree.store()
    forbid(monkeypatch, tree.root / ".trash", "scandir")
    assert [(problem.path, problem.reason) for problem in store.examine()] == [
        (".trash", "cannot be read: permission denied")
    ]


def test_an_experiment_with_a_very_large_meta_yaml_keeps_its_name_and_its_runs(tree: Tree) -> None:
    with (tree.root / "1" / "meta.yaml").open("a") as file:
        file.write("tags:\n  note: " + 70_000 * "x" + "\n")
    tree.run("r")
    store = tree.store()
    assert [experiment.name for experiment in store.experiments().items] == ["experiment 1"]
    assert [info.run_id for info in infos_of(store).items] == ["r"]
    assert reasons_by_path(store.experiments()) == {"1/meta.yaml": "is larger than 64 kB"}


def test_a_deleted_experiment_of_mlflow_1_is_shown_as_deleted(tree: Tree) -> None:
    tree.experiment("2", trashed=True, lifecycle_stage="active")
    [experiment] = tree.store().experiments(ViewType.DELETED).items
    assert (experiment.experiment_id, experiment.lifecycle_stage) == ("2", "deleted")
