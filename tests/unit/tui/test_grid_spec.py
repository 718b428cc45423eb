"""Where the charts of a grid are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.tui.present.grid_spec import (
    GAP,
    MEASURES,
    OTHERS,
    PINNED,
    Measure,
    Plan,
    Section,
    Stop,
    laid_out,
    sections_of,
)

METRICS = ("train/loss", "loss", "train/ic", "system/cpu", "valid/loss", "valid/ic", "alone/x", "ic")


def named(sections: tuple[Section, ...]) -> dict[str, tuple[str, ...]]:
    return {each.name: each.metrics for each in sections}


def test_metrics_are_grouped_by_prefix_and_those_of_the_system_come_last() -> None:
    sections = sections_of(METRICS)
    assert [each.name for each in sections] == [OTHERS, "train/", "valid/", "system/"]
    assert named(sections)["train/"] == ("train/ic", "train/loss")
    assert [sections[1].label(each) for each in sections[1].metrics] == ["ic", "loss"]


def test_a_prefix_of_one_metric_is_no_section() -> None:
    assert named(sections_of(METRICS))[OTHERS] == ("alone/x", "ic", "loss")


def test_pinned_metrics_come_first_in_the_order_of_the_pins_and_nowhere_else() -> None:
    sections = sections_of(METRICS, pins=("valid/loss", "ic", "gone"))
    assert sections[0] == Section(PINNED, ("valid/loss", "ic"))
    assert [each for section in sections for each in section.metrics].count("ic") == 1


def test_a_filter_leaves_what_holds_it() -> None:
    assert named(sections_of(METRICS, wanted="LOSS")) == {OTHERS: ("loss", "train/loss", "valid/loss")}
    assert sections_of(METRICS, wanted="nothing") == ()


@pytest.mark.parametrize("metric", ["/", "a/", "/a", "//", "a//b"])
def test_odd_slashes_lose_no_metric(metric: str) -> None:
    sections = sections_of([metric, "b/c", "b/d"])
    assert metric in [each for section in sections for each in section.metrics]
    assert all(section.label(each) for section in sections for each in section.metrics)


def test_a_single_section_has_no_heading() -> None:
    assert laid_out(sections_of(["loss", "ic"]), (), 80, 24).headings == ()
    assert len(laid_out(sections_of(METRICS), (), 80, 24).headings) == 4


def test_single_values_stand_in_lines_behind_the_charts_of_their_section() -> None:
    sections = sections_of(["a/1", "a/2", "a/3", "b/1", "b/2"])
    plan = laid_out(sections, (), 80, 40, single={"a/1", "a/3", "b/1", "b/2"})
    places = {slot.stop.metric: (slot.y, slot.height) for slot in plan.slots}
    (chart, height), first, second = places["a/2"], places["a/1"], places["a/3"]
    assert height > 1
    assert first == second == (chart + height + 1, 1)
    assert places["b/1"] == places["b/2"] == (first[0] + 3, 1)


def test_charts_of_every_measure_are_at_least_as_large_as_it_says() -> None:
    for measure in MEASURES:
        for slot in laid_out(sections_of(map(str, range(40))), (), 200, 55, measure=measure).slots:
            assert slot.width >= measure.narrowest and slot.height >= measure.flattest - 1


def test_a_folded_section_is_its_heading_alone() -> None:
    plan = laid_out(sections_of(METRICS), {"system/"}, 120, 30)
    assert [each.folded for each in plan.headings] == [False, False, False, True]
    assert all(slot.stop.metric != "system/cpu" for slot in plan.slots)
    assert plan.span_of(Stop("system/")) == (plan.lines - 1, plan.lines)


def test_few_charts_fill_the_room_and_many_keep_their_least_size() -> None:
    few = laid_out(sections_of(["a", "b", "c", "d"]), (), 80, 24)
    assert [(slot.x, slot.y) for slot in few.slots] == [(0, 0), (41, 0), (0, 12), (41, 12)]
    many = laid_out(sections_of([f"m{number}" for number in range(200)]), (), 80, 24)
    assert many.slots[2].y == 12
    assert many.lines == 100 * 12


def test_arrows_go_from_chart_to_chart_and_stop_at_the_edges() -> None:
    plan = laid_out(sections_of(["a", "b", "c", "d", "e"]), (), 80, 24)
    a, b, c, d, e = (slot.stop for slot in plan.slots)
    assert plan.moved(a, 1, 0) == b
    assert plan.moved(b, 1, 0) == c
    assert plan.moved(b, 0, 1) == d
    assert plan.moved(d, 0, 1) == e
    assert plan.moved(e, 0, 1) == plan.moved(e, 1, 0) == e
    assert plan.moved(a, -1, 0) == plan.moved(a, 0, -1) == a
    assert plan.moved(Stop("gone", "gone"), 1, 0) == a
    assert Plan().moved(a, 1, 0) is None


def test_the_way_down_leads_over_folded_headings() -> None:
    plan = laid_out(sections_of(METRICS), {"train/", "system/"}, 40, 24)
    stops = [stop for row in plan.rows() for stop in row]
    assert Stop("train/") in stops and Stop("system/") == stops[-1]
    assert stops.index(Stop("train/")) < stops.index(Stop("valid/", "valid/ic"))


names = st.text("ab/é因 .", max_size=6)


@given(
    st.sets(names, max_size=30),
    st.lists(names, max_size=4, unique=True),
    st.sets(st.sampled_from([OTHERS, PINNED, "a/", "system/"])),
    st.integers(0, 200),
    st.integers(0, 60),
    st.sets(names, max_size=20),
    st.sampled_from(MEASURES),
)
def test_every_open_chart_has_a_place_of_its_own_inside_the_grid(
    metrics: set[str],
    pins: list[str],
    folded: set[str],
    width: int,
    height: int,
    single: set[str],
    measure: Measure,
) -> None:
    sections = sections_of(metrics, pins)
    assert sorted(each for section in sections for each in section.metrics) == sorted(metrics)
    plan = laid_out(sections, folded, width, height, single=single, measure=measure)
    for index, slot in enumerate(plan.slots):
        assert slot.x >= 0 and slot.y + slot.height <= plan.lines
        assert slot.x + slot.width <= max(width, 1)
        for other in plan.slots[index + 1 :]:
            apart = other.x >= slot.x + slot.width + GAP or slot.x >= other.x + other.width + GAP
            assert apart or other.y >= slot.y + slot.height or slot.y >= other.y + other.height
    taken = {slot.y for slot in plan.slots}
    assert not taken & {heading.y for heading in plan.headings}
