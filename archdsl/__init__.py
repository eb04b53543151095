"""archdsl: a small language for neural-network architectures, and its compiler.

>>> import archdsl
>>> report = archdsl.check(text)                 # never raises on a bad spec
>>> compiled = archdsl.compile(text)             # .source .params .macs .shapes .module()
>>> model = archdsl.build("specs/zoo/resnet50.arch")  # a torch.nn.Module
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from archdsl.api import (
        Compiled,
        Report,
        build,
        check,
        compile,
        format,
        read_space,
        sample,
        survey,
    )
    from archdsl.diagnostics import Diagnostic, SpecError
    from archdsl.importer import install_importer

__all__ = [
    "Compiled",
    "Diagnostic",
    "Report",
    "SpecError",
    "__version__",
    "build",
    "check",
    "compile",
    "format",
    "install_importer",
    "read_space",
    "sample",
    "survey",
]

_HOMES = {"Diagnostic": "diagnostics", "SpecError": "diagnostics", "install_importer": "importer"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'archdsl' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"archdsl.{_HOMES.get(name, 'api')}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
