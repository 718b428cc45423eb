"""Reads meta.yaml: flat YAML, by hand where it is plain, else by PyYAML's events, never by building objects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias, cast

from qtui.store.files.damage import Unreadable

Meta: TypeAlias = Mapping[str, "str | Mapping[str, str] | None"]
"""The text of every value, None for a null; a nested mapping keeps its scalars, a nested list is dropped."""

CAP = 64 * 1024
DATASET_CAP = 20 * 1024 * 1024
"""A dataset's profile alone may have 16 MB."""

NULLS: Mapping[str, str | None] = {"null": None, "~": None, "": None, "Null": None, "NULL": None}
_WORD = r"[\w/.+=,@%~();&$*<>|^!-]*"
PLAIN = rf"[\w/.]{_WORD}(?:(?::(?=[\w/])| (?=[\w/.+=@%~()-])){_WORD})*"
"""A text that means itself in YAML without quotes, or a null; not all there are, but nearly all that are written."""

_is_plain = re.compile(f"{PLAIN}|").fullmatch
_is_key = re.compile(r"[A-Za-z_][\w./-]*").fullmatch
_PRINTABLE = r"[^'\x00-\x1f\x7f-\x9f\ufeff\ud800-\udfff\ufffe\uffff\u2028\u2029]*"
_quoted = re.compile(f"'({_PRINTABLE}(?:''{_PRINTABLE})*)'").fullmatch


class NotPlain(Exception):
    """The text needs a real YAML parser."""


def parse(data: bytes) -> Meta:
    """The mapping that a meta.yaml holds; `Unreadable` when it holds none."""
    if not data.strip():
        raise Unreadable("is empty")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Unreadable("is not UTF-8 text") from None
    try:
        return plain_mapping(text)
    except NotPlain:
        # PyYAML costs 20 ms to import and most stores never need it.
        from qtui.store.files.yaml_events import mapping_of

        return mapping_of(text)


def plain_mapping(text: str) -> Meta:
    """The mapping in a text of plain lines, of which `tags` may be a mapping itself when it comes last."""
    top, nested, below = text.partition("\ntags:\n")
    if not nested:
        return {key: scalar(value) for key, value in flat_lines(text).items()}
    lines = below[:-1].split("\n")
    if not all(line.startswith("  ") for line in lines):
        raise NotPlain
    tags = flat_lines("".join(f"{line[2:]}\n" for line in lines))
    return {
        **{key: scalar(value) for key, value in flat_lines(f"{top}\n").items()},
        "tags": {key: scalar(value) or "" for key, value in tags.items()},
    }


def flat_lines(text: str) -> dict[str, str]:
    """The `key: value` lines of a text that has nothing else, values still as written."""
    if "\n " in text or not text.endswith("\n") or text.startswith("\ufeff"):
        raise NotPlain
    try:
        found = dict(cast("list[tuple[str, str]]", [line.split(": ", 1) for line in text[:-1].split("\n")]))
    except ValueError:
        raise NotPlain from None
    if not all(map(_is_key, found)):
        raise NotPlain
    return found


def scalar(written: str) -> str | None:
    """What a plain or simply quoted value says; quoted numbers and bare ones are the same text."""
    if _is_plain(written):
        return NULLS.get(written, written)
    if quoted := _quoted(written):
        return quoted[1].replace("''", "'")
    raise NotPlain
