from archdsl.spec.search import Search


class Random(Search):
    """Designs drawn at random, none twice."""
