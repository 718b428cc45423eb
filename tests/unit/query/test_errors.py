"""A wrong text is an error that points at the mistake: the second line of each case is what a user sees below it."""

from __future__ import annotations

import pytest

from qtui.errors import QuerySyntaxError
from qtui.query import parse_filter, parse_order

FILTERS = [
    # Names
    ("statsu = failed",
     "^^^^^^", "did you mean status?"),
    ("lgb attributes.durtion < 10m",
     "    ^^^^^^^^^^^^^^^^^^", "did you mean duration?"),
    ("ic > 0.05",
     "^^", "write metrics.ic, params.ic or tags.ic"),
    ("run.owner = 'x'",
     "^^^^^^^^^", "it has artifact_uri, duration, end_time"),
    ("metrix.`rank ic` > 1",
     "^^^^^^^^^^^^^^^^", "did you mean metrics.`rank ic`?"),
    ("mlflow.user = alice",
     "^^^^^^^^^^^", "Write metrics., params. or tags."),
    ("dataset.size = 1",
     "^^^^^^^^^^^^", "it has name, digest, context"),
    ("metrics. > 1",
     "        ^", "A key is missing"),
    ("1 < metrics.ic",
     "^", "the name stands before the comparison"),
    ("metrics.rank ic > 0.1",
     "^^^^^^^^^^^^^^^", "quoted as a whole"),
    ("metrics.l2.`train` > 1",
     "^^^^^^^^^^^^^^^^^^", "quoted as a whole"),
    ("metrics.ic",
     "          ^", "A comparison, such as = 1 or IS NOT NULL, is missing"),
    ("metrics.ic AND lgb",
     "          ^", "A comparison"),
    # Comparisons
    ("metrics.ic LIKE '0%'",
     "           ^^^^", "metrics.ic is a metric, which LIKE cannot compare; use = != < <= > >=."),
    ("run_name > 'a'",
     "         ^", "run_name is text, which > cannot compare"),
    ("status ~ 'F' OR started ~ 'x'",
     "                        ^", "started is a time"),
    ("params.x === 5",
     "         ^^^", "There is no comparison ===."),
    ("params.x >! 5",
     "         ^^", "There is no comparison >!."),
    ("status BETWEEN 'a' AND 'b'",
     "       ^^^^^^^", "no order to be between"),
    ("params.x BETWEEN 1 5",
     "                  ^", "AND with an upper bound"),
    ("params.x IS 5",
     "           ^", "NULL is missing behind IS"),
    ("params.x IS NOT",
     "               ^", "NULL is missing behind NOT"),
    ("params.x NOT LIKE",
     "                 ^", "A value is missing behind LIKE"),
    # Values
    ("metrics.ic >",
     "            ^", "A value is missing behind >."),
    ("metrics.ic > AND lgb",
     "            ^", "A value is missing behind >."),
    ("(metrics.ic >)",
     "             ^", "A value is missing behind >."),
    ("metrics.ic > '0.05'",
     "             ^^^^^^", "a number without quotes"),
    ("metrics.ic > 1_000",
     "             ^^^^^", "a number without quotes"),
    ("metrics.ic < nan",
     "             ^^^", "NaN is neither less nor greater"),
    ("params.lr < '0.1'",
     "            ^^^^^", "numbers without quotes"),
    ("params.model > lgb",
     "               ^^^", "lgb is text"),
    ("params.x = null",
     "           ^^^^", "write IS NULL"),
    ("params.x = not",
     "           ^^^", "quote it"),
    ("params.x = a=b",
     "           ^^", "quoted as a whole"),
    ("params.x = f(1)",
     "           ^^", "quoted as a whole"),
    ("params.x = foo.'bar'",
     "           ^^^^^^^^^", "quoted as a whole"),
    ("status = faild",
     "         ^^^^^", "faild is no status; there are RUNNING, SCHEDULED, FINISHED, FAILED, KILLED, STALE."),
    ("lifecycle_stage = dead",
     "                  ^^^^", "there are active, deleted"),
    ("duration > 90",
     "           ^^", "A duration is written like 90s"),
    ("started > soon",
     "          ^^^^", "soon is no time"),
    ("started > 2026-13-01 12:30",
     "          ^^^^^^^^^^^^^^^^", "2026-13-01 12:30 is no time"),
    ("started = 2d",
     "          ^^", "compare with < or >"),
    ("run_name ~ '^(a'",
     "             ^", "missing ), unterminated subpattern"),
    ("run_name ~ *a",
     "           ^", "nothing to repeat"),
    ("run_name ~ exp[",
     "              ^", "unterminated character set"),
    ("run_name ~ 'a{99999999999}'",
     "            ^", "too deeply nested or repeats too often"),
    ("run_name ~ e'\\d('",
     "           ^", "regular expression"),
    # Lists
    ("status IN failed",
     "         ^", "A list in parentheses is missing behind IN."),
    ("status IN ()",
     "           ^", "A value is missing behind (."),
    ("status IN (failed",
     "                 ^", "A comma or the closing parenthesis is missing behind failed."),
    ("status IN (failed killed)",
     "                 ^", "A comma or the closing parenthesis"),
    ("run_id IN ('\\x')",
     "           ^^^^", "escape"),
    # Quotes and parentheses
    ("lgb 'abc",
     "    ^", "opened here and never closed"),
    ("params.`a b = 1",
     "       ^", "The quote ` is opened here"),
    ('tags.x = e"a',
     "          ^", 'The quote " is opened here'),
    ("(a OR b",
     "^", "never closed"),
    ("a OR b)",
     "      ^", "never opened"),
    ("()",
     " ^", "A condition is missing behind (."),
    ("a, b",
     " ^", ", makes no sense here."),
    # Connectives
    ("a OR",
     "    ^", "A condition is missing behind OR."),
    ("OR a",
     "^^", "A filter cannot begin with OR."),
    ("a AND OR b",
     "      ^^", "A condition is missing between AND and OR."),
    ("NOT",
     "   ^", "A condition is missing behind NOT."),
    ("= 5",
     "^", "A filter cannot begin with =."),
    # Aggregates
    ("best(metrics.ic)",
     "                ^", "A comparison, such as > 0.05,"),
    ("best(params.lr) > 1",
     "     ^^^^^^^^^", "params.lr has none"),
    ("best() > 1",
     "     ^", "A metric is missing behind (."),
    ("best(metrics.ic > 1",
     "               ^", "A closing parenthesis is missing behind metrics.ic."),
    ("best(metrics.ic) LIKE 'x'",
     "                 ^^^^", "which LIKE cannot compare"),
]  # fmt: skip

ORDERS = [
    ("",
     "^", "A sort begins with what to sort by"),
    ("   ",
     "   ^", "A sort begins with what to sort by"),
    ("(metrics.ic)",
     "^", "A sort begins with what to sort by"),
    ("metrics.ic DOWN",
     "           ^^^^", "stands ASC, DESC or nothing, not DOWN."),
    ("metrics.ic DESC, loss",
     "               ^", "give further keys one by one"),
    ("metrics.ic DESC NULLS LAST",
     "                ^^^^^", "Nothing may stand behind DESC"),
    ("ic DESC",
     "^^", "write metrics.ic"),
    ("dataset.name",
     "^^^^^^^^^^^^", "cannot be sorted by their datasets"),
    ("best(metrics.ic DESC",
     "                    ^", "A closing parenthesis"),
    ("metrics.`rank ic",
     "        ^", "never closed"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks", "reason"), FILTERS)
def test_a_wrong_filter_points_at_the_mistake(text: str, marks: str, reason: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_filter(text)
    assert pointed(caught.value) == marks
    assert reason in caught.value.reason
    assert caught.value.text == text


@pytest.mark.parametrize(("text", "marks", "reason"), ORDERS)
def test_a_wrong_sort_points_at_the_mistake(text: str, marks: str, reason: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_order(text)
    assert pointed(caught.value) == marks
    assert reason in caught.value.reason


def pointed(error: QuerySyntaxError) -> str:
    """Carets below the mistake, as a screen would draw them."""
    return " " * error.position + "^" * error.length


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "a" + ")" * 10_000,
        "(" * 10_000,
        "NOT " * 10_000 + "a",
        "NOT (" * 5_000 + "a" + ")" * 5_000,
    ],
    ids=["parentheses", "open parentheses", "NOT", "both"],
)
def test_a_filter_nested_without_end_is_an_error_and_no_overflow(text: str) -> None:
    with pytest.raises(QuerySyntaxError, match="more than 100 levels deep"):
        parse_filter(text)


def test_a_filter_of_a_million_characters_is_refused() -> None:
    with pytest.raises(QuerySyntaxError, match="too long") as caught:
        parse_filter("a" * 1_000_000)
    assert caught.value.position == 100_000


def test_a_regular_expression_nested_without_end_is_an_error() -> None:
    with pytest.raises(QuerySyntaxError, match="too deeply nested"):
        parse_filter("run_name ~ '" + "(" * 20_000 + ")" * 20_000 + "'")
