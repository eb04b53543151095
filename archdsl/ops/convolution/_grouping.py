"""Groups of channels."""

from __future__ import annotations

from math import gcd

from archdsl.ops.plumbing._kinds import undivided


def check_groups(groups: int, into: int, out: int) -> None:
    """Groups must divide the channels that flow in and those that flow out."""
    if into % groups:
        raise undivided("groups", groups, into, "channels", common=gcd(into, out))
    if out % groups:
        raise undivided("groups", groups, out, "channels out", common=gcd(into, out))
