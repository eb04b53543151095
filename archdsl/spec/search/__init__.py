"""``search STRATEGY(…)``: how a space is searched when nothing else is said."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from archdsl.spec.fields import ClauseModel, Count, Seconds, Whole, called


class Search(ClauseModel):
    """What every strategy takes: ``trials`` designs are tried, or as many as fit in ``time``.

    ``prune`` ends trials early that are not worth going on with, by successive halving or
    Hyperband; ``rung`` is the first epoch after which that is decided.
    """

    synonyms: ClassVar[Mapping[str, str]] = called(
        trials="n_trials num_trials max_trials budget",
        seed="random_state random_seed",
        time="timeout max_time",
        prune="pruning pruner scheduler",
    )
    trials: Count = 100
    seed: Whole = 0
    time: Seconds | None = None
    prune: Literal["none", "halving", "hyperband"] = "none"
    rung: Count = 1
