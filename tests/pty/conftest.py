"""A store that the tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtui.cli.sample import write_sample
from qtui.formatting import now_ms


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample store, which no test changes."""
    root = tmp_path_factory.mktemp("sample") / "mlruns"
    write_sample(root, root, now_ms())
    return root
