"""Editing many runs: one edit of qtui, which can be undone, beside a loop of MLflow's client.

The keys of the screen while it deletes runs are measured from the key to the first paint of its response.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import cycle
from statistics import median
from time import perf_counter

from qtui.store import open_writer
from tests.bench import cached_stores
from tests.bench.databases import build_database
from tests.bench.processes import ROUNDS, check_equal_results, run_probe
from tests.bench.registry import Comparison, Measurement, RatioBudget, Scale, bench
from tests.bench.report import format_seconds
from tests.bench.runs_table import DOWN, KEY_LIMIT_S, PAGE_DOWN, UP, KeyResponses, TerminalProgram
from tests.bench.stores import START, Size, build_file_store

MAX_RUNS = 1000
WARM_RUNS = 10


CTRL_A, ESCAPE, ENTER = "\x01", "\x1b", "\r"
DELETED_RUNS_FILTER = "/metrics.metric_0 > 0.05"
"""The runs that are deleted: 95 of 100, so that the cursor can move among the others afterwards."""

MIN_STEP_BYTES = 200
"""The least output of a step of the cursor; a change of the progress has fewer bytes."""

KEY_PAUSE_S = 0.03
KEYS_AFTER_DELETE_S = 1.0
DELETE_LIMIT_S = 20.0


@bench("edits")
def edits_bench(scale: Scale) -> Iterator[Comparison | Measurement]:
    """Tag and delete a thousand runs; delete ten thousand from the screen."""
    count = min(scale.size.runs, MAX_RUNS)
    # MLflow does not flush a meta.yaml to the disk, qtui does.
    budgets = {
        "file store": {"tagged": RatioBudget(3), "deleted": RatioBudget(1)},
        "sqlite": {"tagged": RatioBudget(20), "deleted": RatioBudget(20)},
    }
    for kind, new in (("file store", cached_stores.new_file_store), ("sqlite", cached_stores.new_database)):
        for name, client_call in (("tagged", "MlflowClient.set_tag"), ("deleted", "MlflowClient.delete_run")):
            theirs, expected = run_probe(f"mlflow_{name}", *stores(scale, new, count))
            measured = [run_probe(f"qtui_{name}", *stores(scale, new, count)) for _ in range(ROUNDS)]
            check_equal_results(measured[0][1], expected)
            ours = median(seconds for seconds, _ in measured)
            yield Comparison(f"{kind}, {count:,} runs {name}", ours, client_call, theirs, budgets[kind][name])
    size = Size(scale.size.runs * 20 // 19, 5, 2, 2, 2)
    folder = cached_stores.make_empty_folder(scale, "deleted-from-the-screen")
    for kind, uri in (
        ("file store", str(build_file_store(folder / "mlruns", size))),
        ("sqlite", f"sqlite:///{build_database(folder / 'mlflow.db', size).absolute()}"),
    ):
        responses, seconds = press_keys_during_delete(uri)
        label = f"{kind}, {scale.size.runs:,} runs deleted from the screen"
        yield Measurement(f"{label}: key to paint, p50", responses.median, KEY_LIMIT_S, format_seconds)
        yield Measurement(f"{label}: key to paint, p95", responses.p95, KEY_LIMIT_S, format_seconds)
        yield Measurement(f"{label}: duration", seconds, DELETE_LIMIT_S, format_seconds)


def press_keys_during_delete(uri: str) -> tuple[KeyResponses, float]:
    """Delete most runs of a store from the screen; return the responses to keys meanwhile, and the seconds it took."""
    with TerminalProgram(["-m", "qtui", "--uri", uri, "--refresh", "0"], 120, 36) as screen:
        screen.press("", timeout=120, quiet=4)
        for keys in (DELETED_RUNS_FILTER, ENTER, CTRL_A, ESCAPE, "D"):
            screen.press(keys, quiet=1)
        started, ended = perf_counter(), 0.0
        screen.press_until_painted("y", MIN_STEP_BYTES, KEY_PAUSE_S)
        times: list[float] = []
        sizes: list[int] = []
        for key in cycle([*[DOWN] * 30, PAGE_DOWN, *[UP] * 20]):
            seconds, output = screen.press_until_painted(key, MIN_STEP_BYTES, KEY_PAUSE_S)
            times.append(seconds)
            sizes.append(len(output))
            if not ended and b"runs deleted" in output:
                ended = perf_counter()
            if ended and perf_counter() - ended > KEYS_AFTER_DELETE_S:
                break
        return KeyResponses(tuple(sorted(times)), tuple(sorted(sizes))), ended - started


def stores(scale: Scale, new: Callable[[Scale, str], str], count: int) -> tuple[str, str]:
    """Return two stores with few runs and with many."""
    return with_runs(new(scale, "edited-warm"), min(count, WARM_RUNS)), with_runs(new(scale, "edited-cold"), count)


def with_runs(uri: str, count: int) -> str:
    """Create an experiment with runs in a store, and return the address of the store."""
    with closing(open_writer(uri)) as writer:
        experiment = writer.create_experiment("bench")
        for number in range(count):
            writer.create_run(experiment, name=f"run {number}", start_time=START + number)
    return uri
