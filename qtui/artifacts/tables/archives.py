"""Members of zip and tar archives as a table; nothing is extracted, of a text member the first lines can be shown."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import BinaryIO, ClassVar

from qtui.artifacts.content import TableColumn
from qtui.artifacts.sample import Sample, text_encoding
from qtui.artifacts.source import Source
from qtui.artifacts.tables.frame_table import FrameTable
from qtui.artifacts.tables.numpy_file import check_zip_directory
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable
from qtui.formatting import format_count, format_size, format_time
from qtui.value_classes import dataclass

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
MAX_MEMBERS = 50_000
MAX_MEMBER_BYTES = 1 << 20
"""Bytes of a member that are read to show it."""
MAX_MEMBER_LINES = 1000
"""Lines of a member that are shown."""
MAX_NAME_LENGTH = 1000
MAX_SIZE = 2**63 - 1
"""The largest size that a column of whole numbers holds; damaged members claim more."""
MAX_READ_BYTES = 1 << 24
"""The largest block that is read at once while members are listed."""
BROKEN = (zipfile.BadZipFile, tarfile.TarError, OSError, EOFError, ValueError, RuntimeError, KeyError, IndexError)
"""Errors of broken archives; RuntimeError includes encrypted members and unknown compressions."""


@dataclass(frozen=True, slots=True)
class Member:
    """An entry of an archive."""

    name: str
    size: int
    packed: int | None
    """Compressed size; None where members are not compressed one by one."""
    modified: str
    remark: str = ""
    read: Callable[[], bytes] | None = None
    """Returns the first bytes; None for a directory, a link or a device."""


class ZipViewer(Viewer):
    """Zip archives, also wheels and jars."""

    name = "zip archive"

    def recognises(self, sample: Sample) -> bool:
        return sample.head.startswith(ZIP_STARTS)

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("files", partial(open_zip, source)),)


class TarViewer(Viewer):
    """Tar archives."""

    name = "tar archive"

    def recognises(self, sample: Sample) -> bool:
        return sample.head[257:262] == b"ustar" or (sample.suffix == ".tar" and not sample.is_text)

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("files", partial(open_tar, source)),)


def open_zip(source: Source) -> ArchiveTable:
    """List a zip archive."""
    check_zip_directory(source)
    try:
        archive = zipfile.ZipFile(source.reader())
        members = [_zip_member(archive, info) for info in archive.infolist()[:MAX_MEMBERS]]
        count = len(archive.infolist())
    except BROKEN as error:
        raise ArtifactUnreadable(f"{source.name} is not a complete zip archive: {error}.") from None
    return _listing(members, count, "")


def open_tar(source: Source) -> ArchiveTable:
    """List a tar archive, as far as it can be read."""
    members: list[Member] = []
    problem = ""
    try:
        with tarfile.open(fileobj=_LimitedReader(source), mode="r:") as archive:
            for info in _tar_infos(archive):
                members.append(_tar_member(source, info))
    except (*BROKEN, RecursionError, OverflowError) as error:
        problem = f"The archive is damaged after {format_count(len(members), 'member')}: {error}."
        if not members:
            raise ArtifactUnreadable(f"{source.name} is not a tar archive: {error}.") from None
    return _listing(members, len(members), problem)


def _listing(members: Sequence[Member], count: int, problem: str) -> ArchiveTable:
    total = sum(member.size for member in members)
    packed = sum(member.packed or 0 for member in members)
    notes = [f"{format_count(count, 'member')}, {format_size(total)} in all{_ratio(total, packed)}."]
    if count >= MAX_MEMBERS:
        notes.append(f"Only the first {MAX_MEMBERS:,} members are listed.")
    notes += [problem] * bool(problem)
    return ArchiveTable(members, notes)


class ArchiveTable(FrameTable):
    """The members of an archive; the value of a cell is the text of the member."""

    has_row_values: ClassVar[bool] = True

    def __init__(self, members: Sequence[Member], notes: Sequence[str]) -> None:
        import pandas as pd

        rows = [(_name(member), member.size, member.packed, member.modified, member.remark) for member in members]
        # Names are not converted to texts of pandas, which cannot hold all of them.
        frame = pd.DataFrame(rows, columns=[column.name for column in COLUMNS], dtype=object)
        super().__init__(frame.astype({"size": "int64", "packed": "Int64"}).set_index("name"), notes)
        self.columns = COLUMNS
        self._members = members

    def value(self, row: int, column: int) -> str:
        return member_text(self._members[self.row_number(row)])


def _name(member: Member) -> str:
    return member.name[:MAX_NAME_LENGTH] + "…" * (len(member.name) > MAX_NAME_LENGTH)


COLUMNS = (
    TableColumn("name", "text"),
    TableColumn("size", "bytes", is_number=True),
    TableColumn("packed", "bytes", is_number=True),
    TableColumn("modified", "time"),
    TableColumn("remark", "text"),
)


def member_text(member: Member) -> str:
    """Return the first lines of a text member, or a sentence about another one."""
    if member.read is None:
        return member.remark or "It is a folder."
    try:
        data = member.read()
    except Exception as error:
        # Every compression has its own errors for damaged data.
        return f"It cannot be read: {error}."
    encoding = text_encoding(data)
    if not encoding:
        return "It is not a text. Download the archive to open it."
    lines = data.decode(encoding, "replace").replace("\r\n", "\n").split("\n")
    is_cut = len(lines) > MAX_MEMBER_LINES or member.size > len(data)
    return "\n".join([*lines[:MAX_MEMBER_LINES], *["… the rest is not shown"] * is_cut])


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    def read() -> bytes:
        with archive.open(info) as file:
            return file.read(MAX_MEMBER_BYTES)

    mode = info.external_attr >> 16
    remarks = ["encrypted"] * (info.flag_bits & 1) + ["link"] * stat.S_ISLNK(mode)
    return Member(
        info.orig_filename,
        min(info.file_size, MAX_SIZE),
        min(info.compress_size, MAX_SIZE),
        "{:04}-{:02}-{:02} {:02}:{:02}".format(*info.date_time),
        ", ".join(remarks),
        None if info.is_dir() else read,
    )


def _tar_infos(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield the members; stops at a header that points backwards, which would be read for ever."""
    offset = -1
    for _ in range(MAX_MEMBERS):
        info = archive.next()
        if info is None:
            return
        if info.offset <= offset or info.size < 0:
            raise ValueError("a member has an impossible size")
        offset = info.offset
        archive.members.clear()  # type: ignore[attr-defined]
        yield info


def _tar_member(source: Source, info: tarfile.TarInfo) -> Member:
    offset, size = info.offset_data, min(info.size, MAX_SIZE)
    remark = ""
    if info.issym() or info.islnk():
        remark = f"link to {info.linkname[:MAX_NAME_LENGTH]}"
    elif not info.isfile() and not info.isdir():
        remark = "device or pipe"
    is_plain = info.isreg() and not info.issparse()
    read = (lambda: source.read(offset, min(size, MAX_MEMBER_BYTES))) if is_plain else None
    name = info.name + "/" * info.isdir()
    return Member(name, size, None, format_time(round(_seconds(info.mtime) * 1000))[:16], remark, read)


def _seconds(value: float) -> float:
    try:
        datetime.fromtimestamp(value)
    except (ValueError, OverflowError, OSError):
        return 0
    return value


def _ratio(size: int, packed: int) -> str:
    return f" ({size / packed:.1f}x)" if packed > 0 and size > packed else ""


class _LimitedReader(io.RawIOBase):
    """A file over a source that refuses to read a large block, such as a header that claims gigabytes."""

    def __init__(self, source: Source) -> None:
        self._file: BinaryIO = source.reader()

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MAX_READ_BYTES:
            raise tarfile.ReadError("a header has an impossible size")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
