"""Tests of syntax errors: the second line of each case marks the position below the text."""

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
     "^^^^^^^^^^^", "needs a prefix: metrics., params. or tags."),
    ("dataset.size = 1",
     "^^^^^^^^^^^^", "it has name, digest, context"),
    ("metrics. > 1",
     "        ^", "Expected a key after the dot"),
    ("1 < metrics.ic",
     "^", "write the name before the operator"),
    ("metrics.rank ic > 0.1",
     "^^^^^^^^^^^^^^^", "Quote a key that contains spaces or quotes"),
    ("metrics.l2.`train` > 1",
     "^^^^^^^^^^^^^^^^^^", "Quote a key"),
    ("metrics.ic",
     "          ^", "Expected a comparison such as = 1 or IS NOT NULL after metrics.ic."),
    ("metrics.ic AND lgb",
     "          ^", "Expected a comparison"),
    # Comparisons
    ("metrics.ic LIKE '0%'",
     "           ^^^^", "LIKE does not apply to metrics.ic, which is a metric; use = != < <= > >=."),
    ("run_name > 'a'",
     "         ^", "> does not apply to run_name, which is text"),
    ("status ~ 'F' OR started ~ 'x'",
     "                        ^", "started, which is a time"),
    ("params.x === 5",
     "         ^^^", "Unknown operator ===."),
    ("params.x >! 5",
     "         ^^", "Unknown operator >!."),
    ("status BETWEEN 'a' AND 'b'",
     "       ^^^^^^^", "BETWEEN does not apply to status, which is text."),
    ("params.x BETWEEN 1 5",
     "                  ^", "AND and an upper bound"),
    ("params.x IS 5",
     "           ^", "Expected NULL after IS."),
    ("params.x IS NOT",
     "               ^", "Expected NULL after NOT."),
    ("params.x NOT LIKE",
     "                 ^", "Expected a value after LIKE."),
    # Values
    ("metrics.ic >",
     "            ^", "Expected a value after >."),
    ("metrics.ic > AND lgb",
     "            ^", "Expected a value after >."),
    ("(metrics.ic >)",
     "             ^", "Expected a value after >."),
    ("metrics.ic > '0.05'",
     "             ^^^^^^", "an unquoted number"),
    ("metrics.ic > 1_000",
     "             ^^^^^", "an unquoted number"),
    ("metrics.ic < nan",
     "             ^^^", "NaN has no order"),
    ("params.lr < '0.1'",
     "            ^^^^^", "< needs an unquoted number"),
    ("params.model > lgb",
     "               ^^^", "compare the text lgb with = != LIKE ~."),
    ("params.x = null",
     "           ^^^^", "write IS NULL"),
    ("params.x = not",
     "           ^^^", "quote it"),
    ("params.x = a=b",
     "           ^^", "Quote a value that contains"),
    ("params.x = f(1)",
     "           ^^", "Quote a value that contains"),
    ("params.x = foo.'bar'",
     "           ^^^^^^^^^", "Quote a value that contains"),
    ("status = faild",
     "         ^^^^^", "Unknown status faild; use RUNNING, SCHEDULED, FINISHED, FAILED, KILLED, STALE."),
    ("lifecycle_stage = dead",
     "                  ^^^^", "Unknown lifecycle_stage dead; use active, deleted"),
    ("duration > 90",
     "           ^^", "90 is not a duration; write 90s"),
    ("started > soon",
     "          ^^^^", "soon is not a time"),
    ("started > 2026-13-01 12:30",
     "          ^^^^^^^^^^^^^^^^", "2026-13-01 12:30 is not a time"),
    ("started = 2d",
     "          ^^", "compare with < or >"),
    ("run_name ~ '^(a'",
     "             ^", "missing ), unterminated subpattern"),
    ("run_name ~ *a",
     "           ^", "nothing to repeat"),
    ("run_name ~ exp[",
     "              ^", "unterminated character set"),
    ("run_name ~ 'a{99999999999}'",
     "            ^", "too deeply nested or too many repetitions"),
    ("run_name ~ e'\\d('",
     "           ^", "Invalid regular expression"),
    # Lists
    ("status IN failed",
     "         ^", "Expected a list in parentheses after IN."),
    ("status IN ()",
     "           ^", "Expected a value after (."),
    ("status IN (failed",
     "                 ^", "Expected a comma or a closing parenthesis after failed."),
    ("status IN (failed killed)",
     "                 ^", "Expected a comma or a closing parenthesis"),
    ("run_id IN ('\\x')",
     "           ^^^^", "escape"),
    # Quotes and parentheses
    ("lgb 'abc",
     "    ^", "The quote ' is never closed."),
    ("params.`a b = 1",
     "       ^", "The quote ` is never closed."),
    ('tags.x = e"a',
     "          ^", 'The quote " is never closed.'),
    ("(a OR b",
     "^", "never closed"),
    ("a OR b)",
     "      ^", "never opened"),
    ("()",
     " ^", "Expected a condition after (."),
    ("a, b",
     " ^", "Unexpected ,."),
    # Connectives
    ("a OR",
     "    ^", "Expected a condition after OR."),
    ("OR a",
     "^^", "A filter cannot begin with OR."),
    ("a AND OR b",
     "      ^^", "Expected a condition between AND and OR."),
    ("NOT",
     "   ^", "Expected a condition after NOT."),
    ("= 5",
     "^", "A filter cannot begin with =."),
    # Aggregates
    ("best(metrics.ic)",
     "                ^", "Expected a comparison such as > 0.05 after )."),
    ("best(params.lr) > 1",
     "     ^^^^^^^^^", "needs a metric; params.lr is not one"),
    ("best() > 1",
     "     ^", "Expected a metric after (."),
    ("best(metrics.ic > 1",
     "               ^", "Expected a closing parenthesis after metrics.ic."),
    ("best(metrics.ic) LIKE 'x'",
     "                 ^^^^", "LIKE does not apply to best"),
]  # fmt: skip

ORDERS = [
    ("",
     "^", "Expected a field to sort by"),
    ("   ",
     "   ^", "Expected a field to sort by"),
    ("(metrics.ic)",
     "^", "Expected a field to sort by"),
    ("metrics.ic DOWN",
     "           ^^^^", "Expected ASC, DESC or nothing after metrics.ic, not DOWN."),
    ("metrics.ic DESC, loss",
     "               ^", "pass further sort keys separately"),
    ("metrics.ic DESC NULLS LAST",
     "                ^^^^^", "Expected nothing after DESC"),
    ("ic DESC",
     "^^", "write metrics.ic"),
    ("dataset.name",
     "^^^^^^^^^^^^", "cannot be sorted by their datasets"),
    ("best(metrics.ic DESC",
     "                    ^", "Expected a closing parenthesis"),
    ("metrics.`rank ic",
     "        ^", "never closed"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks", "reason"), FILTERS)
def test_invalid_filter_is_marked(text: str, marks: str, reason: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_filter(text)
    assert carets(caught.value) == marks
    assert reason in caught.value.reason
    assert caught.value.text == text


@pytest.mark.parametrize(("text", "marks", "reason"), ORDERS)
def test_invalid_sort_order_is_marked(text: str, marks: str, reason: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_order(text)
    assert carets(caught.value) == marks
    assert reason in caught.value.reason


def carets(error: QuerySyntaxError) -> str:
    """Return carets below the position of an error."""
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
def test_deeply_nested_filter_is_refused(text: str) -> None:
    with pytest.raises(QuerySyntaxError, match="more than 100 levels deep"):
        parse_filter(text)


def test_long_filter_is_refused() -> None:
    with pytest.raises(QuerySyntaxError, match="too long") as caught:
        parse_filter("a" * 1_000_000)
    assert caught.value.position == 100_000


def test_deeply_nested_regular_expression_is_refused() -> None:
    with pytest.raises(QuerySyntaxError, match="too deeply nested"):
        parse_filter("run_name ~ '" + "(" * 20_000 + ")" * 20_000 + "'")
