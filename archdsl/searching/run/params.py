"""Designs as Optuna's parameters, so that its samplers, plots and dashboard know the choices."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from optuna.distributions import BaseDistribution

    from archdsl.searching.moves import Choice

LONGEST = 512  # characters that a name may have in Optuna's tables


class Param(NamedTuple):
    """A choice in a trial: its name, the number that Optuna keeps for what was chosen, and the
    distribution in its JSON."""

    name: str
    value: float
    distribution: str


class Params:
    """The choices of a space as distributions. What a design chooses of a choice that is not known
    (of a space too large to be described) is no parameter of its trial."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        self.distributions = {choice.path: distribution(choice) for choice in choices}
        self._texts = cache(self._text)

    def of(self, design: Mapping[str, Any]) -> list[Param]:
        """A design's choices."""
        found = []
        for name, chosen in design.items():
            known = self.distributions.get(name)
            if known is None or len(name) > LONGEST:
                continue
            try:
                value = float(known.to_internal_repr(scalar(chosen)))
            except ValueError:  # an option that was not met when the choices were learned
                continue
            found.append(Param(name, value, self._texts(name)))
        return found

    def _text(self, name: str) -> str:
        from optuna.distributions import distribution_to_json

        return distribution_to_json(self.distributions[name])


def distribution(choice: Choice) -> BaseDistribution:
    """A choice as Optuna knows it."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    if choice.is_continuous:
        point: Any = choice.point
        return FloatDistribution(point.low, point.high, log=point.log)
    return CategoricalDistribution([scalar(option) for option in choice.options])


def scalar(option: Any) -> Any:
    """An option as Optuna takes it: lists are told in JSON."""
    if option is None or isinstance(option, (bool, int, float, str)):
        return option
    return json.dumps(option, ensure_ascii=False)
