"""A few scenes look as they did when somebody last looked at them and found them good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import textual

from tests.scenes import SCENES, Scene, app_of, play, stage

DRAWN_WITH = "8.2"
"""The version of Textual that drew the pictures; others draw frames and shades a little differently."""

QUIET = ("browser", "help", "narrow", "one-pane", "no-match")

pytestmark = pytest.mark.skipif(
    not textual.__version__.startswith(DRAWN_WITH), reason=f"the pictures were drawn with Textual {DRAWN_WITH}"
)


@pytest.fixture(scope="module")
def sample() -> Iterator[Path]:
    with stage() as folder:
        yield folder


@pytest.mark.parametrize("scene", [each for each in SCENES if each.name in QUIET], ids=lambda each: each.name)
def test_the_scene_looks_as_before(scene: Scene, sample: Path, snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(app_of(scene), terminal_size=scene.size, run_before=partial(play, scene))
