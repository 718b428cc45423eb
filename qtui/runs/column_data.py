"""Columns of values, one a run, that never change once made: a change gives a new column."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from itertools import compress
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

T = TypeVar("T")

NO_CODE = -1
"""The code of an absent value."""


class NumberColumn:
    """A number a row, or none; NaN is a number that was logged."""

    def __init__(self, values: array[float], present: bytes) -> None:
        self.values = values
        self.present = present

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, row: int) -> float | None:
        return self.values[row] if self.present[row] else None

    @classmethod
    def absent(cls, size: int) -> NumberColumn:
        """A column of nothing."""
        return cls(array("d", bytes(8 * size)), bytes(size))

    @classmethod
    def of(cls, values: Iterable[float | None]) -> NumberColumn:
        """A column of these values."""
        given = list(values)
        return cls(
            array("d", (0.0 if value is None else value for value in given)),
            bytes(value is not None for value in given),
        )

    @property
    def any(self) -> bool:
        """Whether any row has a number."""
        return 1 in self.present

    def grown(self, size: int) -> NumberColumn:
        """The same with nothing in the rows that were added."""
        more = size - len(self)
        return NumberColumn(self.values + array("d", bytes(8 * more)), self.present + bytes(more)) if more else self

    def changed(self, changes: Mapping[int, Any]) -> NumberColumn:
        """The same with other values in some rows."""
        values, present = self.values[:], bytearray(self.present)
        for row, value in changes.items():
            values[row] = 0.0 if value is None else value
            present[row] = value is not None
        return NumberColumn(values, bytes(present))

    def kept(self, keep: bytes) -> NumberColumn:
        """Only the rows that are marked."""
        return NumberColumn(array("d", compress(self.values, keep)), bytes(compress(self.present, keep)))

    @cached_property
    def floats(self) -> NDArray[numpy.float64]:
        """The numbers as numpy sees them, without a copy; what stands in absent rows means nothing."""
        import numpy

        return numpy.frombuffer(self.values, dtype=numpy.float64)

    @cached_property
    def mask(self) -> NDArray[numpy.bool_]:
        """Which rows have a number."""
        import numpy

        return numpy.frombuffer(self.present, dtype=numpy.bool_)


class ValuePool(Generic[T]):
    """Distinct values with their codes; it only grows at its end, so that columns of any age can share it."""

    def __init__(self, key: Callable[[T], Hashable] | None = None) -> None:
        """`key` tells values apart that cannot be hashed."""
        self.values: list[T] = []
        self._key = key
        self._codes: dict[Hashable, int] = {}
        self._lock = Lock()

    def codes(self, values: Iterable[T | None]) -> array[int]:
        """The codes of these values; new ones are taken in."""
        with self._lock:
            return array("i", [NO_CODE if value is None else self._code(value) for value in values])

    def _code(self, value: T) -> int:
        key = value if self._key is None else self._key(value)
        if (code := self._codes.get(key)) is None:
            code = self._codes[key] = len(self.values)
            self.values.append(value)
        return code


class CodedColumn(Generic[T]):
    """A value a row, or none, kept as a code into the distinct values: most columns repeat a few."""

    def __init__(self, codes: array[int], pool: ValuePool[T]) -> None:
        self.codes = codes
        self.pool = pool

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> T | None:
        code = self.codes[row]
        return None if code == NO_CODE else self.pool.values[code]

    @classmethod
    def absent(cls, size: int, pool: ValuePool[T] | None = None) -> CodedColumn[T]:
        """A column of nothing."""
        return cls(_no_codes(size), pool or ValuePool())

    @classmethod
    def of(cls, values: Iterable[T | None]) -> CodedColumn[T]:
        """A column of these values."""
        pool = ValuePool[T]()
        return cls(pool.codes(values), pool)

    def grown(self, size: int) -> CodedColumn[T]:
        """The same with nothing in the rows that were added."""
        more = size - len(self)
        return CodedColumn(self.codes + _no_codes(more), self.pool) if more else self

    def changed(self, changes: Mapping[int, Any]) -> CodedColumn[T]:
        """The same with other values in some rows."""
        codes = self.codes[:]
        for row, code in zip(changes, self.pool.codes(changes.values()), strict=True):
            codes[row] = code
        return CodedColumn(codes, self.pool)

    def kept(self, keep: bytes) -> CodedColumn[T]:
        """Only the rows that are marked."""
        return CodedColumn(array("i", compress(self.codes, keep)), self.pool)

    @cached_property
    def used(self) -> tuple[int, ...]:
        """The codes that occur, without that of nothing, in the order in which they were first met."""
        return tuple(sorted(set(self.codes) - {NO_CODE}))

    @property
    def any(self) -> bool:
        """Whether any row has a value."""
        return any(code != NO_CODE for code in self.codes)

    @cached_property
    def indices(self) -> NDArray[numpy.int32]:
        """The codes as numpy sees them, without a copy."""
        import numpy

        return numpy.frombuffer(self.codes, dtype=numpy.int32)


TextColumn: TypeAlias = CodedColumn[str]
ValueColumn: TypeAlias = NumberColumn | TextColumn


def _no_codes(size: int) -> array[int]:
    return array("i", b"\xff" * (4 * size))
