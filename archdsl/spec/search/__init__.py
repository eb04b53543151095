"""``search STRATEGY(…)``: how a space is searched when nothing else is said."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from archdsl.spec.fields import ClauseModel, Count, Seconds, Whole, called


class Search(ClauseModel):
    """What every strategy takes: ``trials`` designs are tried, or as many as fit in ``time``.
    ``pruning`` ends trials early that are behind others at the same epoch."""

    synonyms: ClassVar[Mapping[str, str]] = called(
        trials="n_trials num_trials max_trials budget",
        seed="random_state random_seed",
        time="timeout max_time",
    )
    trials: Count = 100
    seed: Whole = 0
    time: Seconds | None = None
    pruning: Literal["none", "halving", "hyperband"] = "none"
