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
        close,
        compile,
        compile_all,
        count,
        format,
        list_blocks,
        list_ops,
        read_space,
        sample,
        show,
        survey,
    )
    from archdsl.comparing.changes import Comparison
    from archdsl.comparing.compare import compare
    from archdsl.cost.rows import LayerRow, LayerTable
    from archdsl.diagnostics import Amount, Diagnostic, Edit, Fix, Label, Severity, SpecError
    from archdsl.drawing import draw
    from archdsl.evaluate.bounds import Bounds
    from archdsl.explain.blocks import BlockPage
    from archdsl.explain.ops import OpPage
    from archdsl.fixing import Fixed, fix
    from archdsl.importer import install_importer
    from archdsl.loading import load
    from archdsl.rules.config import Config
    from archdsl.searching.evaluators.trial import Trial
    from archdsl.searching.found import FailureGroup, Found
    from archdsl.searching.records import Failure, Objective, Tried
    from archdsl.searching.results.gathering import results
    from archdsl.searching.results.results import Results
    from archdsl.searching.search import search
    from archdsl.searching.troubles import SearchError
    from archdsl.source import Position, Source, Span
    from archdsl.space.counting import Count
    from archdsl.space.design_sets import Extent, Extreme
    from archdsl.space.effects import Effect
    from archdsl.space.space import Space
    from archdsl.space.spread import Spread
    from archdsl.space.survey import ChoiceShares, OptionShare, Survey
    from archdsl.spec.constants import Quantity
    from archdsl.suggesting.choices import Neighbour
    from archdsl.suggesting.search import Suggestion
    from archdsl.suggesting.suggested import Suggested, suggest
    from archdsl.syntax.bounds import Limits
    from archdsl.terms import Terms
    from archdsl.training import Trained, train
    from archdsl.verifying import verify

_HOMES = {
    "api": (
        "Compiled",
        "Report",
        "build",
        "check",
        "close",
        "compile",
        "compile_all",
        "count",
        "format",
        "list_blocks",
        "list_ops",
        "read_space",
        "sample",
        "show",
        "survey",
    ),
    "comparing.changes": ("Comparison",),
    "comparing.compare": ("compare",),
    "cost.rows": ("LayerRow", "LayerTable"),
    "diagnostics": ("Amount", "Diagnostic", "Edit", "Fix", "Label", "Severity", "SpecError"),
    "drawing": ("draw",),
    "evaluate.bounds": ("Bounds",),
    "explain.blocks": ("BlockPage",),
    "explain.ops": ("OpPage",),
    "fixing": ("Fixed", "fix"),
    "importer": ("install_importer",),
    "loading": ("load",),
    "rules.config": ("Config",),
    "searching.evaluators.trial": ("Trial",),
    "searching.found": ("FailureGroup", "Found"),
    "searching.records": ("Failure", "Objective", "Tried"),
    "searching.search": ("search",),
    "searching.troubles": ("SearchError",),
    "searching.results.gathering": ("results",),
    "searching.results.results": ("Results",),
    "source": ("Position", "Source", "Span"),
    "space.counting": ("Count",),
    "space.design_sets": ("Extent", "Extreme"),
    "space.effects": ("Effect",),
    "space.space": ("Space",),
    "space.spread": ("Spread",),
    "space.survey": ("ChoiceShares", "OptionShare", "Survey"),
    "spec.constants": ("Quantity",),
    "suggesting.choices": ("Neighbour",),
    "suggesting.search": ("Suggestion",),
    "suggesting.suggested": ("Suggested", "suggest"),
    "syntax.bounds": ("Limits",),
    "terms": ("Terms",),
    "training": ("Trained", "train"),
    "verifying": ("verify",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Amount",
    "BlockPage",
    "Bounds",
    "ChoiceShares",
    "Comparison",
    "Compiled",
    "Config",
    "Count",
    "Diagnostic",
    "Edit",
    "Effect",
    "Extent",
    "Extreme",
    "Failure",
    "FailureGroup",
    "Fix",
    "Fixed",
    "Found",
    "Label",
    "LayerRow",
    "LayerTable",
    "Limits",
    "Neighbour",
    "Objective",
    "OpPage",
    "OptionShare",
    "Position",
    "Quantity",
    "Report",
    "Results",
    "SearchError",
    "Severity",
    "Source",
    "Space",
    "Span",
    "SpecError",
    "Spread",
    "Suggested",
    "Suggestion",
    "Survey",
    "Terms",
    "Trained",
    "Trial",
    "Tried",
    "__version__",
    "build",
    "check",
    "close",
    "compare",
    "compile",
    "compile_all",
    "count",
    "draw",
    "fix",
    "format",
    "install_importer",
    "list_blocks",
    "list_ops",
    "load",
    "read_space",
    "results",
    "sample",
    "search",
    "show",
    "suggest",
    "survey",
    "train",
    "verify",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'archdsl' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"archdsl.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
