"""``data KIND(…)``: what comes into the model."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from archdsl.spec.fields import ClauseModel, Count, Flag, called
from archdsl.types import TensorType


class Data(ClauseModel):
    """What every kind of data may say of itself."""

    synonyms: ClassVar[Mapping[str, str]] = called(
        samples="num_samples n_samples examples rows", augment="augmentation augmentations"
    )
    is_drawn: ClassVar[bool] = False  # whether it is drawn at random, and in no data
    samples: Count | None = None
    augment: Literal["none", "basic", "strong"] = "none"
    pretrained: Flag = False

    @classmethod
    def chosen(cls) -> tuple[str, ...]:
        return ("augment", "pretrained")

    def tensor(self) -> TensorType:
        """The type of one sample (of the whole graph, for a single graph)."""
        raise NotImplementedError

    def inputs(self) -> "dict[str, Data]":
        """The clause of each input, by the name that it has in the model."""
        return {"x": self}

    def names(self) -> dict[str, int]:
        """What the body of an ``arch`` may call by name because of this clause."""
        return {}

    def labelled(self, per: str) -> int | None:
        """How many labels the data carries when there is one ``per`` this."""
        if self.samples is None:
            return None
        return self.samples * self.positions(per)

    @property
    def counted(self) -> int | None:
        """How many samples the clause says there are, None where it does not."""
        return self.samples

    def positions(self, per: str) -> int:
        """Labels in one sample."""
        return 1
