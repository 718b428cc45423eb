"""Only `qtui.tui.terminal` uses the private API of Textual and Rich, which can change with every release."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import qtui
from qtui import tui

ROOT = Path(qtui.__file__).parent
ALLOWED = ROOT / "tui" / "terminal"
NAMED_TUPLE_METHODS = {"_replace", "_asdict", "_fields", "_make"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in (ROOT / "tui").rglob("*.py"):
        if ALLOWED not in path.parents:
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def test_private_modules_are_imported_only_by_the_terminal_package() -> None:
    imports = [
        (name, module)
        for name, tree in sources()
        for node in ast.walk(tree)
        for module in imported_modules(node)
        if module.split(".")[0] in {"textual", "rich"} and any(part.startswith("_") for part in module.split("."))
    ]
    assert imports == []


def imported_modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def test_private_members_of_other_objects_are_used_only_by_the_terminal_package() -> None:
    uses = [
        f"{name}:{node.lineno} {ast.unparse(node)}"
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and node.attr not in NAMED_TUPLE_METHODS
        and ast.unparse(node.value) not in {"self", "cls", "os", "__class__"}
    ]
    assert uses == []


def test_private_methods_of_textual_are_overridden_only_by_the_terminal_package() -> None:
    overrides = []
    for info in pkgutil.walk_packages(tui.__path__, "qtui.tui."):
        module = importlib.import_module(info.name)
        for _, cls in inspect.getmembers(module, inspect.isclass):
            if cls.__module__ == info.name and not info.name.startswith("qtui.tui.terminal"):
                bases = [base for base in cls.__mro__ if base.__module__.startswith("textual")]
                overrides += [
                    f"{info.name}.{cls.__name__}.{name}"
                    for name, value in vars(cls).items()
                    if name.startswith("_")
                    and not name.startswith("__")
                    and inspect.isfunction(value)
                    and any(name in vars(base) for base in bases)
                ]
    assert overrides == []
