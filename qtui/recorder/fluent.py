"""MLflow's own fluent functions and its autologging go into the run that R has started, as they do with Qlib.

MLflow is never imported for that: it is told of the run when it is there already, or as soon as somebody imports it.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from qtui.entities import RunInfo

logger = logging.getLogger(__name__)

MODULE = "mlflow"
FILES_FLAG = "MLFLOW_ALLOW_FILE_STORE"
"""Without it MLflow refuses stores of files since 3.13."""


class Fluent:
    """Makes a run of ours MLflow's active run, as long as it is active."""

    def __init__(self, uri: str, info: RunInfo) -> None:
        self._uri = uri
        self._info = info
        self._finder = WhenImported(MODULE, self._enter)
        self._restore: Callable[[], None] | None = None

    def begin(self) -> None:
        """Tell MLflow of the run, now or when it is imported."""
        if MODULE in sys.modules:
            self._enter()
        else:
            sys.meta_path.insert(0, self._finder)

    def end(self, status: str) -> None:
        """Take the run from MLflow, which would end it by itself at exit, and give back what was changed."""
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        if self._restore is None:
            return
        import mlflow

        try:
            active = mlflow.active_run()
            if active is not None and active.info.run_id == self._info.run_id:
                mlflow.end_run(status)
        except Exception as error:
            # Whatever MLflow raises about its view of the run, ours must be ended.
            logger.warning("MLflow could not end its view of the run %s: %s", self._info.run_id, error)
        self._restore()
        self._restore = None

    def _enter(self) -> None:
        import mlflow

        self._restore = restoring(mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None)
        os.environ.setdefault(FILES_FLAG, "true")
        try:
            mlflow.set_tracking_uri(self._uri)
            mlflow.start_run(run_id=self._info.run_id, nested=True)
        except Exception as error:
            # The run is ours, and goes on without what MLflow could add.
            logger.warning("MLflow's own functions will not log into the run %s: %s", self._info.run_id, error)


def mlflow_client(uri: str) -> Any:
    """MLflow's client of a store, also of one of files."""
    from mlflow.tracking import MlflowClient

    os.environ.setdefault(FILES_FLAG, "true")
    return MlflowClient(tracking_uri=uri)


def restoring(uri: str | None) -> Callable[[], None]:
    """What gives MLflow back the address that it had, if any, and the environment its flag."""
    flag = os.environ.get(FILES_FLAG)

    def restore() -> None:
        import mlflow

        mlflow.set_tracking_uri(uri)
        if flag is None:
            os.environ.pop(FILES_FLAG, None)

    return restore


class WhenImported(MetaPathFinder):
    """Finds nothing by itself; does something once a module has been imported by whoever finds it."""

    def __init__(self, module: str, action: Callable[[], None]) -> None:
        self._module = module
        self._action = action

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module as the other finders find it, with a loader that does the rest."""
        if fullname != self._module:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = LoadingThen(spec.loader, self._action)
        return spec


class LoadingThen(Loader):
    """Loads a module as another loader does, and does something once it is loaded."""

    def __init__(self, loader: Loader, action: Callable[[], None]) -> None:
        self._loader = loader
        self._action = action

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """The module, still empty."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Fill the module."""
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._action()
