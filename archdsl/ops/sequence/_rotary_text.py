"""The functions of emitted files that turn queries and keys by their positions."""

from __future__ import annotations

from typing import NamedTuple

from archdsl.ops.base import Definition, OpError

THETA = 10000.0

ROTATE = Definition(
    "rotate",
    '''\
def rotate(x: torch.Tensor) -> torch.Tensor:
    """Rotary positions: turns pairs of features by the position's angles."""
    length, pairs = x.shape[-2], x.shape[-1] // 2
    rates = 10000 ** (-torch.arange(pairs, device=x.device) / pairs)
    angles = torch.outer(torch.arange(length, device=x.device), rates)
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)
''',
)

ROTATE_BY = Definition(
    "rotate_by",
    '''\
def rotate_by(x: torch.Tensor, theta: float) -> torch.Tensor:
    """Rotary positions, the last pair of features ``theta`` times slower."""
    length, pairs = x.shape[-2], x.shape[-1] // 2
    rates = theta ** (-torch.arange(pairs, device=x.device) / pairs)
    angles = torch.outer(torch.arange(length, device=x.device), rates)
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)
''',
)

ROTATE_PART = Definition(
    "rotate_part",
    '''\
def rotate_part(x: torch.Tensor, width: int, theta: float) -> torch.Tensor:
    """Rotary positions for the first ``width`` features of each head."""
    return torch.cat((rotate_by(x[..., :width], theta), x[..., width:]), dim=-1)
''',
)


class Rotary(NamedTuple):
    """What is turned, and how fast: all features with the usual theta, where both are left out."""

    theta: bool = False
    part: bool = False

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The functions that do it."""
        if self.part:
            return (ROTATE_BY, ROTATE_PART)
        return (ROTATE_BY,) if self.theta else (ROTATE,)

    @property
    def parameters(self) -> list[str]:
        """Of a constructor."""
        return [*["rotary_width: int"] * self.part, *["theta: float"] * (self.theta or self.part)]

    def of(self, name: str) -> str:
        """``rotate(q)``"""
        if self.part:
            return f"rotate_part({name}, self.rotary_width, self.theta)"
        return f"rotate_by({name}, self.theta)" if self.theta else f"rotate({name})"


def check_turned(width: int, turned: int | None) -> int:
    """The features of a head that are turned, of so many."""
    if turned is None:
        if width % 2:
            raise OpError(
                f"rotary positions turn features in pairs, and a head has {width}",
                needed="heads of an even width",
                help="change heads= or head_width=",
                argument="rotary",
            )
        return width
    if turned % 2 or turned > width:
        even = min(turned, width) // 2 * 2
        raise OpError(
            f"rotary_width={turned} is not an even part of the {width} features of a head",
            needed=f"an even number up to {width}",
            argument="rotary_width",
            replacement=str(even) if even else None,
        )
    return turned
