"""Exit codes; frozen, scripts rely on them."""

CLEAN = 0
ERRORS = 1  # the spec has errors, or --check would change a file
USAGE = 2
BUG = 3  # ours
UNSATISFIABLE = 4  # a valid spec that no design satisfies
INTERRUPTED = 130
