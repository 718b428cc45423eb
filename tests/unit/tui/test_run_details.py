"""Loading the details of a run."""

from __future__ import annotations

import sys

import pytest

from qtui.tui.load.run_details import prepare_viewers


def test_pandas_is_imported_before_a_table_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    prepare_viewers(["notes.md", "model.txt"])
    with pytest.raises(ImportError):
        prepare_viewers(["notes.md", "pred.pkl"])
