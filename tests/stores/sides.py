"""The same operations on a store by our writer and by MLflow's client, to compare them."""

from __future__ import annotations

from pathlib import Path

from qtui.entities import ExperimentInfo, RunInfo
from qtui.store import open_writer
from qtui.store.edits import Delete, DropTags, Edit, Rename, Restore, SetStatus, apply_edits
from qtui.store.writer import Batch, Metric

START = 1_500_000_000_000


class Ours:
    """Operations by our writer."""

    def __init__(self, uri: str) -> None:
        self.writer = open_writer(uri)
        self.infos: dict[str, RunInfo] = {}

    def create(self, name: str, location: str = "", tags: dict[str, str] | None = None) -> str:
        return self.writer.create_experiment(name, artifact_location=location, tags=tags).experiment_id

    def start(self, experiment_id: str, name: str, tags: dict[str, str]) -> str:
        user = tags.get("mlflow.user", "unknown")
        info = self.writer.create_run(
            ExperimentInfo(experiment_id, ""), name=name, start_time=START, user=user, tags=tags
        )
        self.infos[info.run_id] = info
        return info.run_id

    def log(self, run_id: str, metrics: list[Metric], params: dict[str, str], tags: dict[str, str]) -> None:
        self.writer.log(self.infos[run_id], Batch(metrics, params, tags))

    def update(self, run_id: str, status: str | None, end: int | None, name: str | None) -> None:
        info = self.infos[run_id]
        edits: list[Edit] = [] if status is None else [SetStatus([info], status, end)]
        edits += [] if name is None else [Rename([info], name)]
        apply_edits(self.writer, *edits)

    def untag(self, run_id: str, key: str) -> None:
        apply_edits(self.writer, DropTags([self.infos[run_id]], [key]))

    def delete(self, run_id: str) -> None:
        apply_edits(self.writer, Delete([self.infos[run_id]]))

    def restore(self, run_id: str) -> None:
        apply_edits(self.writer, Restore([self.infos[run_id]]))

    def delete_experiment(self, experiment_id: str) -> None:
        apply_edits(self.writer, Delete([ExperimentInfo(experiment_id, "")]))

    def restore_experiment(self, experiment_id: str) -> None:
        apply_edits(self.writer, Restore([ExperimentInfo(experiment_id, "")]))

    def save(self, run_id: str, source: Path, folder: str) -> None:
        self.writer.save_artifact(self.infos[run_id], source, folder)

    def close(self) -> None:
        self.writer.close()


class Theirs:
    """The same operations by MLflow's client."""

    def __init__(self, uri: str) -> None:
        from mlflow import MlflowClient

        self.client = MlflowClient(uri)

    def create(self, name: str, location: str = "", tags: dict[str, str] | None = None) -> str:
        return self.client.create_experiment(name, location or None, tags)

    def start(self, experiment_id: str, name: str, tags: dict[str, str]) -> str:
        return self.client.create_run(experiment_id, START, dict(tags), name).info.run_id

    def log(self, run_id: str, metrics: list[Metric], params: dict[str, str], tags: dict[str, str]) -> None:
        from mlflow.entities import Metric as Foreign
        from mlflow.entities import Param, RunTag

        self.client.log_batch(
            run_id,
            [Foreign(key, point.value, point.timestamp, point.step) for key, point in metrics],
            [Param(*item) for item in params.items()],
            [RunTag(*item) for item in tags.items()],
        )

    def update(self, run_id: str, status: str | None, end: int | None, name: str | None) -> None:
        if end is not None:
            self.client.set_terminated(run_id, status, end)
        if name is not None or end is None:
            self.client.update_run(run_id, status, name)

    def untag(self, run_id: str, key: str) -> None:
        self.client.delete_tag(run_id, key)

    def delete(self, run_id: str) -> None:
        self.client.delete_run(run_id)

    def restore(self, run_id: str) -> None:
        self.client.restore_run(run_id)

    def delete_experiment(self, experiment_id: str) -> None:
        self.client.delete_experiment(experiment_id)

    def restore_experiment(self, experiment_id: str) -> None:
        self.client.restore_experiment(experiment_id)

    def save(self, run_id: str, source: Path, folder: str) -> None:
        save = self.client.log_artifacts if source.is_dir() else self.client.log_artifact
        save(run_id, str(source), folder or None)

    def close(self) -> None:
        """A database's connections are kept open by the client's store."""
        if dispose := getattr(self.client._tracking_client.store, "_dispose_engine", None):
            dispose()


Side = Ours | Theirs
