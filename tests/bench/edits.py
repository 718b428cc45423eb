"""Editing many runs: one edit of qtui, which can be undone, beside a loop of MLflow's client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from statistics import median

from qtui.store import open_writer
from tests.bench import cached_stores
from tests.bench.processes import ROUNDS, check_equal_results, run_probe
from tests.bench.registry import Comparison, RatioBudget, Scale, bench
from tests.bench.stores import START

MAX_RUNS = 1000
WARM_RUNS = 10


@bench("edits")
def edits_bench(scale: Scale) -> Iterator[Comparison]:
    """Tag and delete a thousand runs."""
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
