"""An experiment of an MLflow store, like Qlib's MLflowExperiment, for every kind of store that qtui can write."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from qtui.entities import RunInfo, Status, ViewType
from qtui.errors import RunNotFound, UsageError
from qtui.query.projection import NO_VALUES
from qtui.recorder.experiment import Experiment
from qtui.recorder.mlflow_recorder import DEFAULT_RECORDER, MLflowRecorder
from qtui.recorder.reading.filters import read_filter, with_statuses
from qtui.recorder.reading.lookup import latest_named
from qtui.recorder.reading.tables import MAX_RECORDS, search_records
from qtui.recorder.store_access import OnBadValue, StoreAccess
from qtui.store import RunQuery
from qtui.store.edits import Delete, Restore, apply_edits
from qtui.store.key_lookup import key_lookup

if TYPE_CHECKING:
    from pandas import DataFrame


class MLflowExperiment(Experiment[MLflowRecorder]):
    """An experiment of a store, and the recorder that is running in it.

    Parameters
    ----------
    id, name
        The ID and the name of the experiment.
    uri
        The URI of the store, or an open StoreAccess.
    """

    UNLIMITED = 50000
    """Qlib's default limit of `list_recorders`; here all recorders are listed unless `max_results` is given."""

    _default_rec_name = DEFAULT_RECORDER

    def __init__(self, id: str | int, name: str, uri: str | StoreAccess) -> None:
        super().__init__(id, name)
        self._access = StoreAccess.of(uri)
        self.parent_run_id = ""
        """The run that new recorders are nested in."""

    def start(
        self,
        *,
        recorder_id: str | None = None,
        recorder_name: str | None = None,
        resume: bool = False,
        on_bad_value: OnBadValue | None = None,
    ) -> MLflowRecorder:
        """Start a new recorder, or with `resume` the one with this ID or the latest of this name, if there is one.

        Raises
        ------
        UsageError
            If an ID is given without `resume`.
        RunNotFound
            If no recorder has this ID.
        """
        if recorder_id is not None and not resume:
            raise UsageError(f"A new recorder has no ID yet: pass resume=True to resume the recorder {recorder_id}.")
        name = recorder_name or self._default_rec_name
        recorder = self._get_or_create_rec(recorder_id, name)[0] if resume else self.create_recorder(name)
        recorder.start_run(on_bad_value)
        self.active_recorder = recorder
        return recorder

    def end(self, recorder_status: str = Status.SCHEDULED.value) -> None:
        """End the active recorder, if there is one, with this status."""
        recorder, self.active_recorder = self.active_recorder, None
        if recorder is not None:
            recorder.end_run(recorder_status)

    def flush(self) -> None:
        """Wait until all values logged into the active recorder are in the store."""
        if self.active_recorder is not None:
            self.active_recorder.flush()

    def create_recorder(self, recorder_name: str | None = None) -> MLflowRecorder:
        """Create a recorder; its run begins when it is started."""
        recorder = MLflowRecorder(self.id, self._access, recorder_name or self._default_rec_name)
        recorder.parent_run_id = self.parent_run_id
        return recorder

    def delete_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> None:
        """Delete the recorder with this ID, else the latest of this name; it can be restored."""
        if recorder_id is None and recorder_name is None:
            raise UsageError("Give the ID or the name of the recorder to delete.")
        apply_edits(self._access.writer, Delete([self._find(recorder_id, recorder_name)]))

    def restore_recorder(self, recorder_id: str) -> MLflowRecorder:
        """Make a deleted recorder active again."""
        apply_edits(self._access.writer, Restore([self._find(recorder_id, None)]))
        return self._get_recorder(recorder_id)

    def search_records(
        self,
        filter_string: str = "",
        run_view_type: int = 1,
        max_results: int = MAX_RECORDS,
        order_by: Sequence[str] | None = None,
    ) -> DataFrame:
        """Return the matching runs of the experiment as a table; see `QlibRecorder.search_records`."""
        self.flush()
        return search_records(self._access.store, (self.id,), filter_string, run_view_type, max_results, order_by)

    def _list_recorders(
        self, max_results: int | None, status: str | Collection[str] | None, filter_string: str
    ) -> list[MLflowRecorder]:
        self.flush()
        store = self._access.store
        lookup = key_lookup(store, (self.id,), ViewType.ACTIVE)
        run_filter = read_filter(store, filter_string, lookup)
        if status is not None:
            run_filter = with_statuses(run_filter, (status,) if isinstance(status, str) else tuple(status))
        query = RunQuery((self.id,), filter=run_filter, limit=max_results, projection=NO_VALUES)
        return [self._recorder(run.info) for run in store.search(query).runs]

    def _get_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> MLflowRecorder:
        return self._recorder(self._find(recorder_id, recorder_name))

    def _recorder(self, info: RunInfo) -> MLflowRecorder:
        return MLflowRecorder(info.experiment_id, self._access, mlflow_run=info)

    def _find(self, recorder_id: str | None, recorder_name: str | None) -> RunInfo:
        """Return the run with this ID in this experiment, else the latest active one of this name."""
        store = self._access.store
        if recorder_id is None:
            name = recorder_name or self._default_rec_name
            for info in latest_named(store, self.id, name, ViewType.ACTIVE):
                return info
            raise RunNotFound(f"The experiment {self.name!r} has no recorder named {name!r}.")
        for info in store.find(recorder_id):
            if info.run_id != recorder_id:
                continue
            if info.experiment_id == self.id:
                return info
            raise RunNotFound(
                f"The recorder {recorder_id} is in the experiment {info.experiment_id}, not in {self.id}."
            )
        raise RunNotFound(f"The experiment {self.name!r} has no recorder {recorder_id!r}.")
