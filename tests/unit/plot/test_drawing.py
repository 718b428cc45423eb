"""Charts as they look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy
import pytest

from qtui.plot.axes.axis import Axis, Unit
from qtui.plot.curves.band import average_curves
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.drawing import draw_chart
from qtui.plot.glyphs import ASCII
from qtui.plot.scale import LOG
from qtui.plot.series import Curve, make_curve
from tests.unit.plot.build import curve, series

STEPS = Axis(unit=Unit.COUNT, title="step")


def bare(curves: Sequence[Curve], **settings: object) -> Chart:
    return Chart(tuple(curves), **{"x": STEPS, "legend": False, "grid": False, **settings})  # type: ignore[arg-type]


def lines(chart: Chart, width: int = 40, height: int = 8) -> list[str]:
    return [line.rstrip() for line in draw_chart(chart, width, height).lines()]


def roles(chart: Chart, width: int = 40, height: int = 8) -> set[str]:
    return {piece.role for row in draw_chart(chart, width, height).rows for piece in row if piece.text.strip()}


def test_a_straight_line_is_straight() -> None:
    assert lines(bare([curve(range(9))]), 21, 9) == [
        "10┤",
        "  │                ⣀⠤",
        "  │            ⢀⡤⠒⠉",
        " 5┤         ⣀⠔⠊⠁",
        "  │     ⣀⠤⠒⠉",
        "  │ ⢀⡤⠒⠉",
        " 0┤⠊⠁",
        "  └┬──────────┬──────",
        "   0          5  step",
    ]


def test_a_dashed_line_has_gaps_at_equal_distances() -> None:
    [line] = [line for line in lines(bare([replace(curve([1] * 9), is_dashed=True)]), 21, 3) if "┤" in line]
    plot_cells = line.partition("┤")[2]
    gaps = [cell for cell, character in enumerate(plot_cells) if character == " "]
    assert gaps == list(range(gaps[0], len(plot_cells), 3))


def test_nothing_is_drawn_where_a_value_is_missing() -> None:
    picture = lines(bare([curve([1, 1, math.nan, math.nan, 1, 1])]), 32, 5)
    middle = next(line for line in picture if "⠒" in line or "⠉" in line or "⠤" in line)
    left, gap, right = middle[3:15], middle[15:19], middle[22:]
    assert left.strip() and right.strip() and not gap.strip()


def test_a_point_without_neighbours_is_drawn() -> None:
    for values in ([5.0], [math.nan, 3.0, math.nan], [1.0, math.inf, 2.0]):
        picture = "".join(lines(bare([curve(values)])))
        assert "⠛" in picture or "⣤" in picture


def test_a_run_that_was_resumed_is_drawn_twice_over_the_same_steps() -> None:
    picture = lines(bare([curve([1.0] * 10 + [3.0] * 6, [*range(10), *range(4, 10)])]), 40, 12)
    high, *between, low = (line.partition("┤")[2] or line.partition("│")[2] for line in picture[:9])
    assert high == " " * 16 + "⠒" * 20
    assert low == "⠒" * 36
    # No line leads from where it broke off back to where it went on.
    assert not any(between)


@pytest.mark.parametrize(
    ("values", "said"),
    [([], "no points"), ([math.nan, math.inf], "no finite value in 2 points"), ([-1.0, 0.0], "nothing above zero")],
)
def test_an_empty_chart_says_why(values: list[float], said: str) -> None:
    chart = bare([curve(values)], y=Axis(LOG) if "zero" in said else Axis())
    assert [line.strip() for line in lines(chart) if line] == [said]


def test_the_legend_has_last_values_and_counts_non_finite_ones() -> None:
    chart = Chart((curve([1, 2, math.nan, 0.25], name="loss"), curve([3.0], name="因子")), x=STEPS)
    assert lines(chart, 60)[0] == "── loss 0.25 (1 not finite)   ── 因子 3"


def test_a_narrow_legend_keeps_names_and_drops_values() -> None:
    chart = Chart((curve([math.nan, 0.25], name="validation/loss"),), x=STEPS)
    assert lines(chart, 32)[0] == "── validation/loss 0.25"
    assert lines(chart, 16)[0] == "── validat… 0.25"


def test_the_last_value_is_that_of_the_latest_step_as_the_tables_have_it() -> None:
    assert "── loss 7" in lines(Chart((curve([1, 7, 3], [0, 9, 5]),), x=STEPS))[0]


def test_a_legend_that_is_too_long_counts_the_rest_and_leaves_room_for_curves() -> None:
    chart = Chart(tuple(curve([number], name=f"run number {number}") for number in range(30)), x=STEPS)
    picture = lines(chart, 40, 12)
    assert picture[3].endswith("more")
    assert sum("run number" in line for line in picture) == 4


def test_text_of_a_store_cannot_command_the_terminal() -> None:
    chart = Chart((curve([1.0], name="a\x1b[2Jb\u202e"),), title="t\x07\n", x=Axis(title="x"))
    assert not any(ord(character) < 32 or character == "\u202e" for line in lines(chart) for character in line)


def test_a_smoothed_curve_lies_over_its_dimmed_raw_one() -> None:
    rough = series([number % 7 for number in range(100)], role="run-4")
    assert {"run-4", "run-4-dim"} <= roles(bare([make_curve(rough, smoothing=0.9)]))


def test_the_least_and_the_greatest_value_are_marked() -> None:
    picture = draw_chart(bare([curve([2, 9, 2, 1, 2])], mark_extremes=True), 60, 12)
    of_curve = "".join(piece.text for row in picture.rows for piece in row if piece.role == "run-0")
    assert [of_curve.count(sign) for sign in "▴9▾1"] == [1, 1, 1, 1]


def test_the_cursor_shows_its_x_value_and_the_values_of_the_curves() -> None:
    chart = Chart((curve([10, 20, 30], name="loss"),), x=STEPS, cursor=1.2)
    picture = lines(chart)
    assert picture[0] == "── loss 20"
    assert "1" in picture[-1]
    assert "cursor" in roles(chart)


def test_a_cursor_outside_the_limits_is_not_drawn() -> None:
    assert "cursor" not in roles(bare([curve([1, 2])], cursor=99))


def test_an_axis_on_the_right_has_its_own_ticks() -> None:
    far = make_curve(series([1e6, 3e6], name="tokens"), right=True)
    picture = lines(bare([curve([0, 1]), far]), 50, 10)
    assert any(line.endswith("├2M") for line in picture)
    assert any(line.lstrip().startswith("0.5┤") for line in picture)


def test_a_band_lies_around_the_mean() -> None:
    mean, band = average_curves([curve([1, 2, 3]), curve([3, 4, 5])], "mean", "run-2")
    assert {"run-2", "run-2-band"} <= roles(bare([mean], bands=(band,)))


def test_a_band_that_reaches_beyond_the_axis_fills_it_to_its_edge() -> None:
    mean, band = average_curves([curve([0, 0]), curve([100, 100])], "mean", "run-2")
    picture = draw_chart(bare([mean], bands=(band,), y=Axis(low=40, high=60)), 40, 10)
    # The mean hides it in its own row.
    filled = [any(piece.role == "run-2-band" for piece in row) for row in picture.rows[:8]]
    assert filled.count(True) >= 7


def test_without_colours_each_curve_has_marks_and_so_has_the_legend() -> None:
    chart = Chart((curve([1, 2, 3], name="a"), curve([3, 2, 1], name="b")), x=STEPS, use_marks=True)
    picture = lines(chart, 60, 12)
    assert picture[0] == "* a 3   + b 1"
    assert sum(line.count("*") for line in picture) > 2 and sum(line.count("+") for line in picture) > 2


def test_without_colours_crossing_curves_keep_all_their_dots() -> None:
    one, other = curve([0, 4], name="a"), curve([4, 0], name="b")
    alone = sum(line.count("⠤") + line.count("⠒") for line in lines(bare([one])))
    both = bare([one, other], use_marks=True)
    assert alone
    assert any(0x2800 < ord(character) < 0x2900 for line in lines(both) for character in line)


def test_ascii_glyphs_draw_only_ascii() -> None:
    picture = lines(Chart((curve(range(20)), curve(range(19, -1, -1))), x=STEPS, glyphs=ASCII, title="t"))
    assert "".join(picture).isascii()


def test_a_zoom_fits_the_y_axis_to_the_visible_values() -> None:
    chart = bare([curve([1000.0, *[1.0, 2.0] * 50])], x=Axis(unit=Unit.COUNT, low=10, high=20))
    area = draw_chart(chart, 40, 10).area
    assert area is not None and area.y is not None
    assert area.x == (10, 20)
    assert area.y.high < 3


def test_outliers_can_be_left_outside() -> None:
    values = [*numpy.linspace(2, 1, 200), 1e9]
    area = draw_chart(bare([curve(values)], clip_outliers=True), 40, 10).area
    assert area is not None and area.y is not None
    assert area.y.high < 4


def test_drawing_the_same_twice_gives_the_same() -> None:
    chart = Chart((curve([1, 5, 2]),), x=STEPS, mark_extremes=True, cursor=1)
    assert draw_chart(chart, 50, 12) == draw_chart(chart, 50, 12)
