"""A frame is sorted as its store would sort it, and numbers in text as numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.entities import Run, RunInfo
from qtui.query import sort_runs
from qtui.query.ast import Aggregate, Field, OrderBy
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.sort_rows import is_numeric, sorted_rows
from tests.unit.runs.build import attribute, info_of, metric, param, run
from tests.unit.runs.strategies import NOW, infos, stores

SORTED_ALIKE = [metric("IC"), metric("lr", Aggregate.MIN), metric("IC", Aggregate.BEST), attribute("start_time")]
SORTED_ALIKE += [attribute("end_time"), attribute("duration"), attribute("status"), attribute("run_id")]


def ids(frame: RunsFrame, *order_by: OrderBy) -> list[str]:
    return [frame.infos[row].run_id for row in sorted_rows(frame, frame.infos.default_order, order_by, NOW)]


def descending(field: Field) -> OrderBy:
    return OrderBy(field, ascending=False)


@given(stores, st.lists(st.builds(OrderBy, st.sampled_from(SORTED_ALIKE), st.booleans()), max_size=3))
def test_numbers_times_and_plain_words_are_sorted_as_the_stores_sort_them(
    runs: Sequence[Run], order_by: list[OrderBy]
) -> None:
    expected = [run.info.run_id for run in sort_runs(runs, order_by, now=NOW)]
    assert ids(RunsFrame.from_runs(runs), *order_by) == expected


@given(st.lists(infos, max_size=24, unique_by=lambda info: info.run_id))
def test_the_default_order_does_not_depend_on_the_order_of_loading(infos: list[RunInfo]) -> None:
    step_by_step = RunsFrame().with_infos(infos[:3])
    assert len(step_by_step.infos.default_order) == len(infos[:3])
    assert ids(step_by_step.with_infos(infos)) == ids(RunsFrame().with_infos(infos))


@given(st.lists(infos, max_size=24, unique_by=lambda info: info.run_id), st.data())
def test_changed_and_removed_runs_keep_the_default_order(infos: list[RunInfo], data: st.DataObject) -> None:
    frame = RunsFrame().with_infos(infos)
    assert len(frame.infos.default_order) == len(infos)
    some = st.lists(st.sampled_from(infos), unique_by=lambda info: info.run_id) if infos else st.just([])
    ended = [replace(info, status="FINISHED", end_time=NOW) for info in data.draw(some)]
    gone = {info.run_id for info in data.draw(some)}
    changed = frame.with_infos(ended).without(gone)
    expected = RunsFrame().with_infos([info for info in changed.infos if info.run_id not in gone])
    assert ids(changed) == ids(expected)


@pytest.mark.parametrize("ascending", [True, False])
def test_absent_values_come_last_and_nan_before_them_whichever_way(ascending: bool) -> None:
    frame = RunsFrame.from_runs([run("none"), run("nan", metrics={"ic": math.nan}), run("number", metrics={"ic": 0.1})])

    assert ids(frame, OrderBy(metric("ic"), ascending)) == ["number", "nan", "none"]


def test_params_that_are_numbers_are_sorted_as_numbers() -> None:
    frame = RunsFrame.from_runs([run(value, params={"depth": value}) for value in ("10", "9", "1e1", "-2")])

    assert ids(frame, OrderBy(param("depth"))) == ["-2", "9", "10", "1e1"]


@pytest.mark.parametrize("ascending", [True, False])
def test_a_word_among_many_numbers_comes_after_them_whichever_way(ascending: bool) -> None:
    numbers = [str(value) for value in range(20)]
    frame = RunsFrame.from_runs([run(value, params={"depth": value}) for value in (*numbers, "auto")] + [run("none")])

    assert ids(frame, OrderBy(param("depth"), ascending))[-2:] == ["auto", "none"]


def test_words_are_sorted_without_regard_to_case() -> None:
    frame = RunsFrame.from_runs([run(value, params={"model": value}) for value in ("b", "a", "C", "A")])

    assert ids(frame, OrderBy(param("model"))) == ["A", "a", "b", "C"]


def test_a_second_key_decides_between_equals_and_then_the_newest_start() -> None:
    frame = RunsFrame.from_runs(
        [
            run("old", params={"lr": "0.1"}, metrics={"ic": 1}, start_time=1),
            run("new", params={"lr": "0.10"}, metrics={"ic": 1}, start_time=2),
            run("best", params={"lr": "0.1"}, metrics={"ic": 2}, start_time=0),
        ]
    )

    assert ids(frame, OrderBy(param("lr")), descending(metric("ic"))) == ["best", "new", "old"]


def test_runs_without_a_start_come_last() -> None:
    frame = RunsFrame().with_infos([info_of("b"), info_of("a"), info_of("c", start_time=5)])

    assert ids(frame) == ["c", "a", "b"]


def test_a_time_that_no_number_can_hold_does_not_stop_the_sort() -> None:
    frame = RunsFrame().with_infos([info_of("a", start_time=10**400), info_of("b", start_time=1)])

    assert ids(frame, OrderBy(attribute("start_time"))) == ["b", "a"]


def test_a_key_that_no_run_has_sorts_nothing() -> None:
    frame = RunsFrame.from_runs([run("a", start_time=1), run("b", start_time=2)])

    assert ids(frame, OrderBy(param("nowhere"))) == ["b", "a"]


@pytest.mark.parametrize(
    ("values", "numeric"),
    [(["1", "2.5", "-1e-3"], True), (["1", "two"], False), ([], False), ([*map(str, range(20)), "auto"], True)],
)
def test_texts_count_as_numbers_when_nearly_all_are(values: list[str], numeric: bool) -> None:
    frame = RunsFrame.from_runs([run(f"{place}", params={"p": value}) for place, value in enumerate(values)])

    assert is_numeric(frame.column(param("p"))) is numeric
