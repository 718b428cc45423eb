"""Parquet files by row groups, and Arrow and Feather files by record batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.tables.arrow_table import ArrowData, ArrowTable, to_series
from qtui.artifacts.tables.cell_texts import whole_text
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable

if TYPE_CHECKING:
    from pandas import DataFrame

PARQUET_MAGIC = b"PAR1"
ARROW_MAGIC = b"ARROW1\0\0"
OLD_FEATHER_MAGIC = b"FEA1"
BLOCK_ROWS = 1 << 14
READ_BUFFER_BYTES = 1 << 18
"""Bytes of a column that are read at a time, so that the first rows do not need the whole row group."""
MAX_GROUPS = 200_000
"""Row groups or record batches of a file."""


@contextmanager
def translate_arrow_errors(path: str) -> Iterator[None]:
    """Turn errors of pyarrow into ArtifactUnreadable."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, ValueError, ArithmeticError, TypeError, LookupError, MemoryError) as error:
        reason = str(error).partition("\n")[0][:200].rstrip(".") or type(error).__name__
        raise ArtifactUnreadable(f"{path} cannot be read: {reason}.") from None


class ParquetData(ArrowData):
    """A Parquet file."""

    def __init__(self, source: Source) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.path = source.path
        with translate_arrow_errors(self.path):
            schema = pq.read_schema(source.reader())
            texts = [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_binary(field.type)]
            # Dictionaries keep repeated texts small: a small file can have a huge number of them.
            # Without `pre_buffer` only buffers of a row group are in memory, not all of its visible columns.
            self._file = pq.ParquetFile(
                source.reader(), read_dictionary=texts, buffer_size=READ_BUFFER_BYTES, pre_buffer=False
            )
            self.schema = self._file.schema_arrow
            self._metadata = self._file.metadata
            count = self._metadata.num_row_groups
            if count > MAX_GROUPS:
                raise ArtifactUnreadable(f"{self.path} has {count:,} row groups; the limit is {MAX_GROUPS:,}.")
            rows = [self._metadata.row_group(group).num_rows for group in range(count)]
            if min(rows, default=0) < 0:
                raise ArtifactUnreadable(f"{self.path} has row groups of a negative length.")
            self.group_starts = [0, *accumulate(rows)]
            self.block_rows = BLOCK_ROWS
            self._leaves = self._find_leaves()
        self._stream: tuple[int, tuple[int, ...], int, Iterator[Any]] | None = None

    def _find_leaves(self) -> dict[str, list[int]]:
        """Return the positions of the stored columns by the name of their field."""
        leaves: dict[str, list[int]] = {}
        for place in range(len(self._file.schema)):
            leaves.setdefault(self._file.schema.column(place).path.partition(".")[0], []).append(place)
        return leaves

    def read_block(self, group: int, block: int, fields: Sequence[int]) -> list[Any]:
        """Return the arrays of some fields in a block; the blocks before it in its row group are skipped."""
        import pyarrow as pa

        with translate_arrow_errors(self.path):
            key = (group, tuple(fields), block)
            stream, self._stream = self._stream, None
            if stream is not None and stream[:3] == key:
                blocks = stream[3]
            else:
                del stream  # Its buffers are as large as those of the next one.
                blocks = _blocks(self._batches([group], fields), self.block_rows, block)
            table = next(blocks)
            self._stream = (group, tuple(fields), block + 1, blocks)
            # The allocator of pyarrow keeps what the skipped blocks needed.
            pa.default_memory_pool().release_unused()
            return [self._column(table, field) for field in fields]

    def _batches(self, groups: Sequence[int], fields: Sequence[int]) -> Iterator[Any]:
        names = list(dict.fromkeys(self.schema.field(field).name for field in fields))
        batches: Iterator[Any] = self._file.iter_batches(self.block_rows, row_groups=list(groups), columns=names)
        return batches

    def _column(self, table: Any, field: int) -> Any:
        """Return the array of a field; several fields can have the same name."""
        name = self.schema.field(field).name
        ordinal = self.schema.get_all_field_indices(name).index(field)
        return table.column(table.schema.get_all_field_indices(name)[ordinal]).combine_chunks()

    def read_column(self, field: int) -> Iterator[Any]:
        import pyarrow as pa

        with translate_arrow_errors(self.path):
            for batch in self._batches(range(self._metadata.num_row_groups), [field]):
                yield self._column(pa.Table.from_batches([batch]), field)

    def read_frame(self) -> DataFrame:
        with translate_arrow_errors(self.path):
            return _to_frame(self._file.read())

    def field_bytes(self, field: int) -> int:
        """Return the size of a field before it was compressed."""
        leaves = self._leaves.get(self.schema.field(field).name, [])
        return sum(chunk.total_uncompressed_size for leaf in leaves for chunk in self._column_chunks(leaf))

    def _column_chunks(self, leaf: int) -> Iterator[Any]:
        """Yield the metadata of a stored column in every row group."""
        for group in range(self._metadata.num_row_groups):
            yield self._metadata.row_group(group).column(leaf)

    def own_statistics(self, field: int) -> Sequence[tuple[str, str]]:
        """Return count, missing, min and max from the metadata of the row groups, as far as all have them."""
        leaves = self._leaves.get(self.schema.field(field).name, [])
        if len(leaves) != 1:
            return ()
        with translate_arrow_errors(self.path):
            statistics = [chunk.statistics for chunk in self._column_chunks(leaves[0])]
            if not statistics or any(one is None or not one.has_null_count for one in statistics):
                return ()
            missing = sum(one.null_count for one in statistics)
            facts = [("count", f"{self.group_starts[-1] - missing:,}"), ("missing", f"{missing:,}")]
            ranges = [(one.min, one.max) for one in statistics if one.has_min_max]
            if ranges and all(one.has_min_max or one.num_values == 0 for one in statistics):
                facts.append(("min", whole_text(min(low for low, _ in ranges))))
                facts.append(("max", whole_text(max(high for _, high in ranges))))
        return facts


class ArrowFileData(ArrowData):
    """An Arrow file, which is what Feather writes."""

    def __init__(self, source: Source) -> None:
        import pyarrow as pa

        self.path = source.path
        self._source = source
        with translate_arrow_errors(self.path):
            self.schema = pa.ipc.open_file(source.reader()).schema
            widths = [_bit_width(field.type) for field in self.schema]
            narrowest = [widths.index(min(widths))] if widths else []
            reader = self._reader(narrowest)
            if reader.num_record_batches > MAX_GROUPS:
                raise ArtifactUnreadable(f"{self.path} has more than {MAX_GROUPS:,} record batches.")
            rows = [reader.get_batch(number).num_rows for number in range(reader.num_record_batches)]
        self.group_starts = [0, *accumulate(rows)]
        self.block_rows = max(1, *rows) if rows else 1

    def _reader(self, fields: Sequence[int]) -> Any:
        import pyarrow as pa

        options = pa.ipc.IpcReadOptions(included_fields=sorted(fields))
        return pa.ipc.open_file(self._source.reader(), options=options)

    def read_block(self, group: int, block: int, fields: Sequence[int]) -> list[Any]:
        with translate_arrow_errors(self.path):
            batch = self._reader(fields).get_batch(group)
            return [batch.column(sorted(fields).index(field)) for field in fields]

    def read_column(self, field: int) -> Iterator[Any]:
        with translate_arrow_errors(self.path):
            reader = self._reader([field])
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number).column(0)

    def read_frame(self) -> DataFrame:
        import pyarrow as pa

        with translate_arrow_errors(self.path):
            return _to_frame(pa.ipc.open_file(self._source.reader()).read_all())

    def field_bytes(self, field: int) -> int:
        """Return the size of the file, in which no field is larger; compressed fields can be."""
        return self._source.size


def _bit_width(kind: Any) -> int:
    """Return the bits of a value; texts and nested values count as large."""
    try:
        return int(kind.bit_width)
    except ValueError:
        return 1 << 16


def _blocks(batches: Iterator[Any], rows: int, first: int) -> Iterator[Any]:
    """Yield blocks of this many rows from the `first` one on; batches can end anywhere."""
    import pyarrow as pa

    skipped, parts, count = first * rows, [], 0
    for batch in batches:
        if skipped >= batch.num_rows:
            skipped -= batch.num_rows
            continue
        parts.append(batch.slice(skipped))
        count += parts[-1].num_rows
        skipped = 0
        while count >= rows:
            table = pa.Table.from_batches(parts)
            yield table.slice(0, rows)
            parts = table.slice(rows).to_batches()
            count -= rows
    if count:
        yield pa.Table.from_batches(parts)
    else:
        raise ArtifactUnreadable("The row group has fewer rows than the file announces.")


def _to_frame(table: Any) -> DataFrame:
    """Return a table as a frame with its index; values that pandas cannot hold become texts, without the index."""
    import pandas as pd
    import pyarrow as pa

    try:
        frame: DataFrame = table.to_pandas()
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, pa.ArrowException):
        frame = pd.DataFrame(dict(enumerate(map(to_series, table.columns))))
        frame = frame.set_axis(table.column_names, axis="columns")
    return frame


def open_parquet(source: Source) -> ArrowTable:
    """Return the table of a Parquet file; raises ArtifactUnreadable."""
    require_pyarrow("Parquet")
    return ArrowTable(ParquetData(source))


def open_arrow(source: Source) -> ArrowTable:
    """Return the table of an Arrow or Feather file; raises ArtifactUnreadable."""
    require_pyarrow("Arrow")
    if source.read(0, len(OLD_FEATHER_MAGIC)) == OLD_FEATHER_MAGIC:
        raise ArtifactUnreadable(f"{source.path} is in version 1 of Feather, which pyarrow no longer reads.")
    return ArrowTable(ArrowFileData(source))


def require_pyarrow(kind: str) -> None:
    """Raise ArtifactUnreadable if pyarrow is not installed."""
    from importlib.util import find_spec

    if find_spec("pyarrow") is None:
        raise ArtifactUnreadable(f"{kind} files need pyarrow: pip install 'qtui[parquet]'")


class ParquetViewer(Viewer):
    """A table in row groups."""

    name = "Parquet"

    def recognises(self, sample: Sample) -> bool:
        return sample.head.startswith(PARQUET_MAGIC)

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("table", partial(open_parquet, source)),)


class ArrowViewer(Viewer):
    """A table in record batches."""

    name = "Arrow"

    def recognises(self, sample: Sample) -> bool:
        return sample.head.startswith((ARROW_MAGIC, OLD_FEATHER_MAGIC))

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("table", partial(open_arrow, source)),)
