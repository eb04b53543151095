"""What weights begin as: the words of ``init=``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor, nn

SPREAD = 0.02  # the standard deviation of `normal`, as of GPT-2 and of BERT (arXiv:1810.04805)


def initialised(module: nn.Module, word: str) -> nn.Module:
    """A new module, the weights of its dense layers and convolutions drawn as ``init=`` says and
    their biases 0; ``default`` leaves it as PyTorch made it. All else keeps PyTorch's own."""
    drawn = _draws().get(word)
    if drawn is not None:
        for part in module.modules():
            if isinstance(part, _kinds()):
                _draw(part, drawn)
    return module


def _draw(part: Any, drawn: Callable[[Tensor], Tensor]) -> None:
    import torch

    with torch.no_grad():
        redraw(part, drawn)
        if part.bias is not None:
            part.bias.zero_()


def redraw(part: Any, drawn: Callable[[Tensor], Tensor]) -> None:
    """Draw the weights of a layer anew; where they are made of others, these follow."""
    import torch
    from torch.nn.utils.parametrize import is_parametrized

    with torch.no_grad():
        if is_parametrized(part, "weight"):
            part.weight = drawn(part.weight.clone())
        else:
            drawn(part.weight)


def _kinds() -> tuple[type[nn.Module], ...]:
    from torch import nn
    from torch.nn.modules.conv import _ConvNd

    return (nn.Linear, _ConvNd)


def _draws() -> dict[str, Callable[[Tensor], Tensor]]:
    """How each word draws a weight: He et al. (2015, arXiv:1502.01852) for ReLU; Glorot and Bengio
    (2010); Saxe et al. (2014, arXiv:1312.6120)."""
    from torch.nn import init

    return {
        "he": partial(init.kaiming_normal_, nonlinearity="relu"),
        "xavier": init.xavier_uniform_,
        "orthogonal": init.orthogonal_,
        "normal": partial(init.normal_, std=SPREAD),
    }
