"""The classes of local attention in emitted files."""

from __future__ import annotations

from functools import cache

from archdsl.ops.base import Definition

_SOURCE = '''\
class {name}(nn.Module):
    """{doc}, block by block."""

    def __init__(
        self,
        features: int,
        heads: int,
        reach: int,
        bias: bool = True,
{parameter}    ) -> None:
        super().__init__()
        self.heads = heads
        self.reach = reach
{attribute}        self.qkv = nn.Linear(features, 3 * features, bias=bias)
        self.proj = nn.Linear(features, features, bias=bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        length, reach = x.shape[1], self.reach
        blocks = -(-length // reach)
        spare = blocks * reach - length
        qkv = self.qkv(x).unflatten(-1, (3, self.heads, -1))
        q, k, v = qkv.permute(2, 0, 3, 1, 4).flatten(1, 2).unbind()
        # Queries by block, beside the keys of their block and of {around}.
        q = F.pad(q, (0, 0, 0, spare)).unflatten(1, (blocks, reach))
        k = F.pad(k, (0, 0, reach, {after})).unfold(1, {span} * reach, reach).mT
        v = F.pad(v, (0, 0, reach, {after})).unfold(1, {span} * reach, reach).mT
        mask = self.mask(length, blocks, x.device)
{dropout}        x = F.scaled_dot_product_attention({arguments})
        x = x.flatten(1, 2)[:, :length].unflatten(0, (-1, self.heads))
        return self.proj(x.transpose(1, 2).flatten(2))

    def mask(self, length: int, blocks: int, device: torch.device) -> torch.Tensor:
        """Which keys each query reads: (1, blocks, reach, {span} * reach)."""
        at = torch.arange(blocks * self.reach, device=device).view(1, blocks, -1, 1)
        offset = torch.arange({span} * self.reach, device=device) - self.reach
        key = at[:, :, :1] + offset
        {within}
        return within & (key >= 0){inside}
'''

_BOTH = {
    "doc": "Self-attention to the positions at most ``reach`` away",
    "around": "both neighbours",
    "after": "reach + spare",
    "span": 3,
    "within": "within = (key - at).abs() <= self.reach",
    "inside": " & (key < length)",
}
_CAUSAL = {
    "doc": "Self-attention to itself and the ``reach`` positions before",
    "around": "the one before",
    "after": "spare",
    "span": 2,
    "within": "within = (key <= at) & (at - key <= self.reach)",
    "inside": "",
}


@cache
def definition(causal: bool, dropping: bool) -> Definition:
    """The class for one of the four forms."""
    name = f"{'Causal' * causal}LocalAttention{'WithDropout' * dropping}"
    arguments = ["q", "k", "v", "attn_mask=mask", *["dropout_p=dropout"] * dropping]
    source = _SOURCE.format(
        name=name,
        parameter="        dropout: float = 0.0,\n" * dropping,
        attribute="        self.dropout = dropout\n" * dropping,
        dropout="        dropout = self.dropout if self.training else 0.0\n" * dropping,
        arguments=", ".join(arguments),
        **(_CAUSAL if causal else _BOTH),
    )
    return Definition(name, source)
