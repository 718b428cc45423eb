"""A writer that uses MLflow's own client: for tracking servers, Databricks, and stores of MLflow plugins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from qtui.entities import RUN_NAME_TAG, USER_TAG, ExperimentInfo, RunInfo, ViewType
from qtui.errors import ArtifactNotFound, StoreUnwritable
from qtui.store.apply_changes import TargetAccess, apply_changes
from qtui.store.changes import ALL_RUNS, LIFECYCLE, Applied, Change, Failure, Record, Target, without_fields
from qtui.store.dirfd import check_path
from qtui.store.remote.client import call, limited_client
from qtui.store.remote.convert import VIEW_TYPES, experiment_of, info_of
from qtui.store.remote.error_translation import (
    Translator,
    translate_experiment_write_error,
    translate_run_write_error,
)
from qtui.store.remote.targets import UNSEEN_FIELDS, RemoteExperiment, RemoteRun
from qtui.store.validation import check_edits, check_experiment, check_run, validate_batch
from qtui.store.writer import Batch, Limits, request_batches
from qtui.text import redact

if TYPE_CHECKING:
    from mlflow import MlflowClient

T = TypeVar("T")

MAX_REQUEST_METRICS = 800
MAX_REQUEST_TEXTS = 100
"""Params, and tags, in one request. A server takes a thousand values in total."""


class RemoteWriter:
    """A writer through `mlflow.MlflowClient`; a batch larger than one request is atomic only request by request."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    @property
    def uri(self) -> str:
        """The address of the server."""
        return self._uri

    @property
    def limits(self) -> Limits:
        """The maximum lengths of names and values; those of the server itself are unknown."""
        return Limits(request_metrics=MAX_REQUEST_METRICS, request_texts=MAX_REQUEST_TEXTS, edit_targets=10)

    @cached_property
    def _client(self) -> MlflowClient:
        return limited_client(self._uri)

    def create_experiment(
        self, name: str, *, artifact_location: str = "", tags: Mapping[str, str] | None = None
    ) -> ExperimentInfo:
        check_experiment(name, artifact_location, tags or {}, self.limits)

        def create(client: MlflowClient) -> ExperimentInfo:
            experiment_id = client.create_experiment(name, artifact_location or None, dict(tags or {}))
            return experiment_of(client.get_experiment(experiment_id))

        return self._call(create, translate_experiment_write_error)

    def create_run(
        self,
        experiment: ExperimentInfo,
        *,
        name: str,
        start_time: int,
        user: str = "",
        tags: Mapping[str, str] | None = None,
    ) -> RunInfo:
        """Create a running run; MLflow's client sends the user as a tag."""
        check_run(name, start_time, tags or {}, self.limits)
        all_tags = {**({USER_TAG: user} if user else {}), **(tags or {}), RUN_NAME_TAG: name}
        return self._call(
            lambda client: info_of(client.create_run(experiment.experiment_id, start_time, all_tags, name).info),
            translate_experiment_write_error,
        )

    def log(self, info: RunInfo, batch: Batch) -> None:
        """Append points, add params and set tags; params first, because only they can conflict."""
        batch = validate_batch(batch, self.limits)
        from mlflow.entities import Metric as ForeignMetric
        from mlflow.entities import Param, RunTag

        def write(client: MlflowClient) -> None:
            for part in request_batches(batch, self.limits):
                client.log_batch(
                    info.run_id,
                    metrics=[ForeignMetric(key, value, time, step) for key, (step, time, value) in part.metrics],
                    params=[Param(*item) for item in part.params.items()],
                    tags=[RunTag(*item) for item in part.tags.items()],
                )

        self._call(write, translate_run_write_error)

    def apply(self, changes: Sequence[Change], record: Record) -> Applied:
        """Send changes run by run, and return those that undo them."""
        check_edits(changes, self.limits)
        applied = Applied()
        for change in changes:
            if change.targets and change.targets[0].run_id == ALL_RUNS:
                result = self._record_deleted_runs(change, record)
            else:
                is_new = change.targets == (Target(""),)
                result = apply_changes(self, [change if is_new else without_fields(change, UNSEEN_FIELDS)], record)
            applied = applied.followed_by(result)
        return applied

    def _record_deleted_runs(self, change: Change, record: Record) -> Applied:
        """Return the change that deletes again the runs that are deleted before their experiment is.

        The server itself deletes and restores the runs of an experiment.
        """
        if change.values[LIFECYCLE] != ViewType.DELETED.value:
            return Applied()
        experiment_ids = [target.experiment_id for target in change.targets]

        def search(client: MlflowClient) -> list[Target]:
            targets: list[Target] = []
            page = client.search_runs(experiment_ids, run_view_type=VIEW_TYPES[ViewType.DELETED])
            while True:
                targets += [Target(run.info.experiment_id, run.info.run_id) for run in page]
                if not page.token:
                    return targets
                page = client.search_runs(
                    experiment_ids, run_view_type=VIEW_TYPES[ViewType.DELETED], page_token=page.token
                )

        targets = self._call(search, translate_experiment_write_error)
        if not targets:
            return Applied()
        values, expected = {LIFECYCLE: ViewType.DELETED.value}, {LIFECYCLE: ViewType.ACTIVE.value}
        inverse = Change(tuple(targets), values, expected, stage=None)
        record([inverse])
        return Applied((inverse,))

    def purge_refusal(self, experiment_id: str) -> str:
        """Return the reason: a server has no request for a purge."""
        return (
            f"An MLflow server cannot purge. On the host of {redact(self._uri)}, run qtui purge with the --uri of its "
            "database or folder."
        )

    def purge(self, targets: Sequence[Target]) -> tuple[Failure, ...]:
        """Raise StoreUnwritable."""
        raise StoreUnwritable(self.purge_refusal(""))

    def remove_leftovers(self, *, dry_run: bool) -> int:
        """Return 0: what is left behind cannot be seen through a server."""
        return 0

    def targets_of_runs(self, experiment_id: str) -> Sequence[Target]:
        """Return nothing: the server changes the runs of an experiment with it."""
        return ()

    def open_target(self, target: Target) -> AbstractContextManager[TargetAccess]:
        """Return a run or an experiment, which is not locked."""
        if target.is_run:
            return nullcontext(RemoteRun(target, lambda request: self._send(request, translate_run_write_error)))
        return nullcontext(
            RemoteExperiment(target, lambda request: self._send(request, translate_experiment_write_error))
        )

    def _send(self, request: Callable[[MlflowClient], object], translate: Translator) -> None:
        self._call(request, translate)

    def save_artifact(self, info: RunInfo, source: Path, folder: str = "") -> None:
        """Upload a file, or the content of a folder, into a folder of the run's artifacts, without a deadline."""
        if folder:
            check_path(folder)
        if not source.exists():
            raise ArtifactNotFound(f"{source} does not exist.")

        # MLflow waits for minutes when it transfers artifacts: first check within our limits that the server answers.
        self._call(lambda client: client.get_run(info.run_id), translate_run_write_error)

        def save(client: MlflowClient) -> None:
            upload = client.log_artifacts if source.is_dir() else client.log_artifact
            upload(info.run_id, str(source), folder or None)

        self._call(save, translate_run_write_error, has_deadline=False)

    def close(self) -> None:
        """Do nothing: there is nothing to close."""

    def _call(self, request: Callable[[MlflowClient], T], translate: Translator, *, has_deadline: bool = True) -> T:
        """Return the client's answer to a request; the deadline does not include the import of MLflow."""
        client = self._client
        return call(self._uri, lambda: request(client), translate, has_deadline=has_deadline)
