"""What a filter could go on with."""

from __future__ import annotations

import pytest

from qtui.query import parse_filter
from qtui.tui.completion import Completions, Vocabulary, completions, quoted

KNOWN = Vocabulary(
    keys=("metrics.ic", "metrics.rank_ic", "params.lr", "params.model", "status", "started"),
    values={"params.model": ("lgb", "transformer", "it's"), "status": ("FINISHED", "FAILED")},
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("me", Completions(0, ("metrics.ic", "metrics.rank_ic"))),
        ("ic", Completions(0, ("metrics.ic", "metrics.rank_ic"))),
        ("status = 'FAILED' and par", Completions(22, ("params.lr", "params.model"))),
        ("(lr", Completions(1, ("params.lr",))),
        ("params.model = ", Completions(15, ("'lgb'", "'transformer'", '"it\'s"'))),
        ("params.model = 'tr", Completions(15, ("'transformer'",))),
        ("status != fa", Completions(10, ("'FAILED'",))),
        ("params.lr = ", Completions(12, ())),
        ("metrics.ic", Completions(0, ())),
        ("rkic", Completions(0, ("metrics.rank_ic",))),
        ("status", Completions(0, ())),
        ("xyz", Completions(0, ())),
        ("", Completions(0, ())),
    ],
)
def test_the_word_before_the_cursor_is_completed(text: str, expected: Completions) -> None:
    found = completions(text, len(text), KNOWN)
    assert found == expected


def test_only_the_word_before_the_cursor_counts() -> None:
    assert completions("params.l > 1 and status = 'x'", 8, KNOWN) == Completions(0, ("params.lr",))


def test_keys_that_could_act_on_the_terminal_are_not_offered() -> None:
    assert completions("p", 1, Vocabulary(keys=("params.\x1b[2J", "params.a"))).texts == ("params.a",)


@pytest.mark.parametrize("value", ["lgb", "it's", 'say "x"', "both ' and \"", "因子"])
def test_a_completed_value_means_itself(value: str) -> None:
    parsed = parse_filter(f"params.model = {quoted(value)}", now=0)
    assert parsed is not None and getattr(parsed.expr, "value", None) == value
