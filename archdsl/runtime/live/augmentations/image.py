"""Pictures.

Basic, as of He et al. 2016 (arXiv:1512.03385) on CIFAR: shifted by up to an eighth of the sides
(what comes in is the mean), and mirrored every other time where there are three channels; digits,
characters and scans, which have one, are not themselves mirrored.

Strong: besides, one operation of TrivialAugment's at random strength (Mueller and Hutter 2021,
arXiv:2103.10158), and for one in four a rectangle erased (Zhong et al. 2020, arXiv:1708.04896).
Pictures of neither one nor three channels are turned, shifted and scaled in place of the former.

With an answer for each pixel nothing moves: strong is brightness, contrast and saturation, basic
is nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.runtime.live.vision import transforms

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from archdsl.runtime.live.augmentations import Degree

PART = 8  # a shift is at most this part of a side
COLOURED = (1, 3)  # channels of pictures whose colours torchvision changes


def vary(x: Tensor, degree: Degree) -> Tensor:
    import torch

    steps = list(_steps(x, degree))
    varied = []
    for one in x:
        for step in steps:
            one = step(one)
        varied.append(one)
    return torch.stack(varied) if varied else x


def _steps(x: Tensor, degree: Degree) -> list[Callable[[Tensor], Tensor]]:
    has_colours = x.shape[1] in COLOURED
    if not degree.moves:
        return [_coloured] if degree.strong and has_colours else []
    steps = [shifted(x), *([transforms().RandomHorizontalFlip()] if x.shape[1] == 3 else [])]
    if degree.strong:
        steps += [_trivial if has_colours else turned(), erased()]
    return steps


def shifted(x: Tensor) -> Any:
    """Crops of the same size from what is padded by an eighth of the sides."""
    height, width = x.shape[-2:]
    padding = [max(1, width // PART), max(1, height // PART)]
    return transforms().RandomCrop((height, width), padding=padding)


def turned() -> Any:
    return transforms().RandomAffine(15, translate=(0.1, 0.1), scale=(0.8, 1.2))


def erased() -> Any:
    return transforms().RandomErasing(p=0.25)


def _trivial(one: Tensor) -> Tensor:
    return _in_range(one, lambda unit, zero: transforms().TrivialAugmentWide(fill=zero)(unit))


def _coloured(one: Tensor) -> Tensor:
    return _in_range(one, lambda unit, _: transforms().ColorJitter(0.4, 0.4, 0.4)(unit))


def _in_range(one: Tensor, vary: Callable[[Tensor, float], Tensor]) -> Tensor:
    """A picture varied with its values between 0 and 1, as torchvision takes them; ``vary`` is told
    where its zero, the mean, is then."""
    low, high = (float(value) for value in one.aminmax())
    if low == high:
        return one
    zero = min(max(-low / (high - low), 0.0), 1.0)
    return vary((one - low) / (high - low), zero) * (high - low) + low
