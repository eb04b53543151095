"""The logarithm of each number."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.arithmetic._elementwise import Elementwise
from archdsl.ops.base import Synonyms


@dataclass(frozen=True)
class Log(Elementwise):
    """The natural logarithm of each number, which is to be positive. PyTorch: torch.log."""

    example = "softplus -> shift(1e-6) -> log"
    synonyms = Synonyms(torch=("log_",), keras=("Log",))
    written = "{x}.log()"
