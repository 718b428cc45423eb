"""Tests of forks during a write to an sqlite file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os, sys, threading
from qtui.store.sql.connections.writable_database import WritableDatabase

INSERT = "INSERT INTO experiments (name, lifecycle_stage) VALUES ('{}', 'active')"
target = WritableDatabase(sys.argv[1])
writing, forking = threading.Event(), threading.Event()

def of_thread(connection):
    connection.exec_driver_sql(INSERT.format("of a thread"))
    writing.set()
    forking.wait()

os.register_at_fork(before=forking.set)
thread = threading.Thread(target=target.write, args=(of_thread,))
thread.start()
writing.wait()
child = os.fork()
if child == 0:
    WritableDatabase(sys.argv[1]).write(lambda connection: connection.exec_driver_sql(INSERT.format("of the child")))
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
thread.join()
names = target.write(lambda connection: connection.exec_driver_sql("SELECT name FROM experiments").scalars().all())
print(sorted(name for name in names if name.startswith("of ")))
"""


def test_child_forked_during_a_write_can_write(new_sqlite_uri: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", str(program), new_sqlite_uri],
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("0\n['of a thread', 'of the child']\n", "")
