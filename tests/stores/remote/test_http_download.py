"""Artifacts of a tracking server are streamed; only complete files are saved, and only below the destination."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from email.utils import formatdate
from pathlib import Path

import pytest

from qtui.cancellation import Cancelled, cancelled_when
from qtui.errors import ArtifactNotFound, QtuiError
from qtui.recorder import Library
from qtui.store.artifacts.download import Transfer
from qtui.store.remote import RemoteStore
from tests.stores.remote.artifact_server import CONTENT, RUN, ArtifactServer
from tests.stores.remote.hostile import serving


@pytest.fixture
def server() -> ArtifactServer:
    """Return the behaviour of the server."""
    return ArtifactServer()


@pytest.fixture
def library(server: ArtifactServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """Return a library of the server."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "5")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with serving(server) as address:
        yield Library.over(RemoteStore(f"http://{address}"))


def transferred(library: Library, path: str, target: Path) -> Transfer:
    """Return a transfer after its end."""
    transfer = library.download(RUN, path, target)
    for _ in transfer.run():
        pass
    return transfer


def failure(library: Library, path: str, target: Path) -> str:
    """Return the message of a download that fails."""
    with pytest.raises(QtuiError) as caught:
        transferred(library, path, target).check()
    return str(caught.value)


def test_a_file_is_streamed(library: Library, tmp_path: Path) -> None:
    transferred(library, "model.bin", tmp_path).check()
    assert (tmp_path / "model.bin").read_bytes() == CONTENT


@pytest.mark.parametrize("has_ranges", [True, False])
def test_a_lost_connection_is_continued(
    library: Library, server: ArtifactServer, tmp_path: Path, has_ranges: bool
) -> None:
    server.drop_after = 100_000
    assert "model.bin" in failure(library, "model.bin", tmp_path)
    (part,) = tmp_path.iterdir()
    assert CONTENT.startswith(part.read_bytes())
    server.drop_after, server.has_ranges = None, has_ranges
    transferred(library, "model.bin", tmp_path).check()
    assert server.requested == ["bytes=0-", "bytes=0-", *(["bytes=100000-"] if has_ranges else [])]
    assert [path.name for path in tmp_path.iterdir()] == ["model.bin"]
    assert (tmp_path / "model.bin").read_bytes() == CONTENT


def test_a_page_to_log_in_is_not_saved(library: Library, server: ArtifactServer, tmp_path: Path) -> None:
    server.page, server.kind = b"<html>Log in</html>", "text/html; charset=utf-8"
    assert "web page" in failure(library, "model.bin", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_size_than_listed_is_not_saved(
    library: Library, server: ArtifactServer, tmp_path: Path
) -> None:
    server.page = b"short"
    assert "lists" in failure(library, "model.bin", tmp_path)
    assert list(tmp_path.iterdir()) == []


HOSTILE_NAMES = [
    "../escape",
    "a/../../escape",
    "./escape",
    "/etc/escape",
    "//etc/escape",
    "file:///etc/escape",
    "..\\escape",
    "C:\\escape",
    "esc\x1b[2Jape",
    "delete\x7f",
    "c1\x9b31m",
    "line\nbreak",
    "carriage\rreturn",
    "nul\0",
    "",
    ".",
    "..",
    "x" * 256,
    "%2e%2e%2fescape",
    "..%2fescape",
    "%c0%af..%c0%afescape",
    "con#frag?query%41",
    "-rf",
    "C:escape",
    "turn\u202egpj.exe",
    "\ud800lone",
]
KEPT_NAMES = {
    "good.bin",
    "%2e%2e%2fescape",
    "..%2fescape",
    "%c0%af..%c0%afescape",
    "con#frag?query%41",
    "-rf",
    "C:escape",
    "turn\u202egpj.exe",
}
"""The names that are harmless: they are saved as they are, below the destination."""
HIDDEN_NAMES = ["sub/.bashrc", "sub/.git/hooks/post-checkout", "sub/.ssh/authorized_keys"]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_name_of_a_server_leads_out_of_the_destination(
    library: Library, server: ArtifactServer, tmp_path: Path, name: str
) -> None:
    server.files = {"good.bin": b"good", name: b"bad"}
    target = tmp_path / "deep" / "target"
    with suppress(QtuiError):
        transferred(library, "", target)
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_relative_to(target)]
    assert outside == []
    assert {path.name for path in target.iterdir()} <= KEPT_NAMES
    assert (target / "good.bin").read_bytes() == b"good"


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_listed_and_viewed_as_itself_or_refused(
    library: Library, server: ArtifactServer, name: str
) -> None:
    server.files = {"good.bin": b"good", name: b"bad"}
    listing = library.artifacts(RUN, recursive=True)
    assert "good.bin" in {artifact.path for artifact in listing.items}
    try:
        copy = library.remote_copy(RUN, name)
    except QtuiError as error:
        assert "\n" not in str(error) and "\x1b" not in str(error)
        return
    assert copy is not None
    with closing(copy):
        assert copy.read(0, 10) == b"bad"


def test_hidden_names_of_a_server_are_left_out(library: Library, server: ArtifactServer, tmp_path: Path) -> None:
    server.files = {"sub/good.bin": b"good", **dict.fromkeys(HIDDEN_NAMES, b"bad")}
    transfer = library.download(RUN, "sub", tmp_path)
    assert sorted(file.target for file in transfer.leave_out_hidden()) == HIDDEN_NAMES
    assert [file.target for file in transfer.files] == ["sub/good.bin"]


def test_a_body_that_is_cut_is_not_saved(library: Library, server: ArtifactServer, tmp_path: Path) -> None:
    server.has_length, server.has_ranges = False, False
    transferred(library, "model.bin", tmp_path / "whole").check()
    server.drop_after = 100_000
    assert "100000 bytes instead of 512000" in failure(library, "model.bin", tmp_path / "cut")
    assert not (tmp_path / "cut" / "model.bin").exists()


OLD = {"ETag": '"1"', "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT"}


def read_parts(library: Library, name: str = "model.bin") -> list[bytes]:
    """Read three parts of a file, the last one in the middle."""
    copy = library.remote_copy(RUN, name)
    assert copy is not None
    with closing(copy):
        return [copy.read(0, 10), copy.read(400_000, 10), copy.read(300_000, 10)]


PARTS = [CONTENT[:10], CONTENT[400_000:400_010], CONTENT[300_000:300_010]]


def test_a_server_with_ranges_sends_only_the_parts_that_are_read(library: Library, server: ArtifactServer) -> None:
    server.headers = OLD
    assert read_parts(library) == PARTS
    assert server.requested == ["bytes=0-", "bytes=400000-511999", "bytes=300000-431071"]


def test_a_server_that_fetches_the_file_for_each_request_gets_only_one(
    library: Library, server: ArtifactServer
) -> None:
    server.headers = {"ETag": '"1"', "Last-Modified": formatdate(usegmt=True), "Date": formatdate(usegmt=True)}
    assert read_parts(library) == PARTS
    assert server.requested == ["bytes=0-"]


def test_a_server_without_ranges_gets_only_one_request(library: Library, server: ArtifactServer) -> None:
    server.has_ranges = False
    assert read_parts(library) == PARTS
    assert server.requested == ["bytes=0-"]


def test_an_encoded_file_is_refused(library: Library, server: ArtifactServer) -> None:
    server.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(QtuiError, match="encoded as gzip"):
        read_parts(library)


def test_an_empty_and_a_missing_file(library: Library, server: ArtifactServer) -> None:
    server.files["empty.txt"] = b""
    copy = library.remote_copy(RUN, "empty.txt")
    assert copy is not None and (copy.read(0, 10), copy.size) == (b"", 0)
    with pytest.raises(ArtifactNotFound, match=r"no artifact 'nothing\.txt'"):
        library.remote_copy(RUN, "nothing.txt")


def test_a_file_that_changes_while_it_is_read_is_not_mixed(library: Library, server: ArtifactServer) -> None:
    server.headers = OLD
    copy = library.remote_copy(RUN, "model.bin")
    assert copy is not None
    copy.read(0, 10)
    server.has_ranges = False
    with pytest.raises(QtuiError, match="has changed"):
        copy.read(400_000, 10)


def test_a_download_of_a_changed_file_of_the_same_size_is_not_taken_for_complete(
    library: Library, server: ArtifactServer, tmp_path: Path
) -> None:
    server.headers = OLD
    transferred(library, "model.bin", tmp_path).check()
    assert [file.target for file in transferred(library, "model.bin", tmp_path).present] == ["model.bin"]
    server.headers = {"ETag": '"2"', "Last-Modified": "Sun, 06 Nov 2016 08:49:37 GMT"}
    assert "already exists" in failure(library, "model.bin", tmp_path)


def test_a_stalled_download_is_cancelled_at_once(library: Library, server: ArtifactServer) -> None:
    server.stall_after = 5
    copy = library.remote_copy(RUN, "model.bin")
    assert copy is not None
    with cancelled_when(server.is_stalled.is_set), pytest.raises(Cancelled):
        copy.read(0, 1000)
