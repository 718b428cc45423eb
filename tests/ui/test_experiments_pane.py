"""The pane of experiments."""

from __future__ import annotations

from textual.message import Message

from qtui.entities import Experiment, RunCounts
from qtui.tui.messages import CopyText
from qtui.tui.widgets.experiments import Catalogue, ExperimentsPane
from tests.ui.hosts import host, into, text_of

CATALOGUE = Catalogue(
    (Experiment("3", "因子/动量"), Experiment("2", "因子/价值"), Experiment("1", "vision")),
    {"1": RunCounts(total=5, failed=1), "2": RunCounts(total=2), "3": RunCounts(total=1, running=1)},
)


async def shown(pane: ExperimentsPane, *keys: str, said: list[Message] | None = None) -> str:
    """What stands there after these keys."""
    app = host(pane)
    async with app.run_test(size=(30, 12), message_hook=into(said)) as pilot:
        pane.catalogue = CATALOGUE
        pane.focus_inside()
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        return text_of(app)


async def test_the_tree_shows_every_experiment_with_its_runs() -> None:
    text = await shown(ExperimentsPane())
    for part in ("All experiments", "8", "▾ 因子/", "动量", "▸1 1", "vision", "✗1 5"):
        assert part in text


async def test_moving_says_which_experiments_are_meant() -> None:
    said: list[Message] = []
    await shown(ExperimentsPane(), "j", "j", said=said)
    nodes = [each.node for each in said if isinstance(each, ExperimentsPane.Highlighted)]
    assert [each.ids for each in nodes] == [("3", "2", "1"), ("3", "2"), ("3",)]


async def test_enter_closes_a_branch_and_opens_an_experiment() -> None:
    said: list[Message] = []
    text = await shown(ExperimentsPane(), "j", "enter", "j", "enter", said=said)
    assert "▸ 因子/" in text and "动量" not in text
    assert [each.node.title for each in said if isinstance(each, ExperimentsPane.Opened)] == ["vision"]


async def test_h_l_and_minus_fold_as_in_a_tree() -> None:
    folded = await shown(ExperimentsPane(), "j", "j", "h", "h")
    assert "▸ 因子/" in folded and "动量" not in folded
    said: list[Message] = []
    unfolded = await shown(ExperimentsPane(), "j", "h", "l", "l", "enter", said=said)
    assert "▾ 因子/" in unfolded
    assert [each.node.title for each in said if isinstance(each, ExperimentsPane.Opened)] == ["动量"]
    assert "动量" not in await shown(ExperimentsPane(), "j", "j", "minus")
    assert "动量" in await shown(ExperimentsPane(), "j", "j", "minus", "minus")


async def test_slash_searches_and_escape_shows_everything_again() -> None:
    pane = ExperimentsPane()
    assert "vision" not in await shown(pane, "slash", "动", "enter")
    assert "vision" in await shown(ExperimentsPane(), "slash", "动", "escape")


async def test_s_sorts_by_name_and_keeps_the_cursor_on_its_experiment() -> None:
    pane = ExperimentsPane()
    app = host(pane)
    async with app.run_test(size=(30, 12)) as pilot:
        pane.catalogue = CATALOGUE
        pane.focus_inside()
        await pilot.press("j", "j", "s")
        await pilot.pause()
        assert [each.title for each in pane.lines.rows] == ["All experiments", "vision", "因子/", "价值", "动量"]
        assert pane.current is not None and pane.current.title == "动量"


async def test_y_copies_the_ids_below_the_line() -> None:
    said: list[Message] = []
    await shown(ExperimentsPane(), "j", "y", said=said)
    assert [each.text for each in said if isinstance(each, CopyText)] == ["3\n2"]


async def test_new_counts_leave_the_cursor_where_it_is() -> None:
    pane = ExperimentsPane()
    app = host(pane)
    async with app.run_test(size=(30, 12)) as pilot:
        pane.catalogue = CATALOGUE
        pane.focus_inside()
        await pilot.press("G")
        pane.catalogue = Catalogue((Experiment("4", "new"), *CATALOGUE.experiments), CATALOGUE.counts)
        await pilot.pause()
        assert pane.current is not None and pane.current.title == "vision"
