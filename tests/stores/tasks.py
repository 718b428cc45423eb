"""Tasks on a store for processes of the tests: print "ready", wait for a line, do the task, print its result."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable

from qtui.entities import Point, RunInfo
from qtui.errors import QtuiError
from qtui.recorder import Library
from qtui.store import open_store, open_writer
from qtui.store.edits import Rename, SetStatus, SetTags, apply_edits
from qtui.store.writer import Batch, Metric, Writer

START = 1_700_000_000_000


def create_experiment(writer: Writer, uri: str, name: str) -> str:
    return writer.create_experiment(name).experiment_id


def log_points(writer: Writer, uri: str, run_id: str, place: str, batches: str) -> str:
    info = info_of(uri, run_id)
    for step in range(0, 2 * int(batches), 2):
        writer.log(info, Batch([Metric("m", Point(number, int(place), 0.5)) for number in (step, step + 1)]))
    return "done"


def log_param(writer: Writer, uri: str, run_id: str, place: str) -> str:
    writer.log(info_of(uri, run_id), Batch(params={"p": place}))
    return "done"


def log_for_ever(writer: Writer, uri: str, run_id: str) -> str:
    info = info_of(uri, run_id)
    step = 0
    while True:
        points = [Metric("m", Point(step, START + step, 0.5)), Metric("n/m", Point(step, START + step, 0.5))]
        writer.log(info, Batch(points, {f"p{step % 50}": "v"}, {"t": str(step), "mlflow.runName": f"name {step}"}))
        print(step, flush=True)
        step += 1


def log_with_little_room(writer: Writer, uri: str, run_id: str, room: str) -> str:
    info = info_of(uri, run_id)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), int(room)))
    points = [Metric("a", Point(step, START, 0.5)) for step in range(10)]
    points += [Metric("b", Point(step, START, 0.5)) for step in range(1000)]
    writer.log(info, Batch(points, {"p": "v"}, {"t": "w"}))
    return "done"


def edit_run(writer: Writer, uri: str, run_id: str, editor: str, rounds: str) -> str:
    with Library(uri) as library:
        info = library.find_run(run_id)
        for number in range(int(rounds)):
            result = library.apply(SetTags([info], {f"{editor}-{number}": "1"}), Rename([info], f"{editor} {number}"))
            assert not result.failures, result.failures
    return "done"


def log_and_finish(writer: Writer, uri: str, run_id: str, rounds: str) -> str:
    info = info_of(uri, run_id)
    for step in range(int(rounds)):
        writer.log(info, Batch([Metric("m", Point(step, START, 0.5))], tags={f"logged-{step}": "1"}))
        apply_edits(writer, SetStatus([info], "FINISHED", START + step))
    return "done"


def info_of(uri: str, run_id: str) -> RunInfo:
    return open_store(uri).find(run_id)[0]


TASKS: dict[str, Callable[..., str]] = {
    task.__name__: task
    for task in (
        create_experiment,
        log_points,
        log_param,
        log_for_ever,
        log_with_little_room,
        edit_run,
        log_and_finish,
    )
}


if __name__ == "__main__":
    writer = open_writer(sys.argv[2])
    if sys.argv[1] != log_for_ever.__name__:
        print("ready", flush=True)
        sys.stdin.readline()
    try:
        print(TASKS[sys.argv[1]](writer, *sys.argv[2:]))
    except QtuiError as error:
        print(type(error).__name__)
