"""Reads the values of runs kind by kind, so that damage to one table does not hide the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace

from qtui.entities import Listing, Problem, Run
from qtui.errors import StoreUnreadable
from qtui.query.wanted import NOTHING, Wanted

Read = Callable[[Wanted], Listing[Run]]


def read_apart(read: Read, wanted: Wanted, place: str) -> Listing[Run]:
    """The runs with all that can be read of them."""
    bare = read(NOTHING)
    found = {run.info.run_id: run for run in bare.items}
    problems = list(bare.problems)
    for kind, piece in pieces(wanted):
        try:
            listing = read(piece)
        except StoreUnreadable as error:
            problems.append(Problem(place, f"has {kind} that cannot be read ({error})"))
            continue
        problems += listing.problems
        for run in listing.items:
            found[run.info.run_id] = replace(found[run.info.run_id], **{kind: getattr(run, kind)})
    return Listing(tuple(found.values()), tuple(problems))


def pieces(wanted: Wanted) -> Iterator[tuple[str, Wanted]]:
    """What is wanted, one kind of value at a time."""
    for field in fields(Wanted):
        piece = replace(NOTHING, **{field.name: getattr(wanted, field.name)})
        if piece != NOTHING:
            yield field.name, piece
