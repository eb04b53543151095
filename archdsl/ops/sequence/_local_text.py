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
{parameters}    ) -> None:
        super().__init__()
        self.heads = heads
        self.reach = reach
{attributes}        self.qkv = nn.Linear(features, 3 * features, bias=bias)
        self.proj = nn.Linear(features, features, bias=bias)
{own}
    def forward(self, x: torch.Tensor{rows}) -> torch.Tensor:
        length, reach = x.shape[1], self.reach
        blocks = -(-length // reach)
        spare = blocks * reach - length
        qkv = self.qkv(x).unflatten(-1, (3, self.heads, -1))
        q, k, v = qkv.permute(2, 0, 3, 1, 4).flatten(1, 2).unbind()
{shared}        # Queries by block, beside the keys of their block and of {around}.
        q = F.pad(q, (0, 0, 0, spare)).unflatten(1, (blocks, reach))
        k = F.pad(k, (0, 0, reach, {after})).unfold(1, {span} * reach, reach).mT
        v = F.pad(v, (0, 0, reach, {after})).unfold(1, {span} * reach, reach).mT
{beside}        mask = self.mask(length, blocks, {where})
{dropout}{first}        x = F.scaled_dot_product_attention({arguments})
        x = x.flatten(1, 2)[:, :length].unflatten(0, (-1, self.heads))
{joined}        return self.proj(x.transpose(1, 2).flatten(2))

    def mask(self, length: int, blocks: int, {told}) -> torch.Tensor:
        """Which keys each query reads: ({count}, blocks, reach, {keys})."""
{ends}        at = torch.arange(blocks * self.reach, device=device).view(1, blocks, -1, 1)
        offset = torch.arange({span} * self.reach, device=device) - self.reach
        key = at[:, :, :1] + offset
        {within}
        {masked}
'''

_BOTH = {
    "doc": "Self-attention to the positions at most ``reach`` away",
    "around": "both neighbours",
    "after": "reach + spare",
    "span": "3",
    "keys": "3 * reach",
    "within": "within = (key - at).abs() <= self.reach",
    "masked": "return within & (key >= 0) & (key < length)",
}
_ALIKE = {
    "rows": "",
    "where": "x.device",
    "told": "device: torch.device",
    "count": "1",
    "ends": "",
}
_PADDED = {
    "doc": "Self-attention within padded rows to the positions at most ``reach`` away",
    "rows": ", lengths: torch.Tensor",
    "where": "lengths",
    "told": "lengths: torch.Tensor",
    "count": "N * heads",
    "ends": """\
        device, ends = lengths.device, lengths.repeat_interleave(self.heads)
        ends = ends.view(-1, 1, 1, 1)
""",
    "masked": "return (within & (key >= 0) & (key < ends)) | (key == at)",
}
_GLOBAL_PADDED = {
    **_PADDED,
    "doc": "Self-attention within padded rows to what is near and to global tokens",
    "masked": """\
within = within & (key >= self.global_tokens) & (key < ends)
        shared = torch.arange(self.global_tokens, device=device) < ends
        shared = shared.expand(-1, blocks, self.reach, -1)
        return torch.cat((shared, within), dim=-1)""",
}
_CAUSAL = {
    "doc": "Self-attention to itself and the ``reach`` positions before",
    "around": "the one before",
    "after": "spare",
    "span": "2",
    "keys": "2 * reach",
    "within": "within = (key <= at) & (at - key <= self.reach)",
    "masked": "return within & (key >= 0)",
}
_OWN = """\
        self.global_q = nn.Linear(features, features, bias=bias)
        self.global_kv = nn.Linear(features, 2 * features, bias=bias)
"""
_AWAITING = {
    "doc": "Self-attention to what is near, with weights for global tokens to come",
    "own": "        # For a finetuning with global tokens, not called before.\n" + _OWN,
}
_GLOBAL = {
    "doc": "Self-attention to what is near and to global tokens, which read all positions",
    "keys": "global_tokens + 3 * reach",
    "own": _OWN,
    "shared": """\
        shared_k = k[:, None, : self.global_tokens].expand(-1, blocks, -1, -1)
        shared_v = v[:, None, : self.global_tokens].expand(-1, blocks, -1, -1)
""",
    "beside": """\
        k = torch.cat((shared_k, k), dim=2)
        v = torch.cat((shared_v, v), dim=2)
""",
    "joined": "        x = torch.cat((read, x[:, :, self.global_tokens :]), dim=2)\n",
    "masked": """\
within &= (key >= self.global_tokens) & (key < length)
        shared = within.new_ones(1, blocks, self.reach, self.global_tokens)
        return torch.cat((shared, within), dim=-1)""",
}
_READ_ALL = '''
    def read_all(self, x: torch.Tensor{parameter}) -> torch.Tensor:
        """What the global tokens read, by projections of their own."""
        q = self.global_q(x[:, : self.global_tokens]).unflatten(-1, (self.heads, -1))
        kv = self.global_kv(x).unflatten(-1, (2, self.heads, -1))
        k, v = kv.permute(2, 0, 3, 1, 4).unbind()
{inside}        return F.scaled_dot_product_attention({arguments})
'''
_NOTHING = dict.fromkeys(("own", "shared", "beside", "first", "joined"), "")


@cache
def definition(
    causal: bool, dropping: bool, global_tokens: int | None = None, padded: bool = False
) -> Definition:
    """The class for one of the forms: without global tokens, with weights that wait for some
    (``global_tokens`` is 0), or with some; ``padded`` where rows are of different lengths."""
    if global_tokens:
        return _with_global(dropping, padded)
    awaiting = global_tokens is not None
    form = {**_NOTHING, **_ALIKE, **(_CAUSAL if causal else _BOTH)}
    form |= (_AWAITING if awaiting else {}) | (_PADDED if padded else {})
    kind = f"{'Padded' * padded}{'Causal' * causal}"
    name = f"{kind}LocalAttention{_suffix(dropping)}{'AwaitingGlobal' * awaiting}"
    return Definition(name, _SOURCE.format(name=name, **_options(dropping), **form))


def _with_global(dropping: bool, padded: bool) -> Definition:
    """The class whose first positions read all, and are read by all."""
    name = f"{'Padded' * padded}GlobalAndLocalAttention{_suffix(dropping)}"
    options = _options(dropping)
    options["parameters"] = "        global_tokens: int,\n" + options["parameters"]
    options["attributes"] = "        self.global_tokens = global_tokens\n" + options["attributes"]
    given = ", lengths" * padded + ", dropout" * dropping
    form = {**_NOTHING, **_ALIKE, **_BOTH, **_GLOBAL, **(_GLOBAL_PADDED if padded else {})}
    form["first"] = f"        read = self.read_all(x{given})\n"
    inside = "        inside = within(lengths, x.shape[1])[:, None, None]\n" * padded
    read_all = _READ_ALL.format(
        parameter=", lengths: torch.Tensor" * padded + ", dropout: float" * dropping,
        arguments="q.transpose(1, 2), k, v"
        + ", attn_mask=inside" * padded
        + ", dropout_p=dropout" * dropping,
        inside=inside,
    )
    return Definition(name, _SOURCE.format(name=name, **options, **form) + read_all)


def _suffix(dropping: bool) -> str:
    return "WithDropout" * dropping


def _options(dropping: bool) -> dict[str, str]:
    """The text of what may be asked for, of which dropout of the attention weights may be none."""
    return {
        "parameters": "        bias: bool = True,\n" + "        dropout: float = 0.0,\n" * dropping,
        "attributes": "        self.dropout = dropout\n" * dropping,
        "dropout": "        dropout = self.dropout if self.training else 0.0\n" * dropping,
        "arguments": "q, k, v, attn_mask=mask" + ", dropout_p=dropout" * dropping,
    }
