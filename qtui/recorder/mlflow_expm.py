"""All experiments of a store, and what is recorded into them: Qlib's MLflowExpManager."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qtui import entities
from qtui.entities import Status, View
from qtui.errors import (
    ExpAlreadyExistError,
    ExperimentExists,
    ExperimentNotFound,
    RecorderInitializationError,
    StoreNotFound,
    UsageError,
)
from qtui.recorder.abstract_expm import AbstractExpManager
from qtui.recorder.config import DEFAULT_EXPERIMENT
from qtui.recorder.library import Library
from qtui.recorder.mlflow_exp import MLflowExperiment
from qtui.recorder.mlflow_recorder import MLflowRecorder
from qtui.recorder.reading.lookup import did_you_mean, run_of_id
from qtui.recorder.reading.tables import MAX_RECORDS, table_of
from qtui.recorder.recording.mlflow_attachment import mlflow_client
from qtui.recorder.resume import handed_over
from qtui.recorder.store_access import OnBadValue, StoreAccess
from qtui.store import Store

if TYPE_CHECKING:
    from pandas import DataFrame


class MLflowExpManager(AbstractExpManager[MLflowExperiment], Library):
    """Records into a store in MLflow's format, which is made when something is first recorded."""

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
        """A database of an older MLflow is written only when it may be migrated, or is to keep its schema."""
        AbstractExpManager.__init__(self, uri, default_exp_name)
        Library.__init__(self, uri, default_exp_name, cache=cache)
        self._allow_migrate = allow_migrate
        self._keep_schema = keep_schema
        self._on_bad_value = on_bad_value
        self._accesses: dict[str, StoreAccess] = {}

    @property
    def access(self) -> StoreAccess:
        """Both ends of the store that is active, else of the default one."""
        return self._access_of(self.uri)

    def _access_of(self, uri: str) -> StoreAccess:
        if uri not in self._accesses:
            self._accesses[uri] = StoreAccess(
                uri,
                allow_migrate=self._allow_migrate,
                keep_schema=self._keep_schema,
                on_bad_value=self._on_bad_value,
                cache=self._cache,
            )
        return self._accesses[uri]

    @property
    def store(self) -> Store:
        """The store to read from, after all that was logged is in it."""
        for experiment in self.active_experiments:
            experiment.flush()
        return self.access.store

    @property
    def client(self) -> Any:
        """MLflow's own client of the store, for what only that can do."""
        return mlflow_client(self.uri)

    # As in Qlib

    def list_experiments(self) -> dict[str, MLflowExperiment]:
        """The active experiments by name, the newest first; none as long as there is no store."""
        by_name: dict[str, MLflowExperiment] = {}
        for each in self._known(View.ACTIVE):
            by_name.setdefault(each.name, MLflowExperiment.of(self.access, each))
        return by_name

    def create_exp(self, experiment_name: str) -> MLflowExperiment:
        """A new experiment; `ExpAlreadyExistError` when one has that name, be it deleted."""
        try:
            return MLflowExperiment.of(self.access, self.access.writer.create_experiment(experiment_name))
        except ExperimentExists as error:
            raise ExpAlreadyExistError(str(error)) from None

    def delete_exp(self, experiment_id: str | int | None = None, experiment_name: str | None = None) -> None:
        """Delete the experiment of this id, else of this name, so that it can be restored."""
        self.access.writer.delete_experiment(self._entity(experiment_id, experiment_name, View.ACTIVE))

    def restore_exp(self, experiment_id: str | int | None = None, experiment_name: str | None = None) -> None:
        """Make a deleted experiment active again, and with it all its runs, also those deleted before it."""
        self.access.writer.restore_experiment(self._entity(experiment_id, experiment_name, View.DELETED))

    def recorder_of_id(self, recorder_id: str) -> MLflowRecorder:
        """The recorder of this id, in whatever experiment, be it deleted; the active one if that is it."""
        for experiment in self.active_experiments:
            if experiment.active_recorder is not None and experiment.active_recorder.id == recorder_id:
                return experiment.active_recorder
        return MLflowRecorder.of(self.access, run_of_id(self.store, recorder_id))

    def experiment_named(self, experiment: str | int) -> MLflowExperiment:
        """Return the active experiment of this name, else of this id."""
        named = experiment if isinstance(experiment, str) else None
        if any(known.name == named for known in self._known(View.ACTIVE)):
            return self.get_exp(experiment_name=named, create=False)
        return self.get_exp(experiment_id=experiment, create=False)

    def delete_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> None:
        """Delete a recorder so that it can be restored; a name is looked for in the active or default experiment."""
        if recorder_id is not None:
            self.access.writer.delete_runs([run_of_id(self.store, recorder_id)])
        else:
            self.get_exp(create=False).delete_recorder(recorder_name=recorder_name)

    def restore_recorder(self, recorder_id: str) -> None:
        """Make a deleted recorder active again."""
        self.access.writer.restore_runs([run_of_id(self.store, recorder_id)])

    def search_records(
        self,
        experiment_ids: str | int | Sequence[str | int] | None = None,
        filter_string: str = "",
        run_view_type: int = 1,
        max_results: int = MAX_RECORDS,
        order_by: Sequence[str] | None = None,
    ) -> DataFrame:
        """The runs that match, as a table with a column for every metric, param and tag; empty without a store."""
        try:
            return Library.search_records(self, experiment_ids, filter_string, run_view_type, max_results, order_by)
        except StoreNotFound:
            return table_of([])

    def close(self) -> None:
        """Give back what the stores hold; they open anew when they are asked again."""
        for access in self._accesses.values():
            access.close()

    @contextmanager
    def bind_recorder(self, recorder: MLflowRecorder) -> Iterator[None]:
        """Make a recorder the active one of this thread or task for a while; it is not ended."""
        if not recorder.id:
            raise RecorderInitializationError("The recorder has no run yet: start it before R.bind(recorder).")
        entity = entities.Experiment(recorder.experiment_id, "")
        experiment = MLflowExperiment.of(self._access_of(recorder.uri), entity)
        experiment.active_recorder = recorder
        with self.bind(experiment, recorder.uri):
            yield

    # Hooks

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
        handed = handed_over(os.environ) if recorder_id is None and not resume else None
        if handed or (recorder_id and experiment_id is None and experiment_name is None):
            experiment_id = run_of_id(self.store, handed or recorder_id or "").experiment_id
        experiment, _ = self._get_or_create_exp(experiment_id=experiment_id, experiment_name=experiment_name)
        experiment.parent_run_id = self._outer_run_id()
        experiment.start(
            recorder_id=handed or recorder_id,
            recorder_name=recorder_name,
            resume=resume or handed is not None,
            on_bad_value=on_bad_value,
        )
        self.active_experiment = experiment
        return experiment

    def _end_exp(self, recorder_status: str = Status.SCHEDULED.value) -> None:
        experiment, self.active_experiment = self.active_experiment, None
        if experiment is not None:
            experiment.end(recorder_status)

    def _get_exp(self, experiment_id: str | int | None = None, experiment_name: str | None = None) -> MLflowExperiment:
        return MLflowExperiment.of(self.access, self._entity(experiment_id, experiment_name, View.ACTIVE))

    def _outer_run_id(self) -> str:
        """The run that a new one is nested in: the one around it in the same store."""
        session = self._sessions.own
        outer = session.outer if session else None
        recorder = outer.experiment.active_recorder if outer and outer.experiment else None
        return recorder.id if recorder and recorder.uri == self.uri else ""

    def _entity(self, experiment_id: str | int | None, experiment_name: str | None, view: View) -> entities.Experiment:
        """The experiment of this id, else of this name."""
        if experiment_id is None and experiment_name is None:
            raise UsageError("Say which experiment is meant, by its id or its name.")
        known = self._known(view)
        for each in known:
            if each.experiment_id == str(experiment_id) or (experiment_id is None and each.name == experiment_name):
                return each
        stage = "deleted experiment" if view is View.DELETED else "experiment"
        if experiment_id is not None:
            raise ExperimentNotFound(f"There is no {stage} with the id {str(experiment_id)!r}.")
        if view is View.ACTIVE and any(each.name == experiment_name for each in self._known(View.DELETED)):
            restoring = f"R.restore_exp(experiment_name={experiment_name!r})"
            raise ExperimentNotFound(f"The experiment {experiment_name!r} is deleted: {restoring} first.")
        guess = did_you_mean(experiment_name or "", known)
        raise ExperimentNotFound(f"There is no {stage} named {experiment_name!r}.{guess}")

    def _known(self, view: View) -> Sequence[entities.Experiment]:
        try:
            return self.store.experiments(view).items
        except StoreNotFound:
            return ()
