"""Qlib's own trainers, tools, collectors and qrun record with qtui's R, on every kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.interop.conftest import Qlib
from tests.stores.conftest import serving


@pytest.fixture(params=["files", "sqlite", "server"])
def uri(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store of each kind."""
    database = f"sqlite:///{tmp_path}/mlflow.db"
    if request.param == "server":
        (tmp_path / "server").mkdir()
        with serving(database, tmp_path / "server") as address:
            yield address
    else:
        yield f"file:{tmp_path}/mlruns" if request.param == "files" else database


def test_qlibs_own_code_records_with_our_r(qlib: Qlib) -> None:
    result: dict[str, Any] = qlib("qlibs_code", seed=3)
    assert result["makers"] == ["qtui.recorder.mlflow_recorder"]
    assert result["statuses"] == ["FINISHED"]
    trained = ["task_train", "TrainerR", "DelayTrainerR", "rolling 0", "rolling 1", "qrun"]
    assert list(result["IC"]) == trained
    assert result["IC"]["task_train"] == pytest.approx(result["native"])
    assert set(result["collected"]) == {"IC", "pred"} and len(result["collected"]["pred"]) == 1
    assert result["online"] == {"tag": "online", "models": 1}
    assert result["errors"] == {"caught as Qlib's": True, "after undo": "qlib.workflow"}


def test_the_r_of_qlib_is_back_after_undo_and_qlib_init_keeps_ours_before(qlib: Qlib) -> None:
    assert qlib("replaced_and_back") == {
        "with": "qtui.recorder.qlib_recorder",
        "after an inner with": "elsewhere",
        "after init": "qtui.recorder.qlib_recorder",
        "after": "qlib.workflow",
    }
