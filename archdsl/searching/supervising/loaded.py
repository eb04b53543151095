"""Imported by the server that workers are forked from, and by nothing else: it loads all that a
design takes to become a module, so that no worker has to.

Much of it is imported when it is first needed (the parser's tables, the rules, what writes the
code), so a small design is compiled.
"""

from __future__ import annotations

import ctypes  # which workers ask to end them with their supervisor
import gc

import archdsl
from archdsl.searching.supervising import worker

SMALLEST = "arch A { data table(4) task classify(2) model = linear(8) -> relu -> linear(classes) }"

__all__ = ["ctypes", "worker"]

archdsl.compile(SMALLEST)
gc.freeze()  # what is there is never collected: workers go on sharing its memory
