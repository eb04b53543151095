from collections.abc import Mapping
from typing import ClassVar

from archdsl.spec.fields import known_as
from archdsl.spec.search import Search


class Random(Search):
    """Designs drawn at random, none twice."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as("random_search")
