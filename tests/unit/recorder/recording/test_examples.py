"""The examples in the docstrings of what records do what they say, each in a store of its own."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from qtui.recorder import from_config

MODULES = (
    *("config", "experiment", "library", "mlflow_recorder", "qlib_recorder", "recorder"),
    *("recording.provenance", "recording.sessions"),
)
FINDER = doctest.DocTestFinder(exclude_empty=True)
EXAMPLES = {
    test.name: test for name in MODULES for test in FINDER.find(import_module(f"qtui.recorder.{name}")) if test.examples
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_true(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    test = EXAMPLES[name]
    recorder = from_config(f"file:{tmp_path}/mlruns")
    failures: list[str] = []
    test.globs = {**test.globs, "R": recorder}
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=failures.append)
    assert failures == []


def test_there_are_examples_to_run() -> None:
    assert len(EXAMPLES) >= 7
