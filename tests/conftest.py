"""What all tests have in common."""

from __future__ import annotations

import gc
import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUESTS = [getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)]


# What is collected, imported and cached lives as long as the tests: Python's collector, which by
# default goes over all of it again and again, took a fifth of their time.
gc.set_threshold(10_000, 20, 20)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def _requests_to_end_are_heeded() -> Iterator[None]:
    """What tests start heeds Ctrl-C and hang-ups, also where they run in the background of a shell
    or under nohup, which have all that is started there ignore them."""
    ignored = [one for one in REQUESTS if signal.getsignal(one) is signal.SIG_IGN]
    for one in ignored:
        signal.signal(one, signal.default_int_handler if one == signal.SIGINT else signal.SIG_DFL)
    yield
    for one in ignored:
        signal.signal(one, signal.SIG_IGN)
