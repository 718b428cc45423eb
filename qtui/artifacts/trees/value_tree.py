"""Values of parsed files and pickles as a tree, and as YAML text.

Children are computed when a node is opened. A value that contains itself is cut where it repeats, a large container
opens in chunks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Any, NamedTuple

from qtui.artifacts.content import TreeContent, TreeNode
from qtui.formatting import format_count
from qtui.pickles import Node
from qtui.value_classes import dataclass

CHUNK = 1000
"""Children of a node; more are opened in chunks."""
MAX_LABEL_LENGTH = 200
"""Characters of a label and of the text of a value in the tree."""
MAX_DEPTH = 200
"""Levels that a tree can be opened."""
MAX_YAML_LINES = 20_000
"""Lines of a value as YAML text."""
MAX_YAML_DEPTH = 100


@dataclass(frozen=True, slots=True)
class ScalarText:
    """A scalar as it is written in the file, such as a YAML scalar or a number with too many digits."""

    text: str
    role: str = "text"


class Parts(NamedTuple):
    """The parts of a container: how many, a noun for them, and a function that yields them as (label, value)."""

    size: int
    noun: str
    items: Callable[[], Iterable[tuple[str, Any]]]


def parts_of(value: object) -> Parts | None:
    """Return the parts of a container, None for a scalar."""
    if isinstance(value, Node):
        parts = _node_parts(value)
        return parts if parts.size else None
    if isinstance(value, Mapping):
        return Parts(len(value), "key", lambda: ((_key_text(key), item) for key, item in value.items()))
    if isinstance(value, list | tuple):
        return Parts(len(value), "item", lambda: ((str(index), item) for index, item in enumerate(value)))
    if isinstance(value, AbstractSet):
        return Parts(len(value), "item", lambda: ((str(index), item) for index, item in enumerate(value)))
    return None


def tree_of(value: object, notes: tuple[str, ...] = ()) -> TreeContent:
    """Return the tree of a value; its parts are the top nodes. An object of a class is a node of its own."""
    parts = parts_of(value)
    if parts is None or not parts.size or isinstance(value, Node):
        return TreeContent((tree_node("", value),), notes)
    return TreeContent(tuple(child_nodes(parts, (id(value),))), notes)


def tree_node(label: str, value: object, ancestors: tuple[int, ...] = ()) -> TreeNode:
    """Return the node of a value."""
    parts = parts_of(value)
    label = _shorten(label)
    if parts is None:
        text, role = scalar_text(value)
        full_text = (lambda: scalar_text(value, None)[0]) if len(text) > MAX_LABEL_LENGTH else None
        return TreeNode(label, _shorten(text), role, value=full_text)
    title = f"{value.title}  " if isinstance(value, Node) else ""
    summary = title + _summary(value, parts)
    if id(value) in ancestors:
        return TreeNode(label, f"{summary}, contains itself", "muted")
    if not parts.size:
        return TreeNode(label, summary, "muted")
    if len(ancestors) >= MAX_DEPTH:
        return TreeNode(label, f"{summary}, nested more than {MAX_DEPTH} levels deep", "muted")
    inner = (*ancestors, id(value))
    return TreeNode(
        label, summary, "muted", lambda: child_nodes(parts, inner), value=lambda: "\n".join(yaml_lines(value))
    )


def child_nodes(parts: Parts, ancestors: tuple[int, ...] = ()) -> Sequence[TreeNode]:
    """Return the nodes of the parts, in chunks if there are too many."""
    if parts.size <= CHUNK:
        return [tree_node(label, item, ancestors) for label, item in parts.items()]
    return chunk_nodes(
        parts.size,
        lambda start, stop: [tree_node(label, item, ancestors) for label, item in islice(parts.items(), start, stop)],
    )


def chunk_nodes(count: int, open_chunk: Callable[[int, int], Sequence[TreeNode]]) -> Sequence[TreeNode]:
    """Return a node for every thousand of `count` children, or for every million, which opens in thousands."""

    def nodes(start: int, stop: int, size: int) -> Sequence[TreeNode]:
        return [chunk(first, min(first + size, stop), size) for first in range(start, stop, size)]

    def chunk(start: int, stop: int, size: int) -> TreeNode:
        open_inner = (lambda: open_chunk(start, stop)) if size == CHUNK else (lambda: nodes(start, stop, size // CHUNK))
        return TreeNode(f"[{start:,} … {stop - 1:,}]", format_count(stop - start, "item"), "muted", open_inner)

    size = CHUNK
    while count > size * CHUNK:
        size *= CHUNK
    return nodes(0, count, size)


def scalar_text(value: object, limit: int | None = MAX_LABEL_LENGTH + 1) -> tuple[str, str]:
    """Return the text of a scalar and its role; a text longer than the limit may be cut."""
    if isinstance(value, ScalarText):
        return value.text[:limit], value.role
    if isinstance(value, str):
        return value[:limit], "text"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value], "muted"
    if isinstance(value, bytes | bytearray):
        content = bytes(value if limit is None else value[:limit])
        return f"{content!r} ({format_count(len(value), 'byte')})"[:limit], "text"
    if isinstance(value, int | float | complex):
        return _number_text(value), "accent"
    if isinstance(value, Node):
        return value.title if value.args is None else f"{value.title}()", "strong"
    return _object_text(value, limit)


def yaml_lines(value: object) -> Iterator[str]:
    """Yield a value as lines of YAML for reading; too long or deep a value is cut with a comment."""
    for number, line in enumerate(_yaml_lines(value, 0, ())):
        if number == MAX_YAML_LINES:
            yield f"# … only the first {MAX_YAML_LINES:,} lines are shown"
            return
        yield line


def _yaml_lines(value: object, depth: int, ancestors: tuple[int, ...]) -> Iterator[str]:
    parts = parts_of(value)
    if parts is None:
        yield _yaml_scalar(value)
        return
    if not parts.size or depth >= MAX_YAML_DEPTH or id(value) in ancestors:
        yield _yaml_empty(value, parts, is_repeated=id(value) in ancestors)
        return
    inner = (*ancestors, id(value))
    if isinstance(value, Node):
        yield f"# {value.title}"
    is_list = not isinstance(value, Node | Mapping)
    for label, item in parts.items():
        lines = _yaml_lines(item, depth + 1, inner)
        key = "-" if is_list else f"{_yaml_quote(label)}:"
        if is_list:
            yield f"- {next(lines)}"
            yield from (f"  {line}" for line in lines)
        elif _is_nested(item, depth, inner):
            yield key
            yield from (f"  {line}" for line in lines)
        else:
            yield f"{key} {next(lines)}"
            yield from (f"  {line}" for line in lines)


def _is_nested(value: object, depth: int, ancestors: tuple[int, ...]) -> bool:
    parts = parts_of(value)
    return bool(parts and parts.size) and depth + 1 < MAX_YAML_DEPTH and id(value) not in ancestors


def _yaml_empty(value: object, parts: Parts, *, is_repeated: bool) -> str:
    title = f"{value.title} " if isinstance(value, Node) else ""
    brackets = "{}" if isinstance(value, Node | Mapping) else "[]"
    if not parts.size:
        return brackets
    reason = "contains itself" if is_repeated else "nested too deeply to show"
    return f"{brackets}  # {title}{_summary(value, parts)}, {reason}"


def _yaml_scalar(value: object) -> str:
    text, _ = scalar_text(value, None)
    return _yaml_quote(text) if isinstance(value, str) else text.replace("\n", " ")


def _yaml_quote(text: str) -> str:
    """Return a string as a YAML scalar, in double quotes where a plain one would be read as something else."""
    import json
    import re

    is_plain = re.fullmatch(r"[^\W\d_][\w./()+@<> -]*(?<! )|/[\w./-]*|[12]\d{3}-\d\d-\d\d", text)
    if is_plain and text.lower() not in ("true", "false", "yes", "no", "on", "off", "null", "none", "y", "n"):
        return text
    return json.dumps(text, ensure_ascii=False)


def _node_parts(node: Node) -> Parts:
    """Return arguments, attributes, items and keys of an object of a class that is not imported."""

    def items() -> Iterator[tuple[str, Any]]:
        yield from ((f"argument {index}", value) for index, value in enumerate(node.args or ()))
        if isinstance(node.keywords, Mapping):
            yield from ((f"{_key_text(key)}=", value) for key, value in node.keywords.items())
        if isinstance(node.state, Mapping):
            yield from ((_key_text(key), value) for key, value in node.state.items())
        elif node.state is not None:
            yield "state", node.state
        yield from ((str(index), value) for index, value in enumerate(node.items))
        yield from ((_key_text(key), value) for key, value in node.pairs)

    state_count = len(node.state) if isinstance(node.state, Mapping) else int(node.state is not None)
    keywords = len(node.keywords) if isinstance(node.keywords, Mapping) else 0
    count = len(node.args or ()) + keywords + state_count + len(node.items) + len(node.pairs)
    return Parts(count, "part", items)


def _summary(value: object, parts: Parts) -> str:
    if isinstance(value, Node):
        return format_count(parts.size, "part")
    name = type(value).__name__
    kind = "" if name in ("dict", "list") else f"{name}, "
    return kind + format_count(parts.size, parts.noun)


def _key_text(key: object) -> str:
    """Return a key of a mapping as a label; a tuple is written with its parts."""
    if isinstance(key, tuple):
        inner = ", ".join(scalar_text(part)[0] if parts_of(part) is None else "…" for part in key[:8])
        return f"({inner})"
    if isinstance(key, Node):
        return key.title
    return scalar_text(key)[0] if parts_of(key) is None else type(key).__name__


def _number_text(value: float | complex) -> str:
    if isinstance(value, float):
        return float.__repr__(value)
    try:
        return repr(value)
    except ValueError:
        return "an integer with too many digits to show"


def _object_text(value: object, limit: int | None) -> tuple[str, str]:
    """Return the text of an array, a frame or another object of a library."""
    shape = getattr(value, "shape", None)
    name = type(value).__name__
    if isinstance(shape, tuple) and shape:
        size = " × ".join(f"{length:,}" for length in shape)
        dtype = getattr(value, "dtype", None)
        return f"{name} {size}" + (f", {dtype}" if dtype is not None else ""), "strong"
    try:
        return str(value)[:limit], "text"
    except Exception as error:
        return f"{name} that cannot be shown: {type(error).__name__}", "muted"


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_LABEL_LENGTH else text[:MAX_LABEL_LENGTH] + "…"
