"""Threads and tasks log into their own run: no value in another one, and no run that nobody started."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

import pytest

from qtui.errors import RecorderInitializationError
from qtui.recorder import MLflowExpManager, QlibRecorder
from tests.unit.recorder.recording.process import Program

WAIT = 60
"""Seconds after which a thread that never comes fails its test."""


@pytest.fixture
def program(store_uri: str, tmp_path: Path) -> Program:
    return Program(tmp_path, store_uri)


def in_thread(work: Callable[[], object]) -> None:
    """Do something in a thread of its own; what it raises is raised here."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(WAIT)


def test_threads_log_into_the_run_of_the_program_and_record_runs_of_their_own(program: Program) -> None:
    body = """
    from contextvars import copy_context
    def own(number):
        with R.start(experiment_name="own", recorder_name=f"own{number}"):
            log(f"m{number}", 500)
    def bound(recorder, number):
        with R.bind(recorder):
            log(f"t{number}", 500)
    with R.start(recorder_name="main"):
        recorder = R.get_recorder()
        helpers = [threading.Thread(target=bound, args=(recorder, number)) for number in range(2)]
        for number in (2, 3):
            helpers.append(threading.Thread(target=copy_context().run, args=(log, f"t{number}", 500)))
        owners = [threading.Thread(target=own, args=(number,)) for number in range(4)]
        for thread in (*helpers, *owners):
            thread.start()
        for thread in (*helpers, *owners):
            thread.join()
    """
    code, _, stderr = program.run(body)
    assert (code, stderr) == (0, "")
    runs = {info.name: info for info in program.infos}
    assert sorted(info.name for info in program.infos) == ["main", "own0", "own1", "own2", "own3"]
    assert {info.status for info in runs.values()} == {"FINISHED"}
    (main,) = next(iter(program.store.runs([runs["main"]]))).items
    assert main.metrics.keys() == {f"t{number}" for number in range(4)}
    for number in range(4):
        (run,) = next(iter(program.store.runs([runs[f"own{number}"]]))).items
        assert run.metrics.keys() == {f"m{number}"}
        assert "mlflow.parentRunId" not in run.tags
        for info, key in ((run.info, f"m{number}"), (main.info, f"t{number}")):
            assert program.store.history(info, key)[0].steps.tolist() == list(range(500))


def test_workers_of_the_only_run_log_every_point_into_it(recording: QlibRecorder) -> None:
    def work(number: int) -> None:
        for step in range(500):
            recording.log_metrics(step=step, **{f"t{number}": float(step)})

    with recording.start(experiment_name="e", recorder_name="main"):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        recorder = recording.get_recorder()
    assert list(recording.list_recorders(experiment_name="e")) == [recorder.id]
    for number in range(4):
        assert recorder.history(f"t{number}").steps.tolist() == list(range(500))


def test_workers_log_into_their_run_while_another_thread_is_about_to_start_one(
    recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    starting, go_on = threading.Event(), threading.Event()
    usual = MLflowExpManager._start_exp

    def slow(self: MLflowExpManager, **how: object) -> object:
        starting.set()
        assert go_on.wait(WAIT)
        return usual(self, **how)

    def other() -> None:
        with recording.start(experiment_name="e", recorder_name="other"):
            pass

    with recording.start(experiment_name="e", recorder_name="main"), ThreadPoolExecutor(2) as pool:
        recorder = recording.get_recorder()
        monkeypatch.setattr(MLflowExpManager, "_start_exp", slow)
        begun = pool.submit(other)
        assert starting.wait(WAIT)
        pool.submit(recording.log_metrics, loss=1.0).result(WAIT)
        go_on.set()
        begun.result(WAIT)
    assert recorder.list_metrics() == {"loss": 1.0}
    assert {item.name for item in recording.list_experiments().values()} <= {"Default", "first", "e"}
    assert len(recording.list_recorders(experiment_name="e")) == 2


def test_two_runs_at_once_each_with_a_pool_keep_their_points_apart(recording: QlibRecorder) -> None:
    both = threading.Barrier(2)

    def train(number: int) -> None:
        with recording.start(experiment_name="e", recorder_name=f"run{number}"), ThreadPoolExecutor(2) as pool:
            recorder = recording.get_recorder()
            both.wait(WAIT)

            def bound(step: int) -> None:
                with recording.bind(recorder):
                    recording.log_metrics(step=step, **{f"bound{number}": step})

            jobs = [pool.submit(bound, step) for step in range(500)]
            copied = [
                pool.submit(copy_context().run, lambda at=step: recording.log_metrics(at, **{f"copied{number}": at}))
                for step in range(500)
            ]
            for job in (*jobs, *copied):
                job.result(WAIT)
            both.wait(WAIT)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(train, range(2)))
    runs = {item.name: item for item in recording.list_recorders(experiment_name="e").values()}
    assert sorted(runs) == ["run0", "run1"]
    for number in range(2):
        recorder = runs[f"run{number}"]
        assert recorder.list_metrics().keys() == {f"bound{number}", f"copied{number}"}
        for kind in ("bound", "copied"):
            assert sorted(recorder.history(f"{kind}{number}").steps.tolist()) == list(range(500))


def test_a_thread_with_two_candidate_runs_gets_an_error_that_says_how_to_choose(recording: QlibRecorder) -> None:
    with recording.start(experiment_name="e", recorder_name="outer"), recording.start(experiment_name="e"):
        with pytest.raises(RecorderInitializationError, match=r"R\.bind\(recorder\).*copy_context\(\)\.run"):
            in_thread(lambda: recording.log_metrics(loss=1))
        with pytest.raises(RecorderInitializationError, match="2 active runs"):
            in_thread(recording.end_exp)
    assert len(recording.list_recorders(experiment_name="e")) == 2


def test_a_task_that_outlives_its_run_does_not_log_into_another(recording: QlibRecorder) -> None:
    with recording.start(experiment_name="e", recorder_name="first"):
        left = copy_context()
    with recording.start(experiment_name="e", recorder_name="second"):
        with pytest.raises(RecorderInitializationError):
            left.run(recording.log_metrics, loss=1.0)
        assert recording.get_recorder().list_metrics() == {}


def test_a_worker_or_task_that_outlives_its_run_starts_no_other_run(recording: QlibRecorder) -> None:
    with ThreadPoolExecutor(1) as pool:
        with recording.start(experiment_name="e", recorder_name="first"):
            pool.submit(recording.log_metrics, step=0, loss=1.0).result(WAIT)
            left = copy_context()
        for log in (left.run, lambda *call, **values: pool.submit(*call, **values).result(WAIT)):
            with pytest.raises(RecorderInitializationError, match=r"has ended.*R\.bind\(recorder\)"):
                log(recording.log_metrics, step=1, loss=2.0)
        with recording.start(experiment_name="e", recorder_name="second"):
            pool.submit(recording.log_metrics, step=0, loss=3.0).result(WAIT)
            assert recording.get_recorder().list_metrics() == {"loss": 3.0}
    assert {item.name for item in recording.list_experiments().values()} - {"Default"} == {"e"}
    recording.log_metrics(loss=4.0)
    assert recording.get_recorder().name == "mlflow_recorder"


def test_bind_logs_into_that_recorder_and_ends_nothing(recording: QlibRecorder) -> None:
    with recording.start(experiment_name="e", recorder_name="first"):
        first = recording.get_recorder()
        with recording.start(experiment_name="e", recorder_name="second"):
            with recording.bind(first) as bound:
                recording.log_metrics(loss=1.0)
                assert recording.get_recorder() is bound is first
            assert recording.get_recorder().name == "second"
            assert recording.get_recorder().list_metrics() == {}
        assert first.status == "RUNNING"
    with recording.bind(first):
        recording.log_params(late=True)
    assert (first.status, first.list_metrics(), first.list_params()["late"]) == ("FINISHED", {"loss": 1.0}, "True")


def test_a_recorder_that_has_not_begun_cannot_be_bound(recording: QlibRecorder) -> None:
    new = recording.get_exp(experiment_name="e").create_recorder("new")
    with pytest.raises(RecorderInitializationError, match="start it"), recording.bind(new):
        pass


def test_tasks_of_asyncio_record_into_their_own_runs(recording: QlibRecorder) -> None:
    ids: dict[int, str] = {}

    async def train(number: int, turns: asyncio.Barrier) -> None:
        with recording.start(experiment_name="aio", recorder_name=f"task{number}"):
            ids[number] = recording.get_recorder().id
            for step in range(5):
                await turns.wait()
                recording.log_metrics(step=step, m=float(number))

    async def main() -> None:
        turns = asyncio.Barrier(2)
        await asyncio.gather(train(1, turns), train(2, turns))

    asyncio.run(main())
    for number, run_id in ids.items():
        assert recording.get_recorder(recorder_id=run_id).history("m").values.tolist() == [float(number)] * 5
        assert recording.get_recorder(recorder_id=run_id).status == "FINISHED"


def test_uri_context_in_threads_records_into_its_own_store(recording: QlibRecorder, tmp_path: Path) -> None:
    before = recording.get_uri()
    everyone = threading.Barrier(3)

    def work(number: int) -> None:
        with recording.uri_context(f"file:{tmp_path}/store{number}"):
            everyone.wait(WAIT)
            with recording.start(experiment_name=f"exp{number}"):
                recording.log_metrics(m=number)
            everyone.wait(WAIT)
        assert recording.get_uri() == before

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    assert recording.get_uri() == before
    for number in range(3):
        with recording.uri_context(f"file:{tmp_path}/store{number}"):
            assert recording.list_experiments().keys() - {"Default"} == {f"exp{number}"}


def test_uri_context_in_a_task_affects_that_task_only(recording: QlibRecorder, tmp_path: Path) -> None:
    before = recording.get_uri()

    async def inside(entered: asyncio.Event, seen: asyncio.Event) -> str:
        with recording.uri_context(f"file:{tmp_path}/other"):
            entered.set()
            await seen.wait()
            return recording.get_uri()

    async def main() -> None:
        entered, seen = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(inside(entered, seen))
        await entered.wait()
        assert recording.get_uri() == before
        seen.set()
        assert await task == f"file:{tmp_path}/other"

    asyncio.run(main())
    assert recording.get_uri() == before


def test_a_worker_reads_where_the_run_that_it_joins_records(recording: QlibRecorder, tmp_path: Path) -> None:
    other = f"file:{tmp_path}/other"
    with recording.uri_context(other), recording.start(experiment_name="e"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(recording.get_uri).result(WAIT) == other


def test_a_relative_uri_is_relative_to_where_the_run_was_started(recording: QlibRecorder, tmp_path: Path) -> None:
    with recording.start(experiment_name="e", uri="third"):
        assert recording.get_uri() == f"file:{tmp_path}/third"
