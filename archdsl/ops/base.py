"""What an op is: a signature, a shape rule, a cost rule and a PyTorch spelling, in one file.

An op is a frozen dataclass in ``archdsl/ops/<family>/<word>.py``, its class the word in CamelCase.
Its fields, made with the functions of :mod:`archdsl.ops.parameters`, are its signature in the
language. Nothing here imports torch: the spelling is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from archdsl.ops.reads import Laid, Reads, channel
from archdsl.traced import Traced
from archdsl.types import spatial

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archdsl.types import Padded, TensorType


class Trait(str, Enum):
    """What rules and metrics may ask of an op, instead of its name."""

    WEIGHTED = "weighted"  # a learned matrix or kernel: counts towards depth
    CONVOLUTION = "convolution"
    DENSE = "dense"  # every output feature reads every input feature of its position
    ATTENTION = "attention"
    RECURRENT = "recurrent"
    MESSAGE_PASSING = "message_passing"
    EMBEDDING = "embedding"
    NORM = "norm"  # normalises
    CENTERING = "centering"  # a norm that subtracts the channel mean: a bias before it is dead
    OVER_BATCH = "over_batch"  # a norm that reads all samples of a batch in training
    ACTIVATION = "activation"
    SATURATING = "saturating"  # sigmoid, tanh
    REGULARIZER = "regularizer"  # dropout and its kin
    DROPS_SAMPLES = "drops_samples"  # drops whole samples of a branch: stochastic depth
    POOLING = "pooling"
    DOWNSAMPLING = "downsampling"
    MERGE = "merge"
    ADDITIVE = "additive"  # a merge through which a skip path carries its input unchanged
    CONCATENATIVE = "concatenative"  # a merge that keeps each of its inputs
    GATED = "gated"  # a multiplicative merge
    INTERPOLATING = "interpolating"  # a gated merge whose result lies between two of its inputs
    SCALING = "scaling"  # a factor, for each channel or for all numbers
    VIEW = "view"  # the result shares its input's storage
    ELEMENTWISE = "elementwise"
    MIXES_POSITIONS = "mixes_positions"  # an output position reads other positions
    FLATTENS = "flattens"  # positions become features
    TAKES_FIRST = "takes_first"  # of a sequence, the first position alone
    TAKES_LAST = "takes_last"  # of a sequence, the last position alone
    PREPENDS = "prepends"  # a learned position in front of all others, to be read in their place
    CONSTANT = "constant"  # the result is the same whatever flows in
    STORED = "stored"  # the result lies with the weights: it takes no memory, and places differ
    AFFINE = "affine"  # in use, sums of multiples of what flows in and of constants
    TRANSPOSED = "transposed"  # a convolution turned round
    RECTIFYING = "rectifying"  # what is negative becomes 0, and hands no gradient on
    SHARES = "shares"  # numbers between 0 and 1 that make 1 together, over the channels


MOVES_NOTHING = frozenset({Trait.VIEW, Trait.STORED})


class Branches(NamedTuple):
    """The layers an op takes as arguments, each applied to what flows in.

    ``names`` are required ones in order, ``optional`` may be left out, ``variadic`` takes any
    number of at least ``minimum``. With ``with_flow`` what flows in is the first input too. An op
    of several optional ones tells them apart by their types.
    """

    names: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    variadic: bool = False
    minimum: int = 0
    with_flow: bool = True

    @property
    def any(self) -> bool:
        return bool(self.names or self.optional or self.variadic)


class Synonyms(NamedTuple):
    """What an op is called elsewhere, so that who knows it by that name finds it.

    ``torch``, ``keras``: the names of the classes and functions there; ``others``: words that
    people use. ``arguments``: what their arguments are called here, an empty text where ours
    follows from what flows in. ``takes``: the arguments of the class of PyTorch in order, by their
    names here, as far as these are given by place. ``defaults``: what they are there where they are
    left out, if that is something else here; ``words``: what values are here that are words there,
    an empty text for what an argument is when it is left out.
    """

    torch: tuple[str, ...] = ()
    keras: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    arguments: Mapping[str, str] = MappingProxyType({})
    takes: tuple[str, ...] = ()
    defaults: Mapping[str, str] = MappingProxyType({})
    words: Mapping[str, str] = MappingProxyType({})


class Saves(NamedTuple):
    """What autograd keeps for the backward pass (eager training, CPU), see the cost notes.

    ``inputs``: indices of the inputs it keeps; ``output``: keeps its result, of several the first;
    ``fixed``: further bytes whatever the batch; ``per_sample``: further bytes for each sample;
    ``alone``: further bytes of a batch of one, of which some views are never copied; all in fp32.
    ``context``: further inputs of the model that it keeps (``edge_index``, ``batch``), which many
    ops may share.
    """

    inputs: tuple[int, ...] = ()
    output: bool = False
    fixed: int = 0
    per_sample: int = 0
    alone: int = 0
    context: tuple[str, ...] = ()


class DenseLayer(NamedTuple):
    """A fully connected layer in the module of an op (``nn.Linear``), its weights not made of
    others: from ``takes`` features to
    ``gives``, at ``rows`` positions of a sample."""

    takes: int
    gives: int
    rows: int


class OpError(Exception):
    """An op refuses what flows in or one of its arguments.

    ``argument`` names the argument to point at; ``replacement`` is a value for it that would be
    right, ``call`` what to write in place of all of it, when one is certain.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "E301",
        needed: str = "",
        help: str = "",
        argument: str | None = None,
        replacement: str | None = None,
        call: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.needed = needed
        self.help = help
        self.argument = argument
        self.replacement = replacement
        self.call = call


Literal = Any  # int, float, bool, str, None or a tuple of them


class As(NamedTuple):
    """The default of an argument that is as another one."""

    other: str


@dataclass(frozen=True)
class Construct:
    """``nn.Conv2d(3, 64, kernel_size=7)``: a constructor call.

    ``arguments`` maps the constructor's parameter names to values, in order; the first
    ``positional`` of them are written without their names. ``defaults`` is what the constructor
    takes for those that are left out, in the order in which they are written: arguments that equal
    theirs are dropped, and copies of a block may differ in them. Of a class that the op defines
    its text tells more of them. ``within`` is a function that the new
    module is given to and that gives it back changed:
    ``spectral_norm(nn.Conv2d(3, 64, kernel_size=7))``.
    """

    callee: str
    arguments: Mapping[str, Literal] = field(default_factory=dict)
    positional: int = 0
    within: str = ""
    defaults: Mapping[str, Literal | As] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.defaults:
            said = {n: v for n, v in self.arguments.items() if not self._is_default(n, v)}
            object.__setattr__(self, "arguments", said)

    def _is_default(self, name: str, value: Literal) -> bool:
        """Whether an argument need not be written. A number that remembers where it comes from is
        another one elsewhere."""
        if name not in self.defaults or isinstance(value, Traced):
            return False
        default = self.defaults[name]
        return bool(
            value == (self.arguments[default.other] if isinstance(default, As) else default)
        )

    @property
    def makers(self) -> tuple[str, str]:
        """What makes the module: the constructor, and the function that it is given to."""
        return (self.callee, self.within)


@dataclass(frozen=True)
class Definition:
    """A class or function that goes into the emitted file once (``source`` ends in a newline)."""

    name: str
    source: str
    imports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spelling:
    """How an op is written in PyTorch.

    ``module``: the constructor of the submodule (required for an op with weights or state; offered
    by a stateless one so that it can stand in ``nn.Sequential``).
    ``apply``: how the submodule ``{m}`` is applied to ``{x}`` (inputs are ``{x}``, or ``{0}``,
    ``{1}`` … for several); with anything but the default it cannot stand in ``nn.Sequential``.
    ``function``: an expression for a stateless op (``F.relu({x})``), its values as ``{name}`` from
    ``values``. ``precedence``: "atom" (a call, a name), "product", "sum" or "loose" of that
    expression, so that the emitter knows when to parenthesise.
    ``context``: further inputs of the model that it reads (``edge_index``, ``batch``).
    ``imports``: import lines beyond those of ``torch``, ``nn`` and ``F``.
    """

    module: Construct | None = None
    apply: str = "{m}({x})"
    function: str | None = None
    values: Mapping[str, Literal] = field(default_factory=dict)
    precedence: str = "atom"
    context: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()


class Op:
    """Base of all ops. Subclasses are frozen dataclasses.

    ``inputs`` of every method: the type that flows in, or with branches the types the branches
    give (after what flows in, when ``branches.with_flow``).
    """

    traits: ClassVar[frozenset[Trait]] = frozenset()
    gives: ClassVar[tuple[float, float]] = (-inf, inf)  # no number of the result is beyond these
    branches: ClassVar[Branches] = Branches()
    takes_several: ClassVar[bool] = False  # whether it is asked of what gives several results, too
    several_by: ClassVar[str] = ""  # the flag with which it gives several results
    auxiliary: ClassVar[bool] = False  # whether it and what it merges is there in training only
    example: ClassVar[str] = ""  # a `.arch` model expression; see ops.catalog
    synonyms: ClassVar[Synonyms] = Synonyms()
    heeds_padding: ClassVar[bool] = False  # whether padding of rows is left out as it is spelled
    instead_of_padding: ClassVar[str] = ""  # what to write where it cannot leave padding out
    attribute: ClassVar[str] = ""  # what its submodule is called when the spec has no name for it

    def infer(self, *inputs: TensorType) -> TensorType:
        """The type that flows out. Raises :class:`OpError`."""
        raise NotImplementedError

    def rows(self, given: Padded, *inputs: TensorType) -> Padded:
        """How the rows of the result are padded where those that flow in are of different lengths,
        of an op that heeds that. Raises :class:`OpError`."""
        return given

    def check_rows(self, *inputs: TensorType) -> None:
        """Raises :class:`OpError` where it cannot leave the padding of each of its inputs out."""

    def bounds(self, *inputs: TensorType) -> tuple[float, float]:
        """No number of the result is beyond these, where types such as these flow in."""
        return self.gives

    def agreement(self, tensor: TensorType) -> Any:
        """What all inputs of a merge have in common: those that differ in it never fit together,
        whatever else they are merged with. None where nothing is."""
        return None

    def params(self, *inputs: TensorType) -> int:
        """Learned numbers."""
        return 0

    def macs(self, *inputs: TensorType) -> int:
        """Multiply-accumulates of convolution, linear and attention products, per sample."""
        return 0

    def saves(self, *inputs: TensorType) -> Saves:
        """What autograd keeps."""
        return Saves()

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        """What autograd keeps where nothing is dropped and norms know their statistics."""
        return self.saves(*inputs)

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        """The fully connected layers in its module, each called once."""
        return ()

    def reads(self, *inputs: TensorType) -> tuple[Reads | Laid, ...]:
        """Which numbers of the inputs each number of the result depends on
        (:mod:`archdsl.ops.reads`). Of an input that several are told of, all of these."""
        raise NotImplementedError

    def apart(self, *inputs: TensorType) -> tuple[Op, ...]:
        """Of an op that gives several results: for each of them an op that gives it alone."""
        return ()

    def is_affine(self) -> bool:
        """Whether in use, when nothing is dropped and norms know their statistics, the result is a
        matrix times what flows in, plus a constant: two such in a row are no more than one."""
        return Trait.AFFINE in self.traits

    def window(self, *inputs: TensorType) -> tuple[int, int] | None:
        """(extent, stride) of what one output position reads along the axis where it reads most.

        None when it reads its own position only.
        """
        found = list[tuple[int, int]]()
        for one in self.reads(*inputs):
            if isinstance(one, Reads):
                found.extend(_extents(one, inputs[one.source]))
        if not found:
            return None
        return (max(extent for extent, _ in found), max(stride for _, stride in found))

    def spelling(self, *inputs: TensorType) -> Spelling:
        """The PyTorch text."""
        raise NotImplementedError

    def channels_last(self, x: TensorType) -> Spelling | None:
        """The PyTorch text where the channels of an image or a volume are the last axis; None where
        there is none, as its positions are not worked on one by one. A submodule holds the same
        numbers as otherwise, but for axes of size 1, and what its constructor takes by place means
        the same in the same order."""
        return None

    @classmethod
    def word(cls) -> str:
        """The name in the language: ``RmsNorm`` is ``rms_norm``."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


def declare(op: Op, **facts: Any) -> None:
    """Traits or bounds of one op that its arguments decide, in place of those of its class."""
    for name, value in facts.items():
        object.__setattr__(op, name, value)


def _extents(reads: Reads, x: TensorType) -> Iterator[tuple[int, int]]:
    """What is read along each axis of positions besides the own one."""
    at = channel(x)
    positions = [axis for number, axis in enumerate(reads.axes) if number != at]
    for axis, size in zip(positions, spatial(x) or (1,), strict=False):
        extent = axis.along.extent(size)
        if extent is not None and (size > 1 or axis.to is not None):
            yield extent
