from archdsl.spec.fields import Count, Fraction
from archdsl.spec.search import Search


class Evolution(Search):
    """Regularised evolution: the best of ``tournament`` draws is mutated, the oldest leaves."""

    population: Count = 50
    tournament: Count = 10
    crossover: Fraction = 0
