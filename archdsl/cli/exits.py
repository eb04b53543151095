"""Exit codes; frozen, scripts rely on them."""

CLEAN = 0
ERRORS = 1  # the spec has errors, or --check would change a file
USAGE = 2
BUG = 3  # ours
UNSATISFIABLE = 4  # a valid spec that no design satisfies
INTERRUPTED = 130

COMMANDS = "E9"  # how the codes of findings begin that are of what was asked, not of a spec
OTHERWISE = {  # those of them that are of something else
    "E902": BUG,
    "E916": ERRORS,  # all trials failed
    "E919": UNSATISFIABLE,
    "E923": ERRORS,  # an objective of the spec
    "E924": ERRORS,
    "E951": ERRORS,  # a new version of a spec that does not keep what it should
    "E952": ERRORS,
    "E953": ERRORS,
    "E954": ERRORS,
}


def of_code(code: str) -> int:
    """The exit code of a command that ends with a finding, by the finding's code."""
    return OTHERWISE.get(code, USAGE if code.startswith(COMMANDS) else ERRORS)


def of_codes(codes: list[str]) -> int:
    """The exit code of several: that of errors in a spec, where there are any."""
    found = set(map(of_code, codes))
    return ERRORS if ERRORS in found or not found else min(found)
