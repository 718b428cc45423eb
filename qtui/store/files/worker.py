"""The program of a helper process: reads the runs it is told to and answers with what it found."""

from __future__ import annotations

import sys
from contextlib import suppress

from qtui.query.wanted import Wanted
from qtui.store.files.messages import plain_reading, question_of
from qtui.store.files.reading import RunReader
from qtui.store.helper_process import receive, send


def main() -> None:
    """Answer until nobody asks any more."""
    with suppress(EOFError, BrokenPipeError):
        serve()


def serve() -> None:
    """Take the instructions, then read one batch of runs after the other."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    root, wanted, keep = receive(asked)
    reader = RunReader(root, Wanted(*wanted), keep)
    while True:
        questions = map(question_of, receive(asked))
        send(answers, [plain_reading(reader.read(info, known), known) for info, known in questions])
