from archdsl.spec.search.surrogate import Surrogate


class Auto(Surrogate):
    """The strategy that did best on published tables of results."""
