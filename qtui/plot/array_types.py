"""Types of numpy arrays, for annotations only."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[numpy.float64]
    Ints: TypeAlias = NDArray[numpy.int64]
    Bytes: TypeAlias = NDArray[numpy.uint8]
    Bools: TypeAlias = NDArray[numpy.bool_]
