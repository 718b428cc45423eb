"""The library guide: docs/library.md, generated from the docstrings of `qtui.recorder` by `make docs`."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import qtui.recorder

GUIDE = Path(__file__).parent.parent / "docs" / "library.md"

SECTIONS: dict[str, tuple[str, ...]] = {
    "Record runs": ("R", "init", "from_config", "QlibRecorder"),
    "Read a store": ("Library",),
    "Experiments and recorders": ("MLflowExpManager", "MLflowExperiment", "MLflowRecorder"),
    "Record templates": (
        *("records_of", "RecordTemp", "ACRecordTemp", "SignalRecord", "SigAnaRecord", "HFSignalRecord"),
        *("PortAnaRecord", "MultiPassPortAnaRecord"),
    ),
    "Collect results": ("RecorderCollector", "MergeCollector", "Collector", "collect_metrics", "collect_frames"),
    "Measures": ("calc_ic", "calc_long_short_return", "calc_long_short_prec", "risk_analysis", "indicator_analysis"),
    "Workflow configs": ("read_workflow", "fill_placeholder", "init_instance_by_config"),
    "Use with Qlib": ("use_with_qlib", "Serializable"),
}
"""The headings of the guide and the public names below them."""

SECTION_TITLE = re.compile(r"^(\w+)\n-{3,}$", re.MULTILINE)
SECTION_ITEM = re.compile(r"^(\w[\w, *]*)\n((?:    \S.*(?:\n|$))+)", re.MULTILINE)
EXAMPLE = re.compile(r"((?:^(?:>>>|\.\.\.).*\n?(?:^(?!>>>|\s*$).*\n?)*)+)", re.MULTILINE)

MAX_DEFAULT_LENGTH = 20
"""Characters of a default value in a signature."""

INTRODUCTION = """# Library guide

Import the names below from `qtui.recorder`. This page is generated from their docstrings (`make docs`); the examples in
it are run by the tests.
"""


def render() -> str:
    """Return the guide as Markdown."""
    parts = [INTRODUCTION]
    for heading, names in SECTIONS.items():
        parts.append(f"## {heading}\n")
        parts += [entry(name) for name in names]
    return "\n".join(parts)


def entry(name: str) -> str:
    """Return the section of one public name, with its public methods if it is a class."""
    value = getattr(qtui.recorder, name)
    cls = value if inspect.isclass(value) else None
    title = f"### `{name}{signature(value) if callable(value) and not isinstance(value, type(qtui)) else ''}`\n"
    lines = [title, description(value)]
    for method, function in public_methods(cls) if cls else ():
        lines.append(f"- `{method}{signature(function)}`: {first_sentence(function)}")
    return "\n".join(lines).rstrip() + "\n"


def public_methods(cls: type) -> list[tuple[str, object]]:
    """Return the public methods that a class defines or inherits from classes of qtui, in order of definition."""
    methods: dict[str, object] = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith("qtui"):
            methods |= {
                name: getattr(value, "__func__", value)
                for name, value in vars(base).items()
                if not name.startswith("_") and inspect.isroutine(getattr(value, "__func__", value))
            }
    return [(name, function) for name, function in methods.items() if inspect.getdoc(function)]


def signature(value: object) -> str:
    """Return the parameters of a function or class without annotations and `self`."""
    try:
        parameters = inspect.signature(value).parameters.values()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ""
    public = [p for p in parameters if p.name not in ("self", "cls") and not p.name.startswith("_")]
    return str(inspect.Signature([simplify(parameter) for parameter in public]))


class Ellipsized:
    """A default value that is too long for a signature."""

    def __repr__(self) -> str:
        return "..."


def simplify(parameter: inspect.Parameter) -> inspect.Parameter:
    """Return a parameter without its annotation, and with `...` for a long default."""
    default = parameter.default
    if default is not inspect.Parameter.empty and len(repr(default)) > MAX_DEFAULT_LENGTH:
        default = Ellipsized()
    return parameter.replace(annotation=inspect.Parameter.empty, default=default)


def description(value: object) -> str:
    """Return a docstring as Markdown: sections as lists, doctest examples as code blocks."""
    text = inspect.getdoc(value) or ""
    text = SECTION_TITLE.sub(r"**\1**\n", text)
    text = SECTION_ITEM.sub(lambda match: f"- `{match[1]}`: {' '.join(match[2].split())}\n", text)
    return EXAMPLE.sub(r"```python\n\1\n```\n", text) + "\n"


def first_sentence(value: object) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(value) or "").partition("\n")[0]


if __name__ == "__main__":
    GUIDE.parent.mkdir(exist_ok=True)
    GUIDE.write_text(render(), encoding="utf-8")
