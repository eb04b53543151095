"""How emitted classes weigh values by the products of queries and keys, each with what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.ops.plumbing._padding import WITHIN

if TYPE_CHECKING:
    from archdsl.ops.base import Definition


class Scores(NamedTuple):
    """What happens between queries, keys and values of shape (N, heads, L, width)."""

    grouped: bool = False
    causal: bool = False
    local: bool = False  # within a reach
    first: bool = False  # beside positions that all read
    biased: bool = False
    cosine: bool = False
    scaled: bool = False
    capped: bool = False
    sinks: bool = False
    dropping: bool = False
    padded: bool = False  # keys of rows of different lengths

    @property
    def positional(self) -> bool:
        """Whether which keys are read depends on where queries stand, as a mask of our own says."""
        return self.local or (self.causal and (self.biased or self.stepwise))

    @property
    def masked(self) -> bool:
        """Whether some keys are shut out by a mask of our own."""
        return self.positional or self.padded

    @property
    def stepwise(self) -> bool:
        """Whether the fused kernel cannot do it."""
        return self.capped or self.sinks

    @property
    def ahead(self) -> str:
        """``BiasedCausal``: for the name of a class."""
        names = ("Padded", "Cosine", "Scaled", "Capped", "Biased", "Global", "Local", "Causal")
        told = [self.padded, self.cosine, self.scaled, self.capped, self.biased, self.first]
        told += [self.local, self.causal]
        return "".join(name for name, is_so in zip(names, told, strict=True) if is_so)

    @property
    def behind(self) -> str:
        """``WithSinks``"""
        return "WithSinks" * self.sinks + "WithDropout" * self.dropping

    @property
    def words(self) -> list[str]:
        """For the docstring, in front of the noun."""
        words = ["causal"] * self.causal + ["local"] * self.local + ["cosine"] * self.cosine
        return words + ["grouped-query"] * self.grouped

    @property
    def parameters(self) -> list[str]:
        """Of the constructor, those without a default."""
        told = {
            "reach: int": self.local,
            "global_tokens: int": self.first,
            "scale: float": self.scaled,
            "softcap: float": self.capped,
        }
        return [name for name, is_so in told.items() if is_so]

    @property
    def options(self) -> list[str]:
        """Of the constructor, those with a default."""
        return ["dropout: float = 0.0"] * self.dropping

    @property
    def given(self) -> list[str]:
        """Of the forward pass, what it is given besides."""
        return ["lengths"] * self.padded

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """What the emitted text calls."""
        return (WITHIN,) * self.padded

    def setup(self) -> list[str]:
        """What the constructor remembers, and its weights."""
        names = [part.partition(":")[0] for part in (*self.parameters, *self.options)]
        return [f"self.{name} = {name}" for name in names]

    def weights(self) -> list[str]:
        lines = []
        if self.cosine:
            lines.append("self.log_scale = nn.Parameter(torch.full((heads, 1, 1), math.log(10)))")
        if self.sinks:
            lines.append("self.sink = nn.Parameter(torch.zeros(heads, 1, 1))")
        return lines

    @property
    def imports(self) -> tuple[str, ...]:
        return ("import math",) if self.cosine else ()

    def forward(self) -> list[str]:
        """From ``q``, ``k`` and ``v`` to ``x``, all (N, heads, L, width)."""
        lines = []
        if self.cosine:
            lines += [
                "scale = self.log_scale.clamp(max=math.log(100)).exp()",
                "q, k = scale * F.normalize(q, dim=-1), F.normalize(k, dim=-1)",
            ]
        lines += self._mask()
        return [*lines, *(self._stepwise() if self.stepwise else self._fused())]

    def _mask(self) -> list[str]:
        """Which keys each query reads; of padded rows each its own, if no others."""
        lines = []
        if self.positional:
            lines.append("mask = self.mask(q.shape[-2], q.device)")
        inside = "within(lengths, k.shape[-2])[:, None, None]"
        if self.padded and self.positional:
            lines += [
                f"mask = mask & {inside}",
                "mask = mask | torch.eye(q.shape[-2], dtype=torch.bool, device=q.device)",
            ]
        elif self.padded:
            lines.append(f"mask = {inside}  # (N, 1, 1, keys)")
        return lines

    def _fused(self) -> list[str]:
        lines, options = [], []
        if self.dropping:
            lines.append("dropout = self.dropout if self.training else 0.0")
        if self.biased and self.masked:
            lines.append('position_bias = position_bias.masked_fill(~mask, float("-inf"))')
        if self.biased or self.masked:
            options.append(f"attn_mask={'position_bias' if self.biased else 'mask'}")
        options += ["dropout_p=dropout"] * self.dropping
        options += ["is_causal=True"] * (self.causal and not self.masked)
        options += self._scale()
        options += ["enable_gqa=True"] * self.grouped
        arguments = ["q", "k", "v", *options]
        return [*lines, call("x = F.scaled_dot_product_attention", arguments, room=80)]

    def _scale(self) -> list[str]:
        if self.cosine:
            return ["scale=1.0"]
        return ["scale=self.scale"] * self.scaled

    def _stepwise(self) -> list[str]:
        lines = []
        if self.grouped:
            lines += [
                "group = self.heads // self.kv_heads",
                "k, v = (part.repeat_interleave(group, dim=1) for part in (k, v))",
            ]
        scale = "self.scale" if self.scaled else "q.shape[-1] ** -0.5"
        lines.append("scores = q @ k.mT" if self.cosine else f"scores = q @ k.mT * {scale}")
        if self.capped:
            lines.append("scores = self.softcap * torch.tanh(scores / self.softcap)")
        if self.biased:
            lines.append("scores = scores + position_bias")
        if self.masked:
            lines.append('scores = scores.masked_fill(~mask, float("-inf"))')
        if self.sinks:
            lines += [
                "sink = self.sink.expand(len(q), -1, q.shape[-2], 1)",
                "weights = torch.cat((scores, sink), dim=-1).softmax(dim=-1)[..., :-1]",
            ]
        else:
            lines.append("weights = scores.softmax(dim=-1)")
        if self.dropping:
            lines.append("weights = F.dropout(weights, self.dropout, self.training)")
        return [*lines, "x = weights @ v"]

    def methods(self) -> list[str]:
        """Further methods, from the blank line before them on."""
        if not self.positional:
            return []
        kept = "(apart >= 0)" if self.causal else ""
        lines = [
            "",
            "def mask(self, length: int, device: torch.device) -> torch.Tensor:",
            '    """Which keys each query reads: (length, length)."""',
            "    at = torch.arange(length, device=device)",
            "    apart = at[:, None] - at",
        ]
        if not self.local:
            return [*lines, "    return apart >= 0"]
        near = "apart <= self.reach" if self.causal else "apart.abs() <= self.reach"
        if self.first:
            lines.append("    shared = at < self.global_tokens")
            near = f"({near}) | shared" + ("" if self.causal else " | shared[:, None]")
        if not self.causal:
            return [*lines, f"    return {near}"]
        return [*lines, f"    return {kept} & ({near})"]


def indented(width: int, *lines: str) -> str:
    """Lines of a class, each so far in."""
    return "".join(f"{' ' * width}{line}".rstrip() + "\n" for line in lines)


def call(head: str, parts: list[str], tail: str = "", *, room: int) -> str:
    """One line where it fits in 88 columns, else one part a line, as formatters leave it."""
    line = f"{head}({', '.join(parts)}){tail}"
    if len(line) <= room:
        return line
    edge = " " * (88 - room)
    return f"{head}(\n" + "".join(f"{edge}    {part},\n" for part in parts) + f"{edge}){tail}"


def opening(name: str) -> str:
    """``class Name(nn.Module):``, in lines of 88."""
    line = f"class {name}(nn.Module):"
    return line if len(line) <= 88 else f"class {name}(\n    nn.Module\n):"
