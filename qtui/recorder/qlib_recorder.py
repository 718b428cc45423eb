"""Starting recorders and logging into the active one, like Qlib's QlibRecorder.

Every thread and asyncio task starts and ends its own recorders. One that has started none logs into the active one, as
the workers of a training do; if several are active, `R.bind(recorder)` selects one. A recorder that is started inside
another is nested in it, and R returns to the outer one when it ends.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from qtui.entities import Status
from qtui.errors import ExperimentNotFound, QtuiError, UsageError
from qtui.recorder.config import config
from qtui.recorder.mlflow_exp_manager import MLflowExpManager
from qtui.recorder.mlflow_experiment import MLflowExperiment
from qtui.recorder.mlflow_recorder import MLflowRecorder
from qtui.recorder.recording.process_exit import status_of
from qtui.recorder.recording.saved_objects import Unpickler
from qtui.recorder.store_access import OnBadValue

if TYPE_CHECKING:
    from pandas import DataFrame

logger = logging.getLogger(__name__)


class QlibRecorder:
    """Starts and ends recorders, and logs into the active one.

    >>> with R.start(experiment_name="alpha158", recorder_name="lightgbm"):
    ...     R.log_params(learning_rate=0.05)
    ...     for step in range(3):
    ...         R.log_metrics(loss=1 / (step + 1), step=step)
    ...     R.save_objects(**{"pred.pkl": [0.1, 0.2]})
    >>> recorder = R.get_recorder(experiment_name="alpha158", recorder_name="lightgbm")
    >>> recorder.status, recorder.list_params()["learning_rate"], recorder.load_object("pred.pkl")
    ('FINISHED', '0.05', [0.1, 0.2])
    """

    def __init__(self, exp_manager: MLflowExpManager) -> None:
        self.exp_manager = exp_manager

    def __repr__(self) -> str:
        return f"{type(self).__name__}(manager={self.exp_manager!r})"

    # Start and end

    @contextmanager
    def start(
        self,
        *,
        experiment_id: str | int | None = None,
        experiment_name: str | None = None,
        recorder_id: str | None = None,
        recorder_name: str | None = None,
        uri: str | None = None,
        resume: bool = False,
        on_bad_value: OnBadValue | None = None,
    ) -> Iterator[MLflowExperiment]:
        """Record until the end of the `with`; the run is FINISHED, or FAILED after an exception.

        Generators share the context of their caller: to record in several that take turns, advance each one in a
        context of its own, with `context.run(next, generator)` of `context = contextvars.copy_context()`.

        Parameters
        ----------
        experiment_id, experiment_name
            The experiment; one of a new name is created. By default the one given to `init`.
        recorder_id, recorder_name
            The recorder to resume, or the name of the new one.
        uri
            The URI of another store; a relative one is relative to the working directory.
        resume
            Resume the recorder with this ID, or the latest with this name, instead of starting a new one.
        on_bad_value
            `"raise"` makes an invalid value an error, `"warn"` skips and reports it; by default as given to `init`.

        Raises
        ------
        ExperimentNotFound, RunNotFound
            If there is no experiment or recorder with this ID.
        NotLogged
            At the end, if some values could not be written.

        >>> with R.start(recorder_name="tolerant", on_bad_value="warn"):
        ...     R.log_metrics(loss=None, ic=0.05)
        ...     R.get_recorder().list_metrics()
        {'ic': 0.05}
        """
        experiment = self.start_exp(
            experiment_id=experiment_id,
            experiment_name=experiment_name,
            recorder_id=recorder_id,
            recorder_name=recorder_name,
            uri=uri,
            resume=resume,
            on_bad_value=on_bad_value,
        )
        try:
            yield experiment
        except BaseException as error:
            self._end_after(experiment, error)
            raise
        self.exp_manager.end_with_nested(experiment, Status.FINISHED.value)

    def start_exp(
        self,
        *,
        experiment_id: str | int | None = None,
        experiment_name: str | None = None,
        recorder_id: str | None = None,
        recorder_name: str | None = None,
        uri: str | None = None,
        resume: bool = False,
        on_bad_value: OnBadValue | None = None,
    ) -> MLflowExperiment:
        """Record until `end_exp` or until the process exits; the parameters are those of `start`."""
        return self.exp_manager.start_exp(
            experiment_id=experiment_id,
            experiment_name=experiment_name,
            recorder_id=recorder_id,
            recorder_name=recorder_name,
            uri=config(uri).uri if uri else None,
            resume=resume,
            on_bad_value=on_bad_value,
        )

    def end_exp(self, recorder_status: str = Status.FINISHED.value) -> None:
        """End the active recorder with this status; do nothing if none is active."""
        self.exp_manager.end_exp(recorder_status)

    @contextmanager
    def bind(self, recorder: MLflowRecorder) -> Iterator[MLflowRecorder]:
        """Log into this recorder inside the `with`, from any thread or task; leaving it does not end the run.

        Raises
        ------
        RecorderInitializationError
            If the recorder has not been started.

        >>> from concurrent.futures import ThreadPoolExecutor
        >>> def work(recorder, step):
        ...     with R.bind(recorder):
        ...         R.log_metrics(score=step / 2, step=step)
        >>> with R.start(recorder_name="pool"), ThreadPoolExecutor() as pool:
        ...     recorder = R.get_recorder()
        ...     done = list(pool.map(work, [recorder] * 3, range(3)))
        >>> len(recorder.get_metric_history("score"))
        3
        """
        with self.exp_manager.bind_recorder(recorder):
            yield recorder

    def attach_mlflow(self) -> None:
        """Make MLflow's own functions and autologging log into the active run from this thread until it ends.

        It imports MLflow. A run that starts after MLflow was imported is attached automatically.

        Raises
        ------
        RecorderInitializationError
            If no run is active.
        """
        self.get_recorder().attach_mlflow()

    # Experiments

    def list_experiments(self) -> dict[str, MLflowExperiment]:
        """Return the active experiments by name."""
        return self.exp_manager.list_experiments()

    def get_exp(
        self,
        *,
        experiment_id: str | int | None = None,
        experiment_name: str | None = None,
        create: bool = True,
        start: bool = False,
    ) -> MLflowExperiment:
        """Return the experiment with this ID or name, else the active one, else the default one.

        Parameters
        ----------
        create
            Create the experiment if none has this name.
        start
            Start the experiment if none is active.

        Raises
        ------
        ExperimentNotFound
            If no experiment has this ID, or none has this name and `create` is false.
        """
        return self.exp_manager.get_exp(
            experiment_id=experiment_id, experiment_name=experiment_name, create=create, start=start
        )

    def get_active_experiment(self) -> MLflowExperiment | None:
        """Return the active experiment, or None."""
        return self.exp_manager.active_experiment

    def get_active_recorder(self) -> MLflowRecorder | None:
        """Return the active recorder, or None; none is started."""
        experiment = self.get_active_experiment()
        return experiment.active_recorder if experiment else None

    def delete_exp(self, experiment_id: str | int | None = None, experiment_name: str | None = None) -> None:
        """Delete an experiment; it can be restored."""
        self.exp_manager.delete_exp(experiment_id, experiment_name)

    def restore_exp(self, experiment_id: str | int | None = None, experiment_name: str | None = None) -> None:
        """Restore a deleted experiment and all its runs, including those deleted before it."""
        self.exp_manager.restore_exp(experiment_id, experiment_name)

    def search_records(
        self, experiment_ids: str | int | Sequence[str | int] | None = None, **options: Any
    ) -> DataFrame:
        """Return the matching runs as a table, with columns `params.*`, `metrics.*` and `tags.*`.

        Parameters
        ----------
        experiment_ids
            The experiments to search; all by default.
        options
            `filter_string`, `run_view_type`, `max_results` and `order_by`, as in `mlflow.search_runs`.

        >>> for rate in (0.1, 0.2):
        ...     with R.start():
        ...         R.log_params(rate=rate)
        ...         R.log_metrics(ic=rate / 4)
        >>> R.search_records(filter_string="metrics.ic > 0.01", order_by=["metrics.ic DESC"])["params.rate"].tolist()
        ['0.2', '0.1']
        """
        return self.exp_manager.search_records(experiment_ids, **options)

    # Recorders

    def list_recorders(
        self, experiment_id: str | int | None = None, experiment_name: str | None = None
    ) -> dict[str, MLflowRecorder]:
        """Return the recorders of an experiment by ID, latest first; empty if no experiment has this name."""
        try:
            return self.get_exp(
                experiment_id=experiment_id, experiment_name=experiment_name, create=False
            ).list_recorders()
        except ExperimentNotFound:
            if experiment_id is not None:
                raise
            return {}

    def get_recorder(
        self,
        *,
        recorder_id: str | None = None,
        recorder_name: str | None = None,
        experiment_id: str | int | None = None,
        experiment_name: str | None = None,
        experiment: str | int | None = None,
    ) -> MLflowRecorder:
        """Return the recorder with this ID, else the latest with this name, else the active one.

        Parameters
        ----------
        recorder_id
            Searched in all experiments, unless one is given.
        experiment
            The name or the ID of the experiment to search, instead of `experiment_name` or `experiment_id`.

        Raises
        ------
        ExperimentNotFound, RunNotFound
            If there is no such experiment or recorder.

        >>> with R.start(experiment_name="alpha360", recorder_name="gru"):
        ...     pass
        >>> R.get_recorder(experiment="alpha360", recorder_name="gru").name
        'gru'
        """
        if experiment is not None:
            if experiment_id is not None or experiment_name is not None:
                raise UsageError("Give either experiment, or one of experiment_id and experiment_name, not both.")
            experiment_id = self.exp_manager.experiment_named(experiment).id
        if recorder_id is not None and experiment_id is None and experiment_name is None:
            return self.exp_manager.recorder_of_id(recorder_id)
        parent = self.get_exp(experiment_id=experiment_id, experiment_name=experiment_name, create=False)
        return parent.get_recorder(recorder_id, recorder_name, create=False)

    def delete_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> None:
        """Delete a recorder; it can be restored. A name is searched in the active, else the default experiment."""
        self.exp_manager.delete_recorder(recorder_id, recorder_name)

    def restore_recorder(self, recorder_id: str) -> None:
        """Restore a deleted recorder."""
        self.exp_manager.restore_recorder(recorder_id)

    # The store

    def get_uri(self) -> str:
        """Return the URI of the store that is recorded into."""
        return self.exp_manager.uri

    def set_uri(self, uri: str | None) -> None:
        """Record into another store from now on; `None` selects the one of the environment."""
        self.exp_manager.default_uri = config(uri).uri

    @contextmanager
    def uri_context(self, uri: str) -> Iterator[None]:
        """Record into another store inside the `with`, in this thread or task only."""
        with self.exp_manager.uri_context(config(uri).uri):
            yield

    # Logging; a recorder is started if none is active

    def log_params(self, /, **params: object) -> None:
        """Log params, all or none; see `MLflowRecorder.log_params`."""
        self._active().log_params(**params)

    def log_metrics(self, /, step: object = None, **metrics: object) -> None:
        """Log points of metrics: numbers, arrays, or Series whose index has the steps.

        Without a step the points continue after the last one of the metric.

        >>> with R.start(recorder_name="arrays"):
        ...     R.log_metrics(loss=[0.5, 0.25])
        ...     R.log_metrics(loss=0.125)
        ...     R.get_recorder().get_metric_history("loss")["step"].tolist()
        [0, 1, 2]
        """
        self._active().log_metrics(step, **metrics)

    def set_tags(self, /, **tags: object) -> None:
        """Set tags, replacing earlier values."""
        self._active().set_tags(**tags)

    def delete_tags(self, *keys: str) -> None:
        """Delete tags; a missing one is ignored."""
        self._active().delete_tags(*keys)

    def log_artifact(self, local_path: str, artifact_path: str | None = None) -> None:
        """Save a file or a folder as an artifact."""
        self._active().log_artifact(local_path, artifact_path)

    def save_objects(
        self, /, local_path: str | None = None, artifact_path: str | None = None, **objects: object
    ) -> None:
        """Save objects, or the content of a file or folder, as artifacts; see `MLflowRecorder.save_objects`."""
        self._active().save_objects(local_path, artifact_path, **objects)

    def load_object(
        self, name: str, unpickler: Callable[[BinaryIO], Unpickler] = pickle.Unpickler, *, safe: bool = False
    ) -> Any:
        """Load an object of the active recorder, else of the latest with the default name; see `MLflowRecorder`."""
        return self.get_recorder().load_object(name, unpickler, safe=safe)

    def download_artifact(self, path: str, dst_path: str | None = None) -> str:
        """Download an artifact of the active recorder and return its local path."""
        return self.get_recorder().download_artifact(path, dst_path)

    def _active(self) -> MLflowRecorder:
        return self.get_exp(start=True).get_recorder(start=True)

    def _end_after(self, experiment: MLflowExperiment, error: BaseException) -> None:
        """End the experiment after an exception; a failure to end it is logged, so it never hides that exception."""
        try:
            self.exp_manager.end_with_nested(experiment, status_of(error))
        except QtuiError as failure:
            logger.error("%s", failure)
