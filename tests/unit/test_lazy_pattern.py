"""A lazy pattern works like a compiled one."""

from __future__ import annotations

import re

import pytest

from qtui.lazy_pattern import lazy_pattern


def test_it_is_compiled_at_its_first_use_and_has_the_methods_of_a_compiled_pattern() -> None:
    words = lazy_pattern("[a-z]+", re.IGNORECASE)
    assert words.findall("One two") == words.findall("One two") == ["One", "two"]
    assert words.sub("x", "One two") == "x x"
    invalid = lazy_pattern("(")
    with pytest.raises(re.error):
        invalid.search("")
