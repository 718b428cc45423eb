"""Logs: levels are coloured and filtered, times can be searched."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from qtui.artifacts.content import LogContent, RowCount, TextContent, TimedContent
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.text.coloured_text import ColouredText
from qtui.artifacts.text.log_times import START_LENGTH, line_moment, line_time, parse_log_time, time_match, to_ms
from qtui.artifacts.text.text_file import open_text
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import BadValue
from qtui.plot.pieces import Piece, Row

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
ROLES = {"DEBUG": "muted", "INFO": "accent", "WARNING": "warning", "ERROR": "error", "CRITICAL": "error"}
LEVEL_NAMES = {
    "TRACE": "DEBUG",
    "DEBUG": "DEBUG",
    "INFO": "INFO",
    "NOTICE": "INFO",
    "WARN": "WARNING",
    "WARNING": "WARNING",
    "ERROR": "ERROR",
    "ERR": "ERROR",
    "SEVERE": "ERROR",
    "CRITICAL": "CRITICAL",
    "CRIT": "CRITICAL",
    "FATAL": "CRITICAL",
    "ALERT": "CRITICAL",
    "EMERG": "CRITICAL",
}
LETTERS = {"I": "INFO", "W": "WARNING", "E": "ERROR", "F": "CRITICAL"}
"""Levels of glog, which writes `W0131 12:00:00.000000`."""
LEVEL = re.compile(
    rf"\b(?:{'|'.join(LEVEL_NAMES)})\b|(?i:(?<=\[)(?:{'|'.join(LEVEL_NAMES)})(?=\s*\]))"
    rf"|(?i:(?<=level=)\"?(?:{'|'.join(LEVEL_NAMES)})\b)|^[IWEF](?=\d{{4}} \d\d:\d\d)"
)
LOG_NAMES = ("log.txt", "logs.txt", "stdout", "stderr", "stdout.txt", "stderr.txt", "output.txt")
LOG_SUFFIXES = (".log", ".out", ".err")
LINES_SAMPLED = 30
MAX_LINES_WITHOUT_TIME = 1000
"""Lines after which the search for the time of a line ends."""
BATCH = 4096
"""Lines that are filtered between two reports of the progress."""
MAX_BATCHES = 25
"""Batches that are filtered for the rows of a window; the scan filters the rest, and can be cancelled."""
SEVERE_WORDS = ("warn", "err", "crit", "fatal", "alert", "emerg", "severe", "traceback")
"""Every line of level WARNING or above has one of them, or begins as glog's; most texts have none and are skipped."""
SEVERE_LETTER = re.compile(r"^[WEF]\d{4} ", re.MULTILINE)
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


class LogViewer(Viewer):
    """Logs by their name, or by times and levels in their lines."""

    name = "log"

    def recognises(self, sample: Sample) -> bool:
        """Return whether the name is that of a log, or most of the first lines begin with a time or level."""
        if not sample.is_text:
            return False
        if sample.suffix in LOG_SUFFIXES or sample.name in LOG_NAMES:
            return True
        if sample.suffix not in ("", ".txt"):
            return False
        lines = [line for line in sample.text.split("\n")[:LINES_SAMPLED] if line.strip()]
        marked = [line for line in lines if is_log_line(line)]
        return len(marked) >= 2 and len(marked) * 2 >= len(lines)

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (
            View("log", partial(open_log, source, sample.encoding)),
            View("warnings", lambda: open_log(source, sample.encoding).at_least("WARNING")),
        )


class LogText(ColouredText, LogContent):
    """The lines of a log."""

    def __init__(self, text: TextContent) -> None:
        super().__init__(text, log_row)

    @property
    def levels(self) -> Sequence[str]:
        return LEVELS

    def at_least(self, level: str) -> TimedContent:
        return LogEntries(self, LEVELS.index(level))

    def time_at(self, line: int) -> int | None:
        place = self._next_time(line, line + MAX_LINES_WITHOUT_TIME)
        return to_ms(place[1]) if place else None

    def parse_time(self, text: str, line: int) -> int:
        place = self._next_time(line, line + MAX_LINES_WITHOUT_TIME) or self._next_time(0, MAX_LINES_WITHOUT_TIME)
        if place is None:
            raise BadValue("This log has no times.")
        return parse_log_time(text, place[1])

    def find_time(self, time_ms: int) -> Iterator[int | None]:
        """Find the first line at or after a time by bisection; the times are expected to ascend."""
        for _ in self.scan():
            yield None
        low, high = 0, self.row_count().count
        result = None
        while low < high:
            middle = (low + high) // 2
            place = self._next_time(middle, min(high, middle + MAX_LINES_WITHOUT_TIME))
            if place is None or (to_ms(place[1]) or 0) >= time_ms:
                result = place[0] if place else result
                high = middle
            else:
                low = place[0] + 1
            yield None
        if result is not None:
            yield result

    def lines(self, start: int, stop: int) -> Sequence[str]:
        """Return the texts of the lines from `start` to `stop`."""
        return [row[0].text for row in self._text.rows(start, stop)]

    def _next_time(self, start: int, stop: int) -> tuple[int, datetime] | None:
        """Return the first line with a time from `start` on, and its time."""
        step = 16
        while start < stop:
            lines = self.lines(start, min(stop, start + step))
            for number, line in enumerate(lines, start):
                if (time := line_moment(line)) is not None:
                    return number, time
            if len(lines) < step:
                return None
            start, step = start + step, step * 4
        return None


class LogEntries(TimedContent):
    """The entries of a log with a level or above, with the lines that follow them, such as tracebacks."""

    def __init__(self, log: LogText, level: int) -> None:
        self._log = log
        self._level = level
        self._lines: array[int] = array("Q")
        self._filtered = 0
        self._includes_next = False
        self._is_complete = False

    def row_count(self) -> RowCount:
        """Return the number of matching lines among those that were filtered."""
        return RowCount(len(self._lines), self._is_complete)

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Return matching lines, each after its number in the log, as far as the log was filtered."""
        for _ in range(MAX_BATCHES):
            if len(self._lines) >= stop or not self._filter_batch():
                break
        numbers = self._lines[start:stop]
        return [(Piece(f"{number + 1:>7}  ", "muted"), *self._log.rows(number, number + 1)[0]) for number in numbers]

    def scan(self) -> Iterator[float]:
        for done in self._log.scan():
            yield done / 2
        count = max(1, self._log.row_count().count)
        while self._filter_batch():
            yield 0.5 + self._filtered / count / 2
        yield 1.0

    def search(self, text: str, start: int, step: int) -> Iterator[int | None]:
        for _ in self.scan():
            yield None
        yield from super().search(text, start, step)

    def time_at(self, line: int) -> int | None:
        numbers = self._lines[line : line + 1]
        return self._log.time_at(numbers[0]) if numbers else None

    def parse_time(self, text: str, line: int) -> int:
        return self._log.parse_time(text, self._lines[line] if line < len(self._lines) else 0)

    def find_time(self, time_ms: int) -> Iterator[int | None]:
        for number in self._log.find_time(time_ms):
            yield None
            if number is not None:
                for _ in self.scan():
                    yield None
                index = bisect_left(self._lines, number)
                if index < len(self._lines):
                    yield index

    def _filter_batch(self) -> bool:
        """Filter some more lines; return False at the end of the log."""
        lines = self._log.lines(self._filtered, self._filtered + BATCH)
        is_skipped = not self._includes_next and self._level >= LEVELS.index("WARNING")
        if not is_skipped or _may_be_severe("\n".join(lines)):
            for number, line in enumerate(lines, self._filtered):
                if self._includes(line):
                    self._lines.append(number)
        self._filtered += len(lines)
        self._is_complete = len(lines) < BATCH
        return not self._is_complete

    def _includes(self, line: str) -> bool:
        """Return whether a line has the level, or follows such a line and has neither level nor time."""
        level = line_level(line)
        if level is not None:
            self._includes_next = LEVELS.index(level) >= self._level
        elif line_time(line) is not None:
            self._includes_next = False
        return self._includes_next


def _may_be_severe(text: str) -> bool:
    """Return whether a text may have a line of level WARNING or above."""
    lowered = text.lower()
    return any(word in lowered for word in SEVERE_WORDS) or SEVERE_LETTER.search(text) is not None


def open_log(source: Source, encoding: str) -> LogText:
    """Return the lines of a log."""
    return LogText(open_text(source, encoding))


def is_log_line(line: str) -> bool:
    """Return whether a line begins with a time, or has a level near its start."""
    time = time_match(line)
    return (time is not None and time.start() < 40) or LEVEL.search(line, 0, 60) is not None


def log_row(line: str) -> Row:
    """Return a line of a log, without escape sequences; its time is muted and its level has a role."""
    line = ESCAPES.sub("", line) if "\x1b" in line else line
    marks = []
    if time := time_match(line):
        marks.append((*time.span(), "muted"))
    if level := LEVEL.search(line, 0, START_LENGTH):
        marks.append((*level.span(), ROLES[_level_name(level[0])]))
    if not level and line.startswith("Traceback (most recent call last)"):
        marks = [(0, len(line), "error")]
    pieces: list[Piece] = []
    end = 0
    for start, stop, role in sorted(marks):
        if start >= end:
            pieces += [Piece(line[end:start])] * (start > end) + [Piece(line[start:stop], role)]
            end = stop
    return (*pieces, Piece(line[end:])) if end < len(line) or not pieces else tuple(pieces)


def line_level(line: str) -> str | None:
    """Return the level of a line of a log, None if it has none."""
    level = LEVEL.search(line, 0, START_LENGTH)
    if level:
        return _level_name(level[0])
    return "ERROR" if line.startswith("Traceback (most recent call last)") else None


def _level_name(text: str) -> str:
    return LETTERS.get(text) or LEVEL_NAMES[text.strip('"').upper()]
