"""Reading an undamaged file store."""

from __future__ import annotations

import math

import pytest

from qtui.entities import DatasetInput, ExperimentInfo, Point, RunInfo, ViewType
from qtui.errors import MetricNotFound
from qtui.query.projection import Projection
from qtui.store import Store
from tests.stores.files.tree import Tree, infos_of, runs_of


def test_it_is_a_store(tree: Tree) -> None:
    assert isinstance(tree.store(), Store)


def test_experiments_in_the_trash_are_deleted(tree: Tree) -> None:
    tree.experiment("2", creation_time=3000)
    tree.experiment("3", trashed=True)
    store = tree.store()
    assert [experiment.experiment_id for experiment in store.experiments().items] == ["2", "1"]
    assert [experiment.experiment_id for experiment in store.experiments(ViewType.DELETED).items] == ["3"]
    assert [experiment.experiment_id for experiment in store.experiments(ViewType.ALL).items] == ["2", "1", "3"]


def test_an_experiment_is_read_in_full(tree: Tree) -> None:
    tags = tree.experiment("2", name="'it''s: 一号'", last_update_time=4000) / "tags"
    (tags / "team").mkdir(parents=True)
    (tags / "team" / "lead").write_text("Ann\n")
    assert tree.store().experiments().items[1] == ExperimentInfo(
        "2", "it's: 一号", "active", f"file://{tree.root / '2'}", 1000, 4000, {"team/lead": "Ann\n"}
    )


def test_folders_that_are_not_experiments_are_ignored(tree: Tree) -> None:
    for name in (".ipynb_checkpoints", "models", "odd name", "empty"):
        (tree.root / name).mkdir()
    (tree.root / "filelock").write_text("")
    assert [experiment.experiment_id for experiment in tree.store().experiments().items] == ["1"]
    assert tree.store().experiments().problems == ()


def test_folders_that_are_not_runs_are_ignored(tree: Tree) -> None:
    tree.run("a1")
    for name in ("tags", "datasets", "traces", "models", ".ipynb_checkpoints", "only"):
        (tree.root / "1" / name / "artifacts").mkdir(parents=True)
    (tree.root / "1" / "models" / "meta.yaml").write_text("model_id: m-1\n")
    (tree.root / "1" / ".DS_Store").write_bytes(b"\0\1")
    listing = infos_of(tree.store())
    assert [info.run_id for info in listing.items] == ["a1"]
    assert listing.problems == ()


def test_an_info_is_read_in_full(tree: Tree) -> None:
    tree.run("a1", run_name="一号 run", status=4, end_time="null")
    uri = f"file://{tree.root / '1' / 'a1' / 'artifacts'}"
    expected = RunInfo("a1", "1", "一号 run", "FAILED", "active", 1000, None, uri, "quant")
    assert infos_of(tree.store()).items == (expected,)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("plain-name", "plain-name"),
        ("'quoted: it''s'", "quoted: it's"),
        (r'"escaped \" \n \U0001F600"', 'escaped " \n \U0001f600'),
        ("a long name that goes on\n  in the next line", "a long name that goes on in the next line"),
        ("'null'", "null"),
        ("yes", "yes"),
        ("2020-01-01", "2020-01-01"),
        ("0x10", "0x10"),
        ("a#b", "a#b"),
        ("text # and a comment", "text"),
        ("|\n  a block\n  of text", "a block\nof text\n"),
    ],
)
def test_a_run_name_is_parsed_as_yaml(tree: Tree, written: str, name: str) -> None:
    tree.run("a1", run_name=written)
    assert [info.name for info in infos_of(tree.store()).items] == [name]


@pytest.mark.parametrize("written", [None, "null", "''", "~"])
def test_a_run_without_a_name_gets_the_name_of_its_tag(tree: Tree, written: str | None) -> None:
    folder = tree.run("a1", run_name=written)
    (folder / "tags" / "mlflow.runName").write_text("from the tag")
    assert [info.name for info in infos_of(tree.store()).items] == ["from the tag"]


def test_layouts_of_the_oldest_mlflow_are_read(tree: Tree) -> None:
    tree.experiment("0", experiment_id=0, creation_time=None, last_update_time=None)
    tree.run("a1", "0", run_id=None, run_uuid="a1", experiment_id=0, lifecycle_stage=None, name="''", run_name=None)
    store = tree.store()
    assert [experiment.experiment_id for experiment in store.experiments().items] == ["1", "0"]
    [info] = infos_of(store).items
    assert (info.run_id, info.experiment_id, info.name, info.lifecycle_stage) == ("a1", "0", "", "active")


def test_runs_are_selected_by_lifecycle_stage_and_experiment(tree: Tree) -> None:
    tree.experiment("2", trashed=True)
    tree.run("a1")
    tree.run("a2", lifecycle_stage="deleted")
    tree.run("b1", "2", lifecycle_stage="deleted")
    store = tree.store()
    assert [info.run_id for info in infos_of(store).items] == ["a1"]
    assert [info.run_id for info in infos_of(store, ViewType.DELETED).items] == ["a2", "b1"]
    assert [info.run_id for info in infos_of(store, ViewType.ALL, ["2"]).items] == ["b1"]
    assert [info.run_id for info in infos_of(store, ViewType.ALL, ["9", "../1"]).items] == []


@pytest.mark.parametrize("value", ["", "0.1", "two\r\nlines\n", " blanks ", "一号", "\ufeffmark", "x" * 100_000])
def test_params_and_tags_are_read_byte_for_byte(tree: Tree, value: str) -> None:
    folder = tree.run("a1")
    (folder / "params" / "p").write_bytes(value.encode())
    (folder / "tags" / "t").write_bytes(value.encode())
    [run] = runs_of(tree.store()).items
    assert (run.params, run.tags) == ({"p": value}, {"t": value})


def test_subfolders_are_parts_of_a_key(tree: Tree) -> None:
    folder = tree.run("a1")
    for part, text in (("params", "1"), ("metrics", "1 2.0 3\n"), ("tags", "t")):
        (folder / part / "a" / "b").mkdir(parents=True)
        (folder / part / "a" / "b" / "c").write_text(text)
        (folder / part / "top").write_text(text)
    [run] = runs_of(tree.store()).items
    assert run.params == {"a/b/c": "1", "top": "1"}
    assert run.tags == {"a/b/c": "t", "top": "t"}
    assert run.metrics == {"a/b/c": Point(3, 1, 2.0), "top": Point(3, 1, 2.0)}


@pytest.mark.parametrize(
    ("lines", "latest"),
    [
        ("10 0.5 0\n", Point(0, 10, 0.5)),
        ("10 0.5 0\n20 0.25 1\n", Point(1, 20, 0.25)),
        ("10 0.5 5\n20 0.1 3\n30 0.9 9\n40 0.2 1\n", Point(9, 30, 0.9)),
        ("10 0.5 1\n30 0.1 1\n20 0.9 1\n", Point(1, 30, 0.1)),
        ("10 0.5 1\n10 0.9 1\n10 0.7 1\n", Point(1, 10, 0.9)),
        ("10 0.5\n20 0.25\n", Point(0, 20, 0.25)),
        ("10 -1e-05 -3\n20 5e-324 -7\n", Point(-3, 10, -1e-05)),
        ("10 1 0\r\n20 2 1\r\n", Point(1, 20, 2.0)),
        ("10 inf 0\n20 -inf 1\n", Point(1, 20, -math.inf)),
        ("10 0.5 5 train abc123\n20 0.7 6 my data abc123\n", Point(6, 20, 0.7)),
        ("10 0.5 99999999999999999999\n", Point(99999999999999999999, 10, 0.5)),
        ("10 1_0 +3\n", Point(3, 10, 10.0)),
    ],
)
def test_the_latest_point_is_the_greatest_by_step_time_and_value(tree: Tree, lines: str, latest: Point) -> None:
    (tree.run("a1") / "metrics" / "m").write_text(lines, newline="")
    listing = runs_of(tree.store())
    assert listing.items[0].metrics == {"m": latest}
    assert listing.problems == ()


def test_nan_can_be_the_latest_value(tree: Tree) -> None:
    (tree.run("a1") / "metrics" / "m").write_text("10 0.5 0\n20 nan 1\n")
    [run] = runs_of(tree.store()).items
    assert run.metrics["m"][:2] == (1, 20)
    assert math.isnan(run.metrics["m"].value)


def test_a_metric_larger_than_a_chunk_is_read_to_its_end(tree: Tree) -> None:
    lines = "".join(f"{1_700_000_000_000 + step} {step / 7} {step}\n" for step in range(60_000))
    (tree.run("a1") / "metrics" / "m").write_text(lines)
    [run] = runs_of(tree.store()).items
    assert run.metrics == {"m": Point(59_999, 1_700_000_059_999, 59_999 / 7)}


def test_only_selected_values_are_read(tree: Tree) -> None:
    folder = tree.run("a1")
    for part in ("params", "metrics", "tags"):
        for name in ("selected", "other"):
            (folder / part / name).write_text("1 2 3\n")
    projection = Projection(params=frozenset({"selected", "../meta.yaml"}), metrics=frozenset({"selected", "absent"}))
    [run] = runs_of(tree.store(), projection).items
    assert (dict(run.params), dict(run.metrics), dict(run.tags)) == (
        {"selected": "1 2 3\n"},
        {"selected": (3, 1, 2.0)},
        {},
    )


def test_a_history_is_in_file_order(tree: Tree) -> None:
    (tree.run("a1") / "metrics" / "m").write_text("10 0.5 5\n20 nan 3\n5 -inf 9\n40 1e-3\n")
    store = tree.store()
    [info] = infos_of(store).items
    history, problems = store.history(info, "m")
    assert repr(history.points()) == repr(
        [Point(5, 10, 0.5), Point(3, 20, math.nan), Point(9, 5, -math.inf), Point(0, 40, 0.001)]
    )
    assert problems == ()


def test_a_missing_metric_has_no_history(tree: Tree) -> None:
    tree.run("a1")
    store = tree.store()
    [info] = infos_of(store).items
    for key in ("m", "../params/m", "", "/etc/passwd"):
        with pytest.raises(MetricNotFound):
            store.history(info, key)


def test_a_long_history_is_read_exactly(tree: Tree) -> None:
    values = [1 / (step + 3) * (-1) ** step for step in range(30_000)]
    lines = [f"{1_700_000_000_000 + step} {value!r} {step}\n" for step, value in enumerate(values)]
    lines[20_000] = "12 0.125 99999999999999999999\n"
    (tree.run("a1") / "metrics" / "m").write_text("".join(lines))
    store = tree.store()
    history, problems = store.history(infos_of(store).items[0], "m")
    values[20_000] = 0.125
    assert history.values.tolist() == values
    assert history.steps[20_000] == 2**63 - 1
    assert history.steps[20_001] == 20_001
    assert problems == ()


def test_summaries_cover_the_whole_history(tree: Tree) -> None:
    (tree.run("a1") / "metrics" / "m").write_text("1 0.5 9\n2 nan 1\n3 -inf 2\n4 0.25 3\n")
    [run] = runs_of(tree.store(), Projection(summaries=None)).items
    summary = run.summaries["m"]
    assert (summary.first, summary.last, summary.min, summary.max) == (0.5, 0.5, -math.inf, 0.5)
    assert (summary.count, summary.non_finite) == (4, 2)


def test_dataset_inputs_of_a_run_are_read(tree: Tree) -> None:
    folder = tree.run("a1")
    dataset = tree.root / "1" / "datasets" / "d1"
    for path in (folder / "inputs" / "i1", folder / "inputs" / "i2", dataset):
        path.mkdir(parents=True)
    (dataset / "meta.yaml").write_text(
        "digest: abc\nname: prices\nprofile: null\nschema: '{\"a\": 1}'\nsource: 's3://x'\nsource_type: s3\n"
    )
    (folder / "inputs" / "i1" / "meta.yaml").write_text(
        "destination_id: d1\ndestination_type: RUN\nsource_id: d1\nsource_type: DATASET\n"
        "tags:\n  mlflow.data.context: train\n"
    )
    (folder / "inputs" / "i2" / "meta.yaml").write_text("source_id: m-1\nsource_type: MODEL_INPUT\ntags: {}\n")
    listing = runs_of(tree.store())
    expected = DatasetInput("prices", "abc", "s3", "s3://x", '{"a": 1}', None, {"mlflow.data.context": "train"})
    assert listing.items[0].inputs == (expected,)
    assert listing.problems == ()


def test_a_run_is_found_by_its_id_or_a_prefix_of_it(tree: Tree) -> None:
    tree.experiment("2", trashed=True)
    for run_id in ("ab", "abc", "abd"):
        tree.run(run_id)
    tree.run("abe", "2", lifecycle_stage="deleted")
    store = tree.store()
    assert [info.run_id for info in store.find("ab")] == ["ab"]
    assert [info.run_id for info in store.find("abe")] == ["abe"]
    assert [info.run_id for info in store.find("a")] == ["ab", "abc", "abd", "abe"]
    assert store.find("x") == store.find("..") == store.find("../1/ab") == ()


def test_a_missing_run_is_skipped(tree: Tree) -> None:
    tree.run("a1")
    store = tree.store()
    gone = RunInfo("zz", "1")
    assert [run.info.run_id for batch in store.runs([gone, *infos_of(store).items]) for run in batch.items] == ["a1"]


def test_active_runs_are_counted_by_status(tree: Tree) -> None:
    tree.run("a1")
    tree.run("a2", status=1)
    tree.run("a3", lifecycle_stage="deleted")
    counts = tree.store().counts()["1"]
    assert (counts.total, counts.finished, counts.running) == (2, 1, 1)


def test_the_last_write_is_the_time_of_the_newest_file(tree: Tree) -> None:
    import os

    folder = tree.run("a1")
    (folder / "metrics" / "deep").mkdir()
    (folder / "metrics" / "deep" / "m").write_text("1 2 3\n")
    store = tree.store()
    os.utime(folder / "metrics" / "deep" / "m", (1_700_000_000, 1_700_000_000))
    assert store.last_write(infos_of(store).items[0]) == 1_700_000_000_000
    assert store.last_write(RunInfo("zz", "1")) is None
