"""Going on with a run that was there before, also when somebody else says so: `qtui resume RUN -- COMMAND`."""

from __future__ import annotations

from collections.abc import MutableMapping

RECORDER_VARIABLE = "QTUI_RECORDER_ID"
"""The run that the command was started in."""
RUN_VARIABLE = "MLFLOW_RUN_ID"


def handed_over(environ: MutableMapping[str, str]) -> str | None:
    """The id of the run that this process was started in, given once: what is started after it is a run of its own."""
    run_id = environ.pop(RECORDER_VARIABLE, "")
    if run_id and environ.get(RUN_VARIABLE) == run_id:
        # MLflow would start the run as well, and end it before us.
        del environ[RUN_VARIABLE]
    return run_id or None
