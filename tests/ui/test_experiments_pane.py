"""The pane of experiments."""

from __future__ import annotations

from textual.message import Message

from qtui.entities import ExperimentInfo, RunCounts
from qtui.tui.messages import CopyText
from qtui.tui.present.experiment_tree import ExperimentList
from qtui.tui.widgets.experiments import ExperimentsPane
from tests.ui.hosts import collect_into, host, text_of

EXPERIMENTS = ExperimentList(
    (ExperimentInfo("3", "因子/动量"), ExperimentInfo("2", "因子/价值"), ExperimentInfo("1", "vision")),
    {"1": RunCounts(total=5, failed=1), "2": RunCounts(total=2), "3": RunCounts(total=1, running=1)},
)


async def text_after(pane: ExperimentsPane, *keys: str, messages: list[Message] | None = None) -> str:
    """Return the text of the screen after these keys."""
    app = host(pane)
    async with app.run_test(size=(30, 12), message_hook=collect_into(messages)) as pilot:
        pane.listing = EXPERIMENTS
        pane.focus_inside()
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        return text_of(app)


async def test_the_tree_shows_every_experiment_with_its_runs() -> None:
    text = await text_after(ExperimentsPane())
    for part in ("All experiments", "8", "▾ 因子/", "动量", "▸1 1", "vision", "✗1 5"):
        assert part in text


async def test_moving_the_cursor_posts_the_experiments_of_the_line() -> None:
    messages: list[Message] = []
    await text_after(ExperimentsPane(), "j", "j", messages=messages)
    nodes = [message.node for message in messages if isinstance(message, ExperimentsPane.NodeHighlighted)]
    assert [node.ids for node in nodes] == [("3", "2", "1"), ("3", "2"), ("3",)]


async def test_enter_closes_a_folder_and_opens_an_experiment() -> None:
    messages: list[Message] = []
    text = await text_after(ExperimentsPane(), "j", "enter", "j", "enter", messages=messages)
    assert "▸ 因子/" in text and "动量" not in text
    assert [message.node.title for message in messages if isinstance(message, ExperimentsPane.NodeOpened)] == ["vision"]


async def test_h_l_and_minus_fold_as_in_a_tree() -> None:
    folded = await text_after(ExperimentsPane(), "j", "j", "h", "h")
    assert "▸ 因子/" in folded and "动量" not in folded
    messages: list[Message] = []
    unfolded = await text_after(ExperimentsPane(), "j", "h", "l", "l", "enter", messages=messages)
    assert "▾ 因子/" in unfolded
    assert [message.node.title for message in messages if isinstance(message, ExperimentsPane.NodeOpened)] == ["动量"]
    assert "动量" not in await text_after(ExperimentsPane(), "j", "j", "minus")
    assert "动量" in await text_after(ExperimentsPane(), "j", "j", "minus", "minus")


async def test_slash_searches_a_first_escape_leaves_the_field_and_a_second_one_ends_the_search() -> None:
    assert "vision" not in await text_after(ExperimentsPane(), "slash", "动", "enter")
    pane = ExperimentsPane()
    kept = await text_after(pane, "slash", "动", "escape", "j")
    assert "vision" not in kept and "动j" not in kept
    assert "vision" in await text_after(ExperimentsPane(), "slash", "动", "escape", "escape")
    assert pane.SEARCH_PLACEHOLDER not in await text_after(ExperimentsPane(), "slash", "escape")


async def test_s_sorts_by_name_and_keeps_the_cursor_on_its_experiment() -> None:
    pane = ExperimentsPane()
    app = host(pane)
    async with app.run_test(size=(30, 12)) as pilot:
        pane.listing = EXPERIMENTS
        pane.focus_inside()
        await pilot.press("j", "j", "s")
        await pilot.pause()
        assert [node.title for node in pane.lines.rows] == ["All experiments", "vision", "因子/", "价值", "动量"]
        assert pane.current is not None and pane.current.title == "动量"


async def test_y_copies_the_ids_of_all_experiments_on_the_line() -> None:
    messages: list[Message] = []
    await text_after(ExperimentsPane(), "j", "y", messages=messages)
    assert [message.text for message in messages if isinstance(message, CopyText)] == ["3\n2"]


async def test_new_counts_leave_the_cursor_where_it_is() -> None:
    pane = ExperimentsPane()
    app = host(pane)
    async with app.run_test(size=(30, 12)) as pilot:
        pane.listing = EXPERIMENTS
        pane.focus_inside()
        await pilot.press("G")
        pane.listing = ExperimentList((ExperimentInfo("4", "new"), *EXPERIMENTS.experiments), EXPERIMENTS.counts)
        await pilot.pause()
        assert pane.current is not None and pane.current.title == "vision"
