"""The run of a command, as its supervisor changes it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from qtui.entities import PROCESS_TAG, RunInfo
from qtui.errors import ArtifactNotFound, QtuiError
from qtui.recorder.reading.lookup import run_of_id
from qtui.recorder.recording import leftovers
from qtui.recorder.recording.batch_writer import Retry
from qtui.recorder.recording.provenance import free_name, process_id
from qtui.recorder.resume.exit_status import final_status
from qtui.recorder.store_access import StoreAccess
from qtui.stderr import print_message
from qtui.store.edits import SetStatus, apply_edits
from qtui.store.writer import Batch

LOG_NAME = "output.log"
"""The artifact with the output of the command; those of later commands in the run are numbered."""


class SupervisedRun:
    """A run whose command is running; nothing that fails here is raised, as nobody could handle it."""

    def __init__(self, uri: str, run_id: str) -> None:
        self._access = StoreAccess(uri, keep_schema=True)
        self._run_id = run_id
        self._retry = Retry()

    def record_process(self) -> None:
        """Record this process in the run, for checks whether the run is still running."""
        # The command may have deleted its run.
        with suppress(QtuiError):
            self._access.writer.log(self._info(), Batch(tags={PROCESS_TAG: process_id()}))

    def end(self, exit_code: int, signals: Collection[int], ended_at: int) -> None:
        """Set the final status and the end time (ms)."""

        def set_status() -> None:
            info = self._info()
            status = final_status(exit_code, signals, info.status)
            apply_edits(self._access.writer, SetStatus([info], status, ended_at))

        try:
            self._retry.call(set_status)
        except QtuiError as error:
            status = final_status(exit_code, signals, "")
            print_message(f"The run {self._run_id} could not be set to {status}: {error}")

    def save_log(self, file: Path) -> None:
        """Save a file with the output as an artifact; keep it elsewhere if that fails."""
        try:
            info = self._info()
            file = file.rename(file.with_name(free_name(LOG_NAME, self._artifact_names(info))))
            self._retry.call(lambda: self._access.writer.save_artifact(info, file))
        except QtuiError as error:
            folder = leftovers.keep_files(RunInfo(self._run_id, ""), file, "")
            print_message(f"The output could not be saved as an artifact: {error} It is kept in {folder}")
        file.unlink(missing_ok=True)
        file.parent.rmdir()

    def _info(self) -> RunInfo:
        return run_of_id(self._access.store, self._run_id)

    def _artifact_names(self, info: RunInfo) -> list[str]:
        try:
            return [artifact.path for artifact in self._access.store.artifacts(info).items]
        except ArtifactNotFound:
            return []
