"""How to resume a run, as lines for Python and for a shell."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from qtui.recorder.recording.mlflow_attachment import FILE_STORE_FLAG
from qtui.recorder.resume.origin import RunOrigin
from qtui.text import redact
from qtui.value_classes import dataclass

SAMPLE_METRIC = "loss"


@dataclass(frozen=True, slots=True)
class ResumeInstructions:
    """The lines that resume one run of one store. A URI with a password is left out: the environment has to name it."""

    uri: str
    run_id: str
    experiment_id: str
    origin: RunOrigin = RunOrigin()

    def shell_line(self, command: Sequence[str] = ()) -> str:
        """Return the command that runs another command inside the run."""
        uri = [] if self._is_secret else ["--uri", self.uri]
        words = command or self.origin.words or ["COMMAND"]
        return shlex.join(["qtui", *uri, "resume", self.run_id, "--", *words])

    def python_lines(self) -> list[str]:
        """Return the lines for qtui's R."""
        return [
            "from qtui.recorder import R, init",
            *self._with_uri("QTUI_URI", f"init({self.uri!r})"),
            f"with R.start(recorder_id={self.run_id!r}, resume=True):",
            f"    R.log_metrics({self._keyword})  {self._step_remark}".rstrip(),
        ]

    def mlflow_lines(self) -> list[str]:
        """Return the lines for MLflow."""
        return [
            *self._flag_lines(),
            "import mlflow",
            *self._with_uri("MLFLOW_TRACKING_URI", f"mlflow.set_tracking_uri({self.uri!r})"),
            f"with mlflow.start_run(run_id={self.run_id!r}):",
            f"    mlflow.log_metric({self._metric!r}, 0.5, step={self._next_step})",
        ]

    def qlib_lines(self) -> list[str]:
        """Return the lines for Qlib's R."""
        manager = {
            "class": "MLflowExpManager",
            "module_path": "qlib.workflow.expm",
            "kwargs": {"uri": self.uri, "default_exp_name": "Experiment"},
        }
        return [
            *self._flag_lines(),
            "import qlib",
            "from qlib.workflow import R",
            *self._with_uri("QLIB_MLFLOW_URI", f"qlib.init(exp_manager={manager!r})", without="qlib.init()"),
            f"with R.start(experiment_id={self.experiment_id!r}, recorder_id={self.run_id!r}, resume=True):",
            f"    R.log_metrics({self._keyword}, step={self._next_step})",
        ]

    def _flag_lines(self) -> list[str]:
        """Return the lines without which MLflow refuses a file store."""
        if not self.uri.startswith("file:"):
            return []
        return ["import os", f'os.environ["{FILE_STORE_FLAG}"] = "true"  # for MLflow 3.13 and later']

    def _with_uri(self, variable: str, line: str, without: str = "") -> list[str]:
        """Return the line with the URI, or where to set it if it is secret."""
        if not self._is_secret:
            return [line]
        return [f"# Set {variable} to the URI of the store first; it has a password.", *([without] if without else [])]

    @property
    def _is_secret(self) -> bool:
        return redact(self.uri) != self.uri

    @property
    def _metric(self) -> str:
        return self.origin.last_metric or SAMPLE_METRIC

    @property
    def _next_step(self) -> int:
        return 0 if self.origin.last_step is None else self.origin.last_step + 1

    @property
    def _keyword(self) -> str:
        """Return an argument with a value of the metric, whose key need not be a Python name."""
        return f"{self._metric}=0.5" if self._metric.isidentifier() else f"**{{{self._metric!r}: 0.5}}"

    @property
    def _step_remark(self) -> str:
        return "" if self.origin.last_step is None else f"# continues at step {self._next_step}"
