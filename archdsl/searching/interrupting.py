"""Ctrl-C while a search runs, or another request to end: it stops where nothing is half done, and
can go on later."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


class Interruption:
    """Whether it ``came``. The second one is not waited for: it raises KeyboardInterrupt."""

    def __init__(self) -> None:
        self.came = False
        self._raises = False

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Interruptions inside are noted. Only the main thread can; another's are none of ours."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            one: signal.signal(one, self._answer)
            for one in SIGNALS
            if signal.getsignal(one) is not signal.SIG_IGN
        }
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    @contextmanager
    def raised_if(self, raises: bool) -> Iterator[None]:
        """Inside, an interruption is raised at once, as while a user's function runs here."""
        self._raises = raises
        try:
            yield
        finally:
            self._raises = False

    def _answer(self, number: int, frame: Any) -> None:
        again, self.came = self.came, True
        if again or self._raises:
            raise KeyboardInterrupt
