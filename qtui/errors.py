"""Everything that qtui can raise, in one tree; foreign errors are translated into it once, at the door.

QtuiError                      one sentence for the user; `exit_code` for the command line
├── UsageError                 what was asked makes no sense (exit 2)
│   ├── QuerySyntaxError       a wrong filter or sort, with the place of the mistake
│   ├── SettingsError          a setting that cannot be used
│   └── BadValue               a name or a value that no store takes
├── NotFound                   no such store, experiment, run, metric or artifact (exit 2)
│   ├── StoreNotFound
│   ├── ExperimentNotFound
│   ├── RunNotFound
│   ├── MetricNotFound
│   └── ArtifactNotFound
├── MissingExtra               a package that is needed for this store is not installed
└── StoreError                 the store is there but cannot do it (exit 1)
    ├── StoreUnreadable        damaged as a whole, foreign, or not permitted
    ├── StoreLocked            another process holds it
    ├── StoreUnreachable       the server does not answer, or refuses
    ├── StoreUnwritable        it may not be written to, is full, or has tables that we cannot fill
    │   └── MigrationNeeded    the installed MLflow would change the database's schema first
    ├── ExperimentExists       an experiment has this name already, be it deleted
    ├── ParamConflict          the param has another value already
    └── NotActive              what was deleted takes nothing until it is restored
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


class BadValue(UsageError):
    """A name or a value that no store takes; nothing of what came with it was written."""


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


class StoreError(QtuiError):
    """The store is there but cannot do what was asked."""


class StoreUnreadable(StoreError):
    """The store as a whole is damaged, foreign, or not permitted to us."""


class StoreLocked(StoreError):
    """Another process holds the store."""


class StoreUnreachable(StoreError):
    """The server does not answer in time, or refuses."""


class StoreUnwritable(StoreError):
    """The store may not be written to, is full, or has tables that we cannot fill."""


class MigrationNeeded(StoreUnwritable):
    """The installed MLflow would change the database's schema before it writes."""


class ExperimentExists(StoreError):
    """An experiment has this name already, be it deleted."""


class ParamConflict(StoreError):
    """The param has another value already; nothing of what came with it was written."""


class NotActive(StoreError):
    """What was deleted takes nothing until it is restored."""
