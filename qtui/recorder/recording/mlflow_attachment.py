"""Making MLflow's fluent functions and autologging log into the run that R started, as with Qlib.

MLflow is never imported for this. It is attached to a run that starts after MLflow was imported, in the thread that
starts the run, or by `R.attach_mlflow()`. MLflow's process-wide state, its tracking URI and the flag that allows file
stores, is changed while a run is attached and restored after the last one.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from qtui.entities import RunInfo
from qtui.store.mlflow_installation import warn_of_mixed_installation

logger = logging.getLogger(__name__)

MODULE = "mlflow"
NO_STORE = "qtui-no-store:"
"""A URI that MLflow rejects immediately."""
FILE_STORE_FLAG = "MLFLOW_ALLOW_FILE_STORE"
"""Environment variable without which MLflow refuses file stores since 3.13."""


class MlflowAttachment:
    """The attachment of one run: while it lasts, the run is MLflow's active run."""

    def __init__(self, uri: str, info: RunInfo) -> None:
        self.uri = uri
        self.thread = threading.get_ident()
        self._info = info

    def begin(self) -> None:
        """Attach the run if MLflow is imported."""
        if MODULE in sys.modules:
            self.attach()

    def attach(self) -> None:
        """Make the run MLflow's active run in this thread; a failure is only logged."""
        warn_of_mixed_installation()
        import mlflow

        try:
            if self not in ATTACHMENTS.attached and not ATTACHMENTS.add(self):
                return
            active = mlflow.active_run()
            if active is None or active.info.run_id != self._info.run_id:
                mlflow.start_run(run_id=self._info.run_id, nested=True)
        except Exception as error:
            # Recording goes on without MLflow.
            logger.warning("MLflow's own functions cannot log into the run %s: %s", self._info.run_id, error)

    def end(self, status: str) -> None:
        """Detach the run, which MLflow would otherwise end at exit, and restore MLflow's state."""
        if self not in ATTACHMENTS.attached:
            return
        import mlflow

        try:
            active = mlflow.active_run()
            if active is not None and active.info.run_id == self._info.run_id:
                mlflow.end_run(status)
        except Exception as error:
            # No error of MLflow may keep the run from being ended.
            logger.warning("MLflow could not end the run %s on its side: %s", self._info.run_id, error)
        finally:
            ATTACHMENTS.remove(self)

    def drop(self) -> None:
        """Detach the run like `end`, without accessing the store: MLflow would retry an unreachable one for minutes."""
        if self not in ATTACHMENTS.attached:
            return
        import mlflow

        try:
            active = mlflow.active_run()
            if active is not None and active.info.run_id == self._info.run_id:
                mlflow.set_tracking_uri(NO_STORE)
                mlflow.end_run()
        except Exception as error:
            logger.debug("Detached MLflow from the run %s: %s", self._info.run_id, error)
        finally:
            ATTACHMENTS.remove(self)


class MlflowAttachments:
    """The attached runs of this process, and MLflow's state before the first of them."""

    def __init__(self) -> None:
        self.attached: tuple[MlflowAttachment, ...] = ()
        self._before: str | None = None
        self._flag: str | None = None
        self._lock = threading.Lock()

    def add(self, attachment: MlflowAttachment) -> bool:
        """Set MLflow's tracking URI to the store of this run.

        Returns False if another thread has attached a run of another store: the URI is process-wide.
        """
        import mlflow

        with self._lock:
            attachment.thread = threading.get_ident()
            others = (other for other in self.attached if other.thread != attachment.thread)
            if any(other.uri != attachment.uri for other in others):
                logger.warning("MLflow logs into one store at a time, so it does not log into the run of this thread.")
                return False
            if not self.attached:
                self._before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None
                self._flag = os.environ.get(FILE_STORE_FLAG)
            self.attached = (*self.attached, attachment)
            os.environ.setdefault(FILE_STORE_FLAG, "true")
            mlflow.set_tracking_uri(attachment.uri)
            return True

    def remove(self, attachment: MlflowAttachment) -> None:
        """Restore MLflow's tracking URI."""
        import mlflow

        with self._lock:
            self.attached = tuple(other for other in self.attached if other is not attachment)
            mlflow.set_tracking_uri(self.attached[-1].uri if self.attached else self._before)
            if not self.attached and self._flag is None:
                os.environ.pop(FILE_STORE_FLAG, None)


ATTACHMENTS = MlflowAttachments()
"""The attachments of this process."""


def mlflow_client(uri: str) -> Any:
    """Return MLflow's client of a store, also of a file store."""
    from mlflow.tracking import MlflowClient

    with allow_file_stores():
        return MlflowClient(tracking_uri=uri)


@contextmanager
def allow_file_stores() -> Iterator[None]:
    """Allow MLflow to open file stores inside the `with`."""
    flag = os.environ.get(FILE_STORE_FLAG)
    os.environ.setdefault(FILE_STORE_FLAG, "true")
    try:
        yield
    finally:
        if flag is None and not ATTACHMENTS.attached:
            os.environ.pop(FILE_STORE_FLAG, None)
