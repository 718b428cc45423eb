"""What a filter says of a run."""

from __future__ import annotations

import pytest

from tests.unit.query.runs import a_run, matches


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("metrics.ic > 0.05", True),
        ("metrics.ic > 0.06 OR params.model = 'lgb'", True),
        ("params.lr < 0.5", True),
        ("params.lr = '0.10'", True),
        ("params.lr = 0.1", True),
        ("params.model < 5", False),
        ("NOT params.missing = 'x'", True),
        ("params.missing != 'x'", False),
        ("lgb status = finished", True),
        ("started > 1h", True),
        ("started < 3h", True),
        ("duration < 30m", False),
    ],
)
def test_a_filter_says_which_runs_it_means(text: str, expected: bool) -> None:
    run = a_run(params={"lr": "0.10", "model": "lgb"}, metrics={"ic": 0.06})
    assert matches(text, run) is expected
