"""The public names of the library, and the cost of importing it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import qtui
import qtui.recorder

READING = ["RT_D", "RT_L", "ExpManager", "Experiment", "Library", "MovedRun", "Recorder", "StaleRun"]
RECORDING = [
    *(
        "QlibRecorder",
        "R",
        "RecorderWrapper",
        "WithQlib",
        "experiment_exit_handler",
        "from_config",
        "init",
        "use_with_qlib",
    ),
    *("MLflowExpManager", "MLflowExperiment", "MLflowRecorder"),
    *("AbstractExpManager", "AbstractExperiment", "AbstractRecorder"),
    *("ExpAlreadyExistError", "LoadObjectError", "QlibException", "RecorderInitializationError"),
]
WORKING = [
    *("Serializable", "fill_placeholder", "init_instance_by_config", "read_workflow", "records_of"),
    *("ACRecordTemp", "HFSignalRecord", "MultiPassPortAnaRecord", "PortAnaRecord", "RecordTemp", "SigAnaRecord"),
    "SignalRecord",
    *("Collector", "MergeCollector", "RecorderCollector", "collect_frames", "collect_metrics"),
    *("calc_ic", "calc_long_short_prec", "calc_long_short_return", "indicator_analysis", "risk_analysis"),
]
EDITING = [
    *("CreateExperiment", "Delete", "DropTags", "EditResult", "Finish", "JournalEntry", "Rename", "Restore"),
    *("SetNote", "SetStatus", "SetTags"),
]
PUBLIC = [*READING, *RECORDING, *EDITING, *WORKING]
HEAVY = ("mlflow", "pandas", "numpy", "sqlalchemy", "yaml", "textual", "plotext", "typer")


def loaded_by(statement: str) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after a statement."""
    report = f"{statement}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    output = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True).stdout
    return set(output.split())


def test_the_library_exports_exactly_its_public_names() -> None:
    assert qtui.recorder.__all__ == PUBLIC
    with pytest.warns(DeprecationWarning):
        assert all(hasattr(qtui.recorder, name) for name in PUBLIC)


def test_a_shell_completes_every_public_name_before_it_is_loaded() -> None:
    lists = "import qtui.recorder, sys\nassert set(qtui.recorder.__all__) <= set(dir(qtui.recorder))"
    assert loaded_by(f"{lists}\nassert 'qtui.recorder.r' not in sys.modules") == set()


def test_type_checkers_read_the_annotations_of_the_package() -> None:
    assert Path(qtui.__file__).with_name("py.typed").is_file()


def test_importing_the_library_loads_nothing_heavy() -> None:
    assert loaded_by("import qtui.recorder") == set()


def test_the_package_gives_the_library_when_it_is_asked_for() -> None:
    loads = "import qtui, sys\nassert 'qtui.recorder' not in sys.modules\nassert qtui.recorder.Library"
    assert loaded_by(loads) == set()


def test_reading_does_not_import_the_recording_modules() -> None:
    modules = {"qtui.recorder.r", "qtui.recorder.recording.log_queue"}
    checks = f"import qtui.recorder, sys\nassert not {modules!r} & set(sys.modules)"
    assert loaded_by(checks) == set()


def test_r_is_there_under_both_names_and_loads_nothing_heavy() -> None:
    assert loaded_by("from qtui import R\nfrom qtui.recorder import R as same\nassert R is same") == set()


def test_an_unknown_name_is_an_attribute_error() -> None:
    for module in (qtui, qtui.recorder):
        with pytest.raises(AttributeError, match="nonsense"):
            module.__getattr__("nonsense")


def test_recording_into_files_loads_neither_mlflow_nor_pandas(tmp_path: Path) -> None:
    records = f"""
from qtui import R
from qtui.recorder import init
init({str(tmp_path / "mlruns")!r})
with R.start():
    R.log_metrics(loss=0.5)
    R.log_params(lr=1)
    R.save_objects(a=1)
"""
    assert loaded_by(records) <= {"yaml"}
