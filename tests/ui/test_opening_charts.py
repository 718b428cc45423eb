"""Opening large charts of runs, groups and metrics."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from qtui.entities import Point, Run
from qtui.tui.app import QtuiApp
from qtui.tui.present.charts.chart_spec import ChartSpec
from qtui.tui.screens.chart import ChartScreen
from tests.ui.conftest import Settled
from tests.ui.test_browser import open_browser, run, store_of, wait_until_idle


def chart_on(app: QtuiApp) -> ChartSpec:
    assert isinstance(app.screen, ChartScreen)
    return app.screen.spec


def owner_name(spec: ChartSpec) -> list[str]:
    return [line.name for line in spec.lines()]


async def press(pilot: Pilot[Any], settled: Settled, *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await wait_until_idle(pilot, settled)


async def test_m_draws_the_run_under_the_cursor_and_escape_goes_back(settled: Settled) -> None:
    async with open_browser(settled) as (app, screen, pilot):
        await press(pilot, settled, "j", "j", "m")
        assert chart_on(app).metrics == ("ic",) and [run.name for run in chart_on(app).runs] == ["run-6"]
        await press(pilot, settled, "escape")
        assert app.screen is screen


@pytest.mark.parametrize("key", ["m", "C"])
async def test_q_goes_back_from_a_chart_and_from_a_grid(key: str, settled: Settled) -> None:
    async with open_browser(settled) as (app, screen, pilot):
        await press(pilot, settled, "j", "j", key)
        assert app.screen is not screen
        await press(pilot, settled, "q")
        assert app.screen is screen


async def test_m_draws_the_marked_runs_in_the_order_of_the_table(settled: Settled) -> None:
    async with open_browser(settled) as (app, _, pilot):
        await press(pilot, settled, "G", "space", "k", "space", "g", "m")
        assert owner_name(chart_on(app)) == ["run-2", "run-1"]


async def test_m_on_a_group_draws_every_group_as_one_the_one_under_the_cursor_first(settled: Settled) -> None:
    async with open_browser(settled) as (app, _, pilot):
        await press(pilot, settled, "1", "G", "2")
        await pilot.press("b", *"model", "enter")
        await press(pilot, settled, "underscore", "g", "m")
        spec = chart_on(app)
        assert spec.title() == "ic of 2 groups by model"
        assert sorted(owner_name(spec)) == ["gru (3)", "lgb (3)"]
        assert not spec.runs and len(spec.infos) == 6


async def test_m_says_so_where_no_metric_was_logged(settled: Settled) -> None:
    bare = Run(run(1).info)
    async with open_browser(settled, store_of(bare)) as (app, screen, pilot):
        await press(pilot, settled, "m")
        assert app.screen is screen
        assert [notification.message for notification in app._notifications] == ["These runs have no metrics yet."]


async def test_the_metric_under_the_cursor_of_the_table_is_drawn(settled: Settled) -> None:
    both = Run(run(1).info, metrics={"ic": Point(1, 1, 0.1), "a": Point(1, 1, 0.2)})
    async with open_browser(settled, store_of(both)) as (app, screen, pilot):
        keys = [column.field.key for column in screen.runs.table.view.columns]
        await press(pilot, settled, *["l"] * keys.index("ic"), "m")
        assert chart_on(app).metrics == ("ic",) and chart_on(app).available_metrics == ("a", "ic")


async def test_m_prefers_a_metric_with_a_history_unless_the_cursor_is_on_another(settled: Settled) -> None:
    metrics = {"IC": Point(0, 1, 0.1), "l2.train": Point(9, 1, 0.2), "system/cpu": Point(9, 1, 0.3)}
    async with open_browser(settled, store_of(Run(run(1).info, metrics=metrics))) as (app, screen, pilot):
        await press(pilot, settled, "m")
        assert chart_on(app).metrics == ("l2.train",)
        keys = [column.field.key for column in screen.runs.table.view.columns]
        await press(pilot, settled, "escape", *["l"] * keys.index("IC"), "m")
        assert chart_on(app).metrics == ("IC",)


@pytest.mark.parametrize("metrics", [("ic",), ("ic", "system/cpu")])
async def test_enter_on_a_metric_of_the_details_draws_it_large(metrics: tuple[str, ...], settled: Settled) -> None:
    one = Run(run(1).info, metrics={key: Point(1, 1, 0.1) for key in metrics})
    async with open_browser(settled, store_of(one)) as (app, _, pilot):
        await press(pilot, settled, "3", "right_square_bracket", "right_square_bracket", "enter")
        assert chart_on(app) == ChartSpec(("ic",), (one.info,), available_metrics=metrics)
