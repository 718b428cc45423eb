"""Tests that MLflow parses rendered filters."""

from __future__ import annotations

import pytest
from mlflow.utils.search_utils import SearchUtils

from qtui.query import parse_filter, render

PLAIN = ("ic", "mlflow.user", "a.1", "损失", "Rank IC", "net/kwargs/depth", "cmd-sys.argv")
RESERVED = ("from", "in", "CASE", "values", "as", "a.in")


@pytest.mark.parametrize("key", PLAIN + RESERVED)
def test_mlflow_parses_the_key_of_a_rendered_filter(key: str) -> None:
    asked = parse_filter(f"params.`{key}` = 'x'")
    assert asked is not None
    text = render(asked)
    assert parse_filter(text, now=asked.now) == asked
    (clause,) = SearchUtils.parse_search_filter(text)
    assert (clause["key"], clause["value"]) == (key, "x")
