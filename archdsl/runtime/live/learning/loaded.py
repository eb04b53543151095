"""Imported by the server that workers are forked from, and by nothing else: it loads what every
training takes, so that no worker has to.

torch imports a good part of itself (``torch._dynamo``, and sympy with it) when the first optimizer
is made. That takes a second, longer than many a trial.
"""

from __future__ import annotations

import torch

from archdsl.runtime.live.learning import loop

__all__ = ["loop"]

torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
