"""Runs that nobody will end and runs that were moved are found over the whole store."""

from __future__ import annotations

from pathlib import Path

from qtui.entities import ExperimentInfo, Run, RunInfo
from qtui.recorder import Library, MovedRun
from qtui.store import ArtifactRoot
from qtui.store.memory import MemoryStore

ALPHA, GONE = ExperimentInfo("1", "alpha"), ExperimentInfo("2", "gone", "deleted")
FOLDER = Path("/store/1/moved/artifacts")


class PartlyMovedStore(MemoryStore):
    """A store in which the artifacts of some runs were found elsewhere than recorded."""

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        moved = info.run_id.startswith("moved")
        return ArtifactRoot("file:///recorded", FOLDER if moved else None, moved)


def test_moved_runs_are_found_among_the_deleted_too() -> None:
    infos = [RunInfo("moved", "1"), RunInfo("moved-and-deleted", "2", lifecycle_stage="deleted"), RunInfo("still", "1")]
    library = Library.over(PartlyMovedStore([ALPHA, GONE], map(Run, infos)))
    assert library.moved() == tuple(MovedRun(info, "file:///recorded", FOLDER) for info in infos[:2])


def test_a_running_run_without_a_known_write_is_stale() -> None:
    library = Library.over(MemoryStore([ALPHA], [Run(RunInfo("a", "1"))]))
    [stale] = library.stale(0)
    assert stale.last_write is None


def test_only_active_running_runs_can_be_stale() -> None:
    infos = [RunInfo("done", "1", status="FINISHED", start_time=0), RunInfo("gone", "1", "", "RUNNING", "deleted", 0)]
    library = Library.over(MemoryStore([ALPHA], map(Run, infos)))
    assert library.stale() == ()
