from typing import ClassVar

from archdsl.spec.train import Train


class Adafactor(Train):
    """Adam's second moments, kept as rows and columns."""

    decoupled: ClassVar[bool] = True

    @property
    def state(self) -> float:
        return 0.66
