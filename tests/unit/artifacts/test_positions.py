"""Views of predictions, labels and positions."""

from __future__ import annotations

import pickle
from pathlib import Path

import pandas
import pytest

from qtui.artifacts.content import DrawingContent, TableContent
from qtui.artifacts.qlib_files.positions import changes_of, holdings_of
from qtui.artifacts.qlib_files.run_report import IC_PATH, RANK_IC_PATH
from qtui.errors import ArtifactUnreadable
from qtui.recorder import Library
from qtui.tui.load.run_report import ReportLoaded, load_report
from tests.data.packing import unpack
from tests.data.qlib_market import scores
from tests.unit.artifacts.qlib_results import POSITIONS, REPORT, artifact, recorded
from tests.unit.artifacts.sources import open_view, views_for

ARCHIVE = Path(__file__).parents[2] / "data" / "qlib-0.9.7-records.tar.xz"


def table(title: str, path: str, data: bytes | None = None) -> TableContent:
    """Open a view that is a table."""
    content = open_view(artifact(path) if data is None else data, title, path)
    assert isinstance(content, TableContent)
    return content


def rows_of(content: TableContent) -> list[dict[str, str]]:
    """Return the rows of a table by the names of its columns."""
    names = [column.name for column in content.columns]
    cells = content.cells(0, content.row_count().count, range(len(names)))
    return [dict(zip(names, row, strict=True)) for row in cells]


def test_predictions_offer_the_plain_table_first() -> None:
    titles = [view.title for view in views_for(artifact("pred.pkl"), "pred.pkl").views]
    assert titles == ["pickle", "ranking", "days", "instruments", "histogram", "hex"]


def test_predictions_longer_than_the_sample_are_recognised() -> None:
    index = pandas.MultiIndex.from_product(
        [pandas.date_range("2020-01-01", periods=300), [f"SH{number}" for number in range(600000, 600060)]],
        names=["datetime", "instrument"],
    )
    data = pickle.dumps(pandas.DataFrame({"score": [float(number) for number in range(len(index))]}, index))
    assert b"instrument" not in data[: 1 << 16]
    assert "ranking" in [view.title for view in views_for(data, "pred.pkl").views]


def test_the_ranking_begins_with_the_last_day_and_goes_back_day_by_day() -> None:
    content, series = table("ranking", "pred.pkl"), scores(1)
    days = series.index.get_level_values("datetime").unique().sort_values(ascending=False)
    assert content.outer_shape == (len(days),)
    for number in (0, 3):
        best = series.xs(days[number], level="datetime").idxmax()
        assert [rows_of(content.at((number,)))[0][key] for key in ("day", "instrument")] == [
            f"{days[number]:%Y-%m-%d}",
            best,
        ]


def test_days_name_the_highest_and_the_lowest_score() -> None:
    first, series = rows_of(table("days", "pred.pkl"))[0], scores(1)
    last = series.xs(series.index.get_level_values("datetime").max(), level="datetime")
    assert (first["count"], first["top"], first["bottom"]) == ("12", last.idxmax(), last.idxmin())


def test_labels_without_a_value_are_not_counted() -> None:
    rows = rows_of(table("days", "label.pkl"))
    assert {rows[0]["count"], rows[-1]["count"]} == {"12", "11"}


def test_instruments_and_the_histogram_summarise_all_days() -> None:
    assert len(rows_of(table("instruments", "pred.pkl"))) == 12
    content = open_view(artifact("pred.pkl"), "histogram", "pred.pkl")
    assert isinstance(content, DrawingContent) and "scores 480" in content.draw(80, 20).lines()[0]


def test_holdings_are_those_of_the_last_day_with_weights_that_sum_to_one() -> None:
    content, positions = table("holdings", POSITIONS), recorded().load_object(POSITIONS)
    day = max(positions)
    rows = rows_of(content)
    assert {row["instrument"] for row in rows} == {*positions[day], "cash"} - {"now_account_value"}
    assert rows[0]["day"] == f"{day:%Y-%m-%d}"
    assert sum(content.numbers(2)) == pytest.approx(1)


def test_changes_list_what_was_bought_and_sold() -> None:
    day, later = pandas.to_datetime(["2020-01-02", "2020-01-03"])
    holding = {"amount": 5.0, "price": 2.0, "count_day": 1}
    positions = {
        day: {"cash": 10.0, "now_account_value": 30.0, "A": holding, "B": holding},
        later: {"cash": 0.0, "now_account_value": 30.0, "A": {**holding, "amount": 10.0}, "C": holding},
    }
    changes = changes_of(holdings_of(positions))
    assert changes[["instrument", "change"]].to_numpy().tolist() == [
        ["C", "bought"],
        ["A", "increased"],
        ["B", "sold"],
        ["A", "bought"],
        ["B", "bought"],
    ]


@pytest.mark.parametrize("value", [{}, {1: 2}, [1], {pandas.Timestamp(0): {"A": 1}}, pandas.DataFrame({"a": [1]})])
@pytest.mark.parametrize("title", ["holdings", "changes", "weights"])
def test_positions_of_another_shape_are_refused_or_shown(title: str, value: object) -> None:
    try:
        open_view(pickle.dumps(value), title, POSITIONS)
    except ArtifactUnreadable as error:
        assert "\n" not in str(error)


@pytest.mark.skipif(int(pandas.__version__.split(".")[0]) < 3, reason="pandas 2 cannot read pandas 3's pickles")
def test_files_that_qlib_has_written_show_the_numbers_that_it_logged(tmp_path: Path) -> None:
    unpack(ARCHIVE, tmp_path)
    library = Library(f"file:{tmp_path}/mlruns")
    infos = [info for batch in library.infos() for info in batch.items]
    run = next(run for run in map(library.run, infos) if "IC" in run.metrics)
    *_, message = load_report(library, run)
    assert isinstance(message, ReportLoaded)
    text = "\n".join(message.report.draw(120, 40).lines())
    logged = {key: point.value for key, point in run.metrics.items()}
    for cost in ("with", "without"):
        for measure, form in (("annualized_return", "+.2%"), ("information_ratio", ".2f"), ("max_drawdown", "+.2%")):
            assert f"{logged[f'1day.excess_return_{cost}_cost.{measure}']:{form}}" in text
    for name in ("IC", "Rank IC"):
        assert f"{name} {logged[name]:.4f}" in text and f"{name}IR {logged[f'{name}IR']:.3f}" in text
    for path in (IC_PATH, RANK_IC_PATH, REPORT, POSITIONS):
        with library.open_artifact(run.info, path) as file:
            data = file.read()
        for view in views_for(data, path).views:
            view.open()
    rows = rows_of(table("holdings", POSITIONS, data))
    assert rows[0]["instrument"].startswith("SH6")
