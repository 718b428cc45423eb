"""Artifacts are followed all the way down, but not into loops, and one bad folder spoils no other."""

from __future__ import annotations

import pytest

from qtui.entities import Artifact, Listing, Problem, RunInfo
from qtui.errors import ArtifactNotFound, StoreUnreachable
from qtui.recorder import Library
from qtui.recorder.reading.walk import DEEPEST
from qtui.store.memory import MemoryStore

RUN = RunInfo("a", "1")


class OddStore(MemoryStore):
    """A store with a folder that leads into itself, one that fails and one that vanishes."""

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


def test_a_folder_that_leads_into_itself_is_left_at_some_depth() -> None:
    listing = Library.over(OddStore()).artifacts(RUN, "loop", recursive=True)
    assert len(listing.items) == DEEPEST
    [problem] = listing.problems
    assert (problem.reason, problem.run_id) == ("folders more than 64 deep are not followed", "a")


def test_a_folder_that_cannot_be_listed_is_a_problem_and_no_end() -> None:
    listing = Library.over(OddStore()).artifacts(RUN, recursive=True)
    assert Artifact("half/good", False, 1) in listing.items
    assert [(each.path, each.reason) for each in listing.problems if "loop" not in each.path] == [
        ("failing", "The server does not answer."),
        ("half/bad", "is a broken link"),
        ("vanished", "There is no folder 'vanished'."),
    ]


def test_a_folder_that_cannot_be_listed_is_an_error_when_it_is_the_one_that_was_asked_for() -> None:
    with pytest.raises(ArtifactNotFound):
        Library.over(OddStore()).artifacts(RUN, "vanished", recursive=True)
