"""Archives of sample stores without paths, owners and times of the machine that wrote them."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

PACKED_ROOT = "/data"
"""The folder in the paths of a packed store. It does not exist, so that every packed store is a moved store too."""

PACKED = ("mlflow.db", "mlruns")


def pack(root: Path, archive: Path) -> None:
    """Replace the root folder in the paths of a store, and pack the store without owners and times."""
    for path in _files(root):
        if path.suffix == ".db":
            rewrite_database(path, str(root), PACKED_ROOT)
        elif "artifacts" not in path.parts:
            path.write_bytes(path.read_bytes().replace(str(root).encode(), PACKED_ROOT.encode()))
    for path in _files(root):
        if str(root).encode() in path.read_bytes():
            raise SystemExit(f"{path} still names the folder it was written in.")
    with tarfile.open(archive, "w:xz", preset=9) as tar:
        for name in PACKED:
            for path in sorted((root / name, *(root / name).rglob("*"))):
                if path.exists():
                    tar.add(path, path.relative_to(root).as_posix(), recursive=False, filter=without_owner)


def unpack(archive: Path, folder: Path) -> None:
    """Extract a packed store into a folder."""
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


def without_owner(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return an entry without owner and time."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o755 if entry.isdir() else 0o644
    return entry
