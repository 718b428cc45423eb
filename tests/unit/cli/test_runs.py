"""`qtui runs`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from qtui.cli.sample.families import FAMILIES
from qtui.entities import ExperimentInfo, Point, Run, RunInfo
from qtui.store.files.writing.sample import write_experiment, write_run
from qtui.text import width
from tests.unit.cli.conftest import Call

KEYS = [
    "run_id",
    "name",
    "experiment_id",
    "experiment",
    "status",
    "lifecycle_stage",
    "start_time",
    "end_time",
    "artifact_uri",
    "user",
    "params",
    "metrics",
    "tags",
]


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A store with one run of values that JSON has no words for."""
    root = tmp_path / "mlruns"
    folder = write_experiment(root, ExperimentInfo("1", "odd"))
    info = RunInfo("ab" * 16, "1", 'a,b "c" | d\n', "RUNNING", start_time=1)
    values = {"nan": float("nan"), "up": float("inf"), "down": float("-inf"), "tiny": 5e-324}
    histories = {key: [Point(0, 1, value)] for key, value in values.items()}
    write_run(folder, Run(info, {"empty": "", "中": "\x1b[2J"}), histories)
    return root


def test_json_has_the_shape_that_scripts_rely_on(qtui: Call, sample: Path) -> None:
    ended = qtui("runs", "--json", uri=sample)
    runs = json.loads(ended.out)
    active = [family for family in FAMILIES if family.lifecycle_stage == "active"]
    deleted = sum(fate.lifecycle_stage == "deleted" for family in active for fate in family.outcomes.values())
    assert len(runs) == sum(family.runs for family in active) - deleted
    assert all(list(run) == KEYS for run in runs)
    assert all(isinstance(run["start_time"], int) for run in runs)
    assert {run["experiment"] for run in runs} == {family.experiment for family in active}
    assert (ended.code, ended.err) == (0, "")


def test_nan_and_infinity_are_texts_in_json_and_csv(qtui: Call, odd: Path) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    (run,) = json.loads(qtui("runs", "--json", uri=odd).out, parse_constant=refuse)
    assert run["metrics"] == {"nan": "NaN", "up": "Infinity", "down": "-Infinity", "tiny": 5e-324}
    assert run["end_time"] is None
    (row,) = csv.DictReader(io.StringIO(qtui("runs", "--csv", uri=odd).out))
    assert [row[f"metrics.{key}"] for key in ("nan", "up", "down", "tiny")] == [
        "NaN",
        "Infinity",
        "-Infinity",
        "5e-324",
    ]


def test_csv_has_every_raw_value(qtui: Call, odd: Path) -> None:
    (row,) = csv.DictReader(io.StringIO(qtui("runs", "--csv", uri=odd).out))
    assert (row["name"], row["params.中"], row["params.empty"]) == ('a,b "c" | d\n', "\x1b[2J", "")
    assert (row["start_time"], row["end_time"], row["experiment"]) == ("1", "", "odd")


@pytest.fixture
def formulas(tmp_path: Path) -> Path:
    """Return a store with a run whose params and metric look like formulas, or break lines."""
    folder = write_experiment(tmp_path / "mlruns", ExperimentInfo("1", "e"))
    params = {"eq": "=1+1", "plus": "+a", "minus": "-2*3", "at": "@x", "tab": "\tx", "cr": "a\rb", "number": "-0.5"}
    write_run(folder, Run(RunInfo("ab" * 16, "1", "=name", "FINISHED"), params), {"-m": [Point(0, 1, -1.5)]})
    return tmp_path / "mlruns"


def test_a_lone_carriage_return_does_not_break_the_rows_of_csv(qtui: Call, formulas: Path) -> None:
    printed = qtui("runs", "--csv", "--columns", "name,params.cr,params.at", uri=formulas).out
    assert printed == 'name,params.cr,params.at\n=name,"a\rb",@x\n'


def test_csv_has_formulas_as_they_are_unless_they_are_to_be_escaped(qtui: Call, formulas: Path) -> None:
    columns = "name,params.eq,params.plus,params.minus,params.at,params.tab,params.number,metrics.-m"
    for options, cells in (
        ([], ["=name", "=1+1", "+a", "-2*3", "@x", "\tx", "-0.5", "-1.5"]),
        (["--escape-formulas"], ["'=name", "'=1+1", "'+a", "'-2*3", "'@x", "'\tx", "-0.5", "-1.5"]),
    ):
        printed = qtui("runs", "--csv", "--columns", columns, *options, uri=formulas).out
        assert list(csv.reader(io.StringIO(printed)))[1] == cells
    keys = [
        row["key"]
        for row in csv.DictReader(
            io.StringIO(qtui("history", "abab", "--csv", "--escape-formulas", "--", "-m", uri=formulas).out)
        )
    ]
    assert keys == ["'-m"]


def test_formulas_are_escaped_in_csv_only(qtui: Call, formulas: Path) -> None:
    for call in (("runs", "--json"), ("history", "abab", "x")):
        ended = qtui(*call, "--escape-formulas", uri=formulas)
        assert (ended.code, ended.err) == (2, "qtui: --escape-formulas works with --csv only.\n")


def test_csv_of_chosen_columns_has_no_others(qtui: Call, sample: Path) -> None:
    ended = qtui("runs", "csi300/lightgbm", "--csv", "--columns", "name,metrics.Rank IC,tags.hostname", uri=sample)
    assert ended.out.splitlines()[0] == "name,metrics.Rank IC,tags.hostname"


def test_markdown_escapes_characters_that_end_a_cell(qtui: Call, odd: Path) -> None:
    ended = qtui("runs", "--md", "--columns", "name,params.中,metrics.up", uri=odd)
    assert ended.out.splitlines() == [
        "| name | 中 | up |",
        "| --- | --- | ---: |",
        '| a,b "c" \\| d⏎ | ␛[2J | inf |',
    ]


def test_runs_are_filtered_sorted_and_limited(qtui: Call, sample: Path) -> None:
    ended = qtui(
        *(
            "runs",
            "csi300/lightgbm",
            "--filter",
            "status = finished and metrics.IC > 0.04",
            "--sort",
            "metrics.IC DESC",
        ),
        *("--limit", "5", "--json"),
        uri=sample,
    )
    values = [run["metrics"]["IC"] for run in json.loads(ended.out)]
    assert len(values) == 5
    assert values == sorted(values, reverse=True)
    assert all(value > 0.04 for value in values)
    assert "5 of " in ended.err


def test_several_sort_keys_apply_in_order(qtui: Call, sample: Path) -> None:
    call = ("runs", "vision/cifar10/resnet", "--sort", "params.model", "--sort", "metrics.test/acc DESC", "--json")
    values = [
        (run["params"]["model"], run["metrics"].get("test/acc")) for run in json.loads(qtui(*call, uri=sample).out)
    ]
    models = [model for model, _ in values]
    assert models == sorted(models)
    first = [value for model, value in values if model == models[0] and value is not None]
    assert first == sorted(first, reverse=True)


def test_deleted_runs_are_listed_in_their_view_only(qtui: Call, sample: Path) -> None:
    runs = {
        view: json.loads(qtui("runs", "csi300/lightgbm", "--view", view, "--json", uri=sample).out)
        for view in ("active", "deleted", "all")
    }
    assert len(runs["active"]) + len(runs["deleted"]) == len(runs["all"]) == 42
    assert {run["lifecycle_stage"] for run in runs["deleted"]} == {"deleted"}


def test_an_experiment_can_be_named_by_its_id(qtui: Call, sample: Path) -> None:
    (first, *_) = json.loads(qtui("experiments", "--json", uri=sample).out)[1:]
    by_name, by_id = (qtui("runs", first[key], "--json", uri=sample).out for key in ("name", "experiment_id"))
    assert by_name == by_id != "[]\n"


def test_a_wrong_filter_is_shown_with_a_caret_under_the_mistake(qtui: Call, sample: Path) -> None:
    ended = qtui("runs", "--filter", "因子 and nope > 1", uri=sample)
    sentence, line, caret = ended.err.splitlines()
    assert (ended.code, ended.out) == (2, "")
    assert sentence.startswith("qtui: ")
    assert line == "  因子 and nope > 1"
    assert caret == "           ^^^^"


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (("--json", "--csv"), "--json and --csv are mutually exclusive"),
        (("--columns", "nmae"), "no column 'nmae'"),
        (("--sort", "metrics.ic DOWN"), "DOWN"),
        (("--view", "gone"), "gone"),
        (("--limit", "-1"), "-1"),
        (("no-such",), "no experiment 'no-such'"),
    ],
)
def test_invalid_arguments_are_usage_errors(qtui: Call, sample: Path, call: tuple[str, ...], word: str) -> None:
    ended = qtui("runs", *call, uri=sample)
    assert (ended.code, ended.out) == (2, "")
    assert word in ended.err


def test_no_match_is_no_failure(qtui: Call, sample: Path) -> None:
    assert qtui("runs", "--filter", "metrics.IC > 9", uri=sample) == (0, "", "qtui: No run matches.\n")
    assert qtui("runs", "--filter", "metrics.IC > 9", "--json", uri=sample).out == "[]\n"


def test_a_key_without_its_prefix_filters_and_sorts_where_only_one_kind_has_it(qtui: Call, sample: Path) -> None:
    call = ("runs", "csi300/lightgbm", "--columns", "name,metrics.Rank IC")
    bare = qtui(*call, "--filter", "Rank IC > 0.05", "--sort", "Rank IC desc", uri=sample)
    assert bare == qtui(*call, "--filter", "metrics.`Rank IC` > 0.05", "--sort", 'metrics."Rank IC" DESC', uri=sample)
    assert bare == qtui(*call, "--filter", "metrics.Rank IC > 0.05", "--sort", "metrics.Rank IC DESC", uri=sample)
    assert (bare.code, bare.err) == (0, "")
    assert len(bare.out.splitlines()) > 2


@pytest.mark.parametrize("form", ["--csv", "--md"])
def test_columns_need_no_prefix_where_only_one_kind_has_the_key(qtui: Call, sample: Path, form: str) -> None:
    call = ("runs", "csi300/lightgbm", form, "--columns")
    bare = qtui(*call, "name,Rank IC,hostname,status", uri=sample)
    assert bare == qtui(*call, "name,metrics.Rank IC,tags.hostname,status", uri=sample)
    assert (bare.code, bare.err) == (0, "")


def test_a_slash_in_a_key_without_its_prefix_is_a_part_of_it(qtui: Call, sample: Path) -> None:
    call = ("runs", "vision/cifar10/resnet", "--filter")
    assert qtui(*call, "val/acc > 0.9", uri=sample) == qtui(*call, "metrics.`val/acc` > 0.9", uri=sample)


def test_a_key_that_a_metric_and_a_param_share_needs_its_prefix(qtui: Call, tmp_path: Path) -> None:
    folder = write_experiment(tmp_path / "mlruns", ExperimentInfo("1", "x"))
    info = RunInfo("aa" * 16, "1", "one", start_time=1)
    write_run(folder, Run(info, {"depth": "2"}), {"depth": [Point(0, 1, 2.0)]})
    for option, text in (("--filter", "depth > 1"), ("--sort", "depth"), ("--columns", "name,depth")):
        ended = qtui("runs", option, text, uri=tmp_path / "mlruns")
        assert (ended.code, ended.out) == (2, "")
        assert "write metrics.depth or params.depth." in ended.err.splitlines()[0]
        assert ended.err.splitlines()[2:] == ([] if option == "--columns" else ["  ^^^^^"])


@pytest.mark.parametrize(
    ("call", "sentences"),
    [
        (("--filter", "metrics.typo > 3"), ["No run has a metric 'typo'.", "No run matches."]),
        (("--filter", "params.typo = 'x' or tags.typo = 'x'"),
         ["No run has a param 'typo'.", "No run has a tag 'typo'.", "No run matches."]),
        (("--filter", "best(metrics.typo) > 3", "--json"), ["No run has a metric 'typo'.", "No run matches."]),
        (("--sort", "metrics.typo DESC", "--limit", "1"), ["No run has a metric 'typo'.", "1 of 40 runs are shown."]),
        (("--filter", "metrics.IC > 9"), ["No run matches."]),
    ],
)  # fmt: skip
def test_a_key_that_no_run_has_is_named(qtui: Call, sample: Path, call: tuple[str, ...], sentences: list[str]) -> None:
    ended = qtui("runs", "csi300/lightgbm", *call, uri=sample)
    assert ended.code == 0
    assert ended.err.splitlines() == [f"qtui: {sentence}" for sentence in sentences]


def test_damaged_runs_are_counted_and_the_others_listed(qtui: Call, tmp_path: Path) -> None:
    folder = write_experiment(tmp_path / "mlruns", ExperimentInfo("1", "x"))
    write_run(folder, Run(RunInfo("aa" * 16, "1", "good", start_time=1)))
    broken = write_run(folder, Run(RunInfo("bb" * 16, "1", "bad", start_time=1)))
    (broken / "meta.yaml").write_text("")
    ended = qtui("runs", "--columns", "name", uri=tmp_path / "mlruns")
    assert (ended.code, ended.out) == (0, "name\ngood\n")
    assert ended.err == "qtui: 1 damaged run is not shown; qtui doctor says why.\n"


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_a_table_never_is_wider_than_the_terminal(on_terminal: Call, sample: Path, columns: int) -> None:
    ended = on_terminal("runs", "--uri", str(sample), width=columns, NO_COLOR="1")
    lines = [line for line in ended.out.splitlines() if not line.startswith("qtui: ")]
    assert all(width(line) <= columns for line in lines)
    assert {"run", "name", "status", "started", "duration"} <= set(lines[0].split())


def test_a_pipe_gets_full_values(process: Call, sample: Path) -> None:
    title, row = process("runs", "csi300/lightgbm", "--limit", "1", "--uri", str(sample)).out.splitlines()
    assert len(row.split()[0]) == 32
    assert "…" not in title + row
    assert "1day.excess_return_with_cost.information_ratio" in title


def test_the_settings_choose_the_columns(qtui: Call, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QTUI_COLUMNS", "name,params.lr")
    assert qtui("runs", "--limit", "1", uri=sample).out.splitlines()[0].split() == ["name", "lr"]


def test_a_key_of_the_settings_that_a_store_does_not_have_is_an_empty_column(
    qtui: Call, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QTUI_COLUMNS", "status,nowhere,val/acc")
    ended = qtui("runs", "vision/cifar10/resnet", "--limit", "1", uri=sample)
    assert (ended.code, ended.out.splitlines()[0].split()) == (0, ["status", "nowhere", "val/acc"])
    assert ended.err.splitlines()[0] == "qtui: No run has a metric, param or tag 'nowhere'."


def test_keys_of_the_sort_and_the_filter_are_the_first_columns(on_terminal: Call, sample: Path) -> None:
    call = (
        "runs",
        "csi300/lightgbm",
        "--sort",
        "metrics.`Rank ICIR` DESC",
        "--filter",
        "params.`model.kwargs.lambda_l1` != ''",
    )
    title = on_terminal(*call, "--uri", str(sample), width=100, NO_COLOR="1").out.splitlines()[0]
    assert "Rank ICIR" in title
    assert "lambda_l1" in title
