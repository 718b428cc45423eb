"""Read chunks on a thread that nobody has to wait for."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread

from qtui.cancellation import check_cancelled

CHUNKS_AHEAD = 4
"""Chunks that are read before they are needed."""
POLL_INTERVAL_S = 0.1
"""Seconds after which a reader that gets nothing checks whether it was cancelled."""

Entry = bytes | BaseException | None
"""A chunk, the error of reading, or None at the end."""


def pump(chunks: Generator[bytes, None, None]) -> Iterator[bytes]:
    """Yield chunks that a daemon thread reads, and an empty one whenever none arrives for POLL_INTERVAL_S.

    Closing the iterator, or cancelling its work, leaves the thread behind: it ends with the present chunk, and then
    closes the generator.
    """
    queue: Queue[Entry] = Queue(CHUNKS_AHEAD)
    is_closed = Event()
    Thread(target=_read_into, args=(queue, chunks, is_closed), daemon=True).start()
    try:
        while True:
            check_cancelled()
            try:
                entry = queue.get(timeout=POLL_INTERVAL_S)
            except Empty:
                entry = b""
            if entry is None:
                return
            if isinstance(entry, BaseException):
                raise entry
            yield entry
    finally:
        is_closed.set()


def _read_into(queue: Queue[Entry], chunks: Generator[bytes, None, None], is_closed: Event) -> None:
    """Read chunks until their end, an error, or `is_closed`."""

    def put(entry: Entry) -> None:
        while not is_closed.is_set():
            try:
                return queue.put(entry, timeout=POLL_INTERVAL_S)
            except Full:
                continue

    try:
        for chunk in chunks:
            put(chunk)
            if is_closed.is_set():
                return
        put(None)
    except BaseException as error:
        put(error)
    finally:
        chunks.close()
