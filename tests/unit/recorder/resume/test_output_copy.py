"""The output of a command is passed on whatever happens to its copy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qtui.recorder.resume.output_copy import OutputCopy


def copy_output(log: Path, output: bytes) -> None:
    """Copy what a command writes to its stdout."""
    end, other_end = os.pipe()
    with log.open("wb", buffering=0) as file:
        copy = OutputCopy(file)
        os.write(copy.descriptors[1], output)
        copy.close_descriptors()
        os.close(other_end)
        copy.copy(end)
    os.close(end)


def test_the_output_is_passed_on_and_copied(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    copy_output(tmp_path / "log", b"one\ntwo\n")
    assert capfd.readouterr() == ("one\ntwo\n", "")
    assert (tmp_path / "log").read_bytes() == b"one\ntwo\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_ends_the_copy_and_not_the_command(capfd: pytest.CaptureFixture[str]) -> None:
    copy_output(Path("/dev/full"), b"one\n")
    output, errors = capfd.readouterr()
    assert output == "one\n"
    assert errors == "qtui: The copy of the output is incomplete: No space left on device.\n"
