"""`qtui doctor`: what a store is, and what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qtui import crash

if TYPE_CHECKING:
    from qtui.cli.terminal import Terminal
    from qtui.entities import Problem
    from qtui.recorder import Library, MovedRun, StaleRun

MANY_RUNS = 500
"""Runs from which on a terminal is told that this takes a while: 4,000 runs with 100,000 artifacts take 7 to 20 s."""

SHOWN = 5
"""How many of many like cases a terminal shows."""


@dataclass(frozen=True, slots=True)
class Findings:
    """All that there is to say about a store."""

    uri: str
    kind: str
    experiments: int
    runs: int
    problems: Sequence[Problem]
    stale: Sequence[StaleRun]
    moved: Sequence[MovedRun]


def doctor(
    ctx: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Examine the store.

    Reads everything once, and tells what is damaged and why, which runs must have died, and what was moved.
    """
    from qtui.cli.formats import write_json
    from qtui.cli.terminal import of_stdout, write_lines
    from qtui.store.mlflow_installation import mixed_installation

    if sentence := mixed_installation():
        crash.say(sentence)
    with ctx.obj.library() as library:
        found = examined(library)
    if json:
        write_json(_shape(found))
    else:
        write_lines(_lines(found, of_stdout()))


def examined(library: Library) -> Findings:
    """Everything that the library can tell of the store."""
    from datetime import timedelta

    from qtui import settings
    from qtui.entities import View
    from qtui.formatting import format_count
    from qtui.text import redact

    silence = timedelta(minutes=settings.current().stale_after_minutes)
    experiments = library.experiments(View.ALL)
    ids = [each.experiment_id for each in experiments.items]
    runs = sum(len(batch.items) for batch in library.infos(ids, View.ALL))
    if runs >= MANY_RUNS and sys.stderr.isatty():
        crash.say(f"Examining {format_count(runs, 'run')} and their artifacts; this can take a minute.")
    problems = tuple(dict.fromkeys(library.examine()))
    uri = redact(library.store.uri)
    stale = library.stale(silence=silence)
    return Findings(uri, library.store.kind, len(ids), runs, problems, stale, library.moved())


def _shape(found: Findings) -> dict[str, Any]:
    """The JSON of the contract."""
    return {
        "uri": found.uri,
        "kind": found.kind,
        "experiments": found.experiments,
        "runs": found.runs,
        "problems": [{"path": each.path, "reason": each.reason} for each in found.problems],
        "stale": [{"run_id": each.info.run_id, "last_write": each.last_write} for each in found.stale],
        "moved": [
            {"run_id": each.info.run_id, "recorded": each.recorded, "found": str(each.found)} for each in found.moved
        ],
    }


def _lines(found: Findings, terminal: Terminal) -> Iterator[str]:
    """The findings for a reader, like cases together; what is well is one line."""
    from qtui.formatting import format_age, format_count, now_ms
    from qtui.text import display, redact

    now = now_ms()
    held = (
        f"{format_count(found.experiments, 'experiment')} and {format_count(found.runs, 'run')}, deleted ones included"
    )
    yield f"{display(found.uri)} ({found.kind}): {held}."
    damaged = [_case(each) for each in found.problems]
    silent = [("", f"{each.info.run_id}  {each.info.name}, {format_age(each.last_write, now)}") for each in found.stale]
    moved = [(f"{redact(old)} -> {new}", each.info.run_id) for each in found.moved for old, new in [_apart(each)]]
    if not (damaged or silent or moved):
        yield "Nothing is damaged, no run has died, nothing was moved."
    for title, cases in (
        (format_count(len(damaged), "damaged part"), damaged),
        (f"{format_count(len(silent), 'run')} said to be running, with the time of the last write", silent),
        (f"{format_count(len(moved), 'run')} with artifacts elsewhere than recorded", moved),
    ):
        if cases:
            yield ""
            yield terminal.paint(title, "strong")
            yield from _cases(((display(head), display(case)) for head, case in cases), terminal)


def _case(problem: Problem) -> tuple[str, str]:
    """What a problem has in common with others, and what it has alone."""
    reason, bracket, detail = problem.reason.partition(" (")
    return reason, problem.path + bracket + detail


def _cases(cases: Iterable[tuple[str, str]], terminal: Terminal) -> Iterator[str]:
    """Like cases below what they have in common; a terminal shows a few of each kind."""
    groups: dict[str, list[str]] = {}
    for head, case in cases:
        groups.setdefault(head, []).append(case)
    for head, group in groups.items():
        shown = group if terminal.width is None else group[:SHOWN]
        inset = "    " if head else "  "
        yield from [f"  {head}"] if head else []
        yield from (f"{inset}{case}" for case in shown)
        if len(shown) < len(group):
            yield terminal.paint(f"{inset}and {len(group) - len(shown):,} more; piped or with --json all", "dim")


def _apart(run: MovedRun) -> tuple[str, str]:
    """The recorded place and the real one, without the end that they have in common."""
    old, new = run.recorded.split("/"), str(run.found).split("/")
    while len(old) > 1 and len(new) > 1 and old[-1] == new[-1]:
        old.pop()
        new.pop()
    return "/".join(old), "/".join(new)
