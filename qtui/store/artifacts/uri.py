"""Build artifact URIs as MLflow does."""

from __future__ import annotations

import posixpath
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit


def join_uri(uri: str, *names: str) -> str:
    """Return a URI with names appended to its path; its query stays at the end."""
    parts = urlsplit(uri)
    if not parts.scheme:
        return posixpath.join(uri, *names)
    if parts.path.startswith("/"):
        return urlunsplit(parts._replace(path=posixpath.join(parts.path, *names)))
    # urlunsplit would make a relative path absolute.
    relative = parts._replace(scheme="", path=posixpath.join(parts.path, *names))
    return f"{parts.scheme}:{urlunsplit(relative)}"


def resolve_uri(uri: str) -> str:
    """Return a URI with its local path made absolute; other URIs are returned unchanged."""
    parts = urlsplit(uri)
    if parts.scheme not in ("", "file"):
        return uri
    path = unquote(parts.path) if parts.scheme else uri
    if Path(path).is_absolute():
        return uri
    absolute = Path.cwd().joinpath(path).as_posix()
    return urlunsplit((parts.scheme, "", absolute, parts.query, parts.fragment)) if parts.scheme else absolute
