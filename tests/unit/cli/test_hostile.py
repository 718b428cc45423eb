"""A hostile store cannot command the terminal, break the layout or end the program."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from pathlib import Path

import pytest

from qtui.entities import DatasetInput, ExperimentInfo, Point, Run, RunInfo
from qtui.store.files.writing.sample import write_experiment, write_run
from tests.unit.cli.conftest import Call

HOSTILE = (
    "\x1b]52;c;aGk=\x07\x1b[2J\x9b31m\x9d0;t\x9c\x00\x7f\x0e\b\v\f\r\n\t"
    "\u202e\u2066\u200b\u200d\ufeff\u2028\U000e0041[@click=app.quit]x[/] a\u0301" + "\u0301" * 40
)
OURS = re.compile(r"\x1b\[\d*m")
"""The colours that the program itself writes."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose every text is hostile, with names of files that are not even UTF-8."""
    root = tmp_path_factory.mktemp("hostile") / "mlruns"
    folder = write_experiment(root, ExperimentInfo("1", HOSTILE, tags={"mlflow.note.content": HOSTILE}))
    name = HOSTILE.replace("\x00", "").replace("/", "")[:60]
    tags = {"mlflow.note.content": HOSTILE, "mlflow.user": HOSTILE, "mlflow.source.name": HOSTILE, name: HOSTILE}
    run = Run(
        RunInfo("ab" * 16, "1", HOSTILE, start_time=10**17, end_time=1, user=HOSTILE),
        {name: HOSTILE},
        tags=tags,
        inputs=(DatasetInput(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
    )
    written = write_run(
        folder, run, {name: [Point(2**63 - 1, 10**18, 1e308)]}, {name: b"x", f"in {name}/..x/{name}": b""}
    )
    for place in ("artifacts", "params", "tags", "metrics"):
        Path(os.fsdecode(os.fsencode(written / place) + b"/\xb2\xe2\x1b[2J")).write_bytes(b"1 1 1\n")
    return root


COMMANDS = [
    ("experiments",),
    ("runs",),
    ("runs", "--md"),
    ("runs", "--json"),
    ("runs", "--csv"),
    ("runs", "--columns", "name,tags.mlflow.user,experiment,user"),
    ("runs", "--filter", HOSTILE.replace("\x00", "") + " >"),
    ("show", "abab"),
    ("show", HOSTILE.replace("\x00", "")),
    ("show", "abab", "--json"),
    ("artifacts", "abab", "-r"),
    ("history", "abab", HOSTILE.replace("\x00", "")),
    ("doctor",),
    ("doctor", "--json"),
]


@pytest.mark.parametrize("call", COMMANDS, ids=lambda call: " ".join(call)[:20].encode("ascii", "ignore").decode())
def test_no_control_character_of_the_store_reaches_the_terminal(
    on_terminal: Call, hostile: Path, call: tuple[str, ...]
) -> None:
    ended = on_terminal("--uri", str(hostile), *call)
    text = OURS.sub("", ended.out).replace("\n", "")
    assert {
        f"{ord(char):04X}" for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    } == set()
    assert "Traceback" not in text
    assert text


def test_json_has_the_raw_values(qtui: Call, hostile: Path) -> None:
    (run,) = json.loads(qtui("runs", "--json", uri=hostile).out)
    assert run["tags"]["mlflow.user"] == HOSTILE
