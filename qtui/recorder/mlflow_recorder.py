"""A run of an MLflow store, like Qlib's MLflowRecorder, for every kind of store that qtui can write."""

from __future__ import annotations

import logging
import pickle
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from qtui.entities import PARENT_RUN_TAG, RUN_NAME_TAG, ExperimentInfo, History, Run, RunInfo, Status, ViewType
from qtui.errors import (
    ArtifactNotFound,
    LoadObjectError,
    NotActive,
    NotFound,
    NotLogged,
    RecorderInitializationError,
    UsageError,
)
from qtui.formatting import now_ms
from qtui.qlib_classes import without_qlib
from qtui.query.projection import Projection
from qtui.recorder.config import check_on_bad_value
from qtui.recorder.reading.artifact_files import download, open_artifact
from qtui.recorder.reading.lookup import read_run, run_of_id
from qtui.recorder.recorder import Recorder
from qtui.recorder.recording import leftovers
from qtui.recorder.recording.log_queue import LogQueue
from qtui.recorder.recording.mlflow_attachment import mlflow_client
from qtui.recorder.recording.process_exit import EXIT_GUARD, status_of, uninterrupted
from qtui.recorder.recording.provenance import own_command, own_tags, user
from qtui.recorder.recording.run_recording import RunRecording
from qtui.recorder.recording.saved_objects import Unpickler, load_object, save_objects
from qtui.recorder.recording.value_logger import RESUME_VALUES, ValueLogger
from qtui.recorder.store_access import OnBadValue, StoreAccess
from qtui.store.artifacts.save import check_sources
from qtui.store.edits import DropTags, Rename, SetStatus, apply_edits
from qtui.store.environment import working_folder
from qtui.store.validation import check_status

if TYPE_CHECKING:
    from pandas import DataFrame

logger = logging.getLogger(__name__)

DEFAULT_RECORDER = "mlflow_recorder"
"""Qlib's name for a recorder without a name."""

ALL_PARAMS = Projection(params=None)
ALL_METRICS = Projection(metrics=None)
ALL_TAGS = Projection(tags=None)
NAME = Projection(tags=frozenset({RUN_NAME_TAG}))


class MLflowRecorder(Recorder):
    """One run: read it, log into it, and load and save its artifacts.

    Values are logged on a background thread between `start_run` and `end_run`, synchronously otherwise. The attributes
    are as of the last lookup or change; params, metrics, tags and artifacts are read whenever they are requested.

    Parameters
    ----------
    experiment_id
        The ID of the experiment that the run belongs to.
    uri
        The URI of the store, or an open StoreAccess.
    name
        The name of the run.
    mlflow_run
        A run of MLflow, or a RunInfo of qtui, to read or resume. Without one a new run begins with `start_run`.

    >>> recorder = MLflowRecorder("1", "file:/data/mlruns", "trial")
    >>> recorder.name, recorder.status
    ('trial', 'SCHEDULED')
    """

    id: str
    """The ID of the run; empty until it is started."""

    def __init__(
        self, experiment_id: str | int, uri: str | StoreAccess, name: str | None = None, mlflow_run: Any = None
    ) -> None:
        self._access = StoreAccess.of(uri)
        self._info = RunInfo("", str(experiment_id), name or DEFAULT_RECORDER, Status.SCHEDULED.value)
        self._recording: RunRecording | None = None
        self._direct: ValueLogger | None = None
        self.parent_run_id = ""
        """The run that this one is nested in."""
        super().__init__(experiment_id, name or DEFAULT_RECORDER)
        self._set_info(self._info if mlflow_run is None else info_of(mlflow_run))

    def __reduce__(self) -> tuple[Any, ...]:
        if self._own_recording is not None:
            raise UsageError("A running recorder cannot be pickled: do it before it starts or after it ends.")
        return unpickle, (without_qlib(type(self)), self.uri, self._info)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.end_run(status_of(error))

    @property
    def name(self) -> str:
        """The name of the run. Assigning it renames the run, in the store too if it has been started."""
        # MLflow 1.x stores the name in a tag only.
        return self._info.name or (self._read(NAME).tags.get(RUN_NAME_TAG, "") if self.id else "")

    @name.setter
    def name(self, name: str) -> None:
        self.set_recorder_name(name)

    @property
    def uri(self) -> str:
        """The URI of the store."""
        return self._access.uri

    @property
    def artifact_uri(self) -> str:
        """The artifact location as recorded."""
        return self._info.artifact_uri

    @property
    def async_log(self) -> LogQueue | None:
        """The queue of values to write while the run is active, else None."""
        recording = self._own_recording
        return recording.queue if recording else None

    @property
    def client(self) -> Any:
        """MLflow's own client of the store."""
        return mlflow_client(self.uri)

    # Start and end

    def start_run(self, on_bad_value: OnBadValue | None = None) -> Self:
        """Start the run, or resume it if it exists, and return the recorder; a `with` ends it.

        Parameters
        ----------
        on_bad_value
            Whether an invalid value raises an error or only logs a warning during this recording.

        Raises
        ------
        RecorderInitializationError
            If the run is being recorded by this process already.
        NotActive
            If the run is deleted.
        """
        if on_bad_value is not None:
            check_on_bad_value(on_bad_value)
        if self._own_recording is not None:
            raise RecorderInitializationError(f"The recorder {self.id} is already running.")
        self._check_not_recorded()
        resuming = bool(self.id)
        with EXIT_GUARD.starting():
            run = Run(self._resume()) if resuming else self._create()
            self._set_info(run.info)
            read_run = self._read_before_logging if resuming else lambda: run
            recording = RunRecording(self._access, run.info, read_run, on_bad_value, is_resuming=resuming)
            self._recording, self._direct = recording, None
            EXIT_GUARD.add(self)
        try:
            recording.record_provenance(self.list_artifacts)
        except BaseException as error:
            self.end_run(status_of(error))
            raise
        logger.info("Started the recorder %s in the experiment %s.", self.id, self.experiment_id)
        return self

    def end_run(self, status: str = Status.SCHEDULED.value) -> None:
        """Write all logged values and end the run with this status; do nothing if it is not running.

        Raises
        ------
        NotLogged
            If some values could not be written; the run has ended nevertheless.
        UsageError
            If the status is unknown.
        """
        check_status(status)
        recording = self._own_recording
        if recording is None:
            return
        try:
            self._set_info(replace(self._info, status=status, end_time=recording.end(status)))
        except (NotActive, NotFound):
            # A deleted run cannot be ended; after any other error it is tried again when the process exits.
            self._leave()
            raise
        self._leave()
        failures = recording.failures()
        if failures:
            raise NotLogged(" ".join(failures))

    def abandon_run(self, status: str) -> None:
        """End the run with this status immediately; unwritten values go to a file that is named in the log."""
        recording = self._own_recording
        if recording is None:
            return
        with uninterrupted():
            recording.keep_unwritten()
            logger.error("%s", " ".join(recording.failures()) or f"Ending the run {self.id} was interrupted.")
        try:
            self._set_info(replace(self._info, status=status, end_time=recording.set_status(status)))
        except BaseException as error:
            # Another Ctrl-C, or an unreachable store; no caller is left to handle it.
            logger.error(
                "Cannot set the status of the run %s to %s: %s", self.id, status, error or type(error).__name__
            )
        self._leave()

    def flush(self) -> None:
        """Wait until all logged values are in the store."""
        recording = self._own_recording
        if recording is not None:
            recording.flush()

    def attach_mlflow(self) -> None:
        """Make MLflow's own functions and autologging log into this run from this thread until it ends."""
        recording = self._own_recording
        if recording is None:
            raise RecorderInitializationError("The recorder is not running: start it before attach_mlflow().")
        recording.attach_mlflow()

    # Log

    def log_params(self, /, **params: object) -> None:
        """Log params, all or none.

        Raises
        ------
        ParamConflict
            If a param already has another value.
        BadValue
            If the store cannot keep a key or a value.
        """
        self._value_logger.log_params(params)

    def log_metrics(self, /, step: object = None, **metrics: object) -> None:
        """Log points of metrics, all or none.

        Parameters
        ----------
        step
            The step of the values, or one step per value of an array. By default steps continue after the last one.
        metrics
            By key a number, an array of numbers, or a Series whose index has the steps.

        Raises
        ------
        BadValue
            If a value is not a number, or the store cannot keep a key.
        """
        self._value_logger.log_metrics(step, metrics)

    def set_tags(self, /, **tags: object) -> None:
        """Set tags, replacing earlier values."""
        self._value_logger.set_tags(tags)

    def delete_tags(self, *keys: str) -> None:
        """Delete tags; a missing one is ignored."""
        self.flush()
        apply_edits(self._access.writer, DropTags([self._begun()], keys))
        self._value_logger.forget_tags(keys)

    def set_recorder_name(self, rname: str) -> None:
        """Rename the run, in the store too if it has been started."""
        if self.id:
            apply_edits(self._access.writer, Rename([self._info], rname))
        self._info = replace(self._info, name=rname)

    def log_leftovers(self, path: str | Path) -> None:
        """Log values from a file of unwritten values, or save artifacts from a folder of unsaved ones.

        Logged values are moved to `<file>.logged`; the folder is removed.
        """
        self.flush()
        info, writer = self._begun(), self._access.writer
        source = Path(path)
        if source.is_dir():
            leftovers.save_once(source, self.id, self._save)
        else:
            leftovers.log_once(source, self.id, lambda batch: writer.log(info, batch))

    # Artifacts

    def log_artifact(self, local_path: str, artifact_path: str | None = None) -> None:
        """Save a file as an artifact, or a folder under its own name."""
        source = Path(local_path)
        parts = [artifact_path or "", source.resolve().name if source.is_dir() else ""]
        self._save(source, "/".join(filter(None, parts)))

    def save_objects(
        self, /, local_path: str | None = None, artifact_path: str | None = None, **objects: object
    ) -> None:
        """Save objects as artifacts, each pickled to a file with its name, or the content of a file or folder.

        Parameters
        ----------
        local_path
            A file or a folder to save instead of objects.
        artifact_path
            The folder among the artifacts.
        objects
            Objects by file name, like `**{"pred.pkl": pred}`.
        """
        if local_path is not None and objects:
            raise UsageError("Give either local_path or objects by name, not both.")
        if local_path is not None:
            self._save(Path(local_path), artifact_path or "")
        elif objects:
            save_objects(self._save, objects, artifact_path or "")

    def load_object(
        self,
        name: str,
        unpickler: Callable[[BinaryIO], Unpickler] = pickle.Unpickler,
        *,
        safe: bool = False,
    ) -> Any:
        """Load the object that was saved under this name.

        Parameters
        ----------
        unpickler
            The class that unpickles the file. Unpickling runs any code that the file contains.
        safe
            Decode the pickle without running code; objects of unknown classes become nodes.

        Raises
        ------
        LoadObjectError
            If there is no such artifact, or it cannot be loaded.
        """
        try:
            return load_object(lambda: open_artifact(self._access.store, self._begun(), name), name, unpickler, safe)
        except LoadObjectError as error:
            other = name.removesuffix(".pkl") if name.endswith(".pkl") else f"{name}.pkl"
            folder = name.rpartition("/")[0]
            if not isinstance(error.__cause__, ArtifactNotFound) or other not in self.list_artifacts(folder):
                raise
            raise LoadObjectError(f"{error} Did you mean {other!r}?") from error.__cause__

    def download_artifact(self, path: str, dst_path: str | None = None) -> str:
        """Download a file or folder of the artifacts into `dst_path` and return its local path.

        Without `dst_path` the path of a local artifact is returned; a remote one is copied into a temporary folder
        that is removed when the process exits.
        """
        return str(download(self._access.store, self._begun(), path, dst_path))

    # Read

    def list_metrics(self) -> dict[str, float]:
        """Return the latest value of every metric."""
        return {key: point.value for key, point in self._read(ALL_METRICS).metrics.items()}

    def list_params(self) -> dict[str, str]:
        """Return every param."""
        return dict(self._read(ALL_PARAMS).params)

    def list_tags(self) -> dict[str, str]:
        """Return every tag."""
        return dict(self._read(ALL_TAGS).tags)

    def history(self, key: str) -> History:
        """Return every point of a metric as three columns; raise MetricNotFound if the run does not have it."""
        self.flush()
        return self._access.store.history(self._info, key)[0]

    def get_metric_history(self, key: str) -> DataFrame:
        """Return every point of a metric as a table with the columns step, timestamp and value."""
        import pandas

        history = self.history(key)
        return pandas.DataFrame({"step": history.steps, "timestamp": history.timestamps, "value": history.values})

    def list_artifacts(self, artifact_path: str | None = None) -> list[str]:
        """List the paths of one level of the artifacts, folders included; empty if there is no such folder."""
        try:
            return [artifact.path for artifact in self._access.store.artifacts(self._info, artifact_path or "").items]
        except ArtifactNotFound:
            return []

    def get_artifact_uri(self) -> str:
        """Return the artifact location: as recorded, or where the artifacts are since the store was moved."""
        root = self._access.store.artifact_root(self._info)
        return root.folder.as_uri() if root.moved and root.folder else root.recorded

    def get_local_dir(self) -> str:
        """Return the local folder of the run, which contains its artifacts folder.

        Raises
        ------
        ArtifactNotFound
            If the artifacts are not on this machine.
        """
        root = self._access.store.artifact_root(self._info)
        if root.folder is None:
            raise ArtifactNotFound(f"The artifacts of the run {self.id} are not on this machine.")
        return str(root.folder.parent)

    def _read(self, projection: Projection) -> Run:
        info = self._begun()
        self.flush()
        return read_run(self._access.store, info, projection)

    # Internals

    def _set_info(self, info: RunInfo) -> None:
        """Update the attributes that Qlib's code reads."""
        self._info = info
        self.id, self.experiment_id, self.status = info.run_id, info.experiment_id, info.status
        self.start_time, self.end_time = local_time(info.start_time), local_time(info.end_time)

    @property
    def _own_recording(self) -> RunRecording | None:
        """Return the recording of this process; a forked child drops its parent's and logs synchronously."""
        if self._recording is not None and self._recording.is_inherited:
            self._recording = None
        return self._recording

    @property
    def _value_logger(self) -> ValueLogger:
        recording = self._own_recording
        if recording is not None:
            return recording.value_logger
        if self._direct is None:
            info, writer = self._begun(), self._access.writer
            self._direct = ValueLogger(
                writer.limits,
                lambda batch: writer.log(info, batch),
                self._save,
                self._read_before_logging,
                self._access.on_bad_value,
            )
        return self._direct

    def _begun(self) -> RunInfo:
        if not self.id:
            raise RecorderInitializationError(f"The recorder {self._info.name!r} has no run yet: start it first.")
        return self._info

    def _check_not_recorded(self) -> None:
        """Raise an error if this process records the run already: ending one recording would end both."""
        others = (other for other in EXIT_GUARD.running if isinstance(other, MLflowRecorder) and other is not self)
        if self.id and any((other.id, other.uri) == (self.id, self.uri) for other in others):
            raise RecorderInitializationError(
                f"The recorder {self.id} is already being recorded by this process: log into it inside "
                "`with R.bind(recorder):` instead of resuming it."
            )

    def _leave(self) -> None:
        self._recording = None
        EXIT_GUARD.remove(self)

    def _create(self) -> Run:
        parent = {PARENT_RUN_TAG: self.parent_run_id} if self.parent_run_id else {}
        tags = {**own_tags(sys.argv[0] if sys.argv else "", own_command(), working_folder()), **parent}
        experiment = ExperimentInfo(self.experiment_id, "")
        info = self._access.writer.create_run(
            experiment, name=self._info.name, start_time=now_ms(), user=user(), tags=tags
        )
        return Run(info, tags={**tags, RUN_NAME_TAG: info.name})

    def _resume(self) -> RunInfo:
        info = run_of_id(self._access.store, self.id)
        if info.lifecycle_stage != ViewType.ACTIVE.value:
            raise NotActive(f"The recorder {self.id} is deleted: R.restore_recorder(recorder_id={self.id!r}) first.")
        apply_edits(self._access.writer, SetStatus([info], Status.RUNNING.value))
        return replace(info, status=Status.RUNNING.value)

    def _read_before_logging(self) -> Run:
        return read_run(self._access.store, self._info, RESUME_VALUES)

    def _save(self, source: Path, folder: str) -> None:
        check_sources(source)
        recording = self._own_recording
        if recording is not None:
            recording.save(source, folder)
        else:
            self._access.writer.save_artifact(self._begun(), source, folder)


def unpickle(cls: type[MLflowRecorder], uri: str, info: RunInfo) -> MLflowRecorder:
    """Return a recorder that was pickled."""
    return cls(info.experiment_id, uri, mlflow_run=info)


def info_of(run: Any) -> RunInfo:
    """Return the RunInfo of a run that MLflow has read; a RunInfo is returned as it is."""
    if isinstance(run, RunInfo):
        return run
    tags: Mapping[str, str] = run.data.tags
    return RunInfo(
        run.info.run_id,
        run.info.experiment_id,
        getattr(run.info, "run_name", None) or tags.get(RUN_NAME_TAG, ""),
        run.info.status,
        run.info.lifecycle_stage,
        run.info.start_time,
        run.info.end_time,
        run.info.artifact_uri or "",
        run.info.user_id or "",
    )


def local_time(milliseconds: int | None) -> str | None:
    """Format a time as Qlib does, in local time; return None for one outside the calendar."""
    if milliseconds is None:
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return None
