"""``search STRATEGY(…)``: how a space is searched when nothing else is said."""

from archdsl.spec.fields import ClauseModel, Count, Seconds, Whole


class Search(ClauseModel):
    """What every strategy takes: ``trials`` designs are tried, or as many as fit in ``time``."""

    trials: Count = 100
    seed: Whole = 0
    time: Seconds | None = None
