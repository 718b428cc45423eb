"""Views of the report of a backtest."""

from __future__ import annotations

import pickle

import pandas
import pytest

from qtui.artifacts.content import DrawingContent, TableContent
from qtui.errors import ArtifactUnreadable
from qtui.quant.measures import risk_analysis
from tests.unit.artifacts.qlib_results import REPORT, artifact, frame, recorded
from tests.unit.artifacts.sources import open_view, views_for


def lines_of(title: str, data: bytes, path: str = REPORT, cells: int = 110, rows: int = 36) -> list[str]:
    """Return the lines of a view that is a picture."""
    content = open_view(data, title, path)
    assert isinstance(content, DrawingContent)
    return [line.rstrip() for line in content.draw(cells, rows).lines()]


def test_a_report_offers_charts_the_risk_and_the_plain_table() -> None:
    titles = [view.title for view in views_for(artifact(REPORT), REPORT).views]
    assert titles == ["returns", "excess", "pickle", "risk", "hex"]


def test_a_report_of_another_name_is_recognised_by_its_columns() -> None:
    assert views_for(artifact(REPORT), "backtest.pkl").kind == "Qlib backtest report"


def test_the_caption_has_the_numbers_that_qlib_logs() -> None:
    metrics, captions = recorded().list_metrics(), lines_of("returns", artifact(REPORT))[:2]
    for line, name in zip(captions, ("with_cost", "without_cost"), strict=True):
        assert f"annualised return {metrics[f'1day.excess_return_{name}.annualized_return']:+.2%}" in line
        assert f"information ratio {metrics[f'1day.excess_return_{name}.information_ratio']:.2f}" in line
        assert f"max drawdown {metrics[f'1day.excess_return_{name}.max_drawdown']:+.2%}" in line


def test_the_risk_of_all_returns_is_that_of_risk_analysis() -> None:
    content = open_view(artifact(REPORT), "risk", REPORT)
    assert isinstance(content, TableContent)
    report = frame(REPORT)
    expected = risk_analysis(report["return"] - report["cost"], freq="day")["risk"]
    names = [column.name for column in content.columns]
    assert names == ["measure", "with cost", "without cost", "benchmark", "excess with cost", "excess without cost"]
    assert list(content.numbers(1)) == pytest.approx(expected.to_list())


def test_the_frequency_of_the_name_is_used() -> None:
    weekly = "portfolio_analysis/report_normal_1week.pkl"
    content = open_view(artifact(REPORT), "risk", weekly)
    assert isinstance(content, TableContent)
    expected = risk_analysis(frame(REPORT)["bench"], freq="week")["risk"]
    assert list(content.numbers(3)) == pytest.approx(expected.to_list())


def test_the_charts_show_both_returns_and_the_benchmark() -> None:
    text = "\n".join(lines_of("returns", artifact(REPORT)))
    for word in ("Cumulative return", "benchmark", "without cost", "with cost", "Drawdown", "Turnover"):
        assert word in text


def test_a_frame_without_the_columns_is_refused_with_the_missing_one() -> None:
    with pytest.raises(ArtifactUnreadable, match="no column cost"):
        open_view(pickle.dumps(pandas.DataFrame({"return": [0.1]})), "returns", REPORT)


@pytest.mark.parametrize("value", [None, "text", pandas.DataFrame(), {"return": 1}])
@pytest.mark.parametrize("title", ["returns", "excess", "risk"])
def test_a_value_of_another_shape_is_refused(title: str, value: object) -> None:
    with pytest.raises(ArtifactUnreadable):
        open_view(pickle.dumps(value), title, REPORT)


@pytest.mark.parametrize(("cells", "rows"), [(0, 0), (1, 1), (20, 3), (80, 24), (200, 55)])
def test_a_picture_has_exactly_the_size_of_its_window(cells: int, rows: int) -> None:
    content = open_view(artifact(REPORT), "returns", REPORT)
    assert isinstance(content, DrawingContent)
    assert [len(line) for line in content.draw(cells, rows).lines()] == [cells] * rows
