from typing import Annotated

from pydantic import Field

from archdsl.spec.fields import What
from archdsl.spec.search import Search

Generation = Annotated[int, Field(ge=4, le=10**6), What("a whole number of at least 4")]


class Cmaes(Search):
    """CMA-ES for numbers and categories together, in generations of ``population`` trials: 4 + 3 ln
    of the number of choices, unless said."""

    population: Generation | None = None
