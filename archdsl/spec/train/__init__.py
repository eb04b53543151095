"""``train OPTIMIZER(…)``: how the model is trained."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from archdsl.spec.fields import ClauseModel, Count, DeviceName, Positive, Real, Whole, called


class Train(ClauseModel):
    """What every optimizer takes. ``device`` names the one it is trained on, if it is given.

    ``schedule`` is how the learning rate goes on from ``lr``: ``linear`` and ``cosine`` fall to 0
    over all epochs, ``step`` to a tenth after each third of them. Before that it rises for
    ``warmup`` epochs, or parts of one. ``clip`` is the most that the norm of the gradient may be;
    after ``patience`` epochs that bring nothing better on the validation samples, training ends.

    ``decoupled`` tells optimizers whose ``weight_decay`` takes its share off the weights themselves
    (Loshchilov & Hutter, 2019, arXiv:1711.05101) from those that add it to the gradients.
    """

    decoupled: ClassVar[bool] = False

    synonyms: ClassVar[Mapping[str, str]] = called(
        batch="batch_size bs minibatch",
        precision="dtype mixed_precision",
        epochs="num_epochs n_epochs max_epochs",
        lr="learning_rate",
        weight_decay="wd decay l2",
        seed="random_state random_seed",
    )
    batch: Count = 32
    precision: Literal["fp32", "bf16", "fp16", "amp"] = "fp32"
    epochs: Count | None = None
    lr: Positive | None = None
    weight_decay: Real = 0
    schedule: Literal["constant", "linear", "cosine", "step"] = "constant"
    warmup: Real = 0
    clip: Positive | None = None
    patience: Count | None = None
    seed: Whole = 0
    device: DeviceName | None = None

    @classmethod
    def chosen(cls) -> tuple[str, ...]:
        return tuple(name for name in cls.model_fields if name not in ("device", "seed"))

    @property
    def state(self) -> float:
        """Numbers the optimizer keeps for each parameter."""
        raise NotImplementedError
