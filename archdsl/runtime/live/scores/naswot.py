from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from archdsl.runtime.live.scores import NoScore, Score
from archdsl.runtime.live.scores._samples import compared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from torch import Tensor, nn

    from archdsl.runtime.live.batches import Batch
    from archdsl.runtime.live.losses import Loss

AT_ONCE = 2**22  # units, so that counts of them are exact in float32
RECTIFIERS = {
    *("relu", "relu_", "relu6", "hardtanh", "hardtanh_", "leaky_relu", "leaky_relu_", "prelu"),
    *("elu", "elu_", "celu", "selu", "gelu", "silu", "hardswish", "mish"),
}  # names of torch's functions: they pass what is above zero, and little of what is below


class Naswot(Score):
    """How well a network tells the samples of a batch apart before any training: the logarithm of
    the determinant of K, where K[i, j] counts the units that are on for both of the samples i and
    j, or off for both.

    The units are those of rectifiers: ReLU in the paper; here what resembles it too (GELU, SiLU,
    hard swish, ELU, ...). Norms work on the batch. Of graphs the samples are nodes; of more than
    128 samples, so many evenly spaced are compared.

    Mellor, Turner, Storkey and Crowley, Neural Architecture Search without Training, ICML 2021,
    arXiv:2006.04647.
    """

    def of(self, module: nn.Module, batches: Sequence[Batch], loss: Loss) -> float:
        import torch

        inputs = batches[0].inputs
        kernel = Kernel(len(inputs[0]))
        with torch.no_grad(), rectified(kernel.add):
            module(*inputs)
        return kernel.log_determinant()


class Kernel:
    """The units of a network on which any two samples agree, added up layer by layer."""

    def __init__(self, samples: int) -> None:
        import torch

        self.samples = samples
        self.places = compared(samples)
        self.agreeing = torch.zeros(len(self.places), len(self.places), dtype=torch.float64)
        self.units = 0

    def add(self, given: Tensor) -> None:
        """Take in what a rectifier is given; what is not one row for each sample is left out."""
        import torch

        if given.dim() < 2 or len(given) != self.samples:
            return
        on = given[self.places.to(given.device)].flatten(1) > 0
        self.units += on.shape[1]
        for part in torch.split(on, AT_ONCE, dim=1):
            ones, zeros = part.float(), (~part).float()
            self.agreeing += (ones @ ones.T + zeros @ zeros.T).double().cpu()

    def log_determinant(self) -> float:
        """Raises :class:`NoScore` where there are no units, or too few to tell samples apart."""
        import torch

        if not self.units:
            raise NoScore("naswot counts the units of rectifiers such as relu, and there are none")
        values = torch.linalg.eigvalsh(self.agreeing)
        if values[0] <= len(values) * torch.finfo(torch.float64).eps * values[-1]:
            raise NoScore(
                f"naswot: {self.units:,} units are too few to tell {len(values)} samples apart"
            )
        return float(values.log().sum())


@contextmanager
def rectified(seen: Callable[[Tensor], None]) -> Iterator[None]:
    """Tells of everything that a rectifier is given inside, of a module or of a function."""
    from torch.overrides import TorchFunctionMode

    class Watch(TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
        ) -> Any:
            if getattr(func, "__name__", "") in RECTIFIERS:
                seen(args[0])
            return func(*args, **(kwargs or {}))

    with Watch():
        yield
