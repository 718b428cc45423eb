"""Tests of unusual files that MLflow can read, from older versions, other tools and editors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from tests.differential.by_files import write_files
from tests.differential.one_run import EXPERIMENT, RUN, compare

Change = Callable[[Path], object]


def line(key: str, written: str | None, file: str = "meta.yaml") -> Change:
    """Replace the value of a key in a YAML file, or remove its line."""

    def change(folder: Path) -> None:
        path = folder / file
        new = "" if written is None else f"{key}: {written}\n"
        text, count = re.subn(rf"^{key}:.*\n", lambda _: new, path.read_text(), flags=re.MULTILINE)
        assert count == 1
        path.write_text(text)

    return change


def added(text: str) -> Change:
    """Append lines to meta.yaml."""

    def change(folder: Path) -> None:
        with (folder / "meta.yaml").open("a") as file:
            file.write(text)

    return change


def holding(path: str, content: bytes) -> Change:
    """Write a file below the folder."""

    def change(folder: Path) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)

    return change


def rewritten(change: Callable[[bytes], bytes], folder: Path) -> None:
    """Transform the bytes of meta.yaml."""
    path = folder / "meta.yaml"
    path.write_bytes(change(path.read_bytes()))


def each(key: str, *written: str) -> dict[str, Change]:
    """Return the same key in several spellings."""
    return {f"{key} {text}": line(key, text) for text in written}


OF_A_RUN: Mapping[str, Change] = {
    **{f"no {key}": line(key, None) for key in ("artifact_uri", "lifecycle_stage", "run_name", "run_uuid", "status")},
    **{f"no {key}": line(key, None) for key in ("entry_point_name", "source_type", "source_version", "tags")},
    **each("run_name", "null", "~", "''", "'1'", "1", "1.5", "2020-01-01", "yes it is", "'#'", "café"),
    **each("user_id", "''", "'null'", "'üser'", '"\\u00fc"'),
    **each("end_time", "null", "~", "", "0", "-5", "1_000"),
    **each("start_time", "0", "-5", "1_000", "+7"),
    **each("status", "1", "2", "4", "5"),
    **each("lifecycle_stage", "deleted", "'active'", '"deleted"'),
    **each("experiment_id", "7", "'7'", '"7"'),
    "no artifacts": line("artifact_uri", "null"),
    "a long name on two lines": line("run_name", "'a\n  b'"),
    "a folded name": line("run_name", ">-\n  a\n  b"),
    "an escaped name": line("run_name", r'"tab\tquote\" 数 \x41 \U0001F600"'),
    "a name with a comment": line("run_name", "a # comment"),
    "a name with an anchor": line("run_name", "&name a"),
    "more keys": added("deleted_time: null\nsomething: new\nlist:\n- 1\n- {a: b}\n"),
    "tags as a list": line("tags", "[{key: a, value: b}]"),
    "a document mark": partial(rewritten, lambda content: b"---\n" + content),
    "comments and blank lines": partial(rewritten, lambda content: b"# by hand\n\n" + content + b"\n# end\n"),
    "Windows line ends": partial(rewritten, lambda content: content.replace(b"\n", b"\r\n")),
    "no last line end": partial(rewritten, lambda content: content.rstrip(b"\n")),
    "a byte order mark": partial(rewritten, lambda content: "\ufeff".encode() + content),
    "flow style": partial(
        rewritten, lambda content: b"{" + b", ".join(content.replace(b": []", b": !!seq []").splitlines()) + b"}"
    ),
    "a param of many lines": holding("params/lr", b"one\r\ntwo\rthree\n\n"),
    "an empty param": holding("params/lr", b""),
    "a param with odd line ends": holding("params/lr", "a\u2028b\x0bc\x85".encode()),
    "a param with a byte order mark": holding("params/lr", "\ufeff0.1".encode()),
    "a param with a NUL": holding("params/lr", b"a\0b"),
    "a deep param": holding("params/net/layer 1/units", b"8"),
    "a hidden param": holding("params/.hidden", b"1"),
    "a tag of many lines": holding("tags/mlflow.note.content", b"# Title\n\n\ttext \xf0\x9f\x93\x88\n"),
    "another name in the tag": holding("tags/mlflow.runName", b"renamed"),
    "two-field lines": holding("metrics/ic", b"1 0.5\n2 0.25\n"),
    "mixed lines": holding("metrics/ic", b"1 0.5\n2 0.25 7\n3 0.125 6\n"),
    "Windows metric lines": holding("metrics/ic", b"1 0.5 0\r\n2 0.25 1\r\n"),
    "blanks around": holding("metrics/ic", b"  1 0.5 0  \n2 0.25 1\t\n"),
    "words for numbers": holding("metrics/ic", b"1 NaN 0\n2 Infinity 1\n3 -inf 2\n4 +INF 3\n5 -nan 4\n"),
    "odd numbers": holding("metrics/ic", b"1 1_0 0\n2 .5 1\n3 5. 2\n4 1E5 3\n5 +7 4\n6 007 5\n7 1e400 6\n8 -0 7\n"),
    "odd integers": holding("metrics/ic", b"+1 0.5 +2\n1_0 0.5 0_3\n007 0.5 -004\n"),
    "huge integers": holding("metrics/ic", b"1 0.5 9223372036854775807\n2 0.5 -9223372036854775808\n"),
    "ties": holding("metrics/ic", b"5 1 3\n5 2 3\n5 1.5 3\n6 0 2\n4 9 3\n"),
    "a NaN that ties": holding("metrics/ic", b"5 1 3\n5 nan 3\n"),
    "a NaN that ties and came first": holding("metrics/ic", b"5 nan 3\n5 1 3\n5 2 3\n"),
    "many digits": holding("metrics/ic", b"1 0.1000000000000000055511151231257827 0\n2 1e-400 1\n"),
    "a metric in a folder": holding("metrics/valid/deep/l2", b"1 0.5 0\n"),
    "an input without its dataset": holding(
        "inputs/x/meta.yaml",
        b"source_type: DATASET\nsource_id: gone\ndestination_type: RUN\ndestination_id: gone\ntags: {}\n",
    ),
    "a model as input": holding(
        "inputs/m/meta.yaml",
        b"source_type: MODEL\nsource_id: m-1\ndestination_type: RUN\ndestination_id: m-1\ntags: {}\n",
    ),
    "something foreign": holding("notes.txt", b"hello"),
}

OF_AN_EXPERIMENT: Mapping[str, Change] = {
    **{f"no {key}": line(key, None) for key in ("creation_time", "last_update_time")},
    **each("name", "'1'", "1", "1.5", "2020-01-01", "'a: b'", r'"\x41"', "größer"),
    **each("creation_time", "null", "0", "-5"),
    "an old number": line("experiment_id", "7"),
    "more keys": added("trace_location: null\nworkspace: default\nanother:\n  a: b\n"),
    "a folder named traces": holding("traces/tr-1/trace_info.yaml", b"x: y\n"),
    "a folder named models": holding("models/m-1/meta.yaml", b"model_id: m-1\n"),
    "a tag of many lines": holding("tags/mlflow.note.content", b"a\r\nb\n"),
    "a deep tag": holding("tags/a/b", b"c"),
    "a foreign file": holding(".DS_Store", b"\0"),
    "a folder that is no run": holding("abc/readme.txt", b"no run"),
}


@pytest.mark.parametrize("name", OF_A_RUN)
def test_unusual_run_is_read_like_mlflow(name: str, tmp_path: Path) -> None:
    write_files(tmp_path / "mlruns", [EXPERIMENT])
    OF_A_RUN[name](tmp_path / "mlruns" / "7" / RUN.run_id)
    compare(f"file://{tmp_path}/mlruns")


@pytest.mark.parametrize("name", OF_AN_EXPERIMENT)
def test_unusual_experiment_is_read_like_mlflow(name: str, tmp_path: Path) -> None:
    write_files(tmp_path / "mlruns", [EXPERIMENT])
    OF_AN_EXPERIMENT[name](tmp_path / "mlruns" / "7")
    compare(f"file://{tmp_path}/mlruns")
