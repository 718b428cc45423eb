"""A program that executes SQL statements from standard input in an open database."""

from __future__ import annotations

import sqlite3
import sys


def main() -> None:
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    for statement in sys.stdin:
        connection.execute(statement).fetchall()
        print("done", flush=True)


if __name__ == "__main__":
    main()
