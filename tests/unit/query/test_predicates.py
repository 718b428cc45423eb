"""Tests of filters as predicates."""

from __future__ import annotations

import math

import pytest

from qtui.entities import DatasetInput, Run, Summary
from qtui.query import parse_filter, parse_number, predicate
from tests.unit.query.runs import HOUR, NOW, a_run, matches


def cases(*rows: tuple[str, bool]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("text", "expected"), rows)


@cases(
    ("params.missing = 'x'", False),
    ("params.missing != 'x'", False),
    ("params.missing NOT LIKE 'x'", False),
    ("params.missing !~ 'x'", False),
    ("params.missing NOT IN (x)", False),
    ("metrics.missing != 1", False),
    ("metrics.missing NOT BETWEEN 0 AND 1", False),
    ("best(metrics.missing) != 1", False),
    ("dataset.name != 'x'", False),
    ("ended < 1h", False),
    ("run_name != 'x'", False),
    ("NOT params.missing = 'x'", True),
    ("params.missing IS NULL", True),
    ("metrics.missing IS NULL", True),
    ("best(metrics.missing) IS NULL", True),
    ("dataset.name IS NULL", True),
    ("end_time IS NULL", True),
    ("run_name IS NULL", True),
    ("start_time IS NULL", False),
    ("params.missing IS NOT NULL", False),
)
def test_missing_values_match_no_comparison(text: str, expected: bool) -> None:
    assert matches(text, a_run(end=None)) is expected


@cases(
    ("metrics.loss = 0", False),
    ("metrics.loss < 1", False),
    ("metrics.loss >= 1", False),
    ("metrics.loss != 1", True),
    ("metrics.loss IS NULL", False),
    ("metrics.loss = nan", True),
    ("metrics.loss != nan", False),
    ("metrics.ok = nan", False),
    ("metrics.ok != nan", True),
    ("metrics.missing = nan", False),
    ("metrics.missing != nan", False),
    ("metrics.up = inf", True),
    ("metrics.up > 1e300", True),
    ("metrics.up != nan", True),
)
def test_nan_differs_from_every_number(text: str, expected: bool) -> None:
    assert matches(text, a_run(metrics={"loss": math.nan, "ok": 1.0, "up": math.inf})) is expected


@cases(
    ("params.lr = 0.1", True),
    ("params.lr = '0.1'", False),
    ("params.lr = '0.10'", True),
    ("params.lr < 0.11", True),
    ("params.lr >= 1e-1", True),
    ("params.lr BETWEEN 0 AND 1", True),
    ("params.lr IN (0.1, 0.2)", True),
    ("params.lr NOT IN (0.2, 0.3)", True),
    ("params.model < 1", False),
    ("params.model > 1", False),
    ("params.model != 1", False),
    ("params.model IN (1, lgb)", True),
    ("params.bad != 1", False),
    ("params.seed = 1000", False),
    ("params.padded = 5", True),
    ("params.big > 1e300", True),
    ("tags.fold >= 3", True),
    ("tags.fold = 3.0", True),
)
def test_unquoted_number_is_compared_as_a_number(text: str, expected: bool) -> None:
    params = {"lr": "0.10", "model": "lgb", "bad": "nan", "seed": "1_000", "padded": " 5 ", "big": "inf"}
    assert matches(text, a_run(params=params, tags={"fold": "3"})) is expected


@pytest.mark.parametrize("text", ["", "lgb", "nan", "NaN", "1_000", "0x10", "1,5", "--1", "1e"])
def test_text_without_a_number_is_none(text: str) -> None:
    assert parse_number(text) is None


@cases(
    ("run_name ~ 'lgb'", True),
    ("run_name ~ '^lgb'", False),
    ("run_name ~ 'LGB'", False),
    ("run_name ~ '(?i)LGB'", True),
    ("run_name ~ 'lgb-\\d+$'", True),
    ("run_name !~ 'xgb'", True),
    ("run_name !~ 'lgb'", False),
    ("params.path ~ 'data/[ab]\\.csv'", True),
    ("tags.note ~ '^second'", False),
    ("tags.note ~ '(?m)^second'", True),
    ("run_id ~ '^[0-9a-f]+$'", True),
)
def test_regular_expression_matches_anywhere(text: str, expected: bool) -> None:
    run = a_run(name="big lgb-12", params={"path": "data/a.csv"}, tags={"note": "first\nsecond"})
    assert matches(text, run) is expected


@cases(
    ("lgb", True),
    ("LGB", True),
    ("lgb big", True),
    ("'big lgb'", True),
    ("'lgb big'", False),
    ("a1b", True),
    ("learning", True),
    ("0.05", True),
    ("team", True),
    ("Alpha", True),
    ("STRASSE", True),
    ("metrics", False),
    ("0.99", False),
    ("FINISHED", False),
    ("alphateam", False),
    ("lgb alpha", True),
    ("lgb beta", False),
    ("lgb OR beta", True),
    ("lgb NOT beta", True),
    ("lgb status = finished", True),
    ("''", True),
)
def test_word_is_searched_in_name_id_params_and_tags(text: str, expected: bool) -> None:
    run = a_run(
        "a1b2",
        name="Big LGB",
        params={"learning_rate": "0.05", "street": "Straße"},
        tags={"team": "alpha"},
        metrics={"ic": 0.99},
    )
    assert matches(text, run) is expected


@cases(
    ("dataset.name = 'alpha158'", True),
    ("dataset.name != 'alpha158'", True),
    ("dataset.name != 'alpha158' AND dataset.name != 'alpha360'", True),
    ("NOT dataset.name = 'alpha158'", False),
    ("dataset.context = 'train'", True),
    ("dataset.context != 'train'", False),
    ("dataset.context IS NOT NULL", True),
    ("dataset.digest IN (d2, d3)", True),
    ("dataset.digest NOT IN (d1, d2)", False),
    ("dataset.name ~ '\\d{3}$'", True),
    ("dataset.name NOT LIKE 'alpha1%'", False),
)
def test_any_dataset_may_match(text: str, expected: bool) -> None:
    train = DatasetInput("alpha158", "d1", tags={"mlflow.data.context": "train"})
    plain = DatasetInput("alpha360", "d2")
    assert matches(text, a_run(inputs=(train, plain))) is expected


@cases(
    ("best(metrics.ic) > 0.09", True),
    ("best(metrics.loss) < 0.2", True),
    ("max(metrics.ic) = 0.1", True),
    ("min(metrics.ic) = -0.2", True),
    ("first(metrics.ic) = 0", True),
    ("last(metrics.ic) = 0.05", True),
    ("metrics.ic = 0.05", True),
    ("best(metrics.broken) IS NULL", True),
    ("first(metrics.broken) = nan", True),
)
def test_aggregates_of_a_history(text: str, expected: bool) -> None:
    run = a_run(
        metrics={"ic": 0.05},
        summaries={
            "ic": Summary(0.0, 0.05, -0.2, 0.1, 3, 0),
            "loss": Summary(0.9, 0.3, 0.1, 0.9, 3, 0),
            "broken": Summary(math.nan, math.nan, None, None, 1, 1),
        },
    )
    assert matches(text, run) is expected


FINISHED = a_run(start=NOW - 2 * HOUR, end=NOW - HOUR)
RUNNING = a_run(status="RUNNING", start=NOW - 2 * HOUR, end=None)
UNKNOWN = a_run(start=None, end=None)


@pytest.mark.parametrize(
    ("text", "passing"),
    [
        ("started > 1h", [FINISHED, RUNNING]),
        ("started < 1h", []),
        ("started > 3h", []),
        ("ended < 90m", [FINISHED]),
        ("ended > 90m", []),
        ("duration = 1h", [FINISHED]),
        ("duration > 90m", [RUNNING]),
        ("duration <= 2h", [FINISHED, RUNNING]),
        ("duration IS NULL", [UNKNOWN]),
        ("started = yesterday", [FINISHED, RUNNING]),
        ("started >= today", []),
        ("started > '2025-12-31 21:59:59'", [FINISHED, RUNNING]),
        ("started > '2025-12-31 22:00'", []),
        ("started IN (today, 2025-12-31)", [FINISHED, RUNNING]),
        ("started BETWEEN 1h AND 3h", [FINISHED, RUNNING]),
        (f"start_time = {NOW - 2 * HOUR}", [FINISHED, RUNNING]),
    ],
)
def test_relative_times_and_durations_end_now(text: str, passing: list[Run]) -> None:
    assert [run for run in (FINISHED, RUNNING, UNKNOWN) if matches(text, run)] == passing


@cases(
    ("status = finished", True),
    ("status = 'finished'", False),
    ("status IN (finished, failed)", True),
    ("status NOT IN (finished, failed)", False),
    ("experiment_id = 1", True),
    ("experiment_id IN (1, 2)", True),
    ("lifecycle_stage = active", True),
    ("user = 'bob'", True),
    ("artifact_uri LIKE '%/artifacts'", True),
    ("(status = failed OR user = bob) NOT lifecycle_stage = deleted", True),
    ("status = failed OR user = bob AND lifecycle_stage = deleted", False),
)
def test_attributes_accept_unquoted_words(text: str, expected: bool) -> None:
    assert matches(text, a_run(user="bob", artifact_uri="/s/1/a/artifacts")) is expected


def test_like_does_not_match_newlines() -> None:
    run = a_run(params={"text": "first\nsecond"})
    assert matches("params.text LIKE 'first%'", run)
    assert not matches("params.text LIKE '%second'", run)


def test_filter_with_many_parts_does_not_recurse() -> None:
    query = parse_filter(" OR ".join(f"status = 'x{number}'" for number in range(4_000)))
    assert query is not None
    assert not predicate(query)(a_run())
