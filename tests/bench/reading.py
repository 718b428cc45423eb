"""Reading whole stores and long metrics: qtui beside MLflow's client."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import cached_stores
from tests.bench.processes import check_equal_results, median_of_probes, run_probe
from tests.bench.registry import Comparison, RatioBudget, Scale, bench


@bench("file")
def file_bench(scale: Scale) -> Iterator[Comparison]:
    """Read all infos, params, latest metrics and tags of a file store."""
    store, small = cached_stores.file_store(scale), cached_stores.file_store(scale.small)
    cached_stores.read_all_files(store)
    uris = (f"file://{small.absolute()}", f"file://{store.absolute()}")
    cache = str(cached_stores.make_empty_folder(scale, "cache-file"))
    theirs, expected = run_probe("mlflow_runs", *uris)
    without_cache, digest = median_of_probes("qtui_runs", *uris)
    check_equal_results(digest, expected)
    first, digest = run_probe("qtui_runs", *uris, cache)
    check_equal_results(digest, expected)
    reopened, digest = median_of_probes("qtui_runs", *uris, cache)
    check_equal_results(digest, expected)
    bare, _ = median_of_probes("bare_files", *uris)
    label = f"file store, {scale.size.runs:,} runs, all values"
    yield Comparison(f"{label}, cold (without our cache)", without_cache, "MlflowClient", theirs, RatioBudget(8))
    yield Comparison(f"{label}, reopened (every file verified)", reopened, "MlflowClient", theirs, RatioBudget(15))
    yield Comparison(f"{label}, first opened (cache written)", first, "MlflowClient", theirs)
    yield Comparison("for scale: every file opened and read", None, "bare Python", bare)


@bench("sqlite")
def sqlite_bench(scale: Scale) -> Iterator[Comparison]:
    """Read all infos, params, latest metrics and tags of an SQLite file."""
    uris = tuple(f"sqlite:///{cached_stores.database(one).absolute()}" for one in (scale.small, scale))
    bare, _ = median_of_probes("sqlite_rows", *uris)
    theirs, expected = run_probe("mlflow_runs", *uris)
    ours, digest = median_of_probes("qtui_runs", *uris)
    check_equal_results(digest, expected)
    label = f"sqlite, {scale.size.runs:,} runs, all values"
    yield Comparison(label, ours, "MlflowClient", theirs, RatioBudget(25))
    yield Comparison("for scale: the same rows fetched", None, "bare sqlite3", bare)


@bench("history")
def history_bench(scale: Scale) -> Iterator[Comparison]:
    """Read a very long metric from its file and from a database."""
    files = tuple(f"file://{cached_stores.long_file_store(one).absolute()}" for one in (scale.small, scale))
    databases = tuple(f"sqlite:///{cached_stores.long_database(one).absolute()}" for one in (scale.small, scale))
    for kind, uris, budget in (("file store", files, RatioBudget(300)), ("sqlite", databases, None)):
        label = f"{kind}, history of {scale.points:,} points"
        theirs, expected = run_probe("mlflow_history", *uris)
        ours, digest = median_of_probes("qtui_history", *uris)
        check_equal_results(digest, expected)
        yield Comparison(label, ours, "MlflowClient", theirs, budget)
        with_drawing, digest = median_of_probes("qtui_drawn", *uris)
        check_equal_results(digest, expected)
        yield Comparison(f"{label}, read and drawn", with_drawing, "MlflowClient", theirs, budget)
    bare, _ = median_of_probes("pandas_history", *files)
    yield Comparison("for scale: the file parsed", None, "bare pandas", bare)
