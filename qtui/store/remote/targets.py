"""A run or an experiment on a server, for `apply_changes`: read and written request by request, without a lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qtui.entities import RUN_NAME_TAG, ExperimentInfo, Run, ViewType
from qtui.store.changes import LIFECYCLE, Change, Target, Value, Values, experiment_values, split_tags, tag_field
from qtui.store.remote.convert import experiment_of, run_of

if TYPE_CHECKING:
    from mlflow import MlflowClient

Call = Callable[[Callable[["MlflowClient"], object]], None]
"""Sends a request, and translates its errors."""

UNSEEN_FIELDS = ("deleted_time", "creation_time", "last_update_time", "artifact_location")
"""Fields that only the server itself sets."""


class RemoteRun:
    """A run on a server. An end time cannot be removed again: MLflow keeps that of a resumed run too."""

    def __init__(self, target: Target, call: Call) -> None:
        self._id = target.run_id
        self._call = call
        self._pending: Values = {}

    def values(self, change: Change) -> Values:
        """Return the present values."""
        runs: list[Run] = []
        self._call(lambda client: runs.append(run_of(client.get_run(self._id))))
        info = runs[0].info
        fields: dict[str, Value] = {field: getattr(info, field) for field in ("name", "status", LIFECYCLE)}
        _, tags = split_tags(change.values)
        return {**fields, "end_time": info.end_time, **{tag_field(key): runs[0].tags.get(key) for key in tags}}

    def prepare(self, pending: Values, original: str) -> str:
        """Remember the new values."""
        self._pending = pending
        return ""

    def write(self) -> None:
        """Send the new values."""
        fields, tags = split_tags(self._pending)
        stage = fields.get(LIFECYCLE)
        if stage == ViewType.ACTIVE.value:
            self._call(lambda client: client.restore_run(self._id))
        if fields.keys() & {"name", "status", "end_time"}:
            self._update_info(fields)
        if fields.get("name"):
            tags.pop(RUN_NAME_TAG, None)
        for key, value in tags.items():
            self._write_tag(key, value)
        if stage == ViewType.DELETED.value:
            self._call(lambda client: client.delete_run(self._id))

    def _write_tag(self, key: str, value: str | None) -> None:
        if value is None:
            self._call(lambda client: client.delete_tag(self._id, key))
        else:
            self._call(lambda client: client.set_tag(self._id, key, value))

    def _update_info(self, fields: dict[str, Value]) -> None:
        from mlflow.entities import RunStatus

        def update(client: MlflowClient) -> None:
            status = fields.get("status") or client.get_run(self._id).info.status
            # The client's own `set_terminated` prints the URL of the run.
            client._tracking_client.store.update_run_info(
                self._id, RunStatus.from_string(status), fields.get("end_time"), fields.get("name")
            )

        self._call(update)


class RemoteExperiment:
    """An experiment on a server, which cannot be removed: undoing its creation deletes it."""

    def __init__(self, target: Target, call: Call) -> None:
        self._id = target.experiment_id
        self._call = call
        self._pending: Values = {}

    def values(self, change: Change) -> Values:
        """Return the present values."""
        experiments: list[ExperimentInfo] = []
        self._call(lambda client: experiments.append(experiment_of(client.get_experiment(self._id))))
        experiment = experiments[0]
        is_created_again = change.expected is not None and change.expected.get(LIFECYCLE, "") is None
        if is_created_again and experiment.lifecycle_stage == ViewType.DELETED.value:
            return dict.fromkeys(change.values)
        _, tags = split_tags(change.values)
        return experiment_values(experiment, tags)

    def prepare(self, pending: Values, original: str) -> str:
        """Remember the new values."""
        self._pending = pending
        return ""

    def write(self) -> None:
        """Send the new values."""
        fields, tags = split_tags(self._pending)
        stage = fields.get(LIFECYCLE, "")
        if stage is None:
            self._call(lambda client: client.delete_experiment(self._id))
            return
        if stage == ViewType.ACTIVE.value:
            self._call(lambda client: client.restore_experiment(self._id))
        if name := fields.get("name"):
            self._call(lambda client: client.rename_experiment(self._id, name))
        for key, value in tags.items():
            self._write_tag(key, value)
        if stage == ViewType.DELETED.value:
            self._call(lambda client: client.delete_experiment(self._id))

    def _write_tag(self, key: str, value: str | None) -> None:
        if value is None:
            self._call(lambda client: client.delete_experiment_tag(self._id, key))
        else:
            self._call(lambda client: client.set_experiment_tag(self._id, key, value))
