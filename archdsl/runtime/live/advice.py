"""What to try when a training step is slow, from where its time goes and what was timed besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.runtime.live.profile import Profile

WAITING = 0.2  # share of a step spent on data
STEPPING = 0.2  # on the optimizer
BOUND_BY_MEMORY = 0.5  # of forward and backward outside products
SHORT = 20e-6  # seconds of an operation, below which starting it costs as much
HEAVY = 0.4  # share of one layer
FASTER = 0.9  # share of the time below which a step that is done otherwise is worth it
FULL = 0.8  # share of the memory above which a batch is too large for comfort
SIMPLER = "a simpler model (fewer layers or channels, a smaller input), or a faster machine"
_STEPS = "it works step by step: a shorter series, fewer units, or convolutions or attention"
LIGHTER = {
    "Conv": "fewer channels there, an earlier stride, or depthwise separable convolutions",
    "LSTM": _STEPS,
    "GRU": _STEPS,
    "RNN": _STEPS,
    "Linear": "fewer units there, or a pooling before it",
    "Attention": "a shorter sequence, or attention in windows",
    "Sequential": "fewer or narrower layers in it",
}


def advice(found: Profile) -> list[str]:
    """What to try, most telling first; never nothing."""
    told = list(_advice(found))
    return told or [_simpler(found)]


def _simpler(found: Profile) -> str:
    """What is left where nothing stands out."""
    mixed = found.others.mixed
    if mixed is None:
        return f"nothing stands out, so products take the time: {SIMPLER}"
    return (
        f"nothing stands out, so products take the time, and mixed precision takes "
        f"{_percent(mixed / found.computing)} of it here: {SIMPLER}"
    )


def _advice(found: Profile) -> Iterator[str]:
    if found.share("data") > WAITING:
        yield (
            f"data takes {_percent(found.share('data'))}: load it beside the step with "
            "DataLoader(num_workers=…), decode and resize once beforehand, or keep it in memory"
        )
    yield from _otherwise(found)
    if found.kernel < SHORT:
        yield (
            f"operations take {found.kernel * 1e6:.0f} us on average, hardly more than starting "
            "them: a larger batch, torch.compile, and on a processor one thread"
        )
    elif found.elementwise > BOUND_BY_MEMORY:
        yield (
            f"{_percent(found.elementwise)} of the work is elementwise, norms and pooling, which "
            "waits for memory: channels_last for images, torch.compile to fuse it"
        )
    if found.share("optimizer") > STEPPING:
        yield (
            f"the optimizer takes {_percent(found.share('optimizer'))}: a larger batch for each "
            "step, fused=True, or one with less state (SGD)"
        )
    layers = [layer for layer in found.layers if layer.kind]
    heaviest = max(layers, key=lambda layer: layer.share, default=None)
    if heaviest is not None and len(layers) > 2 and heaviest.share > HEAVY:
        yield (
            f"{heaviest.name} takes {_percent(heaviest.share)} of the forward pass: "
            f"{_lighter(heaviest.kind)}"
        )


def _otherwise(found: Profile) -> Iterator[str]:
    """What steps gain that were timed besides: in mixed precision, with half the batch."""
    mixed, half = found.others
    if mixed is not None and mixed < FASTER * found.computing:
        yield (
            f"mixed precision (`precision=amp`) takes {_percent(mixed / found.computing)} of the "
            "time of a step in fp32"
        )
    smaller = f"a smaller batch: {found.batch // 2}, the gradients of two accumulated for each step"
    if found.memory is not None and found.memory > FULL:
        yield f"a step takes {_percent(found.memory)} of the memory there is: {smaller}"
    elif half is not None and 2 * half < FASTER * found.computing:
        yield (
            f"two steps of half the batch take {_percent(2 * half / found.computing)} of the time "
            f"of one: {smaller}"
        )


def _lighter(kind: str) -> str:
    """What takes less time than a kind of layer."""
    return next((said for word, said in LIGHTER.items() if word in kind), "make it narrower")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
