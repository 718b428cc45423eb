"""One run while it is being recorded: what it records of itself, the way that values take, and its end."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from qtui.entities import Run, RunInfo
from qtui.errors import NotLogged, ParamConflict, QtuiError, StoreError, UsageError
from qtui.formatting import now_ms
from qtui.recorder.recording import leftovers, uncommitted_code
from qtui.recorder.recording.delivery import Delivery, Retry
from qtui.recorder.recording.log_queue import LogQueue
from qtui.recorder.recording.logbook import Logbook, save_files
from qtui.recorder.recording.mlflow_attachment import MlflowAttachment
from qtui.recorder.recording.provenance import beside, numbered, own_params
from qtui.recorder.store_access import OnBadValue, StoreAccess
from qtui.store.batching import request_batches
from qtui.store.writer import Batch, Changes

logger = logging.getLogger(__name__)

GRACE_S = 2.0
"""Time for the values in flight to arrive when the end of the run is interrupted."""

ATTEMPTS = 10
"""How often a resumed run numbers its command again when other processes resume it at the same time."""


class RunRecording:
    """What is behind a recorder between its start and its end."""

    def __init__(
        self,
        access: StoreAccess,
        info: RunInfo,
        recall: Callable[[], Run] | None = None,
        on_bad_value: OnBadValue | None = None,
    ) -> None:
        """Begin to record; `recall` reads what a resumed run holds, `on_bad_value` overrides that of `access`."""
        self.info = info
        self._access = access
        self._recall = recall
        self._pid = os.getpid()
        self._on_bad_value = on_bad_value or access.on_bad_value
        self._patience = Retry()
        self._delivery = Delivery(
            self._write, lambda batch: leftovers.keep(info, access.uri, batch), self._patience, self._on_bad_value
        )
        self._limits = access.writer.limits
        self.queue = LogQueue(self._deliver)
        self._is_resuming = recall is not None
        self.logbook = self._new_logbook()
        self._fluent = MlflowAttachment(access.uri, info)

    @property
    def is_inherited(self) -> bool:
        """Whether it belongs to the process that this one is a fork of."""
        return self._pid != os.getpid()

    def record_itself(self, artifacts: Callable[[], list[str]]) -> None:
        """The command, the environment and the code that is not committed; what is there already stays."""
        began = time.perf_counter()
        try:
            try:
                self._record_params()
            finally:
                self._is_resuming = False
            reports = list(uncommitted_code.reports(Path.cwd()))
            taken = artifacts() if reports else []
            save_files(self.save, [(numbered(name, taken), content) for name, content in reports])
        except (QtuiError, OSError) as error:
            # A run is worth more than what it says of itself.
            logger.warning("The run %s could not record everything of itself: %s", self.info.run_id, error)
        logger.debug("Recording the command and the code took %.3f s.", time.perf_counter() - began)
        if not self._access.keep_schema:
            # MLflow would migrate a database that is to keep its schema.
            self._fluent.begin()

    def _record_params(self) -> None:
        """Log the command and the environment; read a resumed run again when another process took the same number."""
        own = own_params(sys.argv, os.environ)
        for attempt in range(ATTEMPTS):
            try:
                self.logbook.params(beside(self.logbook.known_params(), own))
                return
            except ParamConflict:
                self.logbook = self._new_logbook()
                if attempt == ATTEMPTS - 1:
                    raise

    def _new_logbook(self) -> Logbook:
        return Logbook(self._limits, self._put, self._save_text, self._recall, self._on_bad_value)

    def _put(self, batch: Batch) -> None:
        """Queue values; write the command of a resumed run at once: another process may take its number."""
        if self._is_resuming:
            self._write(batch)
        else:
            self.queue.put(batch)

    def attach_mlflow(self) -> None:
        """Make the run MLflow's active one in this thread."""
        if self._access.keep_schema:
            raise UsageError("MLflow would migrate a database that is to keep its schema (keep_schema=True).")
        self._fluent.attach()

    def flush(self) -> None:
        """Wait until everything that was logged is in the store."""
        self.queue.flush()

    def end(self, status: str) -> RunInfo:
        """Store everything that was logged, then the status."""
        self.queue.close()
        return self.set_status(status)

    def keep_unwritten(self) -> None:
        """Stop writing and keep what is not in the store in a file."""
        self._patience.stop()
        self._delivery.keep_interrupted(self.queue.abandon(GRACE_S))

    def save(self, source: Path, folder: str) -> None:
        """Put a file, or all that is in a folder, among the artifacts, else keep it elsewhere."""
        try:
            self._patience.through(lambda: self._access.writer.save_artifact(self.info, source, folder))
        except StoreError as error:
            raise NotLogged(f"{error} {self._keep_files(source, folder)}") from error

    def _keep_files(self, source: Path, folder: str) -> str:
        names = ", ".join(sorted(path.name for path in source.iterdir())) if source.is_dir() else source.name
        try:
            return f"{names}: kept in {leftovers.keep_files(self.info, source, folder)}"
        except OSError as error:
            return f"{names}: not saved, nor could it be kept elsewhere ({error})."

    def set_status(self, status: str) -> RunInfo:
        """Store the status and the end time, and take the run from MLflow."""
        changes = Changes(status=status, end_time=now_ms())
        try:
            ended = self._patience.through(lambda: self._access.writer.update_run(self.info, changes))
        except BaseException:
            self._fluent.drop()
            raise
        self._fluent.end(status)
        return replace(ended, status=status)

    def complaints(self) -> tuple[str, ...]:
        """What could not be written, each in a sentence."""
        return self._delivery.complaints()

    def _deliver(self, batch: Batch) -> None:
        """Deliver a batch request by request: what a server took before it failed is not sent again."""
        for part in request_batches(batch, self._limits):
            self._delivery(part)

    def _write(self, batch: Batch) -> None:
        self._access.writer.log(self.info, batch)

    def _save_text(self, source: Path, folder: str) -> None:
        """Save the full text of a param; like a value, it is complained of at the end, not where it is logged."""
        try:
            self.save(source, folder)
        except NotLogged as error:
            self._delivery.complain(str(error))
