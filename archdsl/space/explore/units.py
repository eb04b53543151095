"""What is explored: parts of a program by themselves, each with the values that it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.evaluate.frames import Closure, Frame, Pending, Tensor, Values, pendings
from archdsl.evaluate.op_calls import lent_by

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Set

    from archdsl.evaluate.requirements import Requirement
    from archdsl.graph.nodes import Learning
    from archdsl.source import Span
    from archdsl.types import TensorType

Code = Any  # (takes, run) -> Node, Value; see archdsl.space.explore.replay


class Value:
    """A value that a unit may have, or several in a tuple; 1, 1.0 and true are three."""

    __slots__ = ("_hash", "key", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self.key = _exactly(value)
        self._hash = hash(self.key)  # it is looked up far more often than made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and self.key == other.key

    def __hash__(self) -> int:
        return self._hash


def _exactly(value: Any) -> Any:
    kind = type(value)
    if kind is tuple or kind is Values:
        return (kind, tuple([_exactly(part) for part in value]))
    return (kind, value)


class Unit:
    """A part of a program with the values that it reads, so that it can be explored by itself.

    ``code`` runs it; ``steps`` are the layers of one that is a row, each with its frame. ``scopes``
    are those of the pending lets that it may read, itself or through other lets; of a value
    ``direct`` are those that it reads itself; ``private`` are lets that nothing but this one reads,
    to be chosen together with it; ``whole`` when this is the whole program; ``op`` is an op that
    merges nothing, with the unit of its arguments and what training does to it; ``merge`` one that
    merges layers, with that and the frame it stands in; ``need`` the requirement whose condition
    this is a part of; ``live`` are lets of which it makes no difference whether it reads them
    (archdsl.evaluate.liveness); ``in_module`` whether it is part of a module, whose weights are
    counted where the module is.
    """

    __slots__ = (
        "code",
        "direct",
        "in_module",
        "lends",
        "live",
        "merge",
        "need",
        "op",
        "private",
        "scopes",
        "steps",
        "whole",
    )

    def __init__(
        self,
        code: Code,
        scopes: frozenset[Scope],
        steps: tuple[tuple[Any, Frame], ...] = (),
        lends: bool = False,
    ) -> None:
        self.code = code
        self.lends = lends
        self.scopes = scopes
        self.direct = scopes
        self.steps = steps
        self.private: Owned = {}
        self.whole = False
        self.op: tuple[Any, Unit, Learning] | None = None
        self.need: Requirement | None = None
        self.live: Set[str] = frozenset()
        self.in_module = False
        self.merge: tuple[Any, Unit, Frame] | None = None


class Scope:
    """The place of choices that are made once for all who read them: a let or a module of a body, a
    shared block, or a let or a module outside bodies.

    ``place`` is the body they are made in, None for the whole model; ``path`` where in it;
    ``rank`` numbers the scopes as they were met. ``let`` is the expression of a let that is a
    value, and ``read`` whether anything has looked it up.
    """

    __slots__ = ("let", "path", "place", "rank", "read")

    def __init__(self, path: str, place: Any, rank: int, let: Any = None) -> None:
        self.path = path
        self.place = place
        self.rank = rank
        self.let = let
        self.read = False


Component = tuple[Unit, "TensorType | None"]  # what is met at a place: a unit, and what flows in
Owned = dict[Scope, tuple[Component, ...]]  # scopes to settle, each with all that is met there


class Units:
    """Every unit and scope met, once each.

    ``deep``: parts that stand in differently many bodies are different units, so that it is known
    how deep blocks nest.
    """

    def __init__(self, deep: bool = False) -> None:
        self.deep = deep
        self._units: dict[Hashable, Unit] = {}
        self._scopes: dict[Hashable, Scope] = {}
        self._numbers: dict[Component, int] = {}
        self.besides: dict[Any, dict[str, frozenset[str]]] = {}  # see archdsl.evaluate.liveness

    def unit(
        self,
        key: Hashable,
        code: Code,
        scopes: Callable[[], frozenset[Scope]],
        steps: tuple[tuple[Any, Frame], ...] = (),
        lends: bool = False,
        direct: Callable[[], frozenset[Scope]] | None = None,
        in_module: bool = False,
    ) -> Unit:
        """The unit of a key, made when it is first met. One that ``lends`` tells of weights that
        others may borrow; ``direct`` tells what it reads itself, where lets may ask for that."""
        found = self._units.get((key, lends))
        if found is None:
            found = self._units[key, lends] = Unit(code, scopes(), steps, lends)
            found.direct = direct() if direct else found.scopes
            found.in_module = in_module
        return found

    def level(self, frame: Frame) -> tuple[int, int, int, bool]:
        """What the nesting of bodies around a place, what training does there, and whether it is in
        a module, are to a unit."""
        inwards = frame.depth - frame.home
        return (inwards, frame.depth if self.deep else 0, frame.learning, frame.in_module)

    def number(self, component: Component) -> int:
        """The place of a component among all that were asked for."""
        return self._numbers.setdefault(component, len(self._numbers))

    def scope(self, key: Hashable, path: str, place: Any, let: Any = None) -> Scope:
        found = self._scopes.get(key)
        if found is None:
            found = self._scopes[key] = Scope(path, place, len(self._scopes), let)
        return found

    def unread(self) -> tuple[tuple[str, Span], ...]:
        """The lets that choose a value which nothing ever looks up, by name and place."""
        lets = [scope for scope in self._scopes.values() if scope.let is not None]
        read = {id(scope.let) for scope in lets if scope.read}
        unread = {id(scope.let): scope for scope in lets if id(scope.let) not in read}
        return tuple(
            ((scope.path + getattr(scope.let, "label", ""))[1:], scope.let.span)
            for scope in unread.values()
        )


def read_by(components: Iterable[Component]) -> frozenset[Scope]:
    """The scopes that some components may read."""
    return frozenset().union(*(unit.scopes for unit, _ in components))


def in_order(scopes: Iterable[Scope], owned: Owned) -> list[Scope]:
    """Scopes in the order in which to settle them: each before those that its choices may read."""
    waiting = list(scopes)
    ordered: list[Scope] = []
    while waiting:
        read = frozenset().union(*(read_by(owned[scope]) for scope in waiting))
        ordered.extend(scope for scope in waiting if scope not in read)
        waiting = [scope for scope in waiting if scope in read]
    return ordered


def reads(thing: Any, env: dict[str, Any], depth: int) -> tuple[Any, ...]:
    """A key that is equal where an expression reads equal values, at a depth of bodies."""
    names = thing.free
    if not names:
        return ()
    return tuple([(name, _value_key(env[name], depth)) for name in names if name in env])


def _value_key(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind is int or kind is str or kind is Pending:
        return value
    if kind is Tensor:
        return (Tensor, value.type, lent_by(value.node) if value.node else None)
    if kind is Closure:
        read = reads(value.layer, value.frame.env, depth)
        own = (value.scope, value.frame.learning) if value.module else None
        return (value.layer, value.path, depth - value.frame.home, read, own)
    if kind is Values:
        return (kind, tuple([_value_key(item, depth) for item in value]))
    return (kind, value)


def directly_read(names: Iterable[str], env: dict[str, Any]) -> frozenset[Scope]:
    """The scopes of the pending lets that some names are bound to."""
    found: set[Scope] = set()
    for value in map(env.get, names):
        if type(value) is Pending or type(value) is Values:
            found |= {one.scope for one in pendings(value)}
        elif type(value) is Closure:
            found |= directly_read(value.layer.free, value.frame.env)
    return frozenset(found)


def scopes_of(names: Iterable[str], env: dict[str, Any]) -> frozenset[Scope]:
    """The scopes of the pending lets that some names lead to."""
    found: set[Scope] = set()
    for name in names:
        value = env.get(name)
        if type(value) is Pending or type(value) is Values:
            for one in pendings(value):
                found.add(one.scope)
                found |= one.unit.scopes
        elif type(value) is Closure:
            found |= scopes_of(value.layer.free, value.frame.env)
    return frozenset(found)
