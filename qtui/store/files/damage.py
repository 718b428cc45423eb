"""What is wrong with a part of a store, in a user's words."""

from __future__ import annotations

import errno

from qtui.entities import Problem

REASONS = {
    errno.EACCES: "may not be read: permission denied",
    errno.EPERM: "may not be read: permission denied",
    errno.EISDIR: "is a folder where a file should be",
    errno.ENOTDIR: "is a file where a folder should be",
    errno.ELOOP: "is a link that leads in a circle",
    errno.ENAMETOOLONG: "has too long a name",
    errno.ENXIO: "is a pipe or a device, not a file",
}


class Unreadable(Exception):
    """A part of the store cannot be read as it should; the text is the reason."""


class Vanished(Exception):
    """It was deleted while we read, which is no damage."""


def reason_of(error: OSError) -> str:
    """Why the operating system refused, as a sentence that follows the path."""
    return REASONS.get(error.errno or 0, f"cannot be read: {error.strerror or error}")


class Report:
    """Collects the problems that a reading meets, with paths relative to the store."""

    def __init__(self, root: str) -> None:
        self._prefix = root.rstrip("/") + "/"
        self.problems: list[Problem] = []
        self.experiment_id: str | None = None
        self.run_id: str | None = None

    def about(self, experiment_id: str | None, run_id: str | None = None) -> None:
        """Say what the next problems belong to."""
        self.experiment_id = experiment_id
        self.run_id = run_id

    def add(self, path: str, reason: str) -> None:
        """Note one more problem."""
        shown = path.removeprefix(self._prefix)
        self.problems.append(Problem(shown, reason, self.experiment_id, self.run_id))

    def drained(self) -> tuple[Problem, ...]:
        """What was noted since the last time."""
        problems = tuple(self.problems)
        self.problems.clear()
        return problems
