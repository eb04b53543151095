"""Bytes of numbers by the word of ``precision=``, as the training loop takes them.

``fp32`` and ``bf16`` store and compute in what they are called. ``amp`` and ``fp16`` are automatic
mixed precision (Micikevicius et al., 2018, arXiv:1710.03740): weights, gradients and the state of
the optimizer are float32, the master copies; products are computed in half precision, from copies
of the weights that are cast in each step.
"""

WEIGHT = {"fp32": 4, "amp": 4, "bf16": 2, "fp16": 4}  # of a stored weight
CAST = {"fp32": 0, "amp": 2, "bf16": 0, "fp16": 2}  # of a weight's copy that products read
