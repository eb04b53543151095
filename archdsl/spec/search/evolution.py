from collections.abc import Mapping
from typing import ClassVar

from archdsl.spec.fields import Count, Fraction, known_as
from archdsl.spec.search import Search


class Evolution(Search):
    """Regularised evolution: the best of ``tournament`` draws is mutated, the oldest leaves."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as("evolutionary genetic")

    population: Count = 50
    tournament: Count = 10
    crossover: Fraction = 0
