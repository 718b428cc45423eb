"""One run that can be recorded into: Qlib's MLflowRecorder, over any store that qtui can write."""

from __future__ import annotations

import logging
import pickle
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Self

from qtui.entities import PARENT_RUN_TAG, Experiment, History, Run, RunInfo, Status, View
from qtui.errors import (
    ArtifactNotFound,
    LoadObjectError,
    NotActive,
    NotFound,
    NotLogged,
    RecorderInitializationError,
    UsageError,
)
from qtui.figures import now_ms
from qtui.qlib_classes import without_qlib
from qtui.query.wanted import Wanted
from qtui.recorder.abstract_recorder import AbstractRecorder
from qtui.recorder.config import check_on_bad_value
from qtui.recorder.exp import DEFAULT_RECORDER
from qtui.recorder.reading.artifact_files import download, fetched
from qtui.recorder.reading.lookup import run_of_id
from qtui.recorder.recorder import Recorder, read_run
from qtui.recorder.recording import leftovers
from qtui.recorder.recording.log_queue import LogQueue
from qtui.recorder.recording.logbook import RECALLED, Logbook
from qtui.recorder.recording.mlflow_attachment import mlflow_client
from qtui.recorder.recording.process_exit import EXIT_GUARD, status_of, uninterrupted
from qtui.recorder.recording.provenance import own_tags, user
from qtui.recorder.recording.run_recording import RunRecording
from qtui.recorder.recording.saved_objects import Unpickler, load_object, save_objects
from qtui.recorder.store_access import OnBadValue, StoreAccess
from qtui.store import Store
from qtui.store.writer import Changes

logger = logging.getLogger(__name__)


class MLflowRecorder(Recorder, AbstractRecorder):
    """Records into one run: by a thread behind between `start_run` and `end_run`, at once at other times.

    >>> recorder = MLflowRecorder("1", "file:/data/mlruns", "trial")
    >>> recorder.name, recorder.status
    ('trial', 'SCHEDULED')
    """

    def __init__(self, experiment_id: str | int, uri: str, name: str | None = None, mlflow_run: Any = None) -> None:
        """A run that begins with `start_run`, or one that MLflow has read."""
        new = RunInfo("", str(experiment_id), name or DEFAULT_RECORDER, Status.SCHEDULED.value)
        self._access = StoreAccess(uri)
        self._info = new if mlflow_run is None else info_of(mlflow_run)
        self._recording: RunRecording | None = None
        self._direct: Logbook | None = None
        self.parent_run_id = ""

    @classmethod
    def of(cls, access: StoreAccess, info: RunInfo) -> Self:
        """The recorder of a run, through what is open already."""
        recorder = cls(info.experiment_id, access.uri)
        recorder._access = access
        recorder._info = info
        return recorder

    def __reduce__(self) -> tuple[Any, ...]:
        if self._own_recording is not None:
            raise UsageError("A recorder can be pickled before it starts and after it ends, not while it runs.")
        return restored, (without_qlib(type(self)), self.uri, self._info)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.end_run(status_of(error))

    @property
    def _store(self) -> Store:
        return self._access.store

    @property
    def name(self) -> str:
        """The name of the run."""
        return super().name if self.id else self._info.name

    @property
    def uri(self) -> str:
        """The address of the store."""
        return self._access.uri

    @property
    def async_log(self) -> LogQueue | None:
        """What carries logged values into the store while the run is active."""
        recording = self._own_recording
        return recording.queue if recording else None

    @property
    def client(self) -> Any:
        """MLflow's own client of the store, for what only that can do."""
        return mlflow_client(self.uri)

    # Start and end

    def start_run(self, on_bad_value: OnBadValue | None = None) -> Self:
        """Start the run, or resume it when it was there before, and return the recorder, which a `with` ends.

        `on_bad_value` says for this recording whether a wrong value is an error or a warning.
        """
        if on_bad_value is not None:
            check_on_bad_value(on_bad_value)
        if self._own_recording is not None:
            raise RecorderInitializationError(f"The recorder {self.id} is running already.")
        self._check_not_recorded()
        new = not self.id
        self._info = self._created() if new else self._resumed()
        recording = RunRecording(self._access, self._info, None if new else self._recall, on_bad_value)
        self._recording, self._direct = recording, None
        EXIT_GUARD.add(self)
        try:
            recording.record_itself(self.list_artifacts)
        except BaseException as error:
            self.end_run(status_of(error))
            raise
        logger.info("The recorder %s runs in the experiment %s.", self.id, self.experiment_id)
        return self

    def end_run(self, status: str = Status.SCHEDULED.value) -> None:
        """Store all that was logged and end the run in this status; `NotLogged` tells what could not be stored."""
        if status not in set(Status):
            raise UsageError(f"A run cannot end as {status!r}, only as one of {', '.join(Status)}.")
        recording = self._own_recording
        if recording is None:
            return
        try:
            self._info = recording.end(status)
        except (NotActive, NotFound):
            # Nobody can end what is deleted; anything else is tried once more when the process ends.
            self._leave()
            raise
        self._leave()
        complaints = recording.complaints()
        if complaints:
            raise NotLogged(" ".join(complaints))

    def abandon_run(self, status: str) -> None:
        """End the run in this status at once: what is not in the store is kept in a file, which the log names."""
        recording = self._own_recording
        if recording is None:
            return
        with uninterrupted():
            recording.keep_unwritten()
            logger.error("%s", " ".join(recording.complaints()) or f"The end of the run {self.id} was interrupted.")
        try:
            self._info = recording.set_status(status)
        except BaseException as error:
            # Another Ctrl-C, or a store that is away: nobody is left to catch it.
            logger.error("The run %s could not be ended as %s: %s", self.id, status, error or type(error).__name__)
        self._leave()

    def flush(self) -> None:
        """Wait until all that was logged is in the store."""
        recording = self._own_recording
        if recording is not None:
            recording.flush()

    def attach_mlflow(self) -> None:
        """Let MLflow's own functions and its autologging log into this run, in this thread, until the run ends."""
        recording = self._own_recording
        if recording is None:
            raise RecorderInitializationError("The recorder does not run: start it before attach_mlflow().")
        recording.attach_mlflow()

    # Log

    def log_params(self, /, **params: object) -> None:
        """Log params; one that has another value already is an error, and none of these is logged then."""
        self._logbook.params(params)

    def log_metrics(self, /, step: object = None, **metrics: object) -> None:
        """Log points: a number, an array of them, or a Series whose index are steps; without a step they number on."""
        self._logbook.metrics(step, metrics)

    def set_tags(self, /, **tags: object) -> None:
        """Set tags."""
        self._logbook.tags(tags)

    def delete_tags(self, *keys: str) -> None:
        """Take tags off; one that is not there is no error."""
        self.flush()
        self._access.writer.delete_tags(self._begun(), keys)
        self._logbook.forget_tags(keys)

    def set_recorder_name(self, rname: str) -> None:
        """Give the run another name."""
        if self.id:
            self._info = self._access.writer.update_run(self._info, Changes(name=rname))
        else:
            self._info = RunInfo("", self.experiment_id, rname, self.status)

    def log_leftovers(self, path: str | Path) -> None:
        """Log what could not be written before and was kept in a file, or save artifacts that were kept in a folder.

        What was logged is moved to `<file>.logged`; a folder is removed.
        """
        self.flush()
        info, writer = self._begun(), self._access.writer
        kept = Path(path)
        if kept.is_dir():
            leftovers.save_once(kept, self.id, self._save)
        else:
            leftovers.log_once(kept, self.id, lambda batch: writer.log(info, batch))

    # Artifacts

    def log_artifact(self, local_path: str, artifact_path: str | None = None) -> None:
        """Put a file among the artifacts, or a folder under its own name."""
        source = Path(local_path)
        parts = [artifact_path or "", source.resolve().name if source.is_dir() else ""]
        self._save(source, "/".join(filter(None, parts)))

    def save_objects(
        self, /, local_path: str | None = None, artifact_path: str | None = None, **objects_: object
    ) -> None:
        """Put objects among the artifacts, each in a file of its name, or what is in a file or folder."""
        if local_path is not None and objects_:
            raise UsageError("Give either local_path, for what is in a file or folder, or objects by name; not both.")
        if local_path is not None:
            self._save(Path(local_path), artifact_path or "")
        elif objects_:
            save_objects(self._save, objects_, artifact_path or "")

    def load_object(
        self,
        name: str,
        unpickler: Callable[[BinaryIO], Unpickler] = pickle.Unpickler,
        *,
        safe: bool = False,
    ) -> Any:
        """The object that was saved under this name; unpickling runs what the file says, unless it is `safe`."""
        try:
            return load_object(lambda: fetched(self._store, self._begun(), name), name, unpickler, safe)
        except LoadObjectError as error:
            other = name.removesuffix(".pkl") if name.endswith(".pkl") else f"{name}.pkl"
            folder = name.rpartition("/")[0]
            if not isinstance(error.__cause__, ArtifactNotFound) or other not in self.list_artifacts(folder):
                raise
            raise LoadObjectError(f"{error} There is {other!r}.") from error.__cause__

    def download_artifact(self, path: str, dst_path: str | None = None) -> str:
        """Bring a file or folder of the artifacts into a folder, and tell where it is then."""
        return str(download(self._store, self._begun(), path, dst_path))

    # Read

    def history(self, key: str) -> History:
        """Every point of a metric, as three columns."""
        self.flush()
        return super().history(key)

    def _read(self, wanted: Wanted) -> Run:
        self._begun()
        self.flush()
        return super()._read(wanted)

    # How

    @property
    def _own_recording(self) -> RunRecording | None:
        """What this process records; a forked child lets go of its parent's, and logs like into any other run."""
        if self._recording is not None and self._recording.is_inherited:
            self._recording = None
        return self._recording

    @property
    def _logbook(self) -> Logbook:
        recording = self._own_recording
        if recording is not None:
            return recording.logbook
        if self._direct is None:
            info, writer = self._begun(), self._access.writer
            self._direct = Logbook(
                writer.limits,
                lambda batch: writer.log(info, batch),
                self._save,
                self._recall,
                self._access.on_bad_value,
            )
        return self._direct

    def _begun(self) -> RunInfo:
        if not self.id:
            raise RecorderInitializationError(f"The recorder {self._info.name!r} has no run yet: start it first.")
        return self._info

    def _check_not_recorded(self) -> None:
        """Refuse a second recording of a run in this process, whose end would end the first one."""
        others = (other for other in EXIT_GUARD.running if isinstance(other, MLflowRecorder) and other is not self)
        if self.id and any((other.id, other.uri) == (self.id, self.uri) for other in others):
            raise RecorderInitializationError(
                f"The recorder {self.id} is being recorded by this process already: log into it inside "
                "`with R.bind(recorder):` instead of resuming it."
            )

    def _leave(self) -> None:
        self._recording = None
        EXIT_GUARD.remove(self)

    def _created(self) -> RunInfo:
        parent = {PARENT_RUN_TAG: self.parent_run_id} if self.parent_run_id else {}
        return self._access.writer.create_run(
            Experiment(self.experiment_id, ""),
            name=self._info.name,
            start_time=now_ms(),
            user=user(),
            tags={**own_tags(sys.argv, Path.cwd()), **parent},
        )

    def _resumed(self) -> RunInfo:
        info = run_of_id(self._store, self.id)
        if info.lifecycle_stage != View.ACTIVE.value:
            raise NotActive(f"The recorder {self.id} is deleted: R.restore_recorder(recorder_id={self.id!r}) first.")
        return self._access.writer.update_run(info, Changes(status=Status.RUNNING.value))

    def _recall(self) -> Run:
        return read_run(self._store, self._info, RECALLED)

    def _save(self, source: Path, folder: str) -> None:
        if not source.exists():
            raise ArtifactNotFound(f"{source} does not exist.")
        recording = self._own_recording
        if recording is not None:
            recording.save(source, folder)
        else:
            self._access.writer.save_artifact(self._begun(), source, folder)


def restored(cls: type[MLflowRecorder], uri: str, info: RunInfo) -> MLflowRecorder:
    """A recorder that was pickled."""
    return cls.of(StoreAccess(uri), info)


def info_of(run: Any) -> RunInfo:
    """What MLflow's own Run tells."""
    tags: Mapping[str, str] = run.data.tags
    return RunInfo(
        run.info.run_id,
        run.info.experiment_id,
        getattr(run.info, "run_name", None) or tags.get("mlflow.runName", ""),
        run.info.status,
        run.info.lifecycle_stage,
        run.info.start_time,
        run.info.end_time,
        run.info.artifact_uri or "",
        run.info.user_id or "",
    )
