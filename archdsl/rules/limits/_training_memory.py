"""What makes a training step fit a limit of memory, with the figures of each way."""

from __future__ import annotations

from math import ceil, sqrt
from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost.metrics.memory import TrainingMemory, training
from archdsl.cost.precision import CAST, WEIGHT
from archdsl.diagnostics import Edit, Fix
from archdsl.limits.telling import shown
from archdsl.source import Span
from archdsl.spec.constants import Quantity
from archdsl.syntax.nodes import Choice, Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.rules.case import Case
    from archdsl.spec.device import Device
    from archdsl.spec.train import Train
    from archdsl.syntax import nodes as ast

HALVED = [precision for precision, width in WEIGHT.items() if width == 2]
MIXED = [precision for precision, width in CAST.items() if width]
NO_ROOM = (
    "even the activations of one sample do not fit: fewer channels, a smaller input, or "
    "checkpointing"
)


class TrainingLimit(NamedTuple):
    """A limit in bytes on the training step of a design at a batch that exceeds it. ``device`` is
    the one it is trained on, None where the spec names none."""

    case: Case
    batch: int
    limit: float
    device: Device | None = None

    def parts(self) -> str:
        """What takes the memory: weights, gradients, optimizer state and activations."""
        taken = self._step(self._train, self.batch)
        kept = "activations"
        if self._train.precision in MIXED:
            kept += " and copies of weights in half precision"
        told = ", ".join(
            f"{name} {_bytes(size)}"
            for name, size in zip(
                ("weights", "gradients", "optimizer state", kept), taken, strict=True
            )
        )
        return f"{told}, at batch={self.batch:,}"

    def ways_out(self) -> str:
        """What would bring the step below the limit, the least change first."""
        ways = [*self._by_batch(), *self._by_precision()] or self._by_size()
        return "; or ".join(
            [*ways, *self._by_checkpointing(), *self._by_freezing(), *self._by_sharding()]
        )

    def fix(self) -> Fix | None:
        """The largest batch that fits, written into the ``train`` clause."""
        batch = self._largest_batch(self._train)
        call = self.case.evaluation.clauses.calls.get("train")
        if not batch or call is None or _is_chosen(call):
            return None
        return Fix(f"write `batch={batch}`", (_with_batch(call, batch),))

    @property
    def _train(self) -> Train:
        from archdsl.spec.train.sgd import Sgd  # few designs exceed a limit

        return self.case.train or Sgd()

    def _step(self, train: Train, batch: int) -> TrainingMemory:
        return training(self.case.graph, train, batch)

    def _total(self, train: Train, batch: int) -> int:
        return self._step(train, batch).total

    def _largest_batch(self, train: Train) -> int:
        """0 when not even one sample fits; the batch itself where it makes no difference, as for a
        single graph. From two samples on each takes the same."""
        one, two, three = (self._total(train, batch) for batch in (1, 2, 3))
        if two > self.limit:
            return int(one <= self.limit)
        each = three - two
        return 2 + int((self.limit - two) // each) if each else self.batch

    def _by_batch(self) -> list[str]:
        batch = self._largest_batch(self._train)
        return [f"batch={batch:,} is the largest that fits"] if batch else []

    def _by_precision(self) -> list[str]:
        """bfloat16, unless the device that the spec names multiplies none."""
        if self._train.precision in HALVED or (self.device and not self.device.bf16):
            return []
        half = self._train.model_copy(update={"precision": "bf16"})
        batch = min(self._largest_batch(half), self.batch)
        if not batch:
            return []
        return [f"precision=bf16 takes {_bytes(self._total(half, batch))} at batch={batch:,}"]

    def _by_size(self) -> list[str]:
        one = self._step(self._train, 1)
        room = self.limit - one.saved
        if room <= 0:
            return [NO_ROOM]
        params = self.case.params
        most = int(room * params / (one.total - one.saved))
        return [f"a model of at most {most:,} parameters fits (this one has {params:,})"]

    def _by_checkpointing(self) -> Iterator[str]:
        """Chen et al. 2016 (arXiv:1604.06174): of a chain of L layers, √L are kept, and those of
        one segment of √L layers while it is run again."""
        taken = self._step(self._train, self.batch)
        kept = 2 * taken.saved / sqrt(max(self.case.depth, 1))
        total = taken.total - taken.saved + kept
        if kept < taken.saved / 2 and total <= self.limit:
            yield (
                "checkpointing the activations takes one more forward pass and about "
                f"{_bytes(total)} at batch={self.batch:,}"
            )

    def _by_freezing(self) -> Iterator[str]:
        """Frozen weights have no gradient and no optimizer state, which is told where these are
        the half of it or more (Hu et al. 2021, arXiv:2106.09685)."""
        for batch in (self.batch, 1):
            taken = self._step(self._train, batch)
            total = taken.weights + taken.saved
            if total <= self.limit and total <= taken.total / 2:
                yield (
                    "pretrained weights that are frozen have no gradients and no optimizer state: "
                    f"about {_bytes(total)} at batch={batch:,}, and a little for the head or the "
                    "adapters (`adapter_rank`) that are trained"
                )
                return

    def _by_sharding(self) -> Iterator[str]:
        """Weights, gradients and optimizer state divided among cards (Rajbhandari et al. 2020,
        arXiv:1910.02054); each card keeps the activations of its own samples."""
        one = self._step(self._train, 1)
        fixed = one.total - one.saved
        cards = ceil(fixed / self.limit)
        more = ceil(fixed / (self.limit - one.saved)) if one.saved < self.limit else cards
        if more < 2:
            return
        said = f" ({more:,} with the activations of one sample on each)" if more > cards > 1 else ""
        yield (
            f"{cards if cards > 1 else more:,} cards of {_card(self.limit)} that share weights, "
            f"gradients and optimizer state among them (FSDP, ZeRO-3){said}"
        )


def _bytes(size: float) -> str:
    return shown(Quantity(size, "bytes"))


def _card(limit: float) -> str:
    """A card's memory as it is sold, in powers of ten, where it is a round number of them."""
    gigabytes = limit / 10**9
    return f"{gigabytes:.0f} GB" if gigabytes.is_integer() else _bytes(limit)


def _is_chosen(call: ast.Call) -> bool:
    """Whether the batch is a choice: then there is no one number to write in its place."""
    given = [argument.value for argument in call.arguments if argument.name == "batch"]
    return any(isinstance(part, (Choice, Range)) for value in given for part in value.within())


def _with_batch(call: ast.Call, batch: int) -> Edit:
    """The edit that gives the ``train`` clause a batch."""
    given = next((a.value.span for a in call.arguments if a.name == "batch"), None)
    if given is not None:
        return Edit(given, str(batch))
    end = call.arguments[-1].span.end if call.arguments else call.span.end - 1
    place = Span(call.span.source, end, end)
    return Edit(place, f", batch={batch}" if call.arguments else f"batch={batch}")
