"""Copies of one block laid over one another.

Each copy (fragment) is a row. A template stands for the nodes that the rows have at one place of
the source; inside a ``when`` that came out differently, some rows have none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archdsl.graph.nodes import ModuleRef

if TYPE_CHECKING:
    from archdsl.formulas import Origin
    from archdsl.graph.nodes import CallNode, Fragment, Node, OpNode, Ref
    from archdsl.types import TensorType


class DifferentStructure(Exception):
    """The rows differ too much for one class."""


@dataclass(eq=False)
class OpStep:
    rows: dict[int, OpNode]
    branches: list[Flow]
    channels_last: bool = False  # whether the channels of what flows in are the last axis


@dataclass(eq=False)
class ChannelsLastStep:
    """Steps on images or volumes whose channels are made the last axis for them; ``axes`` is how
    many other axes there are."""

    flow: Flow
    axes: int


@dataclass(eq=False)
class RefStep:
    """A let of the body or its input, or a module; or, from outside, another argument of
    ``forward``. ``made`` are the steps that a module of this body consists of."""

    rows: dict[int, Ref]
    made: Flow = field(default_factory=list)

    @property
    def is_module(self) -> bool:
        return isinstance(next(iter(self.rows.values())), ModuleRef)

    @property
    def from_outside(self) -> bool:
        return next(iter(self.rows.values())).up > 0

    @property
    def key(self) -> tuple[tuple[int, str, int], ...]:
        return tuple((row, ref.name, ref.up) for row, ref in sorted(self.rows.items()))


@dataclass(eq=False)
class RepeatStep:
    """Copies of some steps. ``source`` is the expression that they come from, where copies before
    these stand on their own: ``before`` of them."""

    counts: dict[int, int]
    flow: Flow
    rows: dict[int, Node]
    source: Any = None
    before: int = 0


@dataclass(eq=False)
class CallStep:
    """A call of one class; ``slots`` are the layers handed to it, ``makers`` those that it makes
    by functions handed to it, ``tensors`` those it reads."""

    unit: Unit
    rows: dict[int, CallNode]
    slots: dict[str, Flow]
    makers: dict[str, Flow]
    tensors: list[RefStep]


@dataclass(eq=False)
class SlotStep:
    """A layer handed to this class as a module; ``rows`` are those that are handed to it."""

    parameter: str
    rows: dict[int, Node]


@dataclass(eq=False)
class MadeStep:
    """A layer that a function handed to this class makes: ``called`` here, or handed on; ``rows``
    are those that are made."""

    parameter: str
    rows: dict[int, Node]
    called: bool = True


@dataclass(eq=False)
class ModuleStep:
    """A module applied, its own submodule or one from outside; ``flow`` is the one step that it
    consists of."""

    ref: RefStep
    flow: Flow


@dataclass(eq=False)
class AltStep:
    """A ``when`` that rows took differently."""

    taken: dict[int, bool]
    yes: Flow
    no: Flow
    rows: dict[int, Node]


Step = (
    OpStep
    | RefStep
    | RepeatStep
    | CallStep
    | SlotStep
    | MadeStep
    | ModuleStep
    | AltStep
    | ChannelsLastStep
)
Flow = list[Step]


@dataclass(eq=False)
class Parameter:
    """One argument of a class's constructor. ``source`` is what it stands for; None where it is
    the value itself of something in the class, which ``hidden`` sources decide in a way that is
    not known."""

    name: str
    values: dict[int, Any]
    default: Any
    annotation: str
    source: Origin | None = None
    hidden: frozenset[Origin] = frozenset()

    @property
    def own(self) -> bool:
        """Whether it is an argument of the block."""
        return self.source is not None and self.source.kind not in ("size", "outer")


@dataclass(eq=False)
class Unit:
    """One class to be: fragments of one block that share a structure.

    It takes layers of its block as modules (``slots``), or as functions that make them
    (``makers``). ``agreed`` are conditions that came out alike in all copies, so that the other
    side is not in the class. ``submodules`` are the attributes that each let comes to, and
    ``channels_last`` those that work with the channels of images as the last axis, once the class
    is written.
    """

    name: str
    fragments: list[Fragment]
    slots: tuple[str, ...]
    makers: tuple[str, ...] = ()
    bindings: list[tuple[str, Flow]] = field(default_factory=list)
    result: Flow = field(default_factory=list)
    outside: list[RefStep] = field(default_factory=list)
    context: list[str] = field(default_factory=list)
    names: list[dict[str, str]] = field(default_factory=list)  # in the class, by those in the model
    agreed: list[tuple[dict[int, Any], bool]] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    submodules: dict[str, list[str]] = field(default_factory=dict)
    channels_last: frozenset[str] = frozenset()
    is_model: bool = False

    def row(self, fragment: Fragment) -> int:
        return self.index[id(fragment)]

    def given(self, fragment: Fragment) -> list[str]:
        """The further inputs that a call hands on to a fragment, by their names in the model."""
        there = {ours: name for name, ours in self.names[self.row(fragment)].items()}
        return [there.get(name, name) for name in self.context]

    def __post_init__(self) -> None:
        self.index = {id(fragment): row for row, fragment in enumerate(self.fragments)}

    @property
    def takes(self) -> TensorType:
        return self.fragments[0].takes
