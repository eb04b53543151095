from archdsl.spec.fields import Count
from archdsl.spec.search import Search


class Surrogate(Search):
    """A Gaussian process over the choices, after ``startup`` random trials."""

    startup: Count = 10
