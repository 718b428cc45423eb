"""The modules of the charts cost nothing until something is drawn."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import qtui.plot


def test_no_module_of_the_charts_imports_anything_heavy() -> None:
    modules = [module.name for module in pkgutil.walk_packages(qtui.plot.__path__, "qtui.plot.")]
    heavy = ("numpy", "pandas", "textual", "rich", "mlflow", "sqlalchemy")
    program = f"import sys, {', '.join(modules)}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
