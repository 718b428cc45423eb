"""Packs a written store into a small archive that says nothing about the machine it was written on."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

NEUTRAL = "/data"
"""Where every packed store says it was written: a place that is not there, so each is a moved store, too."""

PACKED = ("mlflow.db", "mlruns")


def pack(root: Path, archive: Path) -> None:
    """Move the store in `root` to the neutral place by name, and pack it with nothing but names and bytes."""
    for path in _files(root):
        if path.suffix == ".db":
            rewrite_database(path, str(root), NEUTRAL)
        elif "artifacts" not in path.parts:
            path.write_bytes(path.read_bytes().replace(str(root).encode(), NEUTRAL.encode()))
    for path in _files(root):
        if str(root).encode() in path.read_bytes():
            raise SystemExit(f"{path} still names the folder it was written in.")
    with tarfile.open(archive, "w:xz", preset=9) as tar:
        for name in PACKED:
            for path in sorted((root / name, *(root / name).rglob("*"))):
                if path.exists():
                    tar.add(path, path.relative_to(root).as_posix(), recursive=False, filter=nameless)


def unpack(archive: Path, folder: Path) -> None:
    """Lay a packed store out in a folder."""
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")


def rewrite_database(path: Path, old: str, new: str) -> None:
    """Replace a piece of text in every text column of every table."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for column in [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]:
                database.execute(
                    f'UPDATE "{table}" SET "{column}" = replace("{column}", ?, ?) WHERE instr("{column}", ?)',
                    (old, new, old),
                )
        database.execute("VACUUM")


def _files(root: Path) -> list[Path]:
    return [path for name in PACKED for path in (root / name, *(root / name).rglob("*")) if path.is_file()]


def nameless(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """An entry without owner and time."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o755 if entry.isdir() else 0o644
    return entry
