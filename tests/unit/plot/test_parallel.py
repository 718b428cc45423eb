"""Parallel coordinates."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qtui.plot.charts.parallel import ParallelAxis, ParallelPlot, draw_parallel
from qtui.text import width

values = st.none() | st.floats() | st.text("ab反\x1b", max_size=4)


@given(
    st.integers(0, 6).flatmap(
        lambda runs: st.tuples(
            st.just(runs),
            st.lists(st.tuples(st.text(max_size=4), st.lists(values, min_size=runs, max_size=runs)), max_size=5),
        )
    ),
    st.integers(0, 5),
    st.integers(0, 5),
    st.none() | st.integers(0, 6),
    st.booleans(),
    st.integers(0, 70),
    st.integers(0, 14),
)
@settings(deadline=None)
def test_any_values_fill_exactly_the_cells(
    runs_and_axes: tuple[int, list[tuple[str, list[float | str | None]]]],
    first: int,
    last: int,
    current_run: int | None,
    ascii_only: bool,
    cells: int,
    rows: int,
) -> None:
    runs, named = runs_and_axes
    axes = tuple(ParallelAxis(name, column).narrow(first, last) for name, column in named)
    plot = ParallelPlot(
        axes, ["run-0"] * runs, title="runs", current_axis=1, current_run=current_run, ascii_only=ascii_only
    )
    assert [width(line) for line in draw_parallel(plot, cells, rows).lines()] == [cells] * rows


def test_numbers_over_several_powers_of_ten_have_a_logarithmic_axis() -> None:
    axis = ParallelAxis("lr", [0.001, 0.01, 1.0])
    assert [axis.position(run) for run in range(3)] == pytest.approx([0, 1 / 3, 1])
    assert [ParallelAxis("x", [1, 2, 5]).position(run) for run in range(3)] == pytest.approx([0, 0.25, 1])


def test_texts_are_evenly_spaced_in_order() -> None:
    axis = ParallelAxis("optimizer", ["sgd", "adam", None, "rmsprop"])
    assert axis.stops == ("adam", "rmsprop", "sgd")
    assert [axis.position(run) for run in (0, 1, 3)] == [1.0, 0.0, 0.5]
    assert math.isnan(axis.position(2))


def test_a_narrowed_axis_leaves_out_runs_outside_and_without_a_value() -> None:
    axis = ParallelAxis("ic", [0.1, 0.2, 0.3, None, math.nan]).narrow(1, 2)
    assert axis.limits == (0.2, 0.3)
    assert [axis.contains(run) for run in range(5)] == [False, True, True, False, False]


def test_a_whole_axis_contains_every_run() -> None:
    axis = ParallelAxis("ic", [0.1, None])
    assert axis.contains(1) and not axis.narrow(0, 0).is_narrowed


def test_a_range_has_at_least_one_value() -> None:
    axis = ParallelAxis("ic", [1, 2, 3])
    assert axis.narrow(2, 0).limits == (3.0, 3.0)
    assert axis.narrow(-5, 99).limits == (1.0, 3.0)


def test_a_line_runs_from_the_top_of_one_axis_to_the_bottom_of_the_next() -> None:
    axes = (ParallelAxis("a", [1.0, 0.0]), ParallelAxis("b", [0.0, 1.0]))
    plot = ParallelPlot(axes, ["run-0", "run-1"], title="t")
    rows = draw_parallel(plot, 40, 12).rows
    assert {role for _, role in rows[3]} >= {"run-0", "run-1"}
    names, high, *_, low = (line.split() for line in draw_parallel(plot, 40, 12).lines()[1:])
    assert (names, high, low) == (["a", "b"], ["1", "1"], ["0", "0"])


def test_the_best_run_is_drawn_over_the_others() -> None:
    axes = (ParallelAxis("a", [1.0, 1.0, 0.0]), ParallelAxis("b", [1.0, 1.0, 0.0]))
    for order, role in (([0, 1, 2], "run-1"), ([1, 0, 2], "run-0")):
        plot = ParallelPlot(axes, ["run-0", "run-1", "run-2"], order=order)
        row = draw_parallel(plot, 40, 10).rows[2]
        assert {piece.role for piece in row} & {"run-0", "run-1"} == {role}


def test_the_runs_inside_are_counted() -> None:
    axes = (ParallelAxis("a", [1.0, 2.0, 3.0]).narrow(1, 2), ParallelAxis("b", ["x", "y", "z"]))
    assert "2 of 3 runs" in draw_parallel(ParallelPlot(axes, ["run-0"] * 3, title="runs"), 60, 10).lines()[0]


def test_the_names_of_categories_stand_at_their_places() -> None:
    axes = (ParallelAxis("opt", ["adam", "lamb", "sgd"]), ParallelAxis("ic", [1.0, 2.0, 3.0]))
    lines = draw_parallel(ParallelPlot(axes, ["run-0"] * 3), 60, 14).lines()
    assert "sgd" in lines[1] and "adam" in lines[-1]
    assert "lamb" in lines[2 + 5]


def test_many_axes_scroll_with_the_current_one() -> None:
    axes = tuple(ParallelAxis(f"axis{number}", [1.0, 2.0]) for number in range(30))
    lines = draw_parallel(ParallelPlot(axes, ["run-0"] * 2, current_axis=20), 80, 10).lines()
    assert "axis20" in lines[0] and "axis2 " not in lines[0]
