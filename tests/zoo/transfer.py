"""A peer's weights copied into our module.

When the keys of both state dicts are equal, that is all there is to it. Otherwise the spec's own
`weights` clauses lead from the peer's names to ours; where it has none, modules that have weights
or buffers of their own are paired in the order in which they finish in a forward pass. Where the
two finish branches in another order, shapes tell which is which: each of ours takes the first one
left whose tensors have its shapes. Axes of size 1 do not count, for a linear layer over channels is
a 1x1 convolution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch

from archdsl.resolve.loading import load
from archdsl.runtime.live.learning.renaming import best
from archdsl.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from torch import Tensor, nn

    from archdsl.spec.key_map import KeyMap


class Owner(NamedTuple):
    """The tensors of one module itself, by their keys in the whole model's state dict."""

    keys: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]


def shaped(build: Callable[[], nn.Module]) -> nn.Module:
    """A model of which only the shapes of its numbers are told, where its constructor allows."""
    try:
        with torch.device("meta"):
            return build().eval()
    except NotImplementedError:  # a constructor that works its sizes out with tensors
        return build().eval()


def unfilled(build: Callable[[], nn.Module]) -> nn.Module:
    """A model whose numbers are yet to come, so that none are drawn to be thrown away, but those
    that no checkpoint holds."""
    model = shaped(build)
    works_out = {name for name, _ in model.named_buffers()} - model.state_dict().keys()
    if not any(tensor.is_meta for tensor in model.state_dict().values()):
        return model
    return build().eval() if works_out else model.to_empty(device="cpu")


def randomise(model: nn.Module, seed: int = 0) -> None:
    """Numbers in place of all weights and running statistics, so that each of them matters."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if not tensor.is_floating_point():
                tensor.zero_()
            elif tensor.dim() > 1 and tensor.numel() > len(tensor):
                tensor.normal_(0, (len(tensor) / tensor.numel()) ** 0.5, generator=generator)
            elif name.endswith(("weight", "running_var", "layer_scale")):
                tensor.uniform_(0.5, 1.5, generator=generator)
            else:
                tensor.normal_(0, 0.1, generator=generator)


def maps_of(path: Path) -> tuple[KeyMap, ...]:
    """What the `weights` clauses of a spec say."""
    source = Source(path.read_text(encoding="utf-8"), str(path))
    return load(source, path.parent).program().clauses.weights


def copy(
    theirs: nn.Module,
    ours: nn.Module,
    *inputs: Tensor,
    maps: tuple[KeyMap, ...] = (),
    apart: str = "",
) -> None:
    """Load the peer's state into ours. Raises ValueError when the two cannot be matched.

    Modules in parts whose names begin with ``apart`` are paired among themselves, by these names.
    """
    source, target = theirs.state_dict(), ours.state_dict()
    state = source
    if same_keys(theirs, ours):
        pass
    elif maps:
        found = best(maps, source, target)
        if not found.is_whole:
            raise ValueError(f"{found.lacking} {found.unfit} {found.unused}")
        state = {**target, **found.tensors}
    else:
        left = _sorted(execution_order(theirs, *inputs), apart)
        owners = _sorted(execution_order(ours, *inputs), apart)
        pairs = [(owner, _match(owner, left)) for owner in owners]
        if left:
            raise ValueError(f"nothing of ours takes the peer's {left[0].keys}")
        state = {
            mine: source[other].reshape(target[mine].shape)
            for owner, match in pairs
            for mine, other in zip(owner.keys, match.keys, strict=True)
        }
    ours.load_state_dict(state, strict=True)


def _sorted(owners: list[Owner], apart: str) -> list[Owner]:
    """Modules in order, those in parts of some names first, by these."""

    def part(owner: Owner) -> str:
        name = owner.keys[0].partition(".")[0].lower()
        return name if apart and name.startswith(apart) else "~"

    return sorted(owners, key=part)


def same_keys(theirs: nn.Module, ours: nn.Module) -> bool:
    """Whether the state dicts have equal keys with equal shapes."""
    shapes = [{k: v.shape for k, v in model.state_dict().items()} for model in (theirs, ours)]
    return shapes[0] == shapes[1]


def execution_order(model: nn.Module, *inputs: Tensor) -> list[Owner]:
    """The modules that own tensors, in the order in which they first finish a forward pass."""
    owners: dict[str, Owner] = {}
    state = model.state_dict()

    def record(prefix: str) -> Callable[..., None]:
        own = [key for key in state if key.rpartition(".")[0] == prefix]
        shapes = tuple(tuple(n for n in state[key].shape if n != 1) for key in own)
        owner = Owner(tuple(own), shapes)

        def finished(*_: object) -> None:
            owners.setdefault(prefix, owner)

        return finished

    hooks = [
        module.register_forward_hook(record(prefix))
        for prefix, module in model.named_modules()
        if any(key.rpartition(".")[0] == prefix for key in state)
    ]
    with torch.no_grad():
        model(*inputs)
    for hook in hooks:
        hook.remove()
    return list(owners.values())


def _match(owner: Owner, left: list[Owner]) -> Owner:
    """The first of those left that has an owner's shapes; it is removed from them."""
    match = next((other for other in left if other.shapes == owner.shapes), None)
    if match is None:
        raise ValueError(f"the peer has no tensors left of the shapes of {owner.keys}")
    left.remove(match)
    return match
