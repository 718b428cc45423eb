"""MLflow's own fluent functions and its autologging go into the run that R has started, as they do with Qlib.

MLflow is never imported for that: it joins a run that starts when it is loaded already, in the thread that starts the
run, or when it is asked to by `R.attach_mlflow()`. What MLflow keeps for the whole process, its address and the flag
for stores of files, is changed while a run is attached and restored after the last one.
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
"""An address that MLflow refuses at once."""
FILES_FLAG = "MLFLOW_ALLOW_FILE_STORE"
"""Without it MLflow refuses stores of files since 3.13."""


class MlflowAttachment:
    """Makes a run of ours MLflow's active run, as long as it is active."""

    def __init__(self, uri: str, info: RunInfo) -> None:
        self.uri = uri
        self.thread = threading.get_ident()
        self._info = info

    def begin(self) -> None:
        """Tell MLflow of the run if it is loaded."""
        if MODULE in sys.modules:
            self.attach()

    def attach(self) -> None:
        """Make the run MLflow's active one in this thread."""
        warn_of_mixed_installation()
        import mlflow

        try:
            if self not in ATTACHMENTS.attached and not ATTACHMENTS.add(self):
                return
            active = mlflow.active_run()
            if active is None or active.info.run_id != self._info.run_id:
                mlflow.start_run(run_id=self._info.run_id, nested=True)
        except Exception as error:
            # The run is ours, and goes on without what MLflow could add.
            logger.warning("MLflow's own functions will not log into the run %s: %s", self._info.run_id, error)

    def end(self, status: str) -> None:
        """Take the run from MLflow, which would end it by itself at exit, and restore what was changed."""
        if self not in ATTACHMENTS.attached:
            return
        import mlflow

        try:
            active = mlflow.active_run()
            if active is not None and active.info.run_id == self._info.run_id:
                mlflow.end_run(status)
        except Exception as error:
            # Whatever MLflow raises about its view of the run, ours must be ended.
            logger.warning("MLflow could not end its view of the run %s: %s", self._info.run_id, error)
        finally:
            ATTACHMENTS.remove(self)

    def drop(self) -> None:
        """Take the run from MLflow like `end`, without its store: MLflow would ask one that is away for minutes."""
        if self not in ATTACHMENTS.attached:
            return
        import mlflow

        try:
            active = mlflow.active_run()
            if active is not None and active.info.run_id == self._info.run_id:
                mlflow.set_tracking_uri(NO_STORE)
                mlflow.end_run()
        except Exception as error:
            logger.debug("MLflow no longer takes part in the run %s: %s", self._info.run_id, error)
        finally:
            ATTACHMENTS.remove(self)


class MlflowAttachments:
    """The runs that MLflow takes part in, and what it had before the first of them."""

    def __init__(self) -> None:
        self.attached: tuple[MlflowAttachment, ...] = ()
        self._before: str | None = None
        self._flag: str | None = None
        self._lock = threading.Lock()

    def add(self, fluent: MlflowAttachment) -> bool:
        """Give MLflow the address of this run; False when another thread records into another store with it.

        MLflow has one address for the whole process.
        """
        import mlflow

        with self._lock:
            fluent.thread = threading.get_ident()
            others = (other for other in self.attached if other.thread != fluent.thread)
            if any(other.uri != fluent.uri for other in others):
                logger.warning("MLflow's own functions log into one store at a time, and not into this thread's run.")
                return False
            if not self.attached:
                self._before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None
                self._flag = os.environ.get(FILES_FLAG)
            self.attached = (*self.attached, fluent)
            os.environ.setdefault(FILES_FLAG, "true")
            mlflow.set_tracking_uri(fluent.uri)
            return True

    def remove(self, fluent: MlflowAttachment) -> None:
        """Give MLflow back the address that it had before."""
        import mlflow

        with self._lock:
            self.attached = tuple(other for other in self.attached if other is not fluent)
            mlflow.set_tracking_uri(self.attached[-1].uri if self.attached else self._before)
            if not self.attached and self._flag is None:
                os.environ.pop(FILES_FLAG, None)


ATTACHMENTS = MlflowAttachments()
"""Those of this process."""


def mlflow_client(uri: str) -> Any:
    """MLflow's client of a store, also of one of files."""
    from mlflow.tracking import MlflowClient

    with files_allowed():
        return MlflowClient(tracking_uri=uri)


@contextmanager
def files_allowed() -> Iterator[None]:
    """Let MLflow open a store of files, which it refuses otherwise."""
    flag = os.environ.get(FILES_FLAG)
    os.environ.setdefault(FILES_FLAG, "true")
    try:
        yield
    finally:
        if flag is None and not ATTACHMENTS.attached:
            os.environ.pop(FILES_FLAG, None)
