"""How much work the steps of an exploration are, each about as many microseconds as it takes.

The work of an exploration is counted, never timed, so that the same is said of a space everywhere.
"""

REPLAY = 10  # a unit's code run once, without what it meets
EFFORT = 2  # a layer, a value or an answer worked out in it
PART = 7  # a place at which it meets another unit
APPLIED = 8  # an op applied to one set of arguments
STATE = 18  # a row that has come so far, taken through its next step
OUTCOME = 1  # an outcome of a part looked at
WAY = 4  # a way to an outcome put together with what led there before
MERGED = 6  # a branch put together with those before it
