"""Writes by MLflow's own client: into tracking servers, Databricks, and whatever its plugins open."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from qtui.entities import RUN_NAME_TAG, USER_TAG, Experiment, RunInfo
from qtui.errors import ArtifactNotFound, QtuiError
from qtui.store.batching import request_batches
from qtui.store.dirfd import check_path
from qtui.store.remote.client import limited_client
from qtui.store.remote.convert import experiment_of, info_of
from qtui.store.remote.door import ask
from qtui.store.remote.refusals import of_experiment, of_run
from qtui.store.validation import (
    check_changes,
    check_deleted_tags,
    check_experiment,
    check_keys,
    check_run_name,
    check_texts,
    check_time,
    checked_batch,
)
from qtui.store.writer import Batch, Changes, Limits

if TYPE_CHECKING:
    from mlflow import MlflowClient

T = TypeVar("T")
Refusal = Callable[[str, Exception], QtuiError]

REQUEST_METRICS = 800
REQUEST_TEXTS = 100
"""Values that a server takes in one request: a thousand in all."""


class RemoteWriter:
    """Writes through `mlflow.MlflowClient`; a batch that does not fit into one request is whole request by request."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    @property
    def uri(self) -> str:
        """The address of the server."""
        return self._uri

    @property
    def limits(self) -> Limits:
        """How long names and values may be, as far as one can know of a server."""
        return Limits(request_metrics=REQUEST_METRICS, request_texts=REQUEST_TEXTS)

    @cached_property
    def _client(self) -> MlflowClient:
        return limited_client(self._uri)

    def create_experiment(
        self, name: str, *, artifact_location: str = "", tags: Mapping[str, str] | None = None
    ) -> Experiment:
        """A new experiment."""
        check_experiment(name, artifact_location, tags or {}, self.limits)

        def create(client: MlflowClient) -> Experiment:
            made = client.create_experiment(name, artifact_location or None, dict(tags or {}))
            return experiment_of(client.get_experiment(made))

        return self._ask(create, of_experiment)

    def create_run(
        self,
        experiment: Experiment,
        *,
        name: str,
        start_time: int,
        user: str = "",
        tags: Mapping[str, str] | None = None,
    ) -> RunInfo:
        """A new running run, whose user MLflow's client tells by a tag."""
        check_run_name(name, self.limits)
        check_time("start", start_time)
        check_texts("tag", tags or {}, self.limits.tag, self.limits)
        told = {**({USER_TAG: user} if user else {}), **(tags or {}), RUN_NAME_TAG: name}
        return self._ask(
            lambda client: info_of(client.create_run(experiment.experiment_id, start_time, told, name).info),
            of_experiment,
        )

    def log(self, info: RunInfo, batch: Batch) -> None:
        """Append points, add params, set tags; params first, since they alone can be in conflict."""
        batch = checked_batch(batch, self.limits)
        from mlflow.entities import Metric as ForeignMetric
        from mlflow.entities import Param, RunTag

        def write(client: MlflowClient) -> None:
            for part in request_batches(batch, self.limits):
                client.log_batch(
                    info.run_id,
                    metrics=[ForeignMetric(key, value, time, step) for key, (step, time, value) in part.metrics],
                    params=[Param(*each) for each in part.params.items()],
                    tags=[RunTag(*each) for each in part.tags.items()],
                )

        self._ask(write, of_run)

    def update_run(self, info: RunInfo, changes: Changes) -> RunInfo:
        """Change status, end or name of a run; gives the run as it stands then."""
        check_changes(changes, self.limits)
        from mlflow.entities import RunStatus

        def change(client: MlflowClient) -> RunInfo:
            status = changes.status
            if status is None and changes.end_time is not None:
                status = client.get_run(info.run_id).info.status
            # The client's own `set_terminated` prints where to view the run, which MLflow's fluent API does as well.
            client._tracking_client.store.update_run_info(
                info.run_id, status and RunStatus.from_string(status), changes.end_time, changes.name
            )
            return info_of(client.get_run(info.run_id).info)

        return self._ask(change, of_run)

    def delete_tags(self, info: RunInfo, keys: Collection[str]) -> None:
        """Take tags off a run; one that is not there is no error."""
        check_keys("tag", keys, self.limits)
        check_deleted_tags(keys)

        def delete(client: MlflowClient) -> None:
            there = client.get_run(info.run_id).data.tags
            for key in filter(there.__contains__, keys):
                client.delete_tag(info.run_id, key)

        self._ask(delete, of_run)

    def delete_runs(self, infos: Sequence[RunInfo]) -> None:
        """Mark runs as deleted."""
        for info in infos:
            self._change_run(info, lambda client, run_id: client.delete_run(run_id))

    def restore_runs(self, infos: Sequence[RunInfo]) -> None:
        """Make deleted runs active again."""
        for info in infos:
            self._change_run(info, lambda client, run_id: client.restore_run(run_id))

    def delete_experiment(self, experiment: Experiment) -> None:
        """Mark an experiment and its runs as deleted."""
        self._ask(lambda client: client.delete_experiment(experiment.experiment_id), of_experiment)

    def restore_experiment(self, experiment: Experiment) -> None:
        """Make a deleted experiment and its runs active again."""
        self._ask(lambda client: client.restore_experiment(experiment.experiment_id), of_experiment)

    def save_artifact(self, info: RunInfo, source: Path, folder: str = "") -> None:
        """Bring a file, or all that is in a folder, into a folder of the run's artifacts, however long it takes."""
        if folder:
            check_path(folder)
        if not source.exists():
            raise ArtifactNotFound(f"{source} does not exist.")

        # MLflow waits for minutes while it transfers artifacts: ask within our limits whether the server answers.
        self._ask(lambda client: client.get_run(info.run_id), of_run)

        def save(client: MlflowClient) -> None:
            bring = client.log_artifacts if source.is_dir() else client.log_artifact
            bring(info.run_id, str(source), folder or None)

        self._ask(save, of_run, patiently=True)

    def close(self) -> None:
        """Nothing is held."""

    def _change_run(self, info: RunInfo, change: Callable[[MlflowClient, str], None]) -> None:
        self._ask(lambda client: change(client, info.run_id), of_run)

    def _ask(self, question: Callable[[MlflowClient], T], refusal: Refusal, *, patiently: bool = False) -> T:
        """What the client answers; the time it takes to load MLflow does not count."""
        client = self._client
        return ask(self._uri, lambda: question(client), refusal, patiently=patiently)
