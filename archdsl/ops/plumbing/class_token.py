"""A learned position in front."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Definition, Op, Spelling, Trait
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import WEIGHED, Reads, Shifted, each
from archdsl.types import Padded, Sequence, TensorType, channels

_CLASS = Definition(
    "ClassToken",
    '''class ClassToken(nn.Module):
    """Puts a learned position in front of a sequence."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, 1, features))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat((self.token.expand(x.shape[0], -1, -1), x), dim=1)
''',
)


@dataclass(frozen=True)
class ClassToken(Op):
    """L×C → (L+1)×C: a learned position in front of a sequence, the one to be read by `first`
    (Devlin et al. 2018; Dosovitskiy et al. 2020).
    """

    traits = frozenset({Trait.AFFINE, Trait.PREPENDS})
    example = "to_sequence -> class_token -> first"
    attribute = "class_token"
    heeds_padding = True

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            raise wrong_kind("class_token", x, (Sequence,))
        return Sequence(x.length + 1, x.features)

    def rows(self, given: Padded, *inputs: TensorType) -> Padded:
        return given.then(1)

    def params(self, *inputs: TensorType) -> int:
        return channels(inputs[0])

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Shifted(1), WEIGHED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        module = Construct("ClassToken", {"features": channels(inputs[0])}, positional=1)
        return Spelling(module, definitions=(_CLASS,))
