from archdsl.spec.fields import Count
from archdsl.spec.search import Search


class Nsga2(Search):
    """NSGA-II: generations of ``population`` trials, the best of them crossed and mutated."""

    population: Count = 50
