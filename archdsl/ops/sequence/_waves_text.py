"""The classes of emitted files that add fixed waves: sines and cosines of the position."""

from __future__ import annotations

from archdsl.ops.base import Definition

WAVES = Definition(
    "SinusoidalPositions",
    '''\
class SinusoidalPositions(nn.Module):
    """Adds sines and cosines of the position, from short waves to long."""

    waves: torch.Tensor

    def __init__(self, positions: int, features: int, offset: int = 0) -> None:
        super().__init__()
        rates = 10000 ** (-torch.arange(0, features, 2) / features)
        angles = torch.outer(torch.arange(offset, offset + positions), rates)
        waves = torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1)
        self.register_buffer("waves", waves, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.waves[: x.shape[1]]
''',
)

WAVES_ON_MAP = Definition(
    "SinusoidalPositions2d",
    '''\
class SinusoidalPositions2d(nn.Module):
    """Adds sines and cosines of the row to half of the channels, of the column to the rest."""

    waves: torch.Tensor

    def __init__(
        self,
        channels: int,
        height: int,
        width: int,
        offset: int = 0,
        normalize: bool = False,
    ) -> None:
        super().__init__()
        rates = 10000 ** (-torch.arange(0, channels // 2, 2) / (channels // 2))
        axes: list[torch.Tensor] = []
        for size in (height, width):
            places = torch.arange(offset, offset + size)
            if normalize:
                places = 2 * math.pi * torch.arange(1, size + 1) / size
            angles = torch.outer(rates, places)
            axes.append(torch.stack((angles.sin(), angles.cos()), dim=1).flatten(0, 1))
        rows = axes[0][:, :, None].expand(-1, -1, width)
        columns = axes[1][:, None, :].expand(-1, height, -1)
        self.register_buffer("waves", torch.cat((rows, columns)), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.waves
''',
    ("import math",),
)
