"""The lines of a table view."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from qtui.runs.table_view import index_of

NUMBERS = st.sampled_from([-(2**31), -257, -256, -2, -1, 0, 1, 2, 255, 256, 257, 65536, 2**24, 2**31 - 1])


@given(st.lists(NUMBERS, max_size=8), NUMBERS)
def test_a_number_has_the_index_that_it_has_in_a_list(numbers: list[int], number: int) -> None:
    expected = numbers.index(number) if number in numbers else None
    assert index_of(number, array("i", numbers)) == expected
