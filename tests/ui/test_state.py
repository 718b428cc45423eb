"""The saved state of the screen, also with damaged files."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from qtui.tui.state import MAX_FILTERS, State

STORE = "sqlite:///runs.db"


def test_saved_state_is_read_in_the_next_session(tmp_path: Path) -> None:
    before = State(tmp_path)
    before.theme = "day"
    store = before.store(STORE)
    store.add_to_history("metrics.ic > 1")
    store.save_view("best", {"filter": "ic"})
    store.save_layout("7", {"columns": ["name"]})

    after = State(tmp_path)
    assert after.theme == "day"
    assert after.store(STORE).history == ("metrics.ic > 1",)
    assert after.store(STORE).views == {"best": {"filter": "ic"}}
    assert after.store(STORE).layout("7") == {"columns": ["name"]}
    assert after.store("file:/other").history == ()


def test_two_sessions_keep_the_state_of_each_other(tmp_path: Path) -> None:
    one, other = State(tmp_path).store(STORE), State(tmp_path).store(STORE)
    assert (one.history, other.history) == ((), ())
    one.add_to_history("a")
    other.add_to_history("b")
    assert State(tmp_path).store(STORE).history == ("a", "b")


def test_a_repeated_filter_becomes_the_latest_and_old_ones_are_dropped(tmp_path: Path) -> None:
    store = State(tmp_path).store(STORE)
    for number in range(MAX_FILTERS + 5):
        store.add_to_history(str(number))
    store.add_to_history("50")
    store.add_to_history("  ")
    assert len(store.history) == MAX_FILTERS
    assert store.history[-1] == "50"
    assert store.history.count("50") == 1


def test_a_saved_view_can_be_deleted(tmp_path: Path) -> None:
    store = State(tmp_path).store(STORE)
    store.save_view("best", {"filter": "ic"})
    store.save_view("best", None)
    assert State(tmp_path).store(STORE).views == {}


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff", b"[1]", b'{"theme": 5, "history": {"a": 1}, "views": [1], "layouts": {"7": 3}}', b"[" * 100_000],
)
def test_a_damaged_file_counts_as_empty_and_is_replaced(tmp_path: Path, content: bytes) -> None:
    State(tmp_path).store(STORE).add_to_history("x")
    State(tmp_path).theme = "day"
    for path in tmp_path.rglob("*.json"):
        path.write_bytes(content)
    state = State(tmp_path)
    store = state.store(STORE)
    assert (state.theme, store.history, store.views, store.layout("7")) == (None, (), {}, {})
    store.add_to_history("y")
    assert State(tmp_path).store(STORE).history == ("y",)


def test_files_are_private_and_do_not_name_the_store(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    State(folder).store("postgresql://me:secret@host/db").add_to_history("x")
    [path] = folder.rglob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "secret" not in path.name + path.read_text()


def test_a_folder_that_cannot_be_written_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "stores").write_text("in the way")
    store = State(tmp_path).store(STORE)
    store.add_to_history("x")
    assert store.history == ("x",)


def test_without_a_folder_state_lasts_as_long_as_the_session() -> None:
    state = State()
    state.theme = "day"
    state.store(STORE).add_to_history("x")
    assert (state.theme, state.store(STORE).history) == ("day", ("x",))
