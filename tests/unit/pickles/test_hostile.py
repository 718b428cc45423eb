"""Whatever a pickle would do where it is loaded in the usual way, here it does nothing."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qtui.errors import PickleError, PickleRefused, PickleUnreadable
from qtui.pickles import LoadedPickle, Node, PickleLimits, load
from qtui.pickles.values import factories
from tests.unit.pickles import hostile
from tests.unit.pickles.hostile import call, families, name, text
from tests.unit.pickles.inside import load_and_count, load_here
from tests.unit.pickles.witness import watched

FAMILIES = sorted(families(Path("marker")))
LIMITS = PickleLimits(seconds=20)
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def in_a_hostile_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder with modules that leave a marker when they are imported."""
    for module in ("evil_here", "pandas_evil", "numpy_evil", "json", "qtui", "sitecustomize", "usercustomize"):
        (tmp_path / f"{module}.py").write_text(f"open({str(tmp_path / 'marker')!r}, 'w').close()")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "evil_here.py"))


@pytest.fixture(scope="module", autouse=True)
def everything_is_imported() -> None:
    """All that the table of makers ever imports is there before anybody looks at what is imported."""
    factories()
    load(pickle.dumps(np.zeros(1)))
    for family in ("frames", "arrow", "numbers", "zones"):
        for _, content in families(Path("marker"))[family]():
            with contextlib.suppress(PickleError):
                load_here(content)


def outcome_of(content: bytes) -> LoadedPickle | str:
    """Return the loaded object, or the reason why it is refused."""
    try:
        return load(content, limits=LIMITS)
    except PickleError as error:
        return str(error)


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_happens_but_the_start_of_the_one_child(family: str, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    modules, children = set(sys.modules), _children()
    for technique, content in families(marker)[family]():
        with watched() as events:
            outcome = outcome_of(content)
        assert not marker.exists(), technique
        assert set(sys.modules) == modules, technique
        assert _children() == children, technique
        assert [event for event in events if not _is_ours(event)] == [], technique
        assert isinstance(outcome, LoadedPickle) or outcome.endswith("."), technique
        assert isinstance(outcome, LoadedPickle) or "ended early" not in outcome, technique


def _children() -> set[str]:
    return set(Path("/proc/self/task", str(os.getpid()), "children").read_text().split())


def _is_ours(event: str) -> bool:
    """Whether an event is the start of the child with its pipes, or a look into the table of time zones."""
    started = event.startswith(f"start [{sys.executable!r}, '-I'") or event == f"open {os.devnull}"
    return started or event.removeprefix("open ").isdigit() or "zoneinfo" in event


@pytest.mark.parametrize("family", ["calls", "names", "extensions"])
def test_suppressed_calls_are_shown_with_a_note(family: str, tmp_path: Path) -> None:
    for technique, content in families(tmp_path / "marker")[family]():
        with contextlib.suppress(PickleError):
            value, opaque = load_and_count(content)
            assert isinstance(value, Node), technique
            assert value.args is None or opaque, technique


@pytest.mark.parametrize("family", ["arrays", "frames", "arrow"])
def test_false_sizes_of_arrays_and_frames_are_reported(family: str, tmp_path: Path) -> None:
    honest = {"an elsize that lies", "flags that lie", "an alignment that lies", "booleans that are none"}
    honest |= {"an array file inside", "a block far outside"}
    for technique, content in families(tmp_path / "marker")[family]():
        if technique not in honest:
            value = load_here(content)
            assert isinstance(value, Node) and value.reason, technique


def test_booleans_are_made_of_nothing_but_ones_and_zeros() -> None:
    cases = dict(families(Path("marker"))["arrays"]())
    assert load_here(cases["booleans that are none"]).view(np.uint8).tolist() == [1] * 16


def test_bombs_leave_the_process_and_its_child_small(tmp_path: Path) -> None:
    program = (
        "import re, resource, sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from qtui.errors import PickleError\n"
        "from qtui.pickles import load\n"
        "from tests.unit.pickles.hostile import families\n"
        "cases = [content for _, content in families(Path('marker'))['bombs']()]\n"
        "for content in [*cases, b'(' + b']' * 1_200_000 + b'l.']:\n"
        "    try:\n"
        "        load(content)\n"
        "    except PickleError:\n"
        "        pass\n"
        # Its own peak counts from its beginning; what getrusage tells of it, from that of the process it is a fork of.
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) // 1024)\n"
        "for who in (resource.RUSAGE_CHILDREN,):\n"
        "    print(resource.getrusage(who).ru_maxrss // 1024)\n"
    )
    printed = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True).stdout
    assert max(map(int, printed.split())) < 300


def test_a_child_that_needs_too_much_memory_is_ended_with_a_reason() -> None:
    with pytest.raises(PickleRefused, match="needs more than 64 MiB of memory"):
        load(b"(" + b"]" * 700_000 + b"l.", limits=PickleLimits(child_bytes=64 << 20))


def test_a_child_that_takes_too_long_is_ended_with_a_reason() -> None:
    slow = b"(" + b"N0" * 1_000_000 + b"t."
    with pytest.raises(PickleError, match=r"takes longer than 0\.1 seconds"):
        load(slow, limits=PickleLimits(seconds=0.1))


def test_a_sealed_child_ends_at_the_first_file_it_opens(tmp_path: Path) -> None:
    program = (
        f"import sys; sys.path.append({str(ROOT)!r})\n"
        "from qtui.pickles.decoder_program import seal\n"
        "seal()\n"
        f"open({str(tmp_path / 'marker')!r}, 'w')\n"
    )
    ended = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, check=False)
    assert ended.returncode == 1
    assert not (tmp_path / "marker").exists()


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pred.pkl")
    with pytest.raises(PickleUnreadable, match="is not a regular file"):
        load(tmp_path / "pred.pkl")


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PickleUnreadable, match="cannot be opened: No such file or directory"):
        load(tmp_path / "no.pkl")


def test_a_name_with_controls_is_shown_without_them() -> None:
    loaded = load(call(name("\x1b]0;x\x07", "a\nb\x00"), text("c")) + b".")
    assert repr(loaded.value).isprintable()
    assert loaded.notes[0].isprintable()
    assert loaded.value.path == "\x1b]0;x\x07.a\nb\x00"


def test_the_table_of_makers_names_no_module_that_could_do_harm() -> None:
    modules = {module.partition(".")[0] for module, _ in factories()}
    assert modules == {
        *("builtins", "_codecs", "collections", "datetime", "decimal", "_pydecimal", "fractions", "uuid", "pathlib"),
        *("zoneinfo", "pytz", "dateutil", "numpy", "pandas"),
    }
    assert hostile.NDARRAY
