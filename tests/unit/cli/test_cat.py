"""`qtui cat`: an artifact as a table, a tree or text, on a terminal, in a pipe and in the formats of scripts."""

from __future__ import annotations

import io
import json
import os
import pickle
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qtui.entities import ExperimentInfo, Run, RunInfo
from qtui.store.files.writing.sample import write_experiment, write_run
from tests.data import frames
from tests.unit.cli.conftest import PROGRAM, Call
from tests.unit.pickles.hostile import families

DATA = Path(__file__).parents[2] / "data"
SCORES = "date,score\n" + "".join(f"2020-01-{day:02},{day / 7}\n" for day in range(1, 31))
MANY = pd.DataFrame({"name": [f"name {number}" for number in range(50)], "value": np.arange(50) / 7})


def store_with(root: Path, artifacts: Mapping[str, bytes]) -> Path:
    folder = write_experiment(root / "mlruns", ExperimentInfo("1", "x"))
    write_run(folder, Run(RunInfo("ab" * 16, "1", "n")), {}, artifacts)
    return root / "mlruns"


def npy(array: object) -> bytes:
    file = io.BytesIO()
    np.save(file, array)  # type: ignore[arg-type]
    return file.getvalue()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wide = pd.DataFrame(np.arange(100).reshape(1, 100), columns=[f"feature {number}" for number in range(100)])
    odd = pd.DataFrame({"x": [1.5, np.nan, np.inf], "when": pd.to_datetime(["2020-01-01", "NaT", "2020-01-02"])})
    odd["things"] = pd.Series([[1, 2], {"a": float("nan")}, "=1+1"])
    artifacts = {
        "pred.pkl": pickle.dumps(frames.predictions()),
        "many.pkl": pickle.dumps(MANY),
        "wide.pkl": pickle.dumps(wide),
        "odd.pkl": pickle.dumps(odd),
        "twice.pkl": pickle.dumps(pd.DataFrame([[1, 2]], columns=["a", "a"])),
        "params.pkl": pickle.dumps({"lr": 0.1, "layers": [1, 2]}),
        "scores.csv": SCORES.encode(),
        "notes.txt": b"one\n\x1b[31mtwo\n" + "沪深\n".encode(),
        "cube.npy": npy(np.arange(24).reshape(2, 3, 4)),
        "noise.bin": bytes(range(256)),
        "half.pkl": pickle.dumps(frames.predictions())[:20],
        "empty.txt": b"",
    }
    return store_with(tmp_path_factory.mktemp("cat"), artifacts)


def test_a_pickled_frame_is_a_table(qtui: Call, store: Path) -> None:
    done = qtui("cat", "abab", "pred.pkl", uri=store)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:2] == ["datetime    instrument  score", "2020-01-01  SH600000       -1"]
    assert len(done.out.splitlines()) == 7


def test_a_terminal_gets_the_first_rows_and_the_number_of_the_others(on_terminal: Call, store: Path) -> None:
    lines = on_terminal("--uri", str(store), "cat", "abab", "many.pkl").out.splitlines()
    assert "name 19" in lines[20]
    assert lines[21:] == ["qtui: … 30 more rows; --rows prints more."]


def test_a_terminal_gets_the_columns_that_fit(on_terminal: Call, store: Path) -> None:
    lines = on_terminal("--uri", str(store), "cat", "abab", "wide.pkl", width=60, NO_COLOR="1").out.splitlines()
    assert max(map(len, lines[:2])) <= 60
    assert lines[2].endswith("of 100 columns are shown; --csv prints all.")


def test_a_pipe_gets_all_rows_and_columns(qtui: Call, store: Path) -> None:
    assert len(qtui("cat", "abab", "many.pkl", uri=store).out.splitlines()) == 51
    assert qtui("cat", "abab", "wide.pkl", uri=store).out.splitlines()[1].split()[-1] == "99"
    done = qtui("cat", "abab", "many.pkl", "--rows", "2", uri=store)
    assert len(done.out.splitlines()) == 3
    assert done.err == "qtui: … 48 more rows; --rows prints more.\n"


def test_csv_is_what_pandas_reads_back(qtui: Call, store: Path) -> None:
    out = qtui("cat", "abab", "many.pkl", "--csv", uri=store).out
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(out)), MANY)


def test_json_is_strict_and_keeps_every_type(qtui: Call, store: Path) -> None:
    out = qtui("cat", "abab", "odd.pkl", "--json", uri=store).out

    def refuse(name: str) -> float:
        raise AssertionError(name)

    assert json.loads(out, parse_constant=refuse) == [
        {"x": 1.5, "when": "2020-01-01 00:00:00", "things": [1, 2]},
        {"x": "NaN", "when": None, "things": {"a": "NaN"}},
        {"x": "Infinity", "when": "2020-01-02 00:00:00", "things": "=1+1"},
    ]
    assert json.loads(qtui("cat", "abab", "twice.pkl", "--json", uri=store).out) == [{"a": 1, "a.1": 2}]


def test_markdown_and_escaped_formulas(qtui: Call, store: Path) -> None:
    assert qtui("cat", "abab", "scores.csv", "--md", "--rows", "1", uri=store).out.splitlines() == [
        "| date | score |",
        "| --- | ---: |",
        "| 2020-01-01 | 0.14285714285714285 |",
    ]
    assert "'=1+1" in qtui("cat", "abab", "odd.pkl", "--csv", "--escape-formulas", uri=store).out
    assert qtui("cat", "abab", "odd.pkl", "--escape-formulas", uri=store).code == 2


def test_other_values_are_trees(qtui: Call, store: Path) -> None:
    out = qtui("cat", "abab", "params.pkl", uri=store).out
    assert out.splitlines() == ["lr: 0.1", "layers:  # 2 items", "  0: 1", "  1: 2"]
    assert qtui("cat", "abab", "params.pkl", "--rows", "1", uri=store).out == "lr: 0.1\n"


@pytest.mark.parametrize("path", ["scores.csv", "notes.txt", "noise.bin", "empty.txt"])
def test_a_pipe_gets_the_bytes_of_text_and_of_unknown_files(path: str, store: Path) -> None:
    done = subprocess.run([*PROGRAM, "--uri", str(store), "cat", "abab", path], capture_output=True, check=True)
    assert done.stdout == next(store.rglob(path)).read_bytes()


def test_a_terminal_gets_text_without_control_characters(on_terminal: Call, store: Path) -> None:
    assert on_terminal("--uri", str(store), "cat", "abab", "notes.txt").out == "one\n␛[31mtwo\n沪深\n"


def test_a_terminal_gets_no_bytes_of_an_unknown_file(on_terminal: Call, store: Path) -> None:
    done = on_terminal("--uri", str(store), "cat", "abab", "noise.bin")
    assert done.code == 1
    assert done.out == "qtui: noise.bin is binary: --hex prints its bytes, qtui get saves it.\n"
    assert on_terminal("--uri", str(store), "cat", "abab", "noise.bin", "--hex").out.startswith("00000000  00 01 02")


def test_a_view_is_chosen_by_its_title(qtui: Call, store: Path) -> None:
    assert qtui("cat", "abab", "scores.csv", "--as", "TABLE", uri=store).out.splitlines()[0].split() == [
        "date",
        "score",
    ]
    done = qtui("cat", "abab", "scores.csv", "--as", "picture", uri=store)
    assert done.code == 2
    assert done.err == "qtui: scores.csv has no view 'picture'; it has table, text, hex.\n"


def test_a_slice_of_an_array_is_chosen_by_index(qtui: Call, store: Path) -> None:
    assert qtui("cat", "abab", "cube.npy", "--at", "1", "--csv", uri=store).out.splitlines()[1] == "12,13,14,15"
    assert qtui("cat", "abab", "cube.npy", "--at", "2", uri=store).code == 2
    assert "--at prints another" in qtui("cat", "abab", "cube.npy", uri=store).err
    assert "--at" not in qtui("cat", "abab", "cube.npy", "--at", "1", uri=store).err
    assert qtui("cat", "abab", "cube.npy", "--at", "x", uri=store).code == 2


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("cat", "abab", "none.pkl"), 2),
        (("cat", "cdcd", "pred.pkl"), 2),
        (("cat", "abab", "half.pkl", "--csv"), 2),
        (("cat", "abab", "notes.txt", "--json"), 2),
        (("cat", "abab", "pred.pkl", "--json", "--csv"), 2),
        (("cat", "abab", "pred.pkl", "--hex", "--as", "text"), 2),
    ],
)
def test_wrong_use_has_a_sentence_and_an_exit_code(args: tuple[str, ...], code: int, qtui: Call, store: Path) -> None:
    done = qtui(*args, uri=store)
    assert done.code == code
    assert done.out == "" and done.err.count("\n") == 1


def test_the_end_of_a_pipe_ends_the_command_quietly(tmp_path: Path) -> None:
    store = store_with(tmp_path, {"long.csv": b"a,b\n" + b"1,2\n" * 500_000})
    for options in ((), ("--csv",), ("--as", "table")):
        running = subprocess.Popen(
            [*PROGRAM, "--uri", str(store), "cat", "abab", "long.csv", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert running.stdout is not None and running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
        running.stderr.close()
        assert running.wait() == 0


@pytest.mark.parametrize("family", sorted(families(Path("marker"))))
def test_no_hostile_pickle_does_anything(family: str, qtui: Call, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    cases = dict(families(marker)[family]())
    names = {technique: f"{number}.pkl" for number, technique in enumerate(cases)}
    store = store_with(tmp_path, {names[technique]: content for technique, content in cases.items()})
    # Each case starts a process; `tests/unit/pickles` tries all of them.
    for technique in list(cases)[:: max(1, len(cases) // 2)]:
        done = qtui("cat", "abab", names[technique], "--rows", "50", uri=store)
        assert not marker.exists(), technique
        assert done.code in (0, 1), technique
        assert done.code == 0 or done.err.startswith("qtui: "), technique
        assert "\x1b" not in done.out
    assert not os.path.exists(marker)


@pytest.mark.parametrize("archive", ["pickles-pandas-1.5.3", "pickles-pandas-3.1.1", "qlib-pickles"])
def test_benign_pickles_are_printed(archive: str, qtui: Call, tmp_path: Path) -> None:
    with tarfile.open(DATA / f"{archive}.tar.xz") as tar:
        members = [member for member in tar.getmembers() if member.name.endswith(".pkl")]
        contents = [
            file.read() for member in members[:: max(1, len(members) // 4)] if (file := tar.extractfile(member))
        ]
    store = store_with(tmp_path, {f"{number}.pkl": content for number, content in enumerate(contents)})
    for number in range(len(contents)):
        done = qtui("cat", "abab", f"{number}.pkl", "--rows", "5", uri=store)
        assert (done.code, bool(done.out)) == (0, True), members[number].name
