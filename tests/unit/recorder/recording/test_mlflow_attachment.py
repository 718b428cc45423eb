"""MLflow's own functions log into the run that R has started, if MLflow was imported before or is attached."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.unit.cli.test_doctor import install
from tests.unit.recorder.recording.process import Program

BEFORE = "import mlflow"
LOGS = """
    mlflow.log_metric("fluent", 1.0, step=3)
    mlflow.log_param("by", "mlflow")
    assert mlflow.active_run().info.run_id == R.get_recorder().id
"""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Programs that record into files, for which MLflow needs a variable; importing MLflow takes seconds."""
    return Program(tmp_path, f"file:{tmp_path}/mlruns")


@pytest.fixture
def sqlite_program(database: Path, tmp_path: Path) -> Program:
    """Programs that record into a database."""
    return Program(tmp_path, f"sqlite:///{shutil.copyfile(database, tmp_path / 'mlflow.db')}")


def body(program: str) -> str:
    """The program with MLflow's warnings shut out."""
    return f"import warnings\nwarnings.simplefilter('ignore')\n{program}"


@pytest.mark.parametrize("early", [True, False], ids=["imported before", "attached inside"])
def test_fluent_functions_log_into_the_run(program: Program, early: bool) -> None:
    code, _, stderr = program.run(
        body(
            f"""
{BEFORE if early else ""}
with R.start(experiment_name="e", recorder_name="r"):
    log(points=10)
    import mlflow
    {"" if early else "R.attach_mlflow()"}
    assert os.environ["MLFLOW_ALLOW_FILE_STORE"] == "true"
{LOGS}
    R.log_metrics(late=1.0)
assert mlflow.active_run() is None
assert not mlflow.is_tracking_uri_set()
assert "MLFLOW_ALLOW_FILE_STORE" not in os.environ
"""
        )
    )
    assert code == 0, stderr
    run = program.only()
    assert (run.info.status, run.info.name) == ("FINISHED", "r")
    assert run.metrics.keys() == {"loss", "fluent", "late"}
    assert run.params["by"] == "mlflow"


def test_mlflow_does_not_end_the_run_in_its_own_way_at_exit(program: Program) -> None:
    code, _, stderr = program.run(body("import mlflow\nR.start_exp()\nmlflow.log_metric('m', 1.0)\nraise ValueError"))
    assert code == 1
    assert "ValueError" in stderr
    assert program.only().info.status == "FAILED"
    assert program.only().metrics.keys() == {"m"}


def test_nested_runs_are_nested_for_mlflow_too(sqlite_program: Program) -> None:
    code, _, stderr = sqlite_program.run(
        body(
            """
import mlflow
mlflow.set_tracking_uri("file:///elsewhere")
with R.start(recorder_name="outer"):
    with R.start(recorder_name="inner"):
        mlflow.log_metric("inner", 1.0)
    mlflow.log_metric("outer", 1.0)
assert mlflow.get_tracking_uri() == "file:///elsewhere"
"""
        )
    )
    assert code == 0, stderr
    runs = {info.name: info for info in sqlite_program.infos}
    for name, info in runs.items():
        (listing,) = sqlite_program.store.runs([info])
        assert listing.items[0].metrics.keys() == {name}
        assert info.status == "FINISHED"


def test_a_run_continues_when_mlflow_cannot_be_attached(program: Program) -> None:
    code, _, stderr = program.run(
        body(
            """
import mlflow
def refuse(**how):
    raise RuntimeError("not today")
mlflow.start_run = refuse
with R.start():
    log(points=10)
"""
        )
    )
    assert code == 0
    assert "not today" in stderr
    assert program.only().info.status == "FINISHED"


def test_a_program_that_never_imports_mlflow_does_not_load_it(program: Program) -> None:
    before = "finders = list(sys.meta_path)\n"
    after = "assert sys.meta_path == finders\nassert 'mlflow' not in sys.modules"
    assert program.run(f"{before}with R.start():\n    log()\n{after}")[0] == 0


def test_mlflow_imported_during_a_run_is_not_changed(program: Program) -> None:
    body = "with R.start():\n    import mlflow\n    assert mlflow.active_run() is None"
    assert program.run(f"{body}\n    assert not mlflow.is_tracking_uri_set()")[0] == 0


def test_runs_of_threads_leave_nothing_in_the_folder_and_log_apart(program: Program, tmp_path: Path) -> None:
    code, _, stderr = program.run(
        body(
            """
import mlflow
together = threading.Barrier(2)
def work(number):
    with R.start(recorder_name=f"r{number}"):
        together.wait()
        mlflow.log_metric(f"m{number}", 1.0)
        together.wait()
    together.wait()
threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not mlflow.is_tracking_uri_set()
assert "MLFLOW_ALLOW_FILE_STORE" not in os.environ
"""
        )
    )
    assert code == 0, stderr
    for info in program.infos:
        (listing,) = program.store.runs([info])
        assert listing.items[0].metrics.keys() == {info.name.replace("r", "m")}
    assert {path.name for path in tmp_path.iterdir()} <= {"train.py", "mlruns"}


def test_the_client_of_a_store_of_files_leaves_no_environment_variable(program: Program) -> None:
    asked = "with R.start():\n    pass\nassert len(R.get_recorder().client.search_experiments()) > 0\n"
    code, _, stderr = program.run(body(f"{asked}assert 'MLFLOW_ALLOW_FILE_STORE' not in os.environ"))
    assert code == 0, stderr


def test_mlflow_is_not_asked_about_a_run_whose_store_is_away_at_its_end(program: Program) -> None:
    code, _, stderr = program.run(
        body(
            """
import mlflow
from qtui.errors import StoreUnreachable
from qtui.recorder.recording.batch_writer import Retry
import qtui.recorder.recording.run_recording
qtui.recorder.recording.run_recording.Retry = lambda: Retry(0)
asked = []
def away(*given, **named):
    raise StoreUnreachable("The server is down.")
try:
    with R.start():
        R.exp_manager.access.writer.apply = away
        mlflow.MlflowClient.set_terminated = lambda *given, **named: asked.append(given)
except StoreUnreachable:
    pass
assert asked == []
assert mlflow.active_run() is None
assert not mlflow.is_tracking_uri_set()
"""
        )
    )
    assert code == 0, stderr
    assert program.only().info.status == "RUNNING"


def test_packages_of_mlflow_in_different_versions_are_named_once_when_mlflow_joins_a_run(
    program: Program, tmp_path: Path
) -> None:
    install(tmp_path / "packages", {"mlflow": "2.12.2", "mlflow-skinny": "3.17.2"})
    code, _, stderr = program.run(
        body("for _ in range(2):\n    with R.start(experiment_name='e'):\n        R.attach_mlflow()"),
        environ={"PYTHONPATH": str(tmp_path / "packages")},
    )
    assert code == 0, stderr
    assert stderr.count("mlflow 2.12.2 and mlflow-skinny 3.17.2 are installed together") == 1
