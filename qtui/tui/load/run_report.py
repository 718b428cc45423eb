"""Load the report of a run: the artifacts of its signal analysis and its backtest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.message import Message

from qtui.entities import Run
from qtui.errors import QtuiError
from qtui.recorder import Library
from qtui.runs.qlib_results import REPORT_FOLDERS
from qtui.tui.load.artifact import failure_reason
from qtui.tui.load.artifact_values import ArtifactValues
from qtui.tui.load.background import MessageStream
from qtui.value_classes import dataclass

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
    artifacts = ArtifactValues(library)
    paths = [path for folder in REPORT_FOLDERS for path in artifacts.files(run.info, folder)]
    for path in report_paths(paths):
        try:
            values[path] = artifacts.read_pickle(run.info, path)
        except (QtuiError, OSError) as error:
            problems.append(failure_reason(error))
        yield ReportProgressed(run.info.run_id)
    metrics = {key: point.value for key, point in run.metrics.items()}
    yield ReportLoaded(run, RunReport.of_values(metrics, values, problems))
