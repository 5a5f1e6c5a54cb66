"""Record types: classes whose keys are declared once, each with its shape and its manual.

From that one declaration come the reader, the messages, the reference of the language and the JSON Schema. The shape
``Record`` in ``records`` reads a mapping with these keys, and reports unknown and missing ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar, cast

from deckgen.core.diagnostics import Position
from deckgen.language.shapes import Shape

T = TypeVar("T")

REQUIRED = object()
"""The default of a key that must be given."""


class Key(NamedTuple):
    """A key of a record: its shape, what it is for, its default, and whether it may also stand at the top of a file."""

    shape: Shape[object]
    manual: str
    default: Any
    inherited: bool
    name: str = ""

    @property
    def required(self) -> bool:
        return self.default is REQUIRED


def key(
    shape: Shape[T], manual: str, *, default: object = REQUIRED, inherited: bool = False
) -> Any:  # Any, since the annotation of the attribute says what it is
    """Declare a key of a record. It is required if it has no default. An ``inherited`` key may stand at the top of a
    file, as the default for all entries below."""
    return Key(shape, manual, default, inherited)


def record(type: type[T]) -> type[T]:
    """Turn a class that declares keys into a record type. It inherits the keys of its bases."""
    own = {name: value._replace(name=name) for name, value in vars(type).items() if isinstance(value, Key)}
    for name, declared in own.items():
        if declared.required:
            delattr(type, name)
        else:
            setattr(type, name, declared.default)
    inherited = {name: declared for name, declared in getattr(type, "KEYS", {}).items() if name not in own}
    both = {**own, **inherited}
    cast("Any", type).KEYS = {name: both[name] for name in sorted(both, key="id".__ne__)}
    return type


def keys(type: Any) -> dict[str, Key]:
    """The keys of a record type by name: the id, its own keys, and those of its bases."""
    declared: dict[str, Key] = type.KEYS
    return declared


def make(type: type[T], position: Position, values: Mapping[str, object]) -> T:
    """Make a record with values for its required keys. The class has the defaults of the others."""
    made = object.__new__(type)
    made.__dict__.update(values, position=position)
    return made


def with_values(record: T, **values: object) -> T:
    """Copy a record with other values for some of its keys."""
    made = object.__new__(type(record))
    made.__dict__.update(record.__dict__, **values)
    return made
