"""One run while it is recorded: its command and code, the writing of values, and its end."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from qtui.entities import PROCESS_TAG, Run, RunInfo
from qtui.errors import NotLogged, ParamConflict, QtuiError, StoreError, UsageError
from qtui.formatting import now_ms
from qtui.recorder.recording import leftovers, uncommitted_code
from qtui.recorder.recording.batch_writer import BatchWriter, Retry
from qtui.recorder.recording.log_queue import LogQueue
from qtui.recorder.recording.mlflow_attachment import MlflowAttachment
from qtui.recorder.recording.provenance import add_numbered, free_name, own_params, process_id
from qtui.recorder.recording.value_logger import ValueLogger, save_files
from qtui.recorder.store_access import OnBadValue, StoreAccess
from qtui.store.edits import SetStatus, apply_edits
from qtui.store.environment import working_folder
from qtui.store.writer import Batch, request_batches

logger = logging.getLogger(__name__)

GRACE_S = 2.0
"""Time for values in flight to be written when ending the run is interrupted."""

MAX_ATTEMPTS = 10
"""Limit of attempts to number the command of a run that other processes resume at the same time."""


class RunRecording:
    """The recording of a run between its start and its end: the queue, the writer and MLflow's attachment."""

    def __init__(
        self,
        access: StoreAccess,
        info: RunInfo,
        read_run: Callable[[], Run] | None = None,
        on_bad_value: OnBadValue | None = None,
        *,
        is_resuming: bool = False,
    ) -> None:
        """Begin recording; `read_run` returns the values of the run, `on_bad_value` overrides that of `access`."""
        self.info = info
        self._access = access
        self._read_run = read_run
        self._pid = os.getpid()
        self._on_bad_value = on_bad_value or access.on_bad_value
        self._retry = Retry()
        self._batch_writer = BatchWriter(
            self._write, lambda batch: leftovers.keep(info, access.uri, batch), self._retry, self._on_bad_value
        )
        self._limits = access.writer.limits
        self.queue = LogQueue(self._deliver)
        self._is_resuming = is_resuming
        self.value_logger = self._new_value_logger()
        self._mlflow = MlflowAttachment(access.uri, info)

    @property
    def is_inherited(self) -> bool:
        """Whether the parent of this forked process started it."""
        return self._pid != os.getpid()

    def record_provenance(self, artifacts: Callable[[], list[str]]) -> None:
        """Record the command, the environment and the uncommitted code; earlier records of a resumed run stay."""
        began = time.perf_counter()
        try:
            if self._is_resuming:
                self.value_logger.set_tags({PROCESS_TAG: process_id()})
            try:
                self._record_params()
            finally:
                self._is_resuming = False
            folder = working_folder()
            reports = list(uncommitted_code.reports(folder)) if folder else []
            names = artifacts() if reports else []
            save_files(self.save, [(free_name(name, names), content) for name, content in reports])
        except (QtuiError, OSError) as error:
            # The run goes on without these records.
            logger.warning("Could not record the command and the code of the run %s: %s", self.info.run_id, error)
        logger.debug("Recording the command and the code took %.3f s.", time.perf_counter() - began)
        if not self._access.keep_schema:
            # MLflow would migrate the database.
            self._mlflow.begin()

    def _record_params(self) -> None:
        """Log the command and the environment; retry if another process took the same number in a resumed run."""
        own = own_params(sys.argv, os.environ)
        for attempt in range(MAX_ATTEMPTS):
            try:
                self.value_logger.log_params(add_numbered(self.value_logger.known_params(), own))
                return
            except ParamConflict:
                self.value_logger = self._new_value_logger()
                if attempt == MAX_ATTEMPTS - 1:
                    raise

    def _new_value_logger(self) -> ValueLogger:
        return ValueLogger(self._limits, self._put, self._save_text, self._read_run, self._on_bad_value)

    def _put(self, batch: Batch) -> None:
        """Queue values; write the command of a resumed run immediately, as another process may take its number."""
        if self._is_resuming:
            self._write(batch)
        else:
            self.queue.put(batch)

    def attach_mlflow(self) -> None:
        """Make the run MLflow's active one in this thread."""
        if self._access.keep_schema:
            raise UsageError("MLflow would migrate this database, which keep_schema=True forbids.")
        self._mlflow.attach()

    def flush(self) -> None:
        """Wait until all logged values are in the store."""
        self.queue.flush()

    def end(self, status: str) -> int:
        """Write all logged values, then the status and the end time (ms), which is returned."""
        self.queue.close()
        return self.set_status(status)

    def keep_unwritten(self) -> None:
        """Stop writing and keep the unwritten values in a file."""
        self._retry.stop()
        self._batch_writer.keep_interrupted(self.queue.abandon(GRACE_S))

    def save(self, source: Path, folder: str) -> None:
        """Save a file, or the content of a folder, as artifacts; keep a copy elsewhere if that fails."""
        try:
            self._retry.call(lambda: self._access.writer.save_artifact(self.info, source, folder))
        except StoreError as error:
            raise NotLogged(f"{error} {self._keep_files(source, folder)}") from error

    def _keep_files(self, source: Path, folder: str) -> str:
        names = ", ".join(sorted(path.name for path in source.iterdir())) if source.is_dir() else source.name
        try:
            return f"{names}: kept in {leftovers.keep_files(self.info, source, folder)}"
        except OSError as error:
            return f"{names}: not saved, and could not be kept elsewhere ({error})."

    def set_status(self, status: str) -> int:
        """Write the status and the end time (ms), which is returned, and detach the run from MLflow."""
        end_time = now_ms()
        try:
            self._retry.call(lambda: apply_edits(self._access.writer, SetStatus([self.info], status, end_time)))
        except BaseException:
            self._mlflow.drop()
            raise
        self._mlflow.end(status)
        return end_time

    def failures(self) -> tuple[str, ...]:
        """Return what could not be written, a sentence for every problem."""
        return self._batch_writer.failures()

    def _deliver(self, batch: Batch) -> None:
        """Deliver a batch request by request, so that nothing a server accepted is sent again after a failure."""
        for part in request_batches(batch, self._limits):
            self._batch_writer(part)

    def _write(self, batch: Batch) -> None:
        self._access.writer.log(self.info, batch)

    def _save_text(self, source: Path, folder: str) -> None:
        """Save the full text of a param; like for a value, a failure is reported at the end of the run."""
        try:
            self.save(source, folder)
        except NotLogged as error:
            self._batch_writer.add_failure(str(error))
