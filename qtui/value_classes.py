"""`dataclass`, as in the standard library, for values and messages, but cheaper to define.

The standard decorator compiles six functions for a frozen class with slots, 0.7 ms each class on Python 3.11; with 150
such classes that was a quarter of the CPU time from the start to the first rows. This one compiles `__init__` alone,
when the first value is created, and shares the other methods; fields, `replace`, `asdict`, pickling and equality are
those of a dataclass.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, **options: bool) -> Any:
        """Return the class as a dataclass, or a decorator that does so."""
        if (slots and not frozen) or options.keys() - {"eq", "repr", "kw_only"}:
            return dataclasses.dataclass(cls, frozen=frozen, slots=slots, **options)

        def decorate(cls: type) -> type:
            own = dict(vars(cls))
            kw_only = options.get("kw_only", False)
            plain = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
            add_eq, add_repr = options.get("eq", True), options.get("repr", True)
            return add_methods(plain, own, frozen=frozen, add_eq=add_eq, add_repr=add_repr)

        return decorate if cls is None else decorate(cls)


def add_methods(cls: Any, own: Mapping[str, Any], *, frozen: bool, add_eq: bool, add_repr: bool) -> type:
    """Add the methods of a dataclass that the class does not define itself."""
    fields = dataclasses.fields(cls)
    names = tuple(field.name for field in fields if field.compare)
    cls.__init__ = compile_at_first_call(cls, fields)
    cls.__signature__ = INSPECTED_SIGNATURE
    if frozen:
        cls.__setattr__, cls.__delattr__ = refuse_change, refuse_delete
        cls.__getstate__, cls.__setstate__ = get_state, set_state
    if add_repr and "__repr__" not in own:
        cls.__repr__ = represent
    if add_eq:
        values = value_getter(names)
        if "__eq__" not in own:
            cls.__eq__ = lambda self, other: (
                values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented
            )
        if "__hash__" not in own:
            cls.__hash__ = (lambda self: hash(values(self))) if frozen else None
    return cls  # type: ignore[no-any-return]


def value_getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a function that returns the values of these fields as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def compile_at_first_call(cls: Any, fields: tuple[dataclasses.Field[Any], ...]) -> Any:
    """Return an `__init__` that replaces itself by the compiled one: few classes have values before the first rows."""

    def compile_init() -> None:
        cls.__init__ = init_method(cls, fields)

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        compile_init()
        cls.__init__(self, *args, **kwargs)

    vars(__init__)["compile"] = compile_init
    return __init__


class InspectedSignature:
    """The `__signature__` of a class, which compiles `__init__` when `inspect` or `help` reads the parameters."""

    def __get__(self, value: object, owner: Any) -> None:
        """Return None: `inspect` reads the parameters of `__init__` then."""
        if compile_init := getattr(owner.__init__, "compile", None):
            compile_init()


INSPECTED_SIGNATURE = InspectedSignature()


def init_method(cls: type, fields: tuple[dataclasses.Field[Any], ...]) -> Any:
    """Compile `__init__`."""
    scope: dict[str, Any] = {"set_field": object.__setattr__, "MISSING": dataclasses.MISSING}
    parameters, lines = [], []
    # Fields that are passed by keyword only, which a class can inherit, come last.
    ordered = sorted(fields, key=lambda field: bool(field.kw_only))
    for field in ordered:
        name = field.name
        if field.kw_only and "*" not in parameters:
            parameters.append("*")
        if field.default_factory is not dataclasses.MISSING:
            scope[f"make_{name}"] = field.default_factory
            parameters.append(f"{name}=MISSING")
            lines.append(f" set_field(self, {name!r}, make_{name}() if {name} is MISSING else {name})")
            continue
        if field.default is not dataclasses.MISSING:
            scope[f"default_{name}"] = field.default
            parameters.append(f"{name}=default_{name}")
        else:
            parameters.append(name)
        lines.append(f" set_field(self, {name!r}, {name})")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    source = f"def __init__(self, {', '.join(parameters)}):\n" + "\n".join(lines or [" pass"])
    # CPython forgets an interrupt that ends the program if text is executed after it, but not if code is.
    exec(compile(source, f"<{cls.__qualname__}>", "exec"), scope)
    scope["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    return scope["__init__"]


def refuse_change(self: Any, name: str, value: Any) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def refuse_delete(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def get_state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def set_state(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


def represent(self: Any) -> str:
    values = ", ".join(
        f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr
    )
    return f"{type(self).__qualname__}({values})"
