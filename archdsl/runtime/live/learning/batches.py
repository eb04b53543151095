"""What a training loop takes: samples in batches, in an order that a seed gives."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Protocol

from archdsl.runtime.live.arrays import arrays_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from torch import Generator, Tensor

    from archdsl.runtime.live.arrays import Array

    Batch = tuple[tuple[Tensor, ...], Tensor]  # the arguments of a forward pass, and the targets
    Augment = Callable[[Tensor, Generator], Tensor]
    Augments = Augment | tuple[Augment | None, ...]  # of the only input, or of each

AT_ONCE = 2**32  # bytes of samples that are brought to a graphics card as a whole


class Batches(Protocol):
    """Samples in batches, on the device that they are wanted on.

    ``samples`` is how many there are, ``len()`` how many batches an epoch has. A batch is a pair:
    the arguments of the model's forward pass, as a tuple, and the targets: class numbers (int64),
    or numbers (float32, samples x targets). A class of -100 and what is no number are not asked
    for.
    """

    @property
    def samples(self) -> int: ...

    def __len__(self) -> int: ...

    def epoch(self, seed: int | None) -> Iterator[Batch]:
        """All batches once: shuffled and augmented as the seed says, or in order without it."""
        ...


class ArrayBatches:
    """Samples that are held in arrays, one for each input and one for the targets. Those of an
    input that is ``drawn``, at this place with so many numbers, are normal ones, drawn anew for
    each batch.

    What is left over at the end of an epoch is a smaller batch, left out where it has fewer than
    ``least`` samples: a norm over the batch could not train on it.
    """

    def __init__(
        self,
        x: Array | tuple[Array, ...],
        y: Array,
        size: int,
        device: str = "cpu",
        least: int = 1,
        augment: Augments | None = None,
        drawn: Mapping[int, int] | None = None,
    ) -> None:
        import torch

        self.device = device
        self.x = tuple(torch.from_numpy(part) for part in arrays_of(x))
        self.y = torch.from_numpy(y)
        if device != "cpu" and sum(one.nbytes for one in (*self.x, self.y)) <= AT_ONCE:
            self.x, self.y = tuple(part.to(device) for part in self.x), self.y.to(device)
        self.size, self.least = max(size, least), least
        each = augment if isinstance(augment, tuple) else (augment,)
        beside = (None,) * (len(self.x) - len(each))  # the lengths of rows that are padded
        self.augments = (*each, *beside) if augment is not None else (None,) * len(self.x)
        self.drawn = drawn or {}

    @property
    def samples(self) -> int:
        return len(self.y)

    def __len__(self) -> int:
        whole, left = divmod(self.samples, self.size)
        return whole + (left >= self.least and left > 0)

    def epoch(self, seed: int | None) -> Iterator[Batch]:
        if seed is None:
            return self._in_order()
        return self._shuffled(seed)

    def _in_order(self) -> Iterator[Batch]:
        import torch

        chance = torch.Generator().manual_seed(0)
        for start in range(0, self.samples, self.size):
            part = slice(start, start + self.size)
            yield self._inputs(part, chance), self.y[part].to(self.device)

    def _inputs(self, places: slice | Tensor, chance: Generator) -> tuple[Tensor, ...]:
        """The inputs of some samples, what is drawn among them."""
        import torch

        found = [part[places].to(self.device) for part in self.x]
        for at, numbers in self.drawn.items():
            noise = torch.randn(len(found[at]), numbers, generator=chance)
            found[at] = noise.to(self.device)
        return tuple(found)

    def _shuffled(self, seed: int) -> Iterator[Batch]:
        import torch

        chance = torch.Generator().manual_seed(seed)
        order = torch.randperm(self.samples, generator=chance).to(self.y.device)
        for places in torch.split(order, self.size):
            if len(places) < self.least:
                continue
            x, y = self._inputs(places, chance), self.y[places].to(self.device)
            pairs = zip(self.augments, x, strict=True)
            yield tuple(one if vary is None else vary(one, chance) for vary, one in pairs), y


def mixed(seed: int, number: int) -> int:
    """A seed for the ``number``-th epoch of a training under a seed: so the epochs differ, and each
    is the same whether or not training was interrupted before it."""
    return Random(f"{seed} {number}").getrandbits(63)
