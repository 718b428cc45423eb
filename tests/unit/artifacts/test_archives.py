"""Archives and compressed files: listed and read with limits, never extracted."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from qtui.artifacts import decompressed
from qtui.artifacts.content import ColumnStatistics, RowCount, TableContent
from qtui.errors import ArtifactUnreadable
from qtui.formatting import ABSENT
from tests.unit.artifacts.sources import open_rows, open_tree, open_view, outline, texts, views_for


def zip_of(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def tar_of(*members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size, info.type, info.linkname = len(data), kind, link
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


HOSTILE_NAMES = ("../../etc/passwd", "/etc/shadow", "C:\\evil", "a\nb", "\x1b]52;c;x\x1b\\", "‮gpj.exe", "x" * 3000)


def open_members(data: bytes, path: str = "a") -> TableContent:
    content = open_view(data, "files", path)
    assert isinstance(content, TableContent)
    return content


def names(table: TableContent) -> list[str]:
    return [name for (name,) in table.cells(0, 100_000, (0,))]


def test_a_zip_lists_its_members_and_shows_a_text() -> None:
    data = zip_of(("notes.txt", b"one\r\ntwo\n"), ("data.bin", bytes(10_000)), ("folder/", b""))
    assert views_for(data, "x.whl").kind == "zip archive"
    table = open_members(data, "x.whl")
    assert table.notes[0].startswith("3 members, 10 kB in all (")
    assert table.cells(0, 9, range(5))[0] == ("notes.txt", "9", "11", "2024-01-02 03:04", "")
    assert names(table) == ["notes.txt", "data.bin", "folder/"]
    assert table.value(0, 0) == "one\ntwo\n"
    assert table.value(1, 1) == "It is not a text. Download the archive to open it."
    assert table.value(2, 0) == "It is a folder."


def test_a_tar_lists_its_members_links_and_devices() -> None:
    table = open_members(tar_of(("a/run.log", b"INFO x\n")), "a.tar")
    assert table.cells(0, 9, (0, 1, 2)) == [("a/run.log", "7", ABSENT)]
    assert table.value(0, 0) == "INFO x\n"
    assert open_members(tar_of(("l", b""), kind=tarfile.SYMTYPE, link="/etc/passwd"), "a.tar").value(0, 0) == (
        "link to /etc/passwd"
    )
    assert open_members(tar_of(("d", b""), kind=tarfile.CHRTYPE), "a.tar").value(0, 0) == "device or pipe"


def test_members_are_sorted_and_filtered() -> None:
    table = open_members(zip_of(("b.txt", b"22"), ("a.log", b"4444"), ("c.txt", b"1")))
    for column, descending, expected in (
        (0, False, ["a.log", "b.txt", "c.txt"]),
        (1, False, ["c.txt", "b.txt", "a.log"]),
        (1, True, ["a.log", "b.txt", "c.txt"]),
    ):
        ordered = table.sort(column, descending=descending)
        assert ordered is not None and names(ordered) == expected
    for text, expected in (("TXT", ["b.txt", "c.txt"]), ("size > 1", ["b.txt", "a.log"]), ("nothing", [])):
        matches = table.filter(text)
        assert matches is not None and names(matches) == expected
    tar = open_members(tar_of(("b", b"x"), ("a", b"")), "a.tar")
    by_packed = tar.sort(2, descending=False)
    assert by_packed is not None and names(by_packed) == ["b", "a"]
    assert tar.numbers(1) == [1.0, 0.0]
    assert ("max", "1") in (tar.statistics(1) or ColumnStatistics(())).facts


@pytest.mark.parametrize("make", [zip_of, tar_of])
def test_hostile_names_are_only_labels(
    make: Callable[..., bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    table = open_members(make(*((name, b"text") for name in HOSTILE_NAMES)))
    assert len(names(table)) == len(HOSTILE_NAMES)
    assert all(len(name) <= 1001 for name in names(table))
    assert all(table.value(row, 0) == "text" for row in range(len(HOSTILE_NAMES)))
    assert list(tmp_path.iterdir()) == []


def test_names_that_are_not_utf8_are_sorted_and_filtered() -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        for name in ("résumé", "a"):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    table = open_members(file.getvalue(), "a.tar")
    for changed in (table.sort(0, descending=True), table.filter("SUM")):
        assert changed is not None and changed.value(0, 0) == ""
        assert names(changed)[0] == "r\udce9sum\udce9"


def test_a_bomb_is_listed_and_read_up_to_a_limit() -> None:
    data = zip_of(("zeros.txt", b"0\n" * 20_000_000))
    table = open_members(data, "bomb.zip")
    assert table.cells(0, 1, (1,)) == [("40000000",)]
    lines = table.value(0, 0).split("\n")
    assert len(lines) == 1001 and lines[-1] == "… the rest is not shown"


def test_an_encrypted_member_and_an_unknown_compression_say_so() -> None:
    data = bytearray(zip_of(("a.txt", b"text")))
    data[6] |= 1
    place = data.rindex(b"PK\x01\x02")
    data[place + 8] |= 1
    table = open_members(bytes(data), "a.zip")
    assert table.cells(0, 1, (4,)) == [("encrypted",)]
    assert table.value(0, 0).startswith("It cannot be read:")
    data = bytearray(zip_of(("a.txt", b"text")))
    data[8:10] = data[data.rindex(b"PK\x01\x02") + 10 :][:2] = struct.pack("<H", 77)
    place = data.rindex(b"PK\x01\x02")
    data[place + 10 : place + 12] = struct.pack("<H", 77)
    assert open_members(bytes(data), "a.zip").value(0, 0).startswith("It cannot be read:")


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (zip_of(("a", b"x"))[:-10], "a.zip"),
        (b"PK\x05\x06" + b"\xff" * 18, "a.zip"),
        (b"PK\x03\x04", "a.zip"),
        (b"\0" * 257 + b"ustar" + b"\xff" * 300, "a.tar"),
        (bytes(range(256)) * 3, "a.tar"),
    ],
)
def test_a_broken_archive_says_so(data: bytes, path: str) -> None:
    with pytest.raises(ArtifactUnreadable):
        open_members(data, path)


def test_a_truncated_tar_is_listed_as_far_as_it_goes() -> None:
    archive = tar_of(*((f"member {number}", b"x" * 5000) for number in range(5)))
    table = open_members(archive[:15_000], "a.tar")
    assert names(table) == ["member 0", "member 1", "member 2"]
    assert "The archive is damaged after 3 members" in table.notes[1]


def test_a_tar_header_that_claims_gigabytes_is_not_read() -> None:
    header = bytearray(tar_of(("x", b""))[:512])
    header[156:157] = b"x"
    header[124:136] = b"77777777777\0"
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    with pytest.raises(ArtifactUnreadable):
        open_members(bytes(header) + bytes(100_000), "a.tar")


PACKERS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_compressed_file_opens_as_its_content(suffix: str) -> None:
    lines = [f"2024-01-01 10:00:00 INFO step {number}" for number in range(50_000)]
    data = PACKERS[suffix]("\n".join(lines).encode())
    views = views_for(data, f"run.log{suffix}")
    assert views.kind.startswith("log, ")
    assert [view.title for view in views.views] == ["log", "warnings", "text", "hex"]
    content = open_rows(data, "log", f"run.log{suffix}")
    assert texts(content.rows(0, 1)) == lines[:1]
    list(content.scan())
    assert content.row_count() == RowCount(50_000)
    assert texts(content.rows(49_999, 50_001)) == lines[-1:]
    assert open_rows(data, "hex", f"run.log{suffix}").row_count() == RowCount(-(-len(data) // 16))


def test_the_first_lines_of_a_compressed_text_are_shown_before_the_rest_is_decompressed() -> None:
    content = open_rows(gzip.compress(b"0123456789\n" * 3_000_000), "text", "a.txt.gz")
    assert len(content.rows(0, 50)) == 50
    count = content.row_count()
    assert not count.is_complete and count.count < 100_000
    progress = list(content.scan())
    assert progress == sorted(progress) and progress[-1] == 1.0


def test_compressed_pickles_json_and_archives_open() -> None:
    assert outline(open_tree(gzip.compress(pickle.dumps({"a": 1})), "a.pkl.gz", "pickle").top) == ["a 1"]
    assert outline(open_tree(gzip.compress(b'{"a": 1}'), "a.json.gz").top) == ["a 1"]
    assert names(open_members(gzip.compress(tar_of(("x", b"y"))), "a.tgz")) == ["x"]
    assert views_for(gzip.compress(gzip.compress(b"x")), "a.gz").kind == "binary, gzip"


def test_damage_in_a_compressed_text_is_named_in_its_last_line() -> None:
    data = gzip.compress(bytes(f"{'x' * 50}\n" * 100_000, "ascii"), mtime=0)
    content = open_rows(data[: len(data) // 2], "text", "a.txt.gz")
    list(content.scan())
    count = content.row_count()
    assert texts(content.rows(count.count - 1, count.count))[0].startswith("… the rest cannot be decompressed: ")
    with pytest.raises(ArtifactUnreadable, match=r"a\.json\.gz cannot be decompressed"):
        open_tree(gzip.compress(b'{"a": 1}')[:-4], "a.json.gz")


def test_a_compression_bomb_stops_at_a_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompressed, "UNCHECKED_BYTES", 1 << 20)
    data = lzma.compress(b"0\n" * 10_000_000)
    content = open_rows(data, "text", "bomb.txt.xz")
    list(content.scan())
    count = content.row_count().count
    assert count < 2_000_000
    assert "more than 250 times larger" in texts(content.rows(count - 1, count))[0]


PADDING = {"zeros": bytes(1000), **{suffix: pack(b"") for suffix, pack in PACKERS.items()}}


@pytest.mark.parametrize("kind", PADDING)
def test_padding_without_content_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(decompressed, "MAX_BYTES_WITHOUT_CONTENT", 20_000)
    data = PACKERS.get(kind, gzip.compress)(b"content\n")
    padded = data + PADDING[kind] * (500_000 // len(PADDING[kind])) + data
    rows = texts(open_rows(padded, "text", "file.txt.gz").rows(0, 10))
    assert "20 kB in a row have no content" in rows[-1]
    assert rows.count("content") == 1


def test_a_compressed_file_with_too_many_bytes_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompressed, "MAX_BYTES", 1 << 20)
    with pytest.raises(ArtifactUnreadable, match=r"it has more than 1\.0 MB"):
        open_tree(gzip.compress(b'["' + bytes(2_000_000).replace(b"\0", b"x") + b'"]'), "a.json.gz")


def test_zstandard_without_a_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    views = views_for(b"\x28\xb5\x2f\xfd" + bytes(10), "a.txt.zst")
    assert [view.title for view in views.views] == ["content", "hex"]
    with pytest.raises(ArtifactUnreadable, match="pip install zstandard"):
        views.views[0].open()
