"""The start of a Python prompt in which R logs into one run."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from qtui.entities import RunInfo

PROGRAM = """
from qtui.recorder import R
recorder = R.get_recorder(recorder_id={run_id!r})
_binding = R.bind(recorder)
_binding.__enter__()
print({banner!r})
"""
BANNER = """R logs into the run {run_id} ({name}); its status stays {status}.
  R.log_metrics(loss=0.1)    R.set_tags(note="...")    recorder.list_metrics()    recorder.load_object("name")
ctrl+d returns to qtui."""


def prompt_command(info: RunInfo) -> list[str]:
    """Return the command of a Python prompt for a run; the store comes from its environment."""
    banner = BANNER.format(run_id=info.run_id, name=info.name, status=info.status)
    return [sys.executable, "-i", "-c", PROGRAM.format(run_id=info.run_id, banner=banner)]


def prompt_environment(environ: Mapping[str, str], uri: str) -> dict[str, str]:
    """Return the environment of the prompt."""
    return {**environ, "QTUI_URI": uri}
