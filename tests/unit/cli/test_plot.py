"""`qtui plot`: curves on stdout."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qtui.entities import ExperimentInfo, Point, Run, RunInfo
from qtui.store.files.writing.sample import write_experiment, write_run
from qtui.text import width
from tests.unit.cli.conftest import Call

BRAILLE = range(0x2801, 0x2900)
START = 1_760_000_000_000


def points(values: Sequence[float]) -> list[Point]:
    return [Point(step, START + 60_000 * step, value) for step, value in enumerate(values)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two runs that both have `loss`; one of them has `acc` too, and a value that is not a number."""
    folder = write_experiment(tmp_path, ExperimentInfo("1", "x"))
    falling = [3 * 0.9**step for step in range(40)]
    write_run(
        folder,
        Run(RunInfo("aa" * 16, "1", "lgb", start_time=START)),
        histories={"loss": points(falling), "acc": points([0.1, 0.5, math.nan, 0.8])},
    )
    write_run(folder, Run(RunInfo("bb" * 16, "1", "因子", start_time=START)), histories={"loss": points(falling[::-1])})
    return tmp_path


def has_curve(text: str) -> bool:
    return any(ord(character) in BRAILLE for character in text.replace("⠂", ""))


def test_a_piped_chart_has_the_size_that_was_asked_for_and_no_colour(process: Call, store: Path) -> None:
    ended = process("--uri", str(store), "plot", "aaaa", "-m", "loss", "--width", "60", "--height", "12")
    lines = ended.out.splitlines()
    assert (ended.code, ended.err) == (0, "")
    assert len(lines) == 12
    assert max(map(width, lines)) <= 60
    assert has_curve(ended.out)
    assert "\x1b" not in ended.out


def test_the_curve_of_one_run_is_named_by_its_metric_and_several_by_their_runs(qtui: Call, store: Path) -> None:
    assert qtui("plot", "aaaa", "-m", "loss", uri=store).out.startswith("── loss 0.04")
    both = qtui("plot", "aaaa", "x/因子", "-m", "loss", uri=store).out.splitlines()[0]
    assert both.split() == ["*", "lgb", "0.04927", "+", "因子", "3"]
    all_of_one = qtui("plot", "aaaa", "-m", "loss", "-m", "acc", uri=store).out.splitlines()[0]
    assert all_of_one.split()[:5] == ["*", "loss", "0.04927", "+", "acc"]


def test_values_that_are_no_numbers_are_counted(qtui: Call, store: Path) -> None:
    assert "acc 0.8 (1 not finite)" in qtui("plot", "aaaa", "-m", "acc", uri=store).out


@pytest.mark.parametrize(
    ("along", "ticks"), [("step", ["0", "10", "20", "30"]), ("time", ["08:55", "09:10"]), ("relative", ["0", "15m"])]
)
def test_curves_can_be_drawn_along_every_x_axis(qtui: Call, store: Path, along: str, ticks: list[str]) -> None:
    below = qtui("plot", "aaaa", "-m", "loss", "--x", along, uri=store).out.splitlines()[-1].split()
    assert [tick for tick in ticks if tick not in below] == []


def test_another_metric_can_be_the_x_axis(qtui: Call, store: Path) -> None:
    out = qtui("plot", "aaaa", "-m", "loss", "--x", "acc", uri=store).out
    assert out.splitlines()[-1].split()[-1] == "acc"
    assert has_curve(out)


def test_a_run_without_the_metric_of_the_x_axis_is_named_once(qtui: Call, store: Path) -> None:
    ended = qtui("plot", "aaaa", "bbbb", "-m", "loss", "--x", "acc", uri=store)
    assert (ended.code, ended.err) == (0, f"qtui: The run {'bb' * 16} has no metric named 'acc'.\n")
    assert qtui("plot", "aaaa", "-m", "loss", "--x", "nope", uri=store).code == 2


def test_a_logarithmic_axis_has_powers_of_ten(qtui: Call, store: Path) -> None:
    out = qtui("plot", "aaaa", "-m", "loss", "--log", uri=store).out
    assert [label for label in ("0.1┤", "1┤") if label not in out] == []


def test_a_run_without_the_metric_is_named_and_the_others_are_drawn(qtui: Call, store: Path) -> None:
    ended = qtui("plot", "aaaa", "bbbb", "-m", "acc", uri=store)
    assert ended.code == 0
    assert has_curve(ended.out)
    assert f"The run {'bb' * 16} has no metric named 'acc'." in ended.err


def test_a_metric_that_no_run_has_is_an_error(qtui: Call, store: Path) -> None:
    ended = qtui("plot", "bbbb", "-m", "nope", uri=store)
    assert (ended.code, ended.out) == (2, "")
    assert "has no metric named 'nope'" in ended.err


@pytest.mark.parametrize("smoothing", ["1", "-0.1", "nan"])
def test_smoothing_is_from_zero_to_below_one(qtui: Call, store: Path, smoothing: str) -> None:
    ended = qtui("plot", "aaaa", "-m", "loss", "--smooth", smoothing, uri=store)
    assert ended.code == 2
    assert "--smooth takes a number from 0 to below 1" in ended.err


def test_on_a_terminal_curves_have_colours_and_fill_its_width(on_terminal: Call, store: Path) -> None:
    out = on_terminal("--uri", str(store), "plot", "aaaa", "bbbb", "-m", "loss", width=70).out
    assert "\x1b[36m" in out and "\x1b[33m" in out
    assert "* lgb" not in out


def test_without_colours_curves_are_distinguished_by_marks(on_terminal: Call, store: Path) -> None:
    out = on_terminal("--uri", str(store), "plot", "aaaa", "bbbb", "-m", "loss", NO_COLOR="1").out
    assert "\x1b" not in out
    assert out.count("*") > 3 and out.count("+") > 3


def test_a_locale_without_unicode_gets_ascii(process: Call, store: Path) -> None:
    ended = process("--uri", str(store), "plot", "aaaa", "-m", "loss", PYTHONIOENCODING="ascii")
    assert ended.err == ""
    assert ended.out.isascii() and ".." in ended.out


def test_a_metric_of_another_unit_has_an_axis_on_the_right(qtui: Call, store: Path) -> None:
    lines = qtui("plot", "aaaa", "-m", "loss", "--right", "acc", uri=store).out.splitlines()
    assert "acc 0.8 (right)" in lines[0]
    assert any("├0." in line for line in lines)


def test_an_svg_document_can_be_had_instead(qtui: Call, store: Path) -> None:
    ended = qtui("plot", "aaaa", "bbbb", "-m", "loss", "--svg", uri=store)
    root = ElementTree.fromstring(ended.out)
    assert root.tag.endswith("svg")
    assert "因子" in ended.out
