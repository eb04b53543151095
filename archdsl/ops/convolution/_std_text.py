"""The classes of standardised convolution in emitted files."""

from __future__ import annotations

from functools import cache

from archdsl.ops.base import Definition

_SOURCE = '''\
class {name}(nn.Conv{axes}d):
    """{doc}"""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        padding: int | tuple[int, ...] = 0,
        dilation: int | tuple[int, ...] = 1,
        groups: int = 1,
        bias: bool = True,
{gamma}        eps: float = 1e-6,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            groups,
            bias,
        )
        self.eps = eps
{gain}
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight = self.weight.flatten(1).unsqueeze(0)
{normed}        return self._conv_forward(x, weight.view_as(self.weight), self.bias)
'''

_GAIN = """\
        self.scale = gamma * self.weight[0].numel() ** -0.5
        self.gain = nn.Parameter(torch.ones(out_channels, {ones}))
"""

_PLAIN = """\
        weight = F.batch_norm(weight, None, None, training=True, eps=self.eps)
"""
_SCALED = """\
        gain = (self.gain * self.scale).flatten()
        weight = F.batch_norm(weight, None, None, gain, training=True, eps=self.eps)
"""


@cache
def definition(axes: int, scaled: bool) -> Definition:
    """The class for so many axes."""
    kind = "ScaledStd" if scaled else "Std"
    doc = "Convolution by weights of mean 0 and variance 1 for each channel"
    source = _SOURCE.format(
        name=f"{kind}Conv{axes}d",
        axes=axes,
        doc=f"{doc}{', scaled by a learned gain' * scaled}.",
        gamma="        gamma: float = 1.0,\n" * scaled,
        gain=_GAIN.format(ones=", ".join(["1"] * (axes + 1))) * scaled,
        normed=_SCALED if scaled else _PLAIN,
    )
    return Definition(f"{kind}Conv{axes}d", source)
