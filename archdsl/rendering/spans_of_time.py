"""How long something takes, in words."""

from __future__ import annotations

UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


def lasting(seconds: float) -> str:
    """``30 ms``, ``3.2 s``, ``4 min 10 s``, ``2 h 5 min``, ``3 d 4 h``: two units at most."""
    if seconds < 0.1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    parts = []
    for word, size in UNITS:
        count, whole = divmod(whole, size)
        if count:
            parts.append(f"{count} {word}")
    parts.append(f"{whole} s")
    return " ".join([part for part in parts if not part.startswith("0 ")][:2])
