"""Live modules: the emitted text, executed. Tracebacks show it, for ``linecache`` knows it.

An object of a generated class is pickled with that text, so whoever reads it needs archdsl and
nothing else: the text is executed there if it was not yet. The class alone is pickled by its name,
as Python does, and can be read where the same text has been executed.
"""

from __future__ import annotations

import copyreg
import hashlib
import linecache
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch import emit
from archdsl.runtime.extras import needing

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

    from archdsl.graph.nodes import Graph

PREFIX = (
    "archdsl_generated_"  # of the names of modules; the rest is the model and its text's digest
)


def load(source_text: str, name: str) -> ModuleType:
    """Execute emitted source as a module. It is kept in ``sys.modules``, so its classes pickle.

    Raises :class:`~archdsl.runtime.extras.MissingPackage` where torch, or what else the text
    imports, is not installed.
    """
    digest = hashlib.sha256(source_text.encode()).hexdigest()[:12]
    module = ModuleType(f"{PREFIX}{name}_{digest}")
    known = sys.modules.get(module.__name__)
    if known is not None:
        return known
    filename = f"<archdsl {name} {digest}>"
    linecache.cache[filename] = (len(source_text), None, source_text.splitlines(True), filename)
    module.__file__ = filename
    code = compile(source_text, filename, "exec")
    sys.modules[module.__name__] = module
    try:
        with needing(f"a module of `{name}`"):
            exec(code, module.__dict__)  # noqa: S102 - our own text, made of checked names and numbers
    except BaseException:
        del sys.modules[module.__name__]
        raise
    reduce = _with_text(source_text, name)
    for cls in classes(module):
        copyreg.pickle(cls, reduce)
    return module


def classes(module: ModuleType) -> list[type[Any]]:
    """The classes that a generated module defines, in the order of the text."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]


def _with_text(source_text: str, name: str) -> Callable[[Any], tuple[Any, ...]]:
    """How objects of the classes of a text are pickled: with the text, which they share."""

    def reduce(made: Any) -> tuple[Any, ...]:
        return restored, (source_text, name, type(made).__qualname__), made.__dict__

    return reduce


def restored(source_text: str, name: str, class_name: str) -> Any:
    """An object of a class of a text, empty: pickle gives it its state."""
    cls: Any = getattr(load(source_text, name), class_name)
    return cls.__new__(cls)


def model_class(module: ModuleType) -> type[nn.Module]:
    """The model of a generated module: its last class."""
    model: type[nn.Module] = classes(module)[-1]
    return model


def build(graph: Graph) -> nn.Module:
    """A live module of a graph, with fresh weights."""
    return model_class(load(emit(graph), graph.name))()
