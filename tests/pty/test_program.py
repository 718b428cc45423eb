"""The real program in a terminal: every kind of store, in windows of several sizes."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from tests.hostile import foreign
from tests.pty.stores import PROBLEMS
from tests.pty.terminal import Terminal
from tests.stores.files.tree import Tree
from tests.stores.specimens import SPECIMENS

PROGRAM = ("-m", "qtui")
SIZES = [(80, 24), (120, 36), (200, 55), (38, 12)]
WORKING = [("files", size) for size in SIZES] + [(specimen, SIZES[1]) for specimen in ("sqlite", "damaged files")]
COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def leave(terminal: Terminal) -> None:
    """Quit, and check that the terminal is restored."""
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert terminal.is_restored
    assert "Traceback" not in terminal.text
    assert foreign(COPIED.sub(b"", terminal.output).decode("utf-8", "replace")) == []


@pytest.mark.parametrize(("specimen", "size"), WORKING)
def test_a_store_can_be_browsed_at_every_size(specimen: str, size: tuple[int, int], tmp_path: Path) -> None:
    with Terminal([*PROGRAM, "--uri", SPECIMENS[specimen](tmp_path)], columns=size[0], lines=size[1]) as terminal:
        terminal.wait_for("run killed")
        terminal.press("/", "failed")
        terminal.wait_for(lambda terminal: "run failed" in terminal.text and "run killed" not in terminal.text)
        terminal.press("enter")
        terminal.wait_for("? keys")
        terminal.press("3")
        terminal.wait_for("✗ failed")
        terminal.press("]")
        terminal.wait_for("lgbm")
        terminal.press("escape", "escape")
        terminal.wait_for("run killed")
        terminal.press("1", "/", "阿尔法", "enter", "z")
        terminal.wait_for(lambda terminal: "team/alpha" not in terminal.text and "阿尔法 因子" in terminal.text)
        terminal.press("escape")
        terminal.press("2", ":", "columns")
        terminal.wait_for("Choose columns")
        terminal.press("enter")
        terminal.wait_for("• status")
        terminal.press("escape")
        terminal.wait_for(lambda terminal: "• status" not in terminal.text)
        leave(terminal)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_problem_of_a_store_is_shown_and_the_screen_stays_usable_at_every_size(problem: str, tmp_path: Path) -> None:
    make, words = PROBLEMS[problem]
    with make(tmp_path) as uri, Terminal([*PROGRAM, "--uri", uri], columns=120, lines=36) as terminal:
        terminal.wait_for(lambda terminal: words in re.sub(r"\s+", " ", terminal.text))
        terminal.press("?")
        terminal.wait_for("esc close")
        terminal.press("escape")
        for columns, lines in SIZES:
            terminal.resize(columns, lines)
            terminal.wait_until_quiet()
            assert "qtui" in terminal.lines[0] and "? keys" in terminal.lines[-1]
        assert b"hunter2" not in terminal.output
        leave(terminal)


@pytest.mark.parametrize("specimen", sorted(set(SPECIMENS) - {*dict(WORKING), "damaged sqlite", "sample files"}))
def test_every_other_kind_of_store_can_be_opened(specimen: str, tmp_path: Path) -> None:
    with Terminal([*PROGRAM, "--uri", SPECIMENS[specimen](tmp_path)], columns=120, lines=36) as terminal:
        terminal.wait_for("run killed")
        leave(terminal)


def test_a_store_that_appears_later_is_shown(tmp_path: Path) -> None:
    arguments = [*PROGRAM, "--uri", str(tmp_path / "mlruns"), "--refresh", "0.2"]
    with Terminal(arguments, columns=120, lines=36) as terminal:
        terminal.wait_for(lambda terminal: "does not exist" in " ".join(terminal.text.split()))
        SPECIMENS["files"](tmp_path)
        terminal.wait_for("run killed")
        leave(terminal)


def test_the_demo_writes_a_store_and_opens_it(tmp_path: Path) -> None:
    with Terminal([*PROGRAM, "demo", "--to", str(tmp_path / "demo")], columns=120, lines=36) as terminal:
        terminal.wait_for("168 runs")
        leave(terminal)


@pytest.mark.parametrize("multiplexer", [{}, {"TMUX": "/tmp/tmux,1,0"}])
def test_the_id_of_a_run_is_copied_to_the_clipboard(sample: Path, multiplexer: dict[str, str]) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=120, lines=36, environment=multiplexer) as terminal:
        terminal.wait_for("transformer-")
        terminal.press("y")
        terminal.wait_for("Copied")
        output = terminal.output.replace(b"\x1bPtmux;", b"").replace(b"\x1b\x1b", b"\x1b").replace(b"\x1bP", b"")
        [copied, *_] = COPIED.findall(output)
        assert re.fullmatch(rb"[0-9a-f]{32}", base64.b64decode(copied))


def test_a_deleted_run_comes_back_by_undo_after_a_restart(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "mlruns")
    tree.experiment()
    meta = tree.run("a1", run_name="动量") / "meta.yaml"
    before = meta.read_bytes()
    with Terminal([*PROGRAM, "--uri", str(tmp_path / "mlruns")], columns=80, lines=24) as terminal:
        terminal.wait_for("动量")
        terminal.press("D")
        terminal.wait_for("Delete run 动量?")
        terminal.press("enter")
        terminal.wait_for("deleted · u undo")
        assert meta.read_bytes() != before
        leave(terminal)
    with Terminal([*PROGRAM, "--uri", str(tmp_path / "mlruns")], columns=80, lines=24) as terminal:
        terminal.wait_for("no runs yet")
        terminal.press("u")
        terminal.wait_for("Undone")
        assert meta.read_bytes() == before
        leave(terminal)
