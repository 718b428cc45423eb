"""The lines to resume a run can be pasted, and show no password."""

from __future__ import annotations

import pytest

from qtui.recorder.resume.instructions import ResumeInstructions
from qtui.recorder.resume.origin import RunOrigin

ORIGIN = RunOrigin(command="python train.py --name 'two words'", last_step=41, last_metric="val/loss")
FILES = ResumeInstructions("file:/data/my runs", "ab12", "7", ORIGIN)
SECRET = ResumeInstructions("postgresql://me:hunter2@db/mlflow", "ab12", "7", ORIGIN)


def test_the_shell_line_runs_the_command_inside_the_run() -> None:
    line = "qtui --uri 'file:/data/my runs' resume ab12 -- python train.py --name 'two words'"
    assert FILES.shell_line() == line
    assert FILES.shell_line(["true"]).endswith("resume ab12 -- true")


def test_without_a_command_the_shell_line_has_a_placeholder() -> None:
    assert ResumeInstructions("file:/data", "ab12", "7").shell_line().endswith("-- COMMAND")


@pytest.mark.parametrize("lines", [FILES.python_lines(), FILES.mlflow_lines(), FILES.qlib_lines()])
def test_the_python_lines_name_store_run_and_next_step(lines: list[str]) -> None:
    text = "\n".join(lines)
    compile(text, "lines", "exec")
    assert all(part in text for part in ("file:/data/my runs", "ab12", "val/loss", "42"))


@pytest.mark.parametrize(
    "text",
    [SECRET.shell_line(), *map("\n".join, (SECRET.python_lines(), SECRET.mlflow_lines(), SECRET.qlib_lines()))],
)
def test_a_uri_with_a_password_is_left_out(text: str) -> None:
    assert "hunter2" not in text
    assert "postgresql" not in text


def test_only_file_stores_need_the_flag_of_mlflow() -> None:
    assert "MLFLOW_ALLOW_FILE_STORE" in "\n".join(FILES.qlib_lines())
    assert "MLFLOW_ALLOW_FILE_STORE" not in "\n".join(ResumeInstructions("sqlite:////m.db", "r", "0").mlflow_lines())
