"""However a process ends, its run ends in the right status, and every value that was logged is there."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qtui.recorder import MLflowRecorder
from tests.unit.recorder.recording.process import Program

POINTS = list(range(3000))

ENDINGS = {
    "the end of the with": ("FINISHED", 0, "with R.start():\n    log()"),
    "an exception": ("FAILED", 1, "with R.start():\n    log()\n    raise ValueError('no')"),
    "an exception that is caught": (
        "FAILED",
        0,
        "try:\n    with R.start():\n        log()\n        raise ValueError('no')\nexcept ValueError:\n    pass",
    ),
    "ctrl-c": ("FAILED", -signal.SIGINT, "with R.start():\n    log()\n    os.kill(os.getpid(), signal.SIGINT)"),
    "sys.exit(0)": ("FINISHED", 0, "with R.start():\n    log()\n    sys.exit(0)"),
    "sys.exit(1)": ("FAILED", 1, "with R.start():\n    log()\n    sys.exit(1)"),
    "sys.exit of a text": ("FAILED", 1, "with R.start():\n    log()\n    sys.exit('no data')"),
    "end_exp": ("KILLED", 0, "R.start_exp()\nlog()\nR.end_exp('KILLED')"),
    "a forgotten end_exp": ("FINISHED", 0, "R.start_exp()\nlog()"),
    "nothing but logging": ("FINISHED", 0, "log()"),
    "an exception without a with": ("FAILED", 1, "R.start_exp()\nlog()\nraise ValueError('no')"),
    "ctrl-c without a with": ("FAILED", -signal.SIGINT, "R.start_exp()\nlog()\nos.kill(os.getpid(), signal.SIGINT)"),
    "sys.exit(0) without a with": ("FINISHED", 0, "R.start_exp()\nlog()\nsys.exit(0)"),
    "sys.exit(3) without a with": ("FINISHED", 3, "R.start_exp()\nlog()\nsys.exit(3)"),
    "sys.exit of a text without a with": ("FINISHED", 1, "R.start_exp()\nlog()\nsys.exit('no data')"),
    "sys.exit from deep below, seen on its way": (
        "FINISHED",
        1,
        "def main():\n    try:\n        log()\n        sys.exit(1)\n    except SystemExit as error:\n"
        "        seen = error\n        raise\nR.start_exp()\nmain()",
    ),
    "a sys.exit that is caught": (
        "FINISHED",
        0,
        "R.start_exp()\ntry:\n    sys.exit(1)\nexcept SystemExit:\n    pass\nlog()",
    ),
    "a sys.exit in a thread": (
        "FINISHED",
        0,
        "R.start_exp()\nthread = threading.Thread(target=sys.exit, args=(1,))\nthread.start()\nthread.join()\nlog()",
    ),
    "an exception long before": (
        "FINISHED",
        0,
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    pass\nR.start_exp()\nlog()",
    ),
    "sigterm": (
        "KILLED",
        143,
        "with R.start():\n    log()\n    os.kill(os.getpid(), signal.SIGTERM)\n    time.sleep(60)",
    ),
    "sigterm without a with": ("KILLED", 143, "R.start_exp()\nlog()\nos.kill(os.getpid(), signal.SIGTERM)"),
    "sighup": (
        "KILLED",
        129,
        "with R.start():\n    log()\n    os.kill(os.getpid(), signal.SIGHUP)\n    time.sleep(60)",
    ),
    "a thread that logs to the end": (
        "FINISHED",
        0,
        "R.start_exp()\nthreading.Thread(target=log).start()",
    ),
}


@pytest.fixture
def program(store_uri: str, tmp_path: Path) -> Program:
    return Program(tmp_path, store_uri)


@pytest.mark.parametrize("name", ENDINGS)
def test_every_ending_has_its_status_and_loses_nothing(program: Program, name: str) -> None:
    status, code, body = ENDINGS[name]
    ended = program.run(body)[0]
    # CPython forgets an interrupt when SQLAlchemy compiles code while the last values are written at exit.
    forgotten = name == "ctrl-c without a with" and program.uri.startswith("sqlite:")
    assert ended in ({code, 1} if forgotten else {code})
    run = program.only()
    assert run.info.status == status
    assert run.info.end_time is not None
    assert program.steps() == POINTS
    assert run.params["cmd-sys.argv"] == "train.py"


def test_a_kill_leaves_it_running_with_all_but_the_last_moment(program: Program) -> None:
    body = """
    R.start_exp()
    log()
    R.log_params(lr=1)
    time.sleep(1.5)
    R.log_metrics(late=1.0)
    print("ready", flush=True)
    time.sleep(60)
    """
    with program.start(body) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    run = program.only()
    assert (run.info.status, run.info.end_time) == ("RUNNING", None)
    assert run.params["lr"] == "1"
    assert program.steps() == POINTS


def test_a_signal_handler_of_the_program_runs_first_and_can_continue(program: Program) -> None:
    body = """
    asked = []
    signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    with R.start():
        os.kill(os.getpid(), signal.SIGTERM)
        log()
    assert asked == [signal.SIGTERM]
    """
    assert program.run(body)[0] == 0
    assert program.only().info.status == "FINISHED"
    assert program.steps() == POINTS


@pytest.mark.parametrize("end", ["", "sys.exit(0)", "with R.start():\n    sys.exit(0)"])
def test_a_run_ends_as_usual_after_a_handler_of_the_programs_own_went_on(program: Program, end: str) -> None:
    body = "signal.signal(signal.SIGHUP, lambda number, frame: None)\nR.start_exp()\nlog()\n"
    assert program.run(f"{body}os.kill(os.getpid(), signal.SIGHUP)\n{end}")[0] == 0
    assert {info.status for info in program.infos} == {"FINISHED"}


@pytest.mark.parametrize("main", ["thread.join()", "with R.start(experiment_name='main'):\n    thread.join()"])
def test_sigterm_ends_a_run_of_another_thread_as_killed_with_every_value(program: Program, main: str) -> None:
    body = f"""
def work():
    with R.start(recorder_name="r"):
        log()
        print("logged", flush=True)
        threading.Event().wait()
thread = threading.Thread(target=work)
thread.start()
{main}
"""
    with program.start(body) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "logged\n"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=120)
    assert process.returncode == 128 + signal.SIGTERM
    assert {info.status for info in program.infos} == {"KILLED"}
    (info,) = [info for info in program.infos if info.name == "r"]
    assert program.store.history(info, "loss")[0].steps.tolist() == POINTS


def test_a_signal_ends_a_program_that_records_nothing_as_ever(program: Program) -> None:
    assert program.run("os.kill(os.getpid(), signal.SIGTERM)")[0] == -signal.SIGTERM
    asked = (
        "asked = []\nsignal.signal(signal.SIGTERM, lambda *_: asked.append(1))\nos.kill(os.getpid(), signal.SIGTERM)"
    )
    assert program.run(f"{asked}\nassert asked == [1]")[0] == 0


def test_a_handler_that_exits_leaves_the_run_killed(program: Program) -> None:
    body = """
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    with R.start():
        log()
        os.kill(os.getpid(), signal.SIGTERM)
    """
    assert program.run(body)[0] == 0
    assert program.only().info.status == "KILLED"


def test_signals_are_the_programs_own_again_after_the_end(program: Program) -> None:
    body = """
    before = [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)]
    with R.start():
        pass
    assert [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)] == before
    with R.start():
        mine = lambda number, frame: None
        signal.signal(signal.SIGTERM, mine)
    assert signal.getsignal(signal.SIGTERM) is mine
    """
    assert program.run(body)[0] == 0


def test_sys_exit_and_the_import_system_stay_the_interpreters_own(program: Program) -> None:
    body = """
    before = sys.exit, list(sys.meta_path), dict(os.environ)
    R.start_exp()
    assert (sys.exit, sys.meta_path, dict(os.environ)) == before
    R.end_exp()
    assert (sys.exit, sys.meta_path, dict(os.environ)) == before
    """
    assert program.run(body)[0] == 0


def test_an_ignored_hangup_stays_ignored(program: Program) -> None:
    body = """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with R.start():
        os.kill(os.getpid(), signal.SIGHUP)
        log()
    """
    assert program.run(body)[0] == 0
    assert program.only().info.status == "FINISHED"


def test_a_forked_child_neither_writes_the_queue_nor_ends_the_run(program: Program) -> None:
    body = """
    with R.start():
        log()
        child = os.fork()
        if child == 0:
            R.log_metrics(child=1.0)
            sys.exit(3)
        os.waitpid(child, 0)
        print(R.get_recorder().status, R.get_recorder().list_metrics()["child"])
        R.log_metrics(after=1.0)
    """
    # Newer Pythons warn of every fork of a process with threads.
    code, output, stderr = program.run(body, environ={"PYTHONWARNINGS": "ignore"})
    assert (code, output, stderr) == (0, "RUNNING 1.0\n", "")
    assert program.only().info.status == "FINISHED"
    assert program.steps() == POINTS
    assert program.only().metrics.keys() == {"loss", "child", "after"}


def test_workers_of_multiprocessing_log_into_the_run_and_are_stopped_without_ending_it(program: Program) -> None:
    body = """
    import multiprocessing
    def work(number):
        R.log_metrics(**{f"worker{number}": float(number)})
        if number == 2:
            time.sleep(60)
    if __name__ == "__main__":
        context = multiprocessing.get_context("fork")
        with R.start():
            workers = [context.Process(target=work, args=(number,)) for number in range(3)]
            for worker in workers:
                worker.start()
            for worker in workers[:2]:
                worker.join()
            while "worker2" not in R.get_recorder().list_metrics():
                time.sleep(0.05)
            workers[2].terminate()
            workers[2].join()
            print([worker.exitcode for worker in workers], R.get_recorder().status)
            log()
    """
    code, output, _ = program.run(body)
    assert (code, output) == (0, "[0, 0, -15] RUNNING\n")
    assert program.only().info.status == "FINISHED"
    assert program.only().metrics.keys() == {"loss", "worker0", "worker1", "worker2"}
    assert program.steps() == POINTS


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_worker_of_multiprocessing_that_records_a_run_of_its_own_and_forgets_its_end(
    program: Program, method: str
) -> None:
    body = """
    import multiprocessing
    def work(ending):
        if ending == "fails in a with":
            with R.start(recorder_name=ending):
                log()
                raise ValueError
        R.start_exp(recorder_name=ending)
        log()
        if ending == "fails":
            raise ValueError
    if __name__ == "__main__":
        context = multiprocessing.get_context(sys.argv[1])
        for ending in ("returns", "fails", "fails in a with"):
            worker = context.Process(target=work, args=(ending,))
            worker.start()
            worker.join()
    """
    assert program.run(body, method)[0] == 0
    # Since Python 3.13 the exception of a worker has been handled before anything runs at its exit.
    fails = "FAILED" if sys.version_info < (3, 13) else "FINISHED"
    statuses = {info.name: info.status for info in program.infos}
    assert statuses == {"returns": "FINISHED", "fails": fails, "fails in a with": "FAILED"}
    for info in program.infos:
        assert program.store.history(info, "loss")[0].steps.tolist() == POINTS


def test_a_run_is_ended_from_another_thread(program: Program) -> None:
    body = """
    R.start_exp()
    log()
    thread = threading.Thread(target=R.end_exp, args=("FAILED",))
    thread.start()
    thread.join()
    print(R.exp_manager.active_experiment)
    """
    assert program.run(body)[:2] == (0, "None\n")
    assert program.only().info.status == "FAILED"


def test_two_interrupts_in_a_row_lose_nothing(program: Program) -> None:
    body = """
    print("ready", flush=True)
    with R.start():
        log(points=20000)
        print("logged", flush=True)
        time.sleep(60)
    """
    with program.start(body) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert process.stdout.readline() == "logged\n"
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
    assert program.only().info.status == "FAILED"
    assert len(program.steps()) == 20000


SLOW = """
from qtui.recorder import MLflowRecorder
end = MLflowRecorder.end_run
def announced(self, status):
    os.write(1, b"ending\\n")
    end(self, status)
MLflowRecorder.end_run = announced
def stuck(info, batch):
    os.write(1, b"writing\\n")
    threading.Event().wait()
def work():
    R.exp_manager.access.writer.log = stuck
    log()
    os.write(1, b"logged\\n")
    threading.Event().wait()
"""


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, "FAILED"), (signal.SIGTERM, "KILLED")], ids=["ctrl-c", "sigterm"]
)
def test_repeated_interrupts_end_the_run_and_save_and_name_unwritten_values(
    program: Program, tmp_path: Path, number: int, status: str
) -> None:
    # MLflow, which takes seconds to import, joins one run in each kind of store.
    with_mlflow = (number == signal.SIGINT) == program.uri.startswith("file:")
    imports = "import mlflow\n" if with_mlflow else ""
    body = f"{imports}{SLOW}\nwith R.start():\n    R.log_params(lr=1)\n    R.get_recorder().flush()\n    work()"
    with program.start(body, environ={"XDG_STATE_HOME": str(tmp_path / "state")}) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        for awaited in ("logged\n", "ending\n", "ending\n"):
            assert awaited in lines
            process.send_signal(number)
        _, stderr = process.communicate(timeout=120)
    (leftover_file,) = (tmp_path / "state").rglob("*.jsonl")
    assert [line for line in stderr.splitlines() if "kept in" in line] == [
        f"Ending the run was interrupted. The unwritten values are kept in {leftover_file}"
    ]
    run = program.only()
    assert (run.info.status, run.params["lr"]) == (status, "1")
    MLflowRecorder("", program.uri, mlflow_run=run.info).log_leftovers(leftover_file)
    assert program.steps() == POINTS


def test_an_interrupt_at_exit_leaves_a_run_without_a_with_failed_and_its_values_kept(
    program: Program, tmp_path: Path
) -> None:
    body = f"{SLOW}\nR.start_exp()\nwork()"
    with program.start(body, environ={"XDG_STATE_HOME": str(tmp_path / "state")}) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        for awaited in ("logged\n", "ending\n"):
            assert awaited in lines
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
    (leftover_file,) = (tmp_path / "state").rglob("*.jsonl")
    run = program.only()
    assert run.info.status == "FAILED"
    MLflowRecorder("", program.uri, mlflow_run=run.info).log_leftovers(leftover_file)
    assert program.steps() == POINTS


def test_only_the_store_remains_in_the_folder(program: Program, tmp_path: Path) -> None:
    assert program.run("with R.start():\n    log()\n    R.save_objects(a=[1])")[0] == 0
    left = {path.name for path in tmp_path.iterdir()}
    assert left <= {"train.py", "mlruns", "mlflow.db", "mlartifacts"}
    assert subprocess.run(["git", "status"], cwd=tmp_path, capture_output=True, check=False).returncode != 0
