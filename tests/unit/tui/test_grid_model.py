"""The charts of a grid and the cursor among them, without a screen."""

from __future__ import annotations

from qtui.entities import RunInfo
from qtui.tui.present.charts.grid_model import GridModel
from qtui.tui.present.charts.grid_spec import PINNED, UNGROUPED, GridItem, GridSpec

RUNS = tuple(RunInfo(letter * 32, "1", letter) for letter in "ab")
METRICS = frozenset({"ic", "loss", "mse", "system/cpu"})
SIZE = 80, 40


def model_of(*runs: RunInfo, metrics: frozenset[str] = METRICS) -> GridModel:
    model = GridModel()
    model.show(GridSpec(runs or RUNS[:1], metrics))
    model.arrange(*SIZE)
    return model


def metrics_of(model: GridModel) -> list[str]:
    return [cell.item.metric for cell in model.layout.cells]


def test_the_cursor_starts_on_the_first_chart_and_the_section_of_the_system_folded() -> None:
    model = model_of()
    assert model.item == model.first == GridItem(UNGROUPED, "ic")
    assert metrics_of(model) == ["ic", "loss", "mse"] and model.last == GridItem("system/")
    model.toggle_fold("system/")
    model.arrange(*SIZE)
    assert metrics_of(model)[-1] == "system/cpu"


def test_a_pin_moves_a_chart_and_the_cursor_with_it() -> None:
    model = model_of()
    model.go_to(GridItem(UNGROUPED, "loss"))
    assert model.toggle_pin() and model.pins == ("loss",)
    model.arrange(*SIZE)
    assert model.item == GridItem(PINNED, "loss") and metrics_of(model)[0] == "loss"
    assert model.toggle_pin() and model.pins == ()
    model.go_to(GridItem("system/"))
    assert not model.toggle_pin()


def test_the_same_charts_need_no_new_layout_but_a_search_does() -> None:
    model = model_of()
    assert not model.show(model.spec) and model.show(model.spec, search="s")
    model.arrange(*SIZE)
    assert metrics_of(model) == ["loss", "mse"]


def test_the_cursor_stays_on_its_metric_unless_all_runs_are_other_ones() -> None:
    model = model_of()
    assert model.go_to(GridItem(UNGROUPED, "mse")) and not model.go_to(GridItem(UNGROUPED, "mse"))
    model.show(GridSpec(RUNS, METRICS))
    model.arrange(*SIZE)
    assert model.item == GridItem(UNGROUPED, "mse")
    model.show(GridSpec((RunInfo("c" * 32, "1", "c"),), METRICS))
    model.arrange(*SIZE)
    assert model.item == GridItem(UNGROUPED, "ic")


def test_single_values_of_one_run_go_last_and_a_cursor_that_was_not_moved_stays_first() -> None:
    model = model_of()
    assert model.set_single(["ic", "loss"], ["ic"]) and not model.set_single(["loss"], [])
    model.arrange(*SIZE)
    assert metrics_of(model) == ["loss", "mse", "ic"] and model.item == GridItem(UNGROUPED, "loss")
    assert not model_of(*RUNS).set_single(["ic"], ["ic"])


def test_metrics_without_steps_go_last_before_they_are_loaded() -> None:
    spec = GridSpec(RUNS[:1], METRICS, metrics_with_steps=frozenset({"loss", "mse"}))
    model = GridModel()
    model.show(spec)
    model.arrange(*SIZE)
    assert metrics_of(model) == ["loss", "mse", "ic"]
    model = GridModel()
    model.show(spec, is_missing=lambda metric: metric != "ic")
    model.arrange(*SIZE)
    assert metrics_of(model) == ["ic", "loss", "mse"]


def test_the_items_of_a_line_and_of_the_cursor_are_where_the_layout_has_them() -> None:
    model = model_of()
    cell = model.cell
    assert cell is not None and cell in model.cells_on(cell.y) and cell not in model.cells_on(cell.y - 1)
    heading = model.heading_on(cell.y - 1)
    assert heading is not None and heading.section.name == UNGROUPED
    assert model.neighbour(1, 0) == GridItem(UNGROUPED, "loss")


def test_charts_grow_and_shrink_within_the_sizes() -> None:
    model = model_of()
    model.resize(-9)
    assert model.are_smallest and not model.are_largest
    model.resize(9)
    assert model.are_largest and not model.are_smallest
