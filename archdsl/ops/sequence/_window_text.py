"""The class of window attention in emitted files."""

from __future__ import annotations

from archdsl.ops.base import Definition

WINDOW_ATTENTION = Definition(
    "WindowAttention",
    '''\
class WindowAttention(nn.Module):
    """Self-attention inside the windows of an image, biased by distance (Swin)."""

    index: torch.Tensor

    def __init__(
        self,
        features: int,
        heads: int,
        size: int,
        shift: int = 0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.heads = heads
        self.size = size
        self.shift = shift
        self.qkv = nn.Linear(features, 3 * features, bias=bias)
        self.proj = nn.Linear(features, features, bias=bias)
        reach = 2 * size - 1
        self.distances = nn.Parameter(torch.empty(reach * reach, heads))
        nn.init.trunc_normal_(self.distances, std=0.02)
        at = torch.cartesian_prod(torch.arange(size), torch.arange(size))
        apart = at[:, None] - at + size - 1
        index = apart[..., 0] * reach + apart[..., 1]
        self.register_buffer("index", index, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        height, width = x.shape[-2:]
        size = self.size
        x = F.pad(x, (0, -width % size, 0, -height % size)).permute(0, 2, 3, 1)
        grid = (x.shape[1] // size, x.shape[2] // size)
        shifts = [self.shift if windows > 1 else 0 for windows in grid]
        x = x.roll([-shift for shift in shifts], (1, 2))
        # (N, H, W, C) -> (N, windows, size * size, C)
        x = x.unflatten(2, (-1, size)).unflatten(1, (-1, size)).transpose(2, 3)
        x = x.flatten(3, 4).flatten(1, 2)
        qkv = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(3, 0, 1, 4, 2, 5)
        q, k, v = qkv.flatten(2, 3).unbind()
        bias = self.bias(grid, shifts)
        x = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        x = x.unflatten(1, (-1, self.heads)).transpose(2, 3).flatten(3)
        x = self.proj(x).unflatten(2, (size, size)).unflatten(1, grid).transpose(2, 3)
        x = x.flatten(3, 4).flatten(1, 2).roll(shifts, (1, 2))
        return x[:, :height, :width].permute(0, 3, 1, 2)

    def bias(self, grid: tuple[int, int], shifts: list[int]) -> torch.Tensor:
        """By distance; shut between what only the shift brought into one window."""
        wrapped = []
        for windows, shift in zip(grid, shifts, strict=True):
            at = torch.arange(windows * self.size, device=self.index.device)
            wrapped.append((at >= len(at) - shift).view(windows, self.size))
        down, right = wrapped[0][:, None, :, None], wrapped[1][:, None]
        part = (2 * down + right).flatten(2).flatten(0, 1)
        shut = part[:, None, :, None] != part[:, None, None]
        bias = self.distances[self.index].permute(2, 0, 1)
        return bias.masked_fill(shut, float("-inf")).flatten(0, 1)[None]
''',
)
