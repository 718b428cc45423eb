"""Scenes of the screen over the sample store: drawn by `make screenshots`, compared by the snapshot tests."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from qtui.cli.sample import write_sample
from qtui.entities import RunInfo, ViewType
from qtui.recorder import Library
from qtui.store import ArtifactRoot
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.screens.artifact import ArtifactScreen
from qtui.tui.screens.browser import BrowserScreen
from qtui.tui.screens.chart import ChartScreen
from qtui.tui.screens.compare import CompareScreen
from qtui.tui.screens.grid import GridScreen

NOW = 1_780_000_000_000
"""The moment of every scene: ages and dates are counted from it."""

FOLDER = Path(__file__).parent.parent / "screenshots"


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: the keys that lead to it, and how large and in which colours it is drawn."""

    name: str
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = (130, 36)
    theme: str = "night"
    view: ViewType = ViewType.ACTIVE
    is_compared: bool = True
    """Whether a snapshot test compares it; other scenes are only drawn for the README."""


LGB = ("1", "G", "enter")
VIT = ("1", *"jjjjjj", "enter")
WIDE = (150, 40)
MARKED = ("space", "space", "space", "space", "k")
BY_LEAVES = ("b", *"num_leaves", "enter")
TO_CURVE = ("]", "]", "]", "]")
"""From the bars of the IC to the first metric with a curve."""
LOADING_SCREENS = (BrowserScreen, ChartScreen, GridScreen, ArtifactScreen, CompareScreen)
TASK = (*LGB, "3", "left_square_bracket", "G", "enter")
QLIB_RUNS = ("/", *"d128-23 OR d64-20", "enter", "ctrl+a")
QLIB_ARTIFACTS = ("1", "G", "k", "enter", "j", "j", "3", "left_square_bracket")
"""The artifacts of the run with Qlib's records."""

SCENES = (
    Scene("browser", (*LGB, "j", "j"), size=WIDE),
    Scene("browser-day", (*LGB, "j", "j"), size=WIDE, theme="day"),
    Scene("groups", (*LGB, *BY_LEAVES), size=WIDE),
    Scene("tag-editor", (*LGB, *MARKED, "t", *"stage=prod", "enter"), size=(120, 36)),
    Scene("delete", (*LGB, *MARKED, "D"), size=(80, 24)),
    Scene("filter", (*LGB, "/", *"metrics.IC > 0.04 and params.model.kw"), size=WIDE),
    Scene("columns", (*LGB, "v"), size=WIDE),
    Scene("metrics", (*LGB, "j", "j", "3", "]", "]", "]"), size=WIDE),
    Scene("charts", (*VIT, "3", "]", "]", "]", "z", "l", *["h"] * 6), size=WIDE),
    Scene("charts-of-runs", (*VIT, *["space"] * 4, "C"), size=WIDE),
    Scene("palette", (*LGB, ":", *"sor"), size=WIDE),
    Scene("help", (*LGB, "?"), size=WIDE),
    Scene("chart", (*LGB, *MARKED, "m", *TO_CURVE, "}", "}", "home", *["ctrl+right"] * 5, "l"), size=WIDE),
    Scene("chart-band", (*LGB, *BY_LEAVES, "m", *TO_CURVE, "}", "}", "}"), size=WIDE),
    Scene("report", ("1", "G", "k", "enter", "j", "j", "3", "]", "z"), size=(120, 36)),
    Scene("artifact-text", (*TASK, "h"), size=WIDE),
    Scene("artifact-hex", (*TASK, "h", "h", "j"), size=WIDE),
    Scene("predictions", (*QLIB_ARTIFACTS, "/", *"pred.pkl", "enter", "enter", "h"), is_compared=False),
    Scene("ic-months", (*QLIB_ARTIFACTS, "G", "enter", "G", "k", "enter", "h"), size=(120, 30), is_compared=False),
    Scene("image", (*QLIB_ARTIFACTS, "enter"), is_compared=False),
    Scene(
        "pickle-tree",
        (*QLIB_ARTIFACTS, *"jjjj", "enter", *"jjjjj", "enter", *"hhhj", "enter", *"jjj", "enter"),
        is_compared=False,
    ),
    Scene("notebook", ("1", *"jjj", "enter", *"jj", "3", "[", "/", *"ipynb", "enter", "enter"), is_compared=False),
    Scene("parquet", (*LGB, *"jj", "3", "[", "/", *"parquet", *["enter"] * 2, *["right"] * 2, "i"), is_compared=False),
    Scene("compare", (*LGB, *MARKED, "c"), size=WIDE),
    Scene("compare-scatter", (*LGB, "ctrl+a", "c", *"ww"), size=WIDE, is_compared=False),
    Scene("compare-box", (*LGB, "ctrl+a", "c", *"www"), size=WIDE, is_compared=False),
    Scene("compare-parallel", (*LGB, "ctrl+a", "c", *"wwww"), size=WIDE, is_compared=False),
    Scene("compare-groups", (*LGB, "ctrl+a", "c", *"wwwwwwww"), size=WIDE, is_compared=False),
    Scene("compare-importance", (*LGB, "ctrl+a", "c", *"wwwwwwwww"), size=WIDE, is_compared=False),
    Scene("compare-returns", (*QLIB_RUNS, "c", *"wwwww"), size=WIDE, is_compared=False),
    Scene("compare-predictions", (*QLIB_RUNS, "c", *"wwwwww"), size=WIDE, is_compared=False),
    Scene("compare-bars", (*LGB, *MARKED, "c", "w"), size=WIDE, is_compared=False),
    Scene("compare-files", (*QLIB_RUNS, "c", "v", *"files", "enter"), size=WIDE, is_compared=False),
    Scene("compare-curves", (*VIT, "ctrl+a", "c", "v", *"curves", "enter"), size=WIDE, is_compared=False),
    Scene("compare-tables", (*QLIB_RUNS, "c", "v", *"tables", "enter"), size=WIDE, is_compared=False),
    Scene("baseline", (*LGB, "j", "j", "B"), size=WIDE),
    Scene("tags", (*LGB, *MARKED, "t"), size=WIDE, is_compared=False),
    Scene("resume", (*LGB, "j", "ctrl+r"), size=WIDE, is_compared=False),
    Scene("narrow", LGB, size=(80, 24)),
    Scene("one-pane", LGB, size=(48, 20)),
    Scene("contrast", LGB, theme="contrast-dark"),
    Scene("no-match", (*LGB, "/", *"nothing like this")),
)


class Elsewhere(Library):
    """A library over a store that says it lies where its runs recorded it, wherever the scenes are drawn."""

    def artifact_root(self, run: RunInfo | str) -> ArtifactRoot:
        """The recorded place as if it were there."""
        root = super().artifact_root(run)
        return ArtifactRoot(root.recorded, Path(root.recorded.removeprefix("file://")))


def app_of(scene: Scene) -> QtuiApp:
    """The app of a scene; the working folder has to be that of a stage."""
    options = Options(theme=scene.theme, refresh=3600, view=scene.view)
    app = QtuiApp(lambda: BrowserScreen(Elsewhere("mlruns"), options, clock=lambda: NOW), options)
    app.animation_level = "none"
    return app


@contextlib.contextmanager
def stage() -> Iterator[Path]:
    """A working folder with the sample store in it, under a name that looks the same everywhere."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        write_sample(Path("mlruns"), Path("/srv/research/mlruns"), NOW)
        yield Path(folder)


async def play(scene: Scene, pilot: Pilot[Any]) -> None:
    """Press the keys of a scene, each when the one before has been answered."""
    await quiet(pilot)
    for key in scene.keys:
        await pilot.press(key)
        await quiet(pilot)


async def quiet(pilot: Pilot[Any]) -> None:
    """Wait until the screen shows all that was asked for."""
    await pilot.pause()
    while isinstance(screen := pilot.app.screen, LOADING_SCREENS) and screen.is_busy:
        await pilot.pause()
    await pilot.pause()


async def drawn(scene: Scene) -> str:
    """A scene as SVG."""
    app = app_of(scene)
    async with app.run_test(size=scene.size) as pilot:
        await play(scene, pilot)
        return app.export_screenshot(title="qtui")


def main(folder: Path = FOLDER) -> None:
    """Draw every scene into a folder."""
    folder.mkdir(exist_ok=True)
    os.environ["TZ"] = "UTC"
    os.environ.pop("NO_COLOR", None)
    time.tzset()
    with stage():
        for scene in SCENES:
            (folder / f"{scene.name}.svg").write_text(asyncio.run(drawn(scene)), encoding="utf-8")
            sys.stdout.write(f"{scene.name}.svg\n")


if __name__ == "__main__":
    main()
