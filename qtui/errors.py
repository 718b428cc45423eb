"""Everything that qtui can raise, in one tree; foreign errors are translated into it once, at the door.

QtuiError                      one sentence for the user; `exit_code` for the command line
├── UsageError                 what was asked makes no sense (exit 2)
│   ├── QuerySyntaxError       a wrong filter or sort, with the place of the mistake
│   ├── SettingsError          a setting that cannot be used
│   ├── ConfigError            a description of an object or of a backtest that cannot be followed
│   ├── UnknownOption          an option that does not exist; also a KeyError
│   ├── WrongClass             an object of another class than was asked for; also a TypeError
│   └── BadValue               a name or a value that no store takes
├── QlibException              what Qlib has an error of its own for
│   ├── RecorderInitializationError  a recorder that runs already, or does not run yet
│   └── LoadObjectError        an artifact that is missing or cannot be made an object again
├── NotFound                   no such store, experiment, run, metric or artifact (exit 2)
│   ├── StoreNotFound
│   ├── ExperimentNotFound
│   ├── RunNotFound
│   ├── MetricNotFound
│   └── ArtifactNotFound
│       └── RecordsMissing     what a record builds on was not saved; also a FileNotFoundError
├── FileNotWritten             a file of the user's cannot be written, or is there already (exit 1)
├── MissingExtra               a package that is needed for this store is not installed
├── PickleError                a pickle that cannot be shown, however carefully (exit 1)
│   ├── PickleUnreadable       missing, no pickle, or damaged before anything could be decoded
│   └── PickleRefused          it needs more than the limits allow, or buffers that are not in the file
└── StoreError                 the store is there but cannot do it (exit 1)
    ├── StoreUnreadable        damaged as a whole, foreign, or not permitted
    ├── StoreLocked            another process holds it
    ├── StoreUnreachable       the server does not answer, or refuses
    ├── StoreUnwritable        it may not be written to, is full, or has tables that we cannot fill
    │   └── MigrationNeeded    the installed MLflow would change the database's schema first
    ├── ExperimentExists       an experiment has this name already, be it deleted
    │   └── ExpAlreadyExistError   the same in Qlib's word
    ├── ArtifactTooLarge       a remote artifact exceeds the size limit of what opens it
    ├── NotLogged              what was logged could not all be stored; the text says what, and where it is kept
    ├── ParamConflict          the param has another value already
    └── NotActive              what was deleted takes nothing until it is restored
"""

from __future__ import annotations

from typing import Any, Self

from qtui.qlib_classes import also_qlibs, without_qlib


class QtuiError(Exception):
    """The root: its text is one clear sentence for the user."""

    exit_code = 1


class UsageError(QtuiError, ValueError):
    """What was asked makes no sense; also a ValueError, as Qlib raises it."""

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


class ConfigError(UsageError):
    """A description of an object or of a backtest that cannot be followed."""


class UnknownOption(UsageError, KeyError):
    """An option that does not exist."""

    __str__ = Exception.__str__


class WrongClass(UsageError, TypeError):
    """An object of another class than was asked for."""


class BadValue(UsageError):
    """A name or a value that no store takes; nothing of what came with it was written."""


class QlibsToo(Exception):
    """Mixin of an error that Qlib has too, for `except` clauses of Qlib's code and of its users.

    Where Qlib is loaded, the error is an instance of a subclass of both.
    """

    def __new__(cls, *args: Any) -> Self:
        """Create an error that is one to Qlib too, where Qlib is loaded."""
        return super().__new__(also_qlibs(cls, "qlib.utils.exceptions", cls.__name__), *args)

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        # No pickle can name a class that was made at run time.
        return without_qlib(type(self)), self.args


class QlibException(QlibsToo, QtuiError):
    """What Qlib has an error of its own for."""


class RecorderInitializationError(QlibException):
    """A recorder that runs already, or does not run yet."""


class LoadObjectError(QlibException):
    """An artifact that is missing or cannot be made an object again."""


class NotFound(QtuiError):
    """What was asked for does not exist."""

    exit_code = 2


class StoreNotFound(NotFound):
    """There is no store at this place."""


class ExperimentNotFound(NotFound, ValueError):
    """The store has no such experiment; also a ValueError, as Qlib raises it."""


class RunNotFound(NotFound, ValueError):
    """The store has no such run, or more than one that the words could mean; also a ValueError, as Qlib raises it."""


class MetricNotFound(NotFound):
    """The run has no such metric."""


class ArtifactNotFound(NotFound):
    """The run has no such artifact."""


class RecordsMissing(ArtifactNotFound, FileNotFoundError):
    """What a record builds on, or should have saved, is not among the artifacts of the run."""


class FileNotWritten(QtuiError):
    """A file that the user asked for cannot be written, or is there already."""


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


class StoreUnwritable(StoreError):
    """The store may not be written to, is full, or has tables that we cannot fill."""


class MigrationNeeded(StoreUnwritable):
    """The installed MLflow would change the database's schema before it writes."""


class ExperimentExists(StoreError):
    """An experiment has this name already, be it deleted."""


class ExpAlreadyExistError(QlibsToo, ExperimentExists):
    """An experiment has this name already: Qlib's word for it."""


class ArtifactTooLarge(StoreError):
    """The remote artifact is larger than the limit, so it is not downloaded."""


class NotLogged(StoreError):
    """What was logged could not all be stored; the text says what, and where it is kept."""


class ParamConflict(StoreError):
    """The param has another value already; nothing of what came with it was written."""


class NotActive(StoreError):
    """What was deleted takes nothing until it is restored."""
