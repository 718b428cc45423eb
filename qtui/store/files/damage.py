"""Reasons why a part of a store cannot be read, as text for users."""

from __future__ import annotations

import errno

from qtui.entities import Problem

BROKEN_LINK = "is a broken link"

REASONS = {
    errno.EACCES: "cannot be read: permission denied",
    errno.EPERM: "cannot be read: permission denied",
    errno.EISDIR: "is a folder, not a file",
    errno.ENOTDIR: "is a file, not a folder",
    errno.ELOOP: "is a circular link",
    errno.ENAMETOOLONG: "has a name that is too long",
    errno.ENXIO: "is a pipe or a device, not a file",
}


class Unreadable(Exception):
    """Error for a damaged part of the store; its text is the reason."""


class Vanished(Exception):
    """Error for a file that was deleted while the store was read, which is not damage."""


def reason_of(error: OSError) -> str:
    """Return why the operating system failed, as a clause that follows the path."""
    return REASONS.get(error.errno or 0, f"cannot be read: {error.strerror or error}")


class DamageReport:
    """Collector of the problems met while reading; their paths are relative to the store."""

    def __init__(self, root: str) -> None:
        self._prefix = root.rstrip("/") + "/"
        self.problems: list[Problem] = []
        self.experiment_id: str | None = None
        self.run_id: str | None = None

    def set_context(self, experiment_id: str | None, run_id: str | None = None) -> None:
        """Set the experiment and the run of the problems that are added next."""
        self.experiment_id = experiment_id
        self.run_id = run_id

    def add(self, path: str, reason: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(path.removeprefix(self._prefix), reason, self.experiment_id, self.run_id))

    def drain(self) -> tuple[Problem, ...]:
        """Return the problems added since the last call, and clear them."""
        problems = tuple(self.problems)
        self.problems.clear()
        return problems
