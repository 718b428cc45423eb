"""Completions of a filter."""

from __future__ import annotations

import pytest

from qtui.entities import Point, Run, RunInfo, Status
from qtui.query import parse_filter, predicate
from qtui.query.ast import FieldKind, IsNull
from qtui.query.render import quote_text
from qtui.runs.runs_frame import RunsFrame
from qtui.tui.present.runs.completion import Completions, Vocabulary, completions
from qtui.tui.present.runs.vocabulary import collect_vocabulary

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
    result = completions(text, len(text), KNOWN)
    assert result == expected


def test_only_the_word_before_the_cursor_counts() -> None:
    assert completions("params.l > 1 and status = 'x'", 8, KNOWN) == Completions(0, ("params.lr",))


def test_keys_that_could_act_on_the_terminal_are_not_offered() -> None:
    assert completions("p", 1, Vocabulary(keys=("params.\x1b[2J", "params.a"))).texts == ("params.a",)


SPACED = Vocabulary(
    keys=(
        "status",
        "metrics.IC",
        "metrics.`Rank IC`",
        "metrics.`Rank ICIR`",
        "params.`batch size`",
        "best(metrics.`Rank IC`)",
    )
)


@pytest.mark.parametrize(
    ("text", "start", "texts"),
    [
        ("Rank I", 0, ("metrics.`Rank IC`", "metrics.`Rank ICIR`", "best(metrics.`Rank IC`)")),
        ("rank ici", 0, ("metrics.`Rank ICIR`",)),
        ("lgb Rank ICI", 4, ("metrics.`Rank ICIR`",)),
        ("status = failed and batch s", 20, ("params.`batch size`",)),
        ("metrics.Rank ICI", 0, ("metrics.`Rank ICIR`",)),
        ("metrics.`Rank ICI", 0, ("metrics.`Rank ICIR`",)),
        ('metrics."Rank ICI', 0, ("metrics.`Rank ICIR`",)),
        ("(`batch", 1, ("params.`batch size`",)),
        ("batch size ", 0, ("params.`batch size`",)),
        ("metrics.`Rank IC` ", 18, ()),
        ("metrics.`Rank IC` > 0.1 and batch size", 28, ("params.`batch size`",)),
    ],
)
def test_a_key_with_spaces_is_completed_from_its_first_word_and_quoted(
    text: str, start: int, texts: tuple[str, ...]
) -> None:
    assert completions(text, len(text), SPACED) == Completions(start, texts)


@pytest.mark.parametrize(
    "key", ["ic", "Rank IC", "val/acc", "l2.train", "a`b", 'a`b"c', "a`b\"c'd", "", "因子", "1 and 2"]
)
def test_every_offered_key_is_valid_in_a_filter(key: str) -> None:
    runs = [Run(RunInfo("a", "1"), params={key: "x"}, metrics={key: Point(0, 0, 1.0)})]
    for text in collect_vocabulary(RunsFrame.from_runs(runs)).keys:
        parsed = parse_filter(f"{text} IS NOT NULL", now=0)
        assert parsed is not None and isinstance(parsed.expr, IsNull)
        assert parsed.expr.field.kind is FieldKind.ATTRIBUTE or parsed.expr.field.key == key


STATUSES = [status.value for status in Status]


@pytest.mark.parametrize("status", STATUSES)
def test_a_completed_status_finds_the_runs_of_that_status(status: str) -> None:
    runs = [Run(RunInfo(status, "1", status=status)) for status in STATUSES]
    offered = completions(f"status = {status.lower()}", 9 + len(status), collect_vocabulary(RunsFrame.from_runs(runs)))
    query = parse_filter(f"status = {offered.texts[0]}", now=0)
    assert query is not None
    assert [run.info.status for run in runs if predicate(query)(run)] == [status]


@pytest.mark.parametrize("value", ["lgb", "it's", 'say "x"', "both ' and \"", "因子"])
def test_a_completed_value_is_parsed_as_itself(value: str) -> None:
    parsed = parse_filter(f"params.model = {quote_text(value)}", now=0)
    assert parsed is not None and getattr(parsed.expr, "value", None) == value
