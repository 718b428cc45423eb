"""Writes stores in MLflow's layout by hand, so that a test can damage them as it likes."""

from __future__ import annotations

import os
from pathlib import Path

from qtui.entities import Listing, Problem, Run, RunInfo, View
from qtui.query.wanted import EVERYTHING, Wanted
from qtui.store.files import FileStore

LONG_AGO = 1_600_000_000
"""When everything in an aged tree was last written (s), so that nobody waits for its writer."""


class Tree:
    """A store under construction."""

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
        (folder / "meta.yaml").write_text(lined(lines | changed))
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
        (folder / "meta.yaml").write_text(lined(lines | changed))
        return folder

    def store(self, cache: Path | None = None) -> FileStore:
        """The store, everything in it aged."""
        self.age()
        return FileStore(self.root, cache=cache)

    def age(self) -> None:
        """Let everything have been written long ago."""
        for folder, folders, files in os.walk(self.root):
            for name in [*folders, *files]:
                os.utime(os.path.join(folder, name), (LONG_AGO, LONG_AGO), follow_symlinks=False)


def lined(values: dict[str, object]) -> str:
    """Values as MLflow writes them into a meta.yaml."""
    return "".join(f"{key}: {value}\n" for key, value in values.items() if value is not None)


def infos_of(store: FileStore, view: View = View.ACTIVE, experiments: list[str] | None = None) -> Listing[RunInfo]:
    """All infos and problems, by run id and by path."""
    batches = list(store.infos(experiments, view))
    items = sorted((info for batch in batches for info in batch.items), key=lambda info: info.run_id)
    return Listing(tuple(items), by_path(problem for batch in batches for problem in batch.problems))


def runs_of(store: FileStore, wanted: Wanted = EVERYTHING) -> Listing[Run]:
    """All active runs with their values, by run id, and the problems of the values by path."""
    batches = list(store.runs(infos_of(store).items, wanted))
    runs = tuple(run for batch in batches for run in batch.items)
    return Listing(runs, by_path(problem for batch in batches for problem in batch.problems))


def by_path(problems) -> tuple[Problem, ...]:
    """Problems in the order of their paths."""
    return tuple(sorted(problems, key=lambda problem: (problem.path, problem.reason)))


def told(listing: Listing) -> dict[str, str]:
    """The reasons of a listing by path."""
    return {problem.path: problem.reason for problem in listing.problems}
