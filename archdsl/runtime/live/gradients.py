"""What reaches each layer's weights when a model runs backward."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.module import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor, nn


class LayerGradient(NamedTuple):
    """The gradient of one weight over all batches.

    ``relative`` is the root mean square of the gradient over that of the weight; ``unmoved`` the
    share of output units whose every gradient was exactly zero. Of a table, where a batch reads
    only some rows, those with a gradient count, and ``unmoved`` is None; ``relative`` takes them
    together, since the positions of a sequence share one gradient between them.
    """

    name: str
    kind: str
    weights: int
    mean: float
    std: float
    relative: float
    unmoved: float | None
    start: float | None = None  # what its size was before any training, where that was taken

    @property
    def size(self) -> float:
        """The root mean square of the gradient."""
        return math.hypot(self.mean, self.std)


class Probe:
    """The sums over batches for one weight."""

    def __init__(self, name: str, owner: nn.Module, weight: Tensor) -> None:
        self.name = name
        self.owner = owner
        self.weight = weight
        self.is_table = _is_table(owner)
        self.is_called = False
        self.count = 0
        self.total = self.squares = 0.0
        self.moved: Tensor | None = None

    @property
    def is_unread(self) -> bool:
        """Whether nothing reads this weight: its layer waits for a finetuning and is not called, or
        it is a library's and leaves the weight unread while its other weights learn.

        PyTorch Geometric's ARMAConv holds a matrix between layers also where it has one layer.
        """
        if self.weight.grad is not None or is_own(self.owner):
            return False
        return not self.is_called or any(
            other.grad is not None for other in self.owner.parameters(recurse=False)
        )

    def called(self, *_: object) -> None:
        """A hook of the layer's: it runs."""
        self.is_called = True

    def add(self) -> None:
        """Take in the gradient of one batch."""
        gradient = self.weight.grad
        if gradient is None:
            return
        wide = gradient.detach().double()
        if self.is_table:
            wide = wide[wide.flatten(1).ne(0).any(1)]
        self.count += wide.numel()
        self.total += float(wide.sum())
        self.squares += float(wide.square().sum())
        if self.is_table:
            return
        units = wide.transpose(0, 1) if getattr(self.owner, "transposed", False) else wide
        moved = units.flatten(1).ne(0).any(1)
        self.moved = moved if self.moved is None else self.moved | moved

    def result(self) -> LayerGradient:
        count = self.count or 1
        mean, square = self.total / count, self.squares / count
        std = max(square - mean**2, 0.0) ** 0.5
        scale = float(self.weight.detach().double().square().mean()) ** 0.5
        together = self.squares / self.weight.shape[-1] if self.is_table else square
        relative = together**0.5 / (scale or 1.0)
        kind = type(self.owner).__name__
        return LayerGradient(
            self.name, kind, self.weight.numel(), mean, std, relative, self._unmoved()
        )

    def _unmoved(self) -> float | None:
        if self.is_table:
            return None
        return 1.0 if self.moved is None else 1 - float(self.moved.double().mean())


def probes(module: nn.Module) -> list[Probe]:
    """One for each learned matrix or kernel, in the order the model is written."""
    return list(_probes(module))


def _probes(module: nn.Module) -> Iterator[Probe]:
    for path, owner in module.named_modules():
        own = {n: p for n, p in owner.named_parameters(recurse=False) if _is_layer(owner, n, p)}
        for name, weight in own.items():
            full = f"{path}.{name}" if path else name
            yield Probe(path if path and len(own) == 1 else full, owner, weight)


def _is_layer(owner: nn.Module, name: str, weight: Tensor) -> bool:
    """A matrix or kernel; a bias, or a single learned row, such as a class token, is none."""
    is_matrix = weight.dim() > 1 and name != "bias"
    return is_matrix and not (is_own(owner) and weight.shape[0] == 1)


def _is_table(owner: nn.Module) -> bool:
    """Whether rows are looked up: embeddings, and the tables of the emitted file's own classes."""
    from torch import nn

    return isinstance(owner, nn.Embedding) or is_own(owner)


def is_own(owner: nn.Module) -> bool:
    """Whether the emitted file defines the class."""
    return type(owner).__module__.startswith(PREFIX)
