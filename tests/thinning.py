"""Which of many cases of one kind are tried."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


def thinned(cases: Iterable[T], step: int) -> list[T]:
    """One case of each ``step``, spread over all of them; every case with LARGE=1."""
    return [*cases][:: 1 if os.environ.get("LARGE") else step]
