"""The typed graph of one design: a tree of applied layers in the shape of the source.

Blocks become :class:`Fragment` values, shared by all calls that came out the same, so a network of
a thousand equal blocks holds one. Every node knows the type it gives and where in the source it
stands; the calls that led to a node are those above it in the tree.

A node is *applied* to what flows in. :class:`Ref` ignores that and gives a tensor bound by name:
``x`` (what flowed into the body) or a ``let``; ``up`` counts the bodies outwards to the one that
binds it (0: this body), for layers handed into blocks as arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from archdsl.source import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from archdsl.ops.base import Op
    from archdsl.ops.reads import Laid, Reads
    from archdsl.source import Span
    from archdsl.types import TensorType

Answer = TypeVar("Answer")


class Learning(IntEnum):
    """What training does to the weights of an op. Gradients pass through one that is ``FROZEN`` to
    layers before it that are trained; before one that is ``STILL`` there are none, and before one
    that is ``INERT`` none that could have adapters either. One that is ``AUXILIARY`` is trained and
    there for a result of training only: in use it does not run."""

    AUXILIARY = -1
    TRAINED = 0
    FROZEN = 1
    STILL = 2
    INERT = 3

    @property
    def is_frozen(self) -> bool:
        """Whether training leaves the weights as they are."""
        return self >= Learning.FROZEN


@dataclass(frozen=True, eq=False, repr=False)
class OpNode:
    """One op. ``inputs`` are the types it gets (as :class:`archdsl.ops.base.Op` says);
    ``branches`` the layers it takes, each applied to what flows in. ``call`` is the expression it
    comes from, with those of its arguments; ``learning`` what training does to its weights.
    ``known`` remembers what has been computed of it, by what computes it."""

    op: Op
    branches: tuple[Node, ...]
    inputs: tuple[TensorType, ...]
    out: TensorType
    span: Span
    size: int = 1
    refs: frozenset[Ref] = frozenset()
    call: Any = None
    learning: Learning = Learning.TRAINED
    known: dict[Hashable, Any] = field(default_factory=dict, init=False)

    def __getstate__(self) -> dict[str, Any]:
        """All but what was computed of it, which other processes compute anew."""
        return {**vars(self), "known": {}}

    def reads(self) -> tuple[Reads | Laid, ...]:
        """What it reads of its inputs (:meth:`archdsl.ops.base.Op.reads`), worked out once."""
        if OpNode.reads not in self.known:
            self.known[OpNode.reads] = self.op.reads(*self.inputs)
        found: tuple[Reads | Laid, ...] = self.known[OpNode.reads]
        return found

    def bounds(self) -> tuple[float, float]:
        """No number of the result is beyond these (:meth:`archdsl.ops.base.Op.bounds`)."""
        return self.op.bounds(*self.inputs)

    def window(self) -> tuple[int, int] | None:
        """What one position reads (:meth:`archdsl.ops.base.Op.window`), worked out once."""
        if OpNode.window not in self.known:
            self.known[OpNode.window] = self.op.window(*self.inputs)
        found: tuple[int, int] | None = self.known[OpNode.window]
        return found


def once(question: Callable[[OpNode], Answer]) -> Callable[[OpNode], Answer]:
    """A question about an op that the op alone decides, whatever stands around it: answered once
    for all its copies, and for all designs of a space that share it."""

    @wraps(question)
    def answered(node: OpNode) -> Answer:
        known = node.known
        if question not in known:
            known[question] = question(node)
        answer: Answer = known[question]
        return answer

    return answered


@dataclass(frozen=True, repr=False)
class Ref:
    """A tensor bound by name. Two are equal when they mean the same tensor."""

    name: str
    up: int
    out: TensorType = field(compare=False)
    span: Span = field(compare=False)

    size: int = field(default=0, init=False, compare=False)
    refs: frozenset[Ref] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "refs", frozenset((self,)))

    def __reduce__(self) -> tuple[Any, ...]:
        return Ref, (self.name, self.up, self.out, self.span)  # it is itself among its refs

    def from_outside(self) -> Ref:
        """The same as the body around names it."""
        return Ref(self.name, self.up - 1, self.out, self.span)


@dataclass(frozen=True, repr=False)
class ModuleRef(Ref):
    """A ``module`` by name, applied to what is of the type ``takes``: one set of weights for all
    that have its name and ``up``. It stands for no tensor."""

    takes: TensorType

    def __reduce__(self) -> tuple[Any, ...]:
        return ModuleRef, (self.name, self.up, self.out, self.span, self.takes)

    def from_outside(self) -> ModuleRef:
        return ModuleRef(self.name, self.up - 1, self.out, self.span, self.takes)


@dataclass(frozen=True, eq=False, repr=False)
class Chain:
    """Steps one after another; no step is itself a chain, and identities are left out.

    No steps at all is the identity. Only the first may ignore what flows in, as a :class:`Ref`
    does; those before it that are thrown away with it are ``dead``, and nothing else counts them.
    """

    steps: tuple[Node, ...]
    out: TensorType
    span: Span
    size: int
    refs: frozenset[Ref] = frozenset()
    dead: tuple[Node, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Repeat:
    """``count`` ≥ 2 copies in a row of one design, each with weights of its own.

    The step gives the type it takes. ``call`` is the expression that it comes from; ``before`` are
    the copies of it that stand before these, as they took another type.
    """

    count: int
    step: Node
    out: TensorType
    span: Span
    size: int
    refs: frozenset[Ref] = frozenset()
    call: Any = None
    before: int = 0


@dataclass(frozen=True, eq=False, repr=False)
class CallNode:
    """A block applied. ``refs`` are the tensors of outer bodies that its layer arguments read,
    seen from here (inside the fragment the same refs are one ``up`` higher). ``call`` is the
    expression that it comes from, with those of its arguments."""

    fragment: Fragment
    span: Span
    refs: frozenset[Ref] = frozenset()
    call: Any = None

    @property
    def out(self) -> TensorType:
        return self.fragment.out

    @property
    def size(self) -> int:
        return self.fragment.size


@dataclass(frozen=True, eq=False, repr=False)
class Slot:
    """A layer bound by name, applied: a layer parameter of the block, as ``f`` in ``block
    residual(f) = add(x, f)``, or a ``module``, which ``module`` tells."""

    parameter: str
    layer: Node
    span: Span
    refs: frozenset[Ref] = frozenset()
    module: ModuleRef | None = None

    @property
    def out(self) -> TensorType:
        return self.layer.out

    @property
    def size(self) -> int:
        return self.layer.size


@dataclass(frozen=True, eq=False, repr=False)
class Branch:
    """``when`` as it came out: ``taken`` is the condition, ``layer`` the branch it chose.

    Two copies of a block that differ here have branches of equal ``span``. ``call`` is the
    expression that it comes from, with that of the condition.
    """

    taken: bool
    layer: Node
    span: Span
    refs: frozenset[Ref] = frozenset()
    call: Any = None

    @property
    def out(self) -> TensorType:
        return self.layer.out

    @property
    def size(self) -> int:
        return self.layer.size


@dataclass(frozen=True, repr=False)
class Explored:
    """What a part of a space may come to, of which only what its surroundings need is known.

    It stands for all the designs of that part that give the type ``out``, read the tensors
    ``refs``, and look the same to the costs explored: ``parts`` holds the border that each of
    ``costs`` sees (:mod:`archdsl.cost.compose`). ``lends`` is the op, with its input types, whose
    weights another op may borrow; ``reads_flow`` tells whether it depends on what flows in. What
    lies inside it is counted elsewhere, so its size is 0.
    """

    out: TensorType
    refs: frozenset[Ref]
    parts: tuple[Hashable, ...]
    costs: tuple[Hashable, ...]
    lends: tuple[Op, tuple[TensorType, ...]] | None = None
    reads_flow: bool = True
    span: Span = field(default=NOWHERE, compare=False)
    size: int = field(default=0, init=False, compare=False)


Node = OpNode | Ref | Chain | Repeat | CallNode | Slot | Branch | Explored


@dataclass(frozen=True, eq=False, repr=False)
class Binding:
    """A ``let`` of a body that holds a tensor: ``node`` is applied to the body's input."""

    name: str
    node: Node
    span: Span


@dataclass(frozen=True, eq=False, repr=False)
class Fragment:
    """A body evaluated: of a block (or of the model) for some arguments and an input type.

    ``bindings`` are the lets that reach the result, in the order of the source; ``dead`` those
    that do not. The size, in ops, counts each binding once and the dead not at all.
    ``arguments`` holds the value arguments by parameter name (layer arguments are slots).
    ``refs`` are the tensors of outer bodies that it reads (each ``up`` ≥ 1).
    ``modules`` are the names of the modules that belong to it, mentioned or not.
    ``braced`` tells ``{ let … return … }`` from ``= expr``. ``nested`` is how deep calls nest
    inside. ``source`` is the body it was evaluated from, with its expressions. ``known`` remembers
    what has been computed of it, by what computes it.
    """

    name: str
    arguments: tuple[tuple[str, Any], ...]
    takes: TensorType
    bindings: tuple[Binding, ...]
    result: Node
    dead: tuple[Binding, ...]
    out: TensorType
    size: int
    span: Span
    braced: bool
    refs: frozenset[Ref] = frozenset()
    nested: int = 0
    source: Any = None
    modules: frozenset[str] = frozenset()
    known: dict[Hashable, Any] = field(default_factory=dict, init=False)


@dataclass(frozen=True, eq=False, repr=False)
class Graph:
    """A whole design: the model's fragment, named after its ``arch``. ``source`` is the program it
    was evaluated from."""

    name: str
    model: Fragment
    doc: str = ""
    source: Any = None
