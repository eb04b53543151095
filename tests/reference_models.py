"""Models no package ships in the layout we want, written out; torch is imported on building one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn


def lenet5() -> nn.Module:
    """LeCun et al. 1998 for 32 x 32 images, as textbooks have it: full connections, ten outputs."""
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(1, 6, 5),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        nn.Tanh(),
        nn.Linear(120, 84),
        nn.Tanh(),
        nn.Linear(84, 10),
    ).eval()


def mlp() -> nn.Module:
    """784-512-512-10 with ReLU."""
    from torch import nn

    return nn.Sequential(
        nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)
    ).eval()


def lstm4() -> nn.Module:
    """Four LSTM layers of 512 over 256 features, and a linear layer on the last step."""
    return _recurrent("LSTM", features=256, hidden=512, layers=4, outputs=1000)


def gru2() -> nn.Module:
    """Two GRU layers of 256 over 128 features, and a linear layer on the last step."""
    return _recurrent("GRU", features=128, hidden=256, layers=2, outputs=10)


def _recurrent(kind: str, features: int, hidden: int, layers: int, outputs: int) -> nn.Module:
    from torch import Tensor, nn

    class LastStep(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.rnn = getattr(nn, kind)(features, hidden, num_layers=layers, batch_first=True)
            self.head = nn.Linear(hidden, outputs)

        def forward(self, x: Tensor) -> Tensor:
            steps, _ = self.rnn(x)
            scores: Tensor = self.head(steps[:, -1])
            return scores

    return LastStep().eval()


def transformer_base() -> nn.Module:
    """``nn.Transformer`` of the paper's base size, without embeddings; takes source and target."""
    from torch import nn

    return nn.Transformer(batch_first=True).eval()


def unet() -> nn.Module:
    """U-Net from 3 channels to 2 classes: padded convolutions with batch norm, transposed ones up.

    milesial/Pytorch-UNet: ``inc``, ``down1`` … ``down4``, ``up1`` … ``up4``, ``outc``.
    """
    import torch
    from torch import Tensor, nn

    def double(channels_in: int, channels: int) -> nn.Module:
        return nn.Sequential(
            nn.Conv2d(channels_in, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
        )

    def down(channels: int) -> nn.Module:
        return nn.Sequential(nn.MaxPool2d(2), double(channels, 2 * channels))

    class Up(nn.Module):
        def __init__(self, channels: int) -> None:
            super().__init__()
            self.up = nn.ConvTranspose2d(channels, channels // 2, 2, stride=2)
            self.conv = double(channels, channels // 2)

        def forward(self, below: Tensor, beside: Tensor) -> Tensor:
            merged: Tensor = self.conv(torch.cat([beside, self.up(below)], dim=1))
            return merged

    class UNet(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inc = double(3, 64)
            self.down1, self.down2, self.down3, self.down4 = (down(64 * 2**i) for i in range(4))
            self.up1, self.up2, self.up3, self.up4 = (Up(1024 // 2**i) for i in range(4))
            self.outc = nn.Conv2d(64, 2, 1)

        def forward(self, x: Tensor) -> Tensor:
            x1 = self.inc(x)
            x2 = self.down1(x1)
            x3 = self.down2(x2)
            x4 = self.down3(x3)
            x = self.up1(self.down4(x4), x4)
            x = self.up4(self.up3(self.up2(x, x3), x2), x1)
            scores: Tensor = self.outc(x)
            return scores

    return UNet().eval()


def pna_zinc() -> nn.Module:
    """PNA as PyTorch Geometric's example has it for ZINC, its atoms and bonds being flags."""
    import torch
    from torch import Tensor, nn
    from torch_geometric.nn import PNAConv, global_add_pool

    class Pna(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.atoms = nn.Linear(21, 75, bias=False)
            ways = (["mean", "min", "max", "std"], ["identity", "amplification", "attenuation"])
            degrees = torch.tensor([0, 41130, 117278, 70152, 3104])
            self.convs = nn.ModuleList(
                PNAConv(75, 75, *ways, degrees, edge_dim=4, towers=5) for _ in range(4)
            )
            self.norms = nn.ModuleList(nn.BatchNorm1d(75) for _ in range(4))
            self.mlp = nn.Sequential(
                nn.Linear(75, 50), nn.ReLU(), nn.Linear(50, 25), nn.ReLU(), nn.Linear(25, 1)
            )

        def forward(self, x: Tensor, edges: Tensor, features: Tensor, batch: Tensor) -> Tensor:
            x = self.atoms(x)
            for conv, norm in zip(self.convs, self.norms, strict=True):
                x = norm(conv(x, edges, features)).relu()
            pooled: Tensor = global_add_pool(x, batch)
            found: Tensor = self.mlp(pooled)
            return found

    return Pna().eval()


def wide_deep() -> nn.Module:
    """Wide & Deep with the columns of TensorFlow's tutorial: five numbers and ten ids."""
    import torch
    from torch import Tensor, nn

    sizes = {"gender": 2, "education": 1000, "relationship": 100, "workclass": 100}
    sizes |= {"occupation": 1000, "country": 1000}
    crossed = {"age": 11, "education_occupation": 10_000, "age_education_occupation": 1_000_000}
    crossed |= {"country_occupation": 10_000}

    def tables(sizes: dict[str, int], features: int) -> nn.ModuleDict:
        return nn.ModuleDict({name: nn.Embedding(n, features) for name, n in sizes.items()})

    class WideDeep(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.wide, self.embedded = tables(sizes | crossed, 1), tables(sizes, 8)
            self.hidden = nn.Sequential(
                nn.Linear(5 + 6 * 8, 100),
                nn.ReLU(),
                nn.Linear(100, 50),
                nn.ReLU(),
                nn.Linear(50, 1),
            )

        def forward(self, numbers: Tensor, *ids: Tensor) -> Tensor:
            wide = [table(column) for table, column in zip(self.wide.values(), ids, strict=True)]
            deep = [
                table(column) for table, column in zip(self.embedded.values(), ids[:6], strict=True)
            ]
            found: Tensor = sum(wide) + self.hidden(torch.cat([numbers, *deep], dim=1))
            return found

    return WideDeep().eval()


def siamese() -> nn.Module:
    """Koch et al. 2015 for pairs of 105 x 105 images: one tower, and how its vectors differ."""
    from torch import Tensor, nn

    class Siamese(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            convolutions: list[nn.Module] = []
            for taken, given, size in ((1, 64, 10), (64, 128, 7), (128, 128, 4)):
                convolutions += [nn.Conv2d(taken, given, size), nn.ReLU(), nn.MaxPool2d(2)]
            convolutions += [nn.Conv2d(128, 256, 4), nn.ReLU(), nn.Flatten()]
            self.tower = nn.Sequential(*convolutions, nn.Linear(9216, 4096), nn.Sigmoid())
            self.linear = nn.Linear(4096, 1)

        def forward(self, left: Tensor, right: Tensor) -> Tensor:
            result: Tensor = self.linear((self.tower(left) - self.tower(right)).abs())
            return result

    return Siamese().eval()
