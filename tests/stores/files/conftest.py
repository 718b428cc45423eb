"""A tree with one experiment, for the tests to fill."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stores.files.tree import Tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A store with the experiment 1 and no runs."""
    tree = Tree(tmp_path / "mlruns")
    tree.experiment("1")
    return tree
