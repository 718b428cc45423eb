"""The folder of cached texts: eviction, size limit, and left-over temporary files."""

from __future__ import annotations

import os
import time
from pathlib import Path

from qtui.store.files.cached.disk_cache import DiskCache
from qtui.store.private_folder import ABANDONED_S


def test_the_least_recently_used_text_is_evicted_first(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path / "texts", max_bytes=5000)
    for age, name in ((30, "old"), (20, "used"), (10, "new")):
        cache.save(name, [b"x" * 1500])
        used = time.time() - age
        for path in (tmp_path / "texts").iterdir():
            if path.stat().st_mtime > used:
                os.utime(path, (used, used))
    assert cache.load("old")
    cache.save("more", [b"y" * 1500])
    assert [bool(cache.load(name)) for name in ("old", "used", "new", "more")] == [True, False, True, True]


def test_a_text_that_is_too_large_is_not_cached(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path / "texts", max_bytes=1000)
    cache.save("large", [b"x" * 300, b"y" * 300])
    assert cache.load("large") == b""


def test_an_abandoned_partial_file_is_removed(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path / "texts")
    cache.save("kept", [b"x"])
    for name, age in (("half.1", ABANDONED_S + 10), ("half.2", 0)):
        path = tmp_path / "texts" / name
        path.write_text("half")
        os.utime(path, (time.time() - age, time.time() - age))
    cache.save("kept", [b"y"])
    assert {path.name for path in (tmp_path / "texts").iterdir() if "half" in path.name} == {"half.2"}
    assert cache.load("kept") == b"y"
