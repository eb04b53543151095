"""Room on Python's stack.

Python keeps the frames of functions in pieces of 16 KB, and gives a piece back as soon as nothing
is on it. A loop that happens to stand at the border of one pays for a new piece at every call, up
to several times what the call itself takes. A frame that is larger than a piece gets one of twice
its size, rounded up to a power of two, and what it calls finds room there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
SLOTS = 1 << 17  # of eight bytes: a megabyte, so that there is another one for what is called


def with_room(function: Callable[[], T]) -> T:
    """What a function gives, called where there is room for all that it calls."""
    return function()


with_room.__code__ = with_room.__code__.replace(co_stacksize=SLOTS)
