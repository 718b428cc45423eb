"""The titles above the columns of a table."""

from __future__ import annotations

from qtui.query.ast import Aggregate, Field, FieldKind
from qtui.runs.arrange import arrange
from qtui.runs.column_specs import RUN_COLUMNS, ColumnSpec, curve_column, logged_column
from qtui.runs.column_widths import natural_width
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from tests.unit.runs.build import metric, param, run

RETURN = "1day.excess_return_with_cost.annualized_return"
FRAME = RunsFrame.from_runs(
    [
        run(
            "a",
            metrics={RETURN: 0.1, RETURN.replace("with", "without"): 0.2, "lr": 0.1},
            params={"model.kwargs.learning_rate": "0.1", "lr": "0.1"},
        )
    ]
)


def titles(*columns: ColumnSpec) -> list[str]:
    view = arrange(FRAME, TableLayout(columns=columns))
    return [view.title(column) for column in columns]


def test_titles_lose_the_prefix_that_names_share() -> None:
    best = logged_column(FRAME, Field(FieldKind.METRIC, RETURN, Aggregate.BEST))
    columns = (RUN_COLUMNS["name"], logged_column(FRAME, metric(RETURN)), best, curve_column(RETURN))
    short = "with_cost.annualized_return"
    assert titles(*columns) == ["name", short, f"best {short}", short]
    assert titles(logged_column(FRAME, param("model.kwargs.learning_rate"))) == ["learning_rate"]


def test_a_name_of_two_kinds_says_which_it_is() -> None:
    assert titles(logged_column(FRAME, metric("lr")), logged_column(FRAME, param("lr"))) == ["metrics.lr", "params.lr"]
    assert titles(logged_column(FRAME, metric("lr"))) == ["lr"]


def test_a_column_has_room_for_its_short_title() -> None:
    column = logged_column(FRAME, param("model.kwargs.learning_rate"))
    assert natural_width(arrange(FRAME, TableLayout(columns=(column,))), column) == len("learning_rate")
