"""Tests that the filter language, which the first paint needs, imports no heavy packages."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"mlflow", "pandas", "numpy", "sqlparse", "sqlalchemy", "textual", "rich", "yaml", "pyarrow"}


def test_query_imports_no_heavy_packages() -> None:
    program = "import sys, qtui.query; print(*{name.partition('.')[0] for name in sys.modules})"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "qtui" in printed.split()
    assert not HEAVY & set(printed.split())
