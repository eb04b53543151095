"""Evaluators by their name: ``module:function`` of a user, or a word for one that comes along."""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.catalog import files
from archdsl.diagnostics import did_you_mean
from archdsl.searching.troubles import NO_EVALUATOR, trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from archdsl.searching.evaluators.trial import Trial

    Evaluator = Callable[[Trial], Mapping[str, float]]

PACKAGE = __name__.rpartition(".")[0]
FRAME = {"trial", "named"}  # files of the package that are no evaluators


def built_in() -> list[str]:
    """The words for those that come along."""
    return sorted(files(PACKAGE).keys() - FRAME)


def evaluator_of(name: str) -> Evaluator:
    """The function of a name. Modules are found as Python finds them, and in the folder that the
    command was given in. Raises :class:`~archdsl.searching.troubles.SearchError`."""
    module, colon, path = name.partition(":")
    if not colon:
        if name not in built_in():
            needed = "`module:function`"
            raise trouble(
                NO_EVALUATOR,
                f"there is no evaluator called `{name}`",
                needed=needed,
                help=did_you_mean(name, built_in()),
            )
        module, path = f"{PACKAGE}.{name}", "evaluate"
    return _function(name, _imported(name, module), path)


def refuse_malformed(name: str) -> None:
    """Raise :class:`~archdsl.searching.troubles.SearchError` for what can name no function,
    whatever modules there are (a file, a word that is none, an empty name), or one that is there
    and cannot be an evaluator."""
    module, colon, path = name.partition(":")
    if (not colon and name in built_in()) or (colon and _is_dotted(module) and _is_dotted(path)):
        if module in sys.modules and colon:
            _function(name, sys.modules[module], path)
        return
    help = did_you_mean(name, built_in())
    if module.endswith(".py"):
        dotted = ".".join(Path(module).with_suffix("").parts)
        if _is_dotted(dotted) and Path(module).is_file():
            help = f"the file's module and the function: `{dotted}:{path or 'FUNCTION'}`"
    raise trouble(
        NO_EVALUATOR, f"`{name}` names no evaluator", needed="`module:function`", help=help
    )


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def _imported(name: str, module: str) -> Any:
    here = str(Path.cwd())
    if here not in sys.path and "" not in sys.path:
        sys.path.append(here)
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        message = f"there is no module `{error.name}` for the evaluator `{name}`"
        help = "give it as `module:function`, the module as Python would import it from here"
        raise trouble(NO_EVALUATOR, message, help=help) from None


def _function(name: str, module: Any, path: str) -> Evaluator:
    found = module
    for part in path.split("."):
        if not hasattr(found, part):
            known = [word for word in dir(found) if callable(getattr(found, word))]
            message = f"`{module.__name__}` has no `{part}`, which the evaluator `{name}` names"
            raise trouble(NO_EVALUATOR, message, help=did_you_mean(part, known))
        found = getattr(found, part)
    if not callable(found):
        raise trouble(NO_EVALUATOR, f"the evaluator `{name}` cannot be called")
    refuse_unfit(found, name)
    evaluator: Evaluator = found
    return evaluator


def refuse_unfit(function: Callable[..., Any], name: str) -> None:
    """Raise :class:`~archdsl.searching.troubles.SearchError` for a function that cannot take a
    trial, or gives no metrics, as far as its signature proves it."""
    needed = "a function of one trial (`help(archdsl.Trial)`) that returns metrics by name"
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        message = f"the evaluator `{name}` does not return when it is called"
        raise trouble(NO_EVALUATOR, message, needed=needed, help="neither `async` nor `yield`")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some of those written in C tell none
        return
    try:
        signature.bind(None)
    except TypeError:
        message = f"the evaluator `{name}` cannot be called with a trial: it takes {signature}"
        raise trouble(NO_EVALUATOR, message, needed=needed) from None


def name_of(evaluator: Callable[..., Any]) -> str:
    """The name by which another process finds a function; an empty text for one that it cannot
    find: a lambda, one inside another function, one of a script or a notebook."""
    module = getattr(evaluator, "__module__", "") or ""
    path = getattr(evaluator, "__qualname__", "")
    if module in ("", "__main__") or not path or "<" in path:
        return ""
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return f"{module}:{path}" if found is evaluator else ""
