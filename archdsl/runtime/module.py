"""Live modules: the emitted text, executed. Tracebacks show it, for ``linecache`` knows it."""

from __future__ import annotations

import hashlib
import linecache
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch import emit

if TYPE_CHECKING:
    from torch import nn

    from archdsl.graph.nodes import Graph


def load(source_text: str, name: str) -> ModuleType:
    """Execute emitted source as a module. It is kept in ``sys.modules``, so its classes pickle."""
    digest = hashlib.sha256(source_text.encode()).hexdigest()[:12]
    module = ModuleType(f"archdsl_generated_{name}_{digest}")
    known = sys.modules.get(module.__name__)
    if known is not None:
        return known
    filename = f"<archdsl {name} {digest}>"
    linecache.cache[filename] = (len(source_text), None, source_text.splitlines(True), filename)
    module.__file__ = filename
    code = compile(source_text, filename, "exec")
    sys.modules[module.__name__] = module
    try:
        exec(code, module.__dict__)  # noqa: S102 - our own text, made of checked names and numbers
    except BaseException:
        del sys.modules[module.__name__]
        raise
    return module


def model_class(module: ModuleType) -> type[nn.Module]:
    """The model of a generated module: its last class."""
    found: list[Any] = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]
    model: type[nn.Module] = found[-1]
    return model


def build(graph: Graph) -> nn.Module:
    """A live module of a graph, with fresh weights."""
    return model_class(load(emit(graph), graph.name))()
