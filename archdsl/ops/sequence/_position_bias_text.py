"""The classes of emitted files that bias attention by position."""

from __future__ import annotations

from archdsl.ops.base import Definition

_FORWARD = """\
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        length = x.shape[1]
        bias = self.table[:, self.index[:length, :length]]
        return bias.expand(len(x), -1, -1, -1)
"""

ALONG_SEQUENCE = Definition(
    "RelativePositionBias",
    f'''\
class RelativePositionBias(nn.Module):
    """A learned bias for each head and offset of a query from a key."""

    index: torch.Tensor

    def __init__(self, heads: int, length: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.empty(heads, 2 * length - 1))
        nn.init.trunc_normal_(self.table, std=0.02)
        at = torch.arange(length)
        index = at[:, None] - at + length - 1
        self.register_buffer("index", index, persistent=False)

{_FORWARD}''',
)

ALONG_SEQUENCE_BOTH_WAYS = Definition(
    "RelativeDistanceBias",
    f'''\
class RelativeDistanceBias(nn.Module):
    """A learned bias for each head and distance between a query and a key."""

    index: torch.Tensor

    def __init__(self, heads: int, length: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.empty(heads, length))
        nn.init.trunc_normal_(self.table, std=0.02)
        at = torch.arange(length)
        self.register_buffer("index", (at[:, None] - at).abs(), persistent=False)

{_FORWARD}''',
)

_ON_MAP = '''\
class {name}(nn.Module):
    """A learned bias for each head and {what} on a map."""

    index: torch.Tensor

    def __init__(self, heads: int, height: int, width: int, stride: int = 1) -> None:
        super().__init__()
        offsets = {offsets}
        self.table = nn.Parameter(torch.empty(heads, offsets))
        nn.init.trunc_normal_(self.table, std=0.02)
        rows, columns = torch.arange(height), torch.arange(width)
        keys = torch.cartesian_prod(rows, columns)
        queries = torch.cartesian_prod(rows[::stride], columns[::stride])
        {apart}
        self.register_buffer("index", {index}, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.table[:, self.index].expand(len(x), -1, -1, -1)
'''

ON_MAP = Definition(
    "RelativePositionBias2d",
    _ON_MAP.format(
        name="RelativePositionBias2d",
        what="offset of a query from a key",
        offsets="(2 * height - 1) * (2 * width - 1)",
        apart="down, right = (queries[:, None] - keys).unbind(-1)\n"
        "        index = (down + height - 1) * (2 * width - 1) + right + width - 1",
        index="index",
    ),
)

ON_MAP_BOTH_WAYS = Definition(
    "RelativeDistanceBias2d",
    _ON_MAP.format(
        name="RelativeDistanceBias2d",
        what="distance (down, across)",
        offsets="height * width",
        apart="down, across = (queries[:, None] - keys).abs().unbind(-1)",
        index="down * width + across",
    ),
)

_BUCKETED = '''\
class {name}(nn.Module):
    """A learned bias for each head and bucket of offsets, wider far {where} (T5)."""

    index: torch.Tensor

    def __init__(
        self, heads: int, length: int, buckets: int = 32, max_distance: int = 128
    ) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.empty(heads, buckets))
        nn.init.normal_(self.table, std=0.02)
        at = torch.arange(length)
        offset = at - at[:, None]  # of a key from a query
{index}        self.register_buffer("index", index, persistent=False)

{forward}
    @staticmethod
    def bucket(distance: torch.Tensor, buckets: int, max_distance: int) -> torch.Tensor:
        """Half of the buckets for a distance each, the rest up to the farthest."""
        exact = buckets // 2
        grown = torch.log(distance.clamp(min=exact) / exact)
        share = grown / math.log(max_distance / exact)
        wide = exact + (share * (buckets - exact)).long()
        return torch.where(distance < exact, distance, wide.clamp(max=buckets - 1))
'''

BUCKETED = Definition(
    "BucketedPositionBias",
    _BUCKETED.format(
        name="BucketedPositionBias",
        where="away",
        forward=_FORWARD,
        index="        index = self.bucket(offset.abs(), buckets // 2, max_distance)\n"
        "        index = index + buckets // 2 * (offset > 0)\n",
    ),
    ("import math",),
)

BUCKETED_CAUSAL = Definition(
    "CausalBucketedPositionBias",
    _BUCKETED.format(
        name="CausalBucketedPositionBias",
        where="back",
        forward=_FORWARD,
        index="        index = self.bucket((-offset).clamp(min=0), buckets, max_distance)\n",
    ),
    ("import math",),
)

ALIBI = Definition(
    "Alibi",
    '''\
class Alibi(nn.Module):
    """A penalty that grows with the distance, in each head at another rate (ALiBi)."""

    slopes: torch.Tensor

    def __init__(self, heads: int) -> None:
        super().__init__()
        whole = 2 ** int(math.log2(heads))  # heads beyond lie between the others
        slopes = 2 ** (-8 * torch.arange(1, whole + 1) / whole)
        between = 2 ** (-4 * torch.arange(1, 2 * (heads - whole) + 1, 2) / whole)
        slopes = torch.cat((slopes, between)).view(-1, 1, 1)
        self.register_buffer("slopes", slopes, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        at = torch.arange(x.shape[1], device=x.device)
        bias = -self.slopes * (at[:, None] - at).abs()
        return bias.expand(len(x), -1, -1, -1)
''',
    ("import math",),
)

CONTINUOUS = Definition(
    "ContinuousPositionBias",
    '''\
class ContinuousPositionBias(nn.Module):
    """A bias for each head by an MLP of log-offsets on a map (Swin v2)."""

    index: torch.Tensor
    offsets: torch.Tensor

    def __init__(self, heads: int, height: int, width: int, hidden: int = 512) -> None:
        super().__init__()
        self.fc1 = nn.Linear(2, hidden)
        self.fc2 = nn.Linear(hidden, heads, bias=False)
        down = torch.arange(1 - height, height) / max(1, height - 1)
        right = torch.arange(1 - width, width) / max(1, width - 1)
        offsets = 8 * torch.cartesian_prod(down, right)
        offsets = offsets.sign() * torch.log2(offsets.abs() + 1) / 3
        self.register_buffer("offsets", offsets, persistent=False)
        at = torch.cartesian_prod(torch.arange(height), torch.arange(width))
        down, right = (at[:, None] - at).unbind(-1)
        index = (down + height - 1) * (2 * width - 1) + right + width - 1
        self.register_buffer("index", index, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        table = 16 * torch.sigmoid(self.fc2(F.relu(self.fc1(self.offsets))))
        return table.T[:, self.index].expand(len(x), -1, -1, -1)
''',
)
