"""Every scene looks as in the reviewed snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import textual

from tests.scenes import SCENES, Scene, app_of, play, stage

TEXTUAL_VERSION = "8.2"
"""The version of Textual that drew the snapshots; other versions draw borders and shades differently."""

pytestmark = pytest.mark.skipif(
    not textual.__version__.startswith(TEXTUAL_VERSION),
    reason=f"the snapshots were drawn with Textual {TEXTUAL_VERSION}",
)


@pytest.fixture(scope="module")
def sample() -> Iterator[Path]:
    with stage() as folder:
        yield folder


@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene.is_compared], ids=lambda scene: scene.name)
def test_the_scene_looks_as_before(scene: Scene, sample: Path, snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(app_of(scene), terminal_size=scene.size, run_before=partial(play, scene))
