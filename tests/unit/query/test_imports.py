"""The filter language is on the way to the first paint, so it may load nothing heavy."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"mlflow", "pandas", "numpy", "sqlparse", "sqlalchemy", "textual", "rich", "yaml", "pyarrow"}


def test_the_filter_language_loads_nothing_heavy() -> None:
    program = "import sys, qtui.query; print(*{name.partition('.')[0] for name in sys.modules})"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "qtui" in printed.split()
    assert not HEAVY & set(printed.split())
