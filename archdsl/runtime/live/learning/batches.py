"""What a training loop takes: samples in batches, in an order that a seed gives."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Generator, Tensor

    from archdsl.runtime.live.arrays import Array

    Batch = tuple[tuple[Tensor, ...], Tensor]  # the arguments of a forward pass, and the targets
    Augment = Callable[[Tensor, Generator], Tensor]

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
    """Samples that are held in two arrays.

    What is left over at the end of an epoch is a smaller batch, left out where it has fewer than
    ``least`` samples: a norm over the batch could not train on it.
    """

    def __init__(
        self,
        x: Array,
        y: Array,
        size: int,
        device: str = "cpu",
        least: int = 1,
        augment: Augment | None = None,
    ) -> None:
        import torch

        self.device = device
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y)
        if device != "cpu" and self.x.nbytes + self.y.nbytes <= AT_ONCE:
            self.x, self.y = self.x.to(device), self.y.to(device)
        self.size, self.least, self.augment = max(size, least), least, augment

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
        for start in range(0, self.samples, self.size):
            part = slice(start, start + self.size)
            yield (self.x[part].to(self.device),), self.y[part].to(self.device)

    def _shuffled(self, seed: int) -> Iterator[Batch]:
        import torch

        chance = torch.Generator().manual_seed(seed)
        order = torch.randperm(self.samples, generator=chance).to(self.x.device)
        for places in torch.split(order, self.size):
            if len(places) < self.least:
                continue
            x, y = self.x[places].to(self.device), self.y[places].to(self.device)
            yield (x if self.augment is None else self.augment(x, chance),), y


def mixed(seed: int, number: int) -> int:
    """A seed for the ``number``-th epoch of a training under a seed: so the epochs differ, and each
    is the same whether or not training was interrupted before it."""
    return Random(f"{seed} {number}").getrandbits(63)
