"""W&B LEET, installed on request into its own environment, with a run to show."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench.registry import Scale

INSTALL_OPTION = "--with-wandb"
"""The option that allows the benches to install wandb below their folder."""

WANDB_PROGRAM = """
import os, sys
os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true")
import wandb
run = wandb.init(project="bench", dir=sys.argv[1], name="bench")
for step in range(200):
    run.log({f"metric_{number}": 1 / (step + 1 + number) for number in range(10)})
run.finish()
"""


def install(scale: Scale) -> str | None:
    """Install wandb and write an offline run with it; return the error message if that fails."""
    folder = scale.folder.absolute() / "wandb"
    python = folder / "venv" / "bin" / "python"
    try:
        if not python.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _run(sys.executable, "-m", "venv", str(folder / "venv"))
        _run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "wandb>=0.27")
        if offline_run(scale) is None:
            _run(str(python), "-c", WANDB_PROGRAM, str(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        return f"W&B LEET is left out, wandb could not be installed: {str(error).splitlines()[-1]}"
    return None


def wandb_path(scale: Scale) -> Path:
    """Return the path of the program `wandb`."""
    return scale.folder.absolute() / "wandb" / "venv" / "bin" / "wandb"


def offline_run(scale: Scale) -> Path | None:
    """Return the folder of the offline run, None if wandb is not installed."""
    return next((scale.folder.absolute() / "wandb").glob("wandb/offline-run-*"), None)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
