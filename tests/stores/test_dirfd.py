"""File access relative to directory descriptors."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtui.errors import BadValue, StoreUnwritable
from qtui.store.dirfd import DirFdTree, check_path, is_at_or_below


def test_the_top_folder_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with DirFdTree(str(tmp_path / "link")) as tree:
        tree.make_parent("a/b/file")
    assert (tmp_path / "real" / "a" / "b").is_dir()


def test_no_folder_below_the_top_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "top" / "a").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "top" / "a" / "link").symlink_to(tmp_path / "outside")
    with DirFdTree(str(tmp_path / "top")) as tree, pytest.raises(StoreUnwritable):
        tree.make_parent("a/link/deep/file")
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_missing_folder_has_no_descriptor_and_no_state(tmp_path: Path) -> None:
    with DirFdTree(str(tmp_path)) as tree:
        assert tree.parent("missing/file") is None
        assert tree.state("missing/file") is None
        assert not tree.is_open("missing")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["", "/etc/passwd", "a//b", "a/../b", ".", "a\0b", "名" * 100])
def test_an_unsafe_path_is_refused(path: str) -> None:
    with pytest.raises(BadValue):
        check_path(path)


def test_a_folder_is_at_or_below_itself_and_its_ancestors() -> None:
    assert is_at_or_below("/a/b", "/a")
    assert is_at_or_below("/a", "/a")
    assert is_at_or_below("/a", "/")
    assert not is_at_or_below("/ab", "/a")
