"""Write stores in MLflow's file layout by hand, for tests that damage them."""

from __future__ import annotations

import os
from pathlib import Path

from qtui.entities import Listing, Problem, Run, RunInfo, ViewType
from qtui.query.projection import ALL_VALUES, Projection
from qtui.store.files import FileStore

LONG_AGO = 1_600_000_000
"""Modification time (s) of all files of an aged tree, so that no reader waits for a writer."""


class Tree:
    """A file store that a test builds."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        (root / ".trash").mkdir()

    def experiment(self, experiment_id: str = "1", /, *, trashed: bool = False, **changed: object) -> Path:
        """Write an experiment; a changed value of None leaves its line out."""
        folder = self.root / ".trash" / experiment_id if trashed else self.root / experiment_id
        folder.mkdir()
        lines = {
            "artifact_location": f"file://{self.root / experiment_id}",
            "creation_time": 1000,
            "experiment_id": f"'{experiment_id}'",
            "last_update_time": 1000,
            "lifecycle_stage": "deleted" if trashed else "active",
            "name": f"experiment {experiment_id}",
        }
        (folder / "meta.yaml").write_text(meta_lines(lines | changed))
        return folder

    def run(self, run_id: str, experiment_id: str = "1", /, **changed: object) -> Path:
        """Write a run into an experiment; a changed value of None leaves its line out."""
        folder = next(
            path for path in (self.root / experiment_id, self.root / ".trash" / experiment_id) if path.is_dir()
        )
        folder /= run_id
        for part in ("", "metrics", "params", "artifacts", "tags"):
            (folder / part).mkdir()
        lines = {
            "artifact_uri": f"file://{self.root / experiment_id / run_id / 'artifacts'}",
            "end_time": 2000,
            "entry_point_name": "''",
            "experiment_id": f"'{experiment_id}'",
            "lifecycle_stage": "active",
            "run_id": run_id,
            "run_name": f"name of {run_id}",
            "source_name": "''",
            "source_type": 4,
            "source_version": "''",
            "start_time": 1000,
            "status": 3,
            "tags": "[]",
            "user_id": "quant",
        }
        (folder / "meta.yaml").write_text(meta_lines(lines | changed))
        return folder

    def store(self, cache: Path | None = None) -> FileStore:
        """Age all files and open the store."""
        self.age()
        return FileStore(self.root, cache=cache)

    def age(self) -> None:
        """Set the modification time of all files and folders to `LONG_AGO`."""
        for folder, folders, files in os.walk(self.root):
            for name in [*folders, *files]:
                os.utime(os.path.join(folder, name), (LONG_AGO, LONG_AGO), follow_symlinks=False)


def file_contents(root: Path) -> dict[Path, bytes]:
    """Return the content of every file below a folder."""
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def meta_lines(values: dict[str, object]) -> str:
    """Return values as lines of a meta.yaml; None leaves a line out."""
    return "".join(f"{key}: {value}\n" for key, value in values.items() if value is not None)


def infos_of(
    store: FileStore, view: ViewType = ViewType.ACTIVE, experiments: list[str] | None = None
) -> Listing[RunInfo]:
    """Return all infos, sorted by run id, and all problems, sorted by path."""
    batches = list(store.infos(experiments, view))
    items = sorted((info for batch in batches for info in batch.items), key=lambda info: info.run_id)
    return Listing(tuple(items), by_path(problem for batch in batches for problem in batch.problems))


def runs_of(store: FileStore, projection: Projection = ALL_VALUES) -> Listing[Run]:
    """Return all active runs, sorted by run id, and the problems of their values, sorted by path."""
    batches = list(store.runs(infos_of(store).items, projection))
    runs = tuple(run for batch in batches for run in batch.items)
    return Listing(runs, by_path(problem for batch in batches for problem in batch.problems))


def by_path(problems) -> tuple[Problem, ...]:
    """Return problems sorted by path."""
    return tuple(sorted(problems, key=lambda problem: (problem.path, problem.reason)))


def reasons_by_path(listing: Listing) -> dict[str, str]:
    """Return the reasons of a listing's problems by path."""
    return {problem.path: problem.reason for problem in listing.problems}
