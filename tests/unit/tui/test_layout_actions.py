"""Changes of a table layout, and the choices that are offered for them."""

from __future__ import annotations

from qtui.query.ast import Aggregate, FieldKind
from qtui.runs.arrange import arrange
from qtui.runs.column_specs import (
    RUN_COLUMNS,
    ColumnFormat,
    ColumnSpec,
    curve_column,
    logged_column,
    with_delta_columns,
)
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableView
from qtui.tui.present.runs.layout_actions import (
    choose_columns,
    chosen_columns,
    column_choices,
    group_by,
    group_by_all_but,
    group_choices,
    kind_name,
    left_out_choices,
    sort_choices,
    toggle_baseline,
    toggle_differences,
    toggle_direction,
    toggle_pin,
)
from tests.unit.runs.build import attribute, metric, param, run, tag

FRAME = RunsFrame.from_runs(
    (
        run("a", params={"lr": "1", "seed": "7"}, metrics={"ic": 0.1}, tags={"team": "red"}),
        run("b", params={"lr": "2", "seed": "7"}, metrics={"ic": 0.2}, tags={"team": "red"}),
    )
)
NAME, STATUS = RUN_COLUMNS["name"], RUN_COLUMNS["status"]
IC, LR, CURVE = logged_column(FRAME, metric("ic")), logged_column(FRAME, param("lr")), curve_column("ic")


def view_of(*columns: ColumnSpec) -> TableView:
    return arrange(FRAME, TableLayout(columns=columns))


def test_visible_columns_are_the_first_choices_to_sort_by_and_sparklines_are_none() -> None:
    choices = sort_choices(view_of(NAME, CURVE, LR))
    assert [choice.value for choice in choices[:2]] == [NAME.field, LR.field]
    assert (choices[1].text, choices[1].detail) == ("lr", "param")
    fields = [choice.value for choice in choices]
    assert metric("ic") in fields and metric("ic", Aggregate.MAX) in fields
    assert len(fields) == len(set(fields))


def test_the_best_value_of_a_metric_is_a_choice_to_sort_by_beside_the_last_one() -> None:
    texts = {choice.value: choice.text for choice in sort_choices(view_of(NAME))}
    assert (texts[metric("ic")], texts[metric("ic", Aggregate.BEST)]) == ("ic", "best ic")


def test_the_pinned_name_is_no_choice_of_the_columns() -> None:
    choices = column_choices(view_of(NAME, LR, STATUS))
    assert [choice.value for choice in choices[:2]] == [LR.key, STATUS.key]
    assert NAME.key not in [choice.value for choice in choices]
    assert chosen_columns(view_of(NAME, LR, STATUS)) == [LR.key, STATUS.key]


def test_a_metric_and_its_sparklines_are_different_choices() -> None:
    details = {choice.value: choice.detail for choice in column_choices(view_of(NAME))}
    assert (details[IC.key], details[CURVE.key]) == ("metric", "sparkline")


def test_a_column_without_a_title_is_offered_by_its_key() -> None:
    untitled = ColumnSpec(param("lr"))
    assert column_choices(view_of(NAME, untitled))[0].text == "lr"


def test_chosen_columns_come_after_the_pinned_ones_and_added_ones_after_the_anchor() -> None:
    layout, view = TableLayout(columns=(NAME, STATUS, LR)), view_of(NAME, STATUS, LR)
    keys = [STATUS.key, LR.key, IC.key]
    assert choose_columns(layout, view, keys, STATUS).columns == (NAME, STATUS, IC, LR)
    assert choose_columns(layout, view, keys, None).columns == (NAME, IC, STATUS, LR)


def test_columns_that_are_not_chosen_are_hidden() -> None:
    view = view_of(NAME, STATUS, LR)
    assert choose_columns(view.layout, view, [LR.key], None).columns == (NAME, LR)


def test_a_chosen_column_keeps_its_width() -> None:
    wide = LR.with_width(30)
    view = view_of(NAME, wide)
    assert choose_columns(view.layout, view, [wide.key], None).columns == (NAME, wide)


def test_a_layout_without_a_pinned_column_gets_the_name() -> None:
    view = view_of(STATUS)
    assert choose_columns(view.layout, view, [STATUS.key], None).columns == (NAME, STATUS)


def test_chosen_columns_end_the_display_of_differing_params() -> None:
    view = view_of(NAME, STATUS)
    layout = TableLayout(columns=(NAME, STATUS), previous_columns=(NAME,))
    assert choose_columns(layout, view, [STATUS.key], None).previous_columns is None


def test_runs_can_be_grouped_by_params_attributes_dataset_and_tags() -> None:
    choices = group_choices(FRAME)
    assert [choice.value for choice in choices[:4]] == [None, param("lr"), param("seed"), attribute("experiment_id")]
    assert choices[-1].value == tag("team")
    kinds = [choice.value.kind for choice in choices if choice.value]
    assert kinds.index(FieldKind.DATASET) == kinds.index(FieldKind.TAG) - 1
    assert (choices[1].text, choices[1].detail) == ("lr", "param")


def test_only_params_that_differ_are_shown_beside_fixed_columns_and_metrics_and_the_second_time_the_old_columns() -> (
    None
):
    view = view_of(NAME, IC, LR)
    layout = TableLayout(columns=(NAME, IC, LR))
    differing = toggle_differences(layout, view)
    assert [column.title for column in differing.columns] == ["name", "status", "age", "duration", "lr", "ic"]
    assert toggle_differences(differing, view) == layout


def test_default_columns_return_after_the_differing_params() -> None:
    view = view_of(NAME, IC)
    back = toggle_differences(toggle_differences(TableLayout(), view), view)
    assert back == TableLayout()


def test_a_pinned_run_is_added_at_the_end_and_unpinned_by_the_second_toggle() -> None:
    layout = toggle_pin(toggle_pin(TableLayout(), "a"), "b")
    assert layout.pins == ("a", "b")
    assert toggle_pin(layout, "a").pins == ("b",)


def test_the_direction_of_a_metric_is_the_opposite_of_the_current_one() -> None:
    layout = toggle_direction(TableLayout(higher_is_better={"auc": False}), "loss")
    assert layout.higher_is_better == {"auc": False, "loss": True}
    assert toggle_direction(layout, "loss").higher_is_better["loss"] is False


def test_the_kind_of_a_column_is_empty_for_attributes() -> None:
    assert [kind_name(column) for column in (STATUS, LR, IC, CURVE)] == ["", "param", "metric", "sparkline"]
    assert CURVE.format is ColumnFormat.SPARKLINE


def test_a_baseline_adds_a_column_of_differences_after_each_metric_and_is_removed_again() -> None:
    columns = (NAME, IC, LR)
    layout = toggle_baseline(TableLayout(columns=columns), "a")
    assert layout.baseline == "a"
    with_deltas = with_delta_columns(columns, has_baseline=True)
    assert [(column.field.key, column.format) for column in with_deltas] == [
        ("run_name", ColumnFormat.TEXT),
        ("ic", ColumnFormat.NUMBER),
        ("ic", ColumnFormat.DELTA),
        ("lr", ColumnFormat.TEXT),
    ]
    assert with_delta_columns(with_deltas, has_baseline=False) == columns
    assert with_delta_columns(with_deltas, has_baseline=True) == with_deltas
    assert toggle_baseline(layout, "a").baseline == ""


def test_columns_of_differences_are_titled_and_not_among_the_choices() -> None:
    view = view_of(*with_delta_columns((NAME, IC), has_baseline=True))
    assert [view.title(column) for column in view.columns] == ["name", "ic", "Δ ic"]
    assert ColumnFormat.DELTA not in {key[1] for key in chosen_columns(view)}
    assert ColumnFormat.DELTA not in {choice.value[1] for choice in column_choices(view)}


def test_groups_by_all_params_but_some_leave_out_params_that_differ() -> None:
    assert group_choices(FRAME)[0].value is None
    assert [choice.value for choice in left_out_choices(FRAME)] == [param("lr")]
    layout = group_by_all_but(TableLayout(group_by=(tag("team"),)), [param("lr")])
    assert (layout.group_by, layout.group_all_but) == ((), (param("lr"),))
    assert group_by(layout, [tag("team")]).group_all_but is None
