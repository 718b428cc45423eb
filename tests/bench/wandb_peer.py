"""W&B LEET as a peer: installed into an environment of its own when that is asked for, and shown a run of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench.registry import Scale

ASK = "--with-wandb"
"""The option that lets the bench install wandb below its folder."""

WRITE = """
import os, sys
os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true")
import wandb
run = wandb.init(project="bench", dir=sys.argv[1], name="bench")
for step in range(200):
    run.log({f"metric_{number}": 1 / (step + 1 + number) for number in range(10)})
run.finish()
"""


def install(scale: Scale) -> str | None:
    """Install wandb and write an offline run with it; a sentence when that does not work."""
    folder = scale.folder.absolute() / "wandb"
    python = folder / "venv" / "bin" / "python"
    try:
        if not python.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _run(sys.executable, "-m", "venv", str(folder / "venv"))
        _run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "wandb>=0.27")
        if run_of(scale) is None:
            _run(str(python), "-c", WRITE, str(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        return f"W&B LEET is left out, wandb could not be installed: {str(error).splitlines()[-1]}"
    return None


def leet(scale: Scale) -> Path:
    """The program that opens the screen of W&B."""
    return scale.folder.absolute() / "wandb" / "venv" / "bin" / "wandb"


def run_of(scale: Scale) -> Path | None:
    """The run that it is shown."""
    return next((scale.folder.absolute() / "wandb").glob("wandb/offline-run-*"), None)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
