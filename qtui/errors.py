"""Everything that qtui can raise, in one tree; foreign errors are translated into it once, at the door.

QtuiError                      one sentence for the user; `exit_code` for the command line
├── UsageError                 what was asked makes no sense (exit 2)
│   ├── QuerySyntaxError       a wrong filter or sort, with the place of the mistake
│   └── SettingsError          a setting that cannot be used
├── NotFound                   no such store, experiment, run, metric or artifact (exit 2)
│   ├── StoreNotFound
│   ├── ExperimentNotFound
│   ├── RunNotFound
│   ├── MetricNotFound
│   └── ArtifactNotFound
├── MissingExtra               a package that is needed for this store is not installed
├── PickleError                a pickle that cannot be shown, however carefully (exit 1)
│   ├── PickleUnreadable       missing, no pickle, or damaged before anything could be decoded
│   └── PickleRefused          it needs more than the limits allow, or buffers that are not in the file
└── StoreError                 the store is there but cannot do it (exit 1)
    ├── StoreUnreadable        damaged as a whole, foreign, or not permitted
    ├── StoreLocked            another process holds it
    └── StoreUnreachable       the server does not answer, or refuses
"""

from __future__ import annotations


class QtuiError(Exception):
    """The root: its text is one clear sentence for the user."""

    exit_code = 1


class UsageError(QtuiError):
    """What was asked makes no sense."""

    exit_code = 2


class QuerySyntaxError(UsageError):
    """A filter or an order that cannot be understood; `position` is the offset of the mistake in `text`."""

    def __init__(self, reason: str, text: str, position: int, length: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text
        self.position = position
        self.length = length


class SettingsError(UsageError):
    """A setting that cannot be used."""


class NotFound(QtuiError):
    """What was asked for does not exist."""

    exit_code = 2


class StoreNotFound(NotFound):
    """There is no store at this place."""


class ExperimentNotFound(NotFound):
    """The store has no such experiment."""


class RunNotFound(NotFound):
    """The store has no such run, or more than one that the words could mean."""


class MetricNotFound(NotFound):
    """The run has no such metric."""


class ArtifactNotFound(NotFound):
    """The run has no such artifact."""


class MissingExtra(QtuiError):
    """A package that this store or file needs is not installed; the text names the extra."""


class PickleError(QtuiError):
    """A pickle that cannot be shown, however carefully."""


class PickleUnreadable(PickleError):
    """There is no pickle, or it is damaged before anything could be decoded."""


class PickleRefused(PickleError):
    """The pickle needs more than the limits allow, or buffers that are not in the file."""


class StoreError(QtuiError):
    """The store is there but cannot do what was asked."""


class StoreUnreadable(StoreError):
    """The store as a whole is damaged, foreign, or not permitted to us."""


class StoreLocked(StoreError):
    """Another process holds the store."""


class StoreUnreachable(StoreError):
    """The server does not answer in time, or refuses."""
