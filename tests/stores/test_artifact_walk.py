"""Walk artifact trees to the bottom, but not into loops; an unlistable folder does not hide others."""

from __future__ import annotations

import pytest

from qtui.entities import Artifact, Listing, Problem, RunInfo
from qtui.errors import ArtifactNotFound, StoreUnreachable
from qtui.recorder import Library
from qtui.store.artifacts.walk import MAX_DEPTH
from qtui.store.memory import MemoryStore

RUN = RunInfo("a", "1")


class OddStore(MemoryStore):
    """A store with a folder that contains itself, one that fails and one that vanishes."""

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        if path.startswith("loop"):
            return Listing((Artifact(f"{path}/loop", True),))
        if path == "failing":
            raise StoreUnreachable("The server does not answer.")
        if path == "vanished":
            raise ArtifactNotFound("There is no folder 'vanished'.")
        if path == "half":
            return Listing((Artifact("half/good", False, 1),), (Problem("half/bad", "is a broken link"),))
        return Listing(tuple(Artifact(name, True) for name in ("failing", "half", "loop", "vanished")))


def test_a_folder_that_contains_itself_is_left_at_the_maximum_depth() -> None:
    listing = Library.over(OddStore()).artifacts(RUN, "loop", recursive=True)
    assert len(listing.items) == MAX_DEPTH
    [problem] = listing.problems
    assert (problem.reason, problem.run_id) == ("is more than 64 folders deep and is not listed", "a")


def test_an_unlistable_folder_is_a_problem() -> None:
    listing = Library.over(OddStore()).artifacts(RUN, recursive=True)
    assert Artifact("half/good", False, 1) in listing.items
    assert [(problem.path, problem.reason) for problem in listing.problems if "loop" not in problem.path] == [
        ("failing", "cannot be listed: The server does not answer."),
        ("half/bad", "is a broken link"),
        ("vanished", "cannot be listed: There is no folder 'vanished'."),
    ]


def test_an_unlistable_requested_folder_is_an_error() -> None:
    with pytest.raises(ArtifactNotFound):
        Library.over(OddStore()).artifacts(RUN, "vanished", recursive=True)
