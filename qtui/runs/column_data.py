"""Immutable columns of values, one per run: a change returns a new column."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, repeat
from operator import contains
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

T = TypeVar("T")

SEPARATOR = "\n"
"""Separates the texts of a pool in the text that is searched for a word."""

COMMON_WORD_FRACTION = 16
"""One match in this many texts makes a word so common that every text is searched by itself."""

NO_CODE = -1
"""The code of an absent value. As an index it reads the last element, so lookup tables have one element more."""


class NumberColumn:
    """One optional number per row; NaN is a logged number."""

    def __init__(self, values: array[float], present: bytes) -> None:
        self.values = values
        self.present = present

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, row: int) -> float | None:
        return self.values[row] if self.present[row] else None

    @classmethod
    def empty(cls, size: int) -> NumberColumn:
        """Return a column of absent values."""
        return cls(array("d", bytes(8 * size)), bytes(size))

    @classmethod
    def from_values(cls, values: Iterable[float | None]) -> NumberColumn:
        numbers = list(values)
        return cls(
            array("d", (0.0 if value is None else value for value in numbers)),
            bytes(value is not None for value in numbers),
        )

    @property
    def has_values(self) -> bool:
        """True if any row has a number."""
        return 1 in self.present

    def with_size(self, size: int) -> NumberColumn:
        """Return the column extended to `size` rows by absent values."""
        more = size - len(self)
        return NumberColumn(self.values + array("d", bytes(8 * more)), self.present + bytes(more)) if more else self

    def with_changes(self, changes: Mapping[int, Any]) -> NumberColumn:
        """Return the column with other values in some rows; None makes a value absent."""
        values, present = self.values[:], bytearray(self.present)
        for row, value in changes.items():
            values[row] = 0.0 if value is None else value
            present[row] = value is not None
        return NumberColumn(values, bytes(present))

    def take(self, rows: NDArray[numpy.int32]) -> NumberColumn:
        """Return these rows in this order."""
        return NumberColumn(array("d", self.floats[rows].tobytes()), self.mask[rows].tobytes())

    @cached_property
    def floats(self) -> NDArray[numpy.float64]:
        """The numbers as a numpy array without a copy; elements of absent rows are undefined."""
        import numpy

        return numpy.frombuffer(self.values, dtype=numpy.float64)

    @cached_property
    def mask(self) -> NDArray[numpy.bool_]:
        """True for each row with a number."""
        import numpy

        return numpy.frombuffer(self.present, dtype=numpy.bool_)

    @cached_property
    def extremes(self) -> tuple[float, float] | None:
        """The lowest and the highest finite number; None without any."""
        return value_range(finite(self.floats[self.mask]))


class ValuePool(Generic[T]):
    """Distinct values and their codes. It is append-only, so columns of any age can share it."""

    def __init__(self, key: Callable[[T], Hashable] | None = None) -> None:
        """Create an empty pool; `key` returns a hashable key for values that are not hashable."""
        self.values: list[T] = []
        self._key = key
        self._codes: dict[Hashable, int] = {}
        self._casefolded: list[str] = []
        self._joined = ""
        self._starts = array("q")
        self._lock = Lock()

    def codes(self, values: Iterable[T | None]) -> array[int]:
        """Return the codes of these values; add new values to the pool."""
        with self._lock:
            return array("i", [NO_CODE if value is None else self._code(value) for value in values])

    def code_of(self, value: T) -> int | None:
        """Return the code of a value, None if the pool does not have it."""
        return self._codes.get(value if self._key is None else self._key(value))

    def containing(self: ValuePool[str], word: str) -> bytearray:
        """Return one byte per code, and a 0 after the last: 1 if the text contains a casefolded word, in any case.

        One search in all texts together takes a tenth of the time of a search in each, unless many texts match.
        """
        with self._lock:
            for value in self.values[len(self._casefolded) :]:
                folded = value.casefold()
                self._casefolded.append(value if folded == value else folded)  # Equal texts are kept once.
            texts = self._casefolded
            if len(self._starts) != len(texts) + 1:
                self._joined = SEPARATOR.join(texts)
                self._starts = array("q", accumulate((len(text) + 1 for text in texts), initial=0))
            joined, starts = self._joined, self._starts
        count = len(starts) - 1
        matches, position, left = bytearray(count + 1), joined.find(word), count // COMMON_WORD_FRACTION
        while position >= 0:
            code = bisect_right(starts, position) - 1
            matches[code] = True
            position = joined.find(word, starts[code + 1])
            left -= 1
            if left < 0 or SEPARATOR in word:  # A match of such a word can reach over two texts.
                return bytearray(map(contains, texts[:count], repeat(word))) + b"\0"
        return matches

    def _code(self, value: T) -> int:
        key = value if self._key is None else self._key(value)
        if (code := self._codes.get(key)) is None:
            code = self._codes[key] = len(self.values)
            self.values.append(value)
        return code


class CategoricalColumn(Generic[T]):
    """One optional value per row, stored as a code into a pool: most columns repeat a few values."""

    def __init__(self, codes: array[int], pool: ValuePool[T]) -> None:
        self.codes = codes
        self.pool = pool

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> T | None:
        code = self.codes[row]
        return None if code == NO_CODE else self.pool.values[code]

    @classmethod
    def empty(cls, size: int, pool: ValuePool[T] | None = None) -> CategoricalColumn[T]:
        """Return a column of absent values."""
        return cls(_no_codes(size), pool or ValuePool())

    @classmethod
    def from_values(cls, values: Iterable[T | None]) -> CategoricalColumn[T]:
        pool = ValuePool[T]()
        return cls(pool.codes(values), pool)

    def with_size(self, size: int) -> CategoricalColumn[T]:
        """Return the column extended to `size` rows by absent values."""
        more = size - len(self)
        return CategoricalColumn(self.codes + _no_codes(more), self.pool) if more else self

    def with_changes(self, changes: Mapping[int, Any]) -> CategoricalColumn[T]:
        """Return the column with other values in some rows; None makes a value absent."""
        codes = self.codes[:]
        for row, code in zip(changes, self.pool.codes(changes.values()), strict=True):
            codes[row] = code
        return CategoricalColumn(codes, self.pool)

    def rows_of(self, value: T) -> Sequence[int]:
        """Return the rows with this value."""
        code = self.pool.code_of(value)
        return () if code is None else [row for row, other in enumerate(self.codes) if other == code]

    def take(self, rows: NDArray[numpy.int32]) -> CategoricalColumn[T]:
        """Return these rows in this order."""
        return CategoricalColumn(array("i", self.indices[rows].tobytes()), self.pool)

    @cached_property
    def used_codes(self) -> tuple[int, ...]:
        """The codes that occur in this column, in the order in which the pool met them."""
        return tuple(sorted(set(self.codes) - {NO_CODE}))

    @property
    def has_values(self) -> bool:
        """True if any row has a value."""
        return any(code != NO_CODE for code in self.codes)

    @cached_property
    def indices(self) -> NDArray[numpy.int32]:
        """The codes as a numpy array without a copy."""
        import numpy

        return numpy.frombuffer(self.codes, dtype=numpy.int32)


TextColumn: TypeAlias = CategoricalColumn[str]
ValueColumn: TypeAlias = NumberColumn | TextColumn


def finite(values: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
    """Return the values without NaN and infinities."""
    import numpy

    return values[numpy.isfinite(values)]


def value_range(values: NDArray[numpy.float64]) -> tuple[float, float] | None:
    """Return the lowest and the highest value; None without values."""
    return (float(values.min()), float(values.max())) if len(values) else None


def _no_codes(size: int) -> array[int]:
    return array("i", b"\xff" * (4 * size))
