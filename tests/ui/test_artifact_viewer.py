"""The viewer of artifacts over a file store."""

from __future__ import annotations

import json
import pickle
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pandas as pd
import pytest
from textual.pilot import Pilot

from qtui.artifacts import viewers
from qtui.artifacts.content import Content
from qtui.artifacts.source import Source
from qtui.recorder import Library
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.screens.artifact import ArtifactScreen
from qtui.tui.screens.browser import BrowserScreen
from qtui.tui.screens.plots import PlotsScreen
from qtui.tui.widgets.artifact.image_widget import ImageWidget
from tests.stores.files.tree import Tree
from tests.ui.browsing import open_browser, wait_until, wait_until_idle
from tests.ui.conftest import Settled
from tests.ui.hosts import NOW, text_of
from tests.ui.test_browser import store_of


def frame() -> pd.DataFrame:
    """Return a table of 2,000 rows and 60 columns, with days and instruments as its index."""
    days = pd.date_range("2020-01-01", periods=1_000)
    index = pd.MultiIndex.from_product([days, ["SH600000", "SZ000001"]], names=["datetime", "instrument"])
    columns = {f"factor{column}": [float(row * 100 + column) for row in range(2_000)] for column in range(60)}
    return pd.DataFrame({"name": ["银行" if row % 2 else "x" * 60 for row in range(2_000)], **columns}, index=index)


TREE = {"model": {"class": "LGBModel", "kwargs": {"leaves": 31, "loss": "mse"}}, "seed": 7, "topk": list(range(30))}
FILES = {
    "a_notes.txt": "\n".join(f"line {number}" for number in range(1, 301)).encode(),
    "b_names.txt": "沪深300 指数\n\u94f6\u884c 净值\n".encode("gb18030"),
    "c_empty.txt": b"",
    "d_model.bin": bytes(range(256)),
    "e_wide.log": ("x" * 300 + "needle" + "\n" + "short\n").encode(),
    "f_hostile.txt": b"\x1b[31mred\x1b[0m [bold]plain[/bold]\n",
    "g_huge.log": b"".join(b"%07d some text of a log\n" % number for number in range(180_000)),
    "h_tree.json": json.dumps(TREE).encode(),
    "i_frame.pkl": pickle.dumps(frame()),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The artifacts of the only run of a file store."""
    tree = Tree(tmp_path / "mlruns")
    tree.experiment()
    artifacts = tree.run("a1") / "artifacts"
    for name, data in FILES.items():
        (artifacts / name).write_bytes(data)
    return artifacts


@asynccontextmanager
async def viewing(
    folder: Path, name: str, size: tuple[int, int] = (80, 24), refresh: float | None = 0
) -> AsyncIterator[tuple[QtuiApp, Pilot[Any]]]:
    """Open a file in the viewer and wait until it is shown."""
    library = Library(str(folder.parent.parent.parent))
    [info] = [info for batch in library.infos() for info in batch.items]
    screen = ArtifactScreen(library, info, name, tuple(sorted(FILES)))
    app = QtuiApp(lambda: screen, Options(refresh=refresh))
    async with app.run_test(size=size) as pilot:
        await loaded(pilot)
        yield app, pilot


async def loaded(pilot: Pilot[Any]) -> None:
    """Wait until nothing is loading."""
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, ArtifactScreen)
    await wait_until(pilot, lambda: not screen.is_busy)


async def press(pilot: Pilot[Any], *keys: str) -> str:
    """Press keys, and return the text of the screen when they are answered."""
    for key in keys:
        await pilot.press(key)
        await loaded(pilot)
    assert isinstance(pilot.app, QtuiApp)
    return text_of(pilot.app)


async def test_a_text_is_shown_with_line_numbers_and_the_position_of_the_cursor(folder: Path) -> None:
    async with viewing(folder, "a_notes.txt") as (app, pilot):
        text = text_of(app)
        assert "a_notes.txt" in text and "  1  line 1 " in text and "line 1 of 300" in text
        assert "line 2 of 300" in await press(pilot, "j")
        text = await press(pilot, "G")
        assert "line 300 of 300" in text and "300  line 300" in text
        assert "line 1 of 300" in await press(pilot, "g")
        assert "line 21 of 300" in await press(pilot, "pagedown")


async def test_chinese_text_that_is_not_utf_8_is_shown_as_text(folder: Path) -> None:
    async with viewing(folder, "b_names.txt") as (app, _):
        assert "沪深300 指数" in text_of(app) and "银行 净值" in text_of(app)


async def test_an_empty_file_says_that_it_is_empty(folder: Path) -> None:
    async with viewing(folder, "c_empty.txt") as (app, pilot):
        assert "empty" in text_of(app)
        assert "empty" in await press(pilot, "G", "j", "k", "g", "w", "n", "pagedown")


async def test_a_binary_file_is_shown_as_bytes(folder: Path) -> None:
    async with viewing(folder, "d_model.bin") as (app, _):
        assert "00000010  10 11 12" in text_of(app) and "hex" in text_of(app)


async def test_h_shows_the_other_views_of_a_file_in_turn(folder: Path) -> None:
    async with viewing(folder, "a_notes.txt") as (_, pilot):
        assert "6c 69 6e 65" in await press(pilot, "h")
        assert "  1  line 1 " in await press(pilot, "h")


async def test_brackets_go_to_the_next_and_the_previous_file(folder: Path) -> None:
    async with viewing(folder, "a_notes.txt") as (app, pilot):
        assert "银行" in await press(pilot, "right_square_bracket")
        assert "line 1 of 300" in await press(pilot, "left_square_bracket")
        await press(pilot, "left_square_bracket")
        assert any("This is the first file." in notice.message for notice in app._notifications)


async def test_a_search_goes_to_the_match_while_it_is_typed_and_n_goes_on(folder: Path) -> None:
    async with viewing(folder, "a_notes.txt") as (_, pilot):
        assert "line 42 of 300" in await press(pilot, "slash", *"line 42", "enter")
        assert "line 42 of 300" in await press(pilot, "n")
        await press(pilot, "escape", "slash", *"99", "enter")
        assert "line 199 of 300" in await press(pilot, "n")
        assert "line 99 of 300" in await press(pilot, "N")
        text = await press(pilot, "escape", "slash", *"nothing", "enter")
        assert "no match" in text


async def test_a_match_beyond_the_edge_is_scrolled_into_view(folder: Path) -> None:
    async with viewing(folder, "e_wide.log") as (app, pilot):
        assert "needle" not in text_of(app)
        assert "needle" in await press(pilot, "slash", *"eedl", "enter")


async def test_w_wraps_long_lines_and_arrows_scroll_them(folder: Path) -> None:
    async with viewing(folder, "e_wide.log") as (_, pilot):
        assert "needle" in await press(pilot, "w")
        assert "short" in await press(pilot, *"jjjjj")
        text = await press(pilot, "w")
        assert "needle" not in text
        assert "needle" in await press(pilot, *["right"] * 30)


async def test_control_characters_and_markup_are_shown_as_text(folder: Path) -> None:
    async with viewing(folder, "f_hostile.txt") as (app, _):
        assert "␛[31mred␛[0m [bold]plain[/bold]" in text_of(app)


async def test_the_last_line_of_a_large_file_is_shown_after_a_scan(folder: Path) -> None:
    async with viewing(folder, "g_huge.log") as (_, pilot):
        text = await press(pilot, "G")
        assert "0179999 some text of a log" in text and "line 180,000 of 180,000" in text
        assert "line 90,001 of 180,000" in await press(pilot, "ctrl+g", *"90001", "enter")


async def test_new_lines_of_a_growing_file_appear_and_the_cursor_stays_at_the_end(folder: Path) -> None:
    async with viewing(folder, "a_notes.txt", refresh=None) as (app, pilot):
        await press(pilot, "G")
        with (folder / "a_notes.txt").open("a") as file:
            file.write("\nline 301\nline 302\n")
        await wait_until(pilot, lambda: "line 302 of 302" in text_of(app))
        assert "302  line 302" in text_of(app)


async def test_a_file_that_is_gone_says_so_and_the_viewer_stays(folder: Path) -> None:
    async with viewing(folder, "a_notes.txt") as (_, pilot):
        (folder / "a_notes.txt").unlink()
        assert "has no artifact 'a_notes.txt'" in await press(pilot, "r")
        assert "银行" in await press(pilot, "right_square_bracket")


async def test_keys_copy_the_path_and_the_line(folder: Path) -> None:
    async with viewing(folder, "a_notes.txt") as (app, pilot):
        await press(pilot, "y")
        assert app.clipboard == "a_notes.txt"
        await press(pilot, "j", "Y")
        assert app.clipboard == "line 2"


@pytest.mark.parametrize("size", [(20, 5), (8, 3), (200, 50)])
async def test_the_viewer_works_at_every_size(folder: Path, size: tuple[int, int]) -> None:
    async with viewing(folder, "a_notes.txt", size=size) as (_, pilot):
        await press(pilot, "j", "w", "G", "h", "G", "k", "slash", "l", "escape")


async def test_enter_in_the_artifacts_tab_opens_a_file_and_escape_returns(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (app, _, pilot):
        await pilot.press("j", "3", "left_square_bracket")
        await wait_until_idle(pilot, settled)
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.screen, ArtifactScreen) and "2.0 kB" in text_of(app))
        await wait_until(pilot, lambda: "Unknown opcode" in text_of(app))
        while "hex view" not in text_of(app):
            await pilot.press("h")
            await pilot.pause()
        await wait_until(pilot, lambda: "00000000  00 00" in text_of(app))
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_a_tree_opens_node_by_node_and_says_where_the_cursor_is(folder: Path) -> None:
    async with viewing(folder, "h_tree.json") as (app, pilot):
        text = text_of(app)
        assert "model" in text and "LGBModel" not in text
        text = await press(pilot, "enter", "j", "j", "l")
        assert "LGBModel" in text and "leaves" in text and "31" in text
        assert "model › kwargs › leaves" in await press(pilot, "j")
        assert "leaves" not in await press(pilot, "backspace", "backspace")
        assert "leaves" in await press(pilot, "g", "E")


async def test_a_search_in_a_tree_opens_the_nodes_above_the_match(folder: Path) -> None:
    async with viewing(folder, "h_tree.json") as (_, pilot):
        text = await press(pilot, "slash", *"mse", "enter")
        assert "model › kwargs › loss" in text and "match 1 of 1" in text
        assert "no match" in await press(pilot, "escape", "slash", *"nothing", "enter")


async def test_the_value_of_a_node_opens_in_full_and_is_copied(folder: Path) -> None:
    async with viewing(folder, "h_tree.json") as (app, pilot):
        await press(pilot, "j", "Y")
        assert app.clipboard == "7"
        await pilot.press("enter")
        await pilot.pause()
        assert len(app.screen_stack) == 2 and "seed" in text_of(app)


async def test_a_table_shows_its_columns_with_types_and_the_index_stays_visible(folder: Path) -> None:
    async with viewing(folder, "i_frame.pkl", size=(120, 30)) as (app, pilot):
        text = text_of(app)
        assert "datetime" in text and "instrument" in text and "float64" in text and "SZ000001" in text
        assert "row 1 of 2,000" in text and "column name (3 of 63)" in text
        text = await press(pilot, *["right"] * 40)
        assert "column factor39 (43 of 63)" in text and "datetime" in text and "factor39" in text
        text = await press(pilot, "$", "G")
        assert "row 2,000 of 2,000" in text and "factor59" in text and "199959" in text.replace(",", "")


async def test_columns_are_frozen_and_scroll_again(folder: Path) -> None:
    async with viewing(folder, "i_frame.pkl", size=(120, 30)) as (_, pilot):
        assert "银行" not in await press(pilot, "$")
        assert "银行" in await press(pilot, *["left"] * 60, "*", "$")
        text = await press(pilot, "0", "right", "right", "right", "*")
        assert "too wide to freeze" in text
        assert "银行" not in await press(pilot, "left", "*", "$")


async def test_a_table_is_sorted_and_put_back_into_the_order_of_the_file(folder: Path) -> None:
    async with viewing(folder, "i_frame.pkl", size=(120, 30)) as (_, pilot):
        text = await press(pilot, "right", "S")
        assert "factor0 ▼" in text and "199900" in text.replace(",", "")
        text = await press(pilot, "S")
        assert "▼" not in text and "199900" not in text.replace(",", "")


async def test_a_table_is_filtered_by_a_comparison(folder: Path) -> None:
    async with viewing(folder, "i_frame.pkl", size=(120, 30)) as (app, pilot):
        await press(pilot, "slash", *"factor0 < 1000", "enter")
        await wait_until(pilot, lambda: "row 1 of 10" in text_of(app))
        await press(pilot, "escape")
        await wait_until(pilot, lambda: "row 1 of 2,000" in text_of(app))


async def test_the_statistics_of_the_column_under_the_cursor_are_at_the_side(folder: Path) -> None:
    async with viewing(folder, "i_frame.pkl", size=(120, 30)) as (_app, pilot):
        text = await press(pilot, "right", "i")
        assert "mean" in text and "█" in text
        assert "factor1" in await press(pilot, "right")
        assert "mean" not in await press(pilot, "i")


async def test_a_cut_value_is_widened_shown_in_full_and_copied(folder: Path) -> None:
    async with viewing(folder, "i_frame.pkl", size=(120, 30)) as (app, pilot):
        assert "x" * 60 not in text_of(app)
        assert "x" * 60 in await press(pilot, "f")
        await press(pilot, "Y")
        assert app.clipboard == "x" * 60
        await press(pilot, "f", "enter")
        assert len(app.screen_stack) == 2


@asynccontextmanager
async def browsing_files(folder: Path, size: tuple[int, int]) -> AsyncIterator[tuple[QtuiApp, Pilot[Any]]]:
    """Open the browser with the artifacts of the run in front."""
    library = Library(str(folder.parent.parent.parent))
    screen = BrowserScreen(library, Options(refresh=0), lambda: NOW)
    app = QtuiApp(lambda: screen, Options(refresh=0))
    async with app.run_test(size=size) as pilot:
        await wait_until(pilot, lambda: not screen.is_busy)
        await pilot.press("3", "left_square_bracket", "z")
        await wait_until(pilot, lambda: "a_notes.txt" in text_of(app) and not screen.is_busy)
        yield app, pilot


async def test_the_file_under_the_cursor_is_previewed_where_there_is_room(folder: Path) -> None:
    async with browsing_files(folder, (100, 40)) as (app, pilot):
        await wait_until(pilot, lambda: "  1  line 1 " in text_of(app))
        await pilot.press("j")
        await wait_until(pilot, lambda: "沪深300" in text_of(app))
        assert "  1  line 1 " not in text_of(app)
        await pilot.press("left_square_bracket")
        await pilot.pause()
        assert "沪深300" not in text_of(app)


async def test_a_low_pane_shows_no_preview(folder: Path) -> None:
    async with browsing_files(folder, (100, 18)) as (app, pilot):
        await pilot.pause()
        assert "  1  line 1 " not in text_of(app)


async def test_the_viewer_returns_to_the_file_it_was_opened_on(folder: Path) -> None:
    async with browsing_files(folder, (100, 40)) as (app, pilot):
        await pilot.press("j", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, ArtifactScreen) and "沪深300" in text_of(app))
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, BrowserScreen) and "b_names.txt" in text_of(app)


async def test_a_log_shows_only_entries_from_a_level_on(folder: Path) -> None:
    lines = [
        f"2026-11-29 10:00:{number % 60:02d} {'ERROR' if number % 10 == 0 else 'INFO'} entry {number}"
        for number in range(50)
    ]
    (folder / "a_notes.txt").write_text("\n".join(lines))
    async with viewing(folder, "a_notes.txt") as (app, pilot):
        assert "entry 1 " in text_of(app)
        for _ in range(9):
            text = await press(pilot, "L")
            if "ERROR and above" in text:
                break
        assert "entry 10" in text and "entry 1 " not in text and "of 5" in text
        await press(pilot, "t", *"10:00:25", "enter")
        await wait_until(pilot, lambda: "line 4 of 5" in text_of(app))


async def test_escape_stops_the_opening_of_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started, ended = Event(), Event()

    def read_for_ever(source: Source, *_: object) -> Content:
        started.set()
        try:
            while True:
                source.read(0, 1)
        finally:
            ended.set()

    monkeypatch.setattr(viewers, "open_text", read_for_ever)
    async with browsing_files(folder, (100, 18)) as (app, pilot):
        await pilot.press("enter")
        await wait_until(pilot, started.is_set)
        await pilot.press("escape")
        await wait_until(pilot, ended.is_set)
        assert isinstance(app.screen, BrowserScreen)


async def drawn(pilot: Pilot[Any], *keys: str) -> str:
    """Press keys, and return the text of the plot that opens."""
    for key in keys:
        await pilot.press(key)
        await loaded(pilot)
    await wait_until(pilot, lambda: isinstance(screen := pilot.app.screen, PlotsScreen) and not screen.is_busy)
    await pilot.pause()
    assert isinstance(pilot.app, QtuiApp)
    return text_of(pilot.app)


async def test_a_column_is_drawn_as_a_line_and_then_as_a_histogram(folder: Path) -> None:
    async with viewing(folder, "i_frame.pkl", (120, 36)) as (_, pilot):
        text = await drawn(pilot, "right", "m")
        assert "factor0 · line, 1 of 2" in text and "mean factor0 by datetime" in text
        assert "factor0 · histogram, 2 of 2" in await drawn(pilot, "h")
        assert "factor0" in await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, PlotsScreen)


async def test_two_marked_columns_are_drawn_as_a_scatter_plot(folder: Path) -> None:
    async with viewing(folder, "i_frame.pkl", (80, 24)) as (_, pilot):
        assert "factor0 ●" in await press(pilot, "right", "x")
        assert "factor1 (up) by factor0" in await drawn(pilot, "right", "x", "m")


async def test_a_table_without_numbers_says_that_it_cannot_be_drawn(folder: Path) -> None:
    (folder / "i_frame.pkl").write_bytes(pickle.dumps(pd.DataFrame({"name": ["a", "b"]})))
    async with viewing(folder, "i_frame.pkl") as (_, pilot):
        assert "nothing to draw" in await press(pilot, "M")


async def test_the_ground_of_a_transparent_image_follows_the_theme(folder: Path) -> None:
    pytest.importorskip("PIL.Image").new("RGBA", (8, 8)).save(folder / "a_clear.png")
    async with viewing(folder, "a_clear.png") as (app, pilot):
        image = app.screen.query_one(ImageWidget)

        def has_ground_of_theme() -> bool:
            strip = image.render_line(image.content_size.height // 2)
            grounds = {segment.style.bgcolor.triplet for segment in strip if segment.style and segment.style.bgcolor}
            return grounds == {image.background_colors[1].rgb}

        await wait_until(pilot, has_ground_of_theme)
        night = image.background_colors[1]
        app.theme = "day"
        await wait_until(pilot, lambda: image.background_colors[1] != night and has_ground_of_theme())
