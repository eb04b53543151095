from archdsl.spec.search import Search


class Grid(Search):
    """Every design in order, up to ``trials``."""
