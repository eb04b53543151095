"""Which of many cases of one kind are tried, and which of them by the fast tests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


def thinned(cases: Iterable[T], step: int) -> list[T]:
    """One case of each ``step``, spread over all of them; every case with LARGE=1."""
    return [*cases][:: 1 if os.environ.get("LARGE") else step]


def mostly_slow(cases: Iterable[Any], step: int) -> list[Any]:
    """All cases, for ``parametrize``: one of each ``step`` is a fast test, the others are slow."""
    return [
        case if place % step == 0 else pytest.param(case, marks=pytest.mark.slow)
        for place, case in enumerate(cases)
    ]
