"""The kinds of arrays that charts are made of, for annotations alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[numpy.float64]
    Ints: TypeAlias = NDArray[numpy.int64]
    Bools: TypeAlias = NDArray[numpy.bool_]
