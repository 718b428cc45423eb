"""A table is a frame filtered, sorted, nested or grouped, with pins above; every line is a value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.entities import PARENT_RUN_TAG, DatasetInput, Run, Summary
from qtui.query import parse_filter, parse_order
from qtui.query.ast import Aggregate, Field, FieldKind
from qtui.runs.arrange import arrange
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableGroup, TableView
from tests.unit.runs.build import attribute, metric, param, run


def child(run_id: str, parent: str, **values: float) -> Run:
    return run(run_id, tags={PARENT_RUN_TAG: parent}, metrics=values)


def outline(view: TableView) -> list[str]:
    """Each line as its key, indented; `~` for context, `+` for closed, `-` for open."""
    return [drawn(view, index) for index in range(len(view))]


def drawn(view: TableView, index: int) -> str:
    line = view[index]
    sign = {None: "", True: "-", False: "+"}[line.is_open]
    name = "/".join(map(str, line.head.values)) if isinstance(line.head, TableGroup) else line.key
    return "  " * line.depth + ("~" if line.is_context else "") + sign + name


def shown(runs: Sequence[Run], layout: TableLayout | None = None, where: str = "") -> TableView:
    return arrange(RunsFrame.from_runs(runs), layout or TableLayout(), parse_filter(where, now=0))


def test_children_are_below_their_parents_in_the_order_of_the_sort() -> None:
    runs = [
        child("worse", "sweep", ic=1),
        run("sweep"),
        child("better", "sweep", ic=2),
        run("alone", metrics={"ic": 3}),
    ]
    layout = TableLayout(order_by=(parse_order("metrics.ic DESC"),))

    assert outline(shown(runs, layout)) == ["alone", "-sweep", "  better", "  worse"]


def test_a_parent_that_does_not_match_is_context_above_its_first_match() -> None:
    runs = [run("sweep"), child("good", "sweep", ic=1), child("bad", "sweep", ic=0), run("other")]

    assert outline(shown(runs, where="metrics.ic > 0.5")) == ["~-sweep", "  good"]


def test_a_parent_that_is_not_here_is_named_above_its_children() -> None:
    view = shown([child("b", "gone"), child("a", "gone"), run("c")])

    assert outline(view) == ["~-gone", "  a", "  b", "c"]
    assert view[0].row is None


def test_grandparents_come_as_context_too() -> None:
    runs = [run("top"), child("middle", "top"), child("leaf", "middle", ic=1)]

    assert outline(shown(runs, where="metrics.ic = 1")) == ["~-top", "  ~-middle", "    leaf"]


def test_folded_parents_hide_their_children() -> None:
    runs = [run("sweep"), child("a", "sweep"), child("b", "a"), run("other")]
    layout = TableLayout(folded=frozenset({"sweep"}))

    assert outline(shown(runs, layout)) == ["other", "+sweep"]


def test_a_circle_of_parents_loses_no_run() -> None:
    runs = [child("a", "b"), child("b", "a"), child("self", "self"), child("c", "a")]

    assert sorted(line.strip(" -") for line in outline(shown(runs))) == ["a", "b", "c", "self"]


def test_without_nesting_every_run_is_a_line_of_its_own() -> None:
    assert outline(shown([run("sweep"), child("a", "sweep")], TableLayout(nested=False))) == ["a", "sweep"]


ids = st.sampled_from([f"r{number}" for number in range(8)])
forests = st.dictionaries(ids, st.none() | ids | st.just("gone"), max_size=8)


@given(forests, st.sets(ids))
def test_any_tangle_of_parents_shows_every_match_once(parents: dict[str, str | None], wanted: set[str]) -> None:
    runs = [
        run(child, tags={PARENT_RUN_TAG: parent} if parent else {}, params={"w": str(child in wanted)})
        for child, parent in parents.items()
    ]
    view = shown(runs, where="params.w = 'True'")
    matches = [line.key for line in map(view.__getitem__, range(len(view))) if not line.is_context]

    assert sorted(matches) == sorted(wanted & parents.keys())
    assert len({view[index].key for index in range(len(view))}) == len(view)
    for index in range(1, len(view)):
        assert view[index].depth <= view[index - 1].depth + 1


def test_groups_are_sorted_by_the_number_that_they_show() -> None:
    values = {"0.1": [9.0, 1.0], "0.2": [6.0, 6.0], "0.3": [float("nan"), 7.0], "0.4": []}
    runs = [
        run(f"{lr}-{place}", params={"lr": lr}, metrics={"ic": value})
        for lr, group in values.items()
        for place, value in enumerate(group)
    ]
    runs.append(run("none", params={"lr": "0.4"}))

    def groups(order: str) -> list[str]:
        view = shown(runs, TableLayout(order_by=(parse_order(order),), group_by=(param("lr"),)))
        return [str(head.values[0]) for head in view.lines.heads if isinstance(head, TableGroup)]

    assert groups("metrics.ic DESC") == ["0.3", "0.2", "0.1", "0.4"]
    assert groups("metrics.ic ASC") == ["0.1", "0.2", "0.3", "0.4"]
    assert groups("params.lr DESC") == ["0.4", "0.3", "0.2", "0.1"]


def test_groups_of_huge_values_are_sorted_without_overflow() -> None:
    runs = [run(f"a{place}", params={"lr": "big"}, metrics={"ic": 1.7e308}) for place in range(3)]
    runs += [run(f"b{place}", params={"lr": "less"}, metrics={"ic": 1.6e308 + place}) for place in range(3)]
    view = shown(runs, TableLayout(order_by=(parse_order("metrics.ic ASC"),), group_by=(param("lr"),)))
    assert [line for line in outline(view) if line.startswith("-")] == ["-less", "-big"]


def test_without_a_sorted_metric_groups_are_in_the_order_of_their_first_run() -> None:
    runs = [
        run("a", params={"lr": "0.1"}, metrics={"ic": 1}),
        run("b", params={"lr": "0.2"}, metrics={"ic": 3}),
        run("c", params={"lr": "0.1"}, metrics={"ic": 2}),
        run("d"),
    ]
    layout = TableLayout(order_by=(parse_order("attributes.run_id DESC"),), group_by=(param("lr"),))

    assert outline(shown(runs, layout)) == ["-None", "  d", "-0.1", "  c", "  a", "-0.2", "  b"]


def test_groups_can_be_made_of_several_fields_and_datasets() -> None:
    runs = [
        replace(run("a", user="li"), inputs=(DatasetInput("csi300", "d"),)),
        run("b", user="li"),
    ]
    layout = TableLayout(group_by=(attribute("user_id"), Field(FieldKind.DATASET, "name")))

    assert outline(shown(runs, layout)) == ["-li/csi300", "  a", "-li/None", "  b"]


def test_a_closed_group_shows_its_line_alone() -> None:
    runs = [run("a", params={"lr": "0.1"}), run("b", params={"lr": "0.2"})]
    layout = TableLayout(group_by=(param("lr"),))
    key = shown(runs, layout)[0].key

    assert outline(shown(runs, replace(layout, folded=frozenset({key})))) == ["+0.1", "-0.2", "  b"]


def test_the_statistics_of_a_group_ignore_nan() -> None:
    runs = [run(f"{place}", metrics={"ic": value}) for place, value in enumerate([1, 3, float("nan"), float("inf")])]
    view = shown(runs, TableLayout(group_by=(param("lr"),)))
    group = view[0].head
    assert isinstance(group, TableGroup)

    spread = view.statistics(group, metric("ic"))
    assert spread is not None
    assert (spread.count, spread.mean, spread.low, spread.high) == (2, 2, 1, 3)
    assert spread.deviation == pytest.approx(2**0.5)
    assert view.statistics(group, metric("nowhere")) is None


def test_pinned_runs_are_at_the_top_in_their_own_order_and_only_once() -> None:
    layout = TableLayout(pins=("c", "a", "unknown"))
    view = shown([run("a"), run("b"), run("c")], layout)

    assert outline(view) == ["c", "a", "b"]
    assert view.pinned_count == 2


def test_a_pin_that_does_not_match_stays_as_context() -> None:
    view = shown([run("a", params={"x": "1"}), run("b")], TableLayout(pins=("b",)), where="params.x = '1'")

    assert outline(view) == ["~b", "a"]
    assert list(view.rows) == [0]


def test_a_line_is_found_by_its_key_also_among_groups_and_missing_parents() -> None:
    view = shown([child("b", "gone"), run("c")])

    assert [view.index(key) for key in ("gone", "b", "c", "unknown")] == [0, 1, 2, None]


def test_the_best_value_is_sought_among_the_matches_only() -> None:
    runs = [run("a", metrics={"ic": 9, "loss": 1}), run("b", metrics={"ic": 2, "loss": 5}), run("c", metrics={"ic": 1})]
    view = shown(runs, where="metrics.ic < 5")

    assert view.best(metric("ic")) == 2
    assert shown(runs).best(metric("loss")) == 1


def test_a_metric_that_is_the_same_everywhere_has_no_best() -> None:
    assert shown([run("a", metrics={"ic": 1}), run("b", metrics={"ic": 1})]).best(metric("ic")) is None


def test_the_user_can_choose_that_lower_is_better() -> None:
    runs = [run("a", metrics={"ic": 1}), run("b", metrics={"ic": 2})]

    assert shown(runs, TableLayout(higher_is_better={"ic": False})).best(metric("ic")) == 1
    assert TableLayout(higher_is_better={"ic": False}).resolve_best(metric("ic", Aggregate.BEST)) == metric(
        "ic", Aggregate.MIN
    )


def test_the_best_value_in_a_filter_follows_the_direction_of_the_user() -> None:
    summary = Summary(first=1, last=2, min=0.5, max=4, count=4, non_finite=0)
    frame = RunsFrame.from_runs([run("a", metrics={"ic": 2}, summaries={"ic": summary})])
    query = parse_filter("not best(metrics.ic) < 1 or name = 'nobody'", now=0)

    assert len(arrange(frame, TableLayout(), query)) == 1
    assert len(arrange(frame, TableLayout(higher_is_better={"ic": False}), query)) == 0


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("status = stale", ["silent"]),
        ("status != stale", ["failed", "talking"]),
        ("status in (stale, failed)", ["failed", "silent"]),
        ("status not in (stale, failed)", ["talking"]),
        ("status = running", ["silent", "talking"]),
        ("not status = stale and status = running", ["talking"]),
    ],
)
def test_a_run_of_the_status_stale_is_one_that_is_stale_now(where: str, ids: list[str]) -> None:
    runs = [run("failed", status="FAILED"), run("silent", status="RUNNING"), run("talking", status="RUNNING")]
    view = arrange(RunsFrame.from_runs(runs), TableLayout(), parse_filter(where, now=0), stale=frozenset({"silent"}))
    assert sorted(view.run_ids()) == ids


def test_runs_are_grouped_by_all_differing_params_but_some() -> None:
    runs = [
        run(f"{lr}{seed}", params={"lr": lr, "seed": seed, "epochs": "9"}, metrics={"ic": 0.1})
        for lr in ("1", "2")
        for seed in ("7", "8", "9")
    ]
    view = shown(runs, TableLayout(group_all_but=(param("seed"),)))
    assert [head.values for head in view.lines.heads if isinstance(head, TableGroup)] == [("1",), ("2",)]
    assert view.layout.group_by == (param("lr"),)


def test_the_quartiles_of_a_group_are_those_of_numpy() -> None:
    values = [0.5, 1.0, 3.0, 10.0, math.nan]
    runs = [run(str(number), metrics={"ic": value}) for number, value in enumerate(values)]
    view = shown(runs, TableLayout(group_by=(param("lr"),)))
    group = view[0].head
    assert isinstance(group, TableGroup)
    statistics = view.statistics(group, metric("ic"))
    assert statistics is not None
    quartiles = (statistics.first_quartile, statistics.median, statistics.third_quartile)
    assert quartiles == pytest.approx(numpy.quantile(values[:4], (0.25, 0.5, 0.75)).tolist())
