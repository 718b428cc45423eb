"""Generation of filters and sort orders from the keys and values of a store's runs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import TypeVar

from qtui.entities import Run, ViewType
from tests.differential.common_filters import COMMON_FILTERS

T = TypeVar("T")

PREFIXES = {
    "metric": ("metrics", "metric"),
    "param": ("params", "param", "parameters", "parameter", "`params`"),
    "tag": ("tags", "tag"),
    "attribute": ("attributes", "attribute", "attr", "run", ""),
    "dataset": ("datasets", "dataset"),
}
ORDERS = ("", " ASC", " DESC", " asc", " desc")
ORDERABLE = (
    "status",
    "run_name",
    "start_time",
    "end_time",
    "artifact_uri",
    "user_id",
    "run_id",
    "`Run Name`",
    "Created",
)


@dataclass(frozen=True)
class Case:
    """One search to compare."""

    text: str = ""
    order_by: tuple[str, ...] = ()
    view: ViewType = ViewType.ACTIVE


def cases_for(runs: Sequence[Run], count: int) -> list[Case]:
    """Return about `count` cases for these runs: single and paired filters, views, and sort orders."""
    random = Random(count)
    filters = sorted(set(chain(_value_filters(runs, random), _attribute_filters(runs, random))))
    random.shuffle(filters)
    orders = sorted(set(_orders(runs, random)))
    random.shuffle(orders)
    common = [Case(text) for text in COMMON_FILTERS]
    alone = [Case(text, view=random.choice(list(ViewType))) for text in filters[:count]]
    paired = [Case(f"{one} AND {two}") for one, two in zip(filters, reversed(filters), strict=True)][: count // 4]
    sorted_ = [Case(order_by=(order,), view=random.choice(list(ViewType))) for order in orders[: count // 2]]
    twice = [
        Case(random.choice(("", random.choice(filters))), (one, two))
        for one, two in zip(orders, reversed(orders), strict=True)
    ][: count // 4]
    return common + alone + paired + sorted_ + twice


def _value_filters(runs: Sequence[Run], random: Random) -> Iterator[str]:
    for kind in ("param", "tag"):
        values = _values([run.params if kind == "param" else run.tags for run in runs])
        for key, texts in values.items():
            name = f"{random.choice(PREFIXES[kind])}.{_key_text(key, random)}"
            yield f"{name} IS NULL"
            yield f"{name} is not null"
            for value in _some(texts, random):
                yield from _text_filters(name, value, random)
    for key, metrics in _values([{key: point.value for key, point in run.metrics.items()} for run in runs]).items():
        name = f"{random.choice(PREFIXES['metric'])}.{_key_text(key, random)}"
        for number in _some([number for number in metrics if math.isfinite(number)], random):
            yield from (f"{name} {operator} {_number(number)}" for operator in ("=", "!=", "<", "<=", ">", ">="))
        yield f"{name} > 0"


def _text_filters(name: str, value: str, random: Random) -> Iterator[str]:
    """Yield comparisons with a value, if MLflow's grammar can quote it."""
    if "'" in value and '"' in value:
        return
    start, middle = value[: random.randrange(3)], value[1:-1]
    yield f"{name} = {_quoted(value)}"
    yield f"{name} != {_quoted(value)}"
    yield f"{name} LIKE {_quoted(start + '%')}"
    yield f"{name} LIKE {_quoted('%' + middle + '%')}"
    yield f"{name} LIKE {_quoted(re.sub('[aeiou0-9]', '_', value))}"
    yield f"{name} ILIKE {_quoted(value.swapcase())}"
    yield f"{name} ILIKE {_quoted('%' + value[-2:].upper())}"


def _attribute_filters(runs: Sequence[Run], random: Random) -> Iterator[str]:
    texts = {
        "run_id": [run.info.run_id for run in runs],
        "run_name": [run.info.name for run in runs],
        "status": [run.info.status for run in runs],
        "user_id": [run.info.user for run in runs],
        "artifact_uri": [run.info.artifact_uri for run in runs],
        "`Run Name`": [run.info.name for run in runs],
    }
    for key, values in texts.items():
        name = _prefixed("attribute", key, random)
        for value in _some(values, random):
            yield from _text_filters(name, value, random)
    ids = ", ".join(_quoted(run_id) for run_id in texts["run_id"][::3])
    yield f"run_id IN ({ids})"
    yield f"attributes.run_id NOT IN ({ids})"
    times = {"start_time": "start_time", "created": "start_time", "end_time": "end_time"}
    for key, attribute in times.items():
        name = _prefixed("attribute", key, random)
        for moment in _some([getattr(run.info, attribute) or 0 for run in runs], random):
            yield from (f"{name} {operator} {moment}" for operator in ("=", "!=", "<", "<=", ">", ">="))
    for one in sorted({(dataset.name, dataset.digest) for run in runs for dataset in run.inputs}):
        for key, value in zip(("name", "digest"), one, strict=True):
            name = _prefixed("dataset", key, random)
            yield from _text_filters(name, value, random)
            yield f"{name} IN ({_quoted(value)}, 'other')"
            yield f"{name} NOT IN ({_quoted(value)})"


def _orders(runs: Sequence[Run], random: Random) -> Iterator[str]:
    keys = {
        "metric": {key for run in runs for key in run.metrics},
        "param": {key for run in runs for key in run.params},
        "tag": {key for run in runs for key in run.tags},
    }
    for kind, names in keys.items():
        for key in sorted(names):
            for order in ORDERS[-3:]:
                yield f"{random.choice(PREFIXES[kind])}.{_key_text(key, random)}{order}"
    for key in ORDERABLE:
        for order in ORDERS:
            yield f"{_prefixed('attribute', key, random)}{order}"


def _prefixed(kind: str, key: str, random: Random) -> str:
    prefix = random.choice(PREFIXES[kind])
    return f"{prefix}.{key}" if prefix else key


def _key_text(key: str, random: Random) -> str:
    """Return a key as in MLflow's grammar: bare, or in one of two kinds of quotes."""
    quoted = (f"`{key}`", f'"{key}"')
    return random.choice((key, *quoted)) if re.fullmatch(r"[A-Za-z_]\w*", key, re.ASCII) else random.choice(quoted)


def _quoted(value: str) -> str:
    return f'"{value}"' if "'" in value else f"'{value}'"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e6 else repr(value)


def _values(mappings: Sequence[Mapping[str, T]]) -> dict[str, list[T]]:
    """Return the values of each key in all runs."""
    gathered: dict[str, list[T]] = {}
    for key, value in chain.from_iterable(mapping.items() for mapping in mappings):
        gathered.setdefault(key, []).append(value)
    return dict(sorted(gathered.items()))


def _some(values: Sequence[T], random: Random, count: int = 3) -> list[T]:
    distinct = sorted(set(values), key=str)
    return random.sample(distinct, min(count, len(distinct)))
