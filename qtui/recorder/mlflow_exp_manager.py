"""The experiments of an MLflow store, like Qlib's MLflowExpManager, for every kind of store that qtui can write."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qtui import entities
from qtui.entities import Status, ViewType
from qtui.errors import (
    ExpAlreadyExistError,
    ExperimentExists,
    ExperimentNotFound,
    RecorderInitializationError,
    StoreLocked,
    StoreNotFound,
    UsageError,
)
from qtui.recorder.config import DEFAULT_EXPERIMENT, take_resumed_run_id
from qtui.recorder.exp_manager import ExpManager
from qtui.recorder.mlflow_experiment import MLflowExperiment
from qtui.recorder.mlflow_recorder import MLflowRecorder
from qtui.recorder.reading.lookup import did_you_mean, run_of_id
from qtui.recorder.reading.tables import MAX_RECORDS, search_records, table_of
from qtui.recorder.recording.batch_writer import Retry
from qtui.recorder.recording.mlflow_attachment import mlflow_client
from qtui.recorder.store_access import OnBadValue, StoreAccess
from qtui.store import Store
from qtui.store.edits import Delete, Restore, apply_edits
from qtui.store.writer import LOCK_TIMEOUT_S

if TYPE_CHECKING:
    from pandas import DataFrame


class MLflowExpManager(ExpManager[MLflowExperiment]):
    """Starts, finds, creates and deletes the experiments of a store; the store is created at the first write.

    Parameters
    ----------
    uri
        The URI of the store that is used by default.
    default_exp_name
        The experiment for recorders that are started without naming one.
    allow_migrate, keep_schema
        Whether a database of an older MLflow is migrated, or written in the schema it has; by default it is refused.
    on_bad_value
        Whether an invalid value raises an error or only logs a warning.
    cache
        Folder of the cache for values read from file stores.
    """

    def __init__(
        self,
        uri: str,
        default_exp_name: str = DEFAULT_EXPERIMENT,
        *,
        allow_migrate: bool = False,
        keep_schema: bool = False,
        on_bad_value: OnBadValue = "raise",
        cache: Path | None = None,
    ) -> None:
        super().__init__(uri, default_exp_name)
        self._open = partial(
            StoreAccess, allow_migrate=allow_migrate, keep_schema=keep_schema, on_bad_value=on_bad_value, cache=cache
        )
        self._accesses: dict[str, StoreAccess] = {}

    @property
    def access(self) -> StoreAccess:
        """The reader and writer of the active store, else of the default one."""
        return self._access_of(self.uri)

    def _access_of(self, uri: str) -> StoreAccess:
        if uri not in self._accesses:
            self._accesses[uri] = self._open(uri)
        return self._accesses[uri]

    @property
    def store(self) -> Store:
        """The reader of the store; all values logged so far are written first."""
        for experiment in self.active_experiments:
            experiment.flush()
        return self.access.store

    @property
    def client(self) -> Any:
        """MLflow's own client of the store."""
        return mlflow_client(self.uri)

    # As in Qlib

    def list_experiments(self) -> dict[str, MLflowExperiment]:
        """Return the active experiments by name, newest first; none if there is no store yet."""
        by_name: dict[str, MLflowExperiment] = {}
        for entity in self._entities(ViewType.ACTIVE):
            by_name.setdefault(entity.name, self._experiment(entity))
        return by_name

    def create_exp(self, experiment_name: str) -> MLflowExperiment:
        """Create an experiment; raise ExpAlreadyExistError if an active or deleted one has this name."""
        try:
            return self._experiment(self.access.writer.create_experiment(experiment_name))
        except ExperimentExists as error:
            raise ExpAlreadyExistError(str(error)) from None

    def delete_exp(self, experiment_id: str | int | None = None, experiment_name: str | None = None) -> None:
        """Delete the experiment with this ID, else of this name; it can be restored."""
        experiment = self._entity(experiment_id, experiment_name, ViewType.ACTIVE)
        apply_edits(self.access.writer, Delete([experiment]))

    def restore_exp(self, experiment_id: str | int | None = None, experiment_name: str | None = None) -> None:
        """Restore a deleted experiment and all its runs, including those deleted before it."""
        experiment = self._entity(experiment_id, experiment_name, ViewType.DELETED)
        apply_edits(self.access.writer, Restore([experiment]))

    def recorder_of_id(self, recorder_id: str) -> MLflowRecorder:
        """Return the recorder with this ID from any experiment, deleted ones included; the active one if it matches."""
        for experiment in self.active_experiments:
            if experiment.active_recorder is not None and experiment.active_recorder.id == recorder_id:
                return experiment.active_recorder
        info = run_of_id(self.store, recorder_id)
        return MLflowRecorder(info.experiment_id, self.access, mlflow_run=info)

    def experiment_named(self, experiment: str | int) -> MLflowExperiment:
        """Return the active experiment with this name, else with this ID."""
        name = experiment if isinstance(experiment, str) else None
        if any(entity.name == name for entity in self._entities(ViewType.ACTIVE)):
            return self.get_exp(experiment_name=name, create=False)
        return self.get_exp(experiment_id=experiment, create=False)

    def delete_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> None:
        """Delete a recorder; it can be restored. A name is searched in the active, else the default experiment."""
        if recorder_id is not None:
            apply_edits(self.access.writer, Delete([run_of_id(self.store, recorder_id)]))
        else:
            self.get_exp(create=False).delete_recorder(recorder_name=recorder_name)

    def restore_recorder(self, recorder_id: str) -> None:
        """Restore a deleted recorder."""
        apply_edits(self.access.writer, Restore([run_of_id(self.store, recorder_id)]))

    def search_records(
        self,
        experiment_ids: str | int | Sequence[str | int] | None = None,
        filter_string: str = "",
        run_view_type: int = 1,
        max_results: int = MAX_RECORDS,
        order_by: Sequence[str] | None = None,
    ) -> DataFrame:
        """Return the matching runs as a table; empty if there is no store yet. See `QlibRecorder.search_records`."""
        try:
            return search_records(self.store, experiment_ids, filter_string, run_view_type, max_results, order_by)
        except StoreNotFound:
            return table_of([])

    def close(self) -> None:
        """Close all stores; they are reopened when they are needed again."""
        for access in self._accesses.values():
            access.close()

    @contextmanager
    def bind_recorder(self, recorder: MLflowRecorder) -> Iterator[None]:
        """Make a recorder the active one of this thread or task inside the `with`; it is not ended."""
        if not recorder.id:
            raise RecorderInitializationError("The recorder has no run yet: start it before R.bind(recorder).")
        experiment = MLflowExperiment(recorder.experiment_id, "", self._access_of(recorder.uri))
        experiment.active_recorder = recorder
        with self.bind(experiment, recorder.uri):
            yield

    # What ExpManager calls

    def _start_exp(
        self,
        *,
        experiment_id: str | int | None = None,
        experiment_name: str | None = None,
        recorder_id: str | None = None,
        recorder_name: str | None = None,
        resume: bool = False,
        on_bad_value: OnBadValue | None = None,
    ) -> MLflowExperiment:
        resumed = take_resumed_run_id(os.environ) if recorder_id is None and not resume else None

        def find() -> MLflowExperiment:
            parent_id = experiment_id
            if resumed or (recorder_id and experiment_id is None and experiment_name is None):
                parent_id = run_of_id(self.store, resumed or recorder_id or "").experiment_id
            return self._get_or_create_exp(experiment_id=parent_id, experiment_name=experiment_name)[0]

        experiment = Retry(LOCK_TIMEOUT_S, errors=(StoreLocked,)).call(find)
        experiment.parent_run_id = self._outer_run_id()
        experiment.start(
            recorder_id=resumed or recorder_id,
            recorder_name=recorder_name,
            resume=resume or resumed is not None,
            on_bad_value=on_bad_value,
        )
        self.active_experiment = experiment
        return experiment

    def _end_exp(self, recorder_status: str = Status.SCHEDULED.value) -> None:
        experiment, self.active_experiment = self.active_experiment, None
        if experiment is not None:
            experiment.end(recorder_status)

    def _get_exp(self, experiment_id: str | int | None = None, experiment_name: str | None = None) -> MLflowExperiment:
        return self._experiment(self._entity(experiment_id, experiment_name, ViewType.ACTIVE))

    def _experiment(self, entity: entities.ExperimentInfo) -> MLflowExperiment:
        return MLflowExperiment(entity.experiment_id, entity.name, self.access)

    def _outer_run_id(self) -> str:
        """Return the ID of the enclosing run in the same store, in which a new run is nested, or an empty string."""
        session = self._sessions.own
        outer = session.outer if session else None
        recorder = outer.experiment.active_recorder if outer and outer.experiment else None
        return recorder.id if recorder and recorder.uri == self.uri else ""

    def _entity(
        self, experiment_id: str | int | None, experiment_name: str | None, view: ViewType
    ) -> entities.ExperimentInfo:
        """Return the experiment with this ID, else of this name."""
        if experiment_id is None and experiment_name is None:
            raise UsageError("Give the ID or the name of the experiment.")
        candidates = self._entities(view)
        for entity in candidates:
            if entity.experiment_id == str(experiment_id) or (experiment_id is None and entity.name == experiment_name):
                return entity
        stage = "deleted experiment" if view is ViewType.DELETED else "experiment"
        if experiment_id is not None:
            raise ExperimentNotFound(f"There is no {stage} with the ID {str(experiment_id)!r}.")
        if view is ViewType.ACTIVE and any(
            entity.name == experiment_name for entity in self._entities(ViewType.DELETED)
        ):
            restoring = f"R.restore_exp(experiment_name={experiment_name!r})"
            raise ExperimentNotFound(f"The experiment {experiment_name!r} is deleted: {restoring} first.")
        guess = did_you_mean(experiment_name or "", candidates)
        raise ExperimentNotFound(f"There is no {stage} named {experiment_name!r}.{guess}")

    def _entities(self, view: ViewType) -> Sequence[entities.ExperimentInfo]:
        try:
            return self.store.experiments(view).items
        except StoreNotFound:
            return ()
