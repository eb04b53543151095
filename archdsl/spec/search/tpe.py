from archdsl.spec.fields import Count
from archdsl.spec.search import Search


class Tpe(Search):
    """Tree-structured Parzen estimators, after ``startup`` random trials."""

    startup: Count = 10
