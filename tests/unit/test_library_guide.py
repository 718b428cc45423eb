"""docs/library.md is generated from the docstrings of `qtui.recorder`, whose examples are run."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path

import pytest

import qtui.recorder
from tests import library_guide

NAMES = [name for names in library_guide.SECTIONS.values() for name in names]


def test_the_guide_is_up_to_date() -> None:
    assert library_guide.GUIDE.read_text(encoding="utf-8") == library_guide.render(), "run make docs"


def test_the_guide_lists_public_names() -> None:
    assert set(NAMES) <= set(qtui.recorder.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_the_guide_are_true(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    value = getattr(qtui.recorder, name)
    module = inspect.getmodule(value) or qtui.recorder
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    names = vars(module) | {"R": qtui.recorder.from_config("mlruns")}
    for example in doctest.DocTestFinder(exclude_empty=True).find(value, name, module, names):
        runner.run(example)
    assert runner.failures == 0
