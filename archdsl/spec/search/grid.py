from collections.abc import Mapping
from typing import ClassVar

from archdsl.spec.fields import known_as
from archdsl.spec.search import Search


class Grid(Search):
    """Every design in order, up to ``trials``."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as("exhaustive all grid_search")
