"""The classes of window attention in emitted files: each holds only what its form needs."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from archdsl.ops.base import Definition


class WindowForm(NamedTuple):
    """Which of the classes."""

    grid: bool = False  # windows of positions far apart
    cosine: bool = False
    scaled: bool = False
    continuous: bool = False  # distances by an MLP

    @property
    def name(self) -> str:
        """``CosineWindowAttention``"""
        ahead = "Cosine" * self.cosine + "Scaled" * self.scaled + "Continuous" * self.continuous
        return f"{ahead}{'Grid' if self.grid else 'Window'}Attention"


_SOURCE = '''\
class {name}(nn.Module):
    """Self-attention {where}, biased by distance ({who})."""

    index: torch.Tensor
{declared}
    def __init__(
        self,
        features: int,
        heads: int,
        size: int,
{parameters}        bias: bool = True,
    ) -> None:
        super().__init__()
        self.heads = heads
        self.size = size
{kept}        self.qkv = nn.Linear(features, 3 * features, bias=bias)
        self.proj = nn.Linear(features, features, bias=bias)
{weights}        reach = 2 * size - 1
{distances}        at = torch.cartesian_prod(torch.arange(size), torch.arange(size))
        apart = at[:, None] - at + size - 1
        index = apart[..., 0] * reach + apart[..., 1]
        self.register_buffer("index", index, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        height, width = x.shape[-2:]
        size = self.size
        x = F.pad(x, (0, -width % size, 0, -height % size)).permute(0, 2, 3, 1)
        grid = (x.shape[1] // size, x.shape[2] // size)
{cut}        qkv = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(3, 0, 1, 4, 2, 5)
        q, k, v = qkv.flatten(2, 3).unbind()
{bias}{call}        x = x.unflatten(1, (-1, self.heads)).transpose(2, 3).flatten(3)
{back}        return x[:, :height, :width].permute(0, 3, 1, 2)
{method}'''

_SHIFTED = """\
        shifts = [self.shift if windows > 1 else 0 for windows in grid]
        x = x.roll([-shift for shift in shifts], (1, 2))
        # (N, H, W, C) -> (N, windows, size * size, C)
        x = x.unflatten(2, (-1, size)).unflatten(1, (-1, size)).transpose(2, 3)
        x = x.flatten(3, 4).flatten(1, 2)
"""

_SHIFTED_BACK = """\
        x = self.proj(x).unflatten(2, (size, size)).unflatten(1, grid).transpose(2, 3)
        x = x.flatten(3, 4).flatten(1, 2).roll(shifts, (1, 2))
"""

_STRIDED = """\
        # (N, H, W, C) -> (N, windows, size * size, C), of positions far apart
        x = x.unflatten(2, (size, -1)).unflatten(1, (size, -1))
        x = x.permute(0, 2, 4, 1, 3, 5).flatten(3, 4).flatten(1, 2)
"""

_STRIDED_BACK = """\
        x = self.proj(x).unflatten(2, (size, size)).unflatten(1, grid)
        x = x.permute(0, 3, 1, 4, 2, 5).flatten(3, 4).flatten(1, 2)
"""

_TABLE = """\
        self.distances = nn.Parameter(torch.empty(reach * reach, heads))
        nn.init.trunc_normal_(self.distances, std=0.02)
"""

_MLP = """\
        self.fc1 = nn.Linear(2, hidden)
        self.fc2 = nn.Linear(hidden, heads, bias=False)
        steps = 8 * torch.arange(1 - size, size) / max(1, size - 1)
        steps = steps.sign() * torch.log2(steps.abs() + 1) / 3
        offsets = torch.cartesian_prod(steps, steps)
        self.register_buffer("offsets", offsets, persistent=False)
"""

_BIAS = '''\

    def bias(self, grid: tuple[int, int], shifts: list[int]) -> torch.Tensor:
        """By distance; shut between what only the shift brought into one window."""
        wrapped = []
        for windows, shift in zip(grid, shifts, strict=True):
            at = torch.arange(windows * self.size, device=self.index.device)
            wrapped.append((at >= len(at) - shift).view(windows, self.size))
        down, right = wrapped[0][:, None, :, None], wrapped[1][:, None]
        part = (2 * down + right).flatten(2).flatten(0, 1)
        shut = part[:, None, :, None] != part[:, None, None]
{table}        bias = {name}[self.index].permute(2, 0, 1)
        return bias.masked_fill(shut, float("-inf")).flatten(0, 1)[None]
'''

_NORMALISED = """\
        scale = self.log_scale.clamp(max=math.log(100)).exp()
        scale = scale.repeat({windows}, 1, 1)
        q, k = scale * F.normalize(q, dim=-1), F.normalize(k, dim=-1)
"""


@cache
def definition(form: WindowForm) -> Definition:
    """The class of a form."""
    source = _SOURCE.format(**_parts(form))
    imports = ("import math",) if form.cosine else ()
    return Definition(form.name, source, imports)


def _parts(form: WindowForm) -> dict[str, str]:
    parameters = "        scale: float,\n" * form.scaled
    parameters += "        shift: int = 0,\n" * (not form.grid)
    parameters += "        hidden: int = 512,\n" * form.continuous
    kept = "        self.scale = scale\n" * form.scaled
    kept += "        self.shift = shift\n" * (not form.grid)
    weight = "        self.log_scale = nn.Parameter(torch.full((heads, 1, 1), math.log(10)))\n"
    made = "        table = 16 * torch.sigmoid(self.fc2(F.relu(self.fc1(self.offsets))))\n"
    table, name = (made, "table") if form.continuous else ("", "self.distances")
    return {
        "name": form.name,
        "where": _where(form),
        "who": "MaxViT" if form.grid else "Swin v2" if form.cosine else "Swin",
        "declared": "    offsets: torch.Tensor\n" * form.continuous,
        "parameters": parameters,
        "kept": kept,
        "weights": weight * form.cosine,
        "distances": _MLP if form.continuous else _TABLE,
        "cut": _STRIDED if form.grid else _SHIFTED,
        "back": _STRIDED_BACK if form.grid else _SHIFTED_BACK,
        "bias": _bias(form, table, name),
        "call": _call(form),
        "method": "" if form.grid else _BIAS.format(table=table, name=name),
    }


def _where(form: WindowForm) -> str:
    where = "inside windows" if form.cosine else "inside the windows of an image"
    if form.grid:
        where = "among far positions" if form.cosine else "among positions spread over a map"
    return f"by cosine {where}" if form.cosine else where


def _bias(form: WindowForm, table: str, name: str) -> str:
    lines = ""
    if form.cosine:
        lines += _NORMALISED.format(windows="grid[0] * grid[1]")
    if not form.grid:
        return lines + "        bias = self.bias(grid, shifts)\n"
    lines += table + f"        bias = {name}[self.index].permute(2, 0, 1)\n"
    return lines + "        bias = bias.repeat(grid[0] * grid[1], 1, 1)[None]\n"


def _call(form: WindowForm) -> str:
    scale = ", scale=1.0" if form.cosine else ", scale=self.scale" if form.scaled else ""
    return f"        x = F.scaled_dot_product_attention(q, k, v, attn_mask=bias{scale})\n"
