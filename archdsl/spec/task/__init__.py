"""``task KIND(…)``: what must come out of the model."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from archdsl.spec.data import Data
from archdsl.spec.fields import ClauseModel, Flag, called
from archdsl.spec.outcome import WrongOutput, compare, expected
from archdsl.types import TensorType, is_one_graph

Per = Literal["sample", "pixel", "token", "node", "graph"]


class Task(ClauseModel):
    """One answer of ``width`` numbers for each sample, pixel, token, node or graph.

    A model that is ``deployed`` runs and is trained no more, as one that was trained in another
    form and folded into this one (Ding et al., 2021, arXiv:2101.03697): the principles of training
    say nothing of it.
    """

    synonyms: ClassVar[Mapping[str, str]] = called(deployed="inference inference_only eval frozen")
    adjustable: ClassVar[bool] = False  # whether the task could ask for another width instead
    scores: ClassVar[bool] = False  # whether its loss makes probabilities of scores by itself
    per: Per | None = None
    deployed: Flag = False

    def unit(self, data: Data) -> Per:
        """What there is one answer for: as written, else a sample (a node, for a single graph)."""
        if self.per is not None:
            return self.per
        return "node" if is_one_graph(data.tensor()) else "sample"

    def width(self, data: Data) -> int:
        """Numbers in one answer."""
        raise NotImplementedError

    def looks_back(self, data: Data) -> bool:
        """Whether an answer at a position may rest on that position and those before it alone."""
        return False

    def names(self) -> dict[str, int]:
        """What the body of an ``arch`` may call by name because of this clause."""
        return {}

    def outputs(self, data: Data) -> TensorType | WrongOutput:
        """The type the model must give, or why this data has no such answer."""
        return expected(self.unit(data), self.width(data), data.tensor())

    def check(self, out: TensorType, data: Data) -> WrongOutput | None:
        """What is wrong with a model that gives ``out``; None when nothing is."""
        want = self.outputs(data)
        if isinstance(want, WrongOutput):
            return want
        return compare(out, want, str(self), self.adjustable)


class Labelled(Task):
    """A task whose answers come with the data; with ``causal=true`` those at a position are wanted
    before the positions after it are known, as in a forecast or in live captions."""

    causal: Flag = False

    def looks_back(self, data: Data) -> bool:
        return self.causal

    def outputs(self, data: Data) -> TensorType | WrongOutput:
        if self.causal and self.unit(data) != "token":
            return WrongOutput(
                "E441",
                "`causal=true` is about answers at positions, and there is one answer for each"
                f" {self.unit(data)}",
                needed="`per=token`, or no `causal`",
            )
        return super().outputs(data)
