"""JSON, JSON lines, YAML and TOML as trees, and JSON of a single line as indented text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from qtui.artifacts.content import TextContent, TreeContent, TreeNode
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.text.text_file import open_text
from qtui.artifacts.trees.value_tree import ScalarText, chunk_nodes, tree_node, tree_of
from qtui.artifacts.trees.yaml_parser import parse_yaml
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable

MAX_JSON_BYTES = 1 << 25
MAX_JSON_VALUES = 3_000_000
MAX_INDENTED_BYTES = 1 << 23
"""Bytes of JSON that are shown with line breaks and indents."""
MAX_INDENTED_CHARACTERS = 1 << 27
BLOCK_CHARACTERS = 1 << 16
MAX_INDENT = 50
"""Levels that are indented."""
MAX_LINES_BYTES = 1 << 26
"""Bytes of JSON lines that are shown as a tree, from the start of the file."""
MAX_YAML_BYTES = 1 << 23
MAX_TOML_BYTES = 1 << 21
LONG_LINE = 200
"""Characters of a line of JSON that is better read with line breaks."""
JSON_START = re.compile(r'\s*(?:\{\s*(?:"|\}\s*$)|\[\s*(?:\{\s*"|\[|"|\]\s*$|-?\d[\d.eE+-]*\s*(?:,\s*[-\d]|\]\s*$)))')
OTHER_SUFFIXES = (".yaml", ".yml", ".toml", ".csv", ".md")
"""Suffixes of texts that can begin like JSON."""
JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
OPEN, CLOSE = ("{", "["), ("}", "]")
JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


class JsonViewer(Viewer):
    """JSON, recognised by its first characters."""

    name = "JSON"

    def recognises(self, sample: Sample) -> bool:
        is_other = sample.suffix in OTHER_SUFFIXES or is_json_lines(sample)
        return sample.is_text and bool(JSON_START.match(sample.text)) and not is_other

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        views = [View("tree", partial(open_json, source, sample.encoding))]
        if any(len(line) > LONG_LINE for line in sample.text.split("\n", 3)[:3]):
            views.append(View("indented", partial(open_indented, source, sample.encoding)))
        return views


class JsonLinesViewer(Viewer):
    """A JSON object in every line."""

    name = "JSON lines"

    def recognises(self, sample: Sample) -> bool:
        return is_json_lines(sample)

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("tree", partial(open_json_lines, source, sample.encoding)),)


class YamlViewer(Viewer):
    """YAML, recognised by its suffix or its first line."""

    name = "YAML"

    def recognises(self, sample: Sample) -> bool:
        return sample.is_text and (sample.suffix in (".yaml", ".yml") or sample.text.startswith("%YAML"))

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        """Return the text, then the tree: YAML is written to be read."""
        return (
            View("text", partial(open_text, source, sample.encoding, "yaml")),
            View("tree", partial(open_yaml, source, sample.encoding)),
        )


class TomlViewer(Viewer):
    """TOML, recognised by its suffix or name."""

    name = "TOML"

    def recognises(self, sample: Sample) -> bool:
        return sample.is_text and (sample.suffix == ".toml" or sample.name in ("pipfile", "poetry.lock", "uv.lock"))

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (
            View("text", partial(open_text, source, sample.encoding, "toml")),
            View("tree", partial(open_toml, source, sample.encoding)),
        )


def is_json_lines(sample: Sample) -> bool:
    """Return whether the first lines of a sample are JSON objects, each complete; a single line needs the suffix."""
    if not sample.is_text or not sample.text.lstrip().startswith("{"):
        return False
    whole_lines = sample.text.split("\n", 3)
    if sample.is_part or len(whole_lines) > 3:
        whole_lines.pop()
    lines = [line for line in whole_lines[:3] if line.strip()]
    if len(lines) < 2 and sample.suffix not in (".jsonl", ".ndjson"):
        return False
    return bool(lines) and all(_is_object(line) for line in lines)


def open_json(source: Source, encoding: str) -> TreeContent:
    """Parse JSON as a tree."""
    text = source.read_text(encoding, MAX_JSON_BYTES, "JSON")
    _require_few_values(text)
    return tree_of(parse_json(text))


def open_indented(source: Source, encoding: str) -> TextContent:
    """Return JSON with a line for every value."""
    text = source.read_text(encoding, MAX_INDENTED_BYTES, "JSON")
    return open_text(Source.of_chunks(_blocks(indented_lines(text)), source.path), "utf-8", "json")


def open_json_lines(source: Source, encoding: str) -> TreeContent:
    """Return a tree with a node for every line; a line is parsed when its node is opened."""
    data = source.read(0, MAX_LINES_BYTES)
    is_cut = source.size > len(data)
    lines = data.split(b"\n")
    if is_cut or not lines[-1].strip():
        lines.pop()

    def nodes(start: int, stop: int) -> list[TreeNode]:
        return [_line_node(number, line, encoding) for number, line in enumerate(lines[start:stop], start)]

    top = [*chunk_nodes(len(lines), nodes)] if len(lines) > 1000 else nodes(0, len(lines))
    if is_cut:
        top.append(TreeNode("…", f"{source.size - MAX_LINES_BYTES:,} more bytes are not shown", "muted"))
    return TreeContent(tuple(top))


def open_yaml(source: Source, encoding: str) -> TreeContent:
    """Parse YAML as a tree."""
    documents = parse_yaml(source.read_text(encoding, MAX_YAML_BYTES, "YAML"))
    if len(documents) == 1:
        return tree_of(documents[0])
    nodes = [tree_node(f"document {number}", value) for number, value in enumerate(documents, 1)]
    return TreeContent(tuple(nodes))


def open_toml(source: Source, encoding: str) -> TreeContent:
    """Parse TOML as a tree."""
    import tomllib

    try:
        return tree_of(tomllib.loads(source.read_text(encoding, MAX_TOML_BYTES, "TOML").replace("\r\n", "\n")))
    except ValueError as error:
        raise ArtifactUnreadable(f"Invalid TOML: {error}.") from None
    except RecursionError:
        raise ArtifactUnreadable("The TOML is nested too deeply.") from None


def parse_json(text: str) -> Any:
    """Return the value of a JSON text; raises ArtifactUnreadable with the reason."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ArtifactUnreadable(f"Invalid JSON in line {error.lineno:,}: {error.msg}.") from None
    except RecursionError:
        raise ArtifactUnreadable("The JSON is nested too deeply.") from None
    except ValueError:
        # Python refuses integers with thousands of digits.
        return json.loads(text, parse_int=_integer)


def indented_lines(text: str) -> Iterator[str]:
    """Yield the lines of a JSON text with a line for every value; values stay as they are written."""
    depth, line, last = 0, "", ""
    for match in JSON_TOKEN.finditer(text):
        token = match[0]
        is_end = token in CLOSE
        depth -= is_end
        if last == "," or (is_end and last not in OPEN) or (last in OPEN and not is_end):
            yield line
            line = "  " * max(0, min(depth, MAX_INDENT))
        line += ": " if token == ":" else token
        depth += token in OPEN
        last = token
    if line:
        yield line


def _blocks(lines: Iterator[str]) -> Iterator[bytes]:
    """Yield lines joined to blocks of bytes; raises ArtifactUnreadable if they get too long."""
    block: list[str] = []
    size = total = 0
    for line in lines:
        block.append(line)
        size += len(line) + 1
        if size >= BLOCK_CHARACTERS:
            total += size
            if total > MAX_INDENTED_CHARACTERS:
                raise ArtifactUnreadable("With indents, the JSON is too long.")
            yield "\n".join([*block, ""]).encode("utf-8", "replace")
            block, size = [], 0
    yield "\n".join([*block, ""]).encode("utf-8", "replace") if block else b""


def _line_node(number: int, line: bytes, encoding: str) -> TreeNode:
    """Return the node of a line of JSON; it is parsed when it is opened."""
    text = line.decode(encoding, "replace").strip()

    def children() -> Sequence[TreeNode]:
        try:
            _require_few_values(text)
            return tree_of(parse_json(text)).top
        except ArtifactUnreadable as error:
            return [TreeNode("", str(error), "error")]

    return TreeNode(str(number + 1), text[:200], "muted", children if text else None, value=lambda: text)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _integer(digits: str) -> int | ScalarText:
    try:
        return int(digits)
    except ValueError:
        return ScalarText(digits, "accent")


def _require_few_values(text: str) -> None:
    """Raise ArtifactUnreadable if a JSON text has too many values for memory."""
    if _separators(text) > MAX_JSON_VALUES and _separators(JSON_STRING.sub("", text)) > MAX_JSON_VALUES:
        raise ArtifactUnreadable(f"The JSON has more than {MAX_JSON_VALUES:,} values.")


def _separators(text: str) -> int:
    return sum(map(text.count, (",", "[", "{")))
