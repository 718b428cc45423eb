"""Change fields of a meta.yaml and keep all others byte for byte."""

from __future__ import annotations

from collections.abc import Mapping

from qtui.store.files.layout.fast_meta import NotPlain, parse_plain_mapping
from qtui.store.files.layout.meta import dump_meta, update_meta

NULLABLE_FIELDS = frozenset({"end_time"})
"""Fields that are written as null, not removed, when they have no value."""


def edit_meta(data: bytes, changes: Mapping[str, object]) -> bytes:
    """Return a meta.yaml with some fields changed, or removed if their new value is None.

    A file in the form that MLflow writes is changed line by line; any other one is written anew by PyYAML.
    Raises `Unreadable` if it is not a mapping.
    """
    blocks = _split_blocks(data)
    if blocks is None:
        return update_meta(data, **changes)
    for key, value in changes.items():
        if value is None and key not in NULLABLE_FIELDS:
            blocks.pop(key, None)
            continue
        block = dump_meta({key: value}).decode()
        if key in blocks:
            blocks[key] = block
        else:
            names = [*blocks]
            position = next((index for index, name in enumerate(names) if name > key), len(names))
            items = [*blocks.items()]
            blocks = dict([*items[:position], (key, block), *items[position:]])
    return "".join(blocks.values()).encode()


def _split_blocks(data: bytes) -> dict[str, str] | None:
    """Return the lines of every top-level field by its key; None if the file needs a YAML parser."""
    try:
        text = data.decode()
        parse_plain_mapping(text)
    except (UnicodeDecodeError, NotPlain):
        return None
    blocks: dict[str, str] = {}
    key = ""
    for line in text[:-1].split("\n"):
        if line.startswith(" "):
            blocks[key] += f"{line}\n"
        else:
            key = line.partition(":")[0]
            blocks[key] = f"{line}\n"
    return blocks
