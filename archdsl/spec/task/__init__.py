"""``task KIND(…)``: what must come out of the model."""

from collections.abc import Mapping
from enum import Enum
from typing import ClassVar, Literal

from archdsl.spec.data import Data
from archdsl.spec.fields import ClauseModel, Flag, InputName, Positive, called
from archdsl.spec.outcome import WrongOutput, compare, expected, has_answers
from archdsl.types import TensorType, is_one_graph

Per = Literal["sample", "pixel", "token", "node", "graph"]


class Answer(Enum):
    """What one answer of a model is. Rules, metrics and loaders ask this, not which task it is."""

    CLASS = "a score for each class, of which one is right"
    TOKEN = "a score for each token that could come next"
    LABELS = "a score for each label, any of which may be right"
    NUMBERS = "numbers"
    SEVERAL = "an answer to each of several tasks"
    VECTOR = "a vector, near to those of the same class"
    PAIR = "two vectors, nearer to each other than to those of other samples"


class Task(ClauseModel):
    """One answer of ``width`` numbers for each sample, pixel, token, node or graph; ``of`` names
    the input whose pixels or tokens these are, where there are several inputs.

    A model that is ``deployed`` runs and is trained no more, as one that was trained in another
    form and folded into this one (Ding et al., 2021, arXiv:2101.03697): the principles of training
    say nothing of it. Of several tasks each loss counts ``weight`` times in what is trained for.
    """

    synonyms: ClassVar[Mapping[str, str]] = called(deployed="inference inference_only eval frozen")
    answer: ClassVar[Answer]
    judged_by: ClassVar[tuple[str, ...]]  # metrics: the first that differs says what is better
    objective: ClassVar[tuple[str, str]] = ("minimize", "loss")  # of a search, if nobody says
    example: ClassVar[str]  # such a task as it is written
    asks_for: ClassVar[str]  # what somebody is asked who wants such a task
    adjustable: ClassVar[bool] = False  # whether the task could ask for another width instead
    scores: ClassVar[bool] = False  # whether its loss makes probabilities of scores by itself
    may_name: ClassVar[tuple[str, ...]] = ()  # what it gives a name besides its width, if told
    is_told: ClassVar[bool] = True  # whether data say what is right; else it lies in the samples
    compares: ClassVar[bool] = False  # whether what is right depends on the rest of a batch
    per: Per | None = None
    of: InputName | None = None
    deployed: Flag = False
    weight: Positive | None = None

    @classmethod
    def word(cls) -> str:
        """What the task is called in the language."""
        return cls.__module__.rpartition(".")[2]

    @classmethod
    def written(cls, width: str) -> str:
        """Such a task as it is written, of a width."""
        return f"{cls.word()}({width})"

    @classmethod
    def flag(cls) -> str:
        """The argument of a command that asks for such a task, its width if it has one."""
        return cls.positional[0] if cls.positional else cls.word()

    @classmethod
    def aim(cls, width: int) -> str:
        """What is wanted, in words: ``10 classes``."""
        raise NotImplementedError

    def subject(self, data: Data) -> Data:
        """The input that the answers are about: the one named, else the first that has positions
        of their kind; the first of all where an answer is about the sample."""
        several = data.inputs()
        if self.of in several:
            return several[self.of]
        fits = [one for one in several.values() if has_answers(self.per, one.tensor())]
        return next(iter([*fits, *several.values()]))

    def unit(self, data: Data) -> Per:
        """What there is one answer for: as written, else a sample (a node, for a single graph)."""
        if self.per is not None:
            return self.per
        return "node" if is_one_graph(data.tensor()) else "sample"

    def width(self, data: Data) -> int:
        """Numbers in one answer."""
        raise NotImplementedError

    @property
    def foretells(self) -> bool:
        """Whether what is told comes after what flows in, step by step."""
        return False

    @property
    def vectors(self) -> int:
        """How many results of a model, one behind the other, one answer is about."""
        return 1

    @property
    def heads(self) -> tuple[tuple[str, "Task"], ...]:
        """The tasks of the results of a model, in order; a single one has no name."""
        return (("", self),)

    def classes_of(self, data: Data) -> int:
        """The classes or labels that an answer scores, 0 where it is no scores."""
        return self.width(data) if self.scores else 0

    def columns(self, data: Data) -> int:
        """Columns of a table that say what is right."""
        return 1 if self.answer in (Answer.CLASS, Answer.VECTOR) else self.width(data)

    def looks_back(self) -> bool:
        """Whether an answer at a position may rest on that position and those before it alone."""
        return False

    def names(self) -> dict[str, int]:
        """What the body of an ``arch`` may call by name because of this clause."""
        return {}

    def outputs(self, data: Data) -> TensorType | WrongOutput:
        """The type the model must give, or why this data has no such answer."""
        return expected(self.unit(data), self.width(data), self.subject(data).tensor())

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

    def looks_back(self) -> bool:
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
