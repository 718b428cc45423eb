"""Unsupported platforms get one sentence, from the command and from the library."""

from __future__ import annotations

import subprocess
import sys


def run_on_windows(statement: str) -> subprocess.CompletedProcess[str]:
    """Run a statement in a Python that takes itself for one on Windows, without the modules of POSIX."""
    program = f"import sys; sys.platform = 'win32'; sys.modules['fcntl'] = sys.modules['termios'] = None; {statement}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)


def test_the_command_names_wsl_on_windows() -> None:
    ended = run_on_windows("from qtui.cli import main; main()")
    assert ended.returncode == 1
    assert ended.stderr == "qtui: qtui needs Linux or macOS. On Windows, run it in WSL.\n"


def test_importing_the_library_names_wsl_on_windows() -> None:
    ended = run_on_windows("import qtui.recorder")
    assert ended.stderr.splitlines()[-1] == "ImportError: qtui needs Linux or macOS. On Windows, run it in WSL."
