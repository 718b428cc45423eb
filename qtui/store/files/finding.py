"""Finds runs by the beginning of their id."""

from __future__ import annotations

import os
from collections.abc import Iterator

from qtui.entities import RunInfo, View
from qtui.store.files import layout
from qtui.store.files.infos import InfoReader
from qtui.store.files.layout import Folder


def find_runs(root: str, prefix: str) -> tuple[RunInfo, ...]:
    """Runs whose id begins so, by id; an exact id gives that run alone."""
    experiments = list(layout.experiment_folders(root, View.ALL))
    exact = [(folder, prefix) for folder in experiments if layout.is_folder_name(prefix)]
    return _read(root, iter(exact)) or _read(root, _beginning(experiments, prefix))


def _beginning(experiments: list[Folder], prefix: str) -> Iterator[tuple[Folder, str]]:
    for folder in experiments:
        try:
            names = os.listdir(folder.path)
        except OSError:
            continue
        yield from ((folder, name) for name in names if name.startswith(prefix) and layout.may_be_run(name))


def _read(root: str, candidates: Iterator[tuple[Folder, str]]) -> tuple[RunInfo, ...]:
    read = (InfoReader(root, folder).read((name, f"{folder.path}/{name}")) for folder, name in candidates)
    return tuple(sorted((info for info, _ in read if info is not None), key=lambda info: info.run_id))
