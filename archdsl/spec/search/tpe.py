from collections.abc import Mapping
from typing import ClassVar

from archdsl.spec.fields import Count, known_as
from archdsl.spec.search import Search


class Tpe(Search):
    """Tree-structured Parzen estimators, after ``startup`` random trials."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as("bayesian optuna bayes")

    startup: Count = 10
