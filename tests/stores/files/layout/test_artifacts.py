"""Artifacts of a file store, also after it was moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtui.entities import Artifact, RunInfo
from qtui.errors import ArtifactNotFound
from qtui.recorder import Library
from tests.stores.files.tree import Tree, infos_of


def fill(folder: Path) -> Path:
    """Fill a folder with a file, a subfolder and a partial upload; return it."""
    (folder / "model").mkdir(parents=True, exist_ok=True)
    (folder / "model" / "weights.bin").write_bytes(b"12345")
    (folder / "b.txt").write_text("b")
    (folder / ".artifact.uploading.xyz").write_text("half")
    return folder


def test_one_level_of_artifacts_is_listed_sorted_by_path(tree: Tree) -> None:
    fill(tree.run("a1") / "artifacts")
    store = tree.store()
    [info] = infos_of(store).items
    assert store.artifacts(info).items == (Artifact("b.txt", False, 1), Artifact("model", True))
    assert store.artifacts(info, "model").items == (Artifact("model/weights.bin", False, 5),)
    assert store.artifact_root(info).folder == tree.root / "1" / "a1" / "artifacts"
    assert not store.artifact_root(info).moved


@pytest.mark.parametrize("path", ["nope", "b.txt", "..", "../params", "model/../..", "/etc", "a\0b", "model/", "out"])
def test_a_path_that_is_not_an_artifact_folder_is_not_found(tree: Tree, path: str) -> None:
    folder = fill(tree.run("a1") / "artifacts")
    (folder / "out").symlink_to("/etc")
    store = tree.store()
    with pytest.raises(ArtifactNotFound):
        store.artifacts(infos_of(store).items[0], path)


def test_a_broken_link_is_listed_without_a_size(tree: Tree) -> None:
    (tree.run("a1") / "artifacts" / "lost").symlink_to("nowhere")
    store = tree.store()
    assert store.artifacts(infos_of(store).items[0]).items == (Artifact("lost", False, None),)


def test_a_circular_link_is_reported_and_hides_no_other_artifact(tree: Tree) -> None:
    folder = fill(tree.run("a1") / "artifacts")
    (folder / "loop").symlink_to("loop")
    (folder / "lost").symlink_to("nowhere")
    with Library.over(tree.store()) as library:
        paths = [artifact.path for artifact in library.artifacts("a1", recursive=True).items]
        assert paths == ["b.txt", "loop", "lost", "model", "model/weights.bin"]
        problems = {problem.path: problem.reason for problem in library.examine()}
    assert problems == {
        f"{folder}/loop": "is a circular link",
        f"{folder}/lost": "is a broken link",
    }


def test_links_to_parent_folders_are_reported_and_not_followed(tree: Tree) -> None:
    folder = fill(tree.run("a1") / "artifacts")
    for name in ("one", "two"):
        (folder / name).symlink_to(".")
        (folder / "model" / name).symlink_to("..")
    for name, other in (("p", "q"), ("q", "p")):
        (folder / name).mkdir()
        for number in range(2):
            (folder / name / f"{number}").symlink_to(f"../{other}")
    with Library.over(tree.store()) as library:
        listing = library.artifacts("a1", recursive=True)
    assert len(listing.items) == 21
    assert {problem.reason for problem in listing.problems} == {
        "is a link to one of its parent folders; it is not followed"
    }
    assert len(listing.problems) == 12


def test_artifact_uris_may_be_percent_encoded_or_plain_paths(tree: Tree, tmp_path: Path) -> None:
    fill(tmp_path / "else where")
    tree.run("a1", artifact_uri=f"file://{tmp_path}/else%20where")
    tree.run("a2", artifact_uri=f"{tmp_path}/else where")
    store = tree.store()
    for info in infos_of(store).items:
        assert store.artifact_root(info).folder == tmp_path / "else where"
        assert len(store.artifacts(info).items) == 2


@pytest.mark.parametrize(
    "uri", ["file:///gone/mlruns/1/a1/artifacts", "C:\\runs\\1\\a1\\artifacts", "./x/1/a1/artifacts"]
)
def test_artifacts_of_a_moved_store_are_found_in_the_store(tree: Tree, uri: str) -> None:
    fill(tree.run("a1", artifact_uri=uri) / "artifacts")
    store = tree.store()
    [info] = infos_of(store).items
    root = store.artifact_root(info)
    assert (root.recorded, root.folder, root.moved) == (uri, tree.root / "1" / "a1" / "artifacts", True)
    assert len(store.artifacts(info).items) == 2


def test_artifacts_in_the_trash_do_not_count_as_moved(tree: Tree) -> None:
    tree.experiment("2", trashed=True)
    fill(tree.run("a1", "2") / "artifacts")
    store = tree.store()
    root = store.artifact_root(RunInfo("a1", "2", artifact_uri=f"file://{tree.root}/2/a1/artifacts"))
    assert (root.folder, root.moved) == (tree.root / ".trash" / "2" / "a1" / "artifacts", False)


def test_artifacts_on_a_missing_disk_are_a_problem(tree: Tree) -> None:
    tree.run("a1", artifact_uri="file:///absent/disk/a1/artifacts")
    store = tree.store()
    [info] = infos_of(store).items
    listing = store.artifacts(info)
    assert listing.items == ()
    assert [problem.path for problem in listing.problems] == ["file:///absent/disk/a1/artifacts"]
    assert store.artifact_root(info).folder is None


def test_remote_artifacts_are_listed_by_mlflow(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlflow.entities import FileInfo
    from mlflow.store.artifact import artifact_repository_registry

    class Repository:
        """Has one file."""

        def list_artifacts(self, path: str | None) -> list[FileInfo]:
            return [FileInfo("z.txt", False, 3), FileInfo("a", True, None)]

    monkeypatch.setattr(artifact_repository_registry, "get_artifact_repository", lambda uri: Repository())
    tree.run("a1", artifact_uri="s3://bucket/1/a1/artifacts")
    store = tree.store()
    [info] = infos_of(store).items
    assert store.artifacts(info).items == (Artifact("a", True), Artifact("z.txt", False, 3))
    assert store.artifact_root(info).folder is None
