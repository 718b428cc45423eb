"""Arrays in .npy and .npz files; an array of Python objects is refused, because it is a pickle."""

from __future__ import annotations

import math
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.tables.array_table import ArrayTable
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable

if TYPE_CHECKING:
    from numpy.typing import NDArray

NPY_MAGIC = b"\x93NUMPY"
ZIP_MAGIC = b"PK\x03\x04"
MAX_HEADER_BYTES = 1 << 16
MAX_WHOLE_ROW_BYTES = 1 << 16
"""Longer rows are read only in the columns that are needed."""
MAX_ARRAYS = 500
"""Arrays of an .npz file that are listed."""
MAX_UNPACKED_BYTES = 1 << 30
"""The largest array that is unpacked from an .npz file."""
MAX_DIRECTORY_BYTES = 1 << 22
"""The largest directory of an .npz file."""
UNPACK_BYTES = 1 << 20


class StoredArray:
    """An array in an .npy file; a window is read from the file when it is needed."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._shape, self._by_columns, self._dtype, self._offset = _read_header(source)
        if self._by_columns and len(self._shape) > 2:
            raise ArtifactUnreadable(
                f"{source.path} has {len(self._shape)} axes in Fortran order, which is unsupported."
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of every axis."""
        return self._shape

    @property
    def dtype(self) -> Any:
        """The numpy dtype of its elements."""
        return self._dtype

    def part(self, outer: tuple[int, ...], start: int, stop: int, columns: Sequence[int]) -> NDArray[Any]:
        """Read a part of the array."""
        import numpy as np

        rows, width = self._shape[-2:] if len(self._shape) >= 2 else (math.prod(self._shape), 1)
        stop = max(start, min(stop, rows))
        first = 0
        for index, length in zip(outer, self._shape, strict=False):
            first = first * length + index
        first *= rows * width
        if self._by_columns and width > 1:
            parts = [self._elements(column * rows + start, stop - start) for column in columns]
            return np.stack(parts, axis=1) if parts else np.empty((stop - start, 0), self._dtype)
        if not width:
            return np.empty((stop - start, 0), self._dtype)
        if width * self._dtype.itemsize <= MAX_WHOLE_ROW_BYTES:
            block = self._elements(first + start * width, (stop - start) * width).reshape(-1, width)
            return block[:, list(columns)]
        low, high = min(columns, default=0), max(columns, default=-1) + 1
        lines = [self._elements(first + row * width + low, high - low) for row in range(start, stop)]
        block = np.stack(lines) if lines else np.empty((0, high - low), self._dtype)
        return block[:, [column - low for column in columns]]

    def _elements(self, first: int, count: int) -> NDArray[Any]:
        import numpy as np

        size = self._dtype.itemsize
        data = self._source.read(self._offset + first * size, count * size)
        if len(data) < count * size:
            raise ArtifactUnreadable(f"{self._source.path} became shorter while it was read.")
        return np.frombuffer(data, self._dtype)


def _read_header(source: Source) -> tuple[tuple[int, ...], bool, Any, int]:
    """Return shape, whether it is in Fortran order, dtype and the offset of the elements."""
    from numpy.lib import format as npy

    file = source.reader()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            version = npy.read_magic(file)
            read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            shape, by_columns, dtype = read(file, max_header_size=MAX_HEADER_BYTES)
    except (ValueError, TypeError, SyntaxError, tokenize.TokenError, MemoryError, RecursionError, EOFError) as error:
        raise ArtifactUnreadable(f"{source.path} has no valid header of an array: {_first_line(error)}") from None
    if dtype.hasobject:
        raise ArtifactUnreadable(
            f"{source.path} has an array of Python objects, which is a pickle inside; qtui never runs a pickle."
        )
    expected, actual = math.prod(shape) * dtype.itemsize, source.size - file.tell()
    if min(shape, default=0) < 0 or not dtype.itemsize or expected > actual:
        raise ArtifactUnreadable(
            f"{source.path} is incomplete: its header announces {expected:,} bytes of elements, and {actual:,} follow."
        )
    return shape, by_columns, dtype, file.tell()


def _first_line(error: BaseException) -> str:
    text = str(error).partition("\n")[0][:200]
    return text if text.endswith(".") else f"{text}."


def open_npy(source: Source) -> ArrayTable:
    """Return the array of an .npy file as a table; raises ArtifactUnreadable."""
    return ArrayTable(StoredArray(source), source.path)


class NumpyViewer(Viewer):
    """An array in a file of its own."""

    name = "numpy array"

    def recognises(self, sample: Sample) -> bool:
        return sample.head.startswith(NPY_MAGIC)

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("table", partial(open_npy, source)),)


class NumpyArchiveViewer(Viewer):
    """Several arrays in an archive."""

    name = "numpy arrays"

    def recognises(self, sample: Sample) -> bool:
        """Return whether the file is a zip archive whose name or first member says that it has arrays."""
        name = sample.head[30 : 30 + int.from_bytes(sample.head[26:28], "little")]
        return sample.head.startswith(ZIP_MAGIC) and (sample.suffix == ".npz" or name.endswith(b".npy"))

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        try:
            with _open_zip(source) as archive:
                names = [name for name in archive.namelist() if name.endswith(".npy")][:MAX_ARRAYS]
        except ArtifactUnreadable:
            return (View("table", partial(open_member, source, "")),)
        return [View(name.removesuffix(".npy"), partial(open_member, source, name)) for name in dict.fromkeys(names)]


def open_member(source: Source, name: str) -> ArrayTable:
    """Unpack an array of an .npz file and return its table; raises ArtifactUnreadable."""
    with _open_zip(source) as archive:
        try:
            unpacked = Source.of_chunks(_unpack(archive, name), f"{source.path}/{name}")
        except (BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
            raise ArtifactUnreadable(f"{name} in {source.path} cannot be unpacked: {_first_line(error)}") from None
    return open_npy(unpacked)


def _open_zip(source: Source) -> ZipFile:
    try:
        check_zip_directory(source)
        return ZipFile(source.reader())
    except (BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise ArtifactUnreadable(f"{source.path} is not a complete zip archive: {_first_line(error)}") from None


def check_zip_directory(source: Source) -> None:
    """Raise ArtifactUnreadable if the directory at the end of a zip archive is missing or very large."""
    tail = source.read(max(0, source.size - (1 << 16) - 22), 1 << 17)
    place = tail.rfind(b"PK\x05\x06")
    large = tail.rfind(b"PK\x06\x06")
    if place < 0:
        raise ArtifactUnreadable(f"{source.path} is not a complete zip archive: its directory is missing.")
    size = int.from_bytes(tail[place + 12 : place + 16], "little")
    if large >= 0:
        size = max(size, int.from_bytes(tail[large + 40 : large + 48], "little"))
    if size > MAX_DIRECTORY_BYTES:
        raise ArtifactUnreadable(
            f"{source.path} has a directory of {size:,} bytes; the limit is {MAX_DIRECTORY_BYTES:,}."
        )


def _unpack(archive: ZipFile, name: str) -> Iterator[bytes]:
    left = MAX_UNPACKED_BYTES
    with archive.open(name) as member:
        while chunk := member.read(UNPACK_BYTES):
            left -= len(chunk)
            if left < 0:
                raise ValueError(f"it has more than {MAX_UNPACKED_BYTES:,} bytes")
            yield chunk
