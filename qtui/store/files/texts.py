"""Params and tags: one small text file each, taken byte for byte."""

from __future__ import annotations

from collections.abc import Iterable

from qtui.store.files.damage import Report, Unreadable, Vanished
from qtui.store.files.entries import Entry
from qtui.store.files.opening import CHUNK, read_file

CAP = 1 << 20
"""No param or tag that MLflow writes is anywhere near this size."""


def texts(entries: Iterable[Entry], within: tuple[str, ...], report: Report) -> dict[str, str]:
    """The texts by key; one that is no UTF-8 is shown with escapes and reported."""
    found: dict[str, str] = {}
    for key, path, data in entries:
        try:
            data = data if len(data) < CHUNK else read_file(path, CAP, within)
            found[key] = data.decode()
        except UnicodeDecodeError:
            report.add(path, "is not UTF-8 text; its odd bytes are shown as escapes")
            found[key] = data.decode(errors="backslashreplace")
        except Unreadable as damage:
            report.add(path, str(damage))
        except Vanished:
            continue
    return found
