"""Immutable values with named fields, cheap to declare.

``dataclasses`` compiles several functions for each class when its module is imported; the syntax
tree's two dozen classes cost a cold start as much as parsing a spec. A record shares its methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: object) -> Any:
        """Says to type checkers only that a class is like a dataclass."""
        return lambda cls: cls


@dataclass_transform(frozen_default=True)
class Record:
    """Base of records: the annotations of a subclass are its fields, all required, in order."""

    field_names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.field_names = tuple(cls.__annotations__)

    def __init__(self, *values: Any, **named: Any) -> None:
        names = self.field_names
        if not named and len(values) == len(names):
            self.__dict__.update(zip(names, values, strict=True))
            return
        fields = dict(zip(names, values, strict=False))
        if len(values) > len(names) or named.keys() & fields.keys():
            raise TypeError(f"{type(self).__name__} takes {', '.join(names)}")
        fields.update(named)
        if len(fields) != len(names) or named.keys() - set(names):
            raise TypeError(f"{type(self).__name__} takes {', '.join(names)}")
        self.__dict__.update(fields)

    def parts(self) -> Iterator[Record]:
        """The records among its fields and in their tuples, in the order of the fields."""
        for name in self.field_names:
            value = getattr(self, name)
            for part in value if type(value) is tuple else (value,):
                if isinstance(part, Record):
                    yield part

    def within(self) -> Iterator[Record]:
        """It and all records below it, each before its parts."""
        waiting = [self]
        while waiting:
            record = waiting.pop()
            yield record
            waiting.extend(reversed(tuple(record.parts())))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *(self.__dict__[name] for name in self.field_names)))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self.field_names)
        return f"{type(self).__name__}({fields})"
