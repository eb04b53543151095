"""Ctrl-C: whenever it comes, a command ends quietly, with an exit code of its own.

While Python imports, an interruption would come out as a traceback, or be wrapped or swallowed by
whatever is being imported; so there the process ends at once. After that it is an exception, so
that what is half written is tidied up; and when a command is over, it comes too late.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from archdsl.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable


def leave_at_once() -> None:
    """From here on, nothing is told and nothing tidied up."""
    _answer(lambda signal, frame: os._exit(exits.INTERRUPTED))


def raise_it() -> None:
    """From here on, it is a KeyboardInterrupt; where Python cannot raise one, the process ends."""
    _answer(signal.default_int_handler)
    told = sys.unraisablehook

    def unraisable(found: Any) -> None:
        if is_interruption(found.exc_value):
            os._exit(exits.INTERRUPTED)
        told(found)

    sys.unraisablehook = unraisable


def pass_over() -> None:
    """From here on, it changes nothing."""
    _answer(signal.SIG_IGN)


def end_as_told() -> None:
    """Ends the process where a command was interrupted: Python would rather end it by the signal,
    when that came while a text was executed, as the imports of named tuples do."""
    ended = sys.exc_info()[1]
    if isinstance(ended, SystemExit) and ended.code == exits.INTERRUPTED:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):  # closed, or left by its reader
                stream.flush()
        os._exit(exits.INTERRUPTED)


def is_interruption(stop: BaseException | None) -> bool:
    """Whether an exception is one, or came from one: what calls back may wrap it."""
    while stop is not None and not isinstance(stop, KeyboardInterrupt):
        stop = stop.__cause__ or stop.__context__
    return stop is not None


def _answer(how: Callable[[int, Any], Any] | signal.Handlers) -> None:
    """Unless whoever started the process has it ignored."""
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, how)
