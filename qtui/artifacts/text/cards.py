"""Cards of the files that describe a logged model: MLmodel, conda.yaml, python_env.yaml and requirements.txt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from qtui.artifacts.content import TextContent
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.text.text_rows import TextRows
from qtui.artifacts.trees.structured import parse_json
from qtui.artifacts.trees.value_tree import ScalarText, scalar_text
from qtui.artifacts.trees.yaml_parser import parse_yaml
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable
from qtui.formatting import ABSENT
from qtui.plot.pieces import Piece, Row
from qtui.text import display, pad, width

MAX_CARD_BYTES = 1 << 20
MAX_SIGNATURE_COLUMNS = 500
REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*([^;#\s][^;#]*)?(;[^#]*)?(#.*)?$")
MODEL_FACTS = (
    ("model_id", "model id"),
    ("model_uuid", "model uuid"),
    ("run_id", "run"),
    ("artifact_path", "artifact path"),
    ("utc_time_created", "created (UTC)"),
    ("mlflow_version", "MLflow"),
    ("model_size_bytes", "bytes"),
)
"""The keys of MLmodel and their names on the card."""

Facts = Iterator[tuple[str, str]]


class CardViewer(Viewer):
    """Files of a logged model by their name."""

    name = "model file"

    def recognises(self, sample: Sample) -> bool:
        return sample.is_text and sample.name in CARDS

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("card", partial(open_card, source, sample.encoding, CARDS[sample.name])),)


def open_card(source: Source, encoding: str, rows: Callable[[str], Iterator[Row]]) -> TextContent:
    """Return the card of a file; raises ArtifactUnreadable with the reason if it is another kind of file."""
    return TextRows(rows(source.read_text(encoding, MAX_CARD_BYTES, "cards")))


def model_rows(text: str) -> Iterator[Row]:
    """Yield the card of an MLmodel file: facts, flavours with their versions, and the signature."""
    model = _mapping(text)
    yield from _facts(((name, _scalar(model[key])) for key, name in MODEL_FACTS if key in model), "Model")
    flavors = model.get("flavors")
    for name, flavor in flavors.items() if isinstance(flavors, dict) else ():
        values = flavor.items() if isinstance(flavor, dict) else ()
        yield ()
        yield from _facts(((key, _scalar(value)) for key, value in values if _is_scalar(value)), name)
    signature = model.get("signature")
    parts = signature if isinstance(signature, dict) else {}
    for part in ("inputs", "outputs", "params"):
        if columns := _columns(parts.get(part)):
            yield ()
            yield from _facts(iter(columns), f"Signature: {part}")


def conda_rows(text: str) -> Iterator[Row]:
    """Yield the card of a conda environment: name, channels and packages."""
    environment = _mapping(text)
    channels = ", ".join(_scalar(channel) for channel in _list(environment.get("channels")))
    yield from _facts(iter((("name", _scalar(environment.get("name", ""))), ("channels", channels))), "Environment")
    dependencies = _list(environment.get("dependencies"))
    yield ()
    yield from _facts((_requirement(_scalar(entry)) for entry in dependencies if _is_scalar(entry)), "Packages")
    for entry in dependencies:
        for name, packages in entry.items() if isinstance(entry, dict) else ():
            yield ()
            yield from _facts((_requirement(_scalar(package)) for package in _list(packages)), f"Packages of {name}")


def python_env_rows(text: str) -> Iterator[Row]:
    """Yield the card of a python_env.yaml: the version of Python and the packages."""
    environment = _mapping(text)
    yield from _facts(iter((("python", _scalar(environment.get("python", ""))),)), "Environment")
    for key, title in (("build_dependencies", "Packages for building"), ("dependencies", "Packages")):
        if packages := _list(environment.get(key)):
            yield ()
            yield from _facts((_requirement(_scalar(package)) for package in packages), title)


def requirements_rows(text: str) -> Iterator[Row]:
    """Yield the card of a requirements.txt: packages and their versions; options and comments stay as they are."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    yield from _facts((_requirement(line) for line in lines), "Packages")


def _facts(facts: Facts, title: str) -> Iterator[Row]:
    """Yield a heading and the facts below it, with their values aligned."""
    rows = [(display(name), value) for name, value in facts if value or name]
    cells = min(40, max((width(name) for name, _ in rows), default=0))
    yield (Piece(title, "heading"),)
    for name, value in rows:
        yield (Piece(f"  {pad(name, cells)}  ", "muted"), Piece(value))


def _requirement(line: str) -> tuple[str, str]:
    """Return the package and the version of a requirement."""
    match = None if line.startswith(("#", "-", ".", "/")) or "://" in line else REQUIREMENT.match(line)
    if match is None:
        return line, ""
    name, extras, version, marker, comment = (part or "" for part in match.groups())
    return name + extras, " ".join(part.strip() for part in (version, marker, comment) if part.strip())


def _columns(text: object) -> list[tuple[str, str]]:
    """Return the columns of a part of a signature, which MLflow writes as JSON."""
    if not isinstance(text, ScalarText) or text.text in ("", "null"):
        return []
    try:
        columns = parse_json(text.text)
    except ArtifactUnreadable:
        return [("", text.text)]
    entries = [column for column in columns if isinstance(column, dict)] if isinstance(columns, list) else []
    return [_column(entry) for entry in entries[:MAX_SIGNATURE_COLUMNS]]


def _column(column: dict[str, Any]) -> tuple[str, str]:
    spec = column.get("tensor-spec")
    if isinstance(spec, dict):
        kind = f"tensor of {spec.get('dtype')}, shape {spec.get('shape')}"
    else:
        kind = str(column.get("type", ""))[:200]
    default = f", default {scalar_text(column['default'])[0]}" if column.get("default") is not None else ""
    return str(column.get("name", ABSENT)), kind + default + ("" if column.get("required", True) else ", optional")


def _mapping(text: str) -> dict[str, Any]:
    documents = parse_yaml(text)
    if len(documents) != 1 or not isinstance(documents[0], dict):
        raise ArtifactUnreadable("The file is not a YAML mapping.")
    return documents[0]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_scalar(value: object) -> bool:
    return isinstance(value, ScalarText)


def _scalar(value: object) -> str:
    return value.text if isinstance(value, ScalarText) else ""


CARDS: dict[str, Callable[[str], Iterator[Row]]] = {
    "mlmodel": model_rows,
    "conda.yaml": conda_rows,
    "conda.yml": conda_rows,
    "python_env.yaml": python_env_rows,
    "requirements.txt": requirements_rows,
}
