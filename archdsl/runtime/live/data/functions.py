"""Data from a person's own Python: a function named on the command line."""

from __future__ import annotations

import sys
import traceback
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.samples import in_memory

if TYPE_CHECKING:
    from archdsl.runtime.live.data.samples import Samples


def function_named(where: str) -> tuple[str, str] | None:
    """The module and the function of ``module:function``."""
    module, colon, function = where.partition(":")
    is_one = colon and module.replace(".", "").isidentifier() and function.isidentifier()
    return (module, function) if is_one else None


def entry_point(where: str, module: str, function: str) -> Samples:
    """The X and y that a function gives. Raises :class:`BadInput` for whatever goes wrong in it."""
    pair = called(where, module, function)
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise BadInput(
            f"{where} gave {type(pair).__name__}; it has to give a pair (X, y) of arrays"
        )
    return in_memory(where, *pair)


def called(where: str, module: str, function: str) -> Any:
    """What ``function()`` of a module in the current folder, or installed, gives.

    Raises :class:`BadInput` for whatever goes wrong in it. What it prints goes to stderr.
    """
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        with redirect_stdout(sys.stderr):
            return _called(where, module, function)
    except BadInput:
        raise
    except (Exception, SystemExit) as error:
        raise BadInput(f"{where} failed{_place(error)}: {type(error).__name__}: {error}") from None


def _called(where: str, module: str, function: str) -> Any:
    try:
        loaded = import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise BadInput(f"there is no file and no module for --data {where}") from None
    if not callable(getattr(loaded, function, None)):
        raise BadInput(f"the module {module} has no function {function}")
    return getattr(loaded, function)()


def _place(error: BaseException) -> str:
    """`` (line 7 of load.py)``, the innermost line of a file in the current folder."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(Path.cwd()) and frame.filename != __file__:
            return f" (line {frame.lineno} of {path.name})"
    return ""
