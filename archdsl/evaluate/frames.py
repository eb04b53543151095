"""What names stand for while a body is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from archdsl.graph.nodes import Learning
from archdsl.types import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.graph.nodes import Node
    from archdsl.source import Span
    from archdsl.types import TensorType


class Word(str):
    """A bare name that nothing binds: a word such as ``learned``, or a misspelt name. ``unbound``
    is the expression that it comes from, None for the word of an op."""

    __slots__ = ("unbound",)
    unbound: Any

    def __new__(cls, name: str, unbound: Any = None) -> Word:
        made = super().__new__(cls, name)
        made.unbound = unbound
        return made


class Values(tuple[Any, ...]):  # noqa: SLOT001 (tuples hold no more slots)
    """A list of values. ``size`` counts its items with those of the lists among them; it is
    ``plain`` when there is no layer in it, and ``open`` when some of it is looked up when it is
    needed."""

    size: int
    plain: bool
    open: bool

    def __new__(cls, items: Iterable[Any] = ()) -> Values:
        made = super().__new__(cls, items)
        lists = [item for item in made if type(item) is Values]
        made.size = len(made) + sum(item.size for item in lists)
        made.open = any(type(item) is Pending for item in made) or any(one.open for one in lists)
        layers = any(type(item) is Closure for item in made)
        made.plain = not layers and all(item.plain for item in lists)
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (tuple(self),)


class Tensor(NamedTuple):
    """A name bound to a tensor: ``x``, or a ``let`` and the node that makes it."""

    type: TensorType
    node: Node | None = None


MISTAKEN = Tensor(UNKNOWN)  # what a name is bound to whose value or layer is mistaken


class Pending:
    """A ``let`` that holds a value, not looked up yet: only a run over all designs has these.

    ``scope`` is the place where its choices are made, once for all who read it; ``unit`` what it
    comes to. Two are equal when they are the same ``let`` of the same body, reading equal values.
    """

    __slots__ = ("_hash", "scope", "unit")

    def __init__(self, scope: Any, unit: Any) -> None:
        self.scope = scope
        self.unit = unit
        self._hash = hash((id(scope), id(unit)))  # it is looked up far more often than made

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pending):
            return NotImplemented
        return self.scope is other.scope and self.unit is other.unit

    def __hash__(self) -> int:
        return self._hash


def pendings(value: Any) -> Iterator[Pending]:
    """What is to be looked up to know a value: the items of a list may be, each by itself."""
    if type(value) is Pending:
        yield value
    elif type(value) is Values and value.open:
        for item in value:
            yield from pendings(item)


class Frame:
    """One body under evaluation.

    ``env`` binds its names; ``path`` begins the paths of the choices made in it (``""`` or
    ``".layer1"``: within an evaluation every part of a path has its dot before it); ``depth``
    counts the bodies around the place of evaluation and ``home`` those around the place where
    ``env`` belongs: they differ inside a layer handed to a block. ``learning`` is what training
    does to the weights of what is applied in it, and ``in_module`` whether that is part of a
    ``module``, whose weights are those of other places, too.
    """

    __slots__ = ("depth", "env", "home", "in_module", "learning", "path")

    def __init__(
        self,
        env: dict[str, Any],
        path: str,
        depth: int,
        home: int,
        learning: Learning = Learning.TRAINED,
        in_module: bool = False,
    ) -> None:
        self.env = env
        self.path = path
        self.depth = depth
        self.home = home
        self.learning = learning
        self.in_module = in_module

    def at(self, path: str) -> Frame:
        """The same names, at another path."""
        return Frame(self.env, path, self.depth, self.home, self.learning, self.in_module)

    def of(self, learning: Learning) -> Frame:
        """The same names at the same path, for a part that training does something else to."""
        return Frame(self.env, self.path, self.depth, self.home, learning, self.in_module)

    def binding(self, name: str, value: Any, path: str | None = None) -> Frame:
        """The same body with one more name, at another path if one is given."""
        bound = self.among({**self.env, name: value})
        return bound if path is None else bound.at(path)

    def among(self, env: dict[str, Any]) -> Frame:
        """The same place, with other names."""
        return Frame(env, self.path, self.depth, self.home, self.learning, self.in_module)

    def with_names(self, values: dict[str, Any], path: str) -> Frame:
        """The same body with more names, at another path."""
        return Frame({**self.env, **values}, path, self.depth, self.home, self.learning)


class Applicable(Protocol):
    """A layer expression, as far as a closure needs to know it."""

    free: frozenset[str]
    span: Span

    def apply(self, frame: Frame, takes: TensorType, run: Any) -> Node: ...


class Closure:
    """A layer not applied yet, with the names it was written among.

    ``path`` is None when its choices belong to the place of application, else they are made once
    under that path (a ``let`` outside bodies, a ``module``). Of a ``module`` this is the name;
    ``scope`` is where its choices are made, in a run over all designs.
    """

    __slots__ = ("frame", "layer", "module", "path", "scope")

    def __init__(
        self,
        layer: Applicable,
        frame: Frame,
        path: str | None = None,
        module: str = "",
        scope: Any = None,
    ) -> None:
        self.layer = layer
        self.frame = frame
        self.path = path
        self.module = module
        self.scope = scope

    def entered_from(self, frame: Frame, label: str) -> Frame:
        """The frame to apply it in, from a place called ``label`` in ``frame``."""
        path = frame.path + label if self.path is None else self.path
        learning = self._learning(frame.learning) if self.module else frame.learning
        in_module = frame.in_module or bool(self.module)
        return Frame(self.frame.env, path, frame.depth, self.frame.home, learning, in_module)

    def _learning(self, around: Learning) -> Learning:
        """Whether training changes the weights of a module is said where it is made; whether
        gradients come to it, and whether it is there in training only, where it is applied."""
        if self.frame.learning.is_frozen:
            return max(Learning.FROZEN, around)
        return min(Learning.TRAINED, around)


def holds_layers(value: Any) -> bool:
    """Whether a value is a layer, or a list with layers in it."""
    return type(value) is Closure or (type(value) is Values and not value.plain)


def key_of(value: Any, depth: int) -> Any:
    """A hashable that is equal for values which evaluate alike at a depth."""
    kind = type(value)
    if kind is int or kind is str:
        return value
    if kind is Closure:
        names = value.layer.free
        env = value.frame.env
        bound = tuple((name, key_of(env[name], depth)) for name in names if name in env)
        own = (value.module, value.frame.learning) if value.module else ""
        return (value.layer, value.path, depth - value.frame.home, bound, own)
    if kind is Tensor:
        return (Tensor, value.type)
    if kind is Values:
        return (Values, tuple([key_of(item, depth) for item in value]))
    return (kind, value)
