"""What scripts may import, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import qtui
import qtui.recorder

PUBLIC = ["RT_D", "RT_L", "ExpManager", "Experiment", "MovedRun", "Recorder", "StaleRun"]
PUBLIC += ["calc_ic", "calc_long_short_prec", "calc_long_short_return", "indicator_analysis", "risk_analysis"]
PUBLIC += ["Serializable"]
PUBLIC += ["ACRecordTemp", "HFSignalRecord", "RecordTemp", "SigAnaRecord", "SignalRecord"]
PUBLIC += ["fill_placeholder", "init_instance_by_config", "read_workflow", "records_of"]
PUBLIC += ["MultiPassPortAnaRecord", "PortAnaRecord"]
HEAVY = ("mlflow", "pandas", "numpy", "sqlalchemy", "yaml", "textual", "plotext", "typer")


def loaded_by(statement: str) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after a statement."""
    report = f"{statement}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    output = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True).stdout
    return set(output.split())


def test_the_library_exports_exactly_its_public_names() -> None:
    assert qtui.recorder.__all__ == PUBLIC
    assert all(hasattr(qtui.recorder, name) for name in PUBLIC)


def test_importing_the_library_loads_nothing_heavy() -> None:
    assert loaded_by("import qtui.recorder") == set()


def test_the_package_gives_the_library_when_it_is_asked_for() -> None:
    loads = "import qtui, sys\nassert 'qtui.recorder' not in sys.modules\nassert qtui.recorder.ExpManager"
    assert loaded_by(loads) == set()
