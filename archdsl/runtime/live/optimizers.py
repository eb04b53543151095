"""The optimizer that a ``train`` clause names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.spec.train.adam import Adam

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import nn
    from torch.optim import Optimizer

    from archdsl.spec.train import Train

CLASSES = {
    "Sgd": "SGD",
    "Adamw": "AdamW",
    "Nadam": "NAdam",
    "Radam": "RAdam",
    "Rmsprop": "RMSprop",
}
SAME = ("weight_decay", "momentum", "nesterov", "rho", "alpha", "centered", "amsgrad", "lr_decay")
RATES = {"Sgd": 0.01, "Lion": 1e-4}  # where torch's own default is no good, or there is none


def train_or_adam(train: Train | None) -> Train:
    """The clause, or Adam as it comes where a spec has none."""
    return train if train is not None else Adam()


def optimizer_of(train: Train, parameters: Iterable[nn.Parameter]) -> Optimizer:
    """``train`` as a torch optimizer over some parameters."""
    import torch

    word = type(train).__name__
    arguments: dict[str, Any] = {n: getattr(train, n) for n in SAME if hasattr(train, n)}
    if hasattr(train, "beta1"):
        arguments["betas"] = (train.beta1, getattr(train, "beta2"))  # noqa: B009 - some have both
    rate = train.lr or RATES.get(word)
    if rate is not None:
        arguments["lr"] = rate
    made: Any = _lion() if word == "Lion" else getattr(torch.optim, CLASSES.get(word, word))
    optimizer: Optimizer = made(parameters, **arguments)
    return optimizer


def _lion() -> type[Optimizer]:
    """Lion, which torch does not bring (Chen et al., 2023, arXiv:2302.06675, algorithm 2)."""
    import torch

    class Lion(torch.optim.Optimizer):
        def __init__(
            self, params: Any, lr: float, betas: tuple[float, float], weight_decay: float
        ) -> None:
            super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

        def step(self, closure: Any = None) -> Any:
            with torch.no_grad():
                for group in self.param_groups:
                    for weight in group["params"]:
                        if weight.grad is not None:
                            self._move(weight, group)

        def _move(self, weight: torch.Tensor, group: dict[str, Any]) -> None:
            first, second = group["betas"]
            state = self.state[weight]
            momentum = state.setdefault("momentum", torch.zeros_like(weight))
            direction = momentum.lerp(weight.grad, 1 - first).sign_()
            weight.mul_(1 - group["lr"] * group["weight_decay"])
            weight.add_(direction, alpha=-group["lr"])
            momentum.lerp_(weight.grad, 1 - second)

    return Lion
