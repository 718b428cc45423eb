"""Remove deleted runs and experiments from the disk: one rename first, so that a killed purge leaves no half."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from qtui.errors import StoreUnwritable
from qtui.store.dirfd import FOLDER_FLAGS, TOP_FLAGS, write_errors
from qtui.store.files.layout import folders

HIDDEN_PREFIX = ".qtui-purged-"
"""Prefix of the names of folders in the trash that are being removed; MLflow and qtui ignore them."""


def remove_folder(root: str, path: str) -> None:
    """Remove a folder of the store; raise StoreUnwritable if it is a link, which is not followed."""
    if os.path.islink(path):
        raise StoreUnwritable(f"{path} is a link, which is not followed. Remove it yourself.")
    hidden = f"{HIDDEN_PREFIX}{os.urandom(8).hex()}"
    with write_errors(path):
        os.makedirs(f"{root}/{folders.TRASH}", exist_ok=True)
        with _trash(root) as trash:
            os.rename(path, hidden, dst_dir_fd=trash)
            shutil.rmtree(hidden, dir_fd=trash)


def remove_leftovers(root: str, *, dry_run: bool) -> int:
    """Remove the folders that a killed purge left in the trash, and return their number."""
    if not os.path.isdir(f"{root}/{folders.TRASH}"):
        return 0
    with write_errors(f"{root}/{folders.TRASH}"), _trash(root) as trash:
        names = [name for name in os.listdir(trash) if name.startswith(HIDDEN_PREFIX)]
        if not dry_run:
            for name in names:
                shutil.rmtree(name, dir_fd=trash)
        return len(names)


@contextmanager
def _trash(root: str) -> Iterator[int]:
    """Yield the descriptor of the trash, which must not be a link."""
    top = os.open(root, TOP_FLAGS)
    try:
        trash = os.open(folders.TRASH, FOLDER_FLAGS, dir_fd=top)
        try:
            yield trash
        finally:
            os.close(trash)
    finally:
        os.close(top)
