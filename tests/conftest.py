"""Every test runs in a world of its own: no user's files, no user's environment, one clock zone, one locale."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Generator, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples

from qtui import settings

collect_ignore = [] if find_spec("qlib") else ["interop"]

FOREIGN_PREFIXES = ("QTUI_", "MLFLOW_", "QLIB_", "_QLIB_", "LC_")
FOREIGN_NAMES = ("LANG", "LANGUAGE", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PAGER")
TERMINAL_NAMES = ("TMUX", "STY", "ZELLIJ", "KITTY_WINDOW_ID", "TERM_PROGRAM")
OWN_FOLDERS = {
    "HOME": "home",
    "XDG_CONFIG_HOME": "config",
    "XDG_CACHE_HOME": "cache",
    "XDG_STATE_HOME": "state",
    "XDG_DATA_HOME": "share",
    "XDG_RUNTIME_DIR": "runtime",
}
HANG_S = 300
"""Seconds after which a test hangs; the slowest one takes a twentieth of them."""

QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "GIT_PYTHON_REFRESH": "quiet"}

# Whoever starts the tests in the background leaves Ctrl-C ignored, which every process of theirs would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples every time, so that a change is what breaks a test; HYPOTHESIS_PROFILE=search looks for new ones.
# No test fails because the machine is busy.
calm = examples(deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.register_profile("same", calm, derandomize=True, max_examples=60)
examples.register_profile("search", calm, max_examples=500)
examples.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# MLflow decides while it is imported whether to phone home, and a fixture may be too late for that.
os.environ.update(QUIET)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return two workers for each core, because tests of the screen and of processes wait for half of their time."""
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that hangs, so that the others still run."""

    def fail(signum: int, frame: object) -> None:
        raise TimeoutError(f"{item.nodeid} has not ended after {HANG_S} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(HANG_S)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sample store, which no test changes."""
    from tests.shared_folders import shared_sample

    return shared_sample(tmp_path_factory)


@pytest.fixture(autouse=True)
def own_world(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home and XDG folders of the test's own, kept outside its `tmp_path`."""
    for name in tuple(os.environ):
        if name.startswith(FOREIGN_PREFIXES) or name in (*FOREIGN_NAMES, *TERMINAL_NAMES):
            monkeypatch.delenv(name)
    world = tmp_path_factory.mktemp("world")
    for name, folder in OWN_FOLDERS.items():
        (world / folder).mkdir(mode=0o700)
        monkeypatch.setenv(name, str(world / folder))
    for name, value in {**QUIET, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "TZ": "UTC"}.items():
        monkeypatch.setenv(name, value)
    time.tzset()
    settings.current.cache_clear()
    yield world
    monkeypatch.undo()
    time.tzset()
    settings.current.cache_clear()
