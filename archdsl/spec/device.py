"""``device NAME(…)``: what a latency and memory model needs to know of a machine."""

from archdsl.spec.fields import Bytes, ClauseModel, Flag, Rate, Seconds


class Device(ClauseModel):
    """A roofline: ``compute`` in FLOP/s, ``bandwidth`` in bytes/s, ``overhead`` for each kernel.

    ``compute_half`` is the rate in half precision where it differs; ``edge`` marks phones and
    boards, ``matrix_units`` devices that want widths in multiples of 8, ``bf16`` those whose units
    multiply bfloat16: elsewhere it is emulated, or falls back to fp32.
    """

    compute: Rate
    bandwidth: Rate
    overhead: Seconds = 0
    memory: Bytes | None = None
    compute_half: Rate | None = None
    edge: Flag = False
    matrix_units: Flag = False
    bf16: Flag = False
