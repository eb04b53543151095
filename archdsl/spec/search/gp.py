from archdsl.spec.fields import Count
from archdsl.spec.search import Search


class Gp(Search):
    """Optuna's Gaussian process, after ``startup`` random trials."""

    startup: Count = 10
