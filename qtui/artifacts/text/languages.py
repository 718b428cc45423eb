"""Languages of source code by name and content, with the names that Pygments has for them."""

from __future__ import annotations

import re

from qtui.artifacts.sample import Sample

BY_SUFFIX = {
    ".py": "python",
    ".pyi": "python",
    ".pyx": "cython",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".geojson": "json",
    ".ipynb": "json",
    ".toml": "toml",
    ".lock": "toml",
    ".ini": "ini",
    ".cfg": "ini",
    ".conf": "ini",
    ".properties": "properties",
    ".sh": "bash",
    ".bash": "bash",
    ".zsh": "bash",
    ".sql": "sql",
    ".md": "markdown",
    ".markdown": "markdown",
    ".rst": "rst",
    ".tex": "latex",
    ".bib": "bibtex",
    ".diff": "diff",
    ".patch": "diff",
    ".xml": "xml",
    ".svg": "xml",
    ".html": "html",
    ".htm": "html",
    ".css": "css",
    ".js": "javascript",
    ".mjs": "javascript",
    ".ts": "typescript",
    ".c": "c",
    ".h": "c",
    ".cc": "cpp",
    ".cpp": "cpp",
    ".cu": "cuda",
    ".hpp": "cpp",
    ".go": "go",
    ".rs": "rust",
    ".java": "java",
    ".scala": "scala",
    ".jl": "julia",
    ".r": "r",
    ".m": "matlab",
    ".proto": "protobuf",
    ".graphql": "graphql",
    ".mk": "make",
    ".j2": "jinja",
}
BY_NAME = {
    "dockerfile": "docker",
    "makefile": "make",
    "mlmodel": "yaml",
    "pipfile": "toml",
    ".bashrc": "bash",
    ".profile": "bash",
    ".gitconfig": "ini",
    "meta.yaml": "yaml",
}
BY_CONTENT = (
    (r"#!.*\bpython", "python"),
    (r"#!.*\b(?:ba|z|k|da)?sh\b", "bash"),
    (r"#!.*\bRscript", "r"),
    (r"\s*<\?xml\b", "xml"),
    (r"\s*<svg\b", "xml"),
    (r"(?i:\s*<(?:!doctype html|html)\b)", "html"),
    (r"diff --git |(?:---|\+\+\+) \S.*\n(?:\+\+\+|@@)|Index: .*\n=====", "diff"),
    (r"(?:\s*#.*\n|\s*\n)*(?:import \w[\w. ,]*\n|from \w[\w.]* import )", "python"),
    (r"(?i:(?:\s*--.*\n|\s*\n)*\s*(?:select\s.+\sfrom\s|create (?:table|view|index)\s|insert into\s))", "sql"),
)
"""Patterns of the start of a text, and its language."""
START_LENGTH = 2000
"""Characters in which the patterns of a language are searched."""


def language_of(sample: Sample) -> str:
    """Return the language of a text by its name, else by its first lines; empty for plain text."""
    if not sample.is_text:
        return ""
    by_name = BY_NAME.get(sample.name) or BY_SUFFIX.get(sample.suffix)
    if by_name:
        return by_name
    if sample.suffix in (".txt", ".log", ".csv", ".tsv"):
        return "diff" if is_diff(sample.text) else ""
    start = sample.text[:START_LENGTH]
    return next((language for pattern, language in BY_CONTENT if re.match(pattern, start)), "")


def is_diff(text: str) -> bool:
    """Return whether a text begins like a unified diff."""
    return any(re.match(pattern, text) is not None for pattern, language in BY_CONTENT if language == "diff")
