"""Bytes of numbers by precision."""

WEIGHT = {"fp32": 4, "amp": 4, "bf16": 2, "fp16": 2}  # of a stored weight
