"""Edits from the screen: what is pressed, what the store has afterwards, and what the table shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from qtui.entities import NOTE_TAG, STAR_TAG, ViewType
from qtui.query.ast import FieldKind
from qtui.recorder import Library
from qtui.store.memory_writer import MemoryWriter
from qtui.store.writer import Batch
from qtui.tui.app import QtuiApp
from qtui.tui.load.background import LoadFailed, LoadGroup
from qtui.tui.options import Options
from qtui.tui.screens.browser import BrowserScreen
from qtui.tui.terminal.safe_fields import SafeTextArea
from qtui.tui.widgets.text_field import TextField
from tests.stores.files.tree import Tree
from tests.ui.browsing import names, open_browser, wait_until, wait_until_idle
from tests.ui.conftest import Settled
from tests.ui.hosts import NOW, text_of
from tests.ui.test_browser import EXPERIMENTS, RUNS


def editable() -> MemoryWriter:
    return MemoryWriter(EXPERIMENTS, RUNS)


def stages(store: MemoryWriter) -> dict[str, str]:
    infos = (info for batch in Library.over(store).infos(view=ViewType.ALL) for info in batch.items)
    return {info.name: info.lifecycle_stage for info in infos}


def tags(store: MemoryWriter, number: int) -> dict[str, str]:
    return dict(Library.over(store).run(f"{number:032x}").tags)


def says(app: QtuiApp, text: str) -> Callable[[], bool]:
    return lambda: any(text in notice.message for notice in app._notifications)


async def press(pilot: Pilot[Any], settled: Settled, *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
    await wait_until_idle(pilot, settled)


async def test_marked_runs_are_deleted_after_a_question_and_undo_brings_them_back(settled: Settled) -> None:
    store = editable()
    async with open_browser(settled, store) as (app, screen, pilot):
        first = names(screen)
        await press(pilot, settled, "space", "space", "D", "enter")
        assert "Delete 2 runs?" in text_of(app)
        await press(pilot, settled, "y")
        await wait_until(pilot, says(app, "2 runs deleted · u undo"))
        await wait_until_idle(pilot, settled)
        assert names(screen) == first[2:] and not screen.runs.table.marks
        await press(pilot, settled, "u")
        await wait_until(pilot, says(app, "Undone: 2 runs deleted · U redo"))
        await wait_until_idle(pilot, settled)
        assert sorted(names(screen)) == sorted(first)
        await press(pilot, settled, "U")
        await wait_until(pilot, says(app, "Redone"))
    assert list(stages(store).values()).count("deleted") == 3


async def test_one_run_is_deleted_by_enter_and_restored_in_the_deleted_view(settled: Settled) -> None:
    store = editable()
    async with open_browser(settled, store) as (_, screen, pilot):
        name = names(screen)[0]
        await press(pilot, settled, "D", "enter")
        await wait_until(pilot, lambda: stages(store)[name] == "deleted")
        await press(pilot, settled, "V")
        await wait_until(pilot, lambda: name in names(screen))
        screen.runs.go_to(next(info.run_id for info in screen.runs.model.frame.infos if info.name == name))
        await press(pilot, settled, "D")
        await wait_until(pilot, lambda: stages(store)[name] == "active")
        await wait_until(pilot, lambda: name not in names(screen))


async def test_f_stars_the_run_and_removes_the_star_again(settled: Settled) -> None:
    store = editable()
    async with open_browser(settled, store) as (_, screen, pilot):
        number = int(names(screen)[0].removeprefix("run-"))
        await press(pilot, settled, "f")
        await wait_until(pilot, lambda: tags(store, number).get(STAR_TAG) == "1")
        await wait_until(pilot, lambda: screen.runs.selection().to_edit(ViewType.ALL, frozenset()).all_starred)
        await press(pilot, settled, "f")
        await wait_until(pilot, lambda: STAR_TAG not in tags(store, number))


async def test_a_store_that_cannot_be_edited_says_why(settled: Settled) -> None:
    async with open_browser(settled, MemoryWriter(EXPERIMENTS, RUNS), read_only=True) as (app, screen, pilot):
        assert "read-only" in text_of(app)
        before = names(screen)
        await press(pilot, settled, "D", "enter")
        assert says(app, "read-only")() and names(screen) == before
        await press(pilot, settled, "u")
        assert says(app, "read-only")()


async def test_tags_of_marked_runs_are_changed_after_a_preview(settled: Settled) -> None:
    store = editable()
    async with open_browser(settled, store) as (app, screen, pilot):
        numbers = [int(name.removeprefix("run-")) for name in names(screen)[:2]]
        await press(pilot, settled, "space", "space", "t", *"team=red", "enter")
        assert "Tags of 2 runs" in text_of(app) and "team=red: added to 2 runs" in text_of(app)
        assert "team" not in tags(store, numbers[0])
        await press(pilot, settled, "enter")
        await wait_until(pilot, says(app, "2 runs tagged team=red · u undo"))
        assert [tags(store, number)["team"] for number in numbers] == ["red", "red"]
        await wait_until(pilot, lambda: "team" in screen.runs.model.frame.keys(FieldKind.TAG))
        await press(pilot, settled, "t", "ctrl+d", "enter")
        await wait_until(pilot, says(app, "Tag team removed from 2 runs · u undo"))
        assert "team" not in tags(store, numbers[0])


async def test_a_note_is_written_shown_as_markdown_and_saved(settled: Settled) -> None:
    store = editable()
    async with open_browser(settled, store) as (app, screen, pilot):
        number = int(names(screen)[0].removeprefix("run-"))
        await press(pilot, settled, "n", *"**best**")
        app.screen.query_one(SafeTextArea).insert("\x1b[31m\u202e")
        await pilot.pause()
        assert "\x1b" not in text_of(app) and "\u202e" not in text_of(app)
        await press(pilot, settled, *["backspace"] * 6, "escape")
        assert "best" in text_of(app) and "**" not in text_of(app)
        await press(pilot, settled, "ctrl+s")
        await wait_until(pilot, lambda: tags(store, number).get(NOTE_TAG) == "**best**")


async def test_a_run_is_renamed_and_several_runs_get_numbers(settled: Settled) -> None:
    store = editable()
    async with open_browser(settled, store) as (app, screen, pilot):
        await press(pilot, settled, "N", "ctrl+u", *"新名", "enter")
        await wait_until(pilot, lambda: "新名" in stages(store))
        await wait_until(pilot, lambda: names(screen)[0] == "新名")
        await press(pilot, settled, "space", "space", "f2", *"lgb", "enter")
        app.screen.query_one(TextField).value += "-{n}"
        await press(pilot, settled, "enter")
        await wait_until(pilot, lambda: names(screen)[:2] == ["lgb-1", "lgb-2"])


async def test_stale_runs_are_ended_and_writing_ones_are_not(settled: Settled) -> None:
    store = editable()
    async with open_browser(settled, store) as (app, screen, pilot):
        screen.runs.go_to(f"{7:032x}")
        screen.runs.set_last_writes({f"{7:032x}": NOW})
        await press(pilot, settled, "E")
        assert says(app, "wrote within the last 60 minutes")()
        screen.runs.set_last_writes({f"{7:032x}": NOW - 24 * 3_600_000})
        await press(pilot, settled, "E", "down", "enter")
        await wait_until(pilot, lambda: Library.over(store).find_run(f"{7:032x}").status == "KILLED")


async def test_an_experiment_is_created_renamed_deleted_and_restored(settled: Settled) -> None:
    store = editable()

    def experiments() -> dict[str, str]:
        return {item.name: item.lifecycle_stage for item in Library.over(store).experiments(ViewType.ALL).items}

    async with open_browser(settled, store) as (app, screen, pilot):
        await press(pilot, settled, "1", "a", *"risk", "enter")
        await wait_until(pilot, lambda: experiments().get("risk") == "active")
        await wait_until_idle(pilot, settled)
        assert screen.experiments.current is not None and screen.experiments.current.title == "risk"
        await press(pilot, settled, "N", "s", "enter")
        await wait_until(pilot, lambda: experiments().get("risks") == "active")
        await wait_until_idle(pilot, settled)
        screen.experiments.lines.go_to("=2")
        await press(pilot, settled, "D", "enter")
        assert "Delete experiment 因子/价值 with 2 runs?" in text_of(app) and experiments()["因子/价值"] == "active"
        await press(pilot, settled, "y")
        await wait_until(pilot, lambda: experiments()["因子/价值"] == "deleted")
        await wait_until_idle(pilot, settled)
        await press(pilot, settled, "V")
        screen.experiments.lines.go_to("=2")
        await press(pilot, settled, "D")
        await wait_until(pilot, lambda: experiments()["因子/价值"] == "active")


async def test_deleted_runs_of_a_living_experiment_keep_its_name(settled: Settled) -> None:
    async with open_browser(settled, editable()) as (app, screen, pilot):
        await press(pilot, settled, "V")
        assert names(screen) == ["run-9"] and "因子/价值" in text_of(app)
        assert [node.counts.total for node in screen.experiments.lines.rows] == [1, 1]


async def test_the_journal_lists_the_edits_and_undoes_one_of_them(settled: Settled) -> None:
    store = editable()
    async with open_browser(settled, store) as (app, screen, pilot):
        number = int(names(screen)[0].removeprefix("run-"))
        await press(pilot, settled, "f")
        await wait_until(pilot, lambda: STAR_TAG in tags(store, number))
        await press(pilot, settled, "3", "t", *"team=red", "enter", "enter")
        await wait_until(pilot, lambda: tags(store, number).get("team") == "red")
        await press(pilot, settled, "J")
        await wait_until(pilot, lambda: "Journal of edits" in text_of(app))
        assert "starred" in text_of(app) and "screen · " in text_of(app)
        await press(pilot, settled, "down", "enter")
        await wait_until(pilot, lambda: STAR_TAG not in tags(store, number))
        assert tags(store, number)["team"] == "red"


async def test_an_undo_of_what_somebody_changed_since_says_so(settled: Settled) -> None:
    store = editable()
    async with open_browser(settled, store) as (app, screen, pilot):
        run = screen.runs.model.frame.infos[0]
        screen.runs.go_to(run.run_id)
        await press(pilot, settled, "f")
        await wait_until(pilot, lambda: Library.over(store).run(run).tags.get(STAR_TAG) == "1")
        store.log(run, Batch(tags={STAR_TAG: "2"}))
        await press(pilot, settled, "u")
        await wait_until(pilot, lambda: "was changed since" in text_of(app))


async def test_a_purge_lists_what_it_removes_and_needs_the_word(settled: Settled, tmp_path: Path) -> None:
    tree = Tree(tmp_path / "mlruns")
    tree.experiment()
    folder = tree.run("a1", lifecycle_stage="deleted")
    (folder / "artifacts" / "pred.pkl").write_bytes(b"x" * 5000)
    screen = BrowserScreen(Library(str(tmp_path / "mlruns")), Options(refresh=0, view=ViewType.DELETED), lambda: NOW)
    app = QtuiApp(lambda: screen, Options(refresh=0))
    async with app.run_test(size=(120, 36)) as pilot:
        await wait_until(pilot, lambda: bool(screen.runs.table.view.rows))
        await press(pilot, settled, "P")
        await wait_until(pilot, lambda: "1 run, 1 artifact file, 5.0 kB" in text_of(app))
        await press(pilot, settled, *"yes", "enter")
        assert folder.exists()
        await press(pilot, settled, "ctrl+u", *"purge", "enter")
        await wait_until(pilot, says(app, "cannot be undone"))
        assert not folder.exists()


async def test_a_question_that_cannot_be_asked_because_the_store_is_gone_says_so(settled: Settled) -> None:
    async with open_browser(settled, editable()) as (app, screen, pilot):
        screen.post_message(LoadFailed(LoadGroup.EDITED_TAGS, "The store is gone."))
        await wait_until(pilot, says(app, "The store is gone."))
