"""Load the report of a run: the artifacts of its signal analysis and its backtest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

from qtui.entities import Run, RunInfo
from qtui.errors import QtuiError
from qtui.recorder import Library
from qtui.runs.qlib_results import REPORT_FOLDERS
from qtui.tui.load.artifact import failure_reason, remote_limit
from qtui.tui.load.background import MessageStream

if TYPE_CHECKING:
    from qtui.artifacts.qlib_files.run_report import RunReport


@dataclass
class ReportLoaded(Message):
    """The report of a run was loaded."""

    run: Run
    report: RunReport


@dataclass
class ReportProgressed(Message):
    """One of the artifacts of a report was read; between two of them the load can be cancelled."""

    run_id: str


def load_report(library: Library, run: Run) -> MessageStream:
    """Load the artifacts of a report, one after another; what cannot be read is named in the report."""
    from qtui.artifacts.qlib_files.run_report import RunReport, report_paths

    problems: list[str] = []
    values: dict[str, Any] = {}
    paths = [path for folder in REPORT_FOLDERS for path in _files(library, run.info, folder)]
    for path in report_paths(paths):
        try:
            values[path] = _read(library, run.info, path)
        except (QtuiError, OSError) as error:
            problems.append(failure_reason(error))
        yield ReportProgressed(run.info.run_id)
    metrics = {key: point.value for key, point in run.metrics.items()}
    yield ReportLoaded(run, RunReport.of_values(metrics, values, problems))


def _files(library: Library, info: RunInfo, folder: str) -> Iterator[str]:
    """Yield the paths of the files in a folder; none if it cannot be listed."""
    try:
        listing = library.artifacts(info, folder)
    except QtuiError:
        return
    yield from (artifact.path for artifact in listing.items if not artifact.is_dir)


def _read(library: Library, info: RunInfo, path: str) -> Any:
    """Return the value of a pickle; raises ArtifactUnreadable."""
    from qtui.artifacts.remote_source import open_source
    from qtui.artifacts.trees.pickle_file import load_pickle

    with open_source(library, info, path, limit=remote_limit()) as source:
        return load_pickle(source).value
