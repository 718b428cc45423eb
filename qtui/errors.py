"""The exceptions of qtui. Errors of other libraries are translated into them where they occur.

QtuiError                      message for the user; `exit_code` for the command line
├── UsageError                 wrong use (exit 2)
│   ├── QuerySyntaxError       a wrong filter or sort, with the position of the error
│   ├── SettingsError          a setting that cannot be used
│   ├── ConfigError            a wrong configuration of an object or a backtest
│   ├── UnknownOption          an option that does not exist; also a KeyError
│   ├── WrongClass             an object of another class than requested; also a TypeError
│   └── BadValue               a name or value that no store accepts
├── QlibException              errors that Qlib defines too
│   ├── RecorderInitializationError  a recorder that runs already, or does not run yet
│   └── LoadObjectError        an artifact that is missing or cannot be loaded as an object
├── NotFound                   no such store, experiment, run, metric or artifact (exit 2)
│   ├── StoreNotFound
│   ├── ExperimentNotFound
│   ├── RunNotFound
│   ├── MetricNotFound
│   └── ArtifactNotFound
│       └── RecordsMissing     an artifact that a record needs is missing; also a FileNotFoundError
├── FileNotWritten             an output file cannot be written, or exists already (exit 1)
├── MissingExtra               a package that this store needs is not installed
├── PickleError                a pickle that cannot be shown (exit 1)
│   ├── PickleUnreadable       missing, not a pickle, or damaged at its start
│   └── PickleRefused          it exceeds a limit, or needs buffers outside the file
└── StoreError                 the store exists but the operation failed (exit 1)
    ├── StoreUnreadable        damaged as a whole, unsupported, or not permitted
    ├── StoreLocked            another process holds it (exit 3)
    ├── StoreUnreachable       the server does not answer, or refuses (exit 3)
    ├── StoreUnwritable        read-only, full, or with an unsupported schema
    │   ├── MigrationNeeded    the installed MLflow would migrate the database first
    │   └── ReadOnly           edits are turned off, or the user may not write the store
    ├── ExperimentExists       an experiment with this name exists, active or deleted
    │   └── ExpAlreadyExistError   the same under Qlib's name
    ├── ArtifactTooLarge       a remote artifact exceeds the size limit of what opens it
    ├── NotLogged              some logged values could not be stored; the message says which, and where they are kept
    ├── ParamConflict          the param already has another value
    ├── NotActive              a deleted run or experiment cannot be changed
    ├── NotDeleted             only a deleted run or experiment can be purged
    ├── ChangedSince           an undo would overwrite what somebody changed after the edit
    └── NothingToUndo          the journal has no edit that can be undone, or redone

TimeExceeded                   the time limit of a command; a KeyboardInterrupt (exit 4)
"""

from __future__ import annotations

from typing import Any, Self

from qtui.qlib_classes import also_qlibs, without_qlib


class QtuiError(Exception):
    """The base of all errors of qtui; its text is a message for the user."""

    exit_code = 1


class UsageError(QtuiError, ValueError):
    """Wrong use of a command or function; also a ValueError, as Qlib raises it."""

    exit_code = 2


class QuerySyntaxError(UsageError):
    """A filter or sort expression that cannot be parsed; `position` is the offset of the error in `text`."""

    def __init__(self, reason: str, text: str, position: int, length: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text
        self.position = position
        self.length = length

    def __reduce__(self) -> tuple[type[QuerySyntaxError], tuple[str, str, int, int]]:
        return QuerySyntaxError, (self.reason, self.text, self.position, self.length)


class SettingsError(UsageError):
    """A setting that cannot be used."""


class ConfigError(UsageError):
    """A wrong configuration of an object or a backtest."""


class UnknownOption(UsageError, KeyError):
    """An option that does not exist."""

    __str__ = Exception.__str__


class WrongClass(UsageError, TypeError):
    """An object of another class than requested."""


class BadValue(UsageError):
    """A name or value that no store accepts; nothing of the same call was written."""


class QlibsToo(Exception):
    """Mixin of errors that Qlib defines too, so that `except` clauses with Qlib's classes catch them.

    If Qlib is loaded, the error is an instance of a subclass of both classes.
    """

    def __new__(cls, *args: Any) -> Self:
        """Create the error, as an instance of Qlib's class too if Qlib is loaded."""
        return super().__new__(also_qlibs(cls, "qlib.utils.exceptions", cls.__name__), *args)

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        # A pickle cannot refer to a class that was created at run time.
        return without_qlib(type(self)), self.args


class QlibException(QlibsToo, QtuiError):
    """The base of errors that Qlib defines too."""


class RecorderInitializationError(QlibException):
    """A recorder that is already active, or not active yet."""


class LoadObjectError(QlibException):
    """An artifact that is missing or cannot be loaded as an object."""


class NotFound(QtuiError):
    """Something that does not exist."""

    exit_code = 2


class StoreNotFound(NotFound):
    """The store does not exist."""


class ExperimentNotFound(NotFound, ValueError):
    """The store has no such experiment; also a ValueError, as Qlib raises it."""


class RunNotFound(NotFound, ValueError):
    """No run matches, or more than one; also a ValueError, as Qlib raises it."""


class MetricNotFound(NotFound):
    """The run has no such metric."""


class ArtifactNotFound(NotFound):
    """The run has no such artifact."""


class RecordsMissing(ArtifactNotFound, FileNotFoundError):
    """An artifact that a record needs, or should have saved, is missing in the run."""


class FileNotWritten(QtuiError):
    """An output file cannot be written, or exists already."""


class MissingExtra(QtuiError):
    """A package that a store or file needs is not installed; the message names the extra."""


class PickleError(QtuiError):
    """A pickle that cannot be shown."""


class PickleUnreadable(PickleError):
    """The file is missing, not a pickle, or damaged at its start."""


class PickleRefused(PickleError):
    """The pickle exceeds a limit, or needs buffers outside the file."""


class StoreError(QtuiError):
    """The store exists but the operation failed."""


class StoreUnreadable(StoreError):
    """The store is damaged as a whole, unsupported, or not permitted."""


class StoreLocked(StoreError):
    """Another process has locked the store."""

    exit_code = 3


class StoreUnreachable(StoreError):
    """The server does not answer in time, or refuses the request."""

    exit_code = 3


class StoreUnwritable(StoreError):
    """The store is read-only, full, or has an unsupported schema."""


class MigrationNeeded(StoreUnwritable):
    """The installed MLflow would migrate the database before it writes."""


class ReadOnly(StoreUnwritable):
    """Edits are turned off, or the user has no permission to write the store; the message says which."""


class ExperimentExists(StoreError):
    """An experiment with this name exists already, active or deleted."""


class ExpAlreadyExistError(QlibsToo, ExperimentExists):
    """An experiment with this name exists already, under Qlib's name."""


class ArtifactTooLarge(StoreError):
    """The remote artifact is larger than the limit, so it is not downloaded."""


class ArtifactUnreadable(StoreError):
    """The content of an artifact cannot be shown in this way; the message says why."""


class NotLogged(StoreError):
    """Some logged values could not be stored; the message says which, and where they are kept."""


class ParamConflict(StoreError):
    """The param already has another value; nothing of the same call was written."""


class NotActive(StoreError):
    """A deleted run or experiment cannot be changed until it is restored."""


class NotDeleted(StoreError):
    """A run or experiment that is not deleted cannot be purged."""


class ChangedSince(StoreError):
    """A value was changed after the edit, so undoing the edit would overwrite that change."""


class NothingToUndo(StoreError):
    """The journal has no edit that can be undone, or redone."""


class TimeExceeded(KeyboardInterrupt):
    """The command took longer than its time limit, which interrupted it."""

    exit_code = 4
