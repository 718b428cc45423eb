"""Views of the daily IC and of other series of a signal analysis."""

from __future__ import annotations

import pickle
import re

import numpy
import pandas
import pytest

from qtui.artifacts.content import DrawingContent
from qtui.errors import ArtifactUnreadable
from tests.unit.artifacts.qlib_results import artifact, frame, recorded
from tests.unit.artifacts.sources import open_view, views_for

IC = "sig_analysis/ic.pkl"


def lines_of(title: str, data: bytes, path: str, cells: int = 100, rows: int = 30) -> list[str]:
    """Return the lines of a view that is a picture."""
    content = open_view(data, title, path)
    assert isinstance(content, DrawingContent)
    return [line.rstrip() for line in content.draw(cells, rows).lines()]


def test_ic_offers_a_chart_first_and_the_plain_table_too() -> None:
    titles = [view.title for view in views_for(artifact(IC), IC).views]
    assert titles == ["series", "months", "distribution", "pickle", "hex"]


@pytest.mark.parametrize(("path", "name"), [(IC, "IC"), ("sig_analysis/ric.pkl", "Rank IC")])
def test_the_caption_has_the_numbers_that_qlib_logs(path: str, name: str) -> None:
    metrics = recorded().list_metrics()
    caption = lines_of("series", artifact(path), path)[0]
    assert f"mean {metrics[name]:.4f}" in caption
    assert f"{name}IR {metrics[f'{name}IR']:.3f}" in caption
    assert f"std {frame(path).std():.4f}" in caption


def test_the_series_has_its_rolling_mean_and_its_sum() -> None:
    text = "\n".join(lines_of("series", artifact(IC), IC))
    assert "mean of 20 days" in text and "Cumulative IC" in text


def test_the_months_show_the_mean_of_each_month() -> None:
    text = "\n".join(lines_of("months", artifact(IC), IC))
    for mean in frame(IC).groupby(frame(IC).index.month).mean():
        assert re.sub("0[.]", ".", f"{mean:+.3f}", count=1) in text


def test_the_distribution_names_the_extreme_days() -> None:
    lowest = frame(IC).idxmin()
    assert f"on {lowest:%Y-%m-%d}" in lines_of("distribution", artifact(IC), IC)[1]


def test_a_series_without_days_has_no_months_but_a_chart() -> None:
    data = pickle.dumps(pandas.Series([0.1, 0.2, numpy.nan]))
    with pytest.raises(ArtifactUnreadable, match="no days"):
        open_view(data, "months", IC)
    assert "mean 0.1500" in lines_of("series", data, IC)[0]


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1},
        pandas.Series([], dtype=float),
        pandas.DataFrame({"a": [1], "b": [2]}),
        [1, 2],
        pandas.Series([[1], {}]),
    ],
    ids=["dict", "empty", "frame", "list", "objects"],
)
@pytest.mark.parametrize("title", ["series", "months", "distribution"])
def test_a_value_of_another_shape_is_refused_in_one_sentence(title: str, value: object) -> None:
    data = pickle.dumps(value)
    try:
        content = open_view(data, title, IC)
    except ArtifactUnreadable as error:
        assert "\n" not in str(error)
    else:
        assert isinstance(content, DrawingContent)
        content.draw(80, 20)


def test_a_series_without_any_number_is_drawn_as_empty() -> None:
    data = pickle.dumps(pandas.Series([numpy.nan] * 3, pandas.date_range("2020-01-01", periods=3)))
    for title in ("series", "months", "distribution"):
        assert lines_of(title, data, IC)[0].startswith("mean –")


@pytest.mark.parametrize(("cells", "rows"), [(0, 0), (1, 1), (20, 3), (80, 24), (200, 55)])
@pytest.mark.parametrize("title", ["series", "months", "distribution"])
def test_a_picture_has_exactly_the_size_of_its_window(title: str, cells: int, rows: int) -> None:
    content = open_view(artifact(IC), title, IC)
    assert isinstance(content, DrawingContent)
    for ascii_only in (False, True):
        lines = content.draw(cells, rows, ascii_only=ascii_only).lines()
        assert [len(line) for line in lines] == [cells] * rows
        # The ASCII mode of the screen replaces the mark of cut texts.
        assert not ascii_only or all(line.replace("…", "").isascii() for line in lines)
