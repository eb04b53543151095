"""``train OPTIMIZER(…)``: how the model is trained."""

from collections.abc import Mapping
from typing import ClassVar, Literal, NamedTuple

from archdsl.spec.fields import (
    ClauseModel,
    Count,
    DeviceName,
    Flag,
    Names,
    Positive,
    Real,
    Whole,
    called,
)


class Rates(NamedTuple):
    """The learning rates that are known to train something: ``least`` and ``most``, the latter for
    batches of up to 256, and what is ``usual``. For larger batches ``most`` grows by the
    ``power`` of the ratio: 1 for plain gradients (Goyal et al., 2017, arXiv:1706.02677), 0.5 where
    steps are normalised (Malladi et al., 2022, arXiv:2205.10287)."""

    least: float
    most: float
    usual: float
    power: float = 0.5

    def most_at(self, batch: int) -> float:
        """For a batch."""
        scale: float = max(batch / FEW, 1) ** self.power
        return self.most * scale


class Decays(NamedTuple):
    """The weight decays that are known to help: the ``least``, the ``usual`` and the ``most``."""

    least: float
    usual: float
    most: float


FEW = 256  # samples of a batch that learning rates are told for
COUPLED = Decays(1e-8, 1e-4, 0.1)  # added to gradients: He et al., 2015, arXiv:1512.03385
GIVEN = ("device", "seed", "freeze")  # arguments that are the same for all designs
DECOUPLED = Decays(1e-6, 0.01, 1.0)  # taken off weights: Devlin et al., 2018, arXiv:1810.04805


class Train(ClauseModel):
    """What every optimizer takes. ``device`` names the one it is trained on, if it is given.

    ``schedule`` is how the learning rate goes on from ``lr``: ``linear`` and ``cosine`` fall to 0
    over all epochs, ``step`` to a tenth after each third of them. Before that it rises for
    ``warmup`` epochs, or parts of one. ``clip`` is the most that the norm of the gradient may be;
    after ``patience`` epochs that bring nothing better on the validation samples, training ends.

    ``freeze`` names lets of the model whose weights stay as they are. ``adapter_rank`` gives each
    dense layer in them a product of two matrices of that rank, which is trained in their place and
    merged into them (LoRA: Hu et al., 2021, arXiv:2106.09685); 0 gives none.

    ``rates`` and ``decays`` are what is known of an optimizer. ``loss_scaling=false`` leaves the
    gradients of ``precision=fp16`` as small as they are.
    """

    decays: ClassVar[Decays] = COUPLED
    needs_warmup: ClassVar[bool] = True  # whether its first steps are guesses

    synonyms: ClassVar[Mapping[str, str]] = called(
        batch="batch_size bs minibatch",
        precision="dtype mixed_precision",
        epochs="num_epochs n_epochs max_epochs",
        lr="learning_rate",
        weight_decay="wd decay l2",
        init="initialisation initialization initializer kernel_initializer weight_init",
        freeze="frozen freezing freeze_layers frozen_layers",
        adapter_rank="lora lora_rank lora_r adapters adapter peft rank",
        loss_scaling="grad_scaler loss_scale scaler scaling",
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
    loss_scaling: Flag = True
    freeze: Names = ()
    adapter_rank: Whole = 0
    init: Literal["default", "he", "xavier", "orthogonal", "normal"] = "default"
    seed: Whole = 0
    device: DeviceName | None = None

    @classmethod
    def chosen(cls) -> tuple[str, ...]:
        return tuple(name for name in cls.model_fields if name not in GIVEN)

    @property
    def rates(self) -> Rates:
        """The learning rates that it is known to train with."""
        raise NotImplementedError

    @property
    def state(self) -> float:
        """Numbers the optimizer keeps for each parameter."""
        raise NotImplementedError


def rank_of(train: Train | None) -> int:
    """The rank of the adapters that training adds, 0 where it adds none."""
    return 0 if train is None else train.adapter_rank
