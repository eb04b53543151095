"""archdsl: a small language for neural-network architectures, and its compiler.

>>> import archdsl
>>> report = archdsl.check(text)                 # never raises on a bad spec
>>> compiled = archdsl.compile(text)             # .source .params .macs .shapes .module()
>>> model = archdsl.build("specs/zoo/resnet50.arch")  # a torch.nn.Module

docs/api.md shows everything that is here. Nothing is loaded before it is asked for.
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
        compile_all,
        format,
        read_space,
        sample,
        survey,
    )
    from archdsl.diagnostics import Amount, Diagnostic, Edit, Fix, Label, Severity, SpecError
    from archdsl.evaluate.bounds import Bounds
    from archdsl.importer import install_importer
    from archdsl.rules.config import Config
    from archdsl.source import Position, Source, Span
    from archdsl.space.space import Space
    from archdsl.space.survey import Survey
    from archdsl.syntax.bounds import Limits
    from archdsl.terms import Terms

_HOMES = {
    "api": (
        "Compiled",
        "Report",
        "build",
        "check",
        "compile",
        "compile_all",
        "format",
        "read_space",
        "sample",
        "survey",
    ),
    "diagnostics": ("Amount", "Diagnostic", "Edit", "Fix", "Label", "Severity", "SpecError"),
    "evaluate.bounds": ("Bounds",),
    "importer": ("install_importer",),
    "rules.config": ("Config",),
    "source": ("Position", "Source", "Span"),
    "space.space": ("Space",),
    "space.survey": ("Survey",),
    "syntax.bounds": ("Limits",),
    "terms": ("Terms",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Amount",
    "Bounds",
    "Compiled",
    "Config",
    "Diagnostic",
    "Edit",
    "Fix",
    "Label",
    "Limits",
    "Position",
    "Report",
    "Severity",
    "Source",
    "Space",
    "Span",
    "SpecError",
    "Survey",
    "Terms",
    "__version__",
    "build",
    "check",
    "compile",
    "compile_all",
    "format",
    "install_importer",
    "read_space",
    "sample",
    "survey",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'archdsl' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"archdsl.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
