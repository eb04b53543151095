"""Convolutions to size / stride, rounded up, as TensorFlow has them."""

from __future__ import annotations

from archdsl.ops.base import Definition

_SOURCE = '''class {name}(nn.Conv{axes}d):
    """A convolution to size / stride, rounded up: zeros are put around, an odd one behind."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        padding: list[int] = []
        behind: list[int] = []
        each = zip(x.shape[2:], self.kernel_size, self.stride, self.dilation)
        for size, kernel, stride, dilation in each:
            reach = dilation * (kernel - 1) + 1
            total = max((-(-size // stride) - 1) * stride + reach - size, 0)
            padding.append(total // 2)
            behind = [0, total % 2, *behind]
        if any(behind):
            x = F.pad(x, behind)
        return F.conv{axes}d(
            x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups
        )
'''


def convolution(axes: int) -> Definition:
    """The convolution over so many axes."""
    name = f"SameConv{axes}d"
    return Definition(name, _SOURCE.format(name=name, axes=axes))
