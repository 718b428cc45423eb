"""The status line."""

from __future__ import annotations

from dataclasses import replace

from qtui.tui.widgets.status_line import Loading, StoreStatus, render_status

NOW = 1_700_000_000_000
FULL = StoreStatus(
    uri="sqlite:///home/me/projects/alpha/runs.db", counts="5 experiments, 240 runs", live=True, read_at=NOW - 180_000
)


def text(status: StoreStatus, cells: int) -> str:
    return str(render_status(status, cells, NOW))


def test_the_store_is_at_the_left_and_its_status_at_the_right() -> None:
    line = text(FULL, 100)
    assert line.startswith("qtui  sqlite:///home/me/projects/alpha/runs.db  ")
    assert line.endswith("5 experiments, 240 runs   ● live   3m ago")
    assert len(line) == 100


def test_a_narrow_line_keeps_the_most_urgent_part_and_the_end_of_the_address() -> None:
    assert text(FULL, 48) == "qtui  …ts/alpha/runs.db  5 experiments, 240 runs"
    assert text(FULL, 36) == "qtui  …s.db  5 experiments, 240 runs"


def test_a_store_that_cannot_be_edited_is_read_only() -> None:
    read_only = replace(FULL, is_read_only=True)
    assert text(read_only, 100).endswith("  read-only   5 experiments, 240 runs   ● live   3m ago")
    assert "read-only" in text(replace(read_only, notice="1 problem: ! lists it"), 80)


def test_passwords_are_not_shown() -> None:
    assert "secret" not in text(StoreStatus(uri="postgresql://me:secret@host/db"), 100)


def test_a_load_shows_its_progress() -> None:
    half = StoreStatus(loading=Loading("reading", 4_200, 8_400))
    assert text(half, 80).endswith("reading ━━━━━━╌╌╌╌╌╌ 4,200 of 8,400")
    assert text(StoreStatus(loading=Loading("reading", 4_200)), 80).endswith("reading 4,200")
    assert text(StoreStatus(loading=Loading("reading")), 80).endswith("reading …")


def test_a_failure_is_the_most_urgent_part() -> None:
    line = text(
        StoreStatus(uri="file:x", counts="5 experiments", notice="The database is locked by another process."), 60
    )
    assert "The database is locked" in line
    assert len(line) <= 60


def test_a_store_that_cannot_be_read_is_not_live() -> None:
    line = text(replace(FULL, notice="There is no store any more.", is_reachable=False), 140)
    assert "live" not in line and "○ retrying" in line


def test_control_characters_are_escaped() -> None:
    line = text(StoreStatus(uri="file:\x1b]0;x\x07[red]", notice="\x1b[2J"), 80)
    assert line.isprintable()
    assert "[red]" in line
