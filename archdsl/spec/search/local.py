from archdsl.spec.fields import Count
from archdsl.spec.search import Search


class Local(Search):
    """Local search: from the best of ``startup`` random designs to better neighbours, again and
    again."""

    startup: Count = 10
