"""Reading of a store with the real MlflowClient, as qtui's entities."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from qtui.entities import Artifact, DatasetInput, ExperimentInfo, Point, Run, RunInfo, ViewType
from tests.differential.by_rows import MAX_FLOAT

VIEWS = {ViewType.ACTIVE: 1, ViewType.DELETED: 2, ViewType.ALL: 3}


class MlflowReader:
    """Reads MLflow's copy of a store."""

    def __init__(self, uri: str) -> None:
        from mlflow.tracking import MlflowClient

        self._client = MlflowClient(uri)
        self._is_database = uri.startswith("sqlite")
        _cache_reads(self._client._tracking_client.store)

    def experiments(self, view: ViewType) -> list[ExperimentInfo]:
        """Return all experiments of a view, in MLflow's order."""
        return [_experiment(experiment) for experiment in self._client.search_experiments(VIEWS[view])]

    def pages(
        self,
        experiment_ids: Sequence[str],
        text: str = "",
        order_by: Sequence[str] = (),
        view: ViewType = ViewType.ACTIVE,
        size: int = 1000,
    ) -> Iterator[list[Run]]:
        """Yield the pages of a search until the last one."""
        token = None
        while True:
            page = self._client.search_runs(experiment_ids, text, VIEWS[view], size, list(order_by), token)
            yield [self._run(run) for run in page]
            token = page.token
            if not token:
                return

    def over_files(
        self, experiment_ids: Sequence[str], text: str, order_by: Sequence[str], view: ViewType
    ) -> list[Run]:
        """Return the result of the search in files, where infinities are stored as logged."""
        from mlflow.utils.search_utils import SearchUtils

        runs = self._client.search_runs(experiment_ids, "", VIEWS[view])
        for metrics in (run.data.metrics for run in runs):
            metrics.update({key: math.copysign(math.inf, x) for key, x in metrics.items() if abs(x) >= MAX_FLOAT})
        matching = SearchUtils.filter(runs, text)
        return [self._run(run) for run in SearchUtils.sort(matching, list(order_by))]

    def runs(self, experiment_ids: Sequence[str], view: ViewType = ViewType.ALL) -> list[Run]:
        """Return all runs with their values."""
        return [run for page in self.pages(experiment_ids, view=view) for run in page]

    def run(self, run_id: str) -> Run:
        """Return one run."""
        return self._run(self._client.get_run(run_id))

    def history(self, run_id: str, key: str) -> list[Point]:
        """Return all points of a metric, in MLflow's order."""
        return [self._point(metric) for metric in self._client.get_metric_history(run_id, key)]

    def artifacts(self, run_id: str, path: str) -> list[Artifact]:
        """Return one level of a run's artifacts."""
        artifacts = self._client.list_artifacts(run_id, path or None)
        return [Artifact(artifact.path, artifact.is_dir, artifact.file_size) for artifact in artifacts]

    def _run(self, run: Any) -> Run:
        info = RunInfo(
            run_id=run.info.run_id,
            experiment_id=run.info.experiment_id,
            name=as_text(run.info.run_name),
            status=run.info.status,
            lifecycle_stage=run.info.lifecycle_stage,
            start_time=run.info.start_time,
            end_time=run.info.end_time,
            artifact_uri=run.info.artifact_uri or "",
            user=run.info.user_id or "",
        )
        metrics = {metric.key: self._point(metric) for metric in run.data._metric_objs}
        return Run(info, run.data.params, metrics, run.data.tags, _inputs(run))

    def _point(self, metric: Any) -> Point:
        return Point(metric.step, metric.timestamp, self._value(metric.value))

    def _value(self, value: float) -> float:
        """Return infinity for the largest float, which MLflow stores in databases instead."""
        if self._is_database and abs(value) >= MAX_FLOAT:
            return math.copysign(math.inf, value)
        return value


def _experiment(experiment: Any) -> ExperimentInfo:
    return ExperimentInfo(
        experiment_id=experiment.experiment_id,
        name=as_text(experiment.name),
        lifecycle_stage=experiment.lifecycle_stage,
        artifact_location=experiment.artifact_location,
        creation_time=experiment.creation_time,
        last_update_time=experiment.last_update_time,
        tags=experiment.tags,
    )


def as_text(name: Any) -> str:
    """Return a name that YAML parsed as a number or a date as text."""
    return "" if name is None else str(name)


def _inputs(run: Any) -> tuple[DatasetInput, ...]:
    used = run.inputs.dataset_inputs if run.inputs else ()
    return tuple(
        DatasetInput(
            name=item.dataset.name,
            digest=item.dataset.digest,
            source_type=item.dataset.source_type,
            source=item.dataset.source,
            schema=item.dataset.schema,
            profile=item.dataset.profile,
            tags={tag.key: tag.value for tag in item.tags},
        )
        for item in used
    )


def _cache_reads(store: Any) -> None:
    """Cache the runs of MLflow's file store, which reads all runs again for every search."""
    if not hasattr(store, "_get_run_from_info"):
        return
    read_run, runs = store._get_run_from_info, {}

    def read_once(info: Any) -> Any:
        if info.run_id not in runs:
            runs[info.run_id] = read_run(info)
        return runs[info.run_id]

    store._list_run_infos = cache(store._list_run_infos)
    store._get_run_from_info = read_once
