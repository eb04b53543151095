"""Bytes of numbers by the word of ``precision=``, as the training loop takes them.

``fp32`` and ``bf16`` store and compute in what they are called. ``amp`` and ``fp16`` are automatic
mixed precision (Micikevicius et al., 2018, arXiv:1710.03740): weights, gradients and the state of
the optimizer are float32, the master copies; products are computed in half precision, from copies
of the weights that are cast in each step.

A model that is used may be stored in less than it was trained in: ``int8`` is a byte for each
number, as quantisation after training leaves them (Jacob et al., 2018, arXiv:1712.05877).
"""

WEIGHT = {"fp32": 4, "amp": 4, "bf16": 2, "fp16": 4}  # of a stored weight
CAST = {"fp32": 0, "amp": 2, "bf16": 0, "fp16": 2}  # of a weight's copy that products read
STORED = {"fp32": 4, "fp16": 2, "bf16": 2, "int8": 1}  # of a number of a model that is used
