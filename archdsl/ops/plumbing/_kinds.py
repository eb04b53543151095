"""What ops say of a tensor of a kind they cannot take, and of numbers that do not divide."""

from __future__ import annotations

from archdsl.ops.base import OpError
from archdsl.types import (
    Category,
    Image,
    Nodes,
    Outputs,
    Sequence,
    TensorType,
    Tokens,
    Vector,
    Volume,
    shape,
)

GRIDS = (Image, Volume, Sequence)
FEATURES = (Image, Volume, Sequence, Vector, Nodes)

_NAMES: dict[type, str] = {
    Vector: "a vector",
    Image: "an image",
    Volume: "a volume",
    Sequence: "a sequence",
    Tokens: "token ids",
    Category: "an id",
    Nodes: "graph nodes",
    Outputs: "several outputs",
}
_SIGHT = 4096  # how far a divisor is looked for
_READ_FIRST = "give tokens an embedding first"
_ALONG_EDGES = "nodes read each other along edges: `transformer_conv`, `gatv2` and other graph ops"
_ID_FIRST = "give the id an embedding first"


def wrong_kind(
    word: str, tensor: TensorType, wanted: tuple[type, ...] = FEATURES, help: str = ""
) -> OpError:
    """``conv cannot take a vector (128)``."""
    if isinstance(tensor, Category):
        needed, found = wanted_kinds(wanted), f"an id below {tensor.vocab}"
        return OpError(f"{word} cannot take {found}", needed=needed, help=_ID_FIRST)
    sizes = "×".join(map(str, shape(tensor)))
    needed = wanted_kinds(wanted)
    if isinstance(tensor, Tokens):
        help = _READ_FIRST
    if isinstance(tensor, Nodes) and Sequence in wanted:
        help = _ALONG_EDGES
    name = _NAMES[type(tensor)]
    return OpError(f"{word} cannot take {name} ({sizes})", needed=needed, help=help)


def wanted_kinds(wanted: tuple[type, ...]) -> str:
    """``an image, a volume or a sequence``"""
    *rest, final = (_NAMES[kind] for kind in wanted)
    return f"{', '.join(rest)} or {final}" if rest else final


def channel_axis(tensor: TensorType) -> int:
    """The axis of the channels in PyTorch: 1 for images and volumes, else the last."""
    return 1 if isinstance(tensor, (Image, Volume)) else -1


def undivided(argument: str, value: int, number: int, noun: str, common: int = 0) -> OpError:
    """``groups=3 does not divide 64 channels; 2 or 4 do``: these divide ``common`` too."""
    near = near_divisors(common or number, value)
    words = f"{' or '.join(map(str, near))} {'do' if len(near) > 1 else 'does'}"
    return OpError(
        f"{argument}={value} does not divide {number} {noun}; {words}",
        needed=f"a divisor of {common or number}",
        argument=argument,
        replacement=str(near[0]) if len(near) == 1 else None,
    )


def near_divisors(number: int, wanted: int) -> tuple[int, ...]:
    """The divisors of a number next to a wanted one, from below and from above.

    Where none is in sight, 1 and the number itself stand in for them.
    """
    if wanted >= number:
        return (number,)
    down = range(wanted, max(0, wanted - _SIGHT), -1)
    up = range(wanted, min(number, wanted + _SIGHT))
    below = next((n for n in down if number % n == 0), 1)
    above = next((n for n in up if number % n == 0), number)
    return (below,) if below == above else (below, above)
