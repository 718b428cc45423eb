"""Addresses of artifacts, put together as MLflow does."""

from __future__ import annotations

import posixpath
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit


def below(uri: str, *names: str) -> str:
    """The address of what lies below another; its query stays at the end."""
    parts = urlsplit(uri)
    if not parts.scheme:
        return posixpath.join(uri, *names)
    if parts.path.startswith("/"):
        return urlunsplit(parts._replace(path=posixpath.join(parts.path, *names)))
    # Python would make a relative path an absolute one.
    relative = parts._replace(scheme="", path=posixpath.join(parts.path, *names))
    return f"{parts.scheme}:{urlunsplit(relative)}"


def absolute(uri: str) -> str:
    """The address with a local path made absolute; any other as it is."""
    parts = urlsplit(uri)
    if parts.scheme not in ("", "file"):
        return uri
    path = unquote(parts.path) if parts.scheme else uri
    if Path(path).is_absolute():
        return uri
    found = Path.cwd().joinpath(path).as_posix()
    return urlunsplit((parts.scheme, "", found, parts.query, parts.fragment)) if parts.scheme else found
