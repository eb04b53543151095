from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from archdsl.spec.data import Data
from archdsl.spec.fields import Several, What, called, known_as
from archdsl.spec.outcome import WrongOutput, compare
from archdsl.spec.task import Answer, Task
from archdsl.types import Auxiliary, Outputs, TensorType, Vector, graph_of, said

VECTORS = 2
MOST = 1e6
SCALE = "parameter(1, init=2.6592) -> exp"  # CLIP's: e^2.6592 is 1 / 0.07

LEARNED = "learned"


def _temperature(value: Any) -> float | str:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and not 0 < value <= MOST:
        raise PydanticCustomError("greater_than", "not above 0")
    if not is_number and value != LEARNED:
        raise PydanticCustomError("temperature", "neither a number nor learned")
    return float(value) if is_number else LEARNED


Temperature = Annotated[
    float | str, PlainValidator(_temperature), What("a number above 0, or `learned`")
]


class Contrast(Task):
    """``contrast(dimension)``: two vectors for each sample, each of which points where the other
    does, and not where those of the other samples of its batch do.

    The loss is the cross-entropy of telling the partner of each vector among all that are on the
    other side, by the cosine divided by ``temperature``, both ways (InfoNCE; Radford et al., 2021,
    arXiv:2103.00020, figure 3). Of a ``learned`` temperature the model gives the inverse, by which
    cosines are multiplied, as a third result. With ``negatives=all`` a vector is told from the
    others of its own side, too (NT-Xent; Chen et al., 2020, arXiv:2002.05709, equation 1).
    """

    elsewhere: ClassVar[Mapping[str, str]] = known_as(
        "contrastive clip infonce info_nce pairs match",
        simclr="negatives=all",
        nt_xent="negatives=all",
        ntxent="negatives=all",
    )
    synonyms: ClassVar[Mapping[str, str]] = called(
        dimension="dim embedding_dim embedding_size projection_dim features width",
        temperature="tau",
    )
    otherwise: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("logit_scale", "scale"), "`temperature=learned` takes it as a third result of the model"
    )
    positional: ClassVar[tuple[str, ...]] = ("dimension",)
    answer: ClassVar[Answer] = Answer.PAIR
    judged_by: ClassVar[tuple[str, ...]] = ("pair_recall_at_1", "loss")
    objective: ClassVar[tuple[str, str]] = ("maximize", "pair_recall_at_1")
    example: ClassVar[str] = "contrast(128)"
    asks_for: ClassVar[str] = "Numbers of each of two vectors that find each other"
    is_told: ClassVar[bool] = False
    compares: ClassVar[bool] = True
    dimension: Several
    temperature: Temperature = 0.07
    negatives: Literal["across", "all"] = "across"

    @classmethod
    def flag(cls) -> str:
        return "contrast"

    @classmethod
    def aim(cls, width: int) -> str:
        return f"pairs of vectors of {width:,} that find each other"

    def __str__(self) -> str:
        return f"contrast({self.dimension})"

    @property
    def is_learned(self) -> bool:
        """Whether the model gives by what cosines are multiplied."""
        return self.temperature == LEARNED

    @property
    def vectors(self) -> int:
        return VECTORS

    def width(self, data: Data) -> int:
        return self.dimension

    def names(self) -> dict[str, int]:
        return {"dimension": self.dimension}

    def outputs(self, data: Data) -> TensorType | WrongOutput:
        if self.per not in (None, "sample") or self.of is not None:
            return WrongOutput(
                "E441",
                "`contrast` tells whole samples from each other",
                needed="neither `per` nor `of`",
            )
        if graph_of(data.tensor()) is not None:
            return WrongOutput(
                "E441",
                "`contrast` compares two things that make one sample, and no graph yet: the data is"
                f" {said(data.tensor())}",
                needed="two `data` clauses, or an input of which two parts are compared",
            )
        scale = (Vector(1),) * self.is_learned
        return Outputs((*(Vector(self.dimension),) * VECTORS, *scale))

    def check(self, out: TensorType, data: Data) -> WrongOutput | None:
        want = self.outputs(data)
        if isinstance(want, WrongOutput):
            return want
        assert isinstance(want, Outputs), "a pair is two results or more"
        parts = out.parts if isinstance(out, Outputs) else (out,)
        alone = [n for n, part in enumerate(parts) if isinstance(part, Auxiliary)]
        if alone:
            return WrongOutput(
                "E450",
                f"`{self}` is learned from both vectors of a pair, result {alone[0] + 1} is one of"
                " training only",
                needed="results that are always there",
                place=alone[0],
            )
        if len(parts) < len(want.parts):
            return self._missing(parts)
        for place, (part, wanted) in enumerate(zip(parts, want.parts, strict=False)):
            if place < VECTORS:
                wrong = compare(part, wanted, str(self), adjustable=True)
            else:
                wrong = self._no_scale(part, wanted)
            if wrong is not None:
                message = wrong.message.replace("the model gives", f"result {place + 1} is", 1)
                return wrong._replace(message=message, place=place)
        return None

    def _missing(self, parts: tuple[TensorType, ...]) -> WrongOutput:
        have = "1 result" if len(parts) == 1 else f"{len(parts)} results"
        if len(parts) == VECTORS:
            return WrongOutput(
                "E450",
                f"the model gives {have}, and `temperature=learned` takes a third: by what the"
                " cosines are multiplied",
                needed="two vectors, and 1 number",
                help=f"return `let logit_scale = … -> {SCALE}` behind them, or say"
                " `temperature=0.07`",
            )
        return WrongOutput(
            "E450",
            f"the model gives {have}, and `{self}` compares two vectors of each sample",
            needed=f"two vectors of {self.dimension}",
            help="end with `return left, right`, each of these a `let` that ends in"
            " `linear(dimension)`",
        )

    def _no_scale(self, part: TensorType, wanted: TensorType) -> WrongOutput | None:
        if part == wanted:
            return None
        return WrongOutput(
            "E450",
            f"`temperature=learned` takes 1 number as a third result, it is {said(part)}",
            needed="by what the cosines are multiplied",
            help=f"such a number is `… -> {SCALE}`",
        )
