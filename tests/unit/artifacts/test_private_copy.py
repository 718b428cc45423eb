"""Other programs get a read-only copy of an artifact, which is removed afterwards."""

from __future__ import annotations

import gzip
import stat

from qtui.artifacts.private_copy import PrivateCopy, plain_name
from tests.unit.artifacts.sources import source_of


def test_a_copy_is_read_only_private_and_removed() -> None:
    with PrivateCopy(source_of(b"text", "logs/run.txt")) as path:
        assert (path.name, path.read_bytes()) == ("run.txt", b"text")
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not path.parent.exists()


def test_a_compressed_artifact_is_decompressed() -> None:
    with PrivateCopy(source_of(gzip.compress(b"text"), "run.log.gz")) as path:
        assert (path.name, path.read_bytes()) == ("run.log", b"text")


def test_no_name_has_a_meaning_for_the_program() -> None:
    names = ["-rf", "+!rm", "a b;c", "line\nbreak", ".exrc", "银行.txt", "x" * 300, "..."]
    assert [plain_name(name) for name in names] == [
        "rf", "__rm", "a_b_c", "line_break", "exrc", "银行.txt", "x" * 100, "artifact",
    ]  # fmt: skip
