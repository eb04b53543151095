"""Numbers as specs and as sentences say them."""

from __future__ import annotations


def written(number: int) -> str:
    """``50_000`` as specs write it; four digits stand without a gap."""
    return f"{number:_}" if number >= 10_000 else str(number)


def said(number: float) -> str:
    """``50,000``, or three digits of what is small."""
    return f"{number:,.0f}" if number >= 100 or number == int(number) else f"{number:.3g}"


def size(count: float) -> str:
    """A size in bytes that a spec reads back as the same number: ``16 GiB``, ``500 MB``."""
    whole = round(count)
    exact = [
        f"{whole // step**power} {unit[:1]}{infix}"
        for step, infix in ((1024, "iB"), (1000, "B"))
        for power, unit in enumerate(("k", "M", "G", "T"), 1)
        if whole >= step**power and whole % step**power == 0
    ]
    found = min(exact, key=len, default=f"{whole / 1000:.12g} kB")
    return found.replace("kiB", "KiB")


def time(seconds: float) -> str:
    """A time that a spec reads back: ``100 ms``, ``50 us``."""
    for scale, unit in ((1, "s"), (1e3, "ms")):
        if seconds * scale >= 1:
            return f"{seconds * scale:.6g} {unit}"
    return f"{seconds * 1e6:.6g} us"
