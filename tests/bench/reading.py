"""Reading whole stores and long metrics: qtui beside MLflow's client."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import kept
from tests.bench.process import agree, probe, typical
from tests.bench.registry import Goal, Row, Scale, bench


@bench("file")
def file_bench(scale: Scale) -> Iterator[Row]:
    """All infos, params, latest metrics and tags of a file store."""
    store, small = kept.file_store(scale), kept.file_store(scale.small)
    kept.warm(store)
    uris = (f"file://{small.absolute()}", f"file://{store.absolute()}")
    cache = str(kept.empty_folder(scale, "cache-file"))
    theirs, expected = probe("mlflow_runs", *uris)
    cold, found = typical("qtui_runs", *uris)
    agree(found, expected)
    first, found = probe("qtui_runs", *uris, cache)
    agree(found, expected)
    again, found = typical("qtui_runs", *uris, cache)
    agree(found, expected)
    bare, _ = typical("bare_files", *uris)
    what = f"file store, {scale.size.runs:,} runs, all values"
    yield Row(f"{what}, cold (no cache of ours)", cold, "MlflowClient", theirs, Goal(5))
    yield Row(f"{what}, reopened (every file verified)", again, "MlflowClient", theirs, Goal(10))
    yield Row(f"{what}, first opened (cache written)", first, "MlflowClient", theirs)
    yield Row("for scale: every file opened and read", None, "bare Python", bare)


@bench("sqlite")
def sqlite_bench(scale: Scale) -> Iterator[Row]:
    """The same of an sqlite file."""
    uris = tuple(f"sqlite:///{kept.database(each).absolute()}" for each in (scale.small, scale))
    bare, _ = typical("sqlite_rows", *uris)
    theirs, expected = probe("mlflow_runs", *uris)
    ours, found = typical("qtui_runs", *uris)
    agree(found, expected)
    yield Row(f"sqlite, {scale.size.runs:,} runs, all values", ours, "MlflowClient", theirs, Goal(20))
    yield Row("for scale: the same rows fetched", None, "bare sqlite3", bare)


@bench("history")
def history_bench(scale: Scale) -> Iterator[Row]:
    """A very long metric, from its file and from a database."""
    files = tuple(f"file://{kept.long_file_store(each).absolute()}" for each in (scale.small, scale))
    databases = tuple(f"sqlite:///{kept.long_database(each).absolute()}" for each in (scale.small, scale))
    what = f"history of {scale.points:,} points"
    for kind, uris, goal in (("file store", files, Goal(300)), ("sqlite", databases, None)):
        theirs, expected = probe("mlflow_history", *uris)
        ours, found = typical("qtui_history", *uris)
        agree(found, expected)
        yield Row(f"{kind}, {what}", ours, "MlflowClient", theirs, goal)
        drawn, found = typical("qtui_drawn", *uris)
        agree(found, expected)
        yield Row(f"{kind}, {what}, read and drawn", drawn, "MlflowClient", theirs, goal)
    bare, _ = typical("pandas_history", *files)
    yield Row("for scale: the file parsed", None, "bare pandas", bare)
