"""A few scenes of the screen, compared letter by letter and colour by colour with how they were when last approved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import pytest

from tests.scenes import SCENES, Scene, app_of, play, stage

DRAWN_WITH = "8.2.8"
"""Other versions of Textual place and colour a few cells differently."""

STILL = [each for each in SCENES if each.name in ("browser", "groups")]


@pytest.fixture(autouse=True)
def on_stage() -> Iterator[None]:
    """The working folder is that of a stage."""
    with stage():
        yield


@pytest.mark.skipif(version("textual") != DRAWN_WITH, reason=f"the snapshots were drawn with Textual {DRAWN_WITH}")
@pytest.mark.parametrize("scene", STILL, ids=lambda scene: scene.name)
def test_a_scene_looks_as_it_did(scene: Scene, snap_compare: Callable[..., bool]) -> None:
    async def to_the_scene(pilot: Any) -> None:
        await play(scene, pilot)

    assert snap_compare(app_of(scene), terminal_size=scene.size, run_before=to_the_scene)
