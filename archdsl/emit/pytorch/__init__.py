"""Typed graph → Python source of a PyTorch module. Pure text: torch is never imported.

The way through the package: :mod:`groups` sorts the fragments of a graph into classes, with
:mod:`align` laying the copies of a block over one another; :mod:`draft` writes a class down as
submodules and forward steps, runs of which :mod:`channels_last` finds to work on permuted images;
:mod:`unify` turns what differs between copies into constructor arguments; :mod:`schedule` makes
statements of the steps; :mod:`layout` breaks lines.
"""

from __future__ import annotations

from archdsl.emit.pytorch.file import emit

__all__ = ["emit"]
