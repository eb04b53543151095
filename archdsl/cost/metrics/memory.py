"""``memory(training|inference, batch=)``"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost.alive import ALIVE
from archdsl.cost.compose import total
from archdsl.cost.counts import PARAMETERS, ParameterCount, TrainableCount
from archdsl.cost.metric import AT_MOST, Limit, Linear, Metric
from archdsl.cost.precision import CAST, WEIGHT
from archdsl.cost.saved import SAVED_BYTES, SavedBytes
from archdsl.diagnostics import Diagnostic, SpecError, meant
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition
    from archdsl.cost.metric import Setting, Written
    from archdsl.graph.nodes import Graph
    from archdsl.spec.train import Train
    from archdsl.syntax import nodes as ast

MODES = ("training", "inference")


class TrainingMemory(NamedTuple):
    """Bytes by what they hold."""

    weights: int
    gradients: int
    optimizer: int
    saved: int

    @property
    def total(self) -> int:
        return sum(self)


@dataclass(frozen=True)
class Memory(Metric):
    """Bytes that a training step, or a forward pass without gradients, holds at once.

    Training: weights, gradients, the optimizer's state, and what is kept for backward, for the
    batch and at the precision of the `train` clause. The buffers of the backward sweep are not in
    it: their peak adds up to twice the largest parameter.

    Bytes by precision, `n` parameters, `s` numbers of the optimizer for each of them, and `k` bytes
    that are kept for backward in fp32:

    | `precision` | weights | gradients | optimizer | copies | kept |
    |---|---|---|---|---|---|
    | `fp32` | 4n | 4n | 4sn | 0 | k |
    | `bf16` | 2n | 2n | 2sn | 0 | k/2 |
    | `amp`, `fp16` | 4n | 4n | 4sn | 2n | k |

    `amp` and `fp16` train fp32 weights, the master copies, and multiply with copies in half
    precision (Micikevicius et al., 2018). Their last two columns are a bound: only some weights are
    multiplied with, and part of what is kept is halved (both together measured 0.81 of k on
    ResNet-50, 1.29 on ViT-B/16). `s` is 0 for SGD, 1 with momentum and for Adagrad, Lion and
    RMSprop (one more each with `momentum` or `centered`), 2 for Adadelta, Adam, AdamW, Adamax,
    NAdam and RAdam, 3 with `amsgrad`; for Adafactor 0.66, which is that of 3×3 convolutions: it
    keeps rows and columns, so it is next to 0 for dense layers and 2 for 1×1 convolutions.
    The one number for each tensor that counts steps is left out.

    Weights that `freeze` names have no gradients and no state: `n` is in those columns what
    `params(trainable)` counts. Before the first layer that is trained nothing is kept; a frozen
    layer behind one keeps at most what is told: what it keeps when its weights are trained and its
    dropout rests. `adapter_rank` adds the adapters' weights, gradients and state, and what each
    makes of its rank at every position. In a part that has some, all is told to be kept, what lies
    before the first of them too; behind it dense layers, attention and norms keep what is told.

    What is kept for backward is what autograd keeps on a processor, to the byte. Some of it is told
    as a bound, and less may be kept: by ops that read the data itself, which wants no gradient; by
    an LSTM, whose scratch memory ends in pages (at most 28 KiB for each layer and direction); by
    recurrent layers of a batch of one; for graphs with edges from a node to itself. More than told
    is kept of a series that goes on from convolutions to dense layers: a change of layout may copy
    once more what flows there.

    Inference: weights and the largest set of tensors alive at once; a tensor lives until its last
    reader has run. `memory(inference, precision=int8)` is that of a model whose weights and tensors
    are quantised to a byte each (`fp16`, `bf16`: two); without it their precision is that of the
    `train` clause. What libraries reorder into scratch memory is not in it (0 to 36 % on one CPU).
    """

    is_cost = True
    synonyms = ("vram", "ram", "gpu_memory", "peak_memory")

    batch: int
    precision: str

    signature = "memory(training|inference, batch=, precision=)"
    dimension = "bytes"
    limit = Limit(AT_MOST, "P601")

    @classmethod
    def bind(cls, written: Written, setting: Setting) -> Memory:
        mode, batch, stored = cls.read(written, subject=True, takes=("batch", "precision"))
        assert mode is not None
        if mode.id == "training" and stored is not None:
            raise SpecError(_trained_as_told(written))
        if mode.id == "training":
            return Training.under(setting.train, batch)
        if mode.id == "inference":
            return Inference(batch or 1, setting.precision, stored)
        raise SpecError(_unknown(mode))


@dataclass(frozen=True)
class Training(Linear, Memory):
    """Weights, gradients, ``state`` numbers of the optimizer for each parameter, and the bytes kept
    for backward, the copies of the weights in half precision among them."""

    state: Fraction
    partly: bool = False  # whether some weights are frozen
    rank: int = 0  # of the adapters of these

    @classmethod
    def under(cls, train: Train | None, batch: int | None = None) -> Training:
        """As a `train` clause says: without one, one sample in fp32 and no optimizer state."""
        if train is None:
            return cls(batch or 1, "fp32", Fraction(0))
        size = batch or train.batch
        state, is_partly = Fraction(str(train.state)), bool(train.freeze)
        return cls(size, train.precision, state, is_partly, train.adapter_rank)

    @property
    def compositions(self) -> tuple[Composition, ...]:
        if self.partly:
            held, changed = ParameterCount(self.rank), TrainableCount(self.rank)
            return held, changed, SavedBytes(freezing=True, rank=self.rank)
        return PARAMETERS, SAVED_BYTES

    @property
    def weights(self) -> tuple[Fraction, ...]:
        stored = WEIGHT[self.precision]
        held, changed = Fraction(stored + CAST[self.precision]), stored * (1 + self.state)
        kept = Fraction(stored, WEIGHT["fp32"])
        saved = (self.batch * kept, kept, kept * (self.batch == 1))
        return (held, changed, *saved) if self.partly else (held + changed, *saved)

    def of_sum(self, whole: int) -> Quantity:
        return Quantity(whole, "bytes")

    def parts(self, graph: Graph) -> TrainingMemory:
        """What holds how much, rounded down to bytes so that it adds up to the value."""
        totals = [total(composition, graph) for composition in self.compositions]
        weights = totals[0][0] * WEIGHT[self.precision]
        gradients = totals[1][0] * WEIGHT[self.precision] if self.partly else weights
        state = floor(gradients * self.state)
        saved = self.value(*totals).value - weights - gradients - state
        return TrainingMemory(weights, gradients, state, saved)


@dataclass(frozen=True)
class Inference(Memory):
    """Weights and the largest set of tensors alive at once in a forward pass without gradients.
    ``stored`` are the bytes of a number where a precision is told for use."""

    stored: int | None = None

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return PARAMETERS, ALIVE

    def value(self, *totals: tuple[int, ...]) -> Quantity:
        (params,), (alive,) = totals
        return Quantity(self.width * (params + self.batch * alive), "bytes")

    @property
    def width(self) -> int:
        """Bytes of a number."""
        return WEIGHT[self.precision] if self.stored is None else self.stored


def training(graph: Graph, train: Train | None, batch: int) -> TrainingMemory:
    """The bytes of a training step with a batch, under a `train` clause or without one."""
    return Training.under(train, batch).parts(graph)


def inference(graph: Graph, train: Train | None, batch: int) -> int:
    """The bytes of a forward pass of a batch, at the precision of a `train` clause or in fp32."""
    precision = train.precision if train is not None else "fp32"
    found: Quantity = Inference(batch, precision).of(graph)
    return int(found.value)


def _trained_as_told(written: Written) -> Diagnostic:
    return Diagnostic(
        "E431",
        "the memory of training is at the precision of the `train` clause",
        written.span,
        needed="`precision=` left out, or `memory(inference, precision=int8)`",
        help="say what is trained in: `train adamw(precision=bf16)`",
    )


def _unknown(mode: ast.Name) -> Diagnostic:
    return Diagnostic(
        "E431",
        f"memory has no mode `{mode.id}`",
        mode.span,
        needed="`training` or `inference`",
        **meant(mode.id, MODES, mode.span)._asdict(),
    )
