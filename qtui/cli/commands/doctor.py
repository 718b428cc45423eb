"""`qtui doctor`: the kind of a store, and its problems."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qtui import stderr
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.cli.terminal import Terminal
    from qtui.entities import Problem
    from qtui.recorder import Library, MovedRun, StaleRun

MIN_RUNS_FOR_NOTICE = 500
"""Runs from which a terminal shows that this takes a while: 4,000 runs with 100,000 artifacts take 7 to 20 s."""

MAX_CASES = 5
"""Cases of one kind that a terminal shows."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The results of the examination of a store."""

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

    Reads everything once, and lists damaged parts with reasons, runs that have died, and moved artifacts.
    """
    from qtui.cli.formats import write_json
    from qtui.cli.terminal import detect_terminal, write_lines
    from qtui.store.mlflow_installation import mixed_installation

    if sentence := mixed_installation():
        stderr.print_message(sentence)
    with ctx.obj.library() as library:
        findings = examine_store(library)
    if json:
        write_json(_findings_json(findings))
    else:
        write_lines(_lines(findings, detect_terminal()))


def examine_store(library: Library) -> Findings:
    """Read the whole store and return the findings."""
    from datetime import timedelta

    from qtui import settings
    from qtui.entities import ViewType
    from qtui.formatting import format_count
    from qtui.text import redact

    stale_after = timedelta(minutes=settings.current().stale_after_minutes)
    experiments = library.experiments(ViewType.ALL)
    stages = {experiment.experiment_id: experiment.lifecycle_stage for experiment in experiments.items}
    listings = list(library.infos(view=ViewType.ALL))
    infos = [info for batch in listings for info in batch.items]
    runs = sum(info.experiment_id in stages for info in infos)
    if runs >= MIN_RUNS_FOR_NOTICE and sys.stderr.isatty():
        stderr.print_message(f"Examining {format_count(runs, 'run')} and their artifacts; this can take a minute.")
    problems = tuple(dict.fromkeys(library.examine(listings)))
    active = [info for info in infos if "deleted" not in (info.lifecycle_stage, stages.get(info.experiment_id))]
    stale, moved = library.stale(silence=stale_after, infos=active), library.moved(infos)
    return Findings(redact(library.store.uri), library.store.kind, len(stages), runs, problems, stale, moved)


def _findings_json(findings: Findings) -> dict[str, Any]:
    return {
        "uri": findings.uri,
        "kind": findings.kind,
        "experiments": findings.experiments,
        "runs": findings.runs,
        "problems": [{"path": problem.path, "reason": problem.reason} for problem in findings.problems],
        "stale": [{"run_id": run.info.run_id, "last_write": run.last_write} for run in findings.stale],
        "moved": [
            {"run_id": run.info.run_id, "recorded": run.recorded, "found": str(run.found)} for run in findings.moved
        ],
    }


def _lines(findings: Findings, terminal: Terminal) -> Iterator[str]:
    """Return the findings as text, with similar cases together."""
    from qtui.formatting import format_age, format_count, now_ms
    from qtui.text import display, redact

    now = now_ms()
    experiments, runs = format_count(findings.experiments, "experiment"), format_count(findings.runs, "run")
    contents = f"{experiments} and {runs}, deleted ones included"
    yield f"{display(findings.uri)} ({findings.kind}): {contents}."
    damaged = [_case(problem) for problem in findings.problems]
    silent = [("", f"{run.info.run_id}  {run.info.name}, {format_age(run.last_write, now)}") for run in findings.stale]
    moved = [
        (f"{redact(old)} -> {new}", run.info.run_id) for run in findings.moved for old, new in [_differing_paths(run)]
    ]
    if not (damaged or silent or moved):
        yield "Nothing is damaged, no run has died, nothing was moved."
    for title, cases in (
        (format_count(len(damaged), "damaged part"), damaged),
        (f"{format_count(len(silent), 'run')} with status RUNNING and no recent write, with its time", silent),
        (f"{format_count(len(moved), 'run')} whose artifacts were moved", moved),
    ):
        if cases:
            yield ""
            yield terminal.paint(title, "strong")
            yield from _cases(((display(head), display(case)) for head, case in cases), terminal)


def _case(problem: Problem) -> tuple[str, str]:
    """Return the reason, which problems share, and the details of this problem."""
    reason, bracket, detail = problem.reason.partition(" (")
    return reason, problem.path + bracket + detail


def _cases(cases: Iterable[tuple[str, str]], terminal: Terminal) -> Iterator[str]:
    """Return the cases below their common heading; a terminal shows a few of every kind."""
    groups: dict[str, list[str]] = {}
    for head, case in cases:
        groups.setdefault(head, []).append(case)
    for head, group in groups.items():
        listed = group if terminal.width is None else group[:MAX_CASES]
        indent = "    " if head else "  "
        yield from [f"  {head}"] if head else []
        yield from (f"{indent}{case}" for case in listed)
        if len(listed) < len(group):
            yield terminal.paint(f"{indent}and {len(group) - len(listed):,} more; piped or with --json all", "dim")


def _differing_paths(run: MovedRun) -> tuple[str, str]:
    """Return the recorded path and the present one, without their common end."""
    old, new = run.recorded.split("/"), str(run.found).split("/")
    while len(old) > 1 and len(new) > 1 and old[-1] == new[-1]:
        old.pop()
        new.pop()
    return "/".join(old), "/".join(new)
