"""The class of deformable convolution in emitted files."""

from __future__ import annotations

from archdsl.ops.base import Definition

DEFORM_CONV = Definition(
    "DeformConv2d",
    '''\
class DeformConv2d(nn.Conv2d):
    """Convolution that reads where learned offsets lead it, as much as a learned mask says."""

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
    ) -> None:
        window = (kernel_size, stride, padding, dilation)
        super().__init__(in_channels, out_channels, *window, groups, bias)
        numbers = self.kernel_size[0] * self.kernel_size[1]
        self.offset = nn.Conv2d(in_channels, 3 * numbers, *window)
        nn.init.zeros_(self.offset.weight)
        nn.init.zeros_(self.offset.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        numbers = self.kernel_size[0] * self.kernel_size[1]
        moved, mask = self.offset(x).split((2 * numbers, numbers), dim=1)
        rows, columns = moved.unflatten(1, (numbers, 2)).unbind(2)
        at = [self.places(axis, size, x) for axis, size in enumerate(mask.shape[2:])]
        within, beside = torch.meshgrid(
            *(torch.arange(size, device=x.device) for size in self.kernel_size),
            indexing="ij",
        )
        rows = rows + at[0][within.flatten()].unsqueeze(-1)
        columns = columns + at[1][beside.flatten()].unsqueeze(-2)
        # grid_sample counts from -1 to 1 between the outer edges, across first.
        grid = torch.stack((2 * columns + 1, 2 * rows + 1), dim=-1)
        grid = grid / grid.new_tensor((x.shape[3], x.shape[2])) - 1
        read = F.grid_sample(x, grid.flatten(1, 2), align_corners=False)
        read = read.unflatten(2, (numbers, -1)) * mask.sigmoid().unsqueeze(1)
        weight = self.weight.flatten(1)[..., None, None]
        return F.conv2d(read.flatten(1, 2), weight, self.bias, groups=self.groups)

    def places(self, axis: int, size: int, x: torch.Tensor) -> torch.Tensor:
        """Where each place of the kernel would read without offsets: kernel x size."""
        start = torch.arange(size, device=x.device, dtype=x.dtype) * self.stride[axis]
        step = (
            torch.arange(self.kernel_size[axis], device=x.device) * self.dilation[axis]
        )
        return start + step.unsqueeze(1) - self.padding[axis]
''',
)
