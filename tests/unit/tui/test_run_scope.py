"""The notices of an empty runs table."""

from __future__ import annotations

import pytest

from qtui.entities import ViewType
from qtui.tui.keymap import fill_keys
from qtui.tui.present.details.details_tabs import DETAILS_TABS
from qtui.tui.present.runs.run_scope import Scope, empty_notice


@pytest.mark.parametrize(
    ("view", "advice"),
    [(ViewType.ACTIVE, "Press f7 to see deleted ones."), (ViewType.DELETED, "Press f7 to see all runs.")],
)
def test_an_empty_table_names_the_present_key_of_the_other_views(view: ViewType, advice: str) -> None:
    _, text = empty_notice(Scope("first", view=view, several=False), 0, complete=True, settled=True)
    assert fill_keys(text, {"switch-view": "f7"}).endswith(advice)


def test_notices_of_details_name_only_commands_that_exist() -> None:
    notices = [fill_keys(tab.group_notice, {"draw-metrics": "f8"}) for tab in DETAILS_TABS]
    assert "Press f8 in the runs to draw a metric of the groups." in notices
