from collections.abc import Mapping
from typing import ClassVar

from archdsl.spec.data import Data
from archdsl.spec.fields import Count, called, known_as
from archdsl.spec.outcome import WrongOutput
from archdsl.spec.task import Answer, Labelled
from archdsl.types import Auxiliary, Outputs, Sequence, TensorType, Vector, said


class Regress(Labelled):
    """``regress(targets)``: numbers to predict; with ``horizon``, at as many steps after the series
    that flows in: a forecast, of steps x targets."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as("regression forecast forecasting predict")
    synonyms: ClassVar[Mapping[str, str]] = called(
        targets="num_targets n_targets outputs num_outputs",
        horizon="steps pred_len prediction_length forecast_length",
    )
    positional: ClassVar[tuple[str, ...]] = ("targets",)
    answer: ClassVar[Answer] = Answer.NUMBERS
    judged_by: ClassVar[tuple[str, ...]] = ("rmse", "loss")
    example: ClassVar[str] = "regress(1)"
    asks_for: ClassVar[str] = "Numbers to predict"
    adjustable: ClassVar[bool] = True
    may_name: ClassVar[tuple[str, ...]] = ("horizon",)
    targets: Count = 1
    horizon: Count | None = None

    @classmethod
    def aim(cls, width: int) -> str:
        return f"{width:,} number{'s' * (width > 1)} to predict"

    def __str__(self) -> str:
        horizon = f", horizon={self.horizon}" if self.horizon is not None else ""
        return f"regress({self.targets}{horizon})"

    def width(self, data: Data) -> int:
        return self.targets

    def names(self) -> dict[str, int]:
        horizon = {"horizon": self.horizon} if self.horizon is not None else {}
        return {"targets": self.targets, **horizon}

    @property
    def foretells(self) -> bool:
        return self.horizon is not None

    def subject(self, data: Data) -> Data:
        """Of a forecast the series that goes on: the input named, else the first of them."""
        several = data.inputs()
        series = [one for one in several.values() if isinstance(one.tensor(), Sequence)]
        if self.horizon is None or self.of in several or not series:
            return super().subject(data)
        return series[0]

    def outputs(self, data: Data) -> TensorType | WrongOutput:
        if self.horizon is None:
            return super().outputs(data)
        takes = self.subject(data).tensor()
        if not isinstance(takes, Sequence):
            return WrongOutput(
                "E441",
                f"`horizon` is of steps after a series, the data is {said(takes)}",
                needed="`data series(length, features)`, or no `horizon`",
            )
        if self.unit(data) != "sample" or self.causal:
            return WrongOutput(
                "E441",
                "with `horizon` there is one answer for each of the steps that follow",
                needed="`horizon` without `per` and `causal`, or these without `horizon`",
            )
        return Sequence(self.horizon, self.targets)

    def check(self, out: TensorType, data: Data) -> WrongOutput | None:
        wrong = super().check(out, data)
        if wrong is None or wrong.code != "E442" or self.horizon is None:
            return wrong
        first = out.parts[wrong.place] if isinstance(out, Outputs) else out
        first = first.part if isinstance(first, Auxiliary) else first
        if not isinstance(first, (Vector, Sequence)):
            return wrong
        gather = "last -> " if isinstance(first, Sequence) else ""
        shaped = "reshape(targets, length=horizon)"
        if first == Vector(self.horizon * self.targets):
            return wrong._replace(help=f"end with `{shaped}`", head=shaped)
        head = f"{gather}linear(horizon * targets) -> {shaped}"
        return wrong._replace(help=f"end with `{head}`", head=head)
