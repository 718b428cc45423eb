"""Writer process: write, overwrite and delete runs as MLflow does, without regard for readers."""

from __future__ import annotations

import random
import shutil
import sys
from pathlib import Path

from tests.stores.files.tree import meta_lines

MAX_RUNS = 12


def write_meta(folder: Path, status: int, stage: str = "active") -> None:
    """Overwrite a meta.yaml in place, so that it is empty for a moment."""
    fields = {
        "artifact_uri": f"file://{folder}/artifacts",
        "end_time": "null" if status == 1 else 2000,
        "experiment_id": f"'{folder.parent.name}'",
        "lifecycle_stage": stage,
        "run_id": folder.name,
        "run_name": f"name of {folder.name}",
        "start_time": 1000,
        "status": status,
        "user_id": "quant",
    }
    (folder / "meta.yaml").write_text(meta_lines(fields))


def write_run(folder: Path, rng: random.Random) -> None:
    """Create a run, log to it and end it; mark some runs as deleted."""
    folder.mkdir()
    write_meta(folder, 1)
    for part in ("metrics", "params", "artifacts", "tags"):
        (folder / part).mkdir()
    for number in range(4):
        (folder / "params" / f"p{number}").write_text(str(rng.random()))
    for step in range(5):
        with (folder / "metrics" / "loss").open("a") as file:
            file.write(f"{1000 + step} {rng.random()} {step}\n")
    (folder / "tags" / "mlflow.runName").write_text(f"name of {folder.name}")
    write_meta(folder, 3)
    if rng.random() < 0.3:
        write_meta(folder, 3, "deleted")


def main(experiment: Path, rounds: int) -> None:
    """Write runs, and remove the oldest from the disk when there are more than `MAX_RUNS`."""
    rng = random.Random(7)
    folders: list[Path] = []
    for number in range(rounds):
        folders.append(experiment / f"run{number}")
        write_run(folders[-1], rng)
        if len(folders) > MAX_RUNS:
            shutil.rmtree(folders.pop(0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
