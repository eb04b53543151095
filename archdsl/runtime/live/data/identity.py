"""What tells data from others: a digest of their content, wherever it came from."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archdsl.runtime.live.data.given import Given


def digest(data: Given) -> str:
    """A digest of samples, a text or graphs, as a spec takes them."""
    found = sha256()
    _add(data, found)
    return found.hexdigest()


def _add(value: Any, found: Any) -> None:
    """Add a value, and what is in it; of what is called where it lies, nothing."""
    if isinstance(value, tuple):
        for part in value:
            _add(part, found)
    elif hasattr(value, "tobytes"):
        found.update(repr((value.shape, str(value.dtype))).encode())
        is_whole = value.flags.c_contiguous and value.dtype.kind in "biuf" and value.size
        found.update(memoryview(value).cast("B") if is_whole else value.tobytes())
    elif not isinstance(value, str):
        found.update(repr(value).encode())
