"""The journal of the edits of a store: the changes that undo them, in private files, shared by all processes of a user.

An edit has a file with its entry and its changes. While the edit is applied, changes are appended to a second file
before they are written to the store. So an edit that was killed can be undone as far as it came.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict, fields, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from qtui import settings
from qtui.errors import NothingToUndo, StoreLocked, StoreUnwritable
from qtui.store import Store
from qtui.store.changes import Change, Target
from qtui.store.dirfd import write_all
from qtui.text import redact
from qtui.value_classes import dataclass

MAX_ENTRIES = 200
MAX_JOURNAL_BYTES = 64 << 20
"""Limits of the journal of one store; the oldest entries are removed first."""

MAX_SMALL_ENTRY_BYTES = 8 << 10
"""An entry of at most this size has the changes of about 100 runs at most."""

DONE, UNDONE, DROPPED, PERMANENT = "done", "undone", "dropped", "permanent"
"""States of entries. `dropped` is an undone edit that cannot be redone, because another edit followed."""

DAMAGE = (OSError, ValueError, KeyError, TypeError, AttributeError)
"""The errors of reading a damaged file."""

CHANGE_FIELDS = tuple(Change.__dataclass_fields__)
ENTRY_SUFFIX, PARTS_SUFFIX = ".json", ".parts"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An edit in the journal."""

    number: int
    time: int
    """The time (ms) of the edit."""
    command: str
    """The command that made the edit, such as `qtui tag`."""
    summary: str
    """A description of the edit: one sentence without a period."""
    store: str
    """The address of the store, without its password."""
    count: int = 0
    """The number of runs and experiments that were changed."""
    state: str = DONE
    added_at: int = 0
    """The time (ns) at which the entry was added."""
    changed_at: int = 0
    """The time (ns) of the last change of the state."""
    finished: bool = False
    """Whether the edit has ended: False while it runs, and after it was killed."""


class Recording:
    """The open file to which changes are appended while an edit is applied."""

    def __init__(self, descriptor: int, write_errors: Callable[[], AbstractContextManager[None]]) -> None:
        self._descriptor = descriptor
        self._write_errors = write_errors
        self.is_empty = True
        """Whether nothing was recorded."""

    def record(self, changes: Sequence[Change]) -> None:
        """Append changes; a process that is killed afterwards does not lose them."""
        line = json.dumps([change_json(change) for change in changes]) + "\n"
        with self._write_errors():
            write_all(self._descriptor, line.encode())
        self.is_empty = False


class Journal:
    """The edits of one store, in a folder that only the user can access."""

    def __init__(self, folder: Path, store: str) -> None:
        self.folder = folder
        self.store = store
        """The address of the store, without its password."""

    @classmethod
    def of(cls, store: Store) -> Journal:
        """Return the journal of a store; that of an in-memory store lasts as long as the store."""
        uri = redact(store.uri)
        if store.kind == "memory":
            return cls(_temporary_folder(store), uri)
        digest = blake2b(uri.encode(), digest_size=12).hexdigest()
        return cls(settings.state_dir() / "journal" / digest, uri)

    def entries(self) -> tuple[JournalEntry, ...]:
        """Return the entries, the oldest first."""
        entries = [entry for number in self._numbers() if (entry := self._read_entry(number)) is not None]
        last_added = max((entry.added_at for entry in entries), default=0)
        return tuple(
            replace(entry, state=DROPPED) if entry.state == UNDONE and entry.changed_at < last_added else entry
            for entry in entries
        )

    def add(self, time_ms: int, command: str, summary: str, *, state: str = DONE) -> JournalEntry:
        """Add an entry, whose changes are not known yet; edits that are undone cannot be redone afterwards."""
        now = time.time_ns()
        with self._locked("lock"):
            number = max(self._numbers(), default=0) + 1
            entry = JournalEntry(
                number, time_ms, command, summary, self.store, state=state, added_at=now, changed_at=now
            )
            self._write(entry, ())
            self._prune()
            return entry

    @contextmanager
    def recording(self, entry: JournalEntry, *, wait: bool = True) -> Iterator[Recording]:
        """Yield a recording of the changes that undo, or redo, what is written to the store next.

        Another process that is recording the same edit is waited for; without `wait`, StoreLocked is raised.
        """
        with self._locked_parts(entry.number, wait=wait) as descriptor:
            yield Recording(descriptor, self._write_errors)

    def interrupted(self) -> Iterator[JournalEntry]:
        """Yield the edits that were interrupted, each locked against other processes."""
        for number in self._numbers(PARTS_SUFFIX):
            with suppress(StoreLocked), self._locked_parts(number, wait=False) as descriptor:
                entry = self._read_entry(number)
                if entry is not None and not entry.finished and os.fstat(descriptor).st_size:
                    yield entry

    def finish(self, entry: JournalEntry, changes: Sequence[Change]) -> JournalEntry:
        """Replace the recorded changes of an entry by the complete ones, and return the entry in its new state.

        Raises StoreUnwritable if the journal cannot be written: the recorded changes stay, which undo the edit as well.
        """
        entry = replace(entry, changed_at=time.time_ns(), finished=True)
        self._write(entry, changes, "What was changed is recorded.")
        with suppress(OSError):
            os.unlink(self._path(entry, PARTS_SUFFIX))
        return entry

    def reread(self, entry: JournalEntry) -> JournalEntry:
        """Return an entry as another process may have changed it."""
        return self._read_entry(entry.number) or entry

    def remove(self, entry: JournalEntry) -> None:
        """Remove an entry."""
        for suffix in (ENTRY_SUFFIX, PARTS_SUFFIX):
            with suppress(OSError):
                os.unlink(self._path(entry, suffix))

    def is_large(self, entry: JournalEntry) -> bool:
        """Return whether an entry has the changes of many runs."""
        return self._size(entry.number) > MAX_SMALL_ENTRY_BYTES

    def changes(self, entry: JournalEntry) -> tuple[Change, ...]:
        """Return the changes that undo an edit, or redo an undone one, in the order to apply them.

        Raises NothingToUndo if they cannot be read.
        """
        if not entry.finished:
            return self.parts(entry)
        try:
            _, changes = self._path(entry, ENTRY_SUFFIX).read_text().splitlines()
            return tuple(change_of(item) for item in json.loads(changes))
        except DAMAGE:
            verb = "redone" if entry.state == UNDONE else "undone"
            raise NothingToUndo(
                f"Edit {entry.number} cannot be {verb}: its file in the journal is damaged. qtui log lists the others."
            ) from None

    def parts(self, entry: JournalEntry) -> tuple[Change, ...]:
        """Return the recorded changes of an edit, undo or redo that was interrupted, the last first."""
        changes: list[Change] = []
        try:
            lines = self._path(entry, PARTS_SUFFIX).read_text(errors="replace").splitlines()
        except OSError:
            return ()
        for line in reversed(lines):
            # The last line of a killed process may be incomplete; its changes were not written to the store.
            with suppress(*DAMAGE):
                changes += [change_of(item) for item in json.loads(line)]
        return tuple(changes)

    @contextmanager
    def undoing(self) -> Iterator[None]:
        """Keep other processes from undoing and redoing; raise StoreLocked if one does."""
        with self._locked("undo-lock", wait=False):
            yield

    def _numbers(self, suffix: str = ENTRY_SUFFIX) -> list[int]:
        try:
            names = os.listdir(self.folder)
        except OSError:
            return []
        stems = (name.removesuffix(suffix) for name in names if name.endswith(suffix))
        return sorted(int(stem) for stem in stems if stem.isdecimal())

    def _read_entry(self, number: int) -> JournalEntry | None:
        try:
            with (self.folder / f"{number:08}{ENTRY_SUFFIX}").open() as file:
                entry = JournalEntry(**json.loads(file.readline()))
        except DAMAGE:
            return None
        is_valid = entry.number == number and all(
            type(getattr(entry, field.name)).__name__ == field.type for field in fields(JournalEntry)
        )
        return entry if is_valid else None

    def _write(self, entry: JournalEntry, changes: Sequence[Change], consequence: str = "Nothing was changed.") -> None:
        """Write the file of an entry, as a whole: a line with the entry, and one with its changes."""
        lines = (asdict(entry), [change_json(change) for change in changes])
        path = self._path(entry, ENTRY_SUFFIX)
        temporary = path.with_suffix(f".{os.urandom(6).hex()}")
        with self._write_errors(consequence):
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(descriptor, "w") as file:
                    file.writelines(f"{json.dumps(line)}\n" for line in lines)
                os.rename(temporary, path)
            except OSError:
                os.unlink(temporary)
                raise

    def _prune(self) -> None:
        """Remove the oldest entries beyond the limits, but not the newest one."""
        numbers = self._numbers()
        sizes = {number: self._size(number) for number in numbers}
        total = sum(sizes.values())
        for index, number in enumerate(numbers[:-1]):
            if len(numbers) - index <= MAX_ENTRIES and total <= MAX_JOURNAL_BYTES:
                return
            total -= sizes[number]
            for suffix in (ENTRY_SUFFIX, PARTS_SUFFIX):
                with suppress(OSError):
                    os.unlink(self.folder / f"{number:08}{suffix}")

    def _size(self, number: int) -> int:
        size = 0
        for suffix in (ENTRY_SUFFIX, PARTS_SUFFIX):
            with suppress(OSError):
                size += os.stat(self.folder / f"{number:08}{suffix}").st_size
        return size

    def _path(self, entry: JournalEntry, suffix: str) -> Path:
        return self.folder / f"{entry.number:08}{suffix}"

    @contextmanager
    def _locked(self, name: str, *, wait: bool = True) -> Iterator[None]:
        """Lock a file of the folder; on a file system without locks, nothing is locked."""
        with self._write_errors():
            settings.make_private(self.folder)
            descriptor = os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._lock(descriptor, wait=wait)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def _locked_parts(self, number: int, *, wait: bool) -> Iterator[int]:
        """Lock the file of recorded changes of an entry, and yield its descriptor."""
        with self._write_errors():
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            descriptor = os.open(self.folder / f"{number:08}{PARTS_SUFFIX}", flags, 0o600)
        try:
            self._lock(descriptor, wait=wait)
            yield descriptor
        finally:
            os.close(descriptor)

    def _lock(self, descriptor: int, *, wait: bool) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise StoreLocked("Another qtui is editing this store. Try again when it is done.") from None
        except OSError:
            pass

    @contextmanager
    def _write_errors(self, consequence: str = "Nothing was changed.") -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreUnwritable(
                f"The journal of edits in {self.folder} cannot be written: {error.strerror}. {consequence}"
            ) from None


def change_json(change: Change) -> dict[str, Any]:
    """Return a change as values of JSON, with the IDs of runs grouped by experiment."""
    targets: dict[str, list[str]] = {}
    for target in change.targets:
        targets.setdefault(target.experiment_id, []).append(target.run_id)
    # asdict copies the values of each change, which takes longer than to write them.
    return {**{name: getattr(change, name) for name in CHANGE_FIELDS}, "targets": targets}


def change_of(content: Mapping[str, Any]) -> Change:
    """Return a change from `change_json`."""
    targets = tuple(
        Target(experiment_id, run_id) for experiment_id, ids in content["targets"].items() for run_id in ids
    )
    return Change(**{**content, "targets": targets})


_temporary_folders: weakref.WeakKeyDictionary[Store, Path] = weakref.WeakKeyDictionary()


def _temporary_folder(store: Store) -> Path:
    """Return the folder of the journal of an in-memory store."""
    if store not in _temporary_folders:
        folder = Path(tempfile.mkdtemp(prefix="qtui-journal-"))
        _temporary_folders[store] = folder
        weakref.finalize(store, shutil.rmtree, folder, ignore_errors=True)
    return _temporary_folders[store]
