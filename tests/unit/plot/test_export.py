"""Charts as documents and as data."""

from __future__ import annotations

import csv
import io
import math
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.axes.axis import Axis
from qtui.plot.curves.band import average_curves
from qtui.plot.curves.chart import Chart
from qtui.plot.export.csv_export import chart_csv
from qtui.plot.export.svg_export import chart_svg
from qtui.plot.pieces import RUN_COLOURS_ON_LIGHT
from qtui.plot.scale import LINEAR, LOG
from qtui.plot.series import Series, make_curve
from tests.unit.plot.build import START, curve, series
from tests.unit.plot.strategies import any_series

SVG = "{http://www.w3.org/2000/svg}"


@given(st.lists(any_series(), max_size=3), st.sampled_from((LINEAR, LOG)), st.sampled_from((0, 0.9)))
def test_any_chart_is_well_formed_and_has_only_finite_numbers(
    logged: list[Series], scale: type[LINEAR], smoothing: float
) -> None:
    curves = [make_curve(line, smoothing=smoothing, right=index == 2) for index, line in enumerate(logged)]
    mean, band = average_curves(curves, "a<b>&\"'\x00\x1b", "run-1")
    drawing = chart_svg(Chart((*curves, mean), (band,), y=Axis(scale), title="t"))
    ElementTree.fromstring(drawing)
    assert "nan" not in drawing and "inf" not in drawing


def test_a_gap_ends_a_path_and_a_lone_point_is_a_dot() -> None:
    root = ElementTree.fromstring(chart_svg(Chart((curve([1, 2, math.nan, 3]),), legend=False)))
    paths = [path.get("d", "") for group in root.iter(f"{SVG}g") for path in group.iter(f"{SVG}path")]
    assert len(paths) == 1
    assert paths[0].count("M") == 2 and paths[0].count("L") == 1
    assert paths[0].endswith("h0")


def test_curves_are_exported_in_the_colours_of_their_roles() -> None:
    drawing = chart_svg(Chart((make_curve(series([1, 2], role="run-1"), smoothing=0.5),)))
    assert RUN_COLOURS_ON_LIGHT[1] in drawing and RUN_COLOURS_ON_LIGHT[0] not in drawing
    assert 'stroke-opacity="0.35"' in drawing


def test_csv_has_every_visible_point_as_it_was_logged() -> None:
    smooth = make_curve(series([1, math.nan, 1 / 3], [5, 6, 4], name="因子,ic"), smoothing=0.5)
    rows = list(csv.reader(io.StringIO(chart_csv(Chart((smooth, curve([7.0], [99])), x=Axis(low=0, high=50))))))
    assert rows[0] == ["name", "step", "timestamp", "value", "smoothed"]
    assert [row[:4] for row in rows[1:]] == [
        ["因子,ic", "5", str(START), "1.0"],
        ["因子,ic", "6", str(START + 1000), "nan"],
        ["因子,ic", "4", str(START + 2000), repr(1 / 3)],
    ]


def test_without_smoothing_there_is_no_smoothed_value() -> None:
    assert chart_csv(Chart((curve([2.5]),))).splitlines()[1] == f"loss,0,{START},2.5,"


def test_csv_of_groups_has_the_mean_and_the_band() -> None:
    mean, band = average_curves([curve([1.0, 2.0]), curve([3.0, 4.0])], "both", "run-1")
    rows = list(csv.reader(io.StringIO(chart_csv(Chart((mean,), (band,))))))
    assert rows[0] == ["name", "step", "timestamp", "value", "smoothed", "x", "low", "high"]
    assert rows[1][:6] == ["both", "", "", "2.0", "", "0.0"]
    assert [float(value) for value in rows[1][6:]] == [2 - math.sqrt(2), 2 + math.sqrt(2)]


def test_an_empty_chart_has_titles_and_no_data() -> None:
    assert chart_csv(Chart()) == "name,step,timestamp,value,smoothed\n"
    ElementTree.fromstring(chart_svg(Chart()))


def test_curves_of_one_colour_are_dashed_differently_in_the_picture_and_in_its_legend() -> None:
    chart = Chart(tuple(make_curve(series([1, 2], role=role)) for role in ("run-1", "run-2", "run-1", "run-1")))
    paths = ElementTree.fromstring(chart_svg(chart)).iter(f"{SVG}path")
    dashes = [(path.get("stroke"), path.get("stroke-dasharray")) for path in paths if path.get("stroke") != "#e4e4e4"]
    lines = [line for line in dashes if line[0] not in (None, "#888")]
    legend, curves = lines[:4], lines[4:]
    assert legend == curves
    assert len(set(legend)) == 4 and legend[0][1] is None
